"""Jurisdictions against platforms: each cell says what ``kg status`` says of that pair."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from command import run

import kg
from kg.answers.matrix import SEVEREST
from kg.answers.model import to_plain
from kg.errors import UnknownName, UsageError
from kg.formats import matrix as formats
from kg.store import Store

ON, NOW = "2026-03-01", "2026-11-22"
PLATFORMS = ("TikTok", "X", "WhatsApp", "Telegram")
PLACES = ("RU", "CN", "IR", "IN", "TR", "PK")
ASKED = ("--platforms", ",".join(PLATFORMS), "--in", ",".join(PLACES), "--on", ON, "--known", NOW)
CELLS = [
    ("WhatsApp", "RU", ON, "blocked~"),
    ("TikTok", "RU", ON, "limited~"),
    ("Telegram", "RU", ON, "limited"),
    ("WhatsApp", "RU", "2025-08-12", "limited?"),
    ("Telegram", "RU", "2020-06-18", "ended"),
    ("Threads", "RU", "2023-08-01", "pressure~"),
    ("LinkedIn", "CN", ON, "withdrawn~"),
    ("TikTok", "CN", ON, "·"),
    ("TikTok", "US", ON, "·*"),
]


def rows_of(table: str) -> list[list[str]]:
    """The lines of a printed table that name a place, cut at two blanks."""
    return [
        re.split(r" {2,}", line.rstrip()) for line in table.splitlines() if re.match(r"[A-Z][\w ]+ \([A-Z]{2}", line)
    ]


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no command here is slow or tells of it."""
    kg.open()


@pytest.mark.parametrize(("platform", "place", "on", "shown"), CELLS)
def test_a_cell_is_the_status_of_its_pair(platform: str, place: str, on: str, shown: str) -> None:
    """The one cell of a matrix of one is the whole status of that pair, and its short word is the expected one."""
    alone = kg.open().matrix([platform], [place], on=on, known=NOW).cells[0][0]
    assert alone == kg.open().status(platform, place, on=on, known=NOW)
    assert formats.kind(alone) + formats.mark(alone) == shown


@pytest.mark.parametrize("on", [ON, "2022-03-10", "2025-09-08"])
def test_every_cell_of_a_larger_matrix_is_the_status_of_its_pair(on: str) -> None:
    """Asked together, each pair, regions included, gets the answer that it gets alone."""
    graph = kg.open()
    places = [*PLACES, "EU", "RU-CE", "IN-JK"]
    answer = graph.matrix(PLATFORMS, places, on=on, known=NOW)
    assert [one.id for one in answer.jurisdictions] == places
    for place, row in zip(places, answer.cells, strict=True):
        assert row == tuple(graph.status(platform, place, on=on, known=NOW) for platform in PLATFORMS)


def test_the_public_day_counts() -> None:
    """What was not public on the day of knowledge is in no cell, as with kg status."""
    graph = kg.open()
    then = graph.matrix(["WhatsApp"], ["RU"], on=ON, known="2026-01-01").cells[0][0]
    assert then == graph.status("WhatsApp", "RU", on=ON, known="2026-01-01")
    assert (then.level, graph.status("WhatsApp", "RU", on=ON, known=NOW).level) == ("limited", "blocked")


