from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import command
import networkx as nx
import pytest

import kg
from kg import KnowledgeGraph, places
from kg.errors import UsageError
from kg.pictures.exports import FORMATS
from kg.pictures.folding import MOST, fold
from kg.pictures.page import draw_scene
from kg.pictures.scene import Scene, set_scene
from kg.pictures.views import VIEWS

ON = "2026-11-22"
RECORD = Path(__file__).resolve().parents[1] / "fixtures" / "valid" / "base.ttl"
WORLD = Path(__file__).resolve().parents[1] / "fixtures" / "world"
NEW_CLASS = """
OWN:CLASS a owl:Class ;
    rdfs:subClassOf prk:TimeBound ;
    skos:prefLabel "seizure"@en ;
    skos:definition "act by which an authority takes servers away"@en ;
    prk:edgeSource prk:imposedBy ;
    prk:edgeTarget prk:target ;
    prk:edgeLabel "seized from" ;
    prk:edgeFamily "seizing" ;
    prk:edgeLevel "limited" ;
    prk:edgeWeight 2 ;
    prk:edgeOfDay true .
""".replace("OWN:CLASS", "prk" + ":Seizure")
NEW_ACT = """
prki:ZZ-chirp-servers a OWN:CLASS ; skos:prefLabel "Servers of Chirp taken"@en ;
    prk:target prki:chirp ; prk:appliesIn prki:ZZ ; prk:imposedBy prki:comms-office ;
    prk:claim [ prk:validFrom "2024-04-02"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-gazette ] ] .
""".replace("OWN:CLASS", "prk" + ":Seizure")


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@cache
def scene_of(graph: KnowledgeGraph, view: str, name: str = "WhatsApp", place: str | None = "RU") -> Scene:
    return set_scene(graph, [name], place, on=ON, known=ON, view=view)


def facts_of(network: nx.MultiDiGraph) -> set[str]:
    on_edges = {one for _, _, data in network.edges(data=True) for one in data["facts"]}
    return on_edges | {one for _, data in network.nodes(data=True) for one in data["facts"]}


@pytest.fixture
def seized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KnowledgeGraph:
    """A small record with an act of a class that only its ontology knows."""
    ontology = tmp_path / "ontology"
    shutil.copytree(places.ONTOLOGY, ontology)
    with (ontology / "core.ttl").open("a", encoding="utf-8") as core:
        core.write(NEW_CLASS)
    record = tmp_path / "record.ttl"
    record.write_text(RECORD.read_text(encoding="utf-8") + NEW_ACT, encoding="utf-8")
    monkeypatch.setattr(places, "ONTOLOGY", ontology)
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    return kg.open(data=[record])


def test_a_new_class_of_acts_needs_no_python(seized: KnowledgeGraph) -> None:
    """What the annotations on a class say is what its edge shows, in every view that draws acts."""
    edge = scene_of(seized, "acts", "chirp", "ZZ").network.edges["comms-office", "chirp", "seizing"]
    assert edge["label"] == "seized 2 Apr 2024"
    assert (edge["level"], edge["ended"], edge["facts"]) == ("limited", False, ["ZZ-chirp-servers"])
    assert edge["sources"] == ["s-gazette"]
    events = scene_of(seized, "events", "chirp", "ZZ").network
    assert events.nodes["ZZ-chirp-servers"]["type"] == "act"
    assert events.has_edge("comms-office", "ZZ-chirp-servers")
    assert events.has_edge("ZZ-chirp-servers", "chirp")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_keeps_facts_dates_levels_and_sources(graph: KnowledgeGraph, view: str) -> None:
    """Each edge names its facts, sources, level and whether it is over; each act on an edge has a day in the picture."""
    network = scene_of(graph, view).network
    assert network.size()
    for _, _, data in network.edges(data=True):
        assert data["facts"]
        assert data["sources"]
        assert data["level"]
        assert data["label"]
        assert isinstance(data["ended"], bool)
        assert set(data["facts"]) <= set(network.graph["days"])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_view_is_written_in_every_format(graph: KnowledgeGraph, view: str, ending: str) -> None:
    """No format lacks a view."""
    text = FORMATS[ending](scene_of(graph, view))
    assert "WhatsApp" in text
    assert "None" not in text


