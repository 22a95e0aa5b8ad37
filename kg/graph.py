"""The same verbs in Python as on the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import catalogue, names, places
from kg.answers import resolve
from kg.answers import status as standing
from kg.answers.model import Status
from kg.dates import parse_day
from kg.errors import UsageError
from kg.store import Store, open_store

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph as ox
    import rdflib

    from kg.answers.records import Changes, Entry, Hit, Matrix, Profile, Timeline
    from kg.sparql.answer import Answer, Results

Day = str | date | None


class KnowledgeGraph:
    """The compiled record with its questions.

    Names of things are accepted as label, alias, id, IRI, code or domain. Days are ``date`` objects or ISO text;
    without ``on`` and ``known`` both are today.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def status(self, platform: str, jurisdiction: str, *, on: Day = None, known: Day = None) -> Status:
        """The status of one platform in one place.

        Raises:
            UnknownName: when a name means nothing in the record.
            AmbiguousName: when it means several things.
            UsageError: when a day is none.
        """
        target, _ = resolve.resolve(self.store, platform, resolve.TARGETS)
        return standing.status(self.store, target, self.place(jurisdiction), parse_day(on), parse_day(known))

    def statuses(
        self, name: str, jurisdictions: Sequence[str] = (), *, on: Day = None, known: Day = None
    ) -> list[Status]:
        """Statuses in some places, by default in all on record.

        A class of services (VPN) is followed by its members; a company stands for the platforms that it controls.
        """
        day, public = parse_day(on), parse_day(known)
        targets = self._targets(name, day, public)
        chosen = [self.place(one) for one in jurisdictions]
        pairs = [
            (target, place)
            for target in targets
            for place in (chosen or standing.recorded_places(self.store, target, day, public))
        ]
        return standing.statuses(self.store, pairs, day, public)

    def _targets(self, name: str, day: date, public: date) -> list[ox.NamedNode]:
        """What a name stands for: a platform itself, a class with its members, a company's platforms."""
        thing, kind = resolve.resolve(self.store, name, self._platforms_first(name))
        if kind in resolve.TARGETS:
            return [thing, *standing.members(self.store, thing)]
        return standing.controlled_platforms(self.store, thing, day, public)

    def matrix(
        self,
        platforms: Sequence[str] = (),
        jurisdictions: Sequence[str] = (),
        *,
        category: str | None = None,
        on: Day = None,
        known: Day = None,
    ) -> Matrix:
        """Jurisdictions against platforms, named or all of a category; by default in every jurisdiction on record.

        Regions are left out unless they are named.

        Raises:
            UnknownName: when a name or category means nothing in the record.
            AmbiguousName: when a name means several things.
            UsageError: when a day is none, or platforms and a category are both given, or neither.
        """
        from kg.answers.matrix import matrix

        if bool(platforms) == (category is not None):
            raise UsageError(
                "name platforms or a category, not both"
                if platforms
                else "name platforms, as in --platforms TikTok,X, or a --category such as messenger"
            )
        day, public = parse_day(on), parse_day(known)
        if category is None:
            chosen = [target for name in platforms for target in self._targets(name, day, public)]
            direct = [resolve.resolve(self.store, name, self._platforms_first(name))[0] for name in platforms]
        else:
            chosen, direct = self._of_category(category), []
        places = [self.place(one) for one in jurisdictions]
        return matrix(self.store, chosen, places, named=[*direct, *places], on=day, known=public)

    def _of_category(self, category: str) -> list[ox.NamedNode]:
        from kg.sparql.parameters import concept

        wanted = names.local_name(concept(self.store, "categories", category, "category").value)
        return [names.thing(one.thing.id) for one in self.list("platforms", category=wanted)]

    def _platforms_first(self, name: str) -> frozenset[str]:
        """Platforms win over companies of the same name, since a status is asked of platforms."""
        return (
            resolve.TARGETS if resolve.exact(self.store, name, resolve.TARGETS) else resolve.TARGETS | resolve.COMPANIES
        )

    def timeline(self, thing: str, jurisdiction: str | None = None, *, known: Day = None) -> Timeline:
        """Everything dated about a thing, oldest first."""
        from kg.answers import history

        node, _ = resolve.resolve(self.store, thing)
        place = self.place(jurisdiction) if jurisdiction else None
        return history.timeline(self.store, node, parse_day(known), place)

    def changes(self, first: Day, last: Day, jurisdiction: str | None = None, *, known: Day = None) -> Changes:
        """What began, ended or was done between two days, both included.

        Raises:
            UsageError: when a day is none, or the last lies before the first.
        """
        from kg.answers import history

        place = self.place(jurisdiction) if jurisdiction else None
        return history.changes(self.store, parse_day(first), parse_day(last), parse_day(known), place)

    def show(self, thing: str, *, known: Day = None) -> Profile:
        """What the record holds about a thing."""
        from kg.answers import history

        node, _ = resolve.resolve(self.store, thing)
        return history.profile(self.store, node, parse_day(known))

    def find(self, text: str, limit: int = 10) -> list[Hit]:
        """Things whose names come near a text, best first."""
        from kg.answers.search import search

        return search(self.store, text, limit=limit)

    def list(
        self,
        kind: str,
        jurisdiction: str | None = None,
        *,
        on: Day = None,
        known: Day = None,
        category: str | None = None,
        level: str | None = None,
    ) -> list[Entry]:
        """The things of one kind (``platforms``, ``companies``, …), filtered."""
        from kg.answers import listing

        place = self.place(jurisdiction) if jurisdiction else None
        return listing.entries(
            self.store,
            kind,
            place=place,
            on=parse_day(on),
            known=parse_day(known),
            category=category,
            level=level,
            in_force=on is not None,
        )

    def info(self) -> dict[str, Any]:
        """Numbers of the record and where the store lies."""
        from kg.answers import listing

        return listing.info(self.store)

    def query(
        self,
        query: str,
        *,
        timeout: float | None = None,
        memory: float | None = None,
        allow_service: bool = False,
        **parameters: object,
    ) -> Answer:
        """Run a named question with its parameters, or any SPARQL text; see :meth:`stream` for the limits.

        A parameter whose name is a word of Python takes an underscore: ``from_``, ``in_``. A query of your own that
        finds nothing because of a slip warns and says which.

        Raises:
            QueryError: when the text does not parse or names a term that the ontology does not declare.
            LimitError: when it takes longer or needs more memory than it may.
            UsageError: when a parameter is unknown or missing.
        """
        from kg.sparql.answer import warn_of_slips

        running = self.stream(query, timeout=timeout, memory=memory, allow_service=allow_service, **parameters)
        answer = running.whole()
        if query not in catalogue.query_files():
            warn_of_slips(running, answer)
        return answer

    def stream(
        self,
        query: str,
        *,
        timeout: float | None = None,
        memory: float | None = None,
        allow_service: bool = False,
        **parameters: object,
    ) -> Results:
        """Start a query and give its rows or triples as they are found, as terms of the engine.

        With ``timeout`` (seconds) or ``memory`` (gigabytes) it runs in a process of its own, which is stopped when it
        reaches a limit. Without them it runs in this process and cannot be interrupted.

        Raises:
            QueryError: when the text does not parse or names a term that the ontology does not declare.
            LimitError: when it takes longer or needs more memory than it may, now or while it is read.
            UsageError: when a parameter is unknown or missing.
        """
        from kg.sparql.limited import Limits
        from kg.sparql.run import bound, bound_text, stream_text

        given = {_parameter(name): str(value) for name, value in parameters.items()}
        text = (bound if query in catalogue.query_files() else bound_text)(self.store, query, given)
        limits = None if timeout is None and memory is None else Limits(timeout or 0, round((memory or 0) * (1 << 30)))
        return stream_text(self.store, text, limits=limits, allow_service=allow_service)

    def place(self, name: str) -> ox.NamedNode:
        """The jurisdiction of a code or name."""
        node, _ = resolve.resolve(self.store, name, resolve.PLACES)
        return node

    def to_rdflib(self) -> rdflib.Graph:
        """The whole compiled graph, derived facts included, for rdflib."""
        import io

        import pyoxigraph as ox
        import rdflib

        buffer = io.BytesIO()
        ox.serialize((quad.triple for quad in self.store.triples()), buffer, format=ox.RdfFormat.N_TRIPLES)
        graph = rdflib.Graph()
        for prefix, namespace in names.PREFIXES.items():
            graph.bind(prefix, namespace)
        return graph.parse(data=buffer.getvalue(), format="nt")

    def to_networkx(
        self,
        thing: str | None = None,
        jurisdiction: str | None = None,
        *,
        on: Day = None,
        known: Day = None,
        depth: int = 1,
        view: str = "acts",
    ) -> nx.MultiDiGraph:
        """Things as nodes and acts as edges, or another view, around one thing or whole; see :mod:`kg.pictures.projection`."""
        from kg.pictures.projection import project

        things = [resolve.resolve(self.store, thing)[0]] if thing else []
        place = self.place(jurisdiction) if jurisdiction else None
        return project(self.store, things, place, on=parse_day(on), known=parse_day(known), depth=depth, view=view)


