"""The command ``kg``: its verbs, and the one place where errors become a sentence and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from importlib import import_module

import typer

from kg.cli.ending import GC_THRESHOLD, guarded
from kg.errors import UsageError
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
def _options(
    _: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
    endpoint: str | None = typer.Option(
        None,
        metavar="URL",
        help="Ask a SPARQL server instead of the packaged record; may stand anywhere.",
        envvar="KG_ENDPOINT",
    ),
    data: str | None = typer.Option(
        None,
        metavar="DIR",
        help="A folder with data of your own beside the record; may stand anywhere, and more than once.",
        envvar="KG_DATA",
    ),
) -> None:
    """Who restricts which internet platform, where, since when, under which law, and on whose word."""


VERBS = {
    "status": "kg.cli.lookups:status",
    "why": "kg.cli.lookups:why",
    "timeline": "kg.cli.timeline:timeline",
    "changes": "kg.cli.lookups:changes",
    "matrix": "kg.cli.matrix:matrix",
    "map": "kg.cli.map:map_",
    "show": "kg.cli.lookups:show",
    "find": "kg.cli.lookups:find",
    "list": "kg.cli.lookups:list_things",
    "query": "kg.cli.query:query",
    "queries": "kg.cli.queries:queries",
    "graph": "kg.cli.picture:graph",
    "check": "kg.cli.data:check",
    "format": "kg.cli.data:format_files",
    "build": "kg.cli.data:build",
    "info": "kg.cli.data:info",
    "push": "kg.cli.data:push",
}
"""Every verb and the function behind it, in the order of the help."""
_ANYWHERE = {
    "--endpoint": ("KG_ENDPOINT", "an address, as in --endpoint https://example.org/query"),
    "--data": ("KG_DATA", "a folder or file, as in --data evidence"),
}
"""Options of the whole command, with the variable of the environment that says the same."""
_ON_FILES = {"check", "format", "build"}
_FREE_PARAMETERS = {"allow_extra_args": True, "ignore_unknown_options": True}
"""A named question brings its own parameters."""


def register(verbs: Iterable[str]) -> None:
    """Add verbs to the command. A look-up registers its own alone: typer inspects every parameter of every verb."""
    for verb in verbs:
        module, _, function = VERBS[verb].partition(":")
        settings = _FREE_PARAMETERS if verb == "query" else {}
        app.command(verb, context_settings=settings)(getattr(import_module(module), function))


def run() -> None:
    """Run the command line; a user's mistake gives one sentence on stderr and the right exit code."""
    gc.set_threshold(GC_THRESHOLD)
    guarded(_verbs)


def _verbs() -> None:
    _take_anywhere(sys.argv)
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    register([asked] if asked in VERBS else VERBS)
    app(standalone_mode=True)


def _take_anywhere(words: list[str]) -> None:
    """``--endpoint URL`` and ``--data DIR`` may stand before or behind any verb, so they are taken out before it reads its own options."""
    for option, (variable, wanted) in _ANYWHERE.items():
        values = []
        while (value := _taken(words, option, wanted)) is not None:
            values.append(value)
        if values and option == "--endpoint":
            _refuse_address(words)
        if values:
            os.environ[variable] = os.pathsep.join(values) if option == "--data" else values[-1]


def _refuse_address(words: list[str]) -> None:
    verb = next((word for word in words[1:] if not word.startswith("-")), "")
    if verb in _ON_FILES:
        raise UsageError(f"kg {verb} works on files of this machine and asks no server; leave out --endpoint")


def _taken(words: list[str], option: str, wanted: str) -> str | None:
    """Take an option with its value out of the words; nothing when it is not among them."""
    end = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[1:end], start=1):
        if word == option or word.startswith(f"{option}="):
            if word == option and place + 1 < end:
                words.pop(place)
                value = words.pop(place)
            else:
                value = words.pop(place).partition("=")[2]
            if not value.strip():
                raise UsageError(f"{option} needs {wanted}")
            return value
    return None
