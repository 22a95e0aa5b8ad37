"""Look-up keys: every way a person may write the name of a thing, folded to one plain form."""

from __future__ import annotations

import re
import unicodedata

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


def fold(text: str) -> str:
    """Fold case, width, quotation marks, blanks, and the asterisk that Russian media must put behind some names."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _SPACE.sub(" ", plain).strip()


def skeleton(text: str) -> str:
    """The folded text with Cyrillic look-alikes turned into the Latin letters that they resemble."""
    return fold(text).translate(_LOOKALIKE)


def add_lookup_keys(store: ox.Store) -> None:
    """Give every named thing its keys: labels, code, id, domains, former names."""
    keys: set[tuple[ox.NamedNode, str]] = set()
    for thing in _things(store):
        keys.add((thing, fold(names.local_name(thing.value))))
        for predicate in (*names.LABELS, names.NOTATION):
            keys.update(
                (thing, fold(names.text_of(quad.object))) for quad in store.quads_for_pattern(thing, predicate, None)
            )
    for link, value in ((names.DOMAIN_OF, names.DOMAIN_NAME), (names.NAME_OF, names.NAME)):
        for quad in store.quads_for_pattern(None, link, None):
            if isinstance(quad.object, ox.NamedNode):
                keys.update(
                    (quad.object, fold(names.text_of(name.object)))
                    for name in store.quads_for_pattern(quad.subject, value, None)
                )
    store.extend(ox.Quad(thing, names.LOOKUP_KEY, ox.Literal(key)) for thing, key in keys if key)


def _things(store: ox.Store) -> list[ox.NamedNode]:
    kinds = [ox.NamedNode(names.ONTOLOGY + name) for name in _THINGS]
    kinds.append(ox.NamedNode(names.PREFIXES["eli"] + "LegalResource"))
    kinds.append(ox.NamedNode(names.PREFIXES["eli"] + "LegalResourceSubdivision"))
    found = (quad.subject for kind in kinds for quad in store.quads_for_pattern(None, names.TYPE, kind))
    return [one for one in found if isinstance(one, ox.NamedNode) and one.value.startswith(names.THING)]
