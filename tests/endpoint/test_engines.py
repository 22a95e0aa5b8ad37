"""Every named question gives the same rows on real servers as in the embedded store: Oxigraph's own, and one of rdflib.

The second engine shares no code with the first. Its rows are compared on the small world, and the whole record is loaded
into the first.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from command import run
from servers import WORLD, free_port

import kg
from kg import KnowledgeGraph, catalogue
from kg.answers.search import near
from kg.endpoint.push import GRAPH, push, write
from kg.errors import UsageError
from kg.pictures import map_scene, timeline
from kg.pictures.exports import FORMATS
from kg.pictures.grouped import draw_groups
from kg.pictures.lanes import set_lanes
from kg.pictures.light import draw_light
from kg.pictures.map import draw_map
from kg.pictures.map_still import draw_map_svg
from kg.pictures.matrix import draw_matrix
from kg.pictures.page import draw_page
from kg.pictures.scene import set_scene

NAMES = sorted(catalogue.query_files())
ON = "2026-11-22"


def cases(most: int = 99) -> list[Any]:
    """Each question with the sets of parameters, or the first few, that the small world has rows for."""
    found = []
    for name in NAMES:
        file = WORLD / "expected" / f"{name}.json"
        given = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
        found += [
            pytest.param(name, one["parameters"], id=f"{name}-{number}")
            for number, one in enumerate(given[:most], start=1)
        ]
    return found


@pytest.fixture(scope="session")
def in_oxigraph(oxigraph: str, world: KnowledgeGraph) -> KnowledgeGraph:
    """The small world, pushed into a named graph."""
    assert push(world.store, oxigraph, GRAPH) == world.store.origin.statements + 3
    return kg.open(endpoint=oxigraph)


@pytest.fixture(scope="session")
def in_rdflib(rdflib_server: str) -> KnowledgeGraph:
    """The small world, loaded from the file for bulk loaders into the default graph."""
    return kg.open(endpoint=rdflib_server)


def told(graph: KnowledgeGraph, name: str, given: dict[str, str]) -> Counter[str]:
    return Counter(str(tuple(row)) for row in graph.query(name, **given))


@pytest.mark.parametrize("text", ["chrp", "comunications office", "высокий суд", "qqqq", "*"])
def test_names_near_a_text_are_the_same(
    text: str, world: KnowledgeGraph, in_oxigraph: KnowledgeGraph, in_rdflib: KnowledgeGraph
) -> None:
    """The things that share parts of their names with a text are the same ones on each engine."""
    assert near(in_oxigraph.store, text) == near(in_rdflib.store, text) == near(world.store, text)


@pytest.mark.parametrize(("name", "given"), cases())
def test_oxigraph_gives_the_same_rows(
    world: KnowledgeGraph, in_oxigraph: KnowledgeGraph, name: str, given: dict[str, str]
) -> None:
    """The rows of the embedded store, from a named graph over HTTP."""
    assert told(in_oxigraph, name, given) == told(world, name, given)


@pytest.mark.parametrize(("name", "given"), cases(1))
def test_rdflib_gives_the_same_rows(
    world: KnowledgeGraph, in_rdflib: KnowledgeGraph, name: str, given: dict[str, str]
) -> None:
    """The rows of the embedded store, from an engine that shares no code with it.

    One set of parameters each: with all of them rdflib is asked in this process, among the tests of the questions.
    """
    assert told(in_rdflib, name, given) == told(world, name, given)


@pytest.mark.parametrize("engine", ["in_oxigraph", "in_rdflib"])
def test_the_verbs_answer_alike(world: KnowledgeGraph, engine: str, request: pytest.FixtureRequest) -> None:
    """Status, world, timeline, profile, changes, search, lists and matrix: equal objects from either side."""
    there: KnowledgeGraph = request.getfixturevalue(engine)
    for graph_verb in (
        lambda graph: graph.status("Chirp", "ZZ", on="2024-04-01", known=ON),
        lambda graph: graph.statuses("Peep", on=ON, known=ON),
        lambda graph: graph.timeline("Chirp", known=ON),
        lambda graph: graph.show("Example Holding", known=ON),
        lambda graph: graph.changes("2024-01-01", "2024-12-31", known=ON),
        lambda graph: graph.find("chrip"),
        lambda graph: graph.list("platforms", on=ON, known=ON),
    ):
        assert graph_verb(there) == graph_verb(world)


def test_the_pictures_are_alike(world: KnowledgeGraph, in_oxigraph: KnowledgeGraph) -> None:
    """Network, small page, map, timeline, matrix and groups: the same files from either side, letter by letter."""
    scenes = [set_scene(graph, ["Chirp"], "ZZ", on=ON, known=ON) for graph in (in_oxigraph, world)]
    assert draw_light(in_oxigraph, scenes[0]) == draw_light(world, scenes[1])
    for picture in (
        lambda graph: draw_page(graph, ["Chirp"], "ZZ", on="2024-03-01", known=ON),
        lambda graph: draw_map(map_scene.gather(graph, "Chirp", on=ON, known=ON)),
        lambda graph: timeline.draw_page(set_lanes(graph, "Chirp", "ZZ", on=ON, known=ON)),
        lambda graph: draw_matrix(graph.matrix(["Chirp", "Peep"], on=ON, known=ON)),
        lambda graph: draw_groups(graph, "company", on=ON, known=ON),
    ):
        assert picture(in_oxigraph) == picture(world)


@pytest.mark.parametrize(
    "picture",
    [
        lambda graph: FORMATS[".svg"](set_scene(graph, ["Example Holding"], None, on=ON, known=ON)),
        lambda graph: draw_map_svg(map_scene.gather(graph, "Chirp", on=ON, known=ON, history=False)),
        lambda graph: timeline.draw_svg(set_lanes(graph, "Example Holding", None, on=ON, known=ON)),
        lambda graph: draw_matrix(graph.matrix(["Chirp", "Peep"], on=ON, known=ON)),
    ],
    ids=["graph", "map", "timeline", "matrix"],
)
def test_rdflib_gives_the_same_pictures(
    world: KnowledgeGraph, in_rdflib: KnowledgeGraph, picture: Callable[[KnowledgeGraph], str]
) -> None:
    """One small picture of each verb from the second engine; the large ones would take it half a minute."""
    assert picture(in_rdflib) == picture(world)


def test_pages_give_the_same_rows(
    world: KnowledgeGraph, in_oxigraph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three rows at a time, put together in their order."""
    monkeypatch.setenv("KG_ENDPOINT_PAGE", "3")
    rows = [tuple(row) for row in in_oxigraph.query("sources")]
    assert len(rows) > 6
    assert rows == [tuple(row) for row in world.query("sources")]


