"""Why a query found nothing: conditions that no statement of the record can meet.

A query that parses and gives nothing looks like a fact ("no such block"). Often it is a slip: a label without its
language tag, a day without its datatype, an id that nothing has. Each such condition is looked for in the parsed query
(rdflib's algebra) and tested against the record, so that every sentence here is true of the record that was asked.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import names
from kg.sparql.algebra import nodes, parse
from kg.sparql.guard import code_of
from kg.store import Store

if TYPE_CHECKING:
    from rdflib import Literal, URIRef
    from rdflib.term import Identifier

    Pattern = tuple[Identifier, Identifier, Identifier]

_SAMPLE = 2000
"""Values of a property that are looked at to learn what kind of value it has."""
_ID = re.compile(r"(?<![\w:?$@/-])prki:(?P<local>(?:[\w-]|\\[/.%])+)|<https://w3id\.org/prk/id/(?P<iri>[^<>\s]+)>")
_VARIABLE = re.compile(r"[?$]([A-Za-z_]\w*)")
_SELECT = re.compile(r"\bSELECT\b(.*?)(?:\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)
_TEMPLATE = re.compile(r"\bCONSTRUCT\s*\{[^{}]*\}", re.IGNORECASE)
_NUMBERS = frozenset(
    names.PREFIXES["xsd"] + one
    for one in ("integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger")
)
_STRING = names.PREFIXES["xsd"] + "string"
_DATE = names.PREFIXES["xsd"] + "date"
_MOST_PATTERNS = 12
"""Patterns up to which every two of them are tried together."""


def unknown_ids(store: Store, text: str) -> list[str]:
    """Ids of things that a query names and that the record says nothing about, with the nearest that it knows."""
    code = _TEMPLATE.sub(" ", code_of(text))
    written = [hit["iri"] or re.sub(r"\\(.)", r"\1", hit["local"]) for hit in _ID.finditer(code)]
    return [
        f"the record says nothing about prki:{local}{_nearest_thing(store, local)}"
        for local in dict.fromkeys(written)
        if not _mentioned(store, f"<{names.THING}{local}>")
    ]


def unused_variables(text: str) -> list[str]:
    """Columns of a SELECT that stand nowhere else in the query: most likely a slip of the pen."""
    code = code_of(text)
    clause = _SELECT.search(code)
    seen = [found[1] for found in _VARIABLE.finditer(code)]
    if clause is None:
        return []
    alone = [one for one in _VARIABLE.findall(clause[1]) if seen.count(one) == 1 and f"AS ?{one}" not in clause[1]]
    said = []
    for one in alone:
        near = get_close_matches(one, set(seen) - {one}, 1, 0.6)
        said.append(f"?{one} stands nowhere but in SELECT{f'; did you mean ?{near[0]}?' if near else ''}")
    return said


def advise(store: Store, text: str) -> list[str]:
    """Sentences about conditions that nothing in the record meets; none when there is nothing to say."""
    parsed = parse(text)
    if parsed is None:
        return []
    slips = [*([] if store.has_own else _graphs(parsed)), *_things(store, parsed), *_values(store, parsed)]
    return list(dict.fromkeys(slips)) or _pairs(store, _patterns(parsed))


def _patterns(parsed: Any) -> list[Pattern]:
    return [triple for node in nodes(parsed, "BGP") for triple in node.get("triples") or []]


def _graphs(parsed: Any) -> list[str]:
    if any(nodes(parsed, "Graph")) or parsed.get("datasetClause"):
        return ["the record lies in the default graph, so GRAPH and FROM find nothing; take them out"]
    return []


def _things(store: Store, parsed: Any) -> list[str]:
    from rdflib import URIRef

    said = []
    for subject, predicate, value in _patterns(parsed):
        if isinstance(predicate, URIRef) and not _true(store, f"ASK {{ ?s {predicate.n3()} ?o }}"):
            said.append(f"no statement uses {names.shorten(str(predicate))}{_nearest_property(store, predicate)}")
        for end in (subject, value):
            ours = str(end).startswith(names.THING)
            if isinstance(end, URIRef) and not ours and not _mentioned(store, end.n3()):
                said.append(f"the record says nothing about {names.shorten(str(end))}")
    return said


def _values(store: Store, parsed: Any) -> list[str]:
    """Literals that no value of their property can equal, in patterns and in comparisons."""
    from rdflib import Literal, URIRef, Variable

    said = []
    properties: dict[Any, list[URIRef]] = {}
    for _, predicate, value in _patterns(parsed):
        if isinstance(predicate, URIRef) and isinstance(value, Variable):
            properties.setdefault(value, []).append(predicate)
        elif isinstance(predicate, URIRef) and isinstance(value, Literal):
            said += _mismatch(store, predicate, value, equal=True)
    for node in nodes(parsed, "RelationalExpression"):
        for one, other in ((node.get("expr"), node.get("other")), (node.get("other"), node.get("expr"))):
            if isinstance(one, Variable) and isinstance(other, Literal):
                for predicate in properties.get(one, ()):
                    said += _mismatch(store, predicate, other, equal=node.get("op") == "=")
    return said


def _pairs(store: Store, patterns: list[Pattern]) -> list[str]:
    """The first two patterns that each have matches and none together."""
    from itertools import combinations

    from rdflib import Variable
    from rdflib.term import Node

    plain = [one for one in patterns if isinstance(one[1], Node)]
    if len(plain) > _MOST_PATTERNS:
        return []
    for one, other in combinations(plain, 2):
        shared = {term for term in one if isinstance(term, Variable)} & set(other)
        texts = [" ".join(term.n3() for term in pattern) for pattern in (one, other)]
        if shared and not _true(store, f"ASK {{ {texts[0]} . {texts[1]} }}"):
            said = [_short(text).replace("rdf:type", "a") for text in texts]
            return [f"nothing meets both '{said[0]}' and '{said[1]}'"]
    return []


def _mismatch(store: Store, predicate: URIRef, value: Literal, *, equal: bool) -> list[str]:
    kinds = _kinds(store, predicate)
    own = _kind(str(value.datatype or _STRING), value.language)
    if not kinds or (own in kinds and (not equal or _true(store, f"ASK {{ ?s {predicate.n3()} {value.n3()} }}"))):
        return []
    name = names.shorten(str(predicate))
    written = value.n3()
    for kind in kinds:
        better = _rewritten(str(value), kind)
        if _true(store, f"ASK {{ ?s {predicate.n3()} {better} }}"):
            return [f"{name} has no value {_short(written)}; it has {_short(better)}: write that"]
    if own in kinds:
        return []
    kind = kinds[0]
    how = 'a day such as "2026-03-01"^^xsd:date' if kind == _DATE else _short(_rewritten(str(value), kind))
    return [f"{name} has values of the kind {_words(kind)}, and {_short(written)} is none; write {how}"]


def _kinds(store: Store, predicate: URIRef) -> list[str]:
    """The kinds of literal that a property has, the most frequent first; none when it leads to things too."""
    rows = store.select(f"SELECT ?o {{ ?s {predicate.n3()} ?o }} LIMIT {_SAMPLE}")
    values = [row["o"] for row in rows]
    if not values or not all(isinstance(one, ox.Literal) for one in values):
        return []
    seen = [_kind(one.datatype.value, one.language) for one in values]
    return sorted(dict.fromkeys(seen), key=lambda one: (-seen.count(one), one))


def _kind(datatype: str, language: str | None) -> str:
    return f"@{language}" if language else _family(datatype)


def _family(kind: str) -> str:
    return "number" if kind in _NUMBERS else kind


def _rewritten(text: str, kind: str) -> str:
    """A text as a literal of a kind, in SPARQL."""
    if kind.startswith("@"):
        return str(ox.Literal(text, language=kind[1:]))
    if kind == "number":
        return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else str(ox.Literal(text))
    return str(ox.Literal(text, datatype=ox.NamedNode(kind)))


def _words(kind: str) -> str:
    return f"text with the language tag {kind}" if kind.startswith("@") else names.shorten(kind)


def _short(written: str) -> str:
    return re.sub(r"<([^<>]*)>", lambda found: names.shorten(found[1]), written)


def _true(store: Store, text: str) -> bool:
    found = store.run(text)
    return isinstance(found, ox.QueryBoolean) and bool(found)


def _mentioned(store: Store, term: str) -> bool:
    return _true(store, f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} UNION {{ ?s {term} ?o }} }}")


def _nearest_thing(store: Store, local: str) -> str:
    from kg.answers.search import search

    rows = store.select("SELECT DISTINCT ?fact { ?fact prk:claim ?claim }")
    facts = [names.local_name(row["fact"].value) for row in rows]
    here = [one for one in facts if one.partition("-")[0] == local.partition("-")[0]]
    near = get_close_matches(local, here, 1, 0.6) or get_close_matches(local, facts, 1, 0.75)
    if near:
        return f"; did you mean prki:{near[0]}?"
    hits = search(store, local.replace("-", " "), limit=1)
    return f"; did you mean prki:{hits[0].thing.id} ({hits[0].thing.label})?" if hits else "; kg find looks for names"


def _nearest_property(store: Store, predicate: URIRef) -> str:
    used = [names.shorten(row["p"].value) for row in store.select("SELECT DISTINCT ?p { ?s ?p ?o }")]
    near = get_close_matches(names.shorten(str(predicate)), used, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""
