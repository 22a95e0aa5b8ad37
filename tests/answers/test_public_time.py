"""What was publicly known on a day stays so, whatever is published later."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kg import places
from kg.answers.model import to_plain
from kg.build.compile import derive
from kg.graph import KnowledgeGraph
from kg.store import Origin, Store

_FIRST = date(2020, 1, 1)
_HEAD = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix prk: <https://w3id.org/prk/ontology#> .
@prefix prkc: <https://w3id.org/prk/concept/> .
@prefix prki: <https://w3id.org/prk/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

prki:ZZ a prk:Jurisdiction ; skos:prefLabel "Zedland"@en ; skos:notation "ZZ" .
prki:chirper a prk:Platform ; skos:prefLabel "Chirper"@en ; prk:category prkc:social-network .
prki:ZZ-chirper-block a prk:RestrictionMeasure ; skos:prefLabel "Chirper blocked in Zedland"@en ;
    prk:target prki:chirper ; prk:appliesIn prki:ZZ ; prk:kind prkc:full-block ; prk:affects prkc:everyone .
"""

Account = tuple[str, int, int]
"""Field, day that it states, days after that on which its source came out."""
_accounts = st.lists(
    st.tuples(st.sampled_from(["validFrom", "inForceOn"]), st.integers(0, 400), st.integers(0, 200)),
    min_size=2,
    max_size=6,
    unique=True,
)


def _day(number: int) -> date:
    return _FIRST + timedelta(days=number)


def _turtle(accounts: list[Account]) -> str:
    parts = [_HEAD]
    for place, (field, stated, later) in enumerate(accounts):
        source = f"prki:s-{field.lower()}-{stated}-{later}"
        parts.append(
            f'{source} a prk:Source ; dcterms:publisher "Paper {place}" ; prk:url "https://example.org/{field}/{stated}/{later}"^^xsd:anyURI ;\n'
            f'    dcterms:issued "{_day(stated + later)}"^^edtf:EDTF .\n'
            f'prki:ZZ-chirper-block prk:claim [ prk:{field} "{_day(stated)}"^^edtf:EDTF ; prk:evidence [ prk:source {source} ] ] .\n'
        )
    return "".join(parts)


def _answer(accounts: list[Account], on: date, known: date) -> object:
    with TemporaryDirectory() as folder:
        file = Path(folder, "record.ttl")
        file.write_text(_turtle(accounts), encoding="utf-8")
        derived = derive([*places.vocabulary_files(), file])
    graph = KnowledgeGraph(Store(derived, Origin(None, "test", len(derived))))
    return to_plain(graph.status("Chirper", "ZZ", on=on, known=known))


def _without_numbers(answer: object) -> str:
    """The answer as text; papers are numbered by their place in the file, which says nothing."""
    return re.sub(r"Paper \d+", "Paper", str(answer))


@settings(max_examples=20, deadline=None)
@given(_accounts, st.integers(0, 600), st.integers(0, 600))
def test_later_publications_never_change_an_answer_about_what_was_known(
    accounts: list[Account], on: int, known: int
) -> None:
    """The answer as known on K is the same with and without every account whose source came out after K."""
    public = [one for one in accounts if one[1] + one[2] <= known]
    if not public:
        # The measure needs one claim to be a fact at all; a far later one stands in for "nothing known".
        public = [max(accounts, key=lambda one: one[1] + one[2])]
    everything, then = _answer(accounts, _day(on), _day(known)), _answer(public, _day(on), _day(known))
    assert _without_numbers(everything) == _without_numbers(then)


@settings(max_examples=15, deadline=None)
@given(_accounts.flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))))
def test_the_order_of_claims_never_matters(orders: tuple[list[Account], list[Account]]) -> None:
    """Shuffling the claims of the file leaves the answer as it is."""
    first, second = (_answer(accounts, _day(300), _day(500)) for accounts in orders)
    assert _without_numbers(first) == _without_numbers(second)
