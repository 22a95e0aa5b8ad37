"""A store made from an earlier one: it is what a full build gives, and only what depends on a change is compiled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

import kg
from kg import names, places
from kg.build import compile as compiling
from kg.build import earlier, inputs
from kg.build.change import NotSureError, apply
from kg.build.compile import derive
from kg.build.copies import Copies
from kg.build.inputs import Inputs
from kg.build.kept import Made
from kg.build.own import own_files
from kg.build.rederive import ANY, Rule
from kg.errors import DataError
from kg.names import RECORD_GRAPH

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "fixtures" / "valid" / "base.ttl"
HEAD = "".join(f"{line}\n" for line in RECORD.read_text(encoding="utf-8").splitlines() if line.startswith("@prefix"))
RULES = [*places.rule_files(1), *places.rule_files(2)]


def _claim(field: str, day: str, more: str = "", source: str = "s-lab") -> str:
    return f'prk:claim [ prk:{field} "{day}"^^edtf:EDTF ; {more} prk:evidence [ prk:source prki:{source} ] ] .'


def _source(day: str) -> str:
    return f'prki:s-lab a prk:Source ; dcterms:publisher "My laboratory" ; dcterms:issued "{day}"^^edtf:EDTF ; prk:url "https://example.org/lab"^^xsd:anyURI ; prk:sourceKind prkc:measurement-source .'


def _act(name: str, kind: str, text: str) -> str:
    return f'prki:{name} a prk:{kind} ; skos:prefLabel "{name}"@en ; {text}'


BLOCKS = {
    "source": _source("2024-04-02"),
    "same source, another day": _source("2024-06-03"),
    "account of the record": "prki:ZZ-chirp-block " + _claim("inForceOn", "2024-04-01"),
    "account that is told twice": "prki:ZZ-chirp-block " + _claim("validFrom", "2024-03-01", 'prk:inForceOn "2024-03-02"^^edtf:EDTF ;'),
    "correction": "prki:ZZ-chirp-block " + _claim("validFrom", "2024-02-20", "prk:stance prkc:correction ;"),
    "account that says more": "prki:ZZ-chirp-device-ban " + _claim("inForceOn", "2024-03-20", "prk:kind prkc:full-block ;"),
    "measure": _act("ZZ-tunnel-slow", "RestrictionMeasure", "prk:target prki:tunnel ; prk:appliesIn prki:ZZ ; prk:kind prkc:throttle ; prk:affects prkc:everyone ; " + _claim("validFrom", "2024-04-01")),
    "the same on another day": _act("ZZ-tunnel-slow", "RestrictionMeasure", "prk:target prki:tunnel ; prk:appliesIn prki:ZZ ; prk:kind prkc:throttle ; prk:affects prkc:everyone ; " + _claim("validFrom", "2024-03-20")),
    "measure of a union": _act("QQ-tunnel-slow", "RestrictionMeasure", "prk:target prki:tunnel ; prk:appliesIn prki:QQ ; prk:kind prkc:throttle ; prk:affects prkc:everyone ; " + _claim("validFrom", "2024-01-05", source="s-gazette")),
    "another in the same slot": _act("QQ-tunnel-block", "RestrictionMeasure", "prk:target prki:tunnel ; prk:appliesIn prki:QQ ; prk:kind prkc:full-block ; prk:affects prkc:everyone ; prk:follows prki:QQ-tunnel-slow ; " + _claim("validFrom", "2024-02-05", source="s-gazette")),
    "member": 'prki:YY a prk:Jurisdiction ; skos:prefLabel "Yland"@en ; skos:notation "YY" .\n' + _act("YY-in-QQ", "JurisdictionMembership", "prk:member prki:YY ; prk:union prki:QQ ; " + _claim("validFrom", "2010", source="s-gazette")),
    "lift of the record's": _act("ZZ-ads-lift", "Lift", "prk:decidedBy prki:government ; prk:lifts prki:ZZ-vpn-advertising-ban ; " + _claim("validFrom", "2024-04-01")),
    "lift": _act("QQ-lift", "Lift", "prk:decidedBy prki:government ; prk:lifts prki:QQ-tunnel-slow ; " + _claim("validFrom", "2024-03-01", source="s-gazette")),
    "stay": _act("QQ-stay", "Suspension", "prk:decidedBy prki:high-court ; prk:suspends prki:QQ-tunnel-slow ; " + _claim("validFrom", "2024-02-01", source="s-gazette")),
    "exemption from a measure": _act("QQ-exempt", "Exemption", "prk:exempts prki:QQ-tunnel-slow ; prk:beneficiary prki:tunnel ; " + _claim("validFrom", "2024-02-01", source="s-gazette")),
    "owner of the owner": 'prki:tower a prk:Company ; skos:prefLabel "Tower"@en .\n' + _act("tower-owns-holding", "Ownership", "prk:owner prki:tower ; prk:asset prki:holding ; prk:share 80 ; prk:ownershipKind prkc:owns ; " + _claim("inForceOn", "2024-03-02", source="s-gazette")),
    "owner in a ring": _act("holding-owns-tower", "Ownership", "prk:owner prki:holding ; prk:asset prki:tower ; prk:ownershipKind prkc:controls ; " + _claim("inForceOn", "2024-03-01", source="s-gazette")),
    "designation": _act("ZZ-tower-extremist", "Designation", "prk:target prki:tower ; prk:appliesIn prki:ZZ ; prk:designatedAs prkc:extremist-organisation ; prk:follows prki:ZZ-holding-extremist ; " + _claim("validFrom", "2024-04-01")),
    "exemption": _act("ZZ-chirp-exempt", "Exemption", "prk:exempts prki:ZZ-tower-extremist ; prk:beneficiary prki:chirp ; " + _claim("validFrom", "2024-04-01")),
    "region": 'prki:ZZ-NW a prk:Jurisdiction ; skos:prefLabel "Northwest"@en ; skos:notation "ZZ-NW" ; prk:within prki:ZZ-NO .',
    "platform": 'prki:cave a prk:Platform ; skos:prefLabel "Cave"@en ; prk:category prkc:vpn-category ; prk:coveredBy prki:vpn-services .',
    "network": 'prki:whole-net a prk:NetworkAccess ; skos:prefLabel "the whole network"@en ; prk:carriesEverything true .',
    "further name": 'prki:chirp skos:altLabel "Chrp"@en .',
}  # fmt: skip
"""Pieces of data with most that the rules know of; some need others to be sound."""
COMMON = ("source", "measure of a union", "owner of the owner")
"""Those that others need; usually there, so that most steps are sound."""


_FIRST: dict[bool, tuple[ox.Store, ox.Store]] = {}
"""The store of every folder as it begins, beside the record and as a part of it, with what each file states."""


class Folder:
    """A folder of one's own beside the small record, or files of the record, with the store of the last sound state."""

    def __init__(self, above: Path, *, own: bool = True) -> None:
        self.place, self.own = above / "lab", own
        self.place.mkdir(parents=True)
        (above / "record").mkdir()
        if not own:  # a part is called by where it lies beside the others
            shutil.copy(RECORD, above / "record")
        self.put({"base.ttl": COMMON})
        if own not in _FIRST:
            _FIRST[own] = built(self.inputs())
        self.store, self.said = _FIRST[own]
        self.made = Made.of(self.inputs())

    def put(self, files: dict[str, Sequence[str]]) -> None:
        """Let files hold some pieces; one without any goes."""
        for name, pieces in files.items():
            file = self.place / name
            file.unlink(missing_ok=True)
            if pieces:
                file.write_text(HEAD + "\n".join(BLOCKS[one] for one in pieces), encoding="utf-8")

    def inputs(self) -> Inputs:
        """What a store is made from."""
        return inputs_of(self.place, own=self.own)

    def change(self) -> tuple[ox.Store, ox.Store] | None:
        """The store of the files as they are, from the last one, and what each states; nothing when it is not sure."""
        fresh = copy(self.store)
        said = fresh if self.own else copy(self.said)
        try:
            apply(self.store, fresh, said, self.inputs(), self.made)
        except (NotSureError, DataError):
            return None
        return fresh, said

    def full(self) -> tuple[ox.Store, ox.Store] | None:
        """The same by a full build; nothing when the data is broken."""
        try:
            return built(self.inputs())
        except DataError:
            return None

    def keep(self, changed: tuple[ox.Store, ox.Store] | None) -> ox.Store:
        """Let a change count."""
        assert changed is not None
        (self.store, self.said), self.made = changed, Made.of(self.inputs())
        return self.store


