"""What it costs to change one small file: the first build, a change, and many changes in a row.

Run with ``python benchmarks/change.py --statements 1000000 --work FOLDER [--changes 30]``. Two things are measured: the packaged
record with one small file more, and a generated record as data of one's own beside the packaged one, again with a small file.
That holds a single measure, which changes each time.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from generate import generate  # noqa: E402

from kg import places  # noqa: E402
from kg.build.own import own_files  # noqa: E402  the package beside this folder is what is measured
from kg.store import Store, open_store  # noqa: E402

_SMALL = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix prk: <https://w3id.org/prk/ontology#> .
@prefix prkc: <https://w3id.org/prk/concept/> .
@prefix prki: <https://w3id.org/prk/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

prki:s-notebook a prk:Source ; dcterms:publisher "A notebook" ; dcterms:issued "2026-05-02"^^edtf:EDTF ;
    prk:url "https://example.org/1"^^xsd:anyURI ; prk:sourceKind prkc:measurement-source .
prki:made-up-slow-down a prk:RestrictionMeasure ; skos:prefLabel "An invented slow-down of Signal in Chad"@en ;
    prk:target prki:signal ; prk:appliesIn prki:TD ; prk:kind prkc:throttle ; prk:affects prkc:everyone ;
    prk:claim [ prk:validFrom "DAY"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-notebook ; prk:locator "page 1" ] ] .
"""


def main() -> None:
    """Generate, compile, change, and tell the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, required=True, help="a folder for data and stores; its content goes")
    parser.add_argument("--changes", type=int, default=5)
    given = parser.parse_args()
    shutil.rmtree(given.work, ignore_errors=True)
    os.environ["KG_HOME"] = str(given.work / "home")
    shutil.copytree(places.DATA, given.work / "record")
    _measure("the packaged record alone", given.work / "record", given.changes, _of_record)
    evidence = given.work / "evidence"
    written, _ = generate(evidence, given.statements, 1, 0, None)
    (evidence / "answers.jsonl").unlink()
    _measure(f"{written} statements of one's own beside it", evidence, given.changes, _with_own)


def _of_record(folder: Path) -> Store:
    return open_store(sorted(folder.rglob("*.ttl")), tell=lambda _: None)


def _with_own(folder: Path) -> Store:
    return open_store(own=own_files([folder]), tell=lambda _: None)


def _measure(title: str, folder: Path, changes: int, opened: Callable[[Path], Store]) -> None:
    store, took, cpu = _after(folder, date(2026, 5, 1), opened)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(title)
    print(
        f"first build: {took:.1f} s, {cpu:.1f} s of the processor, {store.origin.statements} statements compiled, at most {peak} MB so far"
    )
    before, times = _look_up(store), []
    for number in range(1, changes + 1):
        store, *one = _after(folder, date(2026, 5, 1) - timedelta(number), opened)
        times.append(one)
    clock, cpu = (statistics.median(one[place] for one in times) for place in (0, 1))
    print(f"after a change: {clock:.2f} s, {cpu:.2f} s of the processor (median of {len(times)})")
    print(
        f"a question about that measure: {before * 1000:.1f} ms after the first build, {_look_up(store) * 1000:.1f} ms after the last change"
    )


def _after(folder: Path, day: date, opened: Callable[[Path], Store]) -> tuple[Store, float, float]:
    (folder / "small.ttl").write_text(_SMALL.replace("DAY", day.isoformat()), encoding="utf-8")
    began, busy = time.perf_counter(), time.process_time()
    store = opened(folder)
    return store, time.perf_counter() - began, time.process_time() - busy


def _look_up(store: Store) -> float:
    times = []
    for _ in range(20):
        began = time.perf_counter()
        rows = store.select(
            "SELECT ?kind WHERE { ?fact prk:target prki:signal ; prk:appliesIn prki:TD ; prk:kind ?kind ; prk:version ?version }"
        )
        times.append(time.perf_counter() - began)
        assert rows
    return statistics.median(times)


if __name__ == "__main__":
    main()
