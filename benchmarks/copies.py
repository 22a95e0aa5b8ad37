"""Makes a larger compiled store of the shape of the packaged record, for measurements.

Run with ``python benchmarks/copies.py --statements 1000000 --out FOLDER [--seed 1] [--ntriples FILE]``. The folder
then holds ``store`` and ``about.json``, as a store that the program compiles itself, and :func:`open_generated` opens it.

What it models: a record with more platforms, companies, persons, authorities, laws, sources and acts in the same
places. The compiled record is copied until it has so many statements. In each copy everything of the record gets an id,
names, domains and look-up keys of its own (``whatsapp-copy2``). What the whole world has in common stays one: the
vocabulary with its concepts, jurisdictions, memberships of unions, classes of services, networks and rules. So the hubs
grow as they would: ten times as many measures apply in each country, and ten times as many cut the mobile internet. Half
of what happens in a copy happens earlier there by a number of days that the seed decides, the same for all dates of a
thing and of everything that follows from it or lifts it, so that what was consistent stays so. The first copy is the
packaged record itself, unchanged: for a target that is not shared the answers stay those of the packaged record.

What it does not model: new relations between copies (nobody owns a platform of another copy), other proportions (a real
record of that size would know more measures of a platform, not only more platforms), texts that differ in more than the
suffix, and the build, since derived statements are copied and not derived anew. Sources keep their days of issue, so a
thing that moved may be public before its source came out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.lookup import lookup_parts
from kg.dates import FIRST_DAY, LAST_DAY, SOME_DAY, parse_edtf
from kg.store import Origin, Store, open_store

_SHARED = """
SELECT DISTINCT ?thing WHERE {
  { VALUES ?class { prk:Jurisdiction prk:NetworkAccess prk:ServiceClass prk:JurisdictionMembership prk:Rule } ?thing a ?class }
  UNION
  { VALUES ?class { prk:NetworkAccess prk:ServiceClass } ?target a ?class . ?thing prk:slotTarget ?target }
}"""
_TOGETHER = (
    "SELECT ?one ?other WHERE { ?one prov:wasDerivedFrom|prk:lifts|prk:suspends|prk:exempts|prk:follows ?other }"
)
_NAMED = {
    names.PREFIXES["skos"] + "prefLabel",
    names.PREFIXES["skos"] + "altLabel",
    names.PREFIXES["skos"] + "hiddenLabel",
    names.PREFIXES["dcterms"] + "title",
    names.ONTOLOGY + "name",
    names.ONTOLOGY + "domainName",
    names.LOOKUP_KEY.value,
    names.ONTOLOGY + "url",
}
"""Properties whose text gets the suffix of the copy, so that no two copies share a name or an address."""
_MADE_ANEW = {ox.NamedNode(names.PREFIXES["skos"] + "exactMatch"), names.LOOKUP_PART}
"""A copy is not the same as what the original is the same as, and the parts of its keys follow from its keys."""
_PART = re.compile(r"/(?:claim|evidence|version|ended-by)/")
_EXACT = re.compile(r"(\d{4}-\d\d-\d\d)([?~%]?)")
_OPEN = (FIRST_DAY, SOME_DAY, LAST_DAY)
_FURTHEST = 400
"""Days by which a thing may happen earlier in a copy. Never later: it must not leave the time that is known today."""


def main() -> None:
    """Generate a store and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=1_000_000, help="at least so many; whole copies are made")
    parser.add_argument("--out", type=Path, required=True, help="a folder that does not exist yet or is empty")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ntriples", type=Path, help="write the same statements as N-Triples too")
    given = parser.parse_args()
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} is not empty")
    made = generate(open_store(), given.out, given.statements, given.seed)
    print(f"{made.origin.statements} statements in {given.out}")
    if given.ntriples:
        export(made, given.ntriples)
        print(f"the same as N-Triples in {given.ntriples}")


