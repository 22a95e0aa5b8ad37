"""Fourth step of the build: the claims of a node become versions.

A version is a rectangle: what the claims that were public in ``[knownFrom, knownUntil)`` say, taken together, about
when the node began and ended. All six bounds are always there, with sentinels for "open", so that queries compare
days and need no optional parts. A claim that becomes public after day K starts a new rectangle and leaves those
before K untouched: an answer *as publicly known on K* never changes afterwards.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import pyoxigraph as ox

from kg import names
from kg.build.progress import Bar, Report, told
from kg.build.read import batches
from kg.dates import FIRST_DAY, LAST_DAY, SOME_DAY, Bounds, combine, next_day, parse_edtf

_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one account says: bounds for each date field it states, and from when it was public."""

    iri: str
    known_from: date
    correction: bool = False
    dates: tuple[tuple[str, Bounds], ...] = field(default=())

    def states(self, name: str) -> list[Bounds]:
        """The bounds of one field; a claim may state it more than once."""
        return [bounds for key, bounds in self.dates if key == name]


@dataclass(frozen=True, slots=True)
class Version:
    """What was known in one stretch of public time, as six bounds."""

    known: tuple[date, date]
    start: Bounds
    end: Bounds
    confirmed: date | None
    claims: tuple[str, ...]

    def content(self) -> tuple[Bounds, Bounds, date | None]:
        """What must differ for two neighbouring stretches to stay apart."""
        return self.start, self.end, self.confirmed


def versions_of(claims: list[Claim]) -> list[Version]:
    """Cut public time at the days on which claims became public, and combine what was known in each stretch."""
    days = [*sorted({claim.known_from for claim in claims}), LAST_DAY]
    found: list[Version] = []
    for known in pairwise(days):
        public = [claim for claim in claims if claim.known_from <= known[0]]
        version = _combine(public, known)
        if version is None:
            continue
        if found and found[-1].content() == version.content() and found[-1].known[1] == known[0]:
            version = Version(
                (found[-1].known[0], known[1]), version.start, version.end, version.confirmed, version.claims
            )
            found.pop()
        found.append(version)
    return found


def _accounts(public: list[Claim], name: str) -> list[Bounds]:
    """The accounts of one field that stand; a correction withdraws the earlier ones of the fields it states."""
    since = max((claim.known_from for claim in public if claim.correction and claim.states(name)), default=None)
    return [
        bounds
        for claim in public
        if since is None or claim.known_from > since or (claim.correction and claim.known_from == since)
        for bounds in claim.states(name)
    ]


def _combine(public: list[Claim], known: tuple[date, date]) -> Version | None:
    starts = _accounts(public, "validFrom")
    ends = _accounts(public, "validUntil")
    confirmations = _accounts(public, "inForceOn")
    seen = [bounds.earliest for bounds in confirmations]
    iris = tuple(sorted(claim.iri for claim in public))
    if not starts and not ends and not seen:
        act = next((accounts for name in names.ACT_FIELDS if (accounts := _accounts(public, name))), None)
        if act is None:
            return None
        day = combine(act)
        return Version(known, day, Bounds(next_day(day.latest), next_day(day.latest)), None, iris)
    end = _known_to_have_come(combine(ends)) if ends else None
    start = combine(starts) if starts else _some_day_before(end, confirmations)
    confirmed = max(seen, default=None)
    if end is None:
        last = max([start.latest, *seen])
        end = Bounds(next_day(last), LAST_DAY)
    return Version(known, start, end, confirmed, iris)


def _known_to_have_come(end: Bounds) -> Bounds:
    """An end without a latest day came all the same, on some day; see :data:`kg.dates.SOME_DAY`."""
    return Bounds(end.earliest, min(end.latest, SOME_DAY))


def _some_day_before(end: Bounds | None, confirmations: list[Bounds]) -> Bounds:
    """No account of the start: it began on some day up to the first one on which it is said to have run."""
    latest = min(bounds.latest for bounds in [*confirmations, *([end] if end else [])])
    return Bounds(FIRST_DAY, latest)


def add_versions(store: ox.Store, report: Report | None = None) -> None:
    """Write the versions of every node that has claims."""
    nodes = {link.subject for link in store.quads_for_pattern(None, names.CLAIM, None, _DEFAULT)}
    found = (
        quad
        for node in told(report if isinstance(report, Bar) else None, "making versions", nodes, len(nodes))
        if isinstance(node, ox.NamedNode)
        for quad in versions_about(store, node)
    )
    for some in batches(found):
        store.extend(some)


def versions_about(store: ox.Store, node: ox.NamedNode) -> list[ox.Quad]:
    """The versions of one node, from its claims."""
    return [quad for version in versions_of(_claims_of(store, node)) for quad in _quads(node, version)]


def _claims_of(store: ox.Store, node: ox.NamedNode) -> list[Claim]:
    links = store.quads_for_pattern(node, names.CLAIM, None, _DEFAULT)
    read = (_read_claim(store, link.object) for link in links if isinstance(link.object, ox.NamedNode))
    return [claim for claim in read if claim is not None]


def _read_claim(store: ox.Store, node: ox.NamedNode) -> Claim | None:
    known: date | None = None
    correction = False
    dates: list[tuple[str, Bounds]] = []
    for quad in store.quads_for_pattern(node, None, None, _DEFAULT):
        if quad.predicate == names.KNOWN_FROM:
            known = date.fromisoformat(names.text_of(quad.object))
        elif quad.predicate == names.STANCE and quad.object == names.CORRECTION:
            correction = True
        elif isinstance(quad.object, ox.Literal) and quad.object.datatype == names.EDTF:
            dates.append((names.local_name(quad.predicate.value), parse_edtf(quad.object.value)))
    if known is None:
        return None
    return Claim(node.value, known, correction, tuple(sorted(dates)))


def _quads(node: ox.NamedNode, version: Version) -> list[ox.Quad]:
    six = {
        names.KNOWN_FROM: version.known[0],
        names.KNOWN_UNTIL: version.known[1],
        names.FROM_EARLIEST: version.start.earliest,
        names.FROM_LATEST: version.start.latest,
        names.UNTIL_EARLIEST: version.end.earliest,
        names.UNTIL_LATEST: version.end.latest,
    }
    text = "".join(str(day) for day in six.values())
    iri = ox.NamedNode(f"{node.value}/version/{hashlib.sha256(text.encode()).hexdigest()[:10]}")
    quads = [ox.Quad(node, names.VERSION, iri), ox.Quad(iri, names.TYPE, names.VERSION_CLASS)]
    quads += [ox.Quad(iri, predicate, names.day_literal(day)) for predicate, day in six.items()]
    quads += [ox.Quad(iri, names.FROM_CLAIM, ox.NamedNode(claim)) for claim in version.claims]
    if version.confirmed is not None:
        quads.append(ox.Quad(iri, names.LAST_CONFIRMED, names.day_literal(version.confirmed)))
    return quads
