"""The command line: its words, its two streams and its exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from command import run

import kg
from kg.answers import model
from kg.cli.verdicts import STATUS_COLUMNS

NOW = ("--known", "2026-11-22")
ESCAPE = "\x1b"


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no command here is slow or tells of it."""
    kg.open()


def test_every_verb_is_here() -> None:
    """The help lists every verb that has a test below."""
    verbs = {
        line.split()[0]
        for line in run("--help").stdout.partition("Commands:")[2].splitlines()
        if re.match(r"  \w", line)
    }
    assert verbs >= {
        "status",
        "why",
        "timeline",
        "show",
        "find",
        "list",
        "query",
        "queries",
        "check",
        "build",
        "graph",
        "info",
    }


@dataclass(frozen=True, slots=True)
class Use:
    """Words, exit code, and patterns that the first lines of the output match."""

    words: tuple[str, ...]
    code: int
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)


USES = [
    Use(("--version",), 0, (r"kg \d+\.\d+",)),
    Use(("status", "WhatsApp", "--in", "RU", "--on", "2022-06-01", *NOW), 0,
        (r"NOTHING RECORDED against WhatsApp in Russia \(RU\) on 2022-06-01", "  as publicly known on 2026-11-22")),
    Use(("status", "WhatsApp", "--in", "RU", "--on", "2025-09-01", *NOW), 0,
        (r"LIMITED \(presumed\): WhatsApp in Russia \(RU\) on 2025-09-01", "  as publicly known", "  since between 2025-08-11 and 2025-08-13; last confirmed 2025-08-14")),
    Use(("status", "Threads", "--in", "RU", "--on", "2023-08-01", *NOW), 0, (r"UNDER PRESSURE \(presumed, derived from its owner's designation\): Threads",)),
    Use(("status", "Telegram", "--in", "Россия", "--on", "2020-06-18", *NOW), 0, ("ENDED THAT DAY: Telegram",)),
    Use(("status", "WhatsApp", "--in", "RU", "--on", "2025-08-12", *NOW), 0, ("POSSIBLY LIMITED: WhatsApp",)),
    Use(("status", "MAX", "WhatsApp", "--in", "RU", "--on", "2026-11-22", *NOW), 0, (r"NOTHING RECORDED against MAX",)),
    Use(("status", "WhatsApp", "--on", "2026-11-22", *NOW), 0, (r"WhatsApp on 2026-11-22$",)),
    Use(("why", "WhatsApp", "--in", "RU", "--on", "2026-11-22", *NOW), 0, (r"BLOCKED \(presumed\): WhatsApp in Russia", "  since 2026-02-11; last confirmed 2026-02-12")),
    Use(("timeline", "WhatsApp", "--in", "RU", *NOW), 0, (r"WhatsApp: \d+ dated facts, as publicly known on 2026-11-22", r"  \d{4}-\d\d-\d\d +\w+")),
    Use(("show", "Roskomnadzor", *NOW), 0, (r"Roskomnadzor \(Regulator, id roskomnadzor\)", "  also ")),
    Use(("find", "Ватсап"), 0, (r"id +name +type +matched +score", r"whatsapp +WhatsApp +Platform +ватсап +100")),
    Use(("find", "qqqqzzzz"), 1, (r"id +name",)),
    Use(("list", "platforms", "--in", "RU", "--level", "blocked", "--on", "2026-11-22", *NOW), 0, (r"id +name +category +level +certainty +since",)),
    Use(("list", "laws"), 0, (r"id +name",)),
    Use(("list", "sources"), 0, (r"id +name",)),
    Use(("query", "blocked-platforms", "--jurisdiction", "RU"), 0, (r"platform +label +since", "prki:")),
    Use(("query", "blocked-platforms", "--in=RU"), 0, (r"platform +label +since", "prki:")),
    Use(("query", "ASK { prki:whatsapp a prk:Platform }"), 0, ("answer", "true")),
    Use(("query", "DESCRIBE prki:whatsapp"), 0, ("@prefix rdf: ",)),
    Use(("query", "SELECT ?s WHERE { ?s a prk:Slot . FILTER(false) }"), 1, ("s",)),
    Use(("queries",), 0, ("STATUS", "  [a-z-]+ --", "      [A-Z].*[?.]$")),
    Use(("queries", "status"), 0, ("status: What stands against a platform", "", r"  --platform \(platform\)")),
    Use(("check",), 0, (r"sound: \d+ files, \d+ statements, \d+ checks",)),
    Use(("info",), 0, (r"version +\d", r"facts +\d+", r"claims +\d+", r"sources +\d+", r"platforms +\d+", r"jurisdictions +\d+", r"facts on one source +\d+")),
]  # fmt: skip


