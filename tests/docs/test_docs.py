from __future__ import annotations

import dataclasses
import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import command
import pytest

import kg
from kg.answers import model, records
from kg.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "templates.md", ROOT / "docs" / "own-data.md"]
MARKDOWN = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"


@dataclasses.dataclass(frozen=True)
class Example:
    """A command or a piece of Python with the output that the page promises."""

    page: str
    arguments: tuple[str, ...]
    promised: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.arguments)[:60]}"


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(found["kind"], found["body"]) for found in FENCE.finditer(page.read_text(encoding="utf-8"))]


def command_examples() -> list[Example]:
    found: list[Example] = []
    for page in PAGES:
        for kind, body in blocks(page):
            if kind == "console":
                for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                    line, *promised = part.splitlines()
                    verb, *arguments = shlex.split(line)
                    assert verb == "kg", line
                    found.append(Example(page.name, ("-m", "kg", *arguments), tuple(promised)))
    return found


def python_examples() -> list[Example]:
    found: list[Example] = []
    for page in PAGES:
        for (kind, body), (next_kind, output) in zip(blocks(page), blocks(page)[1:], strict=False):
            if kind == "python":
                assert next_kind == "text", f"{page.name}: a Python example is followed by its output"
                found.append(Example(page.name, ("-c", body), tuple(output.splitlines())))
    return found


def matches(promised: list[str], real: list[str]) -> bool:
    """Whether the lines agree, where a line ``…`` stands for any lines."""
    if not promised:
        return not real
    if promised[0] == ANYTHING:
        return any(matches(promised[1:], real[start:]) for start in range(len(real) + 1))
    return bool(real) and plain(promised[0]) == plain(real[0]) and matches(promised[1:], real[1:])


def plain(line: str) -> str:
    """A line as it is compared: how much was checked grows with the record."""
    return re.sub(r"\d+", "N", line.rstrip()) if line.startswith("sound: ") else line.rstrip()


@pytest.fixture(scope="module")
def compiled() -> None:
    """Compile the packaged record before the first example runs, so that none tells of it."""
    kg.open()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the pages tell the reader to save: Turtle blocks that begin with their name."""
    for page in PAGES:
        for kind, body in blocks(page):
            name = re.match(r"# ([\w-]+\.ttl)\n", body)
            if kind == "turtle" and name:
                (tmp_path / name[1]).write_text(body, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("example", [*command_examples(), *python_examples()], ids=str)
def test_examples_give_what_the_pages_promise(example: Example, folder: Path) -> None:
    """Every command and every piece of Python in README and CONTRIBUTING runs and prints what stands under it."""
    if example.arguments[:2] == ("-m", "kg"):
        done = command.run(*example.arguments[2:], folder=folder, NO_COLOR="1")
    else:
        done = subprocess.run(
            [sys.executable, *example.arguments], cwd=folder, env=command.surroundings(NO_COLOR="1"),
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    real = (done.stdout or done.stderr).replace(f"{folder.resolve()}{os.sep}", "").splitlines()
    assert matches(list(example.promised), real), "\n".join(
        difflib.unified_diff(example.promised, real, "promised", "real", lineterm="")
    )


def test_pages_hold_enough_examples() -> None:
    """README answers seven questions, CONTRIBUTING checks a good and a bad file, and both show Python."""
    per_page = [one.page for one in command_examples()]
    assert (per_page.count("README.md"), per_page.count("CONTRIBUTING.md")) == (7, 2)
    assert [one.page for one in python_examples()] == ["README.md", "CONTRIBUTING.md"]


@pytest.mark.parametrize("script", ["generate_ontology_page.py", "generate_query_page.py"])
def test_generated_pages_are_current(script: str) -> None:
    """The pages made from the ontology and from the query headers say what these say now."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file, and to a heading of it where it names one."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", link):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / unquote(path)).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        if heading:
            headings = {
                re.sub(r"[^\w -]", "", one).strip().lower().replace(" ", "-")
                for one in re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            }
            assert heading in headings, f"{page.name}: {link}"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_described(verb: str) -> None:
    """Every verb of the command line appears in docs/output.md or README.md."""
    told = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    assert f"kg {verb}" in told


def test_every_field_of_an_answer_is_described() -> None:
    """Every field of every answer appears in docs/output.md, so that no shape changes unseen."""
    told = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    shapes = {
        one
        for module in (model, records)
        for one in vars(module).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == module.__name__
    }
    missing = sorted(
        f"{shape.__name__}.{field.name}"
        for shape in shapes
        for field in dataclasses.fields(shape)
        if f"`{field.name}`" not in told
    )
    assert not missing
