"""The one order in which files of the record are written."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import places
from kg.build.turtle import canonical
from kg.errors import DataError

HEAD = """# What this file is about
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prki: <https://w3id.org/prk/id/> .
@prefix prkc: <https://w3id.org/prk/concept/> .
@prefix prk: <https://w3id.org/prk/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .

"""
BLOCK = """prki:ZZ-peep a prk:Fine ; prk:amount 5.50 ; prk:currency "EUR" ; skos:prefLabel "Fine \\"on\\" Peep"@en ;
  prk:claim [ prk:decided "2024"^^edtf:EDTF ; prk:evidence [ prk:locator "page 2" ; prk:source prki:s-b ] , [ prk:source prki:s-a ] ] .
"""
OTHER = """prki:ZZ-chirp prk:claim [ prk:evidence [ prk:source prki:s-a ] ; prk:validUntil "2024-05-01"^^edtf:EDTF ; prk:scheduledEnd true ] ,
  [ prk:inForceOn "2024-03-02"^^edtf:EDTF ; prk:validFrom "2024-03-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-b ] ] ;
  prk:kind prkc:full-block ; skos:prefLabel "Block"@en ; a prk:RestrictionMeasure .
"""
EXPECTED = """# What this file is about
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix prk: <https://w3id.org/prk/ontology#> .
@prefix prkc: <https://w3id.org/prk/concept/> .
@prefix prki: <https://w3id.org/prk/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

prki:ZZ-chirp a prk:RestrictionMeasure ;
    skos:prefLabel "Block"@en ;
    prk:kind prkc:full-block ;
    prk:claim [
        prk:validFrom "2024-03-01"^^edtf:EDTF ; prk:inForceOn "2024-03-02"^^edtf:EDTF ;
        prk:evidence [ prk:source prki:s-b ]
    ] , [
        prk:validUntil "2024-05-01"^^edtf:EDTF ; prk:scheduledEnd true ;
        prk:evidence [ prk:source prki:s-a ]
    ] .

prki:ZZ-peep a prk:Fine ;
    skos:prefLabel "Fine \\"on\\" Peep"@en ;
    prk:amount 5.50 ;
    prk:currency "EUR" ;
    prk:claim [
        prk:decided "2024"^^edtf:EDTF ;
        prk:evidence [ prk:source prki:s-a ] ,
            [ prk:source prki:s-b ; prk:locator "page 2" ]
    ] .
"""
FILES = places.record_files()


def statements(text: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def test_layout() -> None:
    """Subjects by id, the label first, claims last and by date, each evidence on a line, only the prefixes used."""
    assert canonical(HEAD + BLOCK + OTHER) == EXPECTED


@given(
    st.permutations(
        [BLOCK, OTHER, 'prki:a skos:prefLabel "ä\\n\\t\\\\"@de , "x" ; prk:share 12 ; prk:isWeak false .\n']
    )
)
def test_order_of_the_input_never_shows(parts: list[str]) -> None:
    """The same statements give the same text, whatever order they came in; and it says the same."""
    text = canonical(HEAD + "".join(parts))
    assert text == canonical(HEAD + "".join(sorted(parts)))
    assert statements(text) == statements(HEAD + "".join(parts))


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30))
def test_any_text_survives(text: str) -> None:
    """Quotes, line breaks, back slashes and letters of any script come back as they were."""
    literal = str(ox.Literal(text))
    source = f"{HEAD}prki:a skos:note {literal} .\n"
    assert statements(canonical(source)) == statements(source)


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.name}" for file in FILES])
def test_packaged_file_is_in_order(file: Path) -> None:
    """Every file of the record is written in the one order, and writing it again changes nothing."""
    text = file.read_text(encoding="utf-8")
    assert canonical(text) == text


@pytest.mark.parametrize(
    "text",
    ["[] a prk:Person .", 'prki:a prk:claim prki:b , [ prk:decided "2024"^^edtf:EDTF ] .'],
    ids=["a blank subject", "a named claim beside a blank one"],
)
def test_nothing_is_lost(text: str) -> None:
    """What the order has no place for is refused; a file is never written back with less in it."""
    with pytest.raises(DataError, match="a blank node stands where the record has none"):
        canonical(f"{HEAD}{text}\n")


def test_broken_turtle_is_refused() -> None:
    """What does not parse is refused with its line."""
    with pytest.raises(DataError, match="line 9"):
        canonical(HEAD + "prki:a prk:kind .\n")
