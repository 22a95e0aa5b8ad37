"""What files state, each in its own named graph: kept beside the store that is being made, on the disk when it is much.

Nothing in a build asks for it: checks, rules and versions read the default graph. In memory beside the rest it would take a
third more room.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

_HELD = 300_000
"""Statements up to which they stay in memory."""


class Copies:
    """Statements in named graphs, to be gone through in the end."""

    def __init__(self) -> None:
        self.graphs: set[str] = set()
        """The names of the graphs."""
        self._held: list[ox.Quad] = []
        self._file: IO[bytes] | None = None

    def add(self, quads: list[ox.Quad]) -> None:
        """Keep some more.

        Raises:
            OSError: when there is no room for them.
        """
        self.graphs.update(name.value for quad in quads if isinstance(name := quad.graph_name, ox.NamedNode))
        self._held += quads
        if len(self._held) > _HELD:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115  it goes with this object
            ox.serialize(self._held, self._file, format=ox.RdfFormat.N_QUADS)
            self._held = []

    def __iter__(self) -> Iterator[ox.Quad]:
        """All of them; those that two files put into one graph may come twice."""
        if self._file is not None:
            self._file.seek(0)
            yield from ox.parse(self._file, format=ox.RdfFormat.N_QUADS)
            self._file.seek(0, 2)
        yield from self._held
