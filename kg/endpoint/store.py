"""The compiled graph on a SPARQL server: the same interface as the store on disk."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import names
from kg.endpoint.client import Client
from kg.endpoint.rows import Pages, Rows, grouped, page_size, pageable
from kg.errors import KgError, StoreError
from kg.sparql.guard import code_of, declared_prefixes
from kg.store import ENGINE_FAULTS, Found, Origin, Store

if TYPE_CHECKING:
    import urllib3

RECORD = "https://w3id.org/prk/record"
"""What describes the loaded record: void:triples, and dcterms:identifier with the hash of its data."""
_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_GRAPH = "application/n-triples, text/turtle;q=0.8"
_END_OF_XML = re.compile(rb"</([\w.-]+:)?sparql\s*>")
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
SUBSET = "http://rdfs.org/ns/void#subset"
"""From there to the named graphs that hold what each file states."""
STATED = f"{names.RECORD_GRAPH}/stated"
"""The named graph of what the files of the record state; the graph of the record holds what is derived, too."""
_DESCRIBED = f"""<{RECORD}> <http://purl.org/dc/terms/identifier> ?hash ; <http://rdfs.org/ns/void#triples> ?statements
  OPTIONAL {{ <{RECORD}> <{SUBSET}> ?part }}"""
_IN_DEFAULT = f"SELECT ?hash ?statements ?part WHERE {{ {_DESCRIBED} }}"
_IN_NAMED = f"SELECT ?graph ?hash ?statements ?part WHERE {{ GRAPH ?graph {{ {_DESCRIBED} }} }} ORDER BY ?graph"
_ABOUT = "SELECT ?node ?graph WHERE { VALUES ?node { NODES } GRAPH ?graph { ?node a ?type } }"
_NODES_AT_ONCE = 100


class EndpointStore(Store):
    """A record that ``kg push`` loaded into a SPARQL server, in its default graph or in one with a name."""

    def __init__(self, address: str) -> None:
        self.client = Client(address)
        self.graph: str | None = None
        self._parts: frozenset[str] = frozenset()

    @cached_property
    def origin(self) -> Origin:  # type: ignore[override]  # asked for once, when somebody wants to know
        """Which record the server holds.

        Raises:
            StoreError: when it holds none.
        """
        return self._find()

    @property
    def has_own(self) -> bool:  # type: ignore[override]  # what the server says, once it was asked
        """Whether data of the user's own were loaded beside the record."""
        _ = self.origin
        return bool(self._parts)

    def graphs_of(self, iris: Iterable[str]) -> dict[str, list[str]]:
        """The named graphs in which nodes are described, as in the store that was loaded."""
        found: dict[str, list[str]] = {iri: [] for iri in iris}
        waiting = iter(sorted(found)) if self.has_own else iter(())
        while some := list(islice(waiting, _NODES_AT_ONCE)):
            for row in self._rows(
                _ABOUT.replace("NODES", " ".join(str(ox.NamedNode(iri)) for iri in some)), everywhere=True
            ):
                if row["graph"].value in self._parts:
                    name = row["graph"].value
                    found[row["node"].value].append(names.RECORD_GRAPH if name == STATED else name)
        return {iri: sorted(set(graphs)) for iri, graphs in found.items()}

    def parts(self, graph: str | None) -> frozenset[str]:
        """The named graphs that belong to the record in some graph of the server; none where there is no record."""
        if graph is None:
            return _parts(self._rows(_IN_DEFAULT))
        return _parts(row for row in self._named() if row["graph"].value == graph)

    def start(self, text: str, seconds: float | None = None) -> Found:
        """Send a query; rows or triples come as they arrive.

        Raises:
            SyntaxError: when the text does not parse; it is parsed here first, so that errors are the same everywhere.
        """
        _EMPTY.query(text, prefixes=names.PREFIXES)
        _ = self.origin
        return self._send(text, seconds)

    def triples(self) -> Iterator[ox.Quad]:
        """Every statement of the record.

        Raises:
            StoreError: when fewer come than the record has.
        """
        number = 0
        try:
            for one in self.start("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"):  # type: ignore[union-attr]
                number += 1
                yield ox.Quad(one.subject, one.predicate, one.object)  # type: ignore[union-attr]
        except (SyntaxError, *ENGINE_FAULTS) as error:
            raise self.fault(error) from None
        if number < self.origin.statements:  # N-Triples have no end by which a reader could tell
            raise self.fault(ValueError(f"{number} of {self.origin.statements} statements"))

    def fault(self, error: Exception) -> KgError:  # noqa: ARG002  the parser names a place in an answer that nobody sees
        """What is said of an answer that cannot be read to its end."""
        return StoreError(
            f"{self.client.host} broke off in the middle of its answer; perhaps it has a limit of time. What came of it is not the whole answer."
        )

    def _find(self) -> Origin:
        """The record in the graph that is asked for, else in the usual one, else in the default graph, else in the only one."""
        wanted = os.environ.get("KG_ENDPOINT_GRAPH")
        named = self._named()
        graphs = dict.fromkeys(row["graph"].value for row in named)
        chosen = wanted or (names.RECORD_GRAPH if names.RECORD_GRAPH in graphs else None)
        rows = self._rows(_IN_DEFAULT) if chosen is None else []
        if chosen is None and not rows and graphs:
            self._require_one(named, graphs)
            chosen = next(iter(graphs))
        if chosen is not None:
            self.graph = chosen
            rows = [row for row in named if row["graph"].value == chosen]
        if rows:
            self._parts = _parts(rows)
            return self._origin(rows[0])
        where = f" in the graph {wanted}" if wanted else ""
        raise StoreError(
            f"{self.client.address} holds no record of this kind{where}; kg push --endpoint {self.client.address} loads one"
        )

    def _named(self) -> list[ox.QuerySolution]:
        """What describes records in named graphs; an engine that knows none may answer anything."""
        return [row for row in self._rows(_IN_NAMED) if isinstance(row["graph"], ox.NamedNode)]

    def _require_one(self, rows: Iterable[ox.QuerySolution], graphs: Iterable[str]) -> None:
        """Several copies of one record are as good as one; of several records nobody would know which one answers."""
        if len({row["hash"] for row in rows}) > 1:
            raise StoreError(
                f"{self.client.address} holds several records; set KG_ENDPOINT_GRAPH to the graph of one: {', '.join(graphs)}"
            )

    def _origin(self, row: ox.QuerySolution) -> Origin:
        try:
            return Origin(None, row["hash"].value, int(row["statements"].value), self.client.address)
        except (ValueError, AttributeError):
            raise StoreError(
                f"{self.client.address} does not say properly which record it holds; load it again"
            ) from None

    def _rows(self, query: str, *, everywhere: bool = False) -> list[ox.QuerySolution]:
        try:
            return list(self._page(query, None, everywhere=everywhere))
        except ENGINE_FAULTS as error:
            raise self.fault(error) from None

    def _send(self, text: str, seconds: float | None) -> Found:
        code = code_of(text)
        form = _FORM.search(code)
        builds = form is not None and form[1].upper() in {"CONSTRUCT", "DESCRIBE"}
        declared = declared_prefixes(code)
        missing = [f"PREFIX {one}: <{iri}>" for one, iri in names.PREFIXES.items() if one not in declared]

        query = " ".join([*missing, text])
        if builds:
            return self._triples(self._asked(query, _GRAPH, seconds))
        size = page_size()
        if size and form is not None and form[1].upper() == "SELECT" and pageable(code):
            # On a line of its own, since a text may end in a comment.
            return Pages(lambda offset: self._page(f"{query}\nLIMIT {size} OFFSET {offset}", seconds), size)
        answer = self._asked(query, _RESULTS, seconds)
        found = self._results(answer)
        if isinstance(found, ox.QueryBoolean):
            return found
        most = answer.headers.get("X-SPARQL-MaxRows", "")
        return Rows(found, int(most) if most.isdigit() else None, self.client.host, grouped=grouped(code))

    def _page(self, query: str, seconds: float | None, *, everywhere: bool = False) -> Rows:
        found = self._results(self._asked(query, _RESULTS, seconds, everywhere=everywhere))
        if isinstance(found, ox.QueryBoolean):
            raise StoreError(f"{self.client.address} answers yes or no where rows were asked for")
        return Rows(found, None, self.client.host, grouped=grouped(query))

    def _asked(
        self, query: str, accept: str, seconds: float | None, *, everywhere: bool = False
    ) -> urllib3.BaseHTTPResponse:
        """Send a query to the graph of the record; ``everywhere`` leaves out which one, for no other is seen beside it."""
        fields = [("query", query)]
        if self.graph is not None and not everywhere:
            fields.append(("default-graph-uri", self.graph))
        return self.client.send("POST", self.client.address, accept=accept, seconds=seconds, form=fields)

    def _triples(self, answer: urllib3.BaseHTTPResponse) -> Iterator[ox.Triple]:
        form = ox.RdfFormat.from_media_type(answer.headers.get("Content-Type", ""))
        if form is None:
            raise self._no_sparql(answer)
        return (quad.triple for quad in ox.parse(_stream(answer), format=form))

    def _results(self, answer: urllib3.BaseHTTPResponse) -> ox.QuerySolutions | ox.QueryBoolean:
        form = ox.QueryResultsFormat.from_media_type(answer.headers.get("Content-Type", ""))
        if form not in {ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML}:
            raise self._no_sparql(answer)
        stream = _stream(answer)
        try:
            if form == ox.QueryResultsFormat.XML:
                stream = _to_its_end(stream)
            return ox.parse_query_results(stream, format=form)
        except (SyntaxError, *ENGINE_FAULTS) as error:
            stream.close()
            if "sparql-results" not in answer.headers.get("Content-Type", ""):  # JSON or XML of some other kind
                raise self._no_sparql(answer) from None
            raise self.fault(error) from None

    def _no_sparql(self, answer: urllib3.BaseHTTPResponse) -> StoreError:
        answer.close()
        kind = answer.headers.get("Content-Type", "")
        what = (
            "with a web page" if "html" in kind else f"in a format that is not of SPARQL ({kind or 'not said which'})"
        )
        return StoreError(f"{self.client.address} answers {what}; addresses of queries often end in /query or /sparql")


def _parts(rows: Iterable[ox.QuerySolution]) -> frozenset[str]:
    return frozenset(row["part"].value for row in rows if isinstance(row["part"], ox.NamedNode))


class _Body(io.RawIOBase):
    """The body of an answer as a file; a connection that breaks is a fault of reading like any other."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._answer.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        from urllib3.exceptions import HTTPError

        try:
            piece = self._answer.read(len(buffer))
        except HTTPError as error:
            raise OSError(str(error)) from None
        buffer[: len(piece)] = piece
        return len(piece)


def _to_its_end(stream: IO[bytes]) -> IO[bytes]:
    """The same, read to its end, which must be one: the engine takes rows of XML for all when the rest is missing."""
    whole = stream.read()
    stream.close()
    if not _END_OF_XML.search(whole[-1000:]):
        raise ValueError("the answer has no end")
    return io.BytesIO(whole)


def _stream(answer: urllib3.BaseHTTPResponse) -> IO[bytes]:
    return io.BufferedReader(_Body(answer), 1 << 16)


_EMPTY = ox.Store()
"""Parses texts, so that an error reads the same whether the record is here or on a server."""
