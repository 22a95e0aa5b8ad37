"""Write docs/tour.ipynb: the cells below, executed, with their outputs.

python docs/generate_tour.py            writes the notebook
python docs/generate_tour.py --check    writes nothing; exit code 1 when cells or outputs differ from the stored ones

Needs nbclient and ipykernel. The kernel reads and writes in a temporary folder only.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "tour.ipynb"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SECONDS = 120
"""How long one cell may take; the first compiles the record where that was not done yet."""

CELLS = [
    (
        "markdown",
        """\
# A tour of the record in Python

Who restricts which platform, where, since when, and on whose word? This notebook opens the packaged record and asks.
It needs `pandas` and no network. Every day is written out, so that the answers stay the same: `on` is the day asked about,
`known` the day up to which publications count. Nothing recorded does not mean unrestricted.

First the status of one platform in one place: 1 March 2026 as known two months before, and as known that day.""",
    ),
    (
        "code",
        """\
import kg

graph = kg.open()
for known in ("2026-01-01", "2026-03-01"):
    status = graph.status("WhatsApp", "RU", on="2026-03-01", known=known)
    print(known, "|", status.verdict, "|", status.certainty, "| since", status.since, "| publishers:", status.publishers)
    for measure in status.measures:
        print("    ", measure.fact.label)""",
    ),
    (
        "markdown",
        """\
A named question gives an answer with columns and rows. A notebook shows it as a table. Here: where was TikTok restricted
on 1 June 2023, as known that day?""",
    ),
    (
        "code",
        """\
graph.query("where-restricted", platform="TikTok", on="2023-06-01", known="2023-06-01")""",
    ),
    (
        "markdown",
        """\
`to_pandas` makes a data frame of it, with days as days. In which years did the blocks begin, at the earliest, that ran in
Russia on 1 March 2026, surely or presumably? An empty cell in the answer means that the beginning is unknown; such blocks
are not counted here.""",
    ),
    (
        "code",
        """\
blocked = graph.query("blocked-platforms", in_="RU", on="2026-03-01", known="2026-11-22").to_pandas()
years = blocked["since"].dropna().dt.year.value_counts().sort_index()
years.rename("blocks").to_frame()""",
    ),
    (
        "markdown",
        """\
A matrix of countries and messengers. Each pair without a row in the answer is a dot: nothing is recorded there, which does
not mean that nothing happened. Regions are left out here; their ids have a second part.""",
    ),
    (
        "code",
        """\
pairs = graph.query("platform-matrix", category="messenger", on="2026-03-01", known="2026-11-22").to_pandas()
pairs = pairs[pairs["jurisdiction"].str.fullmatch("prki:[A-Z]{2}")]
pairs["level"] = pairs["level"].str.removeprefix("prkc:")
matrix = pairs.pivot(index="jurisdictionLabel", columns="platformLabel", values="level")
matrix[["WhatsApp", "Telegram", "Signal", "Viber", "WeChat"]].dropna(how="all").fillna("·")""",
    ),
    (
        "markdown",
        """\
Fines on record since 2025, by year and currency. Fines without a recorded sum count among the fines and not in the sum.""",
    ),
    (
        "code",
        """\
fines = graph.query("fines-by-year", known="2026-11-22").to_pandas()
fines = fines[fines["year"] >= 2025]
fines["sum"] = fines["sum"].map("{:,.0f}".format)
fines[["year", "label", "currency", "fines", "sum"]].reset_index(drop=True)""",
    ),
    (
        "markdown",
        """\
On whose word does one fact stand? Each account of a measure names the dates, the publisher and the place in the source.
Here it is the step-by-step slow-down of WhatsApp in Russia.""",
    ),
    (
        "code",
        """\
accounts = graph.query("accounts", node="RU-whatsapp-phased", known="2026-11-22").to_pandas()
accounts[["field", "date", "publisher", "issued", "locator"]].sort_values(["issued", "publisher"]).reset_index(drop=True)""",
    ),
    (
        "markdown",
        """\
Your own SPARQL goes the same way. [The tutorial](tutorial.md) explains the language. Which courts are on record as those
who imposed a full block, and how many blocks?""",
    ),
    (
        "code",
        '''\
graph.query("""
SELECT ?court ?name (COUNT(DISTINCT ?measure) AS ?blocks) WHERE {
  ?measure a prk:RestrictionMeasure ; prk:kind prkc:full-block ; prk:imposedBy ?court .
  ?court a prk:Court ; skos:prefLabel ?name .
  FILTER(LANG(?name) = "en")
} GROUP BY ?court ?name ORDER BY DESC(?blocks) ?name LIMIT 5
""")''',
    ),
    (
        "markdown",
        """\
