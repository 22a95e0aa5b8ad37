from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from tiny import THINGS, claim, dump, measure, source, write

from kg import places
from kg.build.compile import derive
from kg.errors import DataError
from kg.store import open_store

ROOT = Path(__file__).resolve().parents[2]
ASK = "ASK { prki:m prk:effectiveLevel prkc:blocked }"
PROGRAM = f"""
import sys
from pathlib import Path
from kg.store import open_store
store = open_store([Path(sys.argv[1])], tell=lambda _: None)
print(bool(store.run("{ASK}")), store.origin.statements)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for compiled stores of one test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("KG_HOME", str(folder))
    return folder


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record with one measure."""
    return write(tmp_path, THINGS, source("2024-03-02"), measure("m", claim("2024-03-02", validFrom="2024-03-01")))


def start(record: Path) -> subprocess.Popen[str]:
    """Open the store of a record in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(record)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def stores(home: Path) -> list[Path]:
    """The whole stores in a folder."""
    return sorted(one.parent for one in home.glob("*/about.json"))


def test_store_is_compiled_once_and_named_by_its_content(home: Path, record: Path) -> None:
    """The second opening takes the compiled store as it is."""
    first = open_store([record])
    (folder,) = stores(home)
    stamps = {one: one.stat().st_mtime_ns for one in sorted(folder.rglob("*"))}
    told: list[str] = []
    second = open_store([record], tell=told.append)
    assert first.origin == second.origin
    assert (first.origin.folder, first.origin.data_hash) == (folder, folder.name)
    assert told == []
    assert {one: one.stat().st_mtime_ns for one in sorted(folder.rglob("*"))} == stamps


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("sound", [True, False])
def test_build_leaves_the_collection_of_circles_as_it_was(record: Path, on: bool, sound: bool) -> None:
    """A build does without, and gives it back on or off as it found it, also when the data is broken."""
    if not sound:
        record.write_text("no Turtle", encoding="utf-8")
    was, seen = gc.isenabled(), []
    try:
        (gc.enable if on else gc.disable)()
        with nullcontext() if sound else pytest.raises(DataError):
            derive([*places.vocabulary_files(), record], lambda _: seen.append(gc.isenabled()))
        assert gc.isenabled() == on
        assert set(seen) == {False}
    finally:
        (gc.enable if was else gc.disable)()


def test_compiled_store_holds_what_was_derived(home: Path, record: Path) -> None:
    """Nothing is lost or added on the way to disk, and the origin tells the number of statements."""
    store = open_store([record])
    expected = dump(derive([*places.vocabulary_files(), record]))
    assert sorted(str(quad) for quad in store.triples()) == expected
    assert store.origin.statements == len(expected)
    about = json.loads((stores(home)[0] / "about.json").read_text(encoding="utf-8"))
    assert about["statements"] == len(expected)


def test_changed_data_gives_another_store(home: Path, record: Path) -> None:
    """A changed file is compiled anew and never answered from the old store."""
    before = open_store([record])
    record.write_text(record.read_text(encoding="utf-8").replace("full-block", "throttle"), encoding="utf-8")
    after = open_store([record])
    assert (bool(before.run(ASK)), bool(after.run(ASK))) == (True, False)
    assert before.origin.data_hash != after.origin.data_hash
    assert len(stores(home)) == 2


def test_changed_rule_gives_another_store(
    home: Path, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a store covers the rules too, so that a new version of the program never reads an old derivation."""
    before = open_store([record]).origin.data_hash
    queries = tmp_path / "queries"
    shutil.copytree(places.QUERIES, queries)
    with (queries / "rules" / "1-lift.rq").open("a", encoding="utf-8") as rule:
        rule.write("# changed\n")
    monkeypatch.setattr(places, "QUERIES", queries)
    assert open_store([record]).origin.data_hash != before
    assert len(stores(home)) == 2


def test_broken_data_leaves_nothing_behind(home: Path, record: Path) -> None:
    """A record with a fault is refused and leaves no store, whole or half."""
    record.write_text(record.read_text(encoding="utf-8").replace("2024-03-01", "2024-03-32"), encoding="utf-8")
    with pytest.raises(DataError, match="2024-03-32"):
        open_store([record])
    assert not home.exists() or not list(home.iterdir())


@pytest.mark.usefixtures("home")
def test_rebuild_compiles_again(record: Path) -> None:
    """A rebuild replaces the store by a fresh one that says the same; an open one can still be read."""
    first = open_store([record])
    before = sorted(map(str, first.triples()))
    told: list[str] = []
    second = open_store([record], rebuild=True, tell=told.append)
    assert told
    assert first.origin.engine_folder != second.origin.engine_folder
    assert sorted(map(str, second.triples())) == sorted(map(str, first.triples())) == before


def test_only_the_newest_stores_are_kept(home: Path, record: Path) -> None:
    """Old stores are swept away, so that the folder does not grow with every change."""
    text = record.read_text(encoding="utf-8")
    for number in range(10):
        record.write_text(f"{text}# {number}\n", encoding="utf-8")
        folder = open_store([record]).origin.folder
        assert folder is not None
        os.utime(folder, (1_700_000_000 + number, 1_700_000_000 + number))
        assert folder in stores(home)
    assert len(stores(home)) == 8


def test_processes_that_start_at_once_all_answer(home: Path, record: Path) -> None:
    """Several processes that find no store compile side by side; all answer alike and one store is left."""
    running = [start(record) for _ in range(3)]
    results = [(*process.communicate(timeout=60), process.returncode) for process in running]
    assert len(set(results)) == 1
    assert results[0][0].startswith("True ")
    assert results[0][1:] == ("", 0)
    assert len(stores(home)) == 1
    assert list(home.glob(".half-*")) == []


@pytest.mark.parametrize("below", ["file/home", "x" * 300], ids=["below a file", "too long a name"])
def test_unwritable_home_means_memory(
    record: Path, tmp_path: Path, below: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no folder can be written, the store lives in memory and one note on stderr says so."""
    (tmp_path / "file").write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("KG_HOME", str(tmp_path / below))
    store = open_store([record], tell=lambda _: None)
    told = capsys.readouterr()
    assert bool(store.run(ASK))
    assert store.origin.folder is None
    assert store.origin.statements == len(list(store.triples()))
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "cannot be written" in told.err
    assert "compiling in memory this time. KG_HOME names another folder." in told.err


def test_folder_without_a_whole_store_is_named(home: Path, record: Path) -> None:
    """A folder that bears the name of the store and holds none does not pass for one."""
    open_store([record])
    (folder,) = stores(home)
    (folder / "about.json").unlink()
    assert bool(open_store([record]).run(ASK))
