"""Where in the files something stands, for messages: ``file:line``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg import names
from kg.build.parse import lines_of


def folder_of(files: Sequence[Path]) -> str:
    """What is named when something stands nowhere: the folder of the first file."""
    return str(files[0].parent) if files else "record"


def locate(files: Sequence[Path], text: str) -> str:
    """``file:line`` of the first place where the text stands, for messages; the folder when it stands nowhere."""
    for file in files:
        for number, line in enumerate(lines_of(file), start=1):
            if text in line:
                return f"{file}:{number}"
    return folder_of(files)


def locate_node(files: Sequence[Path], iri: str) -> str:
    """``file:line`` of the block that describes a node (for a claim or evidence: of its owner)."""
    return locate_nodes(files, {iri})[iri]


def locate_nodes(files: Sequence[Path], iris: Iterable[str]) -> dict[str, str]:
    """``file:line`` of the blocks that describe some nodes; every file is read once, and none for no nodes."""
    owners = {iri: re.split(r"/(?:claim|evidence)/", iri)[0] for iri in iris}
    wanted = {text: owner for owner in owners.values() for text in (names.shorten(owner), f"<{owner}>")}
    found: dict[str, str] = {}
    for file in files if wanted else ():
        for number, line in enumerate(lines_of(file), start=1):
            if line[:1].strip() and (owner := wanted.get(line.split(None, 1)[0])):
                found.setdefault(owner, f"{file}:{number}")
    return {iri: found.get(owner) or locate(files, names.shorten(owner)) for iri, owner in owners.items()}
