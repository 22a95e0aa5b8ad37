"""Look-up keys: every way a person may write the name of a thing, folded to one plain form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pyoxigraph as ox

from kg import names

_NOISE = re.compile(r"[*\"'«»“”„’‘`]+")
_SPACE = re.compile(r"[\s_]+")
_LOOKALIKE = str.maketrans("авекмнорстухіѕјё", "abekmhopctyxisje")
"""Cyrillic letters that look like Latin ones: "МАХ" written in Russian must find MAX."""
_THINGS = (
    "Company",
    "Platform",
    "ServiceClass",
    "NetworkAccess",
    "Authority",
    "Regulator",
    "Court",
    "Ministry",
    "Legislature",
    "Person",
    "Jurisdiction",
)
_WORD = re.compile(r"[^\W_]+")
_FEW_LETTERS = 8
_KINDS = (
    *(ox.NamedNode(names.ONTOLOGY + name) for name in _THINGS),
    *(ox.NamedNode(names.PREFIXES["eli"] + name) for name in ("LegalResource", "LegalResourceSubdivision")),
)
NAMED_THROUGH = ((names.DOMAIN_OF, names.DOMAIN_NAME), (names.NAME_OF, names.NAME))
"""A thing is also known by what other nodes say: the link to it, and the name."""
_DEFAULT = ox.DefaultGraph()


def fold(text: str) -> str:
    """Fold case, width, quotation marks, blanks, and the asterisk that Russian media must put behind some names."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _SPACE.sub(" ", plain).strip()


def skeleton(text: str) -> str:
    """The folded text with Cyrillic look-alikes turned into the Latin letters that they resemble."""
    return fold(text).translate(_LOOKALIKE)


def word_parts(text: str) -> set[str]:
    """Three letters in a row of each word of a skeleton; a blank counts as the letter before the first."""
    return {f" {word}"[at : at + 3] for word in _WORD.findall(text) for at in range(max(len(word) - 1, 1))}


def letter_pairs(text: str) -> set[str]:
    """Two letters of a skeleton that follow each other or have one between them.

    A slip in a short name leaves no three letters in a row as they were, but always some of these. A single letter stands for itself.
    """
    letters = "".join(_WORD.findall(text))
    return {letters[at] + letters[at + step] for step in (1, 2) for at in range(len(letters) - step)} or {*letters}


def lookup_parts(key: str) -> set[str]:
    """The parts by which a key is found again: pairs of letters when it has few, else parts of its words."""
    text = skeleton(key)
    is_short = sum(map(len, _WORD.findall(text))) <= _FEW_LETTERS
    return letter_pairs(text) if is_short else word_parts(text)


def add_lookup_keys(store: ox.Store) -> None:
    """Give every named thing its keys (labels, code, id, domains, former names) and their parts."""
    store.extend(quad for thing in _keyed(store) for quad in lookup_keys(store, thing))


def lookup_keys(store: ox.Store, thing: ox.NamedNode) -> list[ox.Quad]:
    """The keys of one thing, and their parts."""
    keys: set[str] = set()
    if thing.value.startswith(names.THING) and any(ox.Quad(thing, names.TYPE, kind) in store for kind in _KINDS):
        keys.add(fold(names.local_name(thing.value)))
        for predicate in (*names.LABELS, names.NOTATION):
            keys.update(fold(names.text_of(quad.object)) for quad in _about(store, thing, predicate))
    for link, value in NAMED_THROUGH:
        for quad in store.quads_for_pattern(None, link, thing, _DEFAULT):
            keys.update(fold(names.text_of(name.object)) for name in _about(store, quad.subject, value))
    parts = {part for key in keys for part in lookup_parts(key)}
    said = ((names.LOOKUP_KEY, key) for key in keys if key), ((names.LOOKUP_PART, part) for part in parts)
    return [ox.Quad(thing, predicate, ox.Literal(text)) for one in said for predicate, text in one]


def _about(store: ox.Store, node: names.Term, predicate: ox.NamedNode) -> Iterator[ox.Quad]:
    assert isinstance(node, ox.NamedNode)
    return store.quads_for_pattern(node, predicate, None, _DEFAULT)


def _keyed(store: ox.Store) -> set[ox.NamedNode]:
    found = {quad.subject for kind in _KINDS for quad in store.quads_for_pattern(None, names.TYPE, kind, _DEFAULT)}
    through = {quad.object for link, _ in NAMED_THROUGH for quad in store.quads_for_pattern(None, link, None, _DEFAULT)}
    return {one for one in (*found, *through) if isinstance(one, ox.NamedNode)}
