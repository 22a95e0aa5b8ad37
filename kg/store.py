"""One small interface to the compiled graph: a query goes in as text, rows come out.

The embedded store is an Oxigraph directory opened read-only. It is compiled on first use and again when the data
changed; when no folder can be written it lives in memory for the length of the process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from kg import names, places
from kg.build.fingerprint import content_hash
from kg.errors import KgError, QueryError, StoreError

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

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return str(self.folder or self.address or "in memory")


class Store:
    """The compiled graph, whichever way it is held."""

    def __init__(self, inner: ox.Store, origin: Origin) -> None:
        self.inner = inner
        self.origin = origin

    def select(self, text: str) -> list[Row]:
        """Run a SELECT and give its rows.

        Raises:
            QueryError: when the text does not parse or is not a SELECT.
        """
        found = self.run(text)
        if isinstance(found, ox.QueryBoolean) or not hasattr(found, "variables"):
            raise QueryError("this query is not a SELECT")
        columns = [variable.value for variable in found.variables]
        try:
            return [{name: row[name] for name in columns if row[name] is not None} for row in found]
        except ENGINE_FAULTS as error:
            raise self.fault(error) from None

    def start(self, text: str, seconds: float | None = None) -> Found:  # noqa: ARG002  only a server can be given a time
        """Hand a text to the engine, whose errors come through as they are."""
        return self.inner.query(text, prefixes=names.PREFIXES)

    def run(self, text: str) -> Found:
        """Run any query form; the project's prefixes need not be declared.

        Raises:
            QueryError: when it does not parse or cannot be evaluated.
        """
        try:
            return self.start(text)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {error.msg}") from None
        except ENGINE_FAULTS as error:
            raise self.fault(error) from None

    def fault(self, error: Exception) -> KgError:
        """What is said of an error that came up while rows were read."""
        return QueryError(f"the query could not be run: {error}")

    def triples(self) -> Iterator[ox.Quad]:
        """Every statement of the store."""
        return iter(self.inner)


def open_store(
    files: Sequence[Path] | None = None, *, rebuild: bool = False, tell: Callable[[str], None] | None = None
) -> Store:
    """Open the compiled store of the given record (the packaged one by default), compiling it first where needed.

    Raises:
        DataError: when the data is broken.
        StoreError: when a compiled store cannot be read.
    """
    chosen = [*places.vocabulary_files(), *(places.record_files() if files is None else files)]
    data_hash = content_hash(chosen)
    home = places.home()
    folder = home / data_hash
    if rebuild or not _is_whole(folder):
        fallback = _compile(chosen, folder, data_hash, rebuild=rebuild, tell=tell)
        if fallback is not None:
            return fallback
    import json

    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return Store(ox.Store.read_only(str(folder / "store")), Origin(folder, data_hash, about["statements"]))
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"the compiled store in {folder} cannot be read ({error}); remove that folder and ask again"
        ) from None


def _is_whole(folder: Path) -> bool:
    try:
        return (folder / "about.json").is_file()
    except OSError:  # a folder that may not be looked into; the attempt to write there says so
        return False


def _compile(
    files: Sequence[Path], folder: Path, data_hash: str, *, rebuild: bool, tell: Callable[[str], None] | None
) -> Store | None:
    """Compile to disk and show how far it is; give a store in memory when the disk refuses."""
    from kg.build.progress import Bar, on_terminal

    report = tell or (Bar(_PATIENCE) if on_terminal() else _slow_teller())
    try:
        return _compile_to_disk(files, folder, data_hash, rebuild=rebuild, report=report)
    finally:
        if isinstance(report, Bar):
            report.close()


def _compile_to_disk(
    files: Sequence[Path], folder: Path, data_hash: str, *, rebuild: bool, report: Callable[[str], None]
) -> Store | None:
    import shutil

    from kg.build.compile import derive, sweep, write_store

    derived = derive(files, report)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if rebuild:
            shutil.rmtree(folder, ignore_errors=True)
        write_store(
            derived,
            folder,
            {"data_hash": data_hash, "statements": len(derived), "engine": f"oxigraph {ox.__version__}"},
            report,
        )
        sweep(folder.parent, keep=folder.name)
    except OSError as error:
        reason = error.strerror or str(error)
        print(
            f"kg: {folder.parent} cannot be written ({reason}); compiling in memory this time. KG_HOME names another folder.",
            file=sys.stderr,
        )
        return Store(derived, Origin(None, data_hash, len(derived)))
    return None


def _slow_teller() -> Callable[[str], None]:
    """Tell progress on stderr once the build has taken longer than a person waits without wondering."""
    import time

    began = time.monotonic()

    def tell(message: str) -> None:
        if time.monotonic() - began > _PATIENCE:
            print(f"kg: compiling the record: {message}", file=sys.stderr)

    return tell
