"""What befalls a build: kills, stops, a full disk, folders that may not be written, several builds at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tiny import THINGS, claim, measure, source, write

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("perils.py")
IN_MEMORY = Path("/dev/shm")  # noqa: S108  the engine waits for the disk at each build, and there is none there
RIGHT = {"right": True, "told": "", "disk": True}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills, stops and counts the calls of Linux")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for compiled stores that costs no waiting, where there is one."""
    with TemporaryDirectory(dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None) as folder:
        yield Path(folder, "home")


def befall(what: str, home: Path, tmp_path: Path) -> list[dict[str, Any]]:
    """Let it happen at each step of a build; give what was found at each."""
    record = write(tmp_path, THINGS, source("2024-03-02"), measure("m", claim("2024-03-02", validFrom="2024-03-01")))
    command = [sys.executable, str(PROGRAM), what, str(record), str(home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG_HOME": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    shutil.rmtree(home, ignore_errors=True)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def only(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: found[name] for name in names}


def well(found: dict[str, Any]) -> dict[str, Any]:
    return only(found, *RIGHT)


def test_a_build_killed_at_any_step_does_no_harm(home: Path, tmp_path: Path) -> None:
    """On an empty folder: look-ups while it stands still and after it was killed answer as if it had not been."""
    *steps, end = befall("kill empty", home, tmp_path)
    assert len(steps) >= 15
    for step in steps:
        assert (well(step["meanwhile"]), well(step["next"])) == (RIGHT, RIGHT), step
        assert len(step["litter"]) <= 2, step
    assert (well(end["last"]), well(end["next"]), end["litter"]) == (RIGHT, RIGHT, [])


def test_a_rebuild_killed_at_any_step_blocks_and_spoils_nothing(home: Path, tmp_path: Path) -> None:
    """Over a whole store: no look-up waits for it or has to compile, and what kills leave does not pile up."""
    *steps, end = befall("kill whole", home, tmp_path)
    assert len(steps) >= 20
    at_hand = RIGHT | {"compiled": False}
    for step in steps:
        assert only(step["meanwhile"], *at_hand) == at_hand == only(step["next"], *at_hand), step
        assert len(step["litter"]) <= 2, step
    assert (well(end["last"]), well(end["next"]), end["litter"]) == (RIGHT, RIGHT, [])


def test_a_repair_killed_at_any_step_is_done_by_the_next(home: Path, tmp_path: Path) -> None:
    """A damaged store is compiled anew by whoever asks next, with one line about it."""
    *steps, end = befall("kill damaged", home, tmp_path)
    assert len(steps) >= 15
    for step in steps:
        for found in (step["meanwhile"], step["next"]):
            assert (found["right"], found["disk"]) == (True, True), step
            assert found["told"].count("\n") == int(found["compiled"]), step
            assert found["compiled"] == ("was damaged; it is compiled anew" in found["told"]), step
        assert step["litter"] == []
    assert end["litter"] == []


def test_a_build_that_stood_still_ends_well(home: Path, tmp_path: Path) -> None:
    """When another process built the store meanwhile, and went past a door that the first one held."""
    *steps, end = befall("go_on empty", home, tmp_path)
    assert len(steps) >= 7
    for step in steps:
        assert (well(step["meanwhile"]), well(step["next"])) == (RIGHT, RIGHT), step
    assert end["litter"] == []


def test_a_build_killed_in_its_phases_leaves_nothing(home: Path, tmp_path: Path) -> None:
    """Reading, checking, deriving and making versions touch no file."""
    *steps, end = befall("phases", home, tmp_path)
    assert len(steps) == 5
    for step in steps:
        assert (step["litter"], well(step["next"])) == ([], RIGHT)
    assert well(end["last"]) == RIGHT


@pytest.mark.parametrize(
    ("what", "why", "fewest"),
    [
        ("refuse ENOSPC", "No space left on device", 8),
        ("refuse EROFS", "Read-only file system", 8),
        ("small", "File too large", 5),
        ("full", "No space left on device", 3),
    ],
)
def test_a_disk_that_refuses_means_memory(home: Path, tmp_path: Path, what: str, why: str, fewest: int) -> None:
    """From any step on: the answer is right, one line says why, nothing is left, and with room the store is written."""
    steps = befall(what, home, tmp_path)
    if "skip" in steps[0]:
        pytest.skip(steps[0]["skip"])
    if "end" in steps[-1]:
        assert well(steps.pop()["last"]) == RIGHT
    assert len(steps) >= fewest
    told = f"kg: {home} cannot be written ({why}); compiling in memory this time. KG_HOME names another folder.\n"
    for step in steps:
        assert well(step["refused"]) == {"right": True, "told": told, "disk": False}, step
        assert (step["litter"], well(step["next"])) == ([], RIGHT), step


def test_permissions_of_the_folder(home: Path, tmp_path: Path) -> None:
    """A store that may be read is read; where none may be written, the answer comes from memory with one line about it."""
    steps = {step["step"]: step["found"] for step in befall("guarded", home, tmp_path)}
    told = f"kg: {home} cannot be written (Permission denied); compiling in memory this time. KG_HOME names another folder.\n"
    assert well(steps.pop("555 whole")) == RIGHT
    assert sorted(steps) == ["0 empty", "0 whole", "555 empty"]
    for name, found in steps.items():
        assert well(found) == {"right": True, "told": told, "disk": False}, name


@pytest.mark.parametrize("kind", ["empty", "whole", "damaged"])
def test_four_at_once_all_answer(home: Path, tmp_path: Path, kind: str) -> None:
    """Builds, repairs, or two rebuilds beside two look-ups: each gives the right answer, and one store is left."""
    for step in befall(f"crowd {kind}", home, tmp_path):
        found = [step[f"child {number}"] for number in range(4)]
        assert [(one["right"], one["disk"]) for one in found] == [(True, True)] * 4, step
        assert all(one["told"].count("\n") <= int(kind == "damaged") for one in found), step
        assert (well(step["next"]), step["litter"]) == (RIGHT, []), step
