"""A look-up stays light: the heavy libraries are imported only where they are used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"rdflib", "networkx", "pyvis", "pyshacl", "IPython", "pydantic", "numpy", "rich"}
WRAPPER = """
import json, os, sys

def leave(code):
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr, flush=True)
    leave_at_once(code)

leave_at_once, os._exit = os._exit, leave
sys.argv[1:] = json.loads(sys.argv.pop())
from kg.cli.main import run
run()
os._exit(0)
"""


@pytest.mark.parametrize(
    "words",
    [
        ("status", "WhatsApp", "--in", "RU"),
        ("why", "WhatsApp", "--in", "RU"),
        ("timeline", "WhatsApp"),
        ("show", "Meta"),
        ("list", "platforms"),
        ("query", "blocked-platforms", "--in", "RU"),
        ("matrix", "--platforms", "TikTok,X", "--in", "RU,IN"),
        ("info",),
    ],
    ids=" ".join,
)
def test_light(words: tuple[str, ...]) -> None:
    """A look-up imports none of the heavy libraries."""
    kg.open()
    result = subprocess.run(
        [sys.executable, "-c", WRAPPER, json.dumps(words)],
        capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, timeout=60,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    modules = set(json.loads(result.stderr.splitlines()[-1]))
    assert "pyoxigraph" in modules
    assert not modules & HEAVY
