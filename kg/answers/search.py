"""Search that forgives slips, other scripts, the asterisk and sub-domains."""

from __future__ import annotations

from kg import names
from kg.answers.facts import ask
from kg.answers.model import Ref
from kg.answers.records import Hit
from kg.answers.resolve import EVERYTHING, exact, pick
from kg.build.lookup import fold, skeleton
from kg.store import Store

_NEAR, _SURE_ENOUGH_TO_SUGGEST, _ABOUT_AS_GOOD = 60, 55, 5
_CODE = 4
"""Keys shorter than this are codes and acronyms: part of nearly every word, and like it by chance only."""
_LEAST_LETTERS = 3
"""Two letters are near to some code of nearly every country."""


def nearest(store: Store, text: str, wanted: frozenset[str]) -> list[str]:
    """The names worth suggesting for a text that means nothing: the best hit and those about as good."""
    if sum(letter.isalnum() for letter in text) < _LEAST_LETTERS:
        return []
    hits = search(store, text, wanted, limit=3)
    return list(dict.fromkeys(hit.thing.label for hit in hits if hit.score >= hits[0].score - _ABOUT_AS_GOOD))


def search(store: Store, text: str, wanted: frozenset[str] = EVERYTHING, limit: int = 10) -> list[Hit]:
    """Things whose names come near a text, best first; forgives slips, scripts, the asterisk, sub-domains."""
    from rapidfuzz import fuzz, process

    hits = [
        Hit(Ref(names.local_name(iri), label), kind, fold(text), 100)
        for iri, (kind, label) in sorted(exact(store, text, wanted).items())
    ]
    asked = skeleton(text)
    rows = [
        row
        for row in ask(store, "look-up-keys")
        if (len(row["key"].value) >= _CODE or len(asked) <= _CODE) and pick([row], wanted)
    ]
    keys = [skeleton(row["key"].value) for row in rows]
    found: dict[str, Hit] = {hit.thing.id: hit for hit in hits}
    for key, score, index in process.extract(
        asked, keys, scorer=fuzz.WRatio if len(asked) > 4 else fuzz.ratio, limit=limit * 4, score_cutoff=_NEAR
    ):
        row = rows[index]
        kind, label = next(iter(pick([row], wanted).values()))
        adjusted = round(score * (0.5 + 0.5 * min(len(key), len(asked)) / max(len(key), len(asked), 1)))
        thing = Ref(names.local_name(row["thing"].value), label)
        if thing.id not in found or found[thing.id].score < adjusted:
            found[thing.id] = Hit(thing, kind, row["key"].value, max(adjusted, 0))
    ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.thing.label, hit.thing.id))
    return [hit for hit in ranked if hit.score >= _SURE_ENOUGH_TO_SUGGEST or hit in hits][:limit]