@pytest.mark.parametrize("use", USES, ids=str)
def test_first_lines(use: Use) -> None:
    """Each verb gives its data on standard output, plain in a pipe, and its exit code."""
    result = run(*use.words)
    assert result.returncode == use.code, result.stderr
    lines = result.stdout.splitlines()
    assert len(lines) >= len(use.lines)
    for pattern, line in zip(use.lines, lines, strict=False):
        assert re.match(pattern, line), line
    assert ESCAPE not in result.stdout + result.stderr
    assert all(line.startswith("kg: ") for line in result.stderr.splitlines())


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2022-06-01", ["NOTHING", "RECORDED"]),
        ("2025-09-01", ["LIMITED"]),
        ("2026-03-01", ["BLOCKED"]),
        ("2025-08-12", ["POSSIBLY", "LIMITED"]),
    ],
)
def test_verdict_first(on: str, words: Sequence[str]) -> None:
    """The output of status begins with the verdict, in the words of the answer."""
    verdict = kg.open().status("WhatsApp", "RU", on=on, known=NOW[1]).verdict
    said = [word.rstrip(":") for word in run("status", "WhatsApp", "--in", "RU", "--on", on, *NOW).stdout.split()]
    assert said[: len(words)] == list(words) == verdict.upper().split()


def parsed(*words: str) -> Any:
    result = run(*words, "--format", "json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        (("status", "WhatsApp", "--in", "RU"), "Status"),
        (("why", "WhatsApp", "--in", "RU"), "Status"),
        (("timeline", "WhatsApp", "--in", "RU"), "Timeline"),
        (("show", "Roskomnadzor"), "Profile"),
        (("find", "Ватсап"), "Hit"),
        (("list", "platforms", "--in", "RU"), "Entry"),
    ],
)
def test_json_has_the_documented_keys(words: tuple[str, ...], shape: str) -> None:
    """JSON carries the fields of the answer's class, in their order."""
    found = parsed(*words)
    first = found[0] if isinstance(found, list) else found
    assert list(first) == [one.name for one in fields(answer_class(shape))]


def answer_class(name: str) -> Any:
    from kg.answers import records

    return getattr(model, name, None) or getattr(records, name)


def test_json_of_a_standing() -> None:
    """Inside a status, measures and facts carry their documented fields too, and no sentinel day."""
    answer = parsed("status", "WhatsApp", "--in", "RU", "--on", "2026-03-01", *NOW)[0]
    assert list(answer["measures"][0]) == [one.name for one in fields(model.Standing)]
    assert list(answer["measures"][0]["fact"]) == [one.name for one in fields(model.Fact)]
    assert (answer["level"], answer["certainty"], answer["since"]) == ("blocked", "presumed", "2026-02-11")
    assert not re.search("9999-12-31|0001-01-01", json.dumps(answer))


def test_json_of_info_and_query() -> None:
    """The numbers and the rows of a query are JSON as well."""
    assert list(parsed("info")) == [
        "version", "facts", "claims", "sources", "platforms", "jurisdictions", "facts_on_one_source", "facts_on_two_sources",
        "facts_on_more_sources", "newest_source", "data_hash", "statements", "engine", "store", "nodes",
    ]  # fmt: skip
    rows = parsed("query", "blocked-platforms", "--in", "RU")
    assert all(list(row) == ["platform", "label", "since"] for row in rows)


@pytest.mark.parametrize(
    ("words", "header"),
    [
        (("status", "WhatsApp", "--in", "RU"), ",".join(STATUS_COLUMNS)),
        (("timeline", "WhatsApp"), "id,type,label,from_earliest,from_latest,until_earliest,until_latest,sources"),
        (("find", "Ватсап"), "id,name,type,matched,score"),
        (("list", "platforms"), "id,name,code,category,level,certainty,since,narrower"),
        (("query", "fines", "--in", "RU"), "fine,dayEarliest,dayLatest,targetLabel,byLabel,amount,currency"),
        (("queries",), "theme,name,question,parameters"),
    ],
)
def test_csv_header(words: tuple[str, ...], header: str) -> None:
    """The header of CSV is fixed, whatever columns happen to be filled."""
    assert run(*words, "--format", "csv").stdout.splitlines()[0] == header


