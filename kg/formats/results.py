"""Answers to queries, written in every format that fits them, to a file or to standard output."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, TextIO

import pyoxigraph as ox

from kg import names
from kg.errors import UsageError
from kg.formats import output, sparql
from kg.formats.html import About, write_page
from kg.sparql.answer import Results, Term, in_order, plain

TEXT_FORMS = (*output.FORMATS, "html", "sparql-json", "sparql-xml")
FILE_FORMS = ("parquet", "xlsx")
"""Formats that are not text."""
TRIPLE_FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
FORMS = (*TEXT_FORMS, *FILE_FORMS, *TRIPLE_FORMS)
_LOOKED_AT = 10_000
"""Triples by which the prefixes of a Turtle file are chosen."""
_SUFFIXES = {
    ".txt": "table", ".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".html": "html",
    ".srj": "sparql-json", ".srx": "sparql-xml", ".parquet": "parquet", ".xlsx": "xlsx", ".ttl": "turtle", ".nt": "ntriples",
    ".jsonld": "jsonld", ".rdf": "rdfxml",
}  # fmt: skip
_FITS = {
    "rows": (*TEXT_FORMS, *FILE_FORMS),
    "truth": ("table", "json", "jsonl", "csv", "tsv", "markdown", "sparql-json", "sparql-xml"),
    "triples": tuple(TRIPLE_FORMS),
}
_SAYS = {
    "rows": "this query gives rows",
    "truth": "this query gives a yes or no",
    "triples": "this query gives triples",
}


@dataclass
class Written:
    """What has been written so far: how many rows or triples, and whether a limit cut the rest off."""

    number: int = 0
    cut: bool = False
    empty: bool = True
    """Whether nothing was found: no row, or one row of noughts."""


def choose(form: str | None, file: Path | None) -> str | None:
    """The format that was asked for, by name or by the suffix of the file; ``None`` for that of the query's form.

    Raises:
        UsageError: when there is no such format, or the suffix says none.
    """
    if form is not None:
        output.require_format(form, FORMS)
        return form
    if file is None:
        return None
    if file.suffix not in _SUFFIXES:
        raise UsageError(
            f"the ending of '{file.name}' says no format; give --format, or end it in {', '.join(sorted(_SUFFIXES))}"
        )
    return _SUFFIXES[file.suffix]


def fitting(results: Results, form: str | None) -> str:
    """The format for an answer.

    Raises:
        UsageError: when the one asked for does not fit the form of the query.
    """
    fits = _FITS[results.form]
    if form is None:
        return "turtle" if results.form == "triples" else "table"
    if form not in fits:
        raise UsageError(f"{form} does not fit: {_SAYS[results.form]}; use {', '.join(fits)}")
    return form


def write(results: Results, form: str | None, file: Path | None, about: About, limit: int | None = None) -> Written:
    """Write an answer as it comes. A file appears under its name only when it is whole.

    Raises:
        UsageError: when the format does not fit, or the file cannot be written.
    """
    chosen = fitting(results, form)
    written = Written()
    if chosen in FILE_FORMS:
        _write_file(results, chosen, file, written, limit)
    elif results.triples is not None:
        with _bytes(file) as out:
            _write_triples(_counted(results.triples, written, limit), chosen, results.prefixes, out)
    elif results.truth is not None:
        written.number, written.empty = 1, not results.truth
        with _text(file) as out:
            _write_truth(results.truth, chosen, out)
    else:
        _write_rows(results, chosen, file, about, written, limit)
    return written


def _write_triples(triples: Iterable[ox.Triple], form: str, own: Mapping[str, str], out: IO[bytes]) -> None:
    """Triples; Turtle with those prefixes, the query's own before ours, that its first triples use."""
    running = in_order(triples)
    first = list(islice(running, _LOOKED_AT))
    iris = {iri for triple in first for iri in _iris(triple)}
    declared = {**{name: iri for name, iri in names.PREFIXES.items() if iri not in own.values()}, **own}
    used = {name: iri for name, iri in declared.items() if any(one.startswith(iri) for one in iris)}
    prefixes = used if form == "turtle" else None
    ox.serialize(chain(first, running), out, format=TRIPLE_FORMS[form], prefixes=prefixes)
    out.write(b"\n" if form == "jsonld" else b"")


def _iris(triple: ox.Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        named = term.datatype if isinstance(term, ox.Literal) else term
        if isinstance(named, ox.NamedNode):
            yield named.value


def _write_truth(truth: bool, form: str, out: TextIO) -> None:
    if form == "sparql-json":
        out.write(sparql.truth_json(truth))
    elif form == "sparql-xml":
        out.write(sparql.truth_xml(truth))
    else:
        output.write_rows(("answer",), [(truth,)], form, out)


def _write_rows(
    results: Results, form: str, file: Path | None, about: About, written: Written, limit: int | None
) -> None:
    rows: Iterable[tuple[Term, ...]] = _counted(results.rows or (), written, limit)
    if form == "table" and file is None and output.on_terminal():
        output.print_rows(results.columns, _plain(rows), form)
        return
    with _text(file) as out:
        if form == "sparql-json":
            sparql.write_json(results.columns, rows, out)
        elif form == "sparql-xml":
            sparql.write_xml(results.columns, rows, out)
        elif form == "html":
            write_page(results.columns, _plain(rows), out, about)
        else:
            output.write_rows(results.columns, _plain(rows), form, out)


def _write_file(results: Results, form: str, file: Path | None, written: Written, limit: int | None) -> None:
    from kg.formats.tables import write_excel, write_parquet

    if file is None and sys.stdout.isatty():
        raise UsageError(f"{form} is not text; name a file with --out")
    rows = _plain(_counted(results.rows or (), written, limit))
    writer = write_parquet if form == "parquet" else write_excel
    if file is not None:
        with beside(file) as half:
            writer(results.columns, rows, half)
        return
    with tempfile.TemporaryDirectory() as folder:
        half = Path(folder) / f"answer.{form}"
        writer(results.columns, rows, half)
        sys.stdout.buffer.write(half.read_bytes())


def _plain(rows: Iterable[tuple[Term, ...]]) -> Iterator[tuple[Any, ...]]:
    return (tuple(map(plain, row)) for row in rows)


def _counted(items: Iterable[Any], written: Written, limit: int | None) -> Iterator[Any]:
    """Items up to a limit, counted on the way."""
    for one in items:
        if limit is not None and written.number >= limit:
            written.cut = True
            close = getattr(items, "close", None)
            if close is not None:
                close()
            return
        written.number += 1
        noughts = isinstance(one, tuple) and all(plain(term) in {None, 0} for term in one)
        written.empty = written.number == 1 and noughts
        yield one


@contextmanager
def _text(file: Path | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdout
        return
    with beside(file) as half, half.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def _bytes(file: Path | None) -> Iterator[IO[bytes]]:
    if file is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    with beside(file) as half, half.open("wb") as out:
        yield out


@contextmanager
def beside(file: Path) -> Iterator[Path]:
    """A path beside the file that is renamed to it when everything went well, and removed when not."""
    if file.is_dir():
        raise UsageError(f"{file} cannot be written (it is a folder)")
    if file.exists() and not file.is_file():  # a device or a pipe takes what it is given
        yield file
        return
    half = file.with_name(f".{file.name}.part-{os.getpid()}")
    try:
        half.touch()
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror})") from None
    try:
        yield half
        half.replace(file.resolve())
    finally:
        half.unlink(missing_ok=True)
