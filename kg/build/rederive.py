"""The derivation rules after a change: what rests on it is retracted, and derived again where it still follows.

A solution of a rule joins the statements about some nodes, its premises. The header of a rule names their variables
(``#+ premises: measure membership``), and the predicates after whose change the whole rule is run (``#+ whole: prk:within``):
those inside paths and optional parts, where no variable stands for what is passed through. A test holds the headers to
the rules. So only solutions with a premise about which something changed can be new or gone.

Retraction takes too much rather than too little: everything that some such solution gave, and what rests on that. What
other solutions give as well is found again through the first premise of each rule, which what is derived links to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg import names

_DEFAULT = ox.DefaultGraph()
_AT_ONCE = 500
"""Nodes in one VALUES block."""
_PROV = names.PREFIXES["prov"]
_TO_PREMISE = (ox.NamedNode(_PROV + "wasDerivedFrom"), ox.NamedNode(names.ONTOLOGY + "heldOffBy"))
_FROM_PREMISE = (ox.NamedNode(names.ONTOLOGY + "slot"),)
"""Links between what is derived and the first premise."""
_HEADER = re.compile(r"^#\+ (premises|whole): (.*)$", re.MULTILINE)
_PATTERN = re.compile(r"(?:^|[.{}])\s*\?(\w+)\s+((?:a\b|\^?[a-z]+:|\?)[^.{}]*)", re.MULTILINE)
"""A variable at the beginning of a pattern, with what is said of it."""
_NAMED = re.compile(r"[a-z]+:[\w-]+|^a$")
ANY = ox.NamedNode("urn:prk:any")
"""Stands for all predicates, where a rule asks with a variable."""
Front = Mapping[ox.NamedNode, set[ox.NamedNode]]
"""Nodes, each with the predicates of what changed about it."""


@dataclass(slots=True)
class Changes:
    """Statements of all that is known which are gone, and which are new."""

    gone: set[ox.Triple] = field(default_factory=set)
    new: set[ox.Triple] = field(default_factory=set)

    def all(self) -> Iterator[ox.Triple]:
        """Both."""
        yield from self.gone
        yield from self.new

    def add(self, gone: Iterable[ox.Triple], new: Iterable[ox.Triple]) -> None:
        """Take in later changes; what is gone and comes back did not change."""
        for triple in gone:
            (self.new.discard if triple in self.new else self.gone.add)(triple)
        for triple in new:
            (self.gone.discard if triple in self.gone else self.new.add)(triple)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be asked for those of its solutions that have a certain premise."""

    text: str
    premises: dict[str, frozenset[ox.NamedNode]]
    """The variable of each, with the predicates that the rule asks about it."""
    whole: frozenset[ox.NamedNode]

    @classmethod
    def read(cls, file: Path) -> Rule:
        """A rule with its header; one without premises is always run whole."""
        text = file.read_text(encoding="utf-8")
        said = dict(_HEADER.findall(text))
        plain = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
        asked = _asked(plain[plain.index("WHERE") :])
        return cls(
            text,
            {one: frozenset(asked.get(one, ())) for one in said.get("premises", "").split()},
            frozenset(map(_expanded, said.get("whole", "").split())),
        )

    def about(self, premise: str, nodes: Sequence[ox.NamedNode]) -> str:
        """The text for those solutions alone in which a premise is one of some nodes."""
        values = f" VALUES ?{premise} {{ {' '.join(map(str, nodes))} }} "
        text, places = self.text, [one.end() for one in re.finditer(r"WHERE\s*\{", self.text)]
        for place in reversed(places):
            if _mentions(_group(text, place), premise):
                text = text[:place] + values + text[place:]
        return text


def _asked(body: str) -> dict[str, set[ox.NamedNode]]:
    """The predicates of the triple patterns of each variable; of a path, all that are in it."""
    found: dict[str, set[ox.NamedNode]] = defaultdict(set)
    for pattern in _PATTERN.finditer(body):
        for part in pattern[2].split(";"):
            words = part.split()
            if words and words[0].startswith("?"):
                found[pattern[1]].add(ANY)
            found[pattern[1]].update(map(_expanded, _NAMED.findall(words[0]) if words else ()))
    return found


def _expanded(name: str) -> ox.NamedNode:
    return names.TYPE if name == "a" else ox.NamedNode(names.expand(name))


