"""The compiled graph on a SPARQL server: the same interface as the store on disk."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import names
from kg.endpoint.client import Client
from kg.endpoint.rows import Pages, Rows, page_size, pageable
from kg.errors import KgError, StoreError
from kg.sparql.guard import code_of, declared_prefixes
from kg.store import ENGINE_FAULTS, Found, Origin, Store

if TYPE_CHECKING:
    import urllib3

RECORD = "https://w3id.org/prk/record"
"""What describes the loaded record: void:triples, and dcterms:identifier with the hash of its data."""
_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_GRAPH = "application/n-triples, text/turtle;q=0.8"
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_WHERE_IT_IS = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?graph ?hash ?statements WHERE {{
  {{ <{RECORD}> dcterms:identifier ?hash ; void:triples ?statements }}
  UNION
  {{ GRAPH ?graph {{ <{RECORD}> dcterms:identifier ?hash ; void:triples ?statements }} }}
}} ORDER BY ?graph"""


class EndpointStore(Store):
    """A record that ``kg push`` loaded into a SPARQL server, in its default graph or in one with a name."""

    def __init__(self, address: str) -> None:
        self.client = Client(address)
        self.graph: str | None = None

    @cached_property
    def origin(self) -> Origin:  # type: ignore[override]  # asked for once, when somebody wants to know
        """Which record the server holds.

        Raises:
            StoreError: when it holds none.
        """
        return self._find()

    def start(self, text: str, seconds: float | None = None) -> Found:
        """Send a query; rows or triples come as they arrive.

        Raises:
            SyntaxError: when the text does not parse; it is parsed here first, so that errors are the same everywhere.
        """
        _EMPTY.query(text, prefixes=names.PREFIXES)
        _ = self.origin
        return self._send(text, seconds)

    def triples(self) -> Iterator[ox.Quad]:
        """Every statement of the record."""
        found = self.start("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return (ox.Quad(one.subject, one.predicate, one.object) for one in found)  # type: ignore[union-attr]

    def fault(self, error: Exception) -> KgError:  # noqa: ARG002  the parser names a place in an answer that nobody sees
        """What is said of an answer that cannot be read to its end."""
        return StoreError(
            f"{self.client.host} broke off in the middle of its answer; perhaps it has a limit of time: nothing of it is shown"
        )

    def _find(self) -> Origin:
        try:
            rows = list(self._page(_WHERE_IT_IS, None))
        except ENGINE_FAULTS as error:
            raise self.fault(error) from None
        wanted = os.environ.get("KG_ENDPOINT_GRAPH")
        if wanted is not None:
            rows = [row for row in rows if row["graph"] is not None and row["graph"].value == wanted]
        if not rows:
            where = f" in the graph {wanted}" if wanted else ""
            raise StoreError(
                f"{self.client.address} holds no record of this kind{where}; kg push --endpoint {self.client.address} loads one"
            )
        first = min(rows, key=lambda row: (row["graph"] is not None, str(row["graph"])))
        self.graph = first["graph"].value if first["graph"] is not None else None
        return Origin(None, first["hash"].value, int(first["statements"].value), self.client.address)

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
        return Rows(found, int(most) if most.isdigit() else None, self.client.host)

    def _page(self, query: str, seconds: float | None) -> Rows:
        found = self._results(self._asked(query, _RESULTS, seconds))
        if isinstance(found, ox.QueryBoolean):
            raise self.fault(ValueError("rows were asked for"))
        return Rows(found, None, self.client.host)

    def _asked(self, query: str, accept: str, seconds: float | None) -> urllib3.BaseHTTPResponse:
        fields = [("query", query)]
        if self.graph is not None:
            fields.append(("default-graph-uri", self.graph))
        return self.client.send("POST", self.client.address, accept=accept, seconds=seconds, form=fields)

    def _triples(self, answer: urllib3.BaseHTTPResponse) -> Iterator[ox.Triple]:
        form = ox.RdfFormat.from_media_type(answer.headers.get("Content-Type", ""))
        if form is None:
            raise self._no_sparql(answer)
        return (quad.triple for quad in ox.parse(_stream(answer), format=form))

    def _results(self, answer: urllib3.BaseHTTPResponse) -> ox.QuerySolutions | ox.QueryBoolean:
        form = ox.QueryResultsFormat.from_media_type(answer.headers.get("Content-Type", ""))
        if form is None:
            raise self._no_sparql(answer)
        try:
            return ox.parse_query_results(_stream(answer), format=form)
        except (SyntaxError, *ENGINE_FAULTS) as error:
            raise self.fault(error) from None

    def _no_sparql(self, answer: urllib3.BaseHTTPResponse) -> StoreError:
        kind = answer.headers.get("Content-Type", "")
        what = (
            "with a web page" if "html" in kind else f"in a format that is not of SPARQL ({kind or 'not said which'})"
        )
        return StoreError(f"{self.client.address} answers {what}; addresses of queries often end in /query or /sparql")


def _stream(answer: urllib3.BaseHTTPResponse) -> io.BufferedReader:
    answer.auto_close = False  # type: ignore[attr-defined]  # else the buffer in between takes its end for a fault
    return io.BufferedReader(answer, 1 << 16)


_EMPTY = ox.Store()
"""Parses texts, so that an error reads the same whether the record is here or on a server."""
