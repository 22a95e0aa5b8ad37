"""How long does it take to compile the record, and how large is the store?

Run with ``python benchmarks/build.py [--runs 5]``. Each run reads, checks, derives and writes the whole packaged record
into a fresh folder; the figures are medians of whole steps in one process. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

from kg import places
from kg.build.check import find_problems
from kg.build.compile import write_store
from kg.build.read import read_record
from kg.build.rules import run_rules
from kg.build.versions import add_versions

_STEPS = ("read", "check", "rules 1", "versions", "rules 2", "write")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in _STEPS}
    for _ in range(runs):
        read, derived, size = _once(times)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {runs} runs\n")
    for name, one in times.items():
        print(f"{name:<10} median {statistics.median(one):6.2f} s   lowest {min(one):6.2f}   highest {max(one):6.2f}")
    print(f"{'together':<10} median {sum(statistics.median(one) for one in times.values()):6.2f} s\n")
    print(f"{read} statements read, {derived} in the store, {size / 1e6:.1f} MB on disk")


def _once(times: dict[str, list[float]]) -> tuple[int, int, int]:
    files = [*places.vocabulary_files(), *places.record_files()]
    clock = [time.perf_counter()]

    def step(name: str) -> None:
        clock.append(time.perf_counter())
        times[name].append(clock[-1] - clock[-2])

    store = read_record(files)
    step("read")
    read = len(store)
    find_problems(store, files)
    step("check")
    run_rules(store, places.rule_files(1))
    step("rules 1")
    add_versions(store)
    step("versions")
    run_rules(store, places.rule_files(2))
    step("rules 2")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "one")
        write_store(store, target, {"data_hash": target.name})
        step("write")
        size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    return read, len(store), size


if __name__ == "__main__":
    main()