def _parameter(name: str) -> str:
    """The name of a parameter from that of an argument of Python."""
    plain = name.rstrip("_")
    return "jurisdiction" if plain == "in" else plain


def _paths(given: str | Path | Sequence[str | Path]) -> list[Path]:
    """One path or several; a text is one, and not a list of its letters."""
    return [Path(given)] if isinstance(given, (str, Path)) else [Path(one) for one in given]


def open_graph(
    data: str | Path | Sequence[str | Path] | None = None,
    *,
    beside: str | Path | Sequence[str | Path] | None = None,
    rebuild: bool = False,
    endpoint: str | None = None,
) -> KnowledgeGraph:
    """Open the packaged record, or files of your own in its stead, compiled on first use; or what a SPARQL server holds.

    ``beside`` are folders or files of your own that are compiled together with the record, each file in a named graph;
    without it the environment is asked (``KG_DATA``). ``endpoint`` is the address of the queries of a server; without it
    ``KG_ENDPOINT`` is. Neither is asked where ``data`` is given.

    Raises:
        DataError: when the data is broken; with file and line.
        StoreError: when a compiled store cannot be read, or the server holds no record.
        UsageError: when files and a server are both given, or the address is none.
    """
    if endpoint and (data is not None or beside):
        raise UsageError("name files or an endpoint, not both")
    address = endpoint or (os.environ.get("KG_ENDPOINT") if data is None else None)
    own = _paths(beside) if beside is not None else places.own_data() if data is None else []
    if address and own:
        raise UsageError("data of your own cannot stand beside a record on a server (KG_ENDPOINT); leave out one of the two")  # fmt: skip
    if address:
        from kg.endpoint.store import EndpointStore

        return KnowledgeGraph(EndpointStore(address))
    files = None if data is None else _paths(data)
    if not own:
        return KnowledgeGraph(open_store(files, rebuild=rebuild))
    from kg.build.own import own_files

    return KnowledgeGraph(open_store(files, own=own_files(own), rebuild=rebuild))
