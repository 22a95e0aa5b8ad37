"""A browser for tests: Debian's chromium with its own driver, nothing downloaded, and what its net log says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--window-size=1400,1000",
)
OWN_HOSTS = re.compile(r"(?:.+\.)?(?:google|googleapis|gstatic|duckduckgo)\.com|127\.0\.0\.1")
"""Whom the browser itself asks for updates and readies for a search, whatever page is open."""


def _missing() -> str:
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium is not installed; the extra 'test' brings it"
    gone = [name for name, path in (("chromium", CHROMIUM), ("chromedriver", CHROMEDRIVER)) if path is None]
    return f"{' and '.join(gone)} not installed; .ci/run installs what is missing" if gone else ""


needs_browser = pytest.mark.skipif(bool(_missing()), reason=_missing() or "-")


def start(folder: Path, *, log: Path | None = None) -> Any:
    """A browser with a profile of its own; with a log it writes down everything that it asks of a network."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    recording = (f"--log-net-log={log}", "--net-log-capture-mode=Everything") if log else ()
    for flag in (*FLAGS, f"--user-data-dir={folder / 'profile'}", *recording):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(executable_path=CHROMEDRIVER))


def complaints(driver: Any) -> list[str]:
    """What the console has said since it was last asked; the open page is new after that."""
    return [entry["message"] for entry in driver.get_log("browser")]


def hosts_asked(log: Path) -> set[str]:
    """The hosts that pages have looked up or asked, by the net log of a browser that has quit.

    What the browser asks on its own account has no page behind it; all other hosts count in any event whatever.
    """
    text = log.read_text(encoding="utf-8")
    try:
        told = json.loads(text)
    except ValueError:  # a browser that was stopped in a hurry leaves the end of the list out
        told = json.loads(text.rstrip().rstrip(",") + "]}")
    types = {number: name for name, number in told["constants"]["logEventTypes"].items()}
    return {host for event in told["events"] for host in _hosts(types[event["type"]], event.get("params") or {})}


def _hosts(kind: str, params: dict[str, Any]) -> Iterator[str]:
    behind = {"HOST_RESOLVER_MANAGER_REQUEST": "network_anonymization_key", "URL_REQUEST_START_JOB": "initiator"}
    of_page = "file:" in str(params.get(behind.get(kind, "")))
    text = json.dumps([params.get(name) for name in ("host", "url", "group_id")])
    for name in re.findall(r"(?:(?:https?|wss?|ftp)://|\")([\w-]+(?:\.[\w-]+)+)", text):
        if of_page or not OWN_HOSTS.fullmatch(name):
            yield name