def copy(store: ox.Store) -> ox.Store:
    """A store in memory with the same statements."""
    fresh = ox.Store()
    fresh.bulk_extend(store)
    return fresh


def built(inputs: Inputs) -> tuple[ox.Store, ox.Store]:
    """The store of a full build, and what each file states; with named graphs both are the same store."""
    copies, said = Copies(), ox.Store()
    store = derive(inputs.files, None, inputs.parts, copies)
    (store if inputs.graphs else said).extend(copies)
    return store, store if inputs.graphs else said


def inputs_of(place: Path, *, own: bool = True) -> Inputs:
    """The small record, and a folder beside it or as a part of it."""
    record = [*([RECORD] if own else []), *sorted((place.parent / "record").glob("*.ttl"))]
    beside = own_files([place]) if own else dict.fromkeys(sorted(place.glob("*.ttl")), "")
    graphs = {**dict.fromkeys(record, RECORD_GRAPH), **beside} if own else {}
    return Inputs((*places.vocabulary_files(), *record, *beside), graphs)


def dump(store: ox.Store) -> list[str]:
    """A store as text, the same for the same statements."""
    return sorted(map(str, store))


def test_the_pieces_are_sound(tmp_path: Path) -> None:
    """Each piece alone beside those that others need, and with what it needs itself: so that the law below says something."""
    needs = {"exemption": ["designation"]}
    for number, name in enumerate(BLOCKS):
        if name not in COMMON:
            folder = Folder(tmp_path / str(number))
            folder.put({"more.ttl": [*needs.get(name, []), name]})
            assert folder.change() is not None, name


