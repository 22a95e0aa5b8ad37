"""How fast is a look-up, as a whole process? Three programs side by side in one run, as ratios.

1. an empty typer program of the same version (what any command line of this kind costs),
2. ``kg status WhatsApp --in RU`` on the compiled record,
3. rdflib parsing the same Turtle files and asking the same hot query on what the files say.

Run with ``python benchmarks/look_up.py [--runs 15]``. The programs take turns, so that a busy moment of the machine
hits all of them; the figures are medians. Nothing here is a test: machines differ, ratios much less.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

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
    runs = parser.parse_args().runs
    from kg import places

    files = [str(file) for file in (*places.vocabulary_files(), *places.record_files())]
    with tempfile.TemporaryDirectory() as folder:
        empty, asked = Path(folder, "empty.py"), Path(folder, "asked.py")
        empty.write_text(_EMPTY, encoding="utf-8")
        asked.write_text(_RDFLIB, encoding="utf-8")
        programs = {
            "empty typer program": [sys.executable, str(empty), "x"],
            "kg status": [sys.executable, "-m", "kg", "status", "WhatsApp", "--in", "RU"],
            "rdflib parse and ask": [sys.executable, str(asked), *files],
        }
        environment = {**os.environ, "KG_HOME": str(Path(folder, "home"))}
        times = _measure(programs, environment, folder, runs)
    _print(times)


def _measure(
    programs: dict[str, list[str]], environment: dict[str, str], folder: str, runs: int
) -> dict[str, list[float]]:
    """Seconds a program and run; one run each beforehand warms the disk and compiles the store.

    The programs run in a folder of their own, so that the installed package is measured and not a checkout.
    """
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, command in programs.items():
            began = time.perf_counter()
            subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            if turn:
                times[name].append(time.perf_counter() - began)
    return times


def _print(times: dict[str, list[float]]) -> None:
    print(
        f"Python {platform.python_version()}, typer {version('typer')}, pyoxigraph {version('pyoxigraph')}, rdflib {version('rdflib')}, {os.cpu_count()} cores\n"
    )
    middle = {name: statistics.median(one) for name, one in times.items()}
    for name, one in times.items():
        print(
            f"{name:<22} median {middle[name] * 1000:7.1f} ms   lowest {min(one) * 1000:7.1f}   highest {max(one) * 1000:7.1f}   ({len(one)} runs)"
        )
    print(
        f"\nkg status is {middle['kg status'] / middle['empty typer program']:.2f} × an empty typer program (aim: at most 1.5)"
    )
    print(
        f"rdflib takes  {middle['rdflib parse and ask'] / middle['kg status']:.1f} × as long as kg status (aim: at least 8)"
    )


if __name__ == "__main__":
    main()
