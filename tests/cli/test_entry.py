"""The short way of plain look-ups gives what typer gives, and leaves everything else to typer."""

from __future__ import annotations

import sys

import pytest
import typer

import kg
from kg.cli import main
from kg.cli.entry import OPTIONS, PLAIN_VERBS, plain_command

PLAIN = [
    ("status", "WhatsApp", "--in", "RU"),
    ("status", "--in", "RU", "WhatsApp", "--on", "2025-09-01", "--known", "2025-10-01"),
    ("status", "WhatsApp", "Telegram", "--in", "RU,BY", "--in", "IR", "-f", "csv"),
    ("status", "TikTok"),
    ("status", "TikTok", "--on", "2020-01-01", "--on", "2021-01-01", "--format", "jsonl"),
    ("why", "WhatsApp", "--in", "RU", "--format", "json"),
    ("why", "Meta", "--in", "RU"),
    ("status", "4chan", "--known", "2001-01-01"),
]
UNUSUAL = [
    (),
    ("--version",),
    ("show", "Meta"),
    ("status",),
    ("status", "--help"),
    ("status", "WhatsApp", "--in=RU"),
    ("status", "WhatsApp", "-fjson"),
    ("status", "WhatsApp", "--in"),
    ("status", "WhatsApp", "--in", "--on"),
    ("status", "WhatsApp", "--colour", "red"),
    ("status", "--", "-x"),
    ("--endpoint", "https://example.org", "status", "WhatsApp"),
]


@pytest.fixture(scope="module")
def typed() -> typer.Typer:
    """The whole command, read by typer."""
    kg.open()
    main.register(PLAIN_VERBS)
    return main.app


def outcome(command: object, capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    try:
        command()  # type: ignore[operator]
    except SystemExit as leaving:
        return leaving.code or 0, *capsys.readouterr()
    except kg.KgError as error:
        return str(error), *capsys.readouterr()
    return 0, *capsys.readouterr()


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_same_answer(
    words: tuple[str, ...], typed: typer.Typer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plain look-up tells the same, with the same exit code, whichever way its words are read."""
    short = plain_command(words)
    assert short is not None
    first = outcome(short, capsys)
    monkeypatch.setattr(sys, "argv", ["kg", *words])
    assert outcome(typed, capsys) == first
    assert first[1] or first[2]


@pytest.mark.parametrize("words", UNUSUAL, ids=" ".join)
def test_left_to_typer(words: tuple[str, ...]) -> None:
    """Whatever is not plain is left to typer, which explains mistakes."""
    assert plain_command(words) is None


@pytest.mark.parametrize("verb", PLAIN_VERBS)
def test_same_options(verb: str, typed: typer.Typer) -> None:
    """The short way knows exactly the options that typer knows for the verb."""
    command = typer.main.get_command(typed).commands[verb]  # type: ignore[attr-defined]
    known = {name for one in command.params for name in one.opts if name.startswith("-")}
    assert known == set(OPTIONS)
