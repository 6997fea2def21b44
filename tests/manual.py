"""The page that lists every command, made from their own help: python -m tests.manual writes docs/commands.md."""

from __future__ import annotations

import re
from pathlib import Path

import click

from crawler.cli import cli

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"

HEAD = """# Commands

`pressmark COMMAND --help` prints what stands here. Exit codes are in [exit-codes.md](exit-codes.md).
This page is made by `make manual`.
"""


def text() -> str:
    context = click.Context(cli, info_name="pressmark")
    names = cli.list_commands(context)
    rows = "".join(f"* [`{name}`](#pressmark-{name}) – {summary(name, context)}\n" for name in names)
    return f"{HEAD}\n{rows}\n" + "\n".join(section(name, context) for name in names)


def summary(name: str, context: click.Context) -> str:
    command = cli.get_command(context, name)
    assert command is not None
    return command.get_short_help_str(200)


def section(name: str, context: click.Context) -> str:
    command = cli.get_command(context, name)
    assert command is not None
    inner = click.Context(command, parent=context, info_name=name, terminal_width=100, max_content_width=100)
    shown = re.sub(r"[ \t]+$", "", command.get_help(inner), flags=re.MULTILINE)
    return f"## pressmark {name}\n\n```text\n{shown}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
