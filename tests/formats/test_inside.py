"""Names of places inside a sentence."""

from __future__ import annotations

import pytest

import kg
from kg.formats.headline import headline
from kg.formats.inside import inside
from kg.formats.longer import changes_lines
from kg.formats.matrix import title
from kg.pictures.exports import FORMATS
from kg.pictures.lanes import set_lanes
from kg.pictures.scene import set_scene

ON = "2026-11-22"
WITH = ["United States", "United Kingdom", "United Arab Emirates", "Netherlands", "Philippines", "European Union", "Maldives",
        "Gambia", "Bahamas", "Comoros", "Democratic Republic of the Congo", "Republic of the Congo", "Central African Republic",
        "Dominican Republic", "Faroe Islands", "Turks and Caicos Islands", "Isle of Man", "British Indian Ocean Territory",
        "French Southern Territories", "United States Minor Outlying Islands"]  # fmt: skip
WITHOUT = ["India", "Iran", "Russia", "Dominica", "Georgia (state)", "New York (state)", "Vatican City", "Norfolk Island", "Niger",
           "South Georgia and the South Sandwich Islands", "Heard Island and McDonald Islands", "Krasnodar Territory", "Republic",
           "Antigua and Barbuda", "Union", "Timor-Leste", ""]  # fmt: skip


@pytest.mark.parametrize("label", WITH)
def test_some_names_want_an_article(label: str) -> None:
    """Unions, island groups, republics and a few others."""
    assert inside(label) == f"the {label}"


@pytest.mark.parametrize("label", WITHOUT)
def test_most_names_want_none(label: str) -> None:
    """All other names stand as they are, and so do those that only look like the ones with an article."""
    assert inside(label) == label


def test_sentences_have_the_article_and_data_have_not() -> None:
    """Verdicts, titles of pictures, matrices and timelines say it; what programs read stays as it was."""
    graph, days = kg.open(), {"on": ON, "known": ON}
    told = headline(graph.status("TikTok", "US", **days))[0][1]
    assert " TikTok in the United States (US) on " in told
    assert title(graph.matrix(["TikTok"], ["US"], **days)) == "TikTok in the United States"
    assert set_lanes(graph, "TikTok", "US", **days).title == "TikTok in the United States"
    assert set_lanes(graph, None, "US", **days).title == "United States"
    changes = changes_lines(graph.changes("2025-01-01", "2025-01-31", "US", known=ON))
    assert " in the United States (US) from " in changes[0][1]
    scene = set_scene(graph, ["TikTok"], "US", **days)
    assert scene.words()["title"] == "TikTok in the United States"
    assert '"TikTok in United States"' in FORMATS[".json"](scene)