FOLDERS = count()
PIECES = st.lists(st.sampled_from([one for one in BLOCKS if one not in COMMON]), max_size=3, unique=True)
STEPS = st.lists(
    st.one_of(
        st.dictionaries(st.sampled_from(["a.ttl", "b.ttl", "../record/c.ttl"]), PIECES, min_size=1, max_size=2),
        st.sampled_from([{"base.ttl": COMMON}, {"base.ttl": COMMON[:2]}, {"base.ttl": COMMON[:1]}, {"base.ttl": (*COMMON, "designation")}]),
    ),
    min_size=2,
    max_size=5,
)  # fmt: skip


def _follow(steps: list[dict[str, Sequence[str]]], folder: Folder) -> None:
    """Take each step, and compare it with a full build."""
    for files in steps:
        folder.put(files)
        changed, full = folder.change(), folder.full()
        assert (changed is None) == (full is None)
        if changed is not None and full is not None:
            assert [*map(dump, changed)] == [*map(dump, full)]
            folder.keep(changed)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_change_gives_what_a_full_build_gives(steps: list[dict[str, Sequence[str]]], tmp_path: Path) -> None:
    """Files of one's own and of the record come, change and go, with the premises of what is derived: all statements are the same.

    Where the full build refuses the data, so does the change.
    """
    _follow(steps, Folder(tmp_path / str(next(FOLDERS))))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_change_of_the_record_alone_gives_what_a_full_build_gives(steps: list[dict[str, Sequence[str]]], tmp_path: Path) -> None:  # fmt: skip
    """Without data of one's own the store has no named graphs; what each file states is kept beside it, and stays true."""
    _follow(steps, Folder(tmp_path / str(next(FOLDERS)), own=False))


def test_what_was_derived_goes_with_its_premise(tmp_path: Path) -> None:
    """A designation reaches platforms through owners of owners; without that ownership it does not."""
    folder = Folder(tmp_path)
    folder.put({"a.ttl": ["designation"]})
    folder.keep(folder.change())
    reached = f"<{names.THING}ZZ-tower-extremist/reaches/chirp>"
    assert any(reached in one for one in dump(folder.store))
    folder.put({"base.ttl": ("source",), "b.ttl": ["measure of a union"]})
    (folder.place / "c.ttl").write_text(
        HEAD + 'prki:tower a prk:Company ; skos:prefLabel "Tower"@en .', encoding="utf-8"
    )
    changed = folder.keep(folder.change())
    assert not any(reached in one for one in dump(changed))
    assert dump(changed) == dump(built(folder.inputs())[0])


