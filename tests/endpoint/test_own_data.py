"""Data of one's own go to a server with the record, in their named graphs, and are told there as they are here."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from command import run
from servers import WORLD

import kg
from kg import KnowledgeGraph, names
from kg.build.own import PREFIX
from kg.endpoint.push import push, write
from kg.endpoint.store import RECORD, STATED, SUBSET

ON = "2026-11-22"
GRAPH = f"{names.RECORD_GRAPH}-and-mine"
"""Behind the graph of the record by its letters: of several records on a server the first is asked."""
HEAD = "".join(
    f"{line}\n"
    for line in (WORLD / "things.ttl").read_text(encoding="utf-8").splitlines()
    if line.startswith("@prefix")
)
MINE = f"""{HEAD}
prki:s-lab a prk:Source ; dcterms:publisher "My laboratory" ; dcterms:issued "2024-04-02"^^edtf:EDTF ;
    prk:url "https://example.org/lab"^^xsd:anyURI ; prk:sourceKind prkc:measurement-source .
prki:ZZ-chirp-block prk:claim [ prk:inForceOn "2024-04-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .
prki:ZZ-holding-fine prk:claim [ prk:validUntil "2024-04-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .
prki:ZZ-peep-blocked a prk:RestrictionMeasure ; skos:prefLabel "Peep blocked in Zland"@en ; prk:target prki:peep ;
    prk:appliesIn prki:ZZ ; prk:kind prkc:full-block ; prk:affects prkc:everyone ;
    prk:claim [ prk:validFrom "2024-04-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-lab ] ] .
"""
"""Accounts of acts of the record, and a measure of one's own."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The small world with a folder of one's own beside it."""
    folder = tmp_path_factory.mktemp("evidence") / "my lab"
    folder.mkdir()
    (folder / "mine.ttl").write_text(MINE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("beside")))
        return kg.open(data=sorted(WORLD.glob("*.ttl")), beside=[folder])


@pytest.fixture
def there(oxigraph: str, here: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> KnowledgeGraph:
    """The same on a server."""
    push(here.store, oxigraph, GRAPH)
    monkeypatch.setenv("KG_ENDPOINT_GRAPH", GRAPH)
    return kg.open(endpoint=oxigraph)


def own_graphs(address: str) -> set[str]:
    """The graphs on the server that files of one's own have."""
    found = kg.open(endpoint=address).store._rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", everywhere=True)  # type: ignore[attr-defined]
    return {row["g"].value for row in found if row["g"].value.startswith(PREFIX)}


def test_answers_name_the_files_of_ones_own(here: KnowledgeGraph, there: KnowledgeGraph) -> None:
    """Verdicts, tables, timelines, changes, lists and profiles: equal objects from either side, and some of them name the file."""
    for ask in (
        lambda graph: graph.status("Peep", "ZZ", on=ON, known=ON),
        lambda graph: graph.status("Chirp", "ZZ", on="2024-04-01", known=ON),
        lambda graph: graph.statuses("Peep", on=ON, known=ON),
        lambda graph: graph.timeline("Chirp", known=ON),
        lambda graph: graph.changes("2024-01-01", "2024-12-31", known=ON),
        lambda graph: graph.list("platforms", "ZZ", on=ON, known=ON),
        lambda graph: graph.list("sources"),
        lambda graph: graph.matrix(["Chirp", "Peep"], on=ON, known=ON),
        lambda graph: graph.show("Example Holding", known=ON),
    ):
        assert ask(there) == ask(here)
    mine = f"{PREFIX}my%20lab/mine.ttl"
    assert there.status("Peep", "ZZ", on=ON, known=ON).graphs() >= {mine}
    assert there.status("Chirp", "ZZ", on="2024-04-01", known=ON).graphs() >= {mine, names.RECORD_GRAPH}


def test_the_command_line_says_so_too(there: KnowledgeGraph, oxigraph: str) -> None:
    """The line below the verdict, and the note at the account."""
    del there
    told = run("status", "Peep", "--in", "ZZ", "--on", ON, "--endpoint", oxigraph, KG_ENDPOINT_GRAPH=GRAPH).stdout
    assert "your own data count here: my lab/mine.ttl" in told
    assert "(from your data: my lab/mine.ttl)" in told


def test_the_record_of_the_server_is_whole(here: KnowledgeGraph, there: KnowledgeGraph) -> None:
    """What it says of its size are the statements without the copies by file, so that all of them can be asked for."""
    known = {quad.triple for quad in here.store.triples()}
    assert there.info()["statements"] == len(known)
    assert known < {quad.triple for quad in there.store.triples()}


def test_a_push_without_them_takes_them_away(
    here: KnowledgeGraph, world: KnowledgeGraph, there: KnowledgeGraph, oxigraph: str
) -> None:
    """Their graphs go with the last push of a record that had them; nobody is told of files that do not count."""
    assert own_graphs(oxigraph) == {f"{PREFIX}my%20lab/mine.ttl"}
    push(world.store, oxigraph, GRAPH)
    assert own_graphs(oxigraph) == set()
    again = kg.open(endpoint=oxigraph)
    assert again.status("Peep", "ZZ", on=ON, known=ON) == world.status("Peep", "ZZ", on=ON, known=ON)
    assert there.status("Peep", "ZZ", on=ON, known=ON) != here.status("Peep", "ZZ", on=ON, known=ON)


@pytest.mark.parametrize("ending", [".nq", ".nt"])
def test_files_for_bulk_loaders_hold_what_their_format_can(here: KnowledgeGraph, tmp_path: Path, ending: str) -> None:
    """N-Quads the graphs of the files too, N-Triples what is known alone; each says what it holds."""
    out = tmp_path / f"all{ending}"
    count = write(here.store, out, GRAPH)
    read = list(ox.parse(out.read_bytes(), format=ox.RdfFormat.N_QUADS))
    assert len(set(read)) == len(read) == count
    graphs = {quad.graph_name.value for quad in read if isinstance(quad.graph_name, ox.NamedNode)}
    parts = {STATED, f"{PREFIX}my%20lab/mine.ttl"}
    assert graphs == ({GRAPH, *parts} if ending == ".nq" else set())
    said = {
        quad.object.value for quad in read if quad.subject == ox.NamedNode(RECORD) and quad.predicate.value == SUBSET
    }
    assert said == (parts if ending == ".nq" else set())
