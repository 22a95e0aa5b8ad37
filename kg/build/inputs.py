"""What a store is made from: files, and under which names the statements of each are kept apart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg import places

_BESIDE = "urn:prk:file:"
_LARGE = 100_000_000
"""Bytes of a record above which what its files state is not kept a second time."""


@dataclass(frozen=True)
class Inputs:
    """What a store is made from: files, and the named graphs of those that have one."""

    files: tuple[Path, ...]
    graphs: Mapping[Path, str]

    @cached_property
    def parts(self) -> Mapping[Path, str]:
        """Names by which it is told what each file states: its named graph or, where the store has none, one of its own.

        Names of the second kind are relative to the folder that all these files share. None have one when they are
        too large to be kept twice.
        """
        if self.graphs:
            return self.graphs
        vocabulary = set(places.vocabulary_files())
        record = [file for file in self.files if file not in vocabulary]
        if not record or _size(record) > _LARGE:
            return {}
        from urllib.parse import quote  # for builds alone; every look-up comes by here

        try:
            shared = os.path.commonpath([file.absolute().parent for file in record])
        except ValueError:  # they lie on several drives of Windows
            return {}
        return {file: _BESIDE + quote(os.path.relpath(file.absolute(), shared)) for file in record}


def _size(files: list[Path]) -> int:
    try:
        return sum(file.stat().st_size for file in files)
    except OSError:  # the build will say which one cannot be read
        return 0
