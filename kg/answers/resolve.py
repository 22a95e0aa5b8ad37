"""From what a person types to the thing meant: label, alias, id, IRI, code or domain, in any case and script."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg import names
from kg.answers.facts import ask
from kg.answers.model import Hit, Ref
from kg.build.lookup import fold, skeleton
from kg.errors import AmbiguousName, UnknownName
from kg.store import Row, Store

TARGETS = frozenset({"Platform", "ServiceClass", "NetworkAccess"})
COMPANIES = frozenset({"Company"})
PLACES = frozenset({"Jurisdiction"})
AUTHORITIES = frozenset({"Authority", "Regulator", "Court", "Ministry", "Legislature"})
LAWS = frozenset({"eli:LegalResource", "eli:LegalResourceSubdivision"})
PEOPLE = frozenset({"Person"})
EVERYTHING = TARGETS | COMPANIES | PLACES | AUTHORITIES | LAWS | PEOPLE
_WORDS = {TARGETS: "platform", PLACES: "jurisdiction", COMPANIES: "company", TARGETS | COMPANIES: "platform or company"}
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_NEAR, _SURE_ENOUGH_TO_SUGGEST, _ABOUT_AS_GOOD = 60, 55, 5


def resolve(store: Store, text: str, wanted: frozenset[str] = EVERYTHING) -> tuple[ox.NamedNode, str]:
    """Find the one thing that a name means; give it with its class.

    Raises:
        UnknownName: when nothing answers to it; the nearest names are suggested.
        AmbiguousName: when several things do; their ids are listed.
    """
    found = exact(store, text, wanted)
    if len(found) == 1:
        iri, (kind, _) = next(iter(found.items()))
        return ox.NamedNode(iri), kind
    what = _WORDS.get(wanted, "thing")
    if found:
        choices = [f"{label} ({kind}, id {names.local_name(iri)})" for iri, (kind, label) in sorted(found.items())]
        raise AmbiguousName(f"'{text}' means several things: {'; '.join(choices)}. Ask again with the id.", choices)
    near = _nearest(search(store, text, wanted, limit=3))
    if wanted == PLACES:
        raise UnknownName(f"no jurisdiction has the code or name '{text}'; kg list jurisdictions shows the codes", near)
    hint = f"did you mean {' or '.join(near)}?" if near else "kg find searches more widely"
    raise UnknownName(f"no {what} is called '{text}'; {hint}", near)


def _nearest(hits: list[Hit]) -> list[str]:
    """The names worth suggesting: the best hit and those about as good."""
    return list(dict.fromkeys(hit.thing.label for hit in hits if hit.score >= hits[0].score - _ABOUT_AS_GOOD))


def exact(store: Store, text: str, wanted: frozenset[str]) -> dict[str, tuple[str, str]]:
    """The things whose name, code, id or domain a text is: IRI to class and label."""
    iri = text.strip()
    if iri.startswith(names.THING):
        iri = names.local_name(iri)
    iri = iri.removeprefix("prki:")
    for key in _keys(iri):
        found = _pick(ask(store, "look-up", key=ox.Literal(key)), wanted)
        if found:
            return found
    return {}


def _keys(text: str) -> Iterable[str]:
    """The folded text, and for an address or host its host and every parent domain."""
    plain = fold(text)
    yield plain
    host = fold(urlsplit(text if "//" in text else f"//{text}").hostname or "") if "." in text else ""
    while _HOST.fullmatch(host) and not _is_address(host):
        yield host
        host = host.partition(".")[2]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _pick(rows: list[Row], wanted: frozenset[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        kind = names.local_name(names.shorten(row["type"].value).removeprefix("prk:"))
        if kind in wanted and (row["thing"].value not in found or kind != "Authority"):
            found[row["thing"].value] = (kind, row["label"].value)
    return found


def search(store: Store, text: str, wanted: frozenset[str] = EVERYTHING, limit: int = 10) -> list[Hit]:
    """Things whose names come near a text, best first; forgives slips, scripts, the asterisk, sub-domains."""
    from rapidfuzz import fuzz, process

    hits = [Hit(Ref(names.local_name(iri), label), kind, fold(text), 100) for iri, (kind, label) in sorted(exact(store, text, wanted).items())]
    rows = [row for row in ask(store, "look-up-keys") if _pick([row], wanted)]
    keys = [skeleton(row["key"].value) for row in rows]
    found: dict[str, Hit] = {hit.thing.id: hit for hit in hits}
    asked = skeleton(text)
    for key, score, index in process.extract(asked, keys, scorer=fuzz.WRatio if len(asked) > 4 else fuzz.ratio, limit=limit * 4, score_cutoff=_NEAR):
        row = rows[index]
        kind, label = next(iter(_pick([row], wanted).values()))
        adjusted = round(score * (0.5 + 0.5 * min(len(key), len(asked)) / max(len(key), len(asked), 1)))
        thing = Ref(names.local_name(row["thing"].value), label)
        if thing.id not in found or found[thing.id].score < adjusted:
            found[thing.id] = Hit(thing, kind, row["key"].value, max(adjusted, 0))
    ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.thing.label, hit.thing.id))
    return [hit for hit in ranked if hit.score >= _SURE_ENOUGH_TO_SUGGEST or hit in hits][:limit]
