"""SPARQL 1.1 Query Results in JSON and XML, written row by row.

Sources: https://www.w3.org/TR/sparql11-results-json/ and https://www.w3.org/TR/rdf-sparql-XMLres/. The engine can write
both too, but only a whole answer as it stands: not with a limit, and not with columns of labels between the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.names import PREFIXES
from kg.sparql.answer import Term

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold in any form."""
_STRING = PREFIXES["xsd"] + "string"


def write_json(columns: Sequence[str], rows: Iterable[Sequence[Term]], out: TextIO) -> None:
    """Rows as SPARQL JSON."""
    out.write('{"head":{"vars":' + json.dumps(list(columns)) + '},"results":{"bindings":[')
    before = "\n"
    for row in rows:
        binding = {name: _json(term) for name, term in zip(columns, row, strict=True) if term is not None}
        out.write(before + json.dumps(binding, ensure_ascii=False))
        before = ",\n"
    out.write("\n]}}\n")


def write_xml(columns: Sequence[str], rows: Iterable[Sequence[Term]], out: TextIO) -> None:
    """Rows as SPARQL XML."""
    out.write('<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n<head>')
    out.write("".join(f"<variable name={quoteattr(name)}/>" for name in columns) + "</head>\n<results>\n")
    for row in rows:
        cells = (
            f"<binding name={quoteattr(name)}>{_xml(term)}</binding>"
            for name, term in zip(columns, row, strict=True)
            if term is not None
        )
        out.write("<result>" + "".join(cells) + "</result>\n")
    out.write("</results>\n</sparql>\n")


def truth_json(truth: bool) -> str:
    """A yes or no as SPARQL JSON."""
    return json.dumps({"head": {}, "boolean": truth}) + "\n"


def truth_xml(truth: bool) -> str:
    """A yes or no as SPARQL XML."""
    word = "true" if truth else "false"
    return (
        '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/>'
        f"<boolean>{word}</boolean></sparql>\n"
    )


def _json(term: Any) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        kind: dict[str, str] = {}
        if term.language:
            kind = {"xml:lang": term.language}
        elif term.datatype.value != _STRING:
            kind = {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **kind}
    return {
        "type": "triple",
        "value": {
            "subject": _json(term.subject),
            "predicate": _json(term.predicate),
            "object": _json(term.object),
        },
    }


def _xml(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_text(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_text(term.value)}</bnode>"
    if isinstance(term, ox.Literal):
        kind = ""
        if term.language:
            kind = f" xml:lang={quoteattr(term.language)}"
        elif term.datatype.value != _STRING:
            kind = f" datatype={quoteattr(term.datatype.value)}"
        return f"<literal{kind}>{_text(term.value)}</literal>"
    parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
    return "<triple>" + "".join(f"<{name}>{_xml(part)}</{name}>" for name, part in parts) + "</triple>"


def _text(text: str) -> str:
    """Text for an element, so written that every reader gets it back.

    What XML cannot hold becomes the replacement character; blanks at the ends, which readers like to strip, and line
    ends, which they unify, are written as references.
    """
    plain = escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
    return plain if plain == plain.strip() else plain.replace(" ", "&#32;")