def test_status_columns() -> None:
    """The columns of a status are part of the interface."""
    assert (
        ",".join(STATUS_COLUMNS)
        == "platform,jurisdiction,on,known,verdict,level,certainty,derived,since,last_confirmed,publishers,accounts_differ,low_confidence,measures,held_off_by,sources"
    )


@pytest.mark.parametrize(
    ("form", "first"), [("tsv", "id\tname\t"), ("markdown", "| id | name |"), ("jsonl", '{"id": "1xbet"')]
)
def test_other_formats(form: str, first: str) -> None:
    """Lists come in every format that the help names."""
    assert run("list", "platforms", "--format", form).stdout.startswith(first)


def test_query_from_standard_input_and_file(tmp_path: Path) -> None:
    """A query comes from standard input or a file alike."""
    text = "SELECT ?label WHERE { prki:whatsapp skos:prefLabel ?label FILTER(LANG(?label) = 'en') }"
    file = tmp_path / "one.rq"
    file.write_text(text, encoding="utf-8")
    assert (
        run("query", "-", given=text).stdout.splitlines()
        == run("query", str(file)).stdout.splitlines()
        == ["label", "WhatsApp"]
    )


MISUSES = [
    (("status", "Watsap", "--in", "RU"), "no platform or company is called 'Watsap'; did you mean WhatsApp?"),
    (("status", "qqqqzzzz", "--in", "RU"), "kg find searches more widely"),
    (("status", "VK Company Group Ltd", "--in", "RU"), "is called 'VK Company Group Ltd'"),
    (("show", "VK"), "'VK' means several things"),
    (("status", "WhatsApp", "--in", "XX"), "no jurisdiction has the code or name 'XX'"),
    (("timeline", "WhatsApp", "--in", "XX"), "no jurisdiction has the code or name 'XX'"),
    (("status", "WhatsApp", "--in", "RU", "--on", "2025-13-01"), "'2025-13-01' is not a day; write it as 2026-03-01"),
    (("status", "WhatsApp", "--in", "RU", "--known", "soon"), "'soon' is not a day"),
    (("status", "WhatsApp", "--in", "RU", "--known", "9999-12-31"), "'9999-12-31' is outside the days"),
    (
        ("status", "WhatsApp", "--in", "RU", "--format", "xml"),
        "there is no format 'xml' here; there are table, json, csv",
    ),
    (("why", "WhatsApp", "--in", "RU", "--format", "csv"), "there is no format 'csv' here; there are table, json"),
    (("list", "planets"), "there is no list of 'planets'; there are platforms, companies"),
    (("list", "platforms", "--in", "RU", "--level", "total"), "there is no level 'total'; there are none, pressure"),
    (("list", "platforms", "--level", "blocked"), "--level goes with 'kg list platforms --in CODE'"),
    (("list", "platforms", "--category", "car"), "no platforms have the category 'car'; there are adult-content"),
    (("list", "laws", "--category", "car"), "--category goes with 'kg list platforms'"),
    (("list", "companies", "--in", "RU"), "--in does not go with 'kg list companies'"),
    (("queries", "statsu"), "there is no query called statsu; did you mean status?"),
    (("query", "statsu"), "did you mean status?"),
    (("query", "x" * 300), "cannot be read as a file"),
    (("query", "blocked-platforms", "--jursdiction", "RU"), "did you mean --in?"),
    (("query", "blocked-platforms"), "needs --in (the place)"),
    (("query", "blocked-platforms", "--in"), "--in needs a value"),
    (("query", "blocked-platforms", "RU"), "'RU' is neither an option nor its value"),
    (("query", "blocked-platforms", "--in", "RU", "--on", "soon"), "'soon' is not a day"),
    (("query", "ASK { ?s ?p ?o }", "--in", "RU"), "parameters go with a named question"),
    (
        ("query", "SELECT * WHERE { ?s prk:targett ?o }"),
        "line 1, column 21: the ontology has no term prk:targett; did you mean prk:target?",
    ),
    (
        ("query", "ASK {\n ?s <https://w3id.org/prk/ontology#targett> ?o }"),
        "line 2, column 5: the ontology has no term prk:targett; did you mean prk:target?",
    ),
    (("query", "ASK { ?s ?p prkc:ful-block }"), "did you mean prkc:full-block?"),
    (("query", "SELECT * WHERE { ?s scos:prefLabel ?o }"), "the prefix scos: is not declared; did you mean skos:?"),
    (
        ("query", "SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }"),
        "SERVICE would reach into the network",
    ),
    (
        ("query", "select * where { service silent <http://example.org/> { ?s ?p ?o } }"),
        "SERVICE would reach into the network",
    ),
    (("query", "INSERT DATA { prki:a prk:target prki:b }"), "this is an update"),
    (("query", "DELETE WHERE { ?s ?p ?o }"), "this is an update"),
    (("query", "LOAD <http://example.org/>"), "this is an update"),
    (("check", "no-such-file.ttl"), "there is no file no-such-file.ttl"),
    (("graph", "WhatsApp", "-o", "x.xyz"), "the ending of 'x.xyz' says no format"),
]


