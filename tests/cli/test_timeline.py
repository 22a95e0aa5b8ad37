"""``kg timeline``: a list as ever, files by their endings, and one sentence for every mistake."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import NamedTuple

import command
import pytest

import kg
from kg.answers.model import to_plain
from kg.pictures.telling import printed_day

NOW = "2026-11-22"
PUBLIC = ("--known", NOW)
DAYS = ("--on", NOW, *PUBLIC)


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    told: str
    complained: str


def run(*words: str) -> Done:
    done = command.run("timeline", *words)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no command here tells of it."""
    kg.open()


def test_without_a_file_it_is_a_list() -> None:
    """The table, JSON and CSV hold the events of the answer in its order, and nothing is drawn."""
    answer = kg.open().timeline("WhatsApp", "RU", known=NOW)
    table, whole, rows = (run("WhatsApp", "--in", "RU", *PUBLIC, *more) for more in ((), ("-f", "json"), ("-f", "csv")))
    assert {(one.code, one.complained) for one in (table, whole, rows)} == {(0, "")}
    assert [event.fact.label for event in answer.events if event.fact.label not in table.told] == []
    assert json.loads(whole.told) == to_plain(answer)
    assert [row["id"] for row in csv.DictReader(io.StringIO(rows.told))] == [event.fact.id for event in answer.events]


def test_an_empty_list_is_said() -> None:
    """Nothing dated gives exit code 1 and a sentence, and is no mistake."""
    done = run("MAX", "--in", "CH", *PUBLIC)
    assert (done.code, done.complained) == (1, "kg: nothing dated is recorded about MAX there\n")


@pytest.mark.parametrize(
    ("words", "file", "begins", "title", "lanes"),
    [
        (("WhatsApp", "--in", "RU"), "x.html", b"<!doctype html>", "WhatsApp in Russia", {"WhatsApp"}),
        (("--in", "ID"), "X.HTM", b"<!doctype html>", "Indonesia", {"Telegram", "TikTok", "Reddit"}),
        (
            ("Meta", "--in", "RU"),
            "x.svg",
            b"<?xml",
            "Meta Platforms in Russia",
            {"Facebook", "WhatsApp", "Meta Platforms"},
        ),
        (("Telegram",), "x.svg", b"<?xml", "Telegram", {"Russia", "Iran", "China", "Brazil"}),
        (("MAX", "--in", "RU"), "x.pdf", b"%PDF", "", None),
        (("MAX", "--in", "RU"), "x.png", b"\x89PNG", "", None),
    ],
)
def test_a_file_is_drawn(
    words: tuple[str, ...],
    file: str,
    begins: bytes,
    title: str,
    lanes: set[str] | None,
    tmp_path: Path,
) -> None:
    """The ending chooses the format, one line says file and size; lanes are platforms of a place or company, or places."""
    if file.endswith((".pdf", ".png")):
        pytest.importorskip("typst", reason="PDF and PNG need the extra print")
    done = run(*words, *DAYS, "-o", str(tmp_path / file))
    content = (tmp_path / file).read_bytes()
    assert done == (0, f"{tmp_path / file}: {-(-len(content) // 1000)} kB\n", "")
    assert content.startswith(begins)
    if lanes is not None:
        text = content.decode()
        assert re.findall(r"<title[^>]*>([^<:]+)", text)[0] == title
        drawn = re.findall(r'class="line [^"]*" data-name="([^"]+)"', text)
        assert lanes <= set(drawn)
        assert len(drawn) == len(set(drawn))
    assert [one.name for one in tmp_path.iterdir()] == [file]


@pytest.mark.parametrize(
    ("on", "known", "drawn"),
    [(NOW, NOW, True), ("2025-12-01", NOW, False), (NOW, "2025-12-01", False), ("2031-01-01", NOW, True)],
)
def test_days_bound_what_is_drawn(on: str, known: str, drawn: bool, tmp_path: Path) -> None:
    """What began or became public later is not drawn; a day to come is drawn up to that day, as ``kg status`` answers it."""
    assert run("WhatsApp", "--in", "RU", "--on", on, "--known", known, "-o", str(tmp_path / "x.svg")).code == 0
    text = (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert ("whatsapp.com taken out of the National Domain Name System" in text) == drawn
    assert f"What began up to {printed_day(on)}" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("WhatsApp", "--on", NOW), "--on is the last day of a picture; a list has --known, or draw it with -o FILE"),
        (("WhatsApp", "--format", "csv", "-o", "x.svg"), "-o draws a picture and --format says how a list is written"),
        (("WhatsApp", "--format", "yaml"), "yaml"),
        ((), "name a thing, as in: kg timeline WhatsApp"),
        (("--in", "RU"), "a place alone can be drawn: kg timeline --in RU -o russia.html"),
        (("-o", "x.svg"), "name a platform or company, or a place with --in CODE"),
        (("WhatsApp", "-o", "x.gif"), "the ending of 'x.gif' says no format; end it in .html, .svg, .png, .pdf"),
        (("WhatsApp", "-o", "x"), "the ending of 'x' says no format"),
        (("WhatsApp", "-o", "nowhere/x.svg"), "there is no folder nowhere"),
        (("WhatsApp", "--in", "RU", "-o", "taken.svg"), "taken.svg cannot be written"),
        (("WhatsUp", "-o", "x.svg"), "is called 'WhatsUp'; did you mean WhatsApp"),
        (("WhatsUp",), "is called 'WhatsUp'; did you mean WhatsApp"),
        (("WhatsApp", "--in", "Rusia", "-o", "x.svg"), "Rusia"),
        (("WhatsApp", "--on", "2026-13-01", "-o", "x.svg"), "'2026-13-01' is not a day; write it as 2026-03-01"),
        (("WhatsApp", "--known", "soon", "-o", "x.svg"), "'soon' is not a day"),
        (("WhatsApp", "--known", "soon"), "'soon' is not a day"),
        (("MAX", "--in", "CH", "-o", "x.svg"), "nothing dated is recorded about MAX in CH; that does not mean: not restricted"),
    ],
)  # fmt: skip
def test_a_mistake_gets_one_sentence(
    words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, one line that says what to do, nothing on standard output and no file."""
    (tmp_path / "taken.svg").mkdir()
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert (done.code, done.told) == (2, "")
    assert done.complained.startswith("kg: ")
    assert told in done.complained
    assert len(done.complained.splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["taken.svg"]
