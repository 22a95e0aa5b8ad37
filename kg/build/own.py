"""Data of the user's own beside the record: which files there are, and the named graph of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from kg.build.parse import ending_of
from kg.errors import DataError, UsageError

PREFIX = "urn:prk:data:"


def own_files(given: Sequence[Path]) -> dict[Path, str]:
    """Every data file below some folders, or named itself, with its graph: ``urn:prk:data:FOLDER/FILE``.

    The name says the folder and what lies inside it, never where the folder lies. Hidden files are passed over.

    Raises:
        UsageError: when there is no such folder, or it holds no data.
        DataError: when the ending of a file says no format, or a file or folder cannot be read.
    """
    found: dict[Path, str] = {}
    taken: set[str] = set()
    for place in dict.fromkeys(one.expanduser().absolute() for one in given):
        name = _fresh(place.resolve(), taken)
        for file in _files(place):
            ending_of(file)
            _require_plain(file)
            inside = file.relative_to(place).as_posix() if file != place else ""
            found.setdefault(file.resolve(), PREFIX + quote(f"{name}/{inside}" if inside else name))
    return found


def _fresh(place: Path, taken: set[str]) -> str:
    """A name for a folder that no other has: of two that are called alike the second is told by the folder above it, too."""
    parts = place.parts[1:] or ("data",)
    names = ("/".join(parts[-number:]) for number in range(1, len(parts) + 1))
    fresh = next((name for name in names if name not in taken), "/".join(parts))
    taken.add(fresh)
    return fresh


def _require_plain(file: Path) -> None:
    """A pipe or a device would be read for ever, and a name in another encoding cannot be the name of a graph.

    Raises:
        DataError: when it is one.
    """
    if file.exists() and not file.is_file():
        raise DataError(f"{file}: is no ordinary file; leave it out of the folder")
    try:
        str(file).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(file).decode("utf-8", "replace")
        raise DataError(f"{shown}: its name is not UTF-8; give it another one") from None


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    if not place.exists():
        raise UsageError(f"there is no folder or file {place}; --data and KG_DATA name folders with data of your own")
    if not place.is_dir():
        return [place]
    walked = os.walk(place, onerror=_unreadable)
    found = [Path(folder) / name for folder, inner, names in walked for name in _seen(inner, names)]
    if not found:
        raise UsageError(
            f"{place}: the folder holds no data; put files in it that end in .ttl, .nt, .nq, .trig or .jsonld"
        )
    return sorted(found)


def _unreadable(error: OSError) -> None:
    """A folder that is passed over in silence would be missing from the answer in silence."""
    raise DataError(f"{error.filename}: cannot be read ({error.strerror})")


def _seen(inner: list[str], names: Iterable[str]) -> list[str]:
    """The files of a folder without the hidden ones; hidden folders inside are not entered."""
    inner[:] = sorted(one for one in inner if not one.startswith("."))
    return [one for one in names if not one.startswith(".")]


def spoken(graph: str) -> str:
    """What a named graph is called for people: ``evidence/2026.ttl``."""
    return unquote(graph.removeprefix(PREFIX))