@pytest.mark.parametrize(
    ("words", "message"), MISUSES, ids=lambda one: " ".join(one)[:60] if isinstance(one, tuple) else ""
)
def test_misuse(words: tuple[str, ...], message: str) -> None:
    """A slip gets one line that says what is wrong, the exit code 2 and nothing on standard output.

    Where the slip is in a query, the line of the query and a mark under the place come below.
    """
    result = run(*words)
    assert result.returncode == 2
    assert result.stdout == ""
    _, *below = result.stderr.splitlines()
    assert len(below) in {0, 2}
    assert all(line.startswith("  ") for line in below)
    assert result.stderr.startswith("kg: ")
    assert message in result.stderr


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("SELECT * WHERE { ?s ?p }", "what begins at line 1, column 18 is incomplete or out of place", 18),
        ("SELECT *\nWHERE { ?s ?p ?o . ]", "what begins at line 2, column 20 is incomplete or out of place", 20),
        ("SELECT", "line 1, column 7: the query ends too early", 7),
    ],
)
def test_syntax_error(text: str, message: str, column: int) -> None:
    """A query that does not parse is shown with line, column and a mark under the place."""
    result = run("query", "-", given=text)
    lines = result.stderr.splitlines()
    assert (result.returncode, result.stdout, len(lines)) == (2, "", 3)
    assert message in lines[0]
    assert lines[1] == f"  {text.splitlines()[-1]}"
    assert lines[2] == " " * (1 + column) + "^"


@pytest.mark.parametrize(
    "words", [("why",), ("nosuchverb",), ("status", "WhatsApp", "--nosuchoption"), ("graph", "WhatsApp")]
)
def test_wrong_words(words: tuple[str, ...]) -> None:
    """Missing or unknown words on the command line are misuse, told on standard error."""
    result = run(*words)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert "Error: " in result.stderr


def test_binary_query_file(tmp_path: Path) -> None:
    """A query file that is not text is refused in words."""
    file = tmp_path / "bad.rq"
    file.write_bytes(b"SELECT \xff * WHERE { ?s ?p ?o }")
    result = run("query", str(file))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"kg: {file} is not UTF-8 text; a query file is\n"


def test_nothing_recorded_anywhere() -> None:
    """Without a place, a platform on which nothing is recorded is told so with exit code 1."""
    graph = kg.open()
    day = "2010-01-01"
    clean = next(one for one in graph.list("platforms") if not graph.statuses(one.thing.id, on=day))
    result = run("status", clean.thing.id, "--on", day)
    assert (result.returncode, result.stdout) == (1, "")
    assert "nothing that gives a level is recorded anywhere" in result.stderr


PREFIXES = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix prk: <https://w3id.org/prk/ontology#> .
@prefix prkc: <https://w3id.org/prk/concept/> .
@prefix prki: <https://w3id.org/prk/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
prki:s-example a prk:Source ; dcterms:publisher "Example Gazette" ; dcterms:issued "2024-03-02"^^edtf:EDTF ; prk:url "https://example.org/"^^xsd:anyURI ; prk:sourceKind prkc:press .
"""
MEASURE = (
    PREFIXES
    + """prki:RU-example-block a prk:RestrictionMeasure ; skos:prefLabel "Example"@en ; prk:target prki:whatsapp ;
  prk:appliesIn prki:RU ; prk:kind prkc:full-block ; prk:affects prkc:everyone ;