def _group(text: str, begin: int) -> str:
    """What stands in the braces that were opened just before; of a query inside only the columns that it gives."""
    depth, place = 1, begin
    while depth:
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        place += 1
    inside = text[begin : place - 1]
    return re.sub(r"(SELECT[^{]*)WHERE\s*\{(?:[^{}]|\{[^{}]*\})*\}", r"\1", inside)


def _mentions(text: str, variable: str) -> bool:
    return re.search(rf"\?{variable}\b", text) is not None


def rederive(
    old: ox.Store, new: ox.Store, files: Sequence[Path], changes: Changes, is_stated: Callable[[ox.Triple], bool]
) -> None:
    """Bring what some rules derived in ``new`` into line with the changes so far, and add to them what followed.

    ``old`` is the store before any change. ``is_stated`` tells what a file states, which stays when nothing derives it.
    """
    rules = [Rule.read(file) for file in files]
    touched = {triple.predicate for triple in changes.all()}
    whole = [rule for rule in rules if not rule.premises or rule.whole & touched]
    parts = [rule for rule in rules if rule not in whole]
    doomed = _resting(old, whole, parts, _front(changes.all()))
    back = _linked(old, [*doomed, *changes.gone])
    for triple in doomed:
        if not is_stated(triple):
            new.remove(ox.Quad(*triple))
    found: dict[ox.Triple, None] = {}
    _derive(new, whole, parts, _front(changes.all()), back, found)
    changes.add((one for one in doomed if ox.Quad(*one) not in new), ())
    changes.add((), (one for one in found if ox.Quad(*one) not in old))


def _resting(old: ox.Store, whole: list[Rule], parts: list[Rule], front: Front) -> dict[ox.Triple, None]:
    """Everything derived that a changed premise had a part in, and what rests on that in turn."""
    doomed: dict[ox.Triple, None] = {}
    fresh = {triple: None for rule in whole for triple in _run(old, rule.text)}
    while front or fresh:
        for rule in parts:
            fresh.update((triple, None) for triple in _of_front(old, rule, front))
        fresh = {triple: None for triple in fresh if triple not in doomed}
        doomed |= fresh
        front, fresh = _front(fresh), {}
    return doomed


def _derive(
    new: ox.Store, whole: list[Rule], parts: list[Rule], front: Front, back: set[ox.NamedNode],
    found: dict[ox.Triple, None],
) -> None:  # fmt: skip
    """Run rules on what changed until nothing more follows."""
    begun = False
    while front or not begun:
        fresh: dict[ox.Triple, None] = {}
        for rule in whole:
            fresh.update((triple, None) for triple in _run(new, rule.text))
        for rule in parts:
            fresh.update((triple, None) for triple in _of_front(new, rule, front))
            if not begun:
                fresh.update((triple, None) for triple in of_nodes(new, rule, next(iter(rule.premises)), back))
        begun = True
        fresh = {triple: None for triple in fresh if ox.Quad(*triple) not in new}
        new.extend(ox.Quad(*triple) for triple in fresh)
        found |= fresh
        front = _front(fresh)


def _front(triples: Iterable[ox.Triple]) -> Front:
    found: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for subject, predicate, _ in triples:
        if isinstance(subject, ox.NamedNode):
            found[subject].add(predicate)
    return found


def _linked(old: ox.Store, triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    """The nodes that some statements are about, and those through which they were derived."""
    heads = {triple.subject for triple in triples if isinstance(triple.subject, ox.NamedNode)}
    found: set[object] = set(heads)
    for head in heads:
        for link in _TO_PREMISE:
            found.update(quad.object for quad in old.quads_for_pattern(head, link, None, _DEFAULT))
        for link in _FROM_PREMISE:
            found.update(quad.subject for quad in old.quads_for_pattern(None, link, head, _DEFAULT))
    return {one for one in found if isinstance(one, ox.NamedNode)}


def _of_front(store: ox.Store, rule: Rule, front: Front) -> Iterator[ox.Triple]:
    for premise, asked in rule.premises.items():
        nodes = [node for node, predicates in front.items() if ANY in asked or predicates & asked]
        yield from of_nodes(store, rule, premise, nodes)


def of_nodes(store: ox.Store, rule: Rule, premise: str, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    """What a rule gives where a premise is one of some nodes."""
    waiting = iter(nodes)
    while some := list(islice(waiting, _AT_ONCE)):
        yield from _run(store, rule.about(premise, some))


def _run(store: ox.Store, text: str) -> Iterator[ox.Triple]:
    found = store.query(text, prefixes=names.PREFIXES)
    assert isinstance(found, ox.QueryTriples)
    return found
