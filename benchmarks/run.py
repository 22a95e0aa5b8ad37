"""All benchmarks in one run, side by side, as one report in Markdown.

Run with ``python benchmarks/run.py [--sizes 10000,100000,1000000] [--runs 20] [--keep FOLDER] [--out report.md]``. For each size a
record is generated, compiled, asked its known questions, and asked the verbs; the same files go into bare pyoxigraph and
(up to a million statements) rdflib. What is not installed is left out, and the report says so. ``--keep`` holds the
generated records and stores for the next run. Ten million statements need about 10 GB of memory and 6 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import look_up  # noqa: E402  the package beside this folder is what is measured
from generate import generate  # noqa: E402

_WITH_RDFLIB = 1_000_000
"""Statements up to which rdflib is asked too; ten million would need more memory than most machines have."""
_ASKED_IN_RDFLIB = 100_000
"""Statements up to which it is asked the questions of verbs: of more, loading what is compiled takes minutes."""
_PARTS = ("look-ups", "sizes", "build", "verbs", "ways", "closure", "queries", "pictures")
_PACKAGES = ("pyoxigraph", "oxigraph", "rdflib", "typer", "owlrl", "reasonable", "rapidfuzz")


def main() -> None:
    """Measure everything and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--runs", type=int, default=20, help="of the look-ups as whole processes")
    parser.add_argument("--keep", type=Path, help="a folder for generated records and their stores")
    parser.add_argument("--skip", default="", help=f"parts to leave out: {', '.join(_PARTS)}")
    parser.add_argument("--out", type=Path, help="write the report to this file too")
    given = parser.parse_args()
    skipped = set(filter(None, given.skip.split(",")))
    if skipped - set(_PARTS):
        parser.error(f"--skip takes {', '.join(_PARTS)}, not {', '.join(sorted(skipped - set(_PARTS)))}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        parts = [_machine()]
        measured: dict[str, Callable[[], str]] = {
            "look-ups": lambda: _look_ups(given.runs),
            "sizes": lambda: _sizes(folder, given.sizes, skipped),
            "queries": lambda: _other("queries.py", "--no-rdflib", "--repeat", "3"),
            "pictures": lambda: _other("pictures.py"),
        }
        for name, part in measured.items():
            if name not in skipped:
                parts.append(part())
                print(parts[-1], flush=True)
    report = "\n\n".join(parts) + "\n"
    if given.out:
        given.out.write_text(report, encoding="utf-8")


def _machine() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed, so left out")
    load = f", load at the beginning {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}; Python {platform.python_version()}; {', '.join(found)}; {time.strftime('%Y-%m-%d')}."  # fmt: skip


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; every column but the first to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def _look_ups(runs: int) -> str:
    times = look_up.measure(runs)
    rows = []
    clock, cpu = (
        {name: statistics.median(one[number] for one in some) for name, some in times.items()} for number in (0, 1)
    )
    for name, some in times.items():
        spread = "–".join(f"{bound(one[0] for one in some) * 1000:.0f}" for bound in (min, max))
        ratios = [
            f"{middle[name] / middle[other]:.2f}"
            for middle in (clock, cpu)
            for other in ("empty typer program", "kg status")
        ]
        rows.append([name, f"{clock[name] * 1000:.0f} ({spread})", *ratios[:2], f"{cpu[name] * 1000:.0f}", *ratios[2:]])
    head = [
        "whole process",
        "ms on the clock",
        "× empty typer",
        "× kg status",
        "ms of processor",
        "× empty typer",
        "× kg status",
    ]
    return f"## Look-ups\n\n{runs} runs each, in turns; medians.\n\n{table(head, rows)}"


def _sizes(folder: Path, sizes: str, skipped: set[str]) -> str:
    found: list[dict[str, Any]] = []
    for size in map(int, sizes.split(",")):
        record, home = folder / f"record-{size}", folder / f"home-{size}"
        if not (record / "answers.jsonl").is_file():
            generate(record, size)
        os.environ["KG_HOME"] = str(home)
        one: dict[str, Any] = {"size": size}
        if "build" not in skipped:
            shutil.rmtree(home, ignore_errors=True)
            one["build"] = _child("build", record)
            with tempfile.TemporaryDirectory(dir=folder) as bare:
                one["bare"] = _child("bare_load", record, bare)
            one["rdflib"] = _child("rdflib_load", record) if size <= _WITH_RDFLIB else None
        if "verbs" not in skipped:
            one["verbs"] = _child("verbs", record)
        if "ways" not in skipped:
            store = next(iter(home.glob("*/store-*")))
            with _server(store):
                one["ways"] = _child("ways", record, "yes" if size <= _ASKED_IN_RDFLIB else "no")
        if "closure" not in skipped and size <= _WITH_RDFLIB:
            one["closure"] = {name: _child("closure", record, name) for name in ("rules", "reasonable", "owlrl")}
        print(json.dumps(one), file=sys.stderr, flush=True)
        found.append(one)
    parts = {"build": _build_table, "verbs": _verbs_table, "ways": _ways_table, "closure": _closure_table}
    return "\n\n".join(show(found) for name, show in parts.items() if name not in skipped)


def _child(*words: object) -> dict[str, Any]:
    """Run a task in a process of its own; a task whose library is missing gives nothing."""
    command = [sys.executable, str(HERE / "tasks.py"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it does not say why"]
        is_missing = lines[-1].startswith(
            "ModuleNotFoundError"
        )  # the head of the report says which package is not there
        print(f"{' '.join(map(str, words))}: {lines[-1] if is_missing else done.stderr[-2000:]}", file=sys.stderr)
        return {}
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _server(store: Path) -> Iterator[None]:
    """The HTTP server of the engine on the same store, where it is installed."""
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        yield
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([program, "serve-read-only", "-l", str(store), "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(100):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        os.environ["BENCHMARK_SERVER"] = f"http://127.0.0.1:{port}/query"
        yield
    finally:
        os.environ.pop("BENCHMARK_SERVER", None)
        running.terminate()
        running.wait()


def _build_table(found: Sequence[dict[str, Any]]) -> str:
    head = [
        "statements",
        "compiled",
        "s",
        "s of processor",
        "k/s of processor",
        "peak, MB",
        "bare: k/s, MB",
        "rdflib: k/s, MB",
    ]
    rows = []
    for one in found:
        made = one["build"]
        rows.append([
            f"{one['size']:,}", f"{made['stored']:,}", f"{made['seconds']:.0f}", f"{made['cpu']:.0f}",
            f"{one['size'] / made['cpu'] / 1000:.0f}", f"{made['peak']:,.0f}",
            *(f"{one['size'] / other['cpu'] / 1000:.0f}, {other['peak']:,.0f}" if other else "not run" for other in (one["bare"], one["rdflib"])),
        ])  # fmt: skip
    return f"## Building\n\nReading, checking, deriving and writing; the others only read.\n\n{table(head, rows)}"


def _verbs_table(found: Sequence[dict[str, Any]]) -> str:
    names = list(found[0]["verbs"]["times"])
    rows = [[name, *(_ms(one["verbs"]["times"][name]) for one in found)] for name in names]
    rows.append(["known answers right", *(f"{one['verbs']['asked'] - len(one['verbs']['wrong'])} of {one['verbs']['asked']}" for one in found)])  # fmt: skip
    head = ["in one process, ms of processor", *(f"{one['size']:,}" for one in found)]
    return f"## Verbs by size\n\nMedian of forty things asked once each, lowest–highest.\n\n{table(head, rows)}"


def _ways_table(found: Sequence[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for one in found for name in one["ways"]))
    rows = [[name, *(_ms(one["ways"].get(name)) for one in found)] for name in names]
    head = ["ms", *(f"{one['size']:,}" for one in found)]
    return f"## The main query of a status\n\nOf the processor, and on the clock where a server takes part.\n\n{table(head, rows)}"


def _closure_table(found: Sequence[dict[str, Any]]) -> str:
    chosen = [one for one in found if "closure" in one]
    names = list(chosen[0]["closure"]) if chosen else []
    rows = [[name, *(_closed(one["closure"].get(name)) for one in chosen)] for name in names]
    head = ["s of processor: links found", *(f"{one['size']:,}" for one in chosen)]
    return (
        f"## Closure of ownership\n\nThe same links, one transitive property, to the fixpoint.\n\n{table(head, rows)}"
    )


def _closed(one: dict[str, Any] | None) -> str:
    return f"{one['cpu']:.3g}: {one['links']} → {one['found']}" if one else "not run"


def _ms(one: dict[str, float] | None) -> str:
    return f"{one['median'] * 1000:.3g} ({one['lowest'] * 1000:.3g}–{one['highest'] * 1000:.3g})" if one else "not run"


def _other(program: str, *words: str) -> str:
    """What another benchmark of this folder prints."""
    os.environ.pop("KG_HOME", None)
    done = subprocess.run([sys.executable, str(HERE / program), *words], capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(HERE.parent)})  # fmt: skip
    said = (done.stdout or done.stderr[-2000:]).strip()
    return f"## {program.removesuffix('.py').capitalize()}\n\n" + (
        said if said.startswith("|") else f"```text\n{said}\n```"
    )


if __name__ == "__main__":
    main()
