"""How far a build is: a bar at a terminal, lines for a log, and nothing lost on the way."""

from __future__ import annotations

import pytest

from kg.build.progress import Bar, told


@pytest.mark.parametrize("report", [None, [].append, Bar(), Bar(patience=1e6)], ids=["none", "lines", "bar", "patient"])
def test_everything_comes_through(report: object) -> None:
    """Whatever shows the progress, each thing is handed on once and in order."""
    assert list(told(report, "counting", range(10_000), 10_000)) == list(range(10_000))  # type: ignore[arg-type]


def test_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """The bar stands on one line of standard error, names the step, and is wiped out at the end."""
    bar = Bar()
    bar.part("reading 4 files", 1, 4)
    bar.close()
    out, err = capsys.readouterr()
    assert out == ""
    assert "\n" not in err
    assert "[#######......................." in err
    assert " 25 % reading 4 files" in err
    assert err.endswith("\r\x1b[K")


def test_patience(capsys: pytest.CaptureFixture[str]) -> None:
    """A short build shows no bar at all."""
    bar = Bar(patience=1e6)
    bar("reading")
    bar.part("reading", 1, 2)
    bar.close()
    assert capsys.readouterr() == ("", "")


def test_lines() -> None:
    """A log gets one line a step and no percentages."""
    lines: list[str] = []
    list(told(lines.append, "counting", range(3), 3))
    assert lines == ["counting"]
