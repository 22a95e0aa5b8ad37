from __future__ import annotations

from datetime import date

import networkx as nx
import pytest

import kg
from kg import KnowledgeGraph, names
from kg.answers.facts import describe
from kg.dates import FIRST_DAY, LAST_DAY
from kg.pictures.acts import in_short

ON = "2026-11-22"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@pytest.fixture(scope="module")
def whatsapp(graph: KnowledgeGraph) -> nx.MultiDiGraph:
    return graph.to_networkx("WhatsApp", "RU", on=ON, known=ON)


def test_the_picture_holds_owner_siblings_authorities_and_laws(whatsapp: nx.MultiDiGraph) -> None:
    """Around WhatsApp in Russia stand Meta, its other platforms, who acted on them, and the laws that these applied."""
    types = {one: data["type"] for one, data in whatsapp.nodes(data=True)}
    assert types["whatsapp"] == types["instagram"] == types["facebook"] == "platform"
    assert types["meta"] == "company"
    assert types["roskomnadzor"] == types["tverskoy"] == "authority"
    assert types["law-114fz"] == "law"


def test_sources_and_jurisdictions_are_never_nodes(graph: KnowledgeGraph) -> None:
    """A source or a country joined to everything would hide the picture, so neither is drawn."""
    types = {data["type"] for _, data in graph.to_networkx(on=ON, known=ON).nodes(data=True)}
    assert types <= {"law", "authority", "platform", "company", "person"}


def test_every_node_says_what_it_is(whatsapp: nx.MultiDiGraph) -> None:
    """Nodes carry id, label and type; platforms also the verdict and level in the place."""
    for one, data in whatsapp.nodes(data=True):
        assert data["id"] == one
        assert data["label"]
        assert ("verdict" in data) == (data["type"] == "platform")
    assert whatsapp.nodes["whatsapp"]["level"] == "blocked"


def test_the_facts_of_an_edge_are_ids_of_the_record(graph: KnowledgeGraph, whatsapp: nx.MultiDiGraph) -> None:
    """Each edge names at least one fact, and each is a node of the record with sources."""
    ids = {one for _, _, data in whatsapp.edges(data=True) for one in data["facts"]}
    facts = describe(graph.store, [names.THING + one for one in ids], date(2026, 11, 22))
    assert {fact.id for fact in facts.values()} == ids
    assert all(data["facts"] and data["sources"] for _, _, data in whatsapp.edges(data=True))


def test_collapsed_edges_keep_all_their_facts(whatsapp: nx.MultiDiGraph) -> None:
    """Five measures of one authority against one platform are one edge, named after the severest."""
    edge = whatsapp.edges["roskomnadzor", "whatsapp", "measure"]
    assert set(edge["facts"]) == {
        "RU-whatsapp-calls",
        "RU-whatsapp-south",
        "RU-whatsapp-phased",
        "RU-whatsapp-full-block",
        "RU-whatsapp-dns-removal",
    }
    assert edge["level"] == "blocked"
    assert "(+4 earlier)" in edge["label"]


def test_ownership_runs_from_owner_to_asset(whatsapp: nx.MultiDiGraph) -> None:
    """The ends of an edge follow the annotations of its class in the ontology."""
    assert whatsapp.has_edge("meta", "whatsapp", "Ownership")
    assert not whatsapp.has_edge("whatsapp", "meta")


def test_laws_are_joined_to_the_authority_that_applied_them(whatsapp: nx.MultiDiGraph) -> None:
    """A law leads to who applied it, and the edge holds the acts that rest on it."""
    assert "RU-meta-extremist-ruling" in whatsapp.edges["law-114fz", "tverskoy", "law"]["facts"]
    assert all(
        whatsapp.nodes[target]["type"] == "authority" for _, target, key in whatsapp.edges(keys=True) if key == "law"
    )


def test_acts_that_began_later_are_not_drawn(graph: KnowledgeGraph) -> None:
    """Seen on the last day of 2024 nobody has blocked WhatsApp."""
    early = graph.to_networkx("WhatsApp", "RU", on="2024-12-31", known=ON)
    assert not early.has_edge("roskomnadzor", "whatsapp", "measure")
    assert early.has_edge("tverskoy", "meta", "Designation")


def test_acts_that_were_not_public_yet_are_not_drawn(graph: KnowledgeGraph) -> None:
    """What was published after the day of knowledge is left out, whatever day is asked about."""
    ignorant = graph.to_networkx("WhatsApp", "RU", on=ON, known="2022-01-31")
    assert not ignorant.has_edge("tverskoy", "meta")
    assert ignorant.has_edge("tagansky-422", "whatsapp")


def test_an_ended_state_does_not_name_an_edge_while_another_runs(graph: KnowledgeGraph) -> None:
    """Telegram was blocked until 2020 and is limited now: the edge says limited and keeps the old block."""
    edge = graph.to_networkx("Telegram", "RU", on=ON, known=ON).edges["roskomnadzor", "telegram", "measure"]
    assert edge["level"] == "limited"
    assert "RU-telegram-block" in edge["facts"]


def test_depth_widens_and_never_loses(graph: KnowledgeGraph, whatsapp: nx.MultiDiGraph) -> None:
    """Two steps hold all things of one step, and more."""
    wider = graph.to_networkx("WhatsApp", "RU", on=ON, known=ON, depth=2)
    assert set(whatsapp) < set(wider)


def test_parts_of_a_place_count(graph: KnowledgeGraph) -> None:
    """A measure in four regions belongs to the picture of the country, and to that of a region."""
    region = graph.to_networkx("WhatsApp", "RU-KDA", on=ON, known=ON)
    assert "RU-whatsapp-south" in region.edges["roskomnadzor", "whatsapp", "measure"]["facts"]


@pytest.mark.parametrize(
    ("start", "end", "until", "text"),
    [
        (date(2017, 1, 1), date(2017, 12, 31), (date(2017, 5, 3), date(2026, 11, 22)), "2017, over by 2026"),
        (FIRST_DAY, date(2015, 1, 1), (FIRST_DAY, date(2020, 6, 18)), "by 2015, over by 2020"),
        (date(2020, 1, 1), date(2020, 1, 1), (date(2021, 3, 1), date(2021, 9, 30)), "1 Jan 2020 – 2021"),
        (date(2026, 2, 12), date(2026, 2, 12), LAST_DAY, "12 Feb 2026"),
        (date(2026, 2, 11), date(2026, 2, 12), LAST_DAY, "11–12 Feb 2026"),
        (date(2025, 8, 1), date(2025, 8, 31), LAST_DAY, "Aug 2025"),
        (date(2025, 3, 1), date(2025, 8, 31), LAST_DAY, "2025"),
        (date(2024, 3, 1), date(2025, 8, 31), LAST_DAY, "2024–2025"),
        (FIRST_DAY, date(2022, 3, 21), LAST_DAY, "by 2022"),
        (FIRST_DAY, LAST_DAY, LAST_DAY, ""),
        (date(2018, 4, 16), date(2018, 4, 16), date(2020, 6, 18), "16 Apr 2018 – 18 Jun 2020"),
        (date(2024, 3, 1), date(2024, 3, 1), date(2024, 3, 1), "1 Mar 2024"),
    ],
)
def test_dates_on_edges_are_no_more_exact_than_their_bounds(
    start: date, end: date, until: date | tuple[date, date], text: str
) -> None:
    """A label shows a day, a few days, a month, a year or a range, as the bounds allow."""
    first, last = until if isinstance(until, tuple) else (until, until)
    assert in_short((start, end, first, last)) == text
