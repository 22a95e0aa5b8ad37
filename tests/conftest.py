"""What all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def compiled_stores_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the compiled stores of the tests out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("kg-home")))
        yield


def pytest_collection_finish() -> None:
    """Keep what collecting made out of the search for garbage, which took a seventh of the time that rdflib needs."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
