"""Every format of an answer, read back by somebody else's reader."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.formats import output, sparql
from kg.formats.html import About
from kg.formats.results import FORMS, TEXT_FORMS, TRIPLE_FORMS, choose, write
from kg.sparql.answer import Results, Term, plain

ABOUT = About("Answer", "What is asked?", "SELECT * { ?s ?p ?o } # </pre><script>", ("Record 1",))
XSD = "http://www.w3.org/2001/XMLSchema#"
HOSTILE = "<script>alert(1)</script>&\"'|\n=1+1\tü\u202e"
COLUMNS = ("thing", "label", "n", "share", "day", "flag")
ROWS: list[tuple[Term, ...]] = [
    (
        ox.NamedNode("https://w3id.org/prk/id/chirp"),
        ox.Literal("Чирп", language="ru"),
        ox.Literal(4),
        ox.Literal("60.5", datatype=ox.NamedNode(XSD + "decimal")),
        ox.Literal("2024-03-01", datatype=ox.NamedNode(XSD + "date")),
        ox.Literal(True),
    ),
    (ox.NamedNode("http://example.org/"), ox.Literal(HOSTILE), None, None, None, ox.Literal(False)),
    (ox.BlankNode("b1"), ox.Literal("=2+2"), ox.Literal(-7), None, None, None),
]
TRIPLES = [
    ox.Triple(
        ox.NamedNode("https://w3id.org/prk/id/a"),
        ox.NamedNode("https://w3id.org/prk/ontology#target"),
        ox.NamedNode("https://w3id.org/prk/id/b"),
    ),
    ox.Triple(
        ox.NamedNode("https://w3id.org/prk/id/a"),
        ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
        ox.Literal(HOSTILE, language="en"),
    ),
]


def rows() -> Results:
    return Results(COLUMNS, rows=iter(ROWS))


def written(results: Results, form: str, folder: Path) -> Path:
    file = folder / "answer"
    write(results, form, file, ABOUT)
    return file


def plain_rows() -> list[tuple[Any, ...]]:
    return [tuple(map(plain, row)) for row in ROWS]


def test_csv_and_tsv(tmp_path: Path) -> None:
    """CSV and TSV hold each cell; one that a spreadsheet would run is led by an apostrophe."""
    for form, mark in (("csv", ","), ("tsv", "\t")):
        with written(rows(), form, tmp_path).open(encoding="utf-8", newline="") as file:
            found = list(csv.reader(file, delimiter=mark))
        assert found[0] == list(COLUMNS)
        assert found[1] == ["prki:chirp", "Чирп", "4", "60.5", "2024-03-01", "true"]
        assert found[2] == ["http://example.org/", HOSTILE, "", "", "", "false"]
        assert found[3][1:3] == ["'=2+2", "-7"]


def test_json_and_lines(tmp_path: Path) -> None:
    """JSON and JSON lines hold typed values."""
    wanted = [dict(zip(COLUMNS, row, strict=True)) for row in plain_rows()]
    wanted[0]["day"] = "2024-03-01"
    assert json.loads(written(rows(), "json", tmp_path).read_text(encoding="utf-8")) == wanted
    lines = written(rows(), "jsonl", tmp_path).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == wanted


@given(st.lists(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.text()), min_size=2, max_size=2)))
def test_json_row_by_row(values: list[list[Any]]) -> None:
    """JSON that is written row by row is the text that the library writes at once."""
    out = io.StringIO()
    output.write_rows(("a", "b"), values, "json", out)
    whole = json.dumps([dict(zip(("a", "b"), row, strict=True)) for row in values], ensure_ascii=False, indent=2)
    assert out.getvalue() == whole + "\n"


LITERALS = st.one_of(
    st.builds(ox.Literal, st.text()),
    st.builds(lambda text: ox.Literal(text, language="en"), st.text()),
    st.builds(ox.Literal, st.integers()),
    st.builds(
        lambda day: ox.Literal(str(day), datatype=ox.NamedNode(XSD + "date")), st.dates(min_value=date(1000, 1, 1))
    ),
    st.just(ox.NamedNode("http://example.org/a?b=c&d=e")),
    st.just(ox.BlankNode("b0")),
    st.none(),
)


@given(st.lists(st.tuples(LITERALS, LITERALS)))
def test_sparql_json_and_xml_round_trip(found: list[tuple[Term, ...]]) -> None:
    """What is written as SPARQL JSON and XML is what the engine reads from it, term by term."""
    readers: list[tuple[Callable[..., None], Any, Callable[[str], str]]] = [
        (sparql.write_json, ox.QueryResultsFormat.JSON, str),
        (
            sparql.write_xml,
            ox.QueryResultsFormat.XML,
            lambda text: re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text),
        ),
    ]
    for writer, form, kept in readers:
        out = io.StringIO()
        writer(("a", "b"), found, out)
        read = ox.parse_query_results(out.getvalue().encode(), format=form)
        assert isinstance(read, ox.QuerySolutions)
        assert [variable.value for variable in read.variables] == ["a", "b"]
        assert [tuple(map(shape, row)) for row in read] == [tuple(shape(term, kept) for term in row) for row in found]


def shape(term: Term, kept: Callable[[str], str] = str) -> object:
    if isinstance(term, ox.Literal):
        return kept(term.value), term.language, term.datatype.value
    return str(term)


def test_sparql_results_in_rdflib(tmp_path: Path) -> None:
    """Rdflib reads the rows too."""
    for form, name in (("sparql-json", "json"), ("sparql-xml", "xml")):
        found = rdflib.query.Result.parse(source=io.BytesIO(written(rows(), form, tmp_path).read_bytes()), format=name)
        assert [str(one) for one in found.vars or ()] == list(COLUMNS)
        assert next(iter(found))[1] == rdflib.Literal("Чирп", lang="ru")  # type: ignore[index]


@pytest.mark.parametrize("truth", [True, False])
def test_yes_or_no(truth: bool, tmp_path: Path) -> None:
    """A yes or no comes in the formats that have one."""
    found = json.loads(written(Results(truth=truth), "sparql-json", tmp_path).read_text(encoding="utf-8"))
    assert found == {"head": {}, "boolean": truth}
    tree = ET.parse(written(Results(truth=truth), "sparql-xml", tmp_path))  # noqa: S314  written a line ago
    assert [one.text for one in tree.iter("{http://www.w3.org/2005/sparql-results#}boolean")] == [str(truth).lower()]
    assert written(Results(truth=truth), "table", tmp_path).read_text(encoding="utf-8").split() == [
        "answer",
        str(truth).lower(),
    ]


def test_markdown(tmp_path: Path) -> None:
    """A row of Markdown is one line, and a bar in a cell does not make a column."""
    lines = written(rows(), "markdown", tmp_path).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1


def test_excel(tmp_path: Path) -> None:
    """Excel gets typed cells, and no cell is a formula."""
    file = tmp_path / "answer.xlsx"
    write(rows(), "xlsx", file, ABOUT)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    found = list(sheet.iter_rows(values_only=True))
    assert found[0] == COLUMNS
    assert found[1][2:4] == (4, 60.5)
    assert found[1][4].date() == date(2024, 3, 1)  # type: ignore[union-attr]
    assert found[3][1] == "=2+2"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}


def test_long_text_in_excel(tmp_path: Path) -> None:
    """A text that a cell cannot hold is cut with a mark, not dropped; a day before Excel's first is text."""
    file = tmp_path / "answer.xlsx"
    long = Results(
        ("a", "b"),
        rows=iter([(ox.Literal("x" * 40_000), ox.Literal("1850-01-01", datatype=ox.NamedNode(XSD + "date")))]),
    )
    write(long, "xlsx", file, ABOUT)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    text, day = (one.value for one in sheet[2])
    assert (len(str(text)), str(text)[-1], day) == (32_767, "…", "1850-01-01")


