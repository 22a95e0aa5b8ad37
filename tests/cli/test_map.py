"""``kg map``: files by their endings, and one sentence for every mistake."""

from __future__ import annotations

from pathlib import Path

import command
import pytest

import kg

ON, NOW = "2026-03-01", "2026-11-22"


def run(*words: str) -> command.Result:
    return command.run("map", *words)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no command here is slow or tells of it."""
    kg.open()


@pytest.mark.parametrize(
    ("words", "file", "begins"),
    [
        (("Threads",), "map.html", "<!doctype html>"),
        (("Threads",), "MAP.HTM", "<!doctype html>"),
        (("WhatsApp",), "map.svg", "<?xml"),
        (("Microsoft",), "map.svg", "<?xml"),
        (("--category", "video-calls"), "map.svg", "<?xml"),
    ],
)
def test_a_file_is_written(words: tuple[str, ...], file: str, begins: str, tmp_path: Path) -> None:
    """The ending chooses the format; one line says the file and its size."""
    result = run(*words, "--on", ON, "--known", NOW, "-o", str(tmp_path / file))
    assert (result.returncode, result.stderr) == (0, "")
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert result.stdout == f"{tmp_path / file}: {-(-len(text.encode()) // 1000)} kB\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("WhatsApp", "-o", "map.gif"), "the ending of 'map.gif' says no format; end it in .html, .svg, .png, .pdf"),
        (("WhatsApp", "-o", "nowhere/map.html"), "there is no folder nowhere"),
        (("Threads", "-o", "{folder}.html"), "cannot be written"),
        (("WhatsUp", "-o", "map.html"), "no platform or company is called 'WhatsUp'; did you mean WhatsApp"),
        (("WhatsApp", "--on", "2026-13-01", "-o", "map.html"), "'2026-13-01' is not a day; write it as 2026-03-01"),
        (("WhatsApp", "--known", "soon", "-o", "map.html"), "'soon' is not a day"),
        (("-o", "map.html"), "name one platform or company, or a --category"),
        (("WhatsApp", "--category", "messenger", "-o", "map.html"), "not both"),
    ],
)
def test_a_mistake_gets_one_sentence(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    """Exit code 2, one line that says what to do, no traceback and no file."""
    folder = tmp_path / "taken.html"
    folder.mkdir()
    given = [one.replace("{folder}.html", str(folder)) for one in words]
    given[given.index("-o") + 1] = given[given.index("-o") + 1].replace("map.", f"{tmp_path}/map.") if "nowhere" not in given[given.index("-o") + 1] else given[given.index("-o") + 1]  # fmt: skip
    result = run(*given)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("kg: ")
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["taken.html"]


def test_a_day_to_come_is_answered_as_status_answers_it(tmp_path: Path) -> None:
    """A later day than today gets what is presumed to go on, as in ``kg status``."""
    result = run("Threads", "--on", "2031-01-01", "-o", str(tmp_path / "map.html"))
    assert result.returncode == 0
    assert ' on <span id="day">1 January 2031</span>' in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_nothing_recorded_is_said(tmp_path: Path) -> None:
    """A map without anything is written, and the exit code and a sentence say that this is not: not restricted."""
    result = run("Threads", "--on", "2005-01-01", "--known", NOW, "-o", str(tmp_path / "map.svg"))
    assert result.returncode == 1
    assert result.stderr == "kg: nothing is recorded anywhere for that day; that does not mean: not restricted\n"
    assert "Nothing is recorded for that day in any of" in (tmp_path / "map.svg").read_text(encoding="utf-8")