def test_each_act_is_a_node_of_events(graph: KnowledgeGraph) -> None:
    """The same facts as in the view of acts, each on a card with its day, class and level, between author and target."""
    acts, events = scene_of(graph, "acts").network, scene_of(graph, "events").network
    nodes = {one: data for one, data in events.nodes(data=True) if data["type"] == "act"}
    assert facts_of(acts) == facts_of(events)
    assert {one for one, data in nodes.items() if data["facts"] != [one]} == set()
    block = nodes["RU-whatsapp-full-block"]
    assert (block["kind"], block["level"], block["date"]) == ("RestrictionMeasure", "blocked", "11–12 Feb 2026")
    assert events.has_edge("roskomnadzor", "RU-whatsapp-full-block")
    assert events.has_edge("RU-whatsapp-full-block", "whatsapp")
    assert events.has_edge("law-114fz", "RU-meta-extremist-ruling")
    for one in nodes:
        assert list(events.successors(one))


def test_acts_stand_between_author_and_target(graph: KnowledgeGraph) -> None:
    """The column of acts lies right of the authorities and left of the platforms."""
    layout = scene_of(graph, "events").layout
    assert [head for _, head in layout.heads] == ["Law applied", "Authority", "Act", "Platform", "Owner"]
    boxes = layout.boxes
    assert boxes["roskomnadzor"].x < boxes["RU-whatsapp-full-block"].x < boxes["whatsapp"].x < boxes["meta"].x


def test_acts_without_author_are_said_and_drawn_as_events(graph: KnowledgeGraph) -> None:
    """What has no other end cannot be a line: the picture says how many such acts there are, and the other view draws them."""
    scene = scene_of(graph, "acts", "Telegram", None)
    loose = [one for _, data in scene.network.nodes(data=True) for one in data["facts"]]
    assert loose
    assert any(f"No line for {len(set(loose))} acts, because no author is on record" in one for one in scene.left_out)
    assert set(loose) <= set(scene_of(graph, "events", "Telegram", None).whole)


