"""Loading the compiled record into a SPARQL server, or into a file for its bulk loader.

Loading uses the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/): one PUT replaces
one graph. Oxigraph does that in one transaction, so that a reader sees the old record or the new one.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pyoxigraph as ox

from kg.endpoint.client import Client
from kg.endpoint.store import RECORD
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
    which = "default" if graph is None else "graph=" + quote(graph, safe="")
    where = f"{target}{'&' if '?' in target else '?'}{which}"
    Client(target).send("PUT", where, body=_pieces(store, None), kind="application/n-triples", seconds=_PATIENCE).read()
    return _size(store)


def write(store: Store, out: Path, graph: str | None) -> int:
    """Write the record to a file for a bulk loader: N-Triples, or N-Quads in a named graph. Gives the number of statements.

    Raises:
        UsageError: when the ending says no such format, or the file cannot be written.
    """
    if not out.name.endswith(ENDINGS):
        raise UsageError(f"the ending of '{out.name}' says no format for bulk loaders; end it in {', '.join(ENDINGS)}")
    named = graph if ".nq" in out.name else None
    try:
        with beside(out) as half, _opened(half, packed=out.name.endswith(".gz")) as file:
            for piece in _pieces(store, named):
                file.write(piece)
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from None
    return _size(store)


def _opened(half: Path, *, packed: bool) -> io.BufferedIOBase:
    # The day of packing is left out, so that the same record gives the same file.
    return gzip.GzipFile(half, "wb", compresslevel=6, mtime=0) if packed else half.open("wb")


def _graph_store(address: str) -> str:
    parts = urlsplit(address)
    stem, _, last = parts.path.rpartition("/")
    if last not in _STORES:
        raise UsageError(
            f"where does {address} take graphs? Name that address too, as in --graph-store https://example.org/data"
        )
    return urlunsplit((parts.scheme, parts.netloc, f"{stem}/{_STORES[last]}", "", ""))


def _pieces(store: Store, graph: str | None) -> Iterator[bytes]:
    """The record and its description, in pieces of N-Triples or N-Quads."""
    batch: list[ox.Quad] = []
    name = ox.NamedNode(graph) if graph is not None else ox.DefaultGraph()
    statements: Iterator[ox.Triple | ox.Quad] = chain(_description(store), store.triples())
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


def _description(store: Store) -> list[ox.Triple]:
    """By which a reader knows the record again (VoID, https://www.w3.org/TR/void/)."""
    record = ox.NamedNode(RECORD)
    count = ox.Literal(str(store.origin.statements), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    return [
        ox.Triple(record, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode("http://rdfs.org/ns/void#Dataset")),
        ox.Triple(record, ox.NamedNode("http://purl.org/dc/terms/identifier"), ox.Literal(store.origin.data_hash)),
        ox.Triple(record, ox.NamedNode("http://rdfs.org/ns/void#triples"), count),
    ]  # fmt: skip


def _size(store: Store) -> int:
    return store.origin.statements + len(_description(store))
