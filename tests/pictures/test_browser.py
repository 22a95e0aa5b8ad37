"""The page in a real browser: it draws, it complains of nothing, it asks for nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import kg
from kg.pictures.page import draw_page

BROWSER = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=4000",
    "--enable-logging=stderr",
]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed; .ci/run installs it")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """What the browser made of the page (DOM), what it printed, and its net log."""
    folder = tmp_path_factory.mktemp("browser")
    page, log = folder / "whatsapp.html", folder / "net.json"
    page.write_text(
        draw_page(kg.open(), ["WhatsApp"], "RU", on="2026-03-01", known="2026-03-01", depth=1), encoding="utf-8"
    )
    assert BROWSER is not None
    command = [
        BROWSER,
        *FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        f"--log-net-log={log}",
        "--net-log-capture-mode=Everything",
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "HOME": str(folder)}
    )
    return done.stdout, done.stderr, Path(log).read_text(encoding="utf-8")


def test_the_canvas_is_drawn(opened: tuple[str, str, str]) -> None:
    """The script ran under its content-security-policy and put a canvas into the page."""
    assert "<canvas" in opened[0]


def test_the_console_is_silent(opened: tuple[str, str, str]) -> None:
    """No script failed and nothing was refused."""
    assert [line for line in opened[1].splitlines() if "CONSOLE" in line] == []


def test_no_source_is_looked_up(opened: tuple[str, str, str]) -> None:
    """None of the hosts that the page names as sources appears in the net log of the browser."""
    hosts = {
        one.url.split("/")[2] for one in kg.open().status("WhatsApp", "RU", on="2026-03-01", known="2026-03-01").sources
    }
    events = json.dumps([event.get("params") for event in json.loads(opened[2])["events"]])
    assert hosts
    assert [host for host in hosts if host in events] == []
