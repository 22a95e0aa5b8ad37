"""Data of the user's own beside the record: what is read, where it goes, what answers say of it, and what is refused."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import command
import pyoxigraph as ox
import pytest
import zstandard

import kg
from kg import names, places
from kg.build.beside import MADE
from kg.build.own import PREFIX, own_files, spoken
from kg.build.parse import FORMATS, opened, parse
from kg.build.read import read_record
from kg.build.stated import placed, stated
from kg.errors import DataError
from kg.formats import longer
from kg.formats import matrix as tables
from kg.formats.headline import headline
from kg.formats.own import counts_here, own_data
from kg.formats.world import print_world
from kg.names import RECORD_GRAPH
from kg.pictures.map import draw_map
from kg.pictures.map_scene import gather
from kg.pictures.map_still import draw_map_svg
from kg.pictures.matrix import draw_matrix
from kg.pictures.telling import tell

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "fixtures" / "valid" / "base.ttl"
HEAD = "".join(f"{line}\n" for line in RECORD.read_text(encoding="utf-8").splitlines() if line.startswith("@prefix"))
SOURCE = """
prki:s-lab a prk:Source ; dcterms:publisher "My laboratory" ; dcterms:issued "2024-04-02"^^edtf:EDTF ;
    prk:url "https://example.org/lab"^^xsd:anyURI ; prk:sourceKind prkc:measurement-source .