def test_ownership_shows_past_owners_with_their_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Owners of today with the day since when, earlier ones faint and with both days."""
    monkeypatch.setenv("KG_HOME", str(tmp_path))
    world = kg.open(data=sorted(WORLD.glob("*.ttl")))
    network = set_scene(world, ["burrow-inc"], None, on="2024-04-01", known="2024-12-31", view="ownership").network
    past, present = network.edges["burrow-inc", "lark", "Ownership-ended"], network.edges["burrow-inc", "burrow", "Ownership"]  # fmt: skip
    assert (past["ended"], past["label"]) == (True, "owns 1 Jan 2016 – 30 Jun 2023")
    assert (present["ended"], present["label"]) == (False, "owns since 1 May 2015")
    assert not set_scene(world, ["burrow-inc"], None, on="2024-04-01", known="2024-12-31").network.has_edge("burrow-inc", "lark", "Ownership")  # fmt: skip


def test_ownership_shows_who_designated_an_owner_and_no_measure(graph: KnowledgeGraph) -> None:
    """No measures, fines or words; what is left out is counted."""
    scene = scene_of(graph, "ownership")
    assert {data["kind"] for _, _, data in scene.network.edges(data=True)} == {"Ownership", "Designation"}
    assert scene.network.has_edge("tverskoy", "meta", "Designation")
    assert any("neither ownership nor designation" in one for one in scene.left_out)


def test_law_shows_only_acts_with_a_law(graph: KnowledgeGraph) -> None:
    """Every act that is drawn rests on a provision; the others are counted."""
    scene = scene_of(graph, "law")
    edges = [data for _, _, key, data in scene.network.edges(keys=True, data=True) if key != "law"]
    assert edges
    assert all(data["laws"] for data in edges)
    assert any("no law is on record" in one for one in scene.left_out)
    kinds = {data["type"] for _, data in scene.network.nodes(data=True)}
    assert kinds <= {"law", "authority", "platform", "company", "person"}


def test_a_law_is_drawn_around_itself(graph: KnowledgeGraph) -> None:
    """Asked about a law, the view shows who applied it and what it hit."""
    network = scene_of(graph, "law", "law-114fz", None).network
    assert network.has_edge("law-114fz", "tverskoy")
    assert network.has_edge("tverskoy", "meta")


def test_what_a_view_leaves_out_is_on_the_page_and_the_drawing(graph: KnowledgeGraph) -> None:
    """Nothing is left out in silence."""
    scene = scene_of(graph, "law")
    page, drawing = draw_scene(graph, scene), FORMATS[".svg"](scene)
    for sentence in scene.left_out:
        assert sentence in page
        assert sentence.split(":")[0] in drawing


def test_an_empty_picture_names_the_views_that_have_something(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """The lone card is drawn as an empty map is, with exit code 1 and one sentence; the views that it names are not empty."""
    out = ("--on", ON, "--known", ON, "-o", str(tmp_path / "x.json"))
    done = command.run("graph", "Telegram", "--in", "BR", "--view", "law", *out)
    assert (done.returncode, done.stdout) == (1, f"{tmp_path / 'x.json'}: 1 kB\n")
    assert done.stderr == "kg: nothing is recorded about Telegram in Brazil that --view law draws; --view acts, events and ownership have something\n"  # fmt: skip
    assert {view for view in VIEWS if not scene_of(graph, view, "Telegram", "BR").is_empty} == {"acts", "events", "ownership"}  # fmt: skip
    done = command.run("graph", "4chan", "--in", "ZW", *out)
    assert (done.returncode, done.stderr) == (1, "kg: nothing is recorded about 4chan in Zimbabwe that --view acts draws, nor any other view; that does not mean: not restricted\n")  # fmt: skip
    assert command.run("graph", "Telegram", "--in", "BR", *out).returncode == 0


def test_acts_that_stand_in_the_table_alone_are_not_nothing() -> None:
    """A picture without a line is not empty while its table has an act, as where no author is on record."""
    loose = Scene(nx.MultiDiGraph(), "x", ("x",), None, None, date(2026, 1, 1), date(2026, 1, 1), ())
    assert loose.is_empty
    loose.network.add_node("x", facts=[])
    assert loose.is_empty
    loose.network.nodes["x"]["facts"].append("act")
    assert not loose.is_empty


def test_an_unknown_view_is_refused_with_those_there_are(graph: KnowledgeGraph) -> None:
    """One sentence that names the views."""
    with pytest.raises(UsageError, match="there is no view 'map'; there are acts, events, ownership, law"):
        scene_of(graph, "map")


def test_an_edge_says_for_whom_and_where_alone(graph: KnowledgeGraph) -> None:
    """A ban on devices of officials, and a measure in some regions, never look like one for everybody."""
    network = scene_of(graph, "acts", "TikTok", None).whole
    canada = [data for source, _, data in network.edges(data=True) if source == "ca-government"]
    devices = [data for _, _, data in network.edges(data=True) if data["scope"] == "for government devices"]
    assert devices
    assert all("for government devices" in data["label"] for data in devices)
    assert all(data["scope"] for data in canada if data["level"] == "blocked")


def test_an_act_for_everyone_names_an_edge_before_one_for_some(graph: KnowledgeGraph) -> None:
    """What holds for a group or a region never raises what is said of all, but a severer one is told behind it."""
    edge = scene_of(graph, "acts", "Telegram").network.edges["roskomnadzor", "telegram", "measure"]
    assert edge["label"].startswith("limited 11–13 Aug 2025")
    assert "also blocked 16 Apr 2018 – 18 Jun 2020" in edge["label"]


def test_too_many_cards_fold_and_lose_nothing(graph: KnowledgeGraph) -> None:
    """Authorities of one place stand on one card that names them; all facts stay; the picture says so."""
    scene = scene_of(graph, "acts", "TikTok", None)
    assert len(scene.whole) > MOST >= len(scene.network)
    assert facts_of(scene.whole) == facts_of(scene.network)
    cards = {one: data for one, data in scene.network.nodes(data=True) if "members" in data}
    card_of = scene.network.graph["card_of"]
    assert {scene.whole.nodes[one]["label"] for one, card in card_of.items() if card == min(cards)} == set(cards[min(cards)]["members"])  # fmt: skip
    assert set(scene.whole) == {one for one in scene.network if one not in cards} | set(card_of)
    assert "cards would be too many" in scene.left_out[0]
    assert "tiktok" in scene.network
    for data in cards.values():
        assert data["label"].endswith(("authorities", "laws", "platforms"))
        assert f"{len(data['members'])} " in data["label"]


def test_small_pictures_do_not_fold(graph: KnowledgeGraph) -> None:
    """Up to the limit everything stands for itself."""
    whole = scene_of(graph, "acts").whole
    assert fold(whole, ["whatsapp"]) is whole
    assert len(fold(whole, ["whatsapp"], most=10)) < len(whole)
