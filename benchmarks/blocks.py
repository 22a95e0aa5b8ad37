"""Writes blocks of Turtle as text and counts the statements in them; fast, since a hundred million may be wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

HEAD = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix prk: <https://w3id.org/prk/ontology#> .
@prefix prkc: <https://w3id.org/prk/concept/> .
@prefix prki: <https://w3id.org/prk/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Pairs = Iterable[tuple[str, str | Sequence[str]]]
"""Predicates with one object or several, each as Turtle writes it; none for no object."""
Claim = tuple[str, str, Sequence[str]]
"""Which date (``validFrom``), the date as EDTF, the sources. A correction is marked by ``!`` before the name."""


def text(words: str) -> str:
    """English text."""
    return f'"{words}"@en'


def plain(words: str) -> str:
    """Text without a language."""
    return f'"{words}"'


def edtf(when: date | str) -> str:
    """A date of the record."""
    return f'"{when}"^^edtf:EDTF'


class Writer:
    """Collects blocks and counts their statements."""

    def __init__(self) -> None:
        self.blocks: list[str] = [HEAD]
        self.statements = 0

    def add(self, subject: str, kind: str, pairs: Pairs, claims: Sequence[Claim] = ()) -> None:
        """Describe one thing of the record."""
        lines = [f"prki:{subject} a {kind}"]
        self.statements += 1
        for predicate, value in pairs:
            values = (value,) if isinstance(value, str) else value
            if values:
                lines.append(f"{predicate} {' , '.join(values)}")
                self.statements += len(values)
        if claims:
            lines.append("prk:claim " + " , ".join(self._claim(*one) for one in claims))
        self.blocks.append(" ;\n    ".join(lines) + " .\n")

    def _claim(self, name: str, when: str, sources: Sequence[str]) -> str:
        stance = " ; prk:stance prkc:correction" if name[0] == "!" else ""
        places = " , ".join(
            f'[ prk:source prki:{one} ; prk:locator "paragraph {len(one) % 9 + 1}" ]' for one in sources
        )
        self.statements += 2 + bool(stance) + 3 * len(sources)
        return f"[ prk:{name.lstrip('!')} {edtf(when)}{stance} ;\n        prk:evidence {places} ]"

    def whole(self) -> str:
        """Everything so far as one file."""
        return "\n".join(self.blocks)
