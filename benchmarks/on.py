"""Runs the command ``kg`` on another record: ``python benchmarks/on.py FOLDER status Daba --in Q000``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kg import places
from kg.cli.entry import run

if __name__ == "__main__":
    places.DATA = Path(sys.argv.pop(1)).resolve()
    run()
