"""The command ``kg``: its verbs, and the one place where errors become a sentence and an exit code."""

from __future__ import annotations

import os
import sys

import typer

from kg.cli import data, lookups, picture, query
from kg.errors import KgError
from kg.version import __version__

app = typer.Typer(
    name="kg",
    help="Who restricts which internet platform, where, since when, under which law, and on whose word.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _options(_: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version.")) -> None:
    """Who restricts which internet platform, where, since when, under which law, and on whose word."""


for verb in (lookups.status, lookups.why, lookups.timeline, lookups.show, lookups.find, data.build, data.check, data.info, picture.graph):
    app.command()(verb)
app.command("list")(lookups.list_things)
app.command("query", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(query.query)
app.command()(query.queries)


def run() -> None:
    """Run the command line; a user's mistake gives one sentence on stderr and the right exit code."""
    try:
        app()
    except KgError as error:
        for line in str(error).splitlines():
            print(f"kg: {line}" if line[:1] != " " else line, file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe went away (`kg … | head`): not an error, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
