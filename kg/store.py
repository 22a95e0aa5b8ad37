"""One small interface to the compiled graph: a query goes in as text, rows come out.

The embedded store is an Oxigraph directory opened read-only. It is compiled on first use and again when the data
changed; when no folder can be written it lives in memory for the length of the process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox

from kg import locks, names, places
from kg.build import shelf
from kg.build.inputs import Inputs
from kg.errors import DataError, KgError, QueryError, StoreError
from kg.recall import content_hash

if TYPE_CHECKING:
    from kg.build.kept import Kept

Row = dict[str, Any]
"""One solution: variable name to pyoxigraph term; unbound variables are absent."""


class Solutions(Protocol):
    """The rows of a SELECT, from whatever engine."""

    @property
    def variables(self) -> list[ox.Variable]:
        """The columns, in their order."""

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        """The rows, once."""


Found = Solutions | ox.QueryBoolean | Iterator[ox.Triple]
"""What a query finds: rows, yes or no, or triples."""
ENGINE_FAULTS = (OSError, RuntimeError, ValueError)
"""What the engine raises when a query parses and cannot be run."""
_TRIES = 5
_ENGINE = f"oxigraph {ox.__version__}"
_PATIENCE = 1.0
"""Seconds of building after which progress is worth telling."""


@dataclass(frozen=True)
class Origin:
    """Where a store came from: its folder (``None`` in memory or elsewhere), the data hash, the number of statements."""

    folder: Path | None
    data_hash: str
    statements: int
    address: str | None = None
    """The server that holds it, if one does."""
    inside: str = "store"
    """The folder of the engine's files, inside its folder."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return str(self.folder or self.address or "in memory")

    @property
    def engine_folder(self) -> Path | None:
        """Where the files of the engine lie, if they are on this disk."""
        return self.folder and self.folder / self.inside


class Store:
    """The compiled graph, whichever way it is held."""

    renew: Callable[[], Store] | None = None
    """Compiles it anew, for when its files turn out to be damaged."""
    has_own = False
    """Whether data of the user's own stands beside the record, so that it can be asked where a fact comes from."""
    lease: locks.Lock | None = None
    """Held as long as it is read, so that no build removes its files."""

    def __init__(self, inner: ox.Store, origin: Origin, lease: locks.Lock | None = None) -> None:
        self.inner = inner
        self.origin = origin
        self.lease = lease

    def select(self, text: str) -> list[Row]:
        """Run a SELECT and give its rows; a store whose files turn out to be damaged is compiled anew first.

        Raises:
            QueryError: when the text does not parse or is not a SELECT.
        """
        try:
            return self._all_rows(text)
        except ENGINE_FAULTS as error:
            if not self._renewed():
                raise self.fault(error) from None
        return self.select(text)

    def _all_rows(self, text: str) -> list[Row]:
        found = self._started(text)
        if isinstance(found, ox.QueryBoolean) or not hasattr(found, "variables"):
            raise QueryError("this query is not a SELECT")
        columns = [variable.value for variable in found.variables]
        return [{name: value for name, value in zip(columns, row, strict=True) if value is not None} for row in found]

    def start(self, text: str, seconds: float | None = None) -> Found:  # noqa: ARG002  only a server can be given a time
        """Hand a text to the engine, whose errors come through as they are."""
        return self.inner.query(text, prefixes=names.PREFIXES)

    def run(self, text: str) -> Found:
        """Run any query form; the project's prefixes need not be declared.

        Raises:
            QueryError: when it does not parse or cannot be evaluated.
        """
        try:
            return self._started(text)
        except ENGINE_FAULTS as error:
            raise self.fault(error) from None

    def _started(self, text: str) -> Found:
        try:
            return self.start(text)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {error.msg}") from None

    def fault(self, error: Exception) -> KgError:
        """What is said of an error that came up while rows were read; a damaged store does not count any more."""
        folder = self.origin.folder
        if folder is None or not self._damaged():
            return QueryError(f"the query could not be run: {error}")
        try:
            (folder / shelf.ABOUT).unlink(missing_ok=True)
        except OSError as refusal:
            return StoreError(
                f"the compiled store in {folder} is damaged and cannot be replaced ({refusal.strerror}). KG_HOME names another folder."
            )
        return StoreError(f"the compiled store in {folder} is damaged; ask again, and it is compiled anew")

    def _damaged(self) -> bool:
        """Whether its files are gone, or are not as they were made; one that was replaced meanwhile still has its own."""
        folder, inside = self.origin.folder, self.origin.engine_folder
        if folder is None or inside is None:
            return False
        if not inside.is_dir():
            return True
        said = shelf.about(folder)
        return said is not None and said.inside == inside.name and not shelf.is_whole(folder, said, to_the_byte=True)

    def _renewed(self) -> bool:
        """Replace a damaged store by a fresh one."""
        if self.renew is None or not self._damaged():
            return False
        fresh = self.renew()
        _tell_of_damage(fresh)
        self.inner, self.origin, self.lease, self.renew = fresh.inner, fresh.origin, fresh.lease, None
        return True

    def triples(self) -> Iterator[ox.Quad]:
        """Every statement of the store, once: without the copies that say from which file it comes."""
        return self.inner.quads_for_pattern(None, None, None, ox.DefaultGraph())

    def graphs_of(self, iris: Iterable[str]) -> dict[str, list[str]]:
        """The named graphs in which nodes are described; none where no data of the user's own stands beside the record."""
        return {iri: self._graphs_of(iri) if self.has_own else [] for iri in iris}

    def _graphs_of(self, iri: str) -> list[str]:
        found = self.inner.quads_for_pattern(ox.NamedNode(iri), names.TYPE, None, None)
        return sorted({quad.graph_name.value for quad in found if isinstance(quad.graph_name, ox.NamedNode)})