def test_parquet(tmp_path: Path) -> None:
    """Parquet gets typed columns."""
    frame = pl.read_parquet(written(rows(), "parquet", tmp_path))
    assert frame.columns == list(COLUMNS)
    assert frame.schema["day"] == pl.Date
    assert frame.rows() == plain_rows()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("form", "name"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld"), ("rdfxml", "xml")]
)
def test_triples_in_rdflib(form: str, name: str, tmp_path: Path) -> None:
    """Triples in each format are the same triples to rdflib."""
    graph = rdflib.Graph().parse(written(Results(triples=iter(TRIPLES)), form, tmp_path), format=name)
    again = rdflib.Graph().parse(data="".join(f"{one} .\n" for one in TRIPLES), format="nt")
    if form == "rdfxml":  # XML reads every line end as one kind
        assert len(graph) == len(again)
    else:
        assert set(graph) == set(again)


def test_turtle_names_only_the_prefixes_it_uses(tmp_path: Path) -> None:
    """A Turtle file declares what it needs and no more (the engine itself always adds rdf)."""
    text = written(Results(triples=iter(TRIPLES)), "turtle", tmp_path).read_text(encoding="utf-8")
    assert set(re.findall(r"@prefix (\w+):", text)) - {"rdf"} == {"prk", "prki", "skos"}


def test_turtle_keeps_the_prefixes_of_the_query(tmp_path: Path) -> None:
    """A prefix that the query declares is used, also where we have another one for the same namespace."""
    own = {"my": "https://w3id.org/prk/id/", "unused": "http://example.org/unused/"}
    text = written(Results(triples=iter(TRIPLES), prefixes=own), "turtle", tmp_path).read_text(encoding="utf-8")
    assert set(re.findall(r"@prefix (\w+):", text)) - {"rdf"} == {"prk", "my", "skos"}
    assert "my:a" in text


