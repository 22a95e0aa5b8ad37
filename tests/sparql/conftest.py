"""The small made-up world, opened once, on disk and in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg import KnowledgeGraph
from kg.store import Origin, Store

WORLD = Path(__file__).resolve().parents[1] / "fixtures" / "world"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("sparql-world")))
        yield kg.open(data=sorted(WORLD.glob("*.ttl")))


@pytest.fixture(scope="session")
def world_in_memory(world: KnowledgeGraph) -> KnowledgeGraph:
    """The same world without a folder, as where no folder can be written."""
    origin = world.store.origin
    return KnowledgeGraph(Store(world.store.inner, Origin(None, origin.data_hash, origin.statements)))
