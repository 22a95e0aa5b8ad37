"""Asking in SPARQL on the command line."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from command import run as ask

import kg
from kg import catalogue
from kg.cli.queries import example

DATED = ("--in", "RU", "--on", "2026-03-01", "--known", "2026-11-22")


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no command here is slow or tells of it."""
    kg.open()


def test_named_question_into_a_file(tmp_path: Path) -> None:
    """The file gets the rows, standard error the count and the time."""
    file = tmp_path / "blocked.csv"
    result = ask("query", "blocked-platforms", *DATED, "--out", str(file))
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert (result.returncode, result.stdout) == (0, "")
    assert {"platform": "prki:whatsapp", "label": "WhatsApp", "since": "2026-02-11"} in rows
    assert re.fullmatch(rf"kg: {len(rows)} rows in \d+\.\d{{3}} s\n", result.stderr)


def test_limit_and_count() -> None:
    """A limit says that there is more, and a count is one number."""
    whole = ask("query", "blocked-platforms", *DATED, "--count")
    number = int(whole.stdout)
    some = ask("query", "blocked-platforms", *DATED, "--limit", "3")
    assert len(some.stdout.splitlines()) == 4
    assert "3 rows" in some.stderr
    assert "(there are more)" in some.stderr
    assert number > 20
    assert int(ask("query", "CONSTRUCT { ?s a prk:Fine } WHERE { ?s a prk:Fine }", "--count").stdout) > 50


def test_labels() -> None:
    """Labels stand beside IRIs, in the language asked for."""
    result = ask("query", "SELECT ?j { VALUES ?j { prki:RU } }", "--lang", "ru")
    assert [line.split() for line in result.stdout.splitlines()] == [["j", "jLabel"], ["prki:RU", "Россия"]]


def test_own_query_with_a_byte_order_mark(tmp_path: Path) -> None:
    """Files and input that begin with a byte order mark are read like others."""
    text = "\ufeffASK { prki:whatsapp a prk:Platform }".encode()
    file = tmp_path / "own.rq"
    file.write_bytes(text)
    for result in (ask("query", str(file)), ask("query", "-", given=text)):
        assert (result.returncode, result.stdout) == (0, "answer\ntrue\n")


def test_runaway_query_is_stopped() -> None:
    """The time limit ends a query that would not end, with a sentence and the code of misuse."""
    result = ask("query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "1")
    assert (result.returncode, result.stdout) == (2, "")
    assert "kg: the query was stopped after 1 s" in result.stderr


def test_hints_when_nothing_is_found() -> None:
    """A query of one's own that finds nothing because of a slip says which; the code says that nothing was found."""
    result = ask("query", 'SELECT ?s { ?s skos:prefLabel "WhatsApp" }')
    assert result.returncode == 1
    assert 'kg: hint: skos:prefLabel has no value "WhatsApp"; it has "WhatsApp"@en: write that' in result.stderr
    result = ask("query", "SELECT ?o { prki:watsapp ?p ?o }")
    assert (
        "kg: warning: the record says nothing about prki:watsapp; did you mean prki:whatsapp (WhatsApp)?"
        in result.stderr
    )


def test_explain_does_not_run() -> None:
    """An explanation comes at once, also for a query that would not end."""
    result = ask("query", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--explain")
    assert result.returncode == 0
    assert result.stdout.startswith("form: SELECT\n")
    assert "alone matches every statement" in result.stdout


class Endpoint(BaseHTTPRequestHandler):
    """A SPARQL endpoint that knows one thing."""

    asked: list[str] = []  # noqa: RUF012  shared between requests on purpose

    def do_POST(self) -> None:
        """Answer every query alike."""
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        body = json.dumps(
            {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "from elsewhere"}}]}}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    Endpoint.asked.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_service_only_when_allowed(endpoint: str) -> None:
    """No request leaves without the flag; with it the other endpoint is asked."""
    text = f"SELECT ?x {{ SERVICE <{endpoint}> {{ ?s ?p ?x }} }}"
    refused = ask("query", text)
    assert refused.returncode == 2
    assert "SERVICE would reach into the network" in refused.stderr
    assert Endpoint.asked == []
    allowed = ask("query", text, "--allow-service")
    assert (allowed.returncode, allowed.stdout.split()) == (0, ["x", "from", "elsewhere"])
    assert len(Endpoint.asked) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("query", "ASK { ?s ?p ?o }", "--format", "xls"), "there is no format 'xls' here; there are table, json"),
        (
            ("query", "ASK { ?s ?p ?o }", "--format", "turtle"),
            "turtle does not fit: this query gives a yes or no; use table",
        ),
        (("query", "DESCRIBE prki:max", "--format", "csv"), "csv does not fit: this query gives triples; use turtle"),
        (("query", "ASK { ?s ?p ?o }", "--out", "a.doc"), "the ending of 'a.doc' says no format"),
        (
            ("query", "ASK { ?s ?p ?o }", "--out", "no/where.csv"),
            "no/where.csv cannot be written (No such file or directory)",
        ),
        (("query", "ASK { ?s ?p ?o }", "--count"), "--count goes with rows and triples"),
        (("query", "blocked-platforms", "--in", "RU", "--in", "BY"), "--jurisdiction is given twice"),
        (("query", "blocked-platforms", "--in", "Congo"), "'Congo' means several things"),
        (("query", "fined-then-blocked", "--days", "many"), "'many' is not a whole number"),
        (
            ("query", "category-restrictions", "--category", "mesenger"),
            "there is no category 'mesenger'; did you mean messenger",
        ),
        (("query", "ASK { ?s ?p ?o }", "--fromat", "csv"), "there is no option --fromat"),
        (("query", "fines", "--in", "RU", "--fromat", "csv"), "has no parameter --fromat; did you mean --format?"),
        (("query", "-"), "standard input is empty"),
        (("query", "names.rq"), "there is no file names.rq"),
        (
            ("query", "blocked-platforms", "--in", "Rusia"),
            "no jurisdiction has the code or name 'Rusia'; did you mean Russia?",
        ),
    ],
    ids=lambda one: " ".join(one)[:50] if isinstance(one, tuple) else "",
)
def test_misuse_of_queries(words: tuple[str, ...], message: str) -> None:
    """A slip gets a sentence, the exit code 2, and nothing on standard output."""
    result = ask(*words)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_input_that_is_no_text() -> None:
    """Bytes that are no UTF-8 are refused in words."""
    assert "standard input is not UTF-8 text" in ask("query", "-", given=b"ASK { ?s ?p '\xff' }").stderr