class Page(HTMLParser):
    """Tags, attributes and the text of table cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag with its attributes."""
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "td"
        if self.inside:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave a cell."""
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        """Note the text of a cell."""
        if self.inside:
            self.cells[-1] += data


def test_page(tmp_path: Path) -> None:
    """The page holds every cell as text, and nothing that could load anything."""
    text = written(rows(), "html", tmp_path).read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.cells == [output.cell(one) for row in plain_rows() for one in row]
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {name for _, attributes in page.tags for name in attributes} & {
        "src",
        "href",
        "action",
        "onclick",
        "onerror",
    }
    assert "default-src 'none'" in str(page.tags)
    assert "http://example.org/" in page.cells


def test_table_measures_its_first_rows(tmp_path: Path) -> None:
    """A table is aligned by its first rows, and later rows still come whole."""
    many = Results(("a", "b"), rows=((ox.Literal("x" * (30 if n == 1500 else 3)), ox.Literal(n)) for n in range(2000)))
    lines = written(many, "table", tmp_path).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2001
    assert lines[0] == "a    b"
    assert lines[1501] == "x" * 30 + "  1500"


@pytest.mark.parametrize(
    ("results", "form", "message"),
    [
        (Results(("a",), rows=iter(())), "turtle", "turtle does not fit: this query gives rows; use table, "),
        (Results(truth=True), "html", "html does not fit: this query gives a yes or no; use table, json, jsonl"),
        (Results(truth=True), "xlsx", "xlsx does not fit"),
        (
            Results(triples=iter(())),
            "csv",
            "csv does not fit: this query gives triples; use turtle, ntriples, jsonld, rdfxml",
        ),
        (Results(triples=iter(())), "table", "table does not fit: this query gives triples"),
    ],
)
def test_formats_that_do_not_fit(results: Results, form: str, message: str, tmp_path: Path) -> None:
    """A format that the answer cannot have is refused with those that it can; no file is left."""
    with pytest.raises(UsageError, match=re.escape(message)):
        write(results, form, tmp_path / "answer", ABOUT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "file", "chosen"),
    [
        (None, None, None),
        ("csv", None, "csv"),
        (None, "a.csv", "csv"),
        ("json", "a.csv", "json"),
        (None, "b.ttl", "turtle"),
        (None, "a.b.html", "html"),
    ],
)
def test_choice_of_format(form: str | None, file: str | None, chosen: str | None) -> None:
    """The format is the one named, else that of the ending."""
    assert choose(form, Path(file) if file else None) == chosen


@pytest.mark.parametrize(
    ("form", "file", "message"),
    [
        ("xls", None, "there is no format 'xls' here"),
        (None, "a.doc", "the ending of 'a.doc' says no format"),
        (None, "a", "says no format"),
    ],
)
def test_no_such_format(form: str | None, file: str | None, message: str) -> None:
    """An unknown format or ending is refused."""
    with pytest.raises(UsageError, match=message):
        choose(form, Path(file) if file else None)


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_limit_cuts_every_format(form: str, tmp_path: Path) -> None:
    """A limit stops after so many rows and says that there are more; what is written is whole."""
    found = write(rows(), form, tmp_path / "answer", ABOUT, limit=2)
    assert (found.number, found.cut) == (2, True)
    found = write(rows(), form, tmp_path / "answer", ABOUT, limit=3)
    assert (found.number, found.cut) == (3, False)


def test_every_format_is_tested() -> None:
    """The list of formats is the one that these tests go through."""
    assert set(FORMS) == {*TEXT_FORMS, "parquet", "xlsx", *TRIPLE_FORMS}


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """An answer that breaks off leaves the old file as it was and no half one."""
    file = tmp_path / "answer.csv"
    file.write_text("old", encoding="utf-8")

    def broken() -> Any:
        yield ROWS[0]
        raise UsageError("stopped")

    for form in ("csv", "html", "xlsx", "parquet"):
        with pytest.raises(UsageError, match="stopped"):
            write(Results(COLUMNS, rows=broken()), form, file, ABOUT)
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("place", "message"), [("no/such/folder.csv", "No such file or directory"), (".", "it is a folder")]
)
def test_a_path_that_cannot_be_written(place: str, message: str, tmp_path: Path) -> None:
    """A path that cannot be written is one sentence."""
    with pytest.raises(UsageError, match=message):
        write(rows(), "csv", tmp_path / place, ABOUT)


def test_devices_are_written_to() -> None:
    """A device is written to, not replaced."""
    device = Path("/dev/null")
    assert write(rows(), "csv", device, ABOUT).number == 3
    assert device.is_char_device()


@pytest.mark.parametrize(
    ("found", "empty"),
    [
        ([], True),
        ([(ox.Literal(0),)], True),
        ([(None,)], True),
        ([(ox.Literal(1),)], False),
        ([(ox.Literal(0),), (ox.Literal(0),)], False),
    ],
)
def test_whether_anything_was_found(found: list[tuple[Term, ...]], empty: bool, tmp_path: Path) -> None:
    """No row, and one row of noughts, count as nothing found."""
    assert write(Results(("a",), rows=iter(found)), "csv", tmp_path / "a", ABOUT).empty is empty
