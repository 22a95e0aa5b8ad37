"""What only a process shows: it ends with the code and the output of the call, and a reader may go away early."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command import run, run_apart, surroundings

import kg


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no process here is slow or tells of it."""
    kg.open()


@pytest.mark.parametrize(
    ("words", "given", "code"),
    [
        (("--version",), "", 0),
        (("--help",), "", 0),
        (("matrix", "--help"), "", 0),
        (("status", "WhatsApp", "--in", "Россия", "--on", "2026-03-01", "--known", "2026-11-22"), "", 0),
        (("query", "-"), "\ufeffSELECT ?label WHERE { prki:RU skos:prefLabel ?label } ORDER BY ?label", 0),
        (("find", "qqqqzzzz"), "", 1),
        (("status", "Watsap", "--in", "RU"), "", 2),
        (("query", "-"), "SELECT * WHERE {\n ?s ?p }", 2),
        (("list", "sources", "--nosuchoption"), "", 2),
        (("nosuchverb",), "", 2),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_a_process_says_what_the_call_says(words: tuple[str, ...], given: str, code: int) -> None:
    """Both streams and the exit code are the same to the byte, but for the time that an answer took."""
    called, apart = run(*words, given=given), run_apart(*words, given=given)
    assert (called.returncode, called.stdout) == (apart.returncode, apart.stdout)
    assert [line.partition(" in 0.")[0] for line in called.stderr.splitlines()] == [
        line.partition(" in 0.")[0] for line in apart.stderr.splitlines()
    ]
    assert apart.returncode == code


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True, text=True, encoding="utf-8", env=surroundings(KG=f"{sys.executable} -m kg"), check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "verb",
    ["list sources --format csv", "query 'SELECT * WHERE { ?s ?p ?o }' --format csv", "timeline RU", "status WhatsApp"],
)
def test_reader_that_stops_early(verb: str) -> None:
    """A pipe whose reader goes away after a line, or at once, gives no traceback."""
    result = shell(f"$KG {verb} | head -1")
    assert len(result.stdout.splitlines()) == 1
    for found in (result, shell(f"$KG {verb} | true")):
        assert found.returncode == 0
        assert "Traceback" not in found.stderr
        assert "BrokenPipe" not in found.stderr
