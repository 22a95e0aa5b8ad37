"""How fast is a look-up, as a whole process? Four programs side by side in one run, as ratios.

1. an empty typer program of the same version (what any command line of this kind costs),
2. ``kg status WhatsApp --in RU`` on the compiled record,
3. rdflib parsing the same Turtle files and asking the same hot query on what the files say,
4. the ``oxigraph`` program of the same engine asking the main query of that look-up on the same store, where it is installed.

Run with ``python benchmarks/look_up.py [--runs 15]``. The programs take turns, so that a busy moment of the machine
hits all of them; the figures are medians. Nothing here is a test: machines differ, ratios much less.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Cost = tuple[float, float]
"""Seconds on the clock, and of the processor, which other work on the machine disturbs less."""
_EMPTY = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
@app.command()
def main(name: str) -> None:
    print(name)
app()
"""

_RDFLIB = """
import sys
import rdflib
graph = rdflib.Graph()
for file in sys.argv[1:]:
    graph.parse(file, format="turtle")
rows = list(graph.query('''
PREFIX prk: <https://w3id.org/prk/ontology#>
PREFIX prki: <https://w3id.org/prk/id/>
SELECT ?measure ?kind ?level ?from ?url WHERE {
  ?measure prk:target prki:whatsapp ; prk:appliesIn prki:RU ; prk:kind ?kind ; prk:claim ?claim .
  ?kind prk:givesLevel ?level .
  ?claim prk:validFrom ?from ; prk:evidence ?evidence .
  ?evidence prk:source ?source .
  ?source prk:url ?url .
}'''))
print(len(rows))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    _print(measure(parser.parse_args().runs))


def measure(runs: int) -> dict[str, list[Cost]]:
    """Costs a program and run."""
    from kg import places
    from kg.store import open_store

    files = [str(file) for file in (*places.vocabulary_files(), *places.record_files())]
    store = open_store().origin.engine_folder
    with tempfile.TemporaryDirectory() as folder:
        empty, asked, query = Path(folder, "empty.py"), Path(folder, "asked.py"), Path(folder, "query.rq")
        empty.write_text(_EMPTY, encoding="utf-8")
        asked.write_text(_RDFLIB, encoding="utf-8")
        query.write_text((places.QUERIES / "answers" / "status.rq").read_text(encoding="utf-8"), encoding="utf-8")
        programs = {
            "empty typer program": [sys.executable, str(empty), "x"],
            "kg status": [sys.executable, "-m", "kg", "status", "WhatsApp", "--in", "RU"],
            "rdflib parse and ask": [sys.executable, str(asked), *files],
        }
        if (
            server := shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        ) and store:
            programs["oxigraph query"] = [server, "query", "-l", str(store), "--query-file", str(query), "--results-format", "json"]  # fmt: skip
        # The package that this process has imported is measured, installed or not.
        package = str(places.DATA.parents[1])
        return _measure(programs, {**os.environ, "PYTHONPATH": package}, folder, runs)


def _measure(
    programs: dict[str, list[str]], environment: dict[str, str], folder: str, runs: int
) -> dict[str, list[Cost]]:
    """Seconds a program and run; one run each beforehand warms the disk and compiles the store."""
    times: dict[str, list[Cost]] = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, command in programs.items():
            before, began = _processor(), time.perf_counter()
            subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            if turn:
                times[name].append((time.perf_counter() - began, _processor() - before))
    return times


def _processor() -> float:
    """Seconds of the processor that children have used so far; zero where the system does not tell."""
    used = os.times()
    return used.children_user + used.children_system


def _print(times: dict[str, list[Cost]]) -> None:
    print(
        f"Python {platform.python_version()}, typer {version('typer')}, pyoxigraph {version('pyoxigraph')}, rdflib {version('rdflib')}, {os.cpu_count()} cores\n"
    )
    for number, what in enumerate(("on the clock", "of the processor")):
        some = {name: [one[number] for one in costs] for name, costs in times.items()}
        middle = {name: statistics.median(one) for name, one in some.items()}
        for name, one in some.items():
            print(
                f"{name:<22} median {middle[name] * 1000:7.1f} ms {what}   lowest {min(one) * 1000:7.1f}   highest {max(one) * 1000:7.1f}   ({len(one)} runs)"
            )
        print(
            f"kg status is {middle['kg status'] / middle['empty typer program']:.2f} × an empty typer program (aim: at most 1.5)"
        )
        print(
            f"rdflib takes {middle['rdflib parse and ask'] / middle['kg status']:.1f} × as long as kg status (aim: at least 8)\n"
        )


if __name__ == "__main__":
    main()
