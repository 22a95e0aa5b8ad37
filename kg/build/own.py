"""Data of the user's own beside the record: which files there are, and the named graph of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from kg.build.parse import ending_of
from kg.errors import UsageError

PREFIX = "urn:prk:data:"


def own_files(given: Sequence[Path]) -> dict[Path, str]:
    """Every data file below some folders, or named itself, with its graph: ``urn:prk:data:FOLDER/FILE``.

    The name says the folder and what lies inside it, never where the folder lies. Hidden files are passed over.

    Raises:
        UsageError: when there is no such folder, or it holds no data.
        DataError: when the ending of a file says no format.
    """
    found: dict[Path, str] = {}
    taken: set[str] = set()
    for place in dict.fromkeys(one.expanduser().absolute() for one in given):
        name = _fresh(place.resolve().name or "data", taken)
        for file in _files(place):
            ending_of(file)
            inside = file.relative_to(place).as_posix() if file != place else ""
            found.setdefault(file.resolve(), PREFIX + quote(f"{name}/{inside}" if inside else name))
    return found


def _fresh(name: str, taken: set[str]) -> str:
    """A name for a folder that no other has: two folders may be called alike."""
    number = 1
    while (fresh := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    taken.add(fresh)
    return fresh


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise UsageError(f"there is no folder or file {place}; --data and KG_DATA name folders with data of your own")
    found = [Path(folder) / name for folder, inner, names in os.walk(place) for name in _seen(inner, names)]
    if not found:
        raise UsageError(
            f"{place}: the folder holds no data; put files in it that end in .ttl, .nt, .nq, .trig or .jsonld"
        )
    return sorted(found)


def _seen(inner: list[str], names: Iterable[str]) -> list[str]:
    """The files of a folder without the hidden ones; hidden folders inside are not entered."""
    inner[:] = sorted(one for one in inner if not one.startswith("."))
    return [one for one in names if not one.startswith(".")]


def spoken(graph: str) -> str:
    """What a named graph is called for people: ``evidence/2026.ttl``."""
    return unquote(graph.removeprefix(PREFIX))
