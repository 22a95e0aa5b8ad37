"""Look-ups that are read without typer answer as those that typer reads, and everything else is left to it."""

from __future__ import annotations

import sys

import command
import pytest

from kg.cli import entry
from kg.cli.main import run as run_all

KNOWN = ("--known", "2026-11-22")
PLAIN: tuple[tuple[str, ...], ...] = (
    ("status", "WhatsApp", "--in", "RU", *KNOWN),
    ("status", "--in", "RU", "--on", "2026-03-01", "WhatsApp", "Telegram", *KNOWN),
    ("status", "WhatsApp", "--in", "RU,CN", "--format", "csv", *KNOWN),
    ("status", "WhatsApp", "--in", "RU", "--in", "CN", "-f", "json", *KNOWN),
    ("status", "WhatsApp", *KNOWN),
    ("why", "WhatsApp", "--in", "RU", *KNOWN),
    ("why", "WhatsApp", "--in", "RU", "--format", "json", *KNOWN),
    ("status", "WhatsUp", "--in", "RU"),
    ("status", "WhatsApp", "--in", "RX"),
    ("status", "WhatsApp", "--in", "RU", "--on", "2026-13-01"),
    ("status", "WhatsApp", "--in", "RU", "--format", "yaml"),
    ("status", "Blockbox", "--in", ""),
    ("why", "MAX", "--in", "CH", *KNOWN),
)
LEFT: tuple[tuple[str, ...], ...] = (
    (),
    ("status",),
    ("status", "--help"),
    ("status", "WhatsApp", "--in=RU"),
    ("status", "WhatsApp", "--on"),
    ("status", "WhatsApp", "--on", "--in", "RU"),
    ("status", "WhatsApp", "--endpoint", "http://127.0.0.1:9/query"),
    ("--endpoint", "http://127.0.0.1:9/query", "status", "WhatsApp"),
    ("status", "WhatsApp", "--", "--in"),
    ("status", "WhatsApp", "-fcsv"),
    ("timeline", "WhatsApp"),
    ("--version",),
)


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_both_ways_say_the_same(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer, complaint and exit code are letter by letter those of the way through typer."""
    assert entry.plain_command(words) is not None
    short = command.run(*words)
    monkeypatch.setattr(command.program, "run", run_all)
    long = command.run(*words)
    assert (short.returncode, short.stdout, short.stderr) == (long.returncode, long.stdout, long.stderr)
    assert short.stdout or short.stderr


@pytest.mark.parametrize("words", LEFT, ids=" ".join)
def test_what_is_not_plain_is_left_to_typer(words: tuple[str, ...]) -> None:
    """Help, abbreviations, options of the whole command and mistakes in options are not guessed at."""
    assert entry.plain_command(words) is None


def test_a_plain_look_up_does_without_typer() -> None:
    """That is the point of it: typer is not loaded."""
    words = ("status", "WhatsApp", "--in", "RU", *KNOWN)
    code = f"import sys, os; sys.argv = ['kg', *{words!r}]; leave = os._exit; os._exit = lambda code: leave(9 if 'typer' in sys.modules else code); from kg.cli.entry import run; run()"
    done = command.subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=command.surroundings(), check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("BLOCKED")