`CONSTRUCT` makes a small graph of your own. `answer.triples` holds its triples, and rdflib takes them as N-Triples.""",
    ),
    (
        "code",
        '''\
import pyoxigraph
import rdflib

answer = graph.query("""
PREFIX my: <https://example.org/my#>
CONSTRUCT { ?authority my:blocked ?platform } WHERE {
  ?measure a prk:RestrictionMeasure ; prk:kind prkc:full-block ; prk:appliesIn prki:BR ;
    prk:imposedBy ?authority ; prk:target ?platform .
}
""")
small = rdflib.Graph()
small.bind("my", "https://example.org/my#")
small.bind("prki", "https://w3id.org/prk/id/")
small.parse(data=pyoxigraph.serialize(answer.triples, format=pyoxigraph.RdfFormat.N_TRIPLES), format="nt")
print(small.serialize(format="turtle").strip())''',
    ),
]


def notebook() -> dict[str, Any]:
    """The notebook without outputs; a cell has the same id every time."""
    import nbformat

    cells = []
    for place, (kind, text) in enumerate(CELLS, 1):
        made = (nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell)(text)
        made["id"] = f"tour-{place:02d}"
        cells.append(made)
    made = nbformat.v4.new_notebook(cells=cells)
    made["metadata"] = json.loads(json.dumps(METADATA))
    return made


def execute(made: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run the cells in a kernel of this environment that keeps its files in a folder.

    Raises:
        nbclient.exceptions.CellExecutionError: when a cell fails.
    """
    _compile()
    with _settings(_places(folder)):
        # Jupyter reads some settings when it is imported.
        from nbclient import NotebookClient

        client = NotebookClient(
            made,
            timeout=SECONDS,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(folder)}},
        )
        asyncio.run(client.async_execute())
    return made


def _compile() -> None:
    """Compile the record beforehand, so that no cell tells of it."""
    sys.path.insert(0, str(ROOT))
    import kg

    kg.open()


def _places(folder: Path) -> dict[str, str]:
    """Where Jupyter, IPython and the kernel look and write, and where the kernel finds this package."""
    places = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    packages = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**places, "JUPYTER_PLATFORM_DIRS": "1", "PYTHONPATH": packages, "NO_COLOR": "1"}


@contextmanager
def _settings(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def plain(made: Mapping[str, Any]) -> list[str]:
    """What is compared, line by line: texts and outputs, without counts and styles."""
    lines = []
    for cell in made["cells"]:
        lines += [f"[{cell['id']} {cell['cell_type']}]", *_text(cell["source"]).splitlines()]
        for output in cell.get("outputs", ()):
            lines.append(f"[{output.get('name', output['output_type'])}]")
            shown = output.get("data", {"text/plain": output.get("text", "")})
            for form, text in sorted(shown.items()):
                lines.append(f"[{form}]")
                lines += re.sub(r"<style.*?</style>\n?", "", _text(text), flags=re.DOTALL).splitlines()
    return lines


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def written(made: dict[str, Any]) -> str:
    """The file: counts from one, and of each output only what it shows."""
    cells = []
    count = 0
    for cell in made["cells"]:
        kept = {"cell_type": cell["cell_type"], "id": cell["id"], "metadata": {}}
        if cell["cell_type"] == "code":
            count += 1
            outputs = []
            for output in cell["outputs"]:
                one = json.loads(json.dumps(output))
                if "execution_count" in one:
                    one["execution_count"] = count
                if "data" in one:
                    one["metadata"] = {}
                    one["data"] = {form: _lines(text) for form, text in sorted(one["data"].items())}
                if "text" in one:
                    one["text"] = _lines(one["text"])
                outputs.append(dict(sorted(one.items())))
            kept |= {"execution_count": count, "outputs": outputs}
        kept["source"] = _lines(cell["source"])
        cells.append(kept)
    whole = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _lines(text: str | list[str]) -> list[str]:
    return _text(text).splitlines(keepends=True)


def differences(folder: Path) -> list[str]:
    """How the stored notebook differs from one that is made now."""
    stored = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    made = execute(notebook(), folder)
    return list(difflib.unified_diff(plain(stored), plain(made), "stored", "made now", lineterm=""))


def main(arguments: list[str]) -> int:
    """Write the notebook, or with --check only compare it."""
    with tempfile.TemporaryDirectory() as folder:
        if arguments == ["--check"]:
            found = differences(Path(folder))
            if found:
                print("\n".join(["docs/tour.ipynb is stale: run python docs/generate_tour.py", *found]), file=sys.stderr)
            return bool(found)
        NOTEBOOK.write_text(written(execute(notebook(), Path(folder))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
