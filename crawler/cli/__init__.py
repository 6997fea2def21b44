"""The `pressmark` command. Each subcommand is a module of its own, imported only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

# exit codes, documented in docs/exit-codes.md
DONE, FAILED, USAGE, ARCHIVE, INPUT, BUSY, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

# command -> module of this package that has it, as a click command of the same name (with _ for -); its line in --help
COMMANDS: dict[str, tuple[str, str]] = {
    "browse": ("browse", "Show an archive as web pages: search, coverage, articles."),
    "cite": ("cite", "Print citations of articles."),
    "crawl": ("crawl", "Crawl news sites into an archive."),
    "diff": ("diff", "Show what changed in an article."),
    "explain": ("extract", "Show how a page was read, block by block and field by field."),
    "export": ("export", "Write articles to files for other programs."),
    "extract": ("extract", "Read an article page into the record, and print it."),
    "new-site": ("new_site", "Write a site file, with a recorded page to test it."),
    "repair": ("repair", "Mend an archive from its WARC files."),
    "reparse": ("reparse", "Read the stored pages again, without the network."),
    "search": ("search", "Find articles."),
    "show": ("show", "Show an article: the record, and where its values came from."),
    "snapshot": ("snapshot", "Write the page that an article was read from, as it was sent."),
    "takedown": ("takedown", "Remove an article from every file of the archive."),
    "verify": ("verify", "Check the whole archive, and name what is wrong."),
    "warc": ("warc", "Name the WARC files, or pack the pages of some articles."),
    "why": ("why", "Tell a URL's whole story: robots.txt, fetches, decisions."),
}


class Trouble(click.ClickException):
    """An error of one line that says what to do, with the exit code that cron acts on."""

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.code = exit_code


class Commands(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"crawler.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Say which Pressmark this is, and whether its reader's innermost loops are compiled."""
    if asked:
        from importlib.metadata import version

        from articles.compiled import native, why

        click.echo(
            f"pressmark, version {version('pressmark')}, reader {'compiled' if native else f'not compiled: {why}'}"
        )
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Crawl news sites into an archive that can be searched, cited and browsed.

    \b
    Example: pressmark crawl https://example.org/ --db news.db
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line; archive trouble is one line on stderr and exit code 3, never a traceback."""
    from storage.errors import ArchiveError, ArchiveLocked, NotFound

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a page is too small for two threads
    try:
        code: Any = cli.main(argv, prog_name="pressmark", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except Trouble as error:
        error.show()
        sys.exit(error.code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ArchiveError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(BUSY if isinstance(error, ArchiveLocked) else FAILED if isinstance(error, NotFound) else ARCHIVE)
    except OSError as error:  # of files given on the command line, and of the output
        click.echo(f"Error: {error.filename or 'the output'} cannot be used: {error.strerror or error}", err=True)
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else DONE)
