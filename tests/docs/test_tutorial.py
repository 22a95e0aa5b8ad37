"""The tutorial: every block of the page is run, in the order of the page, and prints what stands there."""

from __future__ import annotations

import difflib
import doctest
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import Result, run_on_one_screen
from test_docs import FENCE, ROOT, matches

from kg import catalogue

PAGE = ROOT / "docs" / "tutorial.md"
TIMES = re.compile(r"kg: \d+ (row|triple)s? in ")
"""The line that says how long an answer took; the page leaves it out."""


@dataclass(frozen=True)
class Block:
    """A fenced block and the line of the page on which its text begins."""

    kind: str
    body: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command and the lines that the page promises under it."""

    line: int
    words: tuple[str, ...]
    promised: tuple[str, ...]

    def __str__(self) -> str:
        return f"line {self.line}"


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def blocks(*kinds: str) -> list[Block]:
    text = page()
    found = [
        Block(one["kind"], one["body"], text.count("\n", 0, one.start("body")) + 1) for one in FENCE.finditer(text)
    ]
    return [one for one in found if one.kind in kinds or not kinds]


def files() -> dict[str, str]:
    """The query files that the page tells its reader to save."""
    return {block.body.split("\n", 1)[0].removeprefix("# file: "): block.body for block in blocks("sparql")}


def commands() -> list[Command]:
    found: list[Command] = []
    for block in blocks("console"):
        lines = block.body.splitlines()
        starts = [place for place, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            words = tuple(shlex.split(lines[start][2:]))
            found.append(Command(block.line + start, words, tuple(lines[start + 1 : end])))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the query files of the page; the record is compiled before the first command speaks."""
    made = tmp_path_factory.mktemp("tutorial")
    run(("kg", "info"), made)
    for name, text in files().items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def run(words: tuple[str, ...], folder: Path) -> Result:
    """Run a command as its reader would see it: both streams on one screen."""
    assert words[0] == "kg"
    return run_on_one_screen(*words[1:], folder=folder, NO_COLOR="1")


@pytest.mark.parametrize("command", commands(), ids=str)
def test_commands_print_what_the_page_promises(command: Command, folder: Path) -> None:
    """Every command of the tutorial prints what stands under it, and nothing else but the time it took."""
    done = run(command.words, folder)
    real = [line.rstrip() for line in done.stdout.splitlines() if not TIMES.match(line)]
    assert matches(list(command.promised), real), "\n".join(
        [
            f"docs/tutorial.md, line {command.line}",
            *difflib.unified_diff(command.promised, real, "promised", "real", lineterm=""),
        ]
    )
    if "-o" in command.words:
        assert (folder / command.words[command.words.index("-o") + 1]).stat().st_size


def test_python_prints_what_the_page_promises(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pieces of Python run one after the other in one session and print what stands under them."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "displayhook", sys.__displayhook__)
    session: dict[str, object] = {}
    told: list[str] = []
    for block in blocks("pycon"):
        test = doctest.DocTestParser().get_doctest(block.body, session, PAGE.name, str(PAGE), block.line - 1)
        doctest.DocTestRunner(verbose=False).run(test, out=told.append, clear_globs=False)
        session = test.globs
    assert not told, "".join(told)


def test_every_block_is_run() -> None:
    """No block is mere decoration: queries are named files that a command or Python uses, the rest runs itself."""
    assert {block.kind for block in blocks()} == {"sparql", "console", "pycon"}
    assert page().count("```") == 2 * len(blocks())
    assert all(block.body.startswith("# file: ") for block in blocks("sparql"))
    assert all(command.words[0] == "kg" for command in commands())
    used = {word for command in commands() for word in command.words}
    assert set(files()) <= used
    assert len(files()) == len(blocks("sparql"))


@pytest.mark.parametrize("command", [one for one in commands() if one.words[2] in catalogue.query_files()], ids=str)
def test_no_answer_depends_on_today(command: Command) -> None:
    """A named question is asked with every day that would otherwise be today, so that its answer stays."""
    today = [one.name for one in catalogue.load(command.words[2]).parameters if one.default == "today"]
    assert all(f"--{name}" in command.words for name in today), f"docs/tutorial.md, line {command.line}"


@pytest.mark.parametrize("words", sorted(set(re.findall(r"`(kg \w[^`…<]*)`", page()))))
def test_commands_in_the_text_work(words: str, folder: Path) -> None:
    """A command that is only mentioned in a sentence runs, too."""
    done = run(tuple(shlex.split(words)), folder)
    assert done.returncode == 0, done.stdout


def test_every_step_ends_with_an_answer() -> None:
    """Each of the fourteen steps runs something, and the steps are numbered in order."""
    steps = re.split(r"^## ", page(), flags=re.MULTILINE)[1:]
    assert [int(step.split(".")[0]) for step in steps] == list(range(1, 15))
    assert all("```console" in step or "```pycon" in step for step in steps)