def test_triples_come_whole(world: KnowledgeGraph, in_oxigraph: KnowledgeGraph) -> None:
    """All statements of the record, and the three that describe it."""
    here = {str(quad.triple) for quad in world.store.triples()}
    there = {str(quad.triple) for quad in in_oxigraph.store.triples()}
    assert here < there
    assert len(there - here) == 3


def test_a_second_push_replaces_the_first(world: KnowledgeGraph, oxigraph: str, in_oxigraph: KnowledgeGraph) -> None:
    """A graph is replaced and never added to, and other graphs stay as they are."""
    other = "https://example.org/other"
    push(world.store, oxigraph, other)
    before = in_oxigraph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").to_dicts()
    push(world.store, oxigraph, GRAPH)
    assert in_oxigraph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").to_dicts() == before
    again = kg.open(endpoint=oxigraph)
    assert again.info()["statements"] == world.store.origin.statements


@pytest.mark.parametrize("ending", [".nt", ".nq", ".nt.gz", ".nq.gz"])
def test_files_for_bulk_loaders_hold_the_record(world: KnowledgeGraph, tmp_path: Path, ending: str) -> None:
    """The same statements, in the named graph where the format knows graphs; the same record gives the same bytes."""
    out = tmp_path / f"record{ending}"
    count = write(world.store, out, GRAPH)
    first = out.read_bytes()
    write(world.store, out, GRAPH)
    assert out.read_bytes() == first
    assert not (
        ending.endswith(".gz") and first[3]
    )  # a packed file may hold its name, which has the number of the process
    plain = gzip.decompress(first) if ending.endswith(".gz") else first
    form = ox.RdfFormat.N_QUADS if ".nq" in ending else ox.RdfFormat.N_TRIPLES
    read = set(ox.parse(plain, format=form))
    assert len(read) == count == world.store.origin.statements + 3
    graph = ox.NamedNode(GRAPH) if ".nq" in ending else ox.DefaultGraph()
    assert {quad.graph_name for quad in read} == {graph}


