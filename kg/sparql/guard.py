"""What a query may not do, and slips that would otherwise give an empty answer.

A query may come from a stranger's file. It must not change anything or reach into the network, so updates and, unless
allowed, ``SERVICE`` are refused before the engine sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from kg import names, places
from kg.errors import QueryError

_OWN = re.compile(r"\b(prk|prkc):([A-Za-z][\w-]*)|<(https://w3id\.org/prk/(?:ontology#|concept/))([\w-]+)>")
_QUIET = re.compile(
    r"(?P<iri><[^<>\"{}|^`\s]*>)|'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|\"(?:\\.|[^\"\\\r\n])*\"|'(?:\\.|[^'\\\r\n])*'|#[^\r\n]*",
    re.DOTALL,
)
"""IRIs, which stay, and strings and comments, whose words mean nothing."""
_QUOTE_IN_IRI = re.compile(r"<[^<>\"{}|^`\s]*'[^<>\"{}|^`\s]*>")
"""May also be a comparison with a string: then nothing may be overlooked as if it were quoted."""
_NAMES = re.compile(r"<[^<>\"{}|^`\s]*>|(?<=[?$])[A-Za-z0-9_]+|(?<=:)[A-Za-z0-9_%:-]+")
_PREFIXED = re.compile(r"(?<![\w:?$@/-])([A-Za-z][\w-]*):[A-Za-z]")
_DECLARATION = re.compile(r"\bPREFIX\s+([\w-]*):", re.IGNORECASE)
_NAMESPACE = re.compile(r"\bPREFIX\s+([\w-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_UPDATE = re.compile(r"\b(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b", re.IGNORECASE)
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_SERVICE = re.compile(r"SERVICE", re.IGNORECASE)
"""Without word boundaries: the engine reads ``1SERVICE<…>`` and ``SERVICESILENT<…>`` as calls too."""
_PLACE = re.compile(r"(?P<line>\d+):(?P<column>\d+)")
_OWN_WORDS = {
    "The SELECT contains a variable that is unbound": "a variable of SELECT is neither in GROUP BY nor inside COUNT, MIN, SAMPLE or their like"
}
"""What the engine says of a query that parses, in words that say what to do."""
_SENTENCE = re.compile(r"[A-Z][A-Za-z]*( [A-Za-z]+){2,}")
"""A sentence among the marks that the engine expected: what it has to say about a query that parses and means nothing."""


def code_of(text: str) -> str:
    """The query with blanks in place of strings and comments: every other character stays where it is."""
    return _QUIET.sub(lambda found: found["iri"] or re.sub(r"[^\r\n]", " ", found[0]), text)


def inspect(text: str, *, allow_service: bool = False) -> None:
    """Refuse what may not run and what cannot mean what it says.

    Raises:
        QueryError: for an update, SERVICE, a prefix that is not declared, or a term of ours that does not exist.
    """
    code = code_of(text)
    if _UPDATE.search(code) and not _FORM.search(code):
        raise QueryError("this is an update; queries read and never change the store")
    if not allow_service and _SERVICE.search(_NAMES.sub("", text if _QUOTE_IN_IRI.search(text) else code)):
        raise QueryError(
            "SERVICE would reach into the network; take it out, or allow it with --allow-service if you trust the query"
        )
    _require_prefixes(text, code)
    _require_terms(text, code)


def _require_prefixes(text: str, code: str) -> None:
    bound = declared_prefixes(code) | set(names.PREFIXES)
    for found in _prefixed(code):
        if found[1] not in bound:
            near = get_close_matches(found[1], bound, 1, 0.5)
            hint = f"; did you mean {near[0]}:?" if near else "; declare it with PREFIX"
            raise QueryError(pointed(text, found.start(1), f"the prefix {found[1]}: is not declared{hint}"))


def declared_prefixes(code: str) -> set[str]:
    """The prefixes that a query declares."""
    return {found[1] for found in _DECLARATION.finditer(code)}


def own_prefixes(text: str) -> dict[str, str]:
    """The prefixes that a query declares, with their namespaces."""
    return dict(_NAMESPACE.findall(code_of(text)))


def used_prefixes(code: str) -> set[str]:
    """The prefixes that a query uses."""
    return {found[1] for found in _prefixed(code)}


def _prefixed(code: str) -> Iterator[re.Match[str]]:
    return _PREFIXED.finditer(re.sub(r"<[^<>\s]*>", lambda iri: " " * len(iri[0]), code))


def _require_terms(text: str, code: str) -> None:
    declared = declared_terms()
    for found in _OWN.finditer(code):
        prefix = found[1] or ("prk" if (found[3] or "").endswith("#") else "prkc")
        term = f"{prefix}:{found[2] or found[4]}"
        if term not in declared:
            near = get_close_matches(term, declared, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise QueryError(pointed(text, found.start(), f"the ontology has no term {term}{hint}"))


@cache
def declared_terms() -> frozenset[str]:
    """Every term that the ontology files declare, in prefixed form."""
    found: set[str] = set()
    for file in places.vocabulary_files():
        for match in re.finditer(r"^(prkc?:[\w-]+)\s", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(match[1])
    return frozenset(found)


def pointed(text: str, offset: int, message: str) -> str:
    """A message with the line, the column and a caret under the place that it is about."""
    before = text[:offset]
    line = before.count("\n") + 1
    column = offset - (before.rfind("\n") + 1) + 1
    return _with_caret(text, line, column, f"line {line}, column {column}: {message}")


def syntax_message(text: str, error: SyntaxError) -> str:
    """Where a query stops making sense, with a caret.

    The engine says how far it came, which is often the end of the text. The parser of rdflib says where the part
    begins that it could make nothing of; where it fails too, its place is the better one.
    """
    place = _where_rdflib_stops(text)
    if place is not None:
        line, column = place
        before = text.split("\n")[: line - 1]
        if not text[sum(map(len, before)) + len(before) + column - 1 :].strip():
            return pointed(text, len(text.rstrip()), "the query ends too early")
        said = f"the query does not parse: what begins at line {line}, column {column} is incomplete or out of place"
        return _with_caret(text, line, column, said)
    message = error.msg or ""
    found = _PLACE.search(message)
    sentence = _SENTENCE.search(re.sub(r"^error at \d+:\d+: expected (one of )?", "", " ".join(message.split())))
    why = _OWN_WORDS.get(sentence[0], sentence[0]) if sentence else "something is out of place"
    if found is None:
        return f"the query does not parse: {message}"
    line, column = int(found["line"]), int(found["column"])
    return _with_caret(text, line, column, f"the query does not parse up to line {line}, column {column}: {why}")


def _where_rdflib_stops(text: str) -> tuple[int, int] | None:
    """Line and column at which rdflib's parser gives up; nothing when it does not."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(text)
    except ParseBaseException as error:
        return error.lineno, error.column
    except Exception:  # noqa: BLE001  only the place is wanted from it
        return None
    return None


def _with_caret(text: str, line: int, column: int, message: str) -> str:
    lines = text.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1].replace("\t", " ")
    start = max(0, column - 60) if len(shown) > 100 else 0
    caret = " " * max(0, column - 1 - start) + "^"
    return f"{message}\n  {shown[start : start + 100]}\n  {caret}"