def generate(base: Store, out: Path, statements: int, seed: int = 1) -> Store:
    """Write a store of at least so many statements into a folder; ``about.json`` comes last, when it is whole."""
    copier = _Copier(base, seed)
    copies = copier.copies_for(statements)
    shutil.rmtree(out / "store", ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    disk = ox.Store(str(out / "store"))
    disk.bulk_extend(quad for number in range(copies) for quad in copier.copy(number))
    disk.optimize()
    disk.flush()
    about = {
        "data_hash": f"{base.origin.data_hash}-copies{copies}-seed{seed}",
        "statements": len(disk),
        "engine": f"oxigraph {ox.__version__}",
    }
    del disk
    (out / "about.json").write_text(json.dumps(about, indent=1, sort_keys=True), encoding="utf-8")
    return open_generated(out)


def open_generated(folder: Path) -> Store:
    """Open a generated store for reading."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    origin = Origin(folder, about["data_hash"], about["statements"])
    return Store(ox.Store.read_only(str(folder / "store")), origin)


def export(store: Store, file: Path) -> None:
    """Write every statement of a store as N-Triples."""
    ox.serialize((quad.triple for quad in store.triples()), str(file), format=ox.RdfFormat.N_TRIPLES)


class _Copier:
    """Gives the statements of one copy after the other, reading the base store anew for each."""

    def __init__(self, base: Store, seed: int) -> None:
        self.base = base
        self.seed = seed
        self.shared = {row["thing"].value for row in base.select(_SHARED)}
        self.groups = _groups(base, self.shared)
        self.suffix = ""
        self.days: dict[str, int] = {}

    def copies_for(self, statements: int) -> int:
        """How many copies make at least so many statements."""
        own = len(set(self.copy(1)))
        missing = statements - self.base.origin.statements
        return 1 + max(0, -(-missing // own))

    def copy(self, number: int) -> Iterator[ox.Quad]:
        """The statements that a copy adds; the first is the base itself."""
        if number == 0:
            yield from self.base.triples()
            return
        self.suffix = f"-copy{number + 1}"
        self.days = {one: _days(f"{self.seed} {number} {one}") for one in set(self.groups.values())}
        for quad in self.base.triples():
            if self._is_copied(quad):
                copied = self._copied(quad)
                yield copied
                if copied.predicate == names.LOOKUP_KEY:
                    parts = lookup_parts(names.text_of(copied.object))
                    yield from (ox.Quad(copied.subject, names.LOOKUP_PART, ox.Literal(part)) for part in parts)

    def _is_copied(self, quad: ox.Quad) -> bool:
        return quad.predicate not in _MADE_ANEW and not self._is_shared(quad.subject)

    def _copied(self, quad: ox.Quad) -> ox.Quad:
        value = quad.object
        if isinstance(value, ox.NamedNode):
            value = self._renamed(value)
        elif isinstance(value, ox.Literal) and quad.predicate.value in _NAMED:
            value = _same_kind(value, value.value + self.suffix)
        elif isinstance(value, ox.Literal) and value.datatype in {names.XSD_DATE, names.EDTF}:
            value = _moved(value, self.days.get(self.groups.get(_owner(quad.subject.value), ""), 0))
        return ox.Quad(self._renamed(quad.subject), quad.predicate, value)

    def _renamed(self, node: ox.NamedNode) -> ox.NamedNode:
        return node if self._is_shared(node) else ox.NamedNode(node.value + self.suffix)

    def _is_shared(self, node: ox.NamedNode) -> bool:
        return not node.value.startswith(names.THING) or node.value in self.shared or _owner(node.value) in self.shared


def _owner(iri: str) -> str:
    """The node that a claim, an evidence or a version belongs to."""
    return _PART.split(iri, maxsplit=1)[0]


def _groups(base: Store, shared: Iterable[str]) -> dict[str, str]:
    """Everything that has dates, with one name for all that hangs together and so moves together."""
    dated = {row["node"].value for row in base.select("SELECT DISTINCT ?node WHERE { ?node prk:version|prk:claim ?x }")}
    parent = {node: node for node in dated.difference(shared)}

    def top(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row in base.select(_TOGETHER):
        pair = [_owner(row[name].value) for name in ("one", "other")]
        if all(one in parent for one in pair):
            first, second = sorted(map(top, pair))
            parent[second] = first
    return {node: top(node) for node in parent}


def _days(key: str) -> int:
    """By how many days a group moves in a copy: half of them not at all."""
    chance = random.Random(key)  # noqa: S311  reproducible, not secret
    return -chance.randint(1, _FURTHEST) if chance.random() < 0.5 else 0


def _moved(value: ox.Literal, days: int) -> ox.Literal:
    """A date by so many days earlier; what stands for an open bound stays, and a vague date becomes a range."""
    if days == 0:
        return value
    if value.datatype == names.XSD_DATE:
        return _same_kind(value, _shifted(date.fromisoformat(value.value), days).isoformat())
    exact = _EXACT.fullmatch(value.value)
    if exact is not None:
        return _same_kind(value, _shifted(date.fromisoformat(exact[1]), days).isoformat() + exact[2])
    bounds = parse_edtf(value.value)
    low, high = ("" if one in _OPEN else _shifted(one, days).isoformat() for one in (bounds.earliest, bounds.latest))
    return _same_kind(value, f"[{low}..{high}]")


def _shifted(day: date, days: int) -> date:
    return day if day in _OPEN else day + timedelta(days=days)


def _same_kind(value: ox.Literal, text: str) -> ox.Literal:
    """Another text in the language or of the datatype of a literal."""
    if value.language:
        return ox.Literal(text, language=value.language)
    return ox.Literal(text, datatype=value.datatype)


if __name__ == "__main__":
    main()
