"""Loading the compiled record into a SPARQL server, or into a file for its bulk loader.

Loading uses the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/): one PUT replaces
one graph. Oxigraph does that in one transaction, so that a reader sees the old record or the new one.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pyoxigraph as ox

from kg.endpoint.client import Client
from kg.endpoint.store import RECORD, STATED, SUBSET, EndpointStore
from kg.errors import UsageError
from kg.formats.results import beside
from kg.names import RECORD_GRAPH
from kg.store import Store

GRAPH = RECORD_GRAPH
"""The named graph that the record is loaded into where nothing else is said."""
ENDINGS = (".nt", ".nq", ".nt.gz", ".nq.gz")
_BATCH = 20_000
"""Statements sent in one piece: about 3 MB."""
_PATIENCE = 3600.0
"""Seconds: a server answers only when all is loaded."""
_STORES = {"query": "store", "sparql": "data"}
"""Where the graph store lies beside the queries: Oxigraph has /query and /store, Jena Fuseki /NAME/sparql and /NAME/data."""


def push(store: Store, address: str, graph: str | None, graph_store: str | None = None) -> int:
    """Replace one graph of a server by the record; ``None`` is its default graph. Gives the number of statements.

    Raises:
        StoreError: when the server cannot be reached, refuses, or fails.
        UsageError: when the address of the graph store is not known.
    """
    target = graph_store or _graph_store(address)
    client = Client(target)
    loaded = _Loaded.of(store)
    before = EndpointStore(address).parts(graph)
    for part in loaded.parts:
        _put(client, _at(target, part), _pieces(loaded.of_part(part), None))
    _put(client, _at(target, graph), _pieces(loaded.all(), None))
    for part in sorted(before - {*loaded.parts}):
        client.send("DELETE", _at(target, part), seconds=_PATIENCE).read()
    return loaded.size


def _put(client: Client, where: str, body: Iterator[bytes]) -> None:
    client.send("PUT", where, body=body, kind="application/n-triples", seconds=_PATIENCE).read()


def _at(target: str, graph: str | None) -> str:
    which = "default" if graph is None else "graph=" + quote(graph, safe="")
    return f"{target}{'&' if '?' in target else '?'}{which}"


def write(store: Store, out: Path, graph: str | None) -> int:
    """Write the record to a file for a bulk loader: N-Triples, or N-Quads in a named graph. Gives the number of statements.

    Raises:
        UsageError: when the ending says no such format, or the file cannot be written.
    """
    if not out.name.endswith(ENDINGS):
        raise UsageError(f"the ending of '{out.name}' says no format for bulk loaders; end it in {', '.join(ENDINGS)}")
    with_graphs = ".nq" in out.name
    loaded = _Loaded.of(store, with_parts=with_graphs)
    pieces = [_pieces(loaded.all(), graph if with_graphs else None)]
    pieces += [_pieces(loaded.of_part(part), part) for part in loaded.parts]
    try:
        with beside(out) as half, _opened(half, packed=out.name.endswith(".gz")) as file:
            for piece in chain.from_iterable(pieces):
                file.write(piece)
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from None
    return loaded.size


@contextmanager
def _opened(half: Path, *, packed: bool) -> Iterator[io.BufferedIOBase]:
    with half.open("wb") as file:
        if not packed:
            yield file
            return
        # The day of packing and the name are left out, so that the same record gives the same file.
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as into:
            yield into


def _graph_store(address: str) -> str:
    parts = urlsplit(address)
    stem, _, last = parts.path.rpartition("/")
    if last not in _STORES:
        raise UsageError(
            f"where does {address} take graphs? Name that address too, as in --graph-store https://example.org/data"
        )
    return urlunsplit((parts.scheme, parts.netloc, f"{stem}/{_STORES[last]}", "", ""))


@dataclass(frozen=True)
class _Loaded:
    """What goes to a server: all that is known, and beside it what each file states where there is data of the user's own."""

    store: Store
    parts: dict[str, ox.NamedNode]
    """Graphs on the server, with those of the store that they hold."""
    known: int
    """Statements of the record and of what follows, without their copies by file."""

    @classmethod
    def of(cls, store: Store, *, with_parts: bool = True) -> _Loaded:
        """What a compiled store has to give."""
        if not store.has_own:
            return cls(store, {}, store.origin.statements)
        graphs = (one for one in store.inner.named_graphs() if isinstance(one, ox.NamedNode))
        parts = {STATED if one.value == RECORD_GRAPH else one.value: one for one in graphs} if with_parts else {}
        return cls(store, dict(sorted(parts.items())), sum(1 for _ in store.triples()))

    @property
    def size(self) -> int:
        """Statements in all."""
        return self.known + len(self.description()) + sum(1 for part in self.parts for _ in self.of_part(part))

    def all(self) -> Iterator[ox.Triple | ox.Quad]:
        """All that is known, and its description."""
        return chain(self.description(), self.store.triples())

    def of_part(self, part: str) -> Iterator[ox.Quad]:
        """What the files of a graph state."""
        return self.store.inner.quads_for_pattern(None, None, None, self.parts[part])

    def description(self) -> list[ox.Triple]:
        """By which a reader knows the record again (VoID, https://www.w3.org/TR/void/)."""
        record, void = ox.NamedNode(RECORD), "http://rdfs.org/ns/void#"
        count = ox.Literal(str(self.known), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
        return [
            ox.Triple(record, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(void + "Dataset")),
            ox.Triple(record, ox.NamedNode("http://purl.org/dc/terms/identifier"), ox.Literal(self.store.origin.data_hash)),
            ox.Triple(record, ox.NamedNode(void + "triples"), count),
            *(ox.Triple(record, ox.NamedNode(SUBSET), ox.NamedNode(part)) for part in self.parts),
        ]  # fmt: skip


def _pieces(statements: Iterable[ox.Triple | ox.Quad], graph: str | None) -> Iterator[bytes]:
    """Statements in pieces of N-Triples or N-Quads."""
    batch: list[ox.Quad] = []
    name = ox.NamedNode(graph) if graph is not None else ox.DefaultGraph()
    for one in statements:
        batch.append(ox.Quad(one.subject, one.predicate, one.object, name))
        if len(batch) >= _BATCH:
            yield _written(batch)
            batch = []
    yield _written(batch)


def _written(quads: list[ox.Quad]) -> bytes:
    buffer = io.BytesIO()
    ox.serialize(quads, buffer, format=ox.RdfFormat.N_QUADS)
    return buffer.getvalue()