"""
CLAIM = """
prki:ZZ-chirp-block prk:claim [ prk:inForceOn "2024-04-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ; prk:locator "table 1" ] ] .
"""
MEASURE = """
prki:ZZ-tunnel-slow a prk:RestrictionMeasure ; skos:prefLabel "Tunnel is slowed down"@en ; prk:target prki:tunnel ; prk:appliesIn prki:ZZ ;
    prk:kind prkc:throttle ; prk:affects prkc:everyone ;
    prk:claim [ prk:validFrom "2024-04-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .
"""
ON = {"on": "2024-05-01", "known": "2026-11-22"}
PACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}


def folder(place: Path, **files: str | bytes) -> Path:
    """A folder with files; ``__`` in a name stands for a point."""
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name.replace("__", ".")).write_bytes(text if isinstance(text, bytes) else (HEAD + text).encode())
    return place


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    """The small record with a folder beside it."""
    place = folder(tmp_path_factory.mktemp("own") / "evidence", a__ttl=SOURCE + CLAIM, b__ttl=MEASURE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("home")))
        return kg.open(data=[RECORD], beside=[place])


def test_accounts_tell_from_which_file_they_come(beside: kg.KnowledgeGraph) -> None:
    """An account of one's own names the graph of its file, in text and in tables of pictures; those of the record do not."""
    block = beside.status("Chirp", "ZZ", **ON).measures[0]
    told = {one.dates: (one.graphs, own_data(one)) for one in block.fact.accounts}
    own = told.pop((("inForceOn", "2024-04-01"),))
    assert own == ((f"{PREFIX}evidence/a.ttl",), " (from your data: evidence/a.ttl)")
    assert set(told.values()) == {((RECORD_GRAPH,), "")}
    assert own_data(*block.fact.accounts) == " (also in your data: evidence/a.ttl)"
    sources = {one.source: 1 for account in block.fact.accounts for one in account.evidence}
    said = [account["said"] for account in tell(block.fact, sources, "")["accounts"]]
    assert [one for one in said if "your data" in one] == ["in force on 2024-04-01 (from your data: evidence/a.ttl)"]


def test_own_facts_count_like_others(beside: kg.KnowledgeGraph) -> None:
    """A measure of one's own gives a verdict, and what is derived from it is derived."""
    answer = beside.status("Tunnel", "ZZ", **ON)
    assert (answer.verdict, answer.measures[0].fact.accounts[0].graphs) == ("limited", (f"{PREFIX}evidence/b.ttl",))
    assert kg.open(data=[RECORD]).status("Tunnel", "ZZ", **ON).level == "pressure"


def test_without_own_data_no_account_has_a_graph() -> None:
    """The record by itself has no named graphs, and answers say nothing of any."""
    block = kg.open(data=[RECORD]).status("Chirp", "ZZ", **ON).measures[0]
    assert {one.graphs for one in block.fact.accounts} == {()}


def test_each_file_is_a_graph_that_can_be_asked(beside: kg.KnowledgeGraph) -> None:
    """Every statement of a file stands in its graph; the default graph holds all, once."""
    rows = list(beside.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"))
    assert [row[0] for row in rows] == [RECORD_GRAPH, f"{PREFIX}evidence/a.ttl", f"{PREFIX}evidence/b.ttl"]
    assert rows[1][1] == len(parse_text(SOURCE + CLAIM)) + 2  # and the classes of a claim and an evidence
    everything = list(beside.store.triples())
    assert len(everything) == len(set(everything))
    assert {quad.graph_name for quad in everything} == {ox.DefaultGraph()}


def world_of(graph: kg.KnowledgeGraph, name: str, **on: str) -> None:
    print_world(graph.statuses(name, **on))


def table_of(graph: kg.KnowledgeGraph, name: str, **on: str) -> None:
    tables.print_table(graph.matrix([name], **on))


def page_of(graph: kg.KnowledgeGraph, name: str, **on: str) -> None:
    print(draw_matrix(graph.matrix([name], **on)))


def map_of(graph: kg.KnowledgeGraph, name: str, **on: str) -> None:
    print(draw_map(gather(graph, name, **on)))


def drawing_of(graph: kg.KnowledgeGraph, name: str, **on: str) -> None:
    print(draw_map_svg(gather(graph, name, **on, history=False)))


def changes_of(graph: kg.KnowledgeGraph, name: str, **on: str) -> None:
    days = {"Tunnel": ("2024-04-01", "2024-04-01"), "Chirp": ("2024-06-01", "2024-12-31")}[name]
    print(*(text for _, text in longer.changes_lines(graph.changes(*days, known=on["known"]))), sep="\n")


SHOWN: dict[str, tuple[Callable[..., None], str]] = {
    "the world in text": (world_of, "\n  your own data count here: evidence/b.ttl\n"),
    "a matrix in text": (table_of, "\n  your own data count here: evidence/b.ttl\n"),
    "a matrix as page": (page_of, "Your own data count here: evidence/b.ttl.</p>"),
    "a map as page": (map_of, "Your own data count here: evidence/b.ttl.</p>"),
    "a map as drawing": (drawing_of, "Your own data count here: evidence/b.ttl.</text>"),
    "changes": (changes_of, "\n  your own data count here: evidence/b.ttl\n"),
}


@pytest.mark.parametrize(("show", "told"), list(SHOWN.values()), ids=list(SHOWN))
def test_an_answer_says_that_own_data_count(show: Callable[..., None], told: str, beside: kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Tables, pages and drawings name the files whose facts stand in them, and say nothing of the kind where none does."""
    show(beside, "Tunnel", **ON)
    assert told in capsys.readouterr().out
    days = {"on": "2024-12-01", "known": "2024-03-10"}  # before the laboratory had said anything
    show(beside, "Chirp", **days)
    assert "own data" not in capsys.readouterr().out


LISTED = {
    "platforms of a place": (("platforms", "ZZ"), {"chirp": "a.ttl", "tunnel": "b.ttl"}),
    "platforms": (("platforms",), {}),
    "sources": (("sources",), {"s-lab": "a.ttl"}),
    "designations": (("designations",), {}),
}


@pytest.mark.parametrize(("asked", "own"), list(LISTED.values()), ids=list(LISTED))
def test_entries_of_lists_tell_their_graphs(asked: tuple[str, ...], own: dict[str, str], beside: kg.KnowledgeGraph) -> None:  # fmt: skip
    """Each line of a list has the graphs of what it says; those of the user's own are named by it."""
    found = {one.thing.id: one.graphs for one in beside.list(*asked, **ON)}
    mine = {thing: [one for one in graphs if one != RECORD_GRAPH] for thing, graphs in found.items()}
    assert {thing: graphs for thing, graphs in mine.items() if graphs} == {thing: [f"{PREFIX}evidence/{file}"] for thing, file in own.items()}  # fmt: skip
    assert all(found.values())
    assert counts_here(graph for graphs in found.values() for graph in graphs) == (f"your own data count here: {', '.join(f'evidence/{one}' for one in own.values())}" if own else "")  # fmt: skip


ENDED = """
prki:ZZ-peep-withdrawal prk:claim [ prk:validUntil "2024-06-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .
"""
LIFTED = """
prki:ZZ-lab-lift a prk:Lift ; skos:prefLabel "End of the ban on phones"@en ; prk:decidedBy prki:assembly ; prk:lifts prki:ZZ-chirp-device-ban ;
    prk:claim [ prk:validFrom "2024-04-20"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .
"""


@pytest.fixture(scope="module")
def ending(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    """The small record with a folder whose files end what the record leaves open."""
    place = folder(
        tmp_path_factory.mktemp("ending") / "lab", a__ttl=SOURCE.replace("04-02", "06-02") + ENDED, b__ttl=LIFTED
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("home")))
        return kg.open(data=[RECORD], beside=[place])


@pytest.mark.parametrize("show", [world_of, table_of, page_of, map_of, drawing_of])
def test_what_own_data_end_is_not_missing_in_silence(show: Callable[..., None], ending: kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Where nothing runs because data of one's own say that it had ended, the answer names the file, too."""
    assert kg.open(data=[RECORD]).status("Peep", "ZZ", **ON | {"on": "2024-07-01"}).level == "withdrawn"
    show(ending, "Peep", **ON | {"on": "2024-07-01"})
    assert "our own data count here: lab/a.ttl" in capsys.readouterr().out
    answer = ending.status("Peep", "ZZ", **ON | {"on": "2024-07-01"})
    assert [one.id for one in answer.ended_by_own] == ["ZZ-peep-withdrawal"]
    told = [text for _, text in headline(answer)]
    assert "  your own data count here: lab/a.ttl" in told
    assert "  your own data say that it had ended: Peep takes no new users" in told
    assert kg.open(data=[RECORD]).status("Peep", "ZZ", **ON).ended_by_own == ()


def test_an_end_by_a_lift_is_told_by_the_file_of_the_lift(ending: kg.KnowledgeGraph) -> None:
    """What a rule makes of a lift stands in the file that states the lift, before and after the end."""
    days = {"on": "2024-04-10", "known": ON["known"]}
    (ban,) = [one.fact for one in ending.status("Chirp", "ZZ", **days).narrower if one.fact.id == "ZZ-chirp-device-ban"]
    assert own_data(*ban.accounts) == " (also in your data: lab/b.ttl)"
    after = ending.status("Chirp", "ZZ", **days | {"on": "2024-04-25"})
    assert ([one.id for one in after.ended_by_own], after.graphs()) == (["ZZ-chirp-device-ban"], {RECORD_GRAPH, f"{PREFIX}lab/b.ttl"})  # fmt: skip


def test_many_files_are_counted() -> None:
    """Three files are named, the rest counted; the record alone is not worth a word."""
    assert counts_here([RECORD_GRAPH]) == ""
    told = counts_here([RECORD_GRAPH, *(f"{PREFIX}lab/{name}.ttl" for name in "edcba")])
    assert told == "your own data count here: lab/a.ttl, lab/b.ttl, lab/c.ttl and 2 more"


def parse_text(text: str) -> list[ox.Quad]:
    return list(ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE))


def test_no_path_of_the_machine_is_in_the_store(beside: kg.KnowledgeGraph) -> None:
    """Graphs are called after the folder and the file in it alone."""
    graphs = {str(quad.graph_name) for quad in beside.store.inner}
    assert not [graph for graph in graphs if str(Path("/").joinpath(*RECORD.parts[:3])) in graph or "tmp" in graph]


@pytest.mark.parametrize("packing", list(PACK), ids=lambda one: one or "plain")
@pytest.mark.parametrize("ending", list(FORMATS))
def test_every_format_says_the_same(ending: str, packing: str, tmp_path: Path) -> None:
    """The same statements in any format, packed or not, become the same statements with the same names."""
    quads = parse_text(SOURCE + CLAIM)
    text = ox.serialize(quads, format=FORMATS[ending])
    assert text is not None
    file = tmp_path / f"x{ending}{packing}"
    file.write_bytes(PACK[packing](text))
    plain = tmp_path / "plain.ttl"
    plain.write_text(HEAD + SOURCE + CLAIM, encoding="utf-8")
    assert in_graphs(file, "urn:x") == in_graphs(plain, "urn:x")


def in_graphs(file: Path, graph: str) -> set[ox.Quad]:
    """What a file states, in the graphs that it names itself or else in its own."""
    quads = parse(file)
    return set(placed(quads, stated(quads, file), graph))


def test_graphs_that_a_file_names_are_kept(tmp_path: Path) -> None:
    """What stands in a named graph of N-Quads keeps that graph; the rest gets the graph of the file."""
    file = tmp_path / "x.nq"
    file.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> <urn:b> <urn:d> .\n", encoding="utf-8")
    assert {
        quad.graph_name.value for quad in in_graphs(file, "urn:own") if isinstance(quad.graph_name, ox.NamedNode)
    } == {"urn:g", "urn:own"}


def test_files_have_names_of_their_own(tmp_path: Path) -> None:
    """Folders below, spaces and other scripts are told; two folders of one name are told apart; hidden files are passed over."""
    one = folder(tmp_path / "x" / "lab", a__ttl=SOURCE, __hidden__ttl="no data")
    folder(one / "späte Zeit", b__nt__gz=b"")
    folder(one / ".git", c__ttl=SOURCE)
    other = folder(tmp_path / "y" / "lab", a__ttl=SOURCE)
    found = own_files([one, other, one / "a.ttl"])
    assert [spoken(graph) for graph in found.values()] == ["lab/a.ttl", "lab/späte Zeit/b.nt.gz", "y/lab/a.ttl"]
    assert all(graph.isascii() and " " not in graph for graph in found.values())


def test_a_pipe_in_the_folder_is_no_file(tmp_path: Path) -> None:
    """Reading one would never end; a link to one is called by the name of the link."""
    lab = folder(tmp_path / "lab", a__ttl=SOURCE)
    (lab / "z.ttl").symlink_to("/dev/zero")
    with pytest.raises(DataError, match=r"z\.ttl: is no ordinary file; leave it out of the folder"):
        own_files([lab])
    (lab / "z.ttl").unlink()
    os.mkfifo(lab / "p.ttl")
    with pytest.raises(DataError, match=r"p\.ttl: is no ordinary file"):
        own_files([lab])


def test_a_name_in_another_encoding_is_told(tmp_path: Path) -> None:
    """It cannot be the name of a graph, and must not end in a traceback."""
    lab = folder(tmp_path / "lab", a__ttl=SOURCE)
    try:
        (lab / os.fsdecode(b"bad\xff.ttl")).write_text(HEAD)
    except OSError:
        pytest.skip("this file system takes no name that is not UTF-8")
    with pytest.raises(DataError, match=r"bad.\.ttl: its name is not UTF-8; give it another one") as caught:
        own_files([lab])
    assert str(caught.value).encode()


@pytest.mark.parametrize("which", [".", "inner"])
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    """Passed over it would be missing from the answer without a word."""
    lab = folder(tmp_path / "lab", a__ttl=SOURCE)
    folder(lab / "inner", b__ttl=SOURCE)
    plain = os.scandir

    def refuse(place: str) -> Any:
        if Path(place) == lab / which:
            raise PermissionError(13, "Permission denied", str(place))
        return plain(place)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match=r"lab.*: cannot be read \(Permission denied\)"):
        own_files([lab])


def test_one_folder_need_not_stand_in_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text is one path and not a list of its letters, for one's own data and for the record."""
    lab = folder(tmp_path / "lab", a__ttl=SOURCE + MEASURE)
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    for one in (str(lab), lab):
        assert kg.open(str(RECORD), beside=one).status("Tunnel", "ZZ", **ON).graphs() >= {f"{PREFIX}lab/a.ttl"}


def test_an_end_that_the_record_has_too_is_not_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What repeats the record ends nothing; an earlier end does."""
    end = 'prki:ZZ-chirp-device-ban prk:claim [ prk:validUntil "2024-04-20"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .'
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    record = folder(tmp_path / "record", end__ttl=SOURCE.replace("04-02", "06-02") + end)
    lab = folder(tmp_path / "lab", a__ttl=end)
    days = {"on": "2024-04-25", "known": ON["known"]}
    again = kg.open([RECORD, record / "end.ttl"], beside=[lab]).status("Chirp", "ZZ", **days)
    assert again.ended_by_own == ()
    folder(tmp_path / "lab", a__ttl=end.replace("04-20", "04-10"))
    earlier = kg.open([RECORD, record / "end.ttl"], beside=[lab]).status("Chirp", "ZZ", **days)
    assert [one.id for one in earlier.ended_by_own] == ["ZZ-chirp-device-ban"]


def _long_text(size: int) -> bytes:
    """A gzip file whose one literal has so many bytes, in as few as a thousandth: gzip files may stand one after another."""
    part = gzip.compress(b"a" * (1 << 24))
    return gzip.compress(b'<urn:a> <urn:b> "') + part * (size >> 24) + gzip.compress(b'" .\n')


WHOLE = (HEAD + SOURCE + CLAIM).encode()
BROKEN: dict[str, tuple[str, bytes, str]] = {
    "truncated gzip": ("x.nt.gz", gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 90_000)[:-9], "x.nt.gz: the packed file breaks off before its end"),
    "truncated zstd": ("x.nt.zst", zstandard.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 90_000)[:-6], "x.nt.zst: the packed file breaks off before its end"),
    "no gzip": ("x.ttl.gz", WHOLE, "x.ttl.gz: is no gzip file although its name ends in .gz"),
    "garbled gzip": ("x.ttl.gz", gzip.compress(b"")[:10] + b"\xff" * 90, "x.ttl.gz: is no gzip file although its name ends in .gz"),
    "no zstd": ("x.ttl.zst", WHOLE, "x.ttl.zst: is no Zstandard file although its name ends in .zst"),
    "wrong suffix": ("x.csv", WHOLE, "x.csv: the ending says no format of data; it is .ttl, .nt, .nq, .trig, .jsonld, each also with .gz or .zst"),
    "no suffix": ("README", b"hello", "README: the ending says no format of data"),
    "packing alone": ("x.gz", gzip.compress(WHOLE), "x.gz: the ending says no format of data"),
    "another format": ("x.nt", WHOLE, "x.nt:1: not valid N-Triples: "),
    "latin-1": ("x.ttl", WHOLE + 'prki:ZZ skos:note "Zürich"@de .'.encode("latin-1"), f"x.ttl:{len(WHOLE.splitlines()) + 1}: is not UTF-8 there; save the whole file as UTF-8"),
    "utf-16": ("x.ttl", WHOLE.decode().encode("utf-16"), "x.ttl:1: "),
    "blank lines": ("x.ttl", b"\n \n\t\r\n" * 500, "x.ttl:1: the file is empty; a record file holds Turtle"),
    "nothing": ("x.nt", b"", "x.nt:1: the file is empty; a record file holds N-Triples"),
    "nothing, packed": ("x.jsonld.gz", gzip.compress(b"\n"), "x.jsonld.gz"),
    "a gigabyte of text": ("x.nt.gz", _long_text(1 << 30), "x.nt.gz: a text or name in it is longer than 16 MB"),
    "context elsewhere": ("x.jsonld", b'{"@context": "https://example.org/c.jsonld", "@id": "urn:a", "b": "c"}', "x.jsonld: its @context is an address, and nothing is fetched"),
    "broken json": ("x.jsonld", b'{"@id": ', "x.jsonld:1: not valid JSON-LD: "),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "told"), list(BROKEN.values()), ids=list(BROKEN))
def test_a_broken_file_gets_one_sentence(name: str, data: bytes, told: str, tmp_path: Path) -> None:
    """What is wrong, in which file, in one line; and nothing of it is loaded."""
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(DataError) as caught:
        parse(next(iter(own_files([tmp_path]))))
    assert str(caught.value).startswith(f"{tmp_path}/{told}")
    assert "\n" not in str(caught.value)


def test_zstandard_is_asked_for_when_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not the extra is told its name."""
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    file = tmp_path / "x.ttl.zst"
    file.write_bytes(zstandard.compress(WHOLE))
    with pytest.raises(DataError, match=r"to unpack \.zst install the extra 'zstd'"):
        parse(file)


def test_parts_of_packed_files_are_read_on(tmp_path: Path) -> None:
    """Two Zstandard files one after the other are one, as with gzip."""
    file = tmp_path / "x.ttl.zst"
    file.write_bytes(zstandard.compress(b"one ") + zstandard.compress(b"two"))
    with opened(file) as stream:
        assert stream.read() == b"one two"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MEASURE.replace("s-lab", "s-nowhere"), "lab/b.ttl:"),
        (CLAIM, "lab/b.ttl:"),
        (MEASURE.replace("throttle", "slowdown") + SOURCE, "slowdown"),
        (MEASURE.replace("2024-04-01", "2024-04-31") + SOURCE, "'2024-04-31'"),
    ],
)
def test_own_data_meets_the_conditions_of_the_record(text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A dangling source, an unknown kind or a day that is none stops the build; no store is left, and the next look-up is right."""
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    place = folder(tmp_path / "lab", b__ttl=text)
    with pytest.raises(DataError) as caught:
        kg.open(data=[RECORD], beside=[place])
    assert told in str(caught.value)
    assert not list((tmp_path / "home").rglob("about.json"))


def test_what_repeats_the_record_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same file a second time changes no answer; further names find a thing."""
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    place = folder(tmp_path / "lab", more__ttl='prki:chirp skos:altLabel "Chirrup"@en .')
    (place / "again.ttl").write_bytes(RECORD.read_bytes())
    found = kg.open(data=[RECORD], beside=[place])
    plain = kg.open(data=[RECORD])
    assert dump(found) == dump(plain) | {("chirp", "altLabel", "Chirrup")}
    (block,) = [one for one in found.status("Chirrup", "ZZ", **ON).measures if one.fact.id == "ZZ-chirp-block"]
    assert own_data(block.fact.accounts[0]) == " (also in your data: lab/again.ttl)"


def dump(graph: kg.KnowledgeGraph) -> set[tuple[str, str, str]]:
    """Every statement in short, but for the keys of names and their parts."""
    quads = [quad for quad in graph.store.triples() if quad.predicate not in (names.LOOKUP_KEY, names.LOOKUP_PART)]
    return {(names.local_name(quad.subject.value), names.local_name(quad.predicate.value).rpartition("#")[2], getattr(quad.object, "value", "")) for quad in quads if isinstance(quad.subject, ox.NamedNode)}  # fmt: skip


PROTECTED = {
    "a date of a source": ('prki:s-gazette dcterms:issued "2019-01-01"^^edtf:EDTF .', "own-changes-record"),
    "a label": ('prki:chirp skos:prefLabel "Chirrup"@en .', "own-changes-record"),
    "a kind of measure": ("prki:ZZ-chirp-block prk:kind prkc:throttle .", "own-changes-record"),
    "a level of all measures": ("prkc:throttle prk:givesLevel prkc:blocked .", "own-changes-record"),
    "what is derived": ("prki:chirp prk:derivedBy prki:rule-lift .", "own-derived"),
    "a class of the build": ("prki:mine a prk:Exposure .", "own-derived"),
}


def refusals(place: Path) -> list[str]:
    """One line for each thing that files of one's own may not say."""
    own = own_files([place])
    with pytest.raises(DataError) as caught:
        read_record([*own, *places.vocabulary_files(), RECORD], graphs={RECORD: RECORD_GRAPH, **own})
    return caught.value.problems


@pytest.mark.parametrize(("text", "check"), list(PROTECTED.values()), ids=list(PROTECTED))
def test_own_data_changes_nothing_of_the_record(text: str, check: str, tmp_path: Path) -> None:
    """What could change the record without an account that says whence it is, is refused with the file and line of one's own."""
    place = folder(tmp_path / "lab", x__ttl=text)
    (told,) = refusals(place)
    assert told.startswith(f"{place / 'x.ttl'}:{len(HEAD.splitlines()) + 1}: ")
    assert told.endswith(f"[{check}]")


@pytest.mark.parametrize("graph", [RECORD_GRAPH, f"{PREFIX}lab/y.ttl"])
def test_graphs_of_other_data_are_not_taken(graph: str, tmp_path: Path) -> None:
    """A file cannot put its statements into the graph of the record or of another file, where they would pass for theirs."""
    (told,) = refusals(folder(tmp_path / "lab", x__nq=f"<urn:a> <urn:b> <urn:c> <{graph}> .".encode()))
    assert f"<{graph}> is the name of a graph that the program itself makes" in told


def test_many_refusals_come_in_one_run(tmp_path: Path) -> None:
    """Each thing that is described anew has a line of its own, also when a file of one's own stands before the record."""
    lines = "".join(f"prki:{one} skos:notation {chr(34)}x{chr(34)} .\n" for one in ("chirp", "tunnel", "holding"))
    assert len(refusals(folder(tmp_path / "lab", x__ttl=lines))) == 3


def test_a_name_in_another_language_is_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A label in a language in which the record has none finds the thing."""
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    found = kg.open(
        data=[RECORD], beside=[folder(tmp_path / "lab", x__ttl='prki:chirp skos:prefLabel "Zwitscher"@de .')]
    )
    assert found.status("Zwitscher", "ZZ", **ON).platform.id == "chirp"


def test_what_the_build_makes_is_known() -> None:
    """The terms that data of one's own may not state are those of the compiled record that no file of it states."""
    files = [*places.vocabulary_files(), *places.record_files()]
    said, made = (
        {quad.predicate for quad in quads} | {quad.object for quad in quads if quad.predicate == names.TYPE}
        for quads in ([quad for file in files for quad in parse(file)], list(kg.open().store.triples()))
    )
    assert made - said - {names.CLAIM_CLASS, names.EVIDENCE_CLASS} == MADE


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with evidence for a measure of the packaged record."""
    claim = CLAIM.replace("ZZ-chirp-block", "RU-whatsapp-full-block").replace("2024-04-01", "2026-11-02")
    return folder(tmp_path_factory.mktemp("cli") / "lab", note__ttl=SOURCE.replace("2024-04-02", "2026-11-02") + claim)


def test_the_command_line_takes_folders_anywhere(lab: Path) -> None:
    """``--data`` before or behind the verb, and ``KG_DATA``, give the same answer, which says whence it has its confirmation."""
    asked = ("status", "WhatsApp", "--in", "RU", "--known", "2026-11-22")
    given: list[tuple[tuple[str, ...], dict[str, str]]] = [
        (("--data", str(lab), *asked), {}),
        ((*asked, f"--data={lab}"), {}),
        (asked, {"KG_DATA": str(lab)}),
    ]
    answers = [command.run(*words, **around) for words, around in given]
    assert {one.returncode for one in answers} == {0}
    assert len({one.stdout for one in answers}) == 1
    assert "last confirmed 2026-11-02" in answers[0].stdout
    assert answers[0].stdout.splitlines()[4] == "  your own data count here: lab/note.ttl"
    assert "(from your data: lab/note.ttl)" in answers[0].stdout
    plain = command.run(*asked)
    assert "2026-11-02" not in plain.stdout
    listed = command.run("timeline", "WhatsApp", "--in", "RU", "--data", str(lab))
    assert "(also in your data: lab/note.ttl)" in listed.stdout
    assert listed.stdout.splitlines()[1] == "  your own data count here: lab/note.ttl"
    named = command.run("list", "platforms", "--in", "RU", "--data", str(lab)).stdout
    assert named.endswith("\n\nyour own data count here: lab/note.ttl\n")
    assert command.run("check", str(lab)).stdout.startswith("sound: ")


@pytest.mark.parametrize(
    "words",
    [
        ("status", "WhatsApp", "--in", "RU"),
        ("list", "platforms", "--in", "RU"),
        ("matrix", "--platforms", "WhatsApp", "--in", "RU"),
        ("changes", "--from", "2026-02-01", "--to", "2026-02-28", "--in", "RU"),
        ("timeline", "WhatsApp", "--in", "RU"),
    ],
    ids=lambda words: words[0],
)
def test_rows_for_spreadsheets_stay_as_they_are(words: tuple[str, ...], lab: Path) -> None:
    """Beside rows, the files of one's own that count are told on the other stream; JSON holds the graphs itself."""
    rows = command.run(*words, "--known", "2026-11-22", "--format", "csv", "--data", str(lab))
    assert (rows.returncode, said(rows)) == (0, ["kg: your own data count here: lab/note.ttl"])
    assert "lab/note.ttl" not in rows.stdout
    plain = command.run(*words, "--known", "2026-11-22", "--format", "csv")
    assert (said(plain), plain.stdout.splitlines()[0]) == ([], rows.stdout.splitlines()[0])
    told = command.run(*words, "--known", "2026-11-22", "--format", "json", "--data", str(lab))
    assert (said(told), f'"{PREFIX}lab/note.ttl"' in told.stdout) == ([], True)


def said(result: command.Result) -> list[str]:
    """What is told beside an answer, apart from how far the first look-up of all has come."""
    return [line for line in result.stderr.splitlines() if not line.startswith("kg: compiling the record")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("status", "WhatsApp", "--data", "nowhere"), "there is no folder or file"),
        (("status", "WhatsApp", "--data"), "--data needs a folder or file, as in --data evidence"),
        (("status", "WhatsApp", "--data", "{empty}"), "the folder holds no data"),
        (("status", "WhatsApp", "--data", "{csv}"), "x.csv: the ending says no format of data"),
        (("status", "WhatsApp", "--data", "{lab}", "--endpoint", "http://127.0.0.1:9/query"), "cannot stand beside a record on a server"),
    ],
)  # fmt: skip
def test_a_mistake_with_folders_gets_one_sentence(words: tuple[str, ...], told: str, lab: Path, tmp_path: Path) -> None:
    """A folder that is not there, that is empty or holds something else, and a server beside it: one line, and no answer."""
    places = {"{empty}": folder(tmp_path / "empty"), "{csv}": folder(tmp_path / "csv", x__csv=b"a,b"), "{lab}": lab}
    done = command.run(*(str(places.get(word, word)) for word in words))
    assert (done.returncode in {1, 2}, done.stdout, done.stderr.count("\n")) == (True, "", 1)
    assert done.stderr.startswith("kg: ")
    assert told in done.stderr