def test_the_record_may_come_to_describe_what_a_file_of_ones_own_describes(tmp_path: Path) -> None:
    """Then that file says something else of a thing of the record, and is refused although it did not change."""
    folder = Folder(tmp_path)
    folder.put({"a.ttl": ["measure"]})
    folder.keep(folder.change())
    folder.put({"../record/c.ttl": ["the same on another day"]})
    assert folder.change() is not None  # the dates of claims may differ
    text = (folder.place / "a.ttl").read_text(encoding="utf-8")
    assert "prkc:throttle" in text
    (tmp_path / "record" / "c.ttl").write_text(text.replace("prkc:throttle", "prkc:full-block"), encoding="utf-8")
    assert folder.change() is None
    assert folder.full() is None


# --- the headers of the rules


def _patterns(node: object, required: bool = True) -> list[tuple[object, object, object, bool]]:
    """The triple patterns of a query, each with whether it is in no optional or negated part."""
    found: list[tuple[object, object, object, bool]] = []
    if isinstance(node, CompValue):
        for name, part in node.items():
            if node.name == "BGP" and name == "triples":
                found += [(s, p, o, required) for s, p, o in part]
            elif name not in {"template", "_vars"}:
                optional = (node.name == "LeftJoin" and name == "p2") or "NOTEXISTS" in node.name
                found += _patterns(part, required and not optional)
    elif isinstance(node, list | tuple):
        for part in node:
            found += _patterns(part, required)
    return found


def _in_path(path: object) -> set[str]:
    if isinstance(path, URIRef):
        return {str(path)}
    return {
        one
        for part in (getattr(path, "args", None) or [getattr(path, "path", None) or path.arg])
        for one in _in_path(part)
    }  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", RULES, ids=lambda one: one.stem)
def test_headers_of_rules_name_their_premises(file: Path) -> None:
    """Whatever a rule asks about is a premise with that predicate, or a change of the predicate runs the rule whole."""
    rule = Rule.read(file)
    whole = {one.value for one in rule.whole}
    query = prepareQuery(file.read_text(encoding="utf-8"), initNs=names.PREFIXES).algebra
    needed: set[str] = set()
    for subject, predicate, _, required in _patterns(query):
        assert isinstance(subject, Variable)
        if isinstance(predicate, PropertyPath):
            assert _in_path(predicate) <= whole
        elif str(predicate) not in whole:
            asked = rule.premises[str(subject)]
            assert ANY in asked if isinstance(predicate, Variable) else ox.NamedNode(str(predicate)) in asked
            needed |= {str(subject)} if required else set()
    assert needed == set(rule.premises)


@pytest.mark.parametrize("file", RULES, ids=lambda one: one.stem)
def test_what_is_derived_leads_to_the_first_premise(file: Path) -> None:
    """From every node about which a rule says something, its links lead to the first premise; else not all would be found again."""
    template = prepareQuery(file.read_text(encoding="utf-8"), initNs=names.PREFIXES).algebra.template
    linked = {Variable(next(iter(Rule.read(file).premises)))}
    links = {names.PREFIXES["prov"] + "wasDerivedFrom", names.ONTOLOGY + "heldOffBy"}
    for _ in template:
        linked |= {s for s, p, o in template if str(p) in links and o in linked}
        linked |= {o for s, p, o in template if str(p) == names.ONTOLOGY + "slot" and s in linked}
        linked |= {s for s, p, o in template if str(p) == names.ONTOLOGY + "claim" and o in linked}
        linked |= {o for s, p, o in template if str(p) == names.ONTOLOGY + "version" and s in linked}
    assert {s for s, _, _ in template} <= linked


