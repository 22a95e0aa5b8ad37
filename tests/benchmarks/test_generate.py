"""The generated record is valid, the same for the same seed, and the program gives the answers that its plan says."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import kg
from kg import places
from kg.build.check import find_problems
from kg.build.read import read_record

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from generate import generate

SIZE = 10_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    generate(folder, SIZE)
    return folder


@pytest.fixture(scope="module")
def graph(made: Path) -> kg.KnowledgeGraph:
    return kg.open(sorted(made.glob("*.ttl")))


def questions(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.iterdir()))).hexdigest()


def test_sound(made: Path) -> None:
    """The generated files meet every condition that a record must meet."""
    files = [*places.vocabulary_files(), *sorted(made.glob("*.ttl"))]
    assert [str(one) for one in find_problems(read_record(files), files, questions=False)] == []


def test_size(made: Path, tmp_path: Path) -> None:
    """The number of statements that is told is the number that the files hold, and at least what was asked for."""
    written, asked = generate(tmp_path, SIZE)
    held = sum(len(list(ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))) for file in made.glob("*.ttl"))
    assert SIZE <= written == held < SIZE + 5000
    assert asked == len(questions(made))


def test_same_seed(made: Path, tmp_path: Path) -> None:
    """The same seed gives the same bytes, another seed other ones."""
    generate(tmp_path / "same", SIZE)
    generate(tmp_path / "other", SIZE, seed=2)
    assert digest(tmp_path / "same") == digest(made) != digest(tmp_path / "other")


def test_answers(made: Path, graph: kg.KnowledgeGraph) -> None:
    """Every question has the verdict and the certainty that follow from the plan of its story."""
    asked = questions(made)
    wrong = []
    for one in asked:
        answer = graph.status(one["platform"], one["jurisdiction"], on=one["on"], known=one["known"])
        if (answer.verdict, answer.certainty) != (one["verdict"], one["certainty"]):
            wrong.append((one, answer.verdict, answer.certainty))
    assert wrong == []
    assert len(asked) > 150


def test_every_verdict(tmp_path: Path) -> None:
    """The questions of a somewhat larger record reach every verdict and every certainty, and every story."""
    generate(tmp_path, 300_000, questions=1000)
    asked = questions(tmp_path)
    levels = {"under pressure", "limited", "withdrawn by the company", "blocked"}
    assert {one["verdict"] for one in asked} == {
        *levels,
        *(f"possibly {one}" for one in levels),
        "ended that day",
        "nothing recorded",
    }
    assert {one["certainty"] for one in asked} == {None, "definite", "presumed", "possible", "ended that day"}
    assert {one["story"] for one in asked} == {"running", "ended", "lifted", "vague", "disputed", "corrected", "stayed", "worsened", "devices", "regional", "national", "designated", "exempted", "union", "quiet", "cut"}  # fmt: skip
