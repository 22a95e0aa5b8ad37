"""Search that forgives slips, other scripts, the asterisk and sub-domains."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal

from kg import catalogue, names
from kg.answers.model import Ref
from kg.answers.records import Hit
from kg.answers.resolve import EVERYTHING, exact, pick
from kg.build.lookup import fold, letter_pairs, skeleton, word_parts
from kg.store import Row, Store

_NEAR, _SURE_ENOUGH_TO_SUGGEST, _ABOUT_AS_GOOD = 60, 55, 5
_CODE = 4
"""Keys shorter than this are codes and acronyms: part of nearly every word, and like it by chance only."""
_LEAST_LETTERS = 3
"""Two letters are near to some code of nearly every country."""
_HALF, _FIFTH, _FEW_PARTS = 2, 5, 7
"""What a thing must share to be looked at: half of the parts asked for, and where none does, or they are few, a fifth; then any one.

One slip spoils up to four parts. What only a fifth is shared with is many things in a large record, all that end in .com.
"""


def nearest(store: Store, text: str, wanted: frozenset[str]) -> list[str]:
    """The names worth suggesting for a text that means nothing: the best hit and those about as good."""
    if sum(letter.isalnum() for letter in text) < _LEAST_LETTERS:
        return []
    hits = search(store, text, wanted, limit=3)
    return list(dict.fromkeys(hit.thing.label for hit in hits if hit.score >= hits[0].score - _ABOUT_AS_GOOD))


def search(store: Store, text: str, wanted: frozenset[str] = EVERYTHING, limit: int = 10) -> list[Hit]:
    """Things whose names come near a text, best first; forgives slips, scripts, the asterisk, sub-domains."""
    return rank(store, text, near(store, text), wanted, limit)


def near(store: Store, text: str) -> list[Row]:
    """The keys of the few hundred things that share most parts of their names with a text, ordered by key.

    Every other thing is left unread, so this costs about the same in a record of any size. Pairs of letters are asked
    for apart from parts of words: they are many, and would drown the names of many letters.
    """
    asked = skeleton(text)
    kinds = letter_pairs(asked), word_parts(asked) if len(asked) > _CODE else set[str]()
    rows = [row for parts in kinds for row in _sharing(store, parts)]
    by_key = {(row["key"].value, row["thing"].value, row["type"].value): row for row in rows}
    return [by_key[one] for one in sorted(by_key)]


def _sharing(store: Store, parts: set[str]) -> list[Row]:
    shares = (_HALF, _FIFTH) if len(parts) > _FEW_PARTS else (_FIFTH,)
    for least in dict.fromkeys([*(-(-len(parts) // share) for share in shares), 1]):
        given = [{"part": Literal(part), "least": Literal(least)} for part in sorted(parts)]
        if given and (found := store.select(catalogue.load("look-up-near").bind(given))):
            return found
    return []


def rank(store: Store, text: str, rows: Iterable[Row], wanted: frozenset[str], limit: int) -> list[Hit]:
    """What a text means exactly, and the best among some keys, as rows of ``look-up-near`` ordered by key."""
    from rapidfuzz import fuzz, process

    hits = [
        Hit(Ref(names.local_name(iri), label), kind, fold(text), 100)
        for iri, (kind, label) in sorted(exact(store, text, wanted).items())
    ]
    asked = skeleton(text)
    fit = [row for row in rows if (len(row["key"].value) >= _CODE or len(asked) <= _CODE) and pick([row], wanted)]
    keys = [skeleton(row["key"].value) for row in fit]
    found: dict[str, Hit] = {hit.thing.id: hit for hit in hits}
    for key, score, index in process.extract(
        asked, keys, scorer=fuzz.WRatio if len(asked) > 4 else fuzz.ratio, limit=limit * 4, score_cutoff=_NEAR
    ):
        row = fit[index]
        kind, label = next(iter(pick([row], wanted).values()))
        adjusted = round(score * (0.5 + 0.5 * min(len(key), len(asked)) / max(len(key), len(asked), 1)))
        thing = Ref(names.local_name(row["thing"].value), label)
        if thing.id not in found or found[thing.id].score < adjusted:
            found[thing.id] = Hit(thing, kind, row["key"].value, max(adjusted, 0))
    ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.thing.label, hit.thing.id))
    return [hit for hit in ranked if hit.score >= _SURE_ENOUGH_TO_SUGGEST or hit in hits][:limit]