def test_catalogue_by_theme() -> None:
    """The catalogue stands by themes, each question with its parameters."""
    lines = ask("queries").stdout.splitlines()
    heads = [line for line in lines if re.match("[A-Z]", line)]
    assert [head.partition(" (")[0].lower() for head in heads] == list(catalogue.THEMES)
    assert "  blocked-platforms --in JURISDICTION [--on DATE] [--known DATE]" in lines
    named = [line.split()[0] for line in lines if re.match(r"  [a-z]", line)]
    assert sorted(named) == sorted(catalogue.query_files())


def test_catalogue_for_programs() -> None:
    """The catalogue and each question come as JSON too."""
    listed = json.loads(ask("queries", "--format", "json").stdout)
    assert {one["name"] for one in listed} == set(catalogue.query_files())
    one = json.loads(ask("queries", "blocked-platforms", "--format", "json").stdout)
    assert one["parameters"][0] == {"option": "--in", "type": "jurisdiction", "default": None, "meaning": "the place"}
    assert one["example"] == "kg query blocked-platforms --in RU --on 2026-03-01"


def test_one_question_with_its_example() -> None:
    """A question is shown with its SPARQL and an example, whose output is that of the command beside it."""
    shown = ask("queries", "blocked-platforms").stdout
    assert shown.startswith("blocked-platforms: Which platforms are blocked")
    assert "\nSELECT ?platform ?label" in shown
    _, _, below = shown.partition("\n$ kg query blocked-platforms --in RU --on 2026-03-01\n")
    direct = ask("query", "blocked-platforms", *DATED).stdout
    *rows, more = below.splitlines()
    assert [row.split() for row in rows] == [row.split() for row in direct.splitlines()[: len(rows)]]
    assert more == f"… {len(direct.splitlines()) - 1} rows"


@pytest.mark.parametrize("name", sorted(catalogue.query_files()))
def test_examples_can_be_asked(name: str) -> None:
    """The example of each question gives the rows that its file gives as it stands."""
    query = catalogue.load(name)
    known = {"known": "2026-11-22"} if any(one.name == "known" for one in query.parameters) else {}
    on = {"on": "2026-11-22"} if any(one.name == "on" for one in query.parameters) else {}
    graph = kg.open()
    assert example(query).startswith(f"kg query {name}")
    assert graph.query(name, **{**on, **known, **query.sample()}).rows == graph.query(query.text).rows
