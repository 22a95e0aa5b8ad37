"""Where the command ``kg`` begins.

``kg status`` and ``kg why`` as people mostly type them are read here in a few lines, because typer takes longer to load than they
need to answer. Whatever is not plain (help, abbreviations, ``--in=RU``, a mistake) is left to typer, which alone says
what is wrong. Both ways call the same functions, and a test holds them to the same answers.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

from kg.cli.ending import GC_THRESHOLD, guarded

PLAIN_VERBS = ("status", "why")
OPTIONS = {"--in": "place", "--on": "on", "--known": "known", "--format": "form", "-f": "form"}
"""Every option of these verbs, each with one value, and the parameter that takes it."""
_EXPANDED = frozenset("*?[~$%")
"""Signs in which the command line of Windows, which expands nothing itself, leaves work to typer."""


def run() -> None:
    """Run the command line, the short way where that is possible."""
    gc.set_threshold(GC_THRESHOLD)
    command = plain_command(sys.argv[1:])
    if command is None:
        from kg.cli.main import run as run_all

        run_all()
    else:
        guarded(command)


def plain_command(words: Sequence[str]) -> Callable[[], None] | None:
    """What to call for a plain look-up; nothing for words that need typer."""
    if not words or words[0] not in PLAIN_VERBS:
        return None
    if os.name == "nt" and any(_EXPANDED.intersection(word) for word in words):
        return None
    given: dict[str, str] = {"form": "table"}
    names: list[str] = []
    places: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-"):
            names.append(word)
            continue
        value = next(rest, "-")
        if word not in OPTIONS or value.startswith("-"):
            return None
        if OPTIONS[word] == "place":
            places.append(value)
        else:
            given[OPTIONS[word]] = value
    if not names:
        return None
    from kg.cli import verdicts

    verb = verdicts.status if words[0] == "status" else verdicts.why
    return partial(verb, names, places, given.get("on"), given.get("known"), given["form"])
