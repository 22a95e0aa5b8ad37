"""The content hash of files that did not change is remembered, and never of files that did."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg import recall
from kg.build import fingerprint
from kg.errors import DataError


@pytest.fixture
def worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A home of its own, no waiting for rest, and a list of the hashes that were worked out."""
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(recall, "_AT_REST", -1.0)
    done: list[str] = []
    whole = fingerprint.content_hash
    monkeypatch.setattr(fingerprint, "content_hash", lambda *given: done.append(whole(*given)) or done[-1])
    return done


def test_remembered(tmp_path: Path, worked_out: list[str]) -> None:
    """The second look at unchanged files reads none of them and gives the same hash."""
    file = tmp_path / "a.ttl"
    file.write_text("one", encoding="utf-8")
    assert recall.content_hash([file]) == recall.content_hash([file]) == worked_out[0]
    assert len(worked_out) == 1


@pytest.mark.skipif(
    os.name == "nt", reason="Windows keeps no time of the last change of a file that a program cannot set"
)
@pytest.mark.parametrize("text", ["two", "longer"])
def test_changed(tmp_path: Path, worked_out: list[str], text: str) -> None:
    """A file with other content counts as changed, also when its length and its day of change were put back."""
    file = tmp_path / "a.ttl"
    file.write_text("one", encoding="utf-8")
    before = file.stat()
    first = recall.content_hash([file])
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert recall.content_hash([file]) != first
    assert len(worked_out) == 2


def test_other_files(tmp_path: Path, worked_out: list[str]) -> None:
    """Two lists of files are remembered side by side."""
    one, two = tmp_path / "a.ttl", tmp_path / "b.ttl"
    one.write_text("one", encoding="utf-8")
    two.write_text("two", encoding="utf-8")
    for _ in range(2):
        recall.content_hash([one])
        recall.content_hash([one, two])
    assert len(worked_out) == 2


def test_not_at_rest(tmp_path: Path, worked_out: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The state of a file that changed a moment ago is not remembered, since it may change again within one tick."""
    monkeypatch.setattr(recall, "_AT_REST", 10.0)
    file = tmp_path / "a.ttl"
    file.write_text("one", encoding="utf-8")
    recall.content_hash([file])
    recall.content_hash([file])
    assert len(worked_out) == 2


def test_no_home(tmp_path: Path, worked_out: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be written the hash is worked out each time."""
    (tmp_path / "plain").write_text("", encoding="utf-8")
    monkeypatch.setenv("KG_HOME", str(tmp_path / "plain" / "home"))
    assert recall.content_hash([]) == recall.content_hash([])
    assert len(worked_out) == 2


def test_missing_file(tmp_path: Path, worked_out: list[str]) -> None:
    """A file that is not there is told of as without memory."""
    with pytest.raises(DataError, match="cannot be read"):
        recall.content_hash([tmp_path / "none.ttl"])
    assert worked_out == []