def test_many_pairs_cost_as_many_queries_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queries of a matrix do not grow with its cells; only names are looked up one by one."""
    graph, asked = kg.open(), []
    select = Store.select
    monkeypatch.setattr(Store, "select", lambda store, text: (asked.append(text), select(store, text))[1])

    def cost(platforms: tuple[str, ...], places: tuple[str, ...]) -> int:
        asked.clear()
        graph.matrix(platforms, places, on=ON, known=NOW)
        return len(
            [
                text
                for text in asked
                if "prk:lookupKey ?key" not in text and "#+ summary: Which platforms does a class" not in text
            ]
        )

    assert cost(PLATFORMS, PLACES) <= cost(("WhatsApp",), ("RU",)) + len(PLATFORMS)


def test_the_table_has_a_row_a_place_and_a_column_a_platform() -> None:
    """On a terminal the rows are the jurisdictions as asked, the columns the platforms as asked, in short words."""
    done = run("matrix", *ASKED)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"TikTok, X, WhatsApp and Telegram in 6 jurisdictions on {ON}, as publicly known on {NOW}"
    assert lines[2].split() == ["jurisdiction", *PLATFORMS]
    answer = kg.open().matrix(PLATFORMS, PLACES, on=ON, known=NOW)
    assert rows_of(done.stdout) == [
        [f"{place.label} ({place.id})", *(formats.kind(one) + formats.mark(one) for one in row)]
        for place, row in zip(answer.jurisdictions, answer.cells, strict=True)
    ]


def test_the_legend_tells_what_occurs_and_no_more() -> None:
    """Marks and words in the table are explained under it; nothing recorded is never called free or not restricted."""
    told = run("matrix", *ASKED).stdout
    assert re.search(r"^· +nothing recorded: .*It does not mean: not restricted$", told, re.MULTILINE)
    assert re.search(r"^~ +presumed: ", told, re.MULTILINE)
    assert re.search(r"^\? +possible: ", told, re.MULTILINE)
    assert not re.search(r"^(withdrawn|ended|\*) ", told, re.MULTILINE)
    assert not re.search(r"\b(free|allowed|available|unrestricted)\b", told)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_wide_table_folds_into_several(width: int) -> None:
    """No line of the table is wider than the terminal; each part begins with the places; no platform is lost."""
    names = "TikTok,X,WhatsApp,Telegram,Facebook,Instagram,BlackBerry Messenger,Signal,Viber"
    done = run("matrix", "--platforms", names, "--in", "RU,IR", "--on", ON, "--known", NOW, COLUMNS=str(width))
    parts = done.stdout.split("\n\n")[1:-1]
    assert len(parts) > 1
    for part in parts:
        lines = part.splitlines()
        assert all(len(line) <= width for line in lines)
        assert [row[0] for row in rows_of(part)] == ["Russia (RU)", "Iran (IR)"]
        assert any(line.startswith("jurisdiction") for line in lines)
    assert sum(len(rows_of(part)[0]) - 1 for part in parts) == len(names.split(","))


def test_a_table_in_a_pipe_does_not_fold() -> None:
    """Without a terminal there is no width to fold to: one line a place."""
    names = "TikTok,X,WhatsApp,Telegram,Facebook,Instagram,YouTube,Signal,Viber,Discord,LinkedIn,Reddit"
    found = rows_of(run("matrix", "--platforms", names, "--in", "RU", "--on", ON, "--known", NOW, COLUMNS="").stdout)
    assert [len(row) for row in found] == [1 + len(names.split(","))]


def test_without_places_come_all_on_record_but_regions() -> None:
    """Every country with a record for one of the platforms has a row, those with most and severest first."""
    graph = kg.open()
    answer = graph.matrix(["TikTok", "WhatsApp"], on=ON, known=NOW)
    alone = {one.jurisdiction.id for name in ("TikTok", "WhatsApp") for one in graph.statuses(name, on=ON, known=NOW)}
    assert {one.id for one in answer.jurisdictions} == {one for one in alone if "-" not in one}
    assert any("-" in one for one in alone)
    numbers = [tuple(-[one.level for one in row].count(level) for level in SEVEREST) for row in answer.cells]
    assert numbers == sorted(numbers)


def test_places_in_which_nothing_ran_are_named_in_a_line() -> None:
    """The table leaves empty rows out that nobody asked for by name; the line under it and the other formats have them."""
    words = ("--platforms", "TikTok", "--on", ON, "--known", NOW)
    told = run("matrix", *words).stdout
    line = next(line for line in told.splitlines() if line.startswith("On record, but nothing that ran that day: "))
    shown = {row[0].partition(" (")[0] for row in rows_of(told)}
    everywhere = {row["name"] for row in csv.DictReader(io.StringIO(run("matrix", *words, "-f", "csv").stdout))}
    assert "Nepal" in line
    assert shown | set(line.partition(": ")[2].split(", ")) == everywhere
    assert rows_of(run("matrix", *words, "--in", "RU,NP").stdout)[1] == ["Nepal (NP)", "·"]


def test_a_category_stands_for_its_platforms() -> None:
    """A category by id or by label gives all its platforms."""
    graph = kg.open()
    answer = graph.matrix(category="messenger", jurisdictions=["RU"], on=ON, known=NOW)
    assert {one.id for one in answer.platforms} == {
        one.thing.id for one in graph.list("platforms", category="messenger")
    }
    assert graph.matrix(category="Video calls", jurisdictions=["RU"], on=ON, known=NOW).platforms


def test_companies_classes_and_repeats() -> None:
    """A company stands for its platforms, a class of services for itself and its members; what is named twice comes once."""
    graph = kg.open()
    meta = {one.id for one in graph.matrix(["Meta"], ["RU"], on=ON, known=NOW).platforms}
    assert {"facebook", "instagram", "whatsapp"} <= meta
    assert len(graph.matrix(["VPN"], ["RU"], on=ON, known=NOW).platforms) > 5
    assert [
        one.id for one in graph.matrix(["Twitter", "TikTok", "X"], ["RU", "Russia"], on=ON, known=NOW).platforms
    ] == ["x", "tiktok"]


def test_csv_is_the_matrix_in_whole_words() -> None:
    """Spreadsheets get a row a place, a column a platform, and in each cell verdict and certainty."""
    found = list(csv.DictReader(io.StringIO(run("matrix", *ASKED, "--format", "csv").stdout)))
    assert list(found[0]) == ["jurisdiction", "name", "tiktok", "x", "whatsapp", "telegram"]
    assert [row["jurisdiction"] for row in found] == list(PLACES)
    answer = kg.open().matrix(PLATFORMS, PLACES, on=ON, known=NOW)
    for row, line in zip(found, answer.cells, strict=True):
        for one in line:
            assert row[one.platform.id].startswith(one.verdict)
            assert (f"({one.certainty})" in row[one.platform.id]) == (one.certainty in {"definite", "presumed"})


def test_the_other_formats_hold_the_same_rows() -> None:
    """TSV, JSON lines and Markdown say what CSV says."""
    whole = [list(row) for row in csv.reader(io.StringIO(run("matrix", *ASKED, "-f", "csv").stdout))]
    assert [line.split("\t") for line in run("matrix", *ASKED, "-f", "tsv").stdout.splitlines()] == whole
    lines = [json.loads(line) for line in run("matrix", *ASKED, "-f", "jsonl").stdout.splitlines()]
    assert [list(line.values()) for line in lines] == whole[1:]
    table = [line.strip("| ").split(" | ") for line in run("matrix", *ASKED, "-f", "markdown").stdout.splitlines()]
    assert [table[0], *table[2:]] == whole


def test_json_holds_whole_statuses() -> None:
    """In JSON each cell is the Status that kg status gives, and the record is named by its hash."""
    found = json.loads(run("matrix", *ASKED, "-f", "json").stdout)
    assert [one["id"] for one in found["platforms"]] == ["tiktok", "x", "whatsapp", "telegram"]
    assert (found["on"], found["known"], found["data_hash"]) == (ON, NOW, kg.open().info()["data_hash"])
    alone = json.loads(run("status", "X", "--in", "IN", "--on", ON, "--known", NOW, "-f", "json").stdout)
    assert found["cells"][PLACES.index("IN")][PLATFORMS.index("X")] == alone[0]
    assert to_plain(kg.open().matrix(PLATFORMS, PLACES, on=ON, known=NOW)) == {**found, "named": found["named"]}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--platforms", "Watsap", "--in", "RU"), r"no platform or company is called 'Watsap'; did you mean WhatsApp"),
        (("--platforms", "TikTok", "--in", "Rusia"), r"no jurisdiction has the code or name 'Rusia'; did you mean Russia"),
        (("--platforms", "Russia"), r"Russia is no platform or company"),
        (("--category", "mesenger"), r"there is no category 'mesenger'; did you mean messenger"),
        (("--in", "RU"), r"name platforms, as in --platforms TikTok,X, or a --category such as messenger"),
        (("--platforms", "TikTok", "--category", "messenger"), r"name platforms or a category, not both"),
        (("--platforms", " , "), r"--platforms names no platform"),
        (("--platforms", "TikTok", "--in", ","), r"--in names no place"),
        (("--platforms", "TikTok", "--on", "2026-02-30"), r"2026-02-30"),
        (("--platforms", "TikTok", "--format", "html"), r"there is no format 'html' here; there are table"),
        (("--platforms", "TikTok", "-o", "m.png"), r"cannot draw '.png'; -o takes a file that ends in .html"),
        (("--platforms", "TikTok", "-o", "/no/such/folder/m.html"), r"there is no folder /no/such/folder"),
        (("--platforms", "TikTok", "-o", "m.html", "-f", "csv"), r"-o writes a page and --format csv to standard output"),
    ],
)  # fmt: skip
def test_misuse_is_told_in_a_sentence(words: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    """What cannot be used ends with code 2, one sentence on standard error, nothing on standard output and no file."""
    done = run("matrix", *words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.match(f"kg: .*{sentence}", done.stderr)
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder that is called like a page is not written over."""
    (tmp_path / "m.html").mkdir()
    done = run("matrix", "--platforms", "TikTok", "--in", "RU", "-o", str(tmp_path / "m.html"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["m.html"]


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    """The command names file and size, and leaves nothing else behind."""
    file = tmp_path / "m.html"
    done = run("matrix", *ASKED, "-o", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{file}: {-(-file.stat().st_size // 1000)} kB\n"
    assert file.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [one.name for one in tmp_path.iterdir()] == ["m.html"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_nothing_in_any_cell_ends_with_one(form: str) -> None:
    """Where no cell holds anything the matrix is still given, with exit code 1 and a word of caution."""
    done = run("matrix", "--platforms", "MAX,TikTok", "--in", "CH,AQ", "--on", "1999-01-01", "--known", NOW, "-f", form)
    assert done.returncode == 1
    assert done.stderr == "kg: nothing is recorded in any of these cells; that does not mean: not restricted\n"
    assert "Switzerland" in done.stdout


def test_something_beside_the_verdict_is_no_empty_cell() -> None:
    """A ban on government devices gives no verdict for everyone, is marked, and does not count as nothing."""
    done = run("matrix", "--platforms", "TikTok", "--in", "US", "--on", ON, "--known", NOW)
    assert done.returncode == 0
    assert rows_of(done.stdout) == [["United States (US)", "·*"]]
    assert re.search(r"^\* +nothing for everyone there, but something", done.stdout, re.MULTILINE)


def test_no_record_anywhere_ends_with_one() -> None:
    """A platform against which nothing runs that day gives no matrix; the message says how to ask for one place."""
    done = run("matrix", "--platforms", "MAX", "--on", NOW, "--known", NOW)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kg: nothing that gives a level is recorded anywhere for MAX; with --in CODE")


def test_python_refuses_as_the_command_does() -> None:
    """The same errors come from Python."""
    graph = kg.open()
    with pytest.raises(UsageError, match="or a --category"):
        graph.matrix()
    with pytest.raises(UnknownName, match="did you mean WhatsApp"):
        graph.matrix(["Watsap"], ["RU"])


def test_words_for_every_certainty() -> None:
    """Presumed and definite stand in brackets behind the verdict; possible stands in the verdict itself."""
    blank = kg.open().status("TikTok", "CN", on=ON, known=NOW)
    assert formats.words(blank) == "nothing recorded"
    assert formats.words(kg.open().status("WhatsApp", "RU", on="2025-08-12", known=NOW)) == "possibly limited"
    assert formats.words(kg.open().status("WhatsApp", "RU", on=ON, known=NOW)) == "blocked (presumed)"
