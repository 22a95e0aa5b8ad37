"""What a query asks of the record: its patterns with the number of statements that match each, and what will be slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg import names
from kg.errors import QueryError
from kg.sparql.algebra import nodes, parse
from kg.sparql.guard import code_of, declared_prefixes, used_prefixes
from kg.store import Store

_MOST = 100_000
"""Matches up to which a pattern is counted."""


def explain(store: Store, text: str) -> list[str]:
    """Lines that say what a query does, before it runs.

    Raises:
        QueryError: when the query uses what only the embedded engine understands.
    """
    parsed = parse(text)
    if parsed is None:
        raise QueryError("this query uses what only the embedded engine understands; it can be run, not explained")
    constants = _constants(parsed)
    lines = [f"form: {parsed.name.removesuffix('Query').upper()}"]
    if "PV" in parsed:
        lines.append("columns: " + ", ".join(str(one) for one in parsed["PV"]))
    lines += ["", "matches  pattern (fewest first; the engine joins equal patterns in the order of the text)"]
    counted = [
        (_count(store, " ".join(constants.get(term, term).n3() for term in pattern)), pattern)
        for pattern in _patterns(parsed)
    ]
    for number, pattern in sorted(counted, key=lambda one: one[0]):
        shown = f"more than {_MOST}" if number > _MOST else str(number)
        lines.append(f"{shown:>7}  {' '.join(_short(term) for term in pattern)}")
    lines += ["", *(f"note: {one}" for one in dict.fromkeys(_notes(parsed)))]
    return [*lines, *([""] if lines[-1] else []), *portable(text).splitlines()]


def portable(text: str) -> str:
    """The query with every prefix declared that it uses, so that it runs in any other tool."""
    code = code_of(text)
    missing = sorted(used_prefixes(code) - declared_prefixes(code))
    return "".join(f"PREFIX {one}: <{names.PREFIXES[one]}>\n" for one in missing if one in names.PREFIXES) + text


def _constants(parsed: Any) -> dict[Any, Any]:
    """Variables that ``VALUES`` gives one value each."""
    found: dict[Any, set[Any]] = {}
    for node in nodes(parsed, "values"):
        for row in node.get("res") or []:
            for variable, value in row.items():
                found.setdefault(variable, set()).add(value)
    return {
        variable: next(iter(values)) for variable, values in found.items() if len(values) == 1 and "UNDEF" not in values
    }


def _patterns(parsed: Any) -> Iterator[Any]:
    for node in nodes(parsed, "BGP"):
        yield from node.get("triples") or []


def _count(store: Store, pattern: str) -> int:
    rows = store.select(f"SELECT (COUNT(*) AS ?n) {{ SELECT * {{ {pattern} }} LIMIT {_MOST + 1} }}")
    return int(rows[0]["n"].value)


def _short(term: Any) -> str:
    return re.sub(r"<([^<>]*)>", lambda found: names.shorten(found[1]), str(term.n3())).replace("rdf:type", "a")


def _notes(parsed: Any) -> Iterator[str]:
    from rdflib import URIRef, Variable
    from rdflib.paths import MulPath

    triples = list(_patterns(parsed))
    properties = {triple[1] for triple in triples if isinstance(triple[1], Variable)}
    for triple in triples:
        if all(isinstance(term, Variable) for term in triple):
            yield f"'{' '.join(_short(term) for term in triple)}' alone matches every statement"
        if isinstance(triple[1], MulPath) and isinstance(triple[0], Variable) and isinstance(triple[2], Variable):
            yield f"the path {_short(triple[1])} is long work when neither of its ends is known before it"
    for node in nodes(parsed, "RelationalExpression"):
        one, other = node.get("expr"), node.get("other")
        if node.get("op") == "=" and isinstance(one, Variable) and one in properties and isinstance(other, URIRef):
            yield f"?{one} is compared with one property; write {_short(other)} in the pattern itself"
    for node in nodes(parsed, "Join"):
        if getattr(node.get("p1"), "name", "") == "LeftJoin" and getattr(node.get("p2"), "name", "") == "BGP":
            yield "an OPTIONAL stands before required patterns; behind them it has less to do"
    if any(nodes(parsed, "Builtin_NOTEXISTS", "Builtin_EXISTS")):
        yield "EXISTS and NOT EXISTS are tried for every row before them"
    if any(nodes(parsed, "Builtin_REGEX", "Builtin_CONTAINS")):
        yield "REGEX and CONTAINS read every value; kg find looks names up"
