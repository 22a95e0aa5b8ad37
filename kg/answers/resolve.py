"""From what a person types to the thing meant: label, alias, id, IRI, code or domain, in any case and script."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from kg import names
from kg.answers.facts import ask
from kg.build.lookup import fold
from kg.errors import AmbiguousName, UnknownName
from kg.store import Row, Store

TARGETS = frozenset({"Platform", "ServiceClass", "NetworkAccess"})
COMPANIES = frozenset({"Company"})
PLACES = frozenset({"Jurisdiction"})
AUTHORITIES = frozenset({"Authority", "Regulator", "Court", "Ministry", "Legislature"})
LAWS = frozenset({"eli:LegalResource", "eli:LegalResourceSubdivision"})
PEOPLE = frozenset({"Person"})
EVERYTHING = TARGETS | COMPANIES | PLACES | AUTHORITIES | LAWS | PEOPLE
_WORDS = {
    TARGETS: "platform",
    PLACES: "jurisdiction",
    COMPANIES: "company",
    AUTHORITIES: "authority",
    LAWS: "law",
    TARGETS | COMPANIES: "platform or company",
}
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


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
        choices = [f"{label} ({kind}, prki:{names.local_name(iri)})" for iri, (kind, label) in sorted(found.items())]
        raise AmbiguousName(
            f"'{text}' means several things: {'; '.join(choices)}. Ask again with the one you mean, such as kg show prki:{names.local_name(min(found))}.",
            choices,
        )
    other = exact(store, text, EVERYTHING)
    if other and wanted != PLACES:
        iri, (kind, label) = next(iter(sorted(other.items())))
        raise UnknownName(
            f"{label} is no {what} ({kind} in the record); kg show prki:{names.local_name(iri)} tells about it", [label]
        )
    from kg.answers.search import nearest

    near = nearest(store, text, wanted)
    if wanted == PLACES:
        meant = f"did you mean {' or '.join(near)}?" if near else "kg list jurisdictions shows the codes"
        raise UnknownName(f"no jurisdiction has the code or name '{text}'; {meant}", near)
    hint = f"did you mean {' or '.join(near)}?" if near else "kg find searches more widely"
    raise UnknownName(f"no {what} is called '{text}'; {hint}", near)


def exact(store: Store, text: str, wanted: frozenset[str]) -> dict[str, tuple[str, str]]:
    """The things whose name, code, id or domain a text is: IRI to class and label."""
    local = names.local_name(text.strip()).removeprefix("prki:")
    by_id = local != text.strip()
    for key in _keys(local):
        found = pick(ask(store, "look-up", key=ox.Literal(key)), wanted)
        if by_id:
            found = {iri: what for iri, what in found.items() if names.local_name(iri) == local}
        if found:
            return found
    return {}


def _keys(text: str) -> Iterable[str]:
    """The folded text, and for an address or host its host and every parent domain."""
    plain = fold(text)
    yield plain
    host = _host(text) if "." in text else ""
    while _HOST.fullmatch(host) and not _is_address(host):
        yield host
        host = host.partition(".")[2]


def _host(text: str) -> str:
    from urllib.parse import urlsplit

    try:
        return fold(urlsplit(text if "//" in text else f"//{text}").hostname or "")
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def pick(rows: list[Row], wanted: frozenset[str]) -> dict[str, tuple[str, str]]:
    """The things among some rows that are of a wanted class: IRI to class and label."""
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        kind = names.local_name(names.shorten(row["type"].value).removeprefix("prk:"))
        if kind in wanted and (row["thing"].value not in found or kind != "Authority"):
            found[row["thing"].value] = (kind, row["label"].value)
    return found