"""
)
SOUND = (
    MEASURE + '  prk:claim [ prk:validFrom "2024-03-01"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-example ] ] .\n'
)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (PREFIXES + "prki:a prk:target ;;; [\n", 9, "not valid Turtle"),
        ("", 1, "the file is empty"),
        ("  \n\n", 1, "the file is empty"),
        (
            MEASURE + '  prk:claim [ prk:validFrom "2024-03-01"^^edtf:EDTF ] .\n',
            9,
            "Give each claim at least one prk:evidence node",
        ),
        (
            SOUND.replace("prk:validFrom", 'prk:validUntil "2024-02-01"^^edtf:EDTF ; prk:validFrom'),
            9,
            "the claim ends before it starts",
        ),
        (SOUND.replace("prki:whatsapp", "prki:no-such-platform"), 9, "no-such-platform"),
        (SOUND.replace("2024-03-01", "2024-02-30"), 11, "'2024-02-30' is no date: there is no such day"),
        (SOUND.replace("2024-03-01", "1 March 2024"), 11, "'1 March 2024' is no date"),
        (SOUND.replace("prk:affects", "prk:afects"), 9, "afects"),
    ],
    ids=[
        "broken",
        "empty",
        "blank",
        "no-source",
        "end-before-start",
        "dangling",
        "no-such-day",
        "no-date",
        "undeclared",
    ],
)
def test_check_finds(text: str, line: int, message: str, tmp_path: Path) -> None:
    """Broken data is told with file and line, and the exit code is 1."""
    file = tmp_path / "mine.ttl"
    file.write_text(text, encoding="utf-8")
    result = run("check", str(file))
    assert (result.returncode, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr
    assert any(told.startswith(f"kg: {file}:{line}: ") and message in told for told in result.stderr.splitlines()), (
        result.stderr
    )


def test_check_passes(tmp_path: Path) -> None:
    """A sound file is told to be sound, and counted."""
    file = tmp_path / "mine.ttl"
    file.write_text(SOUND, encoding="utf-8")
    result = run("check", str(file))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("sound: ")


def test_check_names_each_problem_once(tmp_path: Path) -> None:
    """Several faults come in one go, one line each."""
    file = tmp_path / "mine.ttl"
    file.write_text(
        SOUND.replace("prki:whatsapp", "prki:no-such-platform").replace(
            "prk:affects prkc:everyone", "prk:afects prkc:everyone"
        ),
        encoding="utf-8",
    )
    lines = run("check", str(file)).stderr.splitlines()
    assert len(lines) == len(set(lines)) >= 3


def test_build(tmp_path: Path) -> None:
    """A build writes a store into the folder that KG_HOME names, tells its course on standard error, and look-ups use it."""
    result = run("build", KG_HOME=str(tmp_path))
    assert result.returncode == 0
    assert re.fullmatch(rf"\d+ statements in {re.escape(str(tmp_path))}/\w{{16}}\n", result.stdout)
    assert all(line.startswith("kg: ") for line in result.stderr.splitlines())
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] == [result.stdout.split("/")[-1].strip()]
    looked_up = run("status", "WhatsApp", "--in", "RU", KG_HOME=str(tmp_path))
    assert (looked_up.returncode, looked_up.stderr) == (0, "")


def test_home_that_cannot_be_written(tmp_path: Path) -> None:
    """Where no store can be written the answer still comes, with a word of warning."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    result = run("status", "WhatsApp", "--in", "RU", KG_HOME=str(blocked))
    assert result.returncode == 0
    assert result.stdout.split()[0] == "BLOCKED"
    assert "compiling in memory this time" in result.stderr


@pytest.mark.parametrize("name", ["picture.xyz", "picture", "missing/picture.html"])
def test_graph_writes_nothing(name: str, tmp_path: Path) -> None:
    """A picture of an unknown kind, or into a folder that is not there, is refused before anything is written."""
    result = run("graph", "WhatsApp", "-o", str(tmp_path / name))
    assert (result.returncode, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