def test_a_bulk_file_has_a_known_ending(world: KnowledgeGraph, tmp_path: Path) -> None:
    """Anything else is refused, with those there are."""
    with pytest.raises(UsageError, match=r"says no format for bulk loaders; end it in \.nt"):
        write(world.store, tmp_path / "x.ttl", None)


def test_the_command_line_asks_the_server(oxigraph: str, in_oxigraph: KnowledgeGraph) -> None:
    """--endpoint stands anywhere, or KG_ENDPOINT in the environment: the same answer."""
    del in_oxigraph  # the world is loaded now
    asked = ["status", "Chirp", "--in", "ZZ", "--on", "2024-04-01"]
    first = run(*asked, "--endpoint", oxigraph)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("BLOCKED")
    assert run("--endpoint", oxigraph, *asked).stdout == first.stdout
    assert run(asked[0], f"--endpoint={oxigraph}", *asked[1:]).stdout == first.stdout
    assert run(*asked, KG_ENDPOINT=oxigraph).stdout == first.stdout


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        (["graph", "Chirp", "--in", "ZZ"], lambda graph: draw_page(graph, ["Chirp"], "ZZ", on=ON, known=ON)),
        (["map", "Chirp"], lambda graph: draw_map(map_scene.gather(graph, "Chirp", on=ON, known=ON))),
        (["timeline", "Chirp"], lambda graph: timeline.draw_page(set_lanes(graph, "Chirp", None, on=ON, known=ON))),
        (["matrix", "--platforms", "Chirp,Peep"], lambda graph: draw_matrix(graph.matrix(["Chirp", "Peep"], on=ON, known=ON))),
    ],
    ids=["graph", "map", "timeline", "matrix"],
)  # fmt: skip
def test_verbs_that_draw_ask_the_server(
    world: KnowledgeGraph, oxigraph: str, in_oxigraph: KnowledgeGraph, tmp_path: Path, words: list[str], drawn: Callable[[KnowledgeGraph], str],
) -> None:  # fmt: skip
    """With --endpoint the file is the one that is drawn from the embedded store; the packaged record is not opened."""
    del in_oxigraph
    out = tmp_path / "picture.html"
    done = run(
        *words, "--on", ON, "--known", ON, "-o", str(out), "--endpoint", oxigraph, KG_HOME=str(tmp_path / "home")
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_text(encoding="utf-8") == drawn(world)
    assert not (tmp_path / "home").exists()


def test_an_unknown_name_is_unknown_there_too(oxigraph: str, in_oxigraph: KnowledgeGraph) -> None:
    """The suggestion comes from the names on the server."""
    del in_oxigraph
    done = run("status", "Chrip", "--in", "ZZ", "--endpoint", oxigraph)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kg: no platform or company is called 'Chrip'; did you mean Chirp?\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["push"], "name a server (--endpoint URL) or a file (-o FILE), one of the two"),
        (["push", "-o", "x.nt", "--endpoint", "http://127.0.0.1:9/query"], "name a server (--endpoint URL) or a file"),
        (["push", "--endpoint", "http://127.0.0.1:9/x"], "where does http://127.0.0.1:9/x take graphs?"),
        (["push", "--endpoint", f"http://127.0.0.1:{free_port()}/query"], "nobody answers at http://127.0.0.1:"),
        (["push", "-o", "/nowhere/x.nt"], "cannot be written"),
        (["status", "X", "--in", "RU", "--endpoint", "nonsense"], "'nonsense' is no address of a SPARQL endpoint"),
        (["status", "X", "--in", "RU", "--endpoint"], "needs an address"),
        (["status", "X", "--in", "RU", "--endpoint", ""], "--endpoint needs an address"),
        (["status", "X", "--in", "RU", "--data="], "--data needs a folder or file"),
        (
            ["check", "--endpoint", "http://127.0.0.1:9/query"],
            "kg check works on files of this machine and asks no server",
        ),
        (["--endpoint=http://127.0.0.1:9/query", "build"], "kg build works on files of this machine"),
    ],
)
def test_what_cannot_be_pushed_or_asked_is_one_sentence(words: list[str], says: str) -> None:
    """On stderr, with exit code 2."""
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