def open_store(
    files: Sequence[Path] | None = None,
    *,
    own: Mapping[Path, str] | None = None,
    rebuild: bool = False,
    on_disk: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Store:
    """Open the compiled store of the given record (the packaged one by default), compiling it first where needed.

    ``own`` are files beside the record with the named graph of each.

    A store that is not as it was made is compiled anew. Where the disk refuses, the store lives in memory, unless it is
    wanted ``on_disk``.

    Raises:
        DataError: when the data is broken.
        StoreError: when none can be written that is wanted on disk.
    """
    record = [*places.vocabulary_files(), *(places.record_files() if files is None else files)]
    chosen = Inputs((*record, *(own or {})), _graphs(record, own or {}))
    data_hash = content_hash(chosen.files, chosen.graphs)
    folder = places.home() / data_hash
    was_there = os.path.lexists(folder / shelf.ABOUT)
    store = None if rebuild else _opened(folder)
    if store is None:
        store = _compile(chosen, data_hash, replace=rebuild or was_there, on_disk=on_disk, tell=tell)
        if was_there and not rebuild:
            _tell_of_damage(store)
    store.renew = lambda: open_store(files, own=own, rebuild=True)
    store.has_own = bool(own)
    return store


def _graphs(record: Sequence[Path], own: Mapping[Path, str]) -> Mapping[Path, str]:
    """Where there is own data, the record has a graph, too: else nobody could tell what both state from what one states."""
    if not own:
        return {}
    vocabulary = set(places.vocabulary_files())
    return {**{file: names.RECORD_GRAPH for file in record if file not in vocabulary}, **own}


def _opened(folder: Path) -> Store | None:
    """The store in a folder, if a whole one is there."""
    for _ in range(_TRIES):
        said = shelf.about(folder)
        if said is None:
            return None
        store = _opened_as(folder, said)
        if store is not None or shelf.about(folder) == said:
            return store
    return None  # replaced again and again, each time between two looks at it


def _opened_as(folder: Path, said: shelf.About) -> Store | None:
    inside = folder / said.inside
    try:
        lease = locks.take(inside, shared=True)
    except locks.HeldError:  # it is being removed
        return None
    if not shelf.is_whole(folder, said):
        return None
    try:
        engine = ox.Store.read_only(str(inside))
    except ENGINE_FAULTS:  # damaged where the marks do not show it, or opened in vain for want of memory or handles
        return None
    if not shelf.is_whole(folder, said):  # damaged between the first look and the opening
        return None
    return Store(engine, Origin(folder, said.data_hash, said.statements, inside=said.inside), lease)


def _compile(
    inputs: Inputs, data_hash: str, *, replace: bool, on_disk: bool, tell: Callable[[str], None] | None
) -> Store:
    """Compile to disk and show how far it is; give a store in memory when the disk refuses."""
    from kg.build.compile import with_copies
    from kg.build.progress import Bar, on_terminal

    report = tell or (Bar(_PATIENCE) if on_terminal() else _slow_teller())
    try:
        if not replace and (taken := _from_earlier(inputs, data_hash, report)) is not None:
            return taken
        derived, data_hash = _derived(inputs, data_hash, report)
        refusal = _refusal(derived, data_hash, report, replace=replace)
    finally:
        if isinstance(report, Bar):
            report.close()
    home = places.home()
    if refusal and on_disk:
        raise StoreError(f"{home} cannot be written ({refusal}), so nothing was built. KG_HOME names another folder.")
    if refusal:
        print(
            f"kg: {home} cannot be written ({refusal}); compiling in memory this time. KG_HOME names another folder.",
            file=sys.stderr,
        )
    written = None if refusal else _opened(home / data_hash)
    if written:
        return written
    whole = with_copies(derived.store, derived.copies)
    return Store(whole, Origin(None, data_hash, len(whole)))


def _from_earlier(inputs: Inputs, data_hash: str, report: Callable[[str], None]) -> Store | None:
    """The store made from an earlier one, if there is one from which little changed."""
    from kg.build.earlier import from_earlier

    target = places.home() / data_hash
    return _opened(target) if from_earlier(target, inputs, _ENGINE, report) else None


@dataclass(frozen=True)
class _Derived:
    """What the files say: the statements, those of each named graph, and what is to be kept for later stores."""

    store: ox.Store
    copies: Iterable[ox.Quad]
    kept: Kept | None


def _refusal(derived: _Derived, data_hash: str, report: Callable[[str], None], *, replace: bool) -> str:
    """Write a store; why the disk refuses, if it does. The engine puts that behind what it was doing with which file."""
    from kg.build.compile import write_store

    facts: dict[str, object] = {"data_hash": data_hash, "engine": _ENGINE}
    target, kept = places.home() / data_hash, derived.kept
    try:
        write_store(derived.store, target, facts, report, copies=derived.copies, kept=kept, replace=replace)
    except (OSError, RuntimeError) as error:
        return getattr(error, "strerror", None) or str(error).rpartition(": ")[2] or "it does not say why"
    return ""


def _derived(inputs: Inputs, data_hash: str, report: Callable[[str], None]) -> tuple[_Derived, str]:
    """What the files say, with the hash of just that; a file may be saved while it is read."""
    from kg.build.compile import derive
    from kg.build.copies import Copies
    from kg.build.kept import Kept

    for _ in range(_TRIES):
        copies = Copies()
        store = derive(inputs.files, report, inputs.parts, copies)
        derived = _Derived(store, copies if inputs.graphs else (), Kept.about(inputs, copies.graphs, copies))
        before, data_hash = data_hash, content_hash(inputs.files, inputs.graphs)
        if before == data_hash:
            return derived, data_hash
    raise DataError("the files of the record are changed faster than they can be read; ask again when they are at rest")


def _tell_of_damage(fresh: Store) -> None:
    if fresh.origin.folder is not None:
        print(f"kg: the compiled store in {fresh.origin.folder} was damaged; it is compiled anew", file=sys.stderr)


def _slow_teller() -> Callable[[str], None]:
    """Tell progress on stderr once the build has taken longer than a person waits without wondering."""
    import time

    began = time.monotonic()

    def tell(message: str) -> None:
        if time.monotonic() - began > _PATIENCE:
            print(f"kg: compiling the record: {message}", file=sys.stderr)

    return tell