def test_a_rule_in_parts_is_the_rule() -> None:
    """Asked for every node as any one premise, each rule gives what it gives whole."""
    store = derive([*places.vocabulary_files(), RECORD, *sorted((ROOT / "fixtures" / "world").glob("*.ttl"))])
    nodes = list({quad.subject for quad in store if isinstance(quad.subject, ox.NamedNode)})
    for file in RULES:
        rule = Rule.read(file)
        whole = set(store.query(rule.text, prefixes=names.PREFIXES))  # type: ignore[arg-type]
        for premise in rule.premises:
            assert set(store.query(rule.about(premise, nodes), prefixes=names.PREFIXES)) == whole, (file.stem, premise)  # type: ignore[arg-type]


# --- on disk


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store on disk."""
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(earlier, "_MOST", 1.0)
    folder = Folder(tmp_path)
    kg.open([RECORD], beside=[folder.place])
    return folder.place


def write(lab: Path, *pieces: str) -> None:
    """Another file in the folder."""
    (lab / "more.ttl").write_text(HEAD + "\n".join(BLOCKS[one] for one in pieces), encoding="utf-8")


@pytest.fixture
def full_builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each build from the files."""
    built: list[int] = []
    plain = compiling.derive
    monkeypatch.setattr(compiling, "derive", lambda *given: (built.append(1), plain(*given))[1])
    return built


def test_a_changed_file_is_taken_in_without_a_full_build(lab: Path, full_builds: list[int]) -> None:
    """A file comes, changes and goes; each store on disk is made from the last, and equals one from the files."""
    for pieces in (["measure", "designation", "exemption"], ["the same on another day", "lift"]):
        write(lab, *pieces)
        taken = kg.open([RECORD], beside=[lab])
        assert not full_builds
        again = kg.open([RECORD], beside=[lab], rebuild=True)
        assert dump(taken.store.inner) == dump(again.store.inner)
        assert taken.store.origin.statements == len(taken.store.inner)
        full_builds.clear()
    (lab / "more.ttl").unlink()
    assert dump(kg.open([RECORD], beside=[lab]).store.inner) == dump(_FIRST[True][0])
    assert not full_builds


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a record without data of one's own, with a store on disk."""
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(earlier, "_MOST", 1.0)
    file = tmp_path / "more.ttl"
    shutil.copy(RECORD, tmp_path)
    file.write_text(HEAD + "\n".join(BLOCKS[one] for one in COMMON), encoding="utf-8")
    kg.open([tmp_path / RECORD.name, file])
    return file


def test_a_changed_file_of_the_record_is_taken_in_without_a_full_build(record: Path, full_builds: list[int]) -> None:
    """Change after change, also one of a comment alone; no look-up meets what is kept of the files."""
    files = [record.with_name(RECORD.name), record]
    text = record.read_text(encoding="utf-8")
    for more in ("# a comment", BLOCKS["designation"], BLOCKS["designation"] + "\n" + BLOCKS["exemption"], ""):
        record.write_text(f"{text}\n{more}\n", encoding="utf-8")
        taken = kg.open(files)
        assert not full_builds
        again = kg.open(files, rebuild=True)
        assert dump(taken.store.inner) == dump(again.store.inner)
        assert not list(taken.store.inner.named_graphs())
        full_builds.clear()


def test_without_what_was_kept_of_the_files_the_store_is_built_from_them(record: Path, full_builds: list[int]) -> None:
    """As with any file of a store, one that is not as it was made does not count."""
    kept = next((record.parent / "home").glob("*/store-*/said.nq.gz"))
    kept.write_bytes(kept.read_bytes()[:-20])
    record.write_text(record.read_text(encoding="utf-8") + "\n" + BLOCKS["designation"], encoding="utf-8")
    files = [record.with_name(RECORD.name), record]
    assert dump(kg.open(files).store.inner) == dump(derive([*places.vocabulary_files(), *files]))
    assert full_builds


def test_parts_are_called_by_where_they_lie_beside_each_other(tmp_path: Path) -> None:
    """So a record that is moved as a whole keeps its parts; files of the vocabulary are none, and named graphs come first."""
    files = [tmp_path / "a" / "RU 1.ttl", tmp_path / "a" / "b" / "RU.ttl"]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    plain = Inputs((*places.vocabulary_files(), *files), {})
    assert plain.parts == {files[0]: "urn:prk:file:RU%201.ttl", files[1]: "urn:prk:file:b/RU.ttl"}
    assert Inputs(plain.files, {files[0]: RECORD_GRAPH}).parts == {files[0]: RECORD_GRAPH}


