"""The gallery: its pictures are what its commands draw now."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from test_docs import ROOT

import kg

SCRIPT = ROOT / "docs" / "generate_gallery.py"
DAY = "2026-11-22"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("generate_gallery", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fresh(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pictures, drawn now."""
    kg.open()
    folder: Path = tmp_path_factory.mktemp("gallery")
    script.draw(folder)
    return folder


def test_pictures_are_current(script: ModuleType, fresh: Path) -> None:
    """Each picture is, byte for byte, what its command draws; none is missing, left over, or not shown on the page."""
    assert script.stale(fresh) == [], "run python docs/generate_gallery.py"


def test_stale_pictures_are_named(script: ModuleType, fresh: Path, tmp_path: Path) -> None:
    """A picture that was changed, one that is gone and one that no command draws are each told."""
    folder = tmp_path / "gallery"
    shutil.copytree(fresh, folder)
    changed, gone = sorted(script.commands())[:2]
    (folder / changed).write_text("otherwise", encoding="utf-8")
    (folder / gone).unlink()
    (folder / "more.svg").write_text("nobody draws it", encoding="utf-8")
    assert script.stale(fresh, folder) == sorted([changed, gone, "more.svg"])


def test_every_picture_has_its_command_and_its_words(script: ModuleType) -> None:
    """Each picture stands behind the command that draws it, with days that do not move and a text for who does not see it."""
    page = script.PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n\$ kg (.+) -o (\S+\.svg)\n```\n\n!\[([^\]]{40,})\]\(gallery/(\S+)\)\n", page)
    assert [drawn for _, drawn, _, _ in blocks] == list(script.commands()) == re.findall(r"\]\(gallery/(\S+)\)", page)
    for command, drawn, _, shown in blocks:
        assert drawn == shown
        assert f"--on {DAY} --known {DAY}" in command


def test_the_gallery_is_small(script: ModuleType) -> None:
    """All pictures together weigh less than 1.5 MB, so that a copy of the repository stays quick to get."""
    assert sum(one.stat().st_size for one in script.FOLDER.iterdir()) < 1_500_000
