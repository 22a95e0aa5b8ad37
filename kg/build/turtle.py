"""One way to write a file of the record, so that a change of one fact is a change of few lines.

Subjects stand in the order of their ids, properties in a fixed order with the claims last, claims by their dates,
each evidence on a line of its own. Comments inside a file are not kept; the comment at its top is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kg import names
from kg.errors import DataError

_FIRST = (
    "rdf:type", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "skos:notation", "skos:note", "skos:exactMatch",
    "dcterms:title", "dcterms:publisher", "prk:reprintOf", "dcterms:issued", "dcterms:language", "prk:sourceKind", "prk:readOn", "prk:url",
    "prk:target", "prk:concerns", "prk:appliesIn", "prk:areaNote", "prk:kind", "prk:designatedAs", "prk:level", "prk:affects", "prk:devicesOf",
    "prk:feature", "prk:mechanism", "prk:onNetwork", "prk:imposedBy", "prk:decidedBy", "prk:carriedOutBy", "prk:speaker", "prk:about",
    "prk:ofLaw", "prk:phase", "prk:basedOn", "prk:ground", "prk:amount", "prk:currency", "prk:lifts", "prk:suspends", "prk:exempts",
    "prk:beneficiary", "prk:limitedTo", "prk:follows", "prk:owner", "prk:asset", "prk:ownershipKind", "prk:share",
    "prk:validFrom", "prk:inForceOn", "prk:validUntil", "prk:scheduledEnd", "prk:decided", "prk:announced", "prk:published", "prk:said",
    "prk:source", "prk:locator",
)  # fmt: skip
_LAST = ("prk:confidence", "prk:stance", "prk:accordingTo", "prk:evidence", "prk:claim")
_DATES = ("validFrom", "decided", "announced", "published", "said", "inForceOn", "validUntil")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_Node = ox.NamedNode | ox.BlankNode
_Facts = dict[ox.NamedNode, list[names.Term]]


def canonical(text: str) -> str:
    """Turtle text in the order of the record.

    Raises:
        DataError: when it does not parse, or holds what this order has no place for (it would be lost).
    """
    try:
        quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise DataError(f"line {error.lineno or 1}: not valid Turtle") from None
    tidy = _Writer(quads).text(_top_comment(text))
    if len(set(ox.parse(tidy.encode(), format=ox.RdfFormat.TURTLE))) != len(set(quads)):
        raise DataError(
            "a blank node stands where the record has none; name it, or put it inside prk:claim or prk:evidence"
        )
    return tidy


def _top_comment(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line)
    return lines


class _Writer:
    """The statements of one file, by subject, and the prefixes that writing them needs."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._about: dict[_Node, _Facts] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            assert isinstance(quad.subject, _Node)
            values = self._about[quad.subject][quad.predicate]
            if quad.object not in values:
                values.append(quad.object)
        self._used: set[str] = set()

    def text(self, top: list[str]) -> str:
        subjects = sorted((one for one in self._about if isinstance(one, ox.NamedNode)), key=lambda one: one.value)
        blocks = [self._block(one) for one in subjects]
        prefixes = [f"@prefix {one}: <{names.PREFIXES[one]}> ." for one in sorted(self._used)]
        return "\n".join([*top, *prefixes]) + "\n\n" + "\n\n".join(blocks) + "\n"

    def _block(self, subject: ox.NamedNode) -> str:
        lines = [self._line(predicate, values) for predicate, values in self._ordered(self._about[subject])]
        return f"{self._term(subject)} " + " ;\n    ".join(lines) + " ."

    def _ordered(self, facts: _Facts) -> list[tuple[ox.NamedNode, list[names.Term]]]:
        return sorted(facts.items(), key=lambda one: _place(names.shorten(one[0].value)))

    def _line(self, predicate: ox.NamedNode, values: list[names.Term]) -> str:
        if predicate == names.CLAIM and any(isinstance(one, ox.BlankNode) for one in values):
            return f"prk:claim {self._claims(values)}"
        name = "a" if predicate == names.TYPE else self._term(predicate)
        return f"{name} " + " , ".join(sorted(self._term(one) for one in values))

    def _claims(self, values: list[names.Term]) -> str:
        blanks = [one for one in values if isinstance(one, ox.BlankNode)]
        written = sorted((self._when(one), self._claim(one)) for one in blanks)
        return " , ".join(text for _, text in written)

    def _when(self, claim: ox.BlankNode) -> tuple[tuple[int, str], ...]:
        dates = [
            (_DATES.index(name), value.value)
            for predicate, values in self._about[claim].items()
            for value in values
            if isinstance(value, ox.Literal) and (name := names.local_name(predicate.value)) in _DATES
        ]
        return tuple(sorted(dates))

    def _claim(self, claim: ox.BlankNode) -> str:
        stated, evidence = [], []
        for predicate, values in self._ordered(self._about[claim]):
            if predicate == names.EVIDENCE:
                evidence = sorted(self._inside(one) for one in values)
            else:
                stated.append(self._line(predicate, values))
        parts = [" ; ".join(stated)] if stated else []
        if evidence:
            self._used.add("prk")
            parts.append("prk:evidence " + " ,\n            ".join(evidence))
        return "[\n        " + " ;\n        ".join(parts) + "\n    ]"

    def _inside(self, node: names.Term) -> str:
        if not isinstance(node, ox.BlankNode):
            return self._term(node)
        lines = [self._line(predicate, values) for predicate, values in self._ordered(self._about[node])]
        return "[ " + " ; ".join(lines) + " ]"

    def _term(self, term: names.Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self._short(term)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        return self._inside(term)

    def _short(self, term: ox.NamedNode) -> str:
        for prefix, space in names.PREFIXES.items():
            local = term.value.removeprefix(space)
            if local != term.value and _LOCAL.fullmatch(local):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return str(term)

    def _literal(self, term: ox.Literal) -> str:
        kind = term.datatype.value
        if kind == f"{_XSD}boolean" and term.value in {"true", "false"}:
            return term.value
        wanted = f"{_XSD}decimal" if "." in term.value else f"{_XSD}integer"
        if kind == wanted and _NUMBER.fullmatch(term.value):
            return term.value
        if term.language or kind == f"{_XSD}string":
            return str(term)
        return f"{ox.Literal(term.value)}^^{self._short(term.datatype)}"


def _place(name: str) -> tuple[int, int, str]:
    if name in _FIRST:
        return 0, _FIRST.index(name), name
    return (2, _LAST.index(name), name) if name in _LAST else (1, 0, name)