def test_a_large_record_is_not_kept_twice(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then its store is built from the files each time."""
    monkeypatch.setattr(inputs, "_LARGE", 10)
    assert not Inputs((*places.vocabulary_files(), record), {}).parts


def test_a_mistake_in_a_changed_file_is_told_as_ever(lab: Path) -> None:
    """The full build tells of it; no store is made, and what was there answers again when the file is mended."""
    stores = sorted((lab.parent / "home").glob("*/about.json"))
    write(lab, "exemption")
    with pytest.raises(DataError, match=r"more\.ttl:\d+: prki:ZZ-chirp-exempt"):
        kg.open([RECORD], beside=[lab])
    (lab / "more.ttl").unlink()
    assert dump(kg.open([RECORD], beside=[lab]).store.inner) == dump(_FIRST[True][0])
    assert sorted((lab.parent / "home").glob("*/about.json")) == stores
    assert not list((lab.parent / "home").glob(".half-*"))


def _much(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(earlier, "_MOST", 0.0)


def _graphs(lab: Path, _: pytest.MonkeyPatch) -> None:
    (lab / "x.nq").write_text(
        f'<{names.THING}chirp> <{names.LABELS[1].value}> "Chrp"@en <urn:mine> .\n', encoding="utf-8"
    )


def _damage(lab: Path, _: pytest.MonkeyPatch) -> None:
    file = max((lab.parent / "home").glob("*/store-*/*.sst"), key=lambda one: one.stat().st_size)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    times = file.stat()
    file.write_bytes(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("trouble", [_much, _graphs, _damage], ids=lambda one: one.__name__)
def test_where_it_is_not_sure_it_builds_from_the_files(
    trouble: Callable[[Path, pytest.MonkeyPatch], None],
    lab: Path,
    full_builds: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A large change, a file that names graphs itself, an earlier store that is damaged without its marks showing it."""
    trouble(lab, monkeypatch)
    write(lab, "measure")
    opened = kg.open([RECORD], beside=[lab])
    assert full_builds
    assert dump(opened.store.inner) == dump(built(inputs_of(lab))[0])


def test_a_file_saved_meanwhile_is_not_stored_under_its_old_name(
    lab: Path, monkeypatch: pytest.MonkeyPatch, full_builds: list[int]
) -> None:
    """The name is the content: when that changed while a store was made from an earlier one, it does not count."""
    write(lab, "measure")
    plain = earlier.apply

    def save(*given: Any, **named: Any) -> int:
        write(lab, "the same on another day")
        return plain(*given, **named)

    monkeypatch.setattr(earlier, "apply", save)
    opened = kg.open([RECORD], beside=[lab])
    assert full_builds
    assert dump(opened.store.inner) == dump(built(inputs_of(lab))[0])


def test_a_change_killed_at_any_step_does_no_harm(tmp_path: Path) -> None:
    """The earlier store goes on answering; once the change comes to its end it is right, and nothing is left of those killed."""
    lab, home = tmp_path / "lab", tmp_path / "home"
    lab.mkdir()
    states = [tmp_path / f"{number}.ttl" for number in range(2)]
    for state, pieces in zip(states, (COMMON, (*COMMON, "measure", "designation")), strict=True):
        state.write_text(HEAD + "\n".join(BLOCKS[one] for one in pieces), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("change_perils.py")), *map(str, (RECORD, lab, home, *states))],
        capture_output=True, text=True, timeout=240, check=False, env={**os.environ, "KG_HOME": str(home), "PYTHONPATH": str(Path(kg.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["first"] == {"right": True, "done": ["derive"]}
    assert len(told["afterwards"]) > 10
    assert all(one == {"right": True, "done": []} for one in told["afterwards"])
    assert told["last"] == {"right": True, "done": ["apply"]}
    assert told["again"] == {"right": True, "done": []}
    assert told["left"] == []
