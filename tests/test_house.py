"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler import cli as command_line
from crawler import settings
from crawler.cli import COMMANDS, cli
from tests import manual

ROOT = Path(__file__).parent.parent
ROOMS = ("articles", "storage", "crawler", "spiders", "bench")
MODULES = sorted([ROOT / "pressmark.py", *(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))])
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LONGEST = 400  # lines of a module


def tracked() -> list[Path]:
    """The files under version control; in an unpacked archive of the project, all of them."""
    if not (ROOT / ".git").exists():
        return [file for file in ROOT.rglob("*") if file.is_file() and ".venv" not in file.parts]
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_one_can_keep_in_mind() -> None:
    compiled = (ROOT / "articles").glob("native*.p??")
    lengths = {named(file): len(file.read_text("utf-8").splitlines()) for file in (*MODULES, *compiled)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_files_name_no_place_outside_the_project() -> None:
    places = [str(ROOT), *(f"{home}/" for home in {str(Path.home()), os.environ.get("HOME", "")} if len(home) > 1)]
    registry = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|artifactory|nexus)[\w.-]*")
    found = {}
    for file in tracked():
        text = file.read_bytes().decode("utf-8", "ignore")
        hits = [place for place in places if place in text] + registry.findall(text)
        if hits:
            found[named(file)] = hits
    assert found == {}


def undocumented(file: Path) -> Iterator[str]:
    """Public functions, classes and methods without a docstring, and the module if it has none."""
    tree = ast.parse(file.read_text("utf-8"))
    if not ast.get_docstring(tree) and tree.body:
        yield named(file)
    if file.is_relative_to(ROOT / "bench"):  # scripts: what they are for stands at their head
        return
    for node in tree.body:
        yield from _undocumented(node, named(file))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not node.bases:
            for method in node.body:
                yield from _undocumented(method, f"{named(file)}:{node.name}")


def _undocumented(node: ast.AST, where: str) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
        return
    told_to_click = any("help=" in ast.unparse(decorator) for decorator in node.decorator_list[:1])
    overload = any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)
    if not ast.get_docstring(node) and not told_to_click and not overload:
        yield f"{where}:{node.name}"


def test_what_is_public_says_what_it_does() -> None:
    assert [name for file in MODULES for name in undocumented(file)] == []


# --- documentation --------------------------------------------------------------------------------------------


def help_of(name: str) -> str:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command.get_help(click.Context(command, info_name=f"pressmark {name}"))


def documentation() -> str:
    """All that is written by hand: the list of commands, made from their help, does not explain them."""
    return "\n".join(file.read_text("utf-8") for file in DOCS if file != manual.PAGE)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_shows_an_example_and_is_documented(name: str) -> None:
    text = help_of(name)
    assert re.search(rf"Examples?:\s+pressmark {name}\b", text), text
    assert f"pressmark {name}" in documentation()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_of_a_command_is_explained(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help and not option.hidden] == []


@pytest.mark.parametrize("name", sorted(name for name in vars(settings) if name.startswith("PRESSMARK_")))
def test_every_setting_is_documented(name: str) -> None:
    assert name in (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_every_exit_code_is_documented() -> None:
    codes = {value for name, value in vars(command_line).items() if name.isupper() and isinstance(value, int)}
    listed = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "exit-codes.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(codes) == sorted(map(int, listed))


def test_the_list_of_commands_is_up_to_date() -> None:
    # in a process of its own: click remembers a command's help option from the first call, whoever made it
    program = "from tests import manual; print(manual.text())"
    made = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert manual.PAGE.read_text("utf-8").split() == made.split(), "make manual writes it anew"


@pytest.mark.parametrize("file", DOCS, ids=named)
def test_links_between_the_documents_lead_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", file.read_text("utf-8"))
    assert [target for target in targets if not (file.parent / target).exists()] == []


def test_the_makefile_explains_its_targets() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    assert [target for target in targets if not re.search(rf"^{target}:.*## ", text, re.MULTILINE)] == []
