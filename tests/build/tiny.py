"""Tiny records written out in a test: a head with prefixes, sources of given days, and what the test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from kg import names, places
from kg.build.compile import derive

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.PREFIXES.items()) + "\n"
HEAD_LINES = HEAD.count("\n")
OPEN_START, OPEN_END = "0001-01-01", "9999-12-31"

THINGS = """
prki:ZZ a prk:Jurisdiction ; skos:prefLabel "Zedland"@en ; skos:notation "ZZ" .
prki:ZZ-NO a prk:Jurisdiction ; skos:prefLabel "North Zedland"@en ; skos:notation "ZZ-NO" ; prk:within prki:ZZ .
prki:chirp a prk:Platform ; skos:prefLabel "Chirp"@en ; prk:category prkc:messenger .
prki:peep a prk:Platform ; skos:prefLabel "Peep"@en ; prk:category prkc:messenger .
prki:top a prk:Company ; skos:prefLabel "Top"@en .
prki:middle a prk:Company ; skos:prefLabel "Middle"@en .
prki:low a prk:Company ; skos:prefLabel "Low"@en .
"""


def source(day: str) -> str:
    """A source issued on a day; its id is made of the day."""
    return (
        f'prki:s-{_slug(day)} a prk:Source ; dcterms:publisher "Gazette" ; '
        f'dcterms:issued "{day}"^^edtf:EDTF ; prk:url "https://example.org/{_slug(day)}"^^xsd:anyURI .\n'
    )


def claim(public: str, *, extra: str = "", **dates: str) -> str:
    """A claim that a source of the day ``public`` makes."""
    told = " ; ".join(f'prk:{name} "{text}"^^edtf:EDTF' for name, text in dates.items())
    fields = " ; ".join(part for part in (told, extra) if part)
    return f"[ {fields} ; prk:evidence [ prk:source prki:s-{_slug(public)} ] ]"


def node(name: str, kind: str, fields: str, *claims: str) -> str:
    """A time-bound node with its claims."""
    parts = [f'skos:prefLabel "{name}"@en', fields, f"prk:claim {' , '.join(claims)}" if claims else ""]
    return f"prki:{name} a prk:{kind} ; {' ; '.join(part for part in parts if part)} .\n"


def measure(
    name: str, *claims: str, target: str = "chirp", area: str = "ZZ", kind: str = "full-block", more: str = ""
) -> str:
    """A restriction measure."""
    fields = f"prk:target prki:{target} ; prk:appliesIn prki:{area} ; prk:kind prkc:{kind} ; prk:affects prkc:everyone"
    return node(name, "RestrictionMeasure", f"{fields} ; {more}" if more else fields, *claims)


def owns(owner: str, asset: str, *claims: str, kind: str = "owns", more: str = "") -> str:
    """An ownership."""
    fields = f"prk:owner prki:{owner} ; prk:asset prki:{asset} ; prk:ownershipKind prkc:{kind}"
    return node(f"{owner}-of-{asset}", "Ownership", f"{fields} ; {more}" if more else fields, *claims)


def designation(name: str, target: str, *claims: str, kind: str = "extremist-organisation", more: str = "") -> str:
    """A designation."""
    fields = f"prk:target prki:{target} ; prk:appliesIn prki:ZZ ; prk:designatedAs prkc:{kind}"
    return node(name, "Designation", f"{fields} ; {more}" if more else fields, *claims)


def write(folder: Path, *parts: str, name: str = "record.ttl") -> Path:
    """One file of the record."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "".join(parts), encoding="utf-8")
    return file


def derived(folder: Path, days: Sequence[str], *parts: str) -> ox.Store:
    """The derived graph of a tiny world with sources of the given days."""
    return derive([*places.vocabulary_files(), write(folder, THINGS, *map(source, days), *parts)])


def dump(store: ox.Store) -> list[str]:
    """Everything that a store holds, in an order of its own."""
    return sorted(str(quad) for quad in store)


def values(store: ox.Store, subject: str, predicate: str) -> set[str]:
    """The short names of what a thing has under a property of ours."""
    found = store.quads_for_pattern(names.thing(subject), ox.NamedNode(names.ONTOLOGY + predicate), None)
    return {names.local_name(names.text_of(quad.object)) for quad in found}


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One version as four or six days: public from and until, start and end."""

    public: tuple[str, str]
    start: tuple[str, str]
    end: tuple[str, str]


_VERSION_DAYS = (
    *(names.KNOWN_FROM, names.KNOWN_UNTIL, names.FROM_EARLIEST, names.FROM_LATEST),
    *(names.UNTIL_EARLIEST, names.UNTIL_LATEST),
)


def versions(store: ox.Store, subject: str) -> list[Known]:
    """The versions of a node, the first public one first."""
    found = []
    for link in store.quads_for_pattern(names.thing(subject), names.VERSION, None):
        assert isinstance(link.object, ox.NamedNode)
        six = [_only(store, link.object, predicate) for predicate in _VERSION_DAYS]
        found.append(Known((six[0], six[1]), (six[2], six[3]), (six[4], six[5])))
    return sorted(found)


def known_on(store: ox.Store, subject: str, day: str) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Start and end of a node as public on a day."""
    return [(one.start, one.end) for one in versions(store, subject) if one.public[0] <= day < one.public[1]]


def day(text: str) -> date:
    """A day from its ISO form."""
    return date.fromisoformat(text)


def _only(store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> str:
    (quad,) = store.quads_for_pattern(subject, predicate, None)
    return names.text_of(quad.object)


def _slug(text: str) -> str:
    return "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in text)
