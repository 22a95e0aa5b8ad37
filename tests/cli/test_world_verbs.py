"""The verbs that look over the whole record: the world of a platform, what changed, what is designated, the order of files."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from command import run

import kg
from kg.names import PREFIXES

NOW = ("--known", "2026-11-22")
SEVERITY = ["blocked", "withdrawn", "limited", "pressure", "none"]


def rows(*words: str) -> list[dict[str, str]]:
    done = run(*words, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile the packaged record once, so that no command here is slow or tells of it."""
    kg.open()


def test_world_begins_with_the_severest() -> None:
    """Without a place the table goes from blocked to limited, everyone before narrower groups, and names the rest below."""
    lines = run("status", "TikTok", "--on", "2025-02-01", *NOW).stdout.splitlines()
    assert lines[0] == "TikTok on 2025-02-01, as publicly known on 2026-11-22"
    header = lines[2]
    assert header.split() == [
        "place",
        "verdict",
        "audience",
        "certainty",
        "since",
        "last",
        "confirmed",
        "publishers",
        "sources",
    ]
    table = [line for line in lines[3:] if line and "(" in line[:45]]
    verdicts = [line[header.index("verdict") : header.index("audience")].strip() for line in table]
    audiences = [line[header.index("audience") : header.index("certainty")].strip() for line in table]
    for_everyone = [verdict for verdict, audience in zip(verdicts, audiences, strict=True) if audience == "everyone"]
    ranks = [SEVERITY.index(verdict.removeprefix("possibly ").split()[0]) for verdict in for_everyone]
    assert len(ranks) >= 8
    assert ranks == sorted(ranks)
    assert {"government devices"} <= set(audiences)
    assert any(line.startswith("Presumed: ") for line in lines)
    assert lines[-1].startswith("On record, but nothing that ran that day: ")
    assert "Nepal" not in "".join(table)
    assert "Nepal" in lines[-1]


def test_world_of_another_day() -> None:
    """With a day the world of that day comes: Nepal in 2024, the United States not yet."""
    then = run("status", "TikTok", "--on", "2024-01-15", *NOW).stdout
    assert "Nepal (NP)" in then
    assert "Armenia (AM)" not in then


def test_narrower_group_never_raises_the_verdict() -> None:
    """Australia bars minors: for everyone nothing is recorded, and the first lines say for whom something runs."""
    done = run("status", "Instagram", "--in", "AU", "--on", "2026-01-15", *NOW)
    assert done.stdout.splitlines()[0].startswith("NOTHING RECORDED against Instagram in Australia (AU)")
    assert "that is for everyone; otherwise blocked for minors (presumed)" in done.stdout


def test_measure_that_is_held_off_is_told_so() -> None:
    """A ban that a court or an order holds off is marked wherever it is listed."""
    asked = run("status", "TikTok", "--in", "US", "--on", "2025-03-01", *NOW).stdout
    assert "a measure is on the books but held off: Ban by law on distributing and hosting TikTok" in asked
    assert "nothing against TikTok itself" not in asked
    (line,) = [
        line for line in run("timeline", "TikTok", "--in", "US", *NOW).stdout.splitlines() if "Ban by law on" in line
    ]
    assert "[held off by: " in line


def test_long_unconfirmed_verdict_says_so_in_its_first_line() -> None:
    """What nobody confirmed for years is not told like news."""
    (line, *_) = run("status", "Grindr", "--in", "PK", "--on", "2026-11-22", *NOW).stdout.splitlines()
    assert line.startswith("BLOCKED (presumed, unconfirmed for ")
    (line, *_) = run("status", "Grindr", "--in", "PK", "--on", "2020-10-01", *NOW).stdout.splitlines()
    assert "unconfirmed" not in line


def test_cut_of_all_access_is_one_line_for_many_platforms() -> None:
    """What hits every platform asked about alike is told once."""
    told = run("status", "VPN", "--on", "2025-02-01", *NOW).stdout
    lines = [line for line in told.splitlines() if "Annobón (GQ-AN)" in line]
    assert len(lines) == 1
    assert re.match(r"\d+ of them  ", lines[0])


def test_list_says_what_hits_minors() -> None:
    """A list of the platforms of a place names what hits narrower groups, and does not raise the level."""
    found = {row["id"]: row for row in rows("list", "platforms", "--in", "AU", "--on", "2026-01-15", *NOW)}
    assert (found["instagram"]["level"], found["instagram"]["narrower"]) == ("none", "minors: blocked")


def test_laws_are_listed_with_their_provisions() -> None:
    """The list of laws of a country holds the acts and the provisions that measures rest on."""
    assert {"in-it-act", "in-it-act-69a"} <= {row["id"] for row in rows("list", "laws", "--in", "IN")}


def test_verdict_says_on_whose_word() -> None:
    """A status names the number of independent publishers, in text and in JSON."""
    asked = ("status", "X", "--in", "BR", "--on", "2024-09-15", *NOW)
    assert " independent publishers" in run(*asked).stdout
    (answer,) = json.loads(run(*asked, "--format", "json").stdout)
    sources = [e["source"] for a in answer["measures"][0]["fact"]["accounts"] for e in a["evidence"]]
    assert answer["publishers"] == len({one["reprint_of"] or one["publisher"] for one in sources}) >= 2
    assert answer["accounts_differ"] is False


def test_changes_of_a_year_in_a_place() -> None:
    """What began, ended and was done, oldest first, only there and only then."""
    found = rows("changes", "--from", "2025-01-01", "--to", "2025-12-31", "--in", "EU", *NOW)
    assert {row["change"] for row in found} >= {"began", "done", "ended"}
    assert {code for row in found for code in row["applies_in"].split()} == {"EU"}
    assert [row["date"] for row in found] == sorted(row["date"] for row in found)
    sure = [row for row in found if row["certain"] == "true"]
    assert sure
    assert all("2025-01-01" <= row["earliest"] <= row["date"] <= "2025-12-31" for row in sure)
    assert all(row["earliest"] < "2025-01-01" or row["date"] > "2025-12-31" for row in found if row not in sure)
    assert all(int(row["sources"]) >= 1 for row in found)
    ids = {row["id"] for row in found if row["change"] == "ended"}
    assert "EU-vlop-stripchat" in ids


def test_what_the_sources_leave_open_stands_apart() -> None:
    """A change whose day may lie outside the time asked about is told under a heading of its own, with both days."""
    lines = run("changes", "--from", "2025-05-01", "--to", "2025-05-30", "--in", "RU", *NOW).stdout.splitlines()
    (cut,) = [number for number, line in enumerate(lines) if line.startswith("Perhaps in that time")]
    end = lines.index("Sources")
    assert all(line.startswith("  2025-05-") for line in lines[1:cut] if line)
    assert any(line.startswith("  2017-05-03..") and "LINE" in line for line in lines[cut + 1 : end])


def test_change_is_hidden_until_it_was_public() -> None:
    """As known on an earlier day the later publications are missing."""
    now = rows("changes", "--from", "2025-09-01", "--to", "2025-09-30", "--in", "NP", *NOW)
    early = rows("changes", "--from", "2025-09-01", "--to", "2025-09-30", "--in", "NP", "--known", "2025-09-04")
    assert {row["id"] for row in early} < {row["id"] for row in now}
    assert "ended" not in {row["change"] for row in early}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("status", "--in", "TR"), 2, "kg list platforms --in TR shows all of a place"),
        (("changes", "--from", "2025-02-01", "--to", "2025-01-01"), 2, "--to 2025-01-01 lies before --from 2025-02-01"),
        (("changes", "--from", "soon"), 2, "'soon' is not a day"),
        (("changes", "--from", "2025-01-01", "--in", "Atlantis"), 2, "no jurisdiction has the code or name 'Atlantis'"),
        (("changes", "--from", "1990-01-01", "--to", "1990-12-31", "--in", "IS"), 1, "nothing on record changed"),
        (("list", "designations", "--category", "gatekeper"), 2, "no designations have the category 'gatekeper'"),
        (("format", "no-such.ttl"), 2, "there is no file no-such.ttl"),
    ],
)
def test_misuse_is_told_in_a_sentence(words: tuple[str, ...], code: int, told: str) -> None:
    """A mistake gives one sentence on standard error and the right exit code."""
    done = run(*words)
    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


@pytest.mark.parametrize(
    ("on", "gatekeepers", "platforms", "engines"),
    [("2023-04-24", 0, 0, 0), ("2023-08-01", 0, 17, 2), ("2023-10-01", 6, 17, 2), ("2024-06-15", 8, 22, 2)],
)
def test_designated_in_the_european_union(on: str, gatekeepers: int, platforms: int, engines: int) -> None:
    """Gatekeepers (iPadOS counted apart) and very large platforms and search engines stand from their day on."""
    found = [one.category for one in kg.open().list("designations", "EU", on=on, known="2026-11-22")]
    assert found.count("gatekeeper") == gatekeepers
    assert found.count("very-large-online-platform") == platforms
    assert found.count("very-large-online-search-engine") == engines


def test_list_of_blocked_platforms_is_that_of_single_answers() -> None:
    """What is listed as blocked on a day is what each platform's own status says."""
    graph = kg.open()
    listed = graph.list("platforms", "NP", on="2025-09-06", known="2026-11-22", level="blocked")
    assert len(listed) >= 26
    for one in listed[:5]:
        assert graph.status(one.thing.id, "NP", on="2025-09-06", known="2026-11-22").level == "blocked"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("IN", ("Ministry of Electronics and Information Technology of India (in-meity)", "section 69A", "Jammu and Kashmir (IN-JK)", "TikTok blocked in India")),
        ("ByteDance", ("ByteDance owns TikTok", "ByteDance owns Douyin", "gatekeeper")),
        ("Komdigi", ("Kominfo",)),
        ("Aylo", ("MindGeek", "Pornhub")),
    ],
)  # fmt: skip
def test_profile_is_whole(name: str, parts: tuple[str, ...]) -> None:
    """A profile of a country, a company or an authority under any of its names holds what belongs to it."""
    told = run("show", name, *NOW).stdout
    assert [part for part in parts if part not in told] == []


@pytest.mark.parametrize(
    ("names", "thing"),
    [
        (("Twitter", "x.com", "twitter.com", "prki:x"), "x"),
        (("Facebook Inc.", "Meta", "Meta Platforms"), "meta"),
        (("Kominfo", "Komdigi"), "id-komdigi"),
        (("VK", "VKontakte"), None),
        (("Douyin",), "douyin"),
        (("RedNote", "Xiaohongshu", "小紅書"), "xiaohongshu"),
    ],
)
def test_one_thing_under_all_its_names(names: tuple[str, ...], thing: str | None) -> None:
    """The first hit for each name is the one thing; where a company and a platform share a name, both are found."""
    found = [[hit.thing.id for hit in kg.open().find(name) if hit.score == 100] for name in names]
    if thing is None:
        assert all({"vk", "vkontakte"} & set(ids) for ids in found)
    else:
        assert [thing in ids for ids in found] == [True] * len(names)


def test_format_puts_a_file_in_order(tmp_path: Path) -> None:
    """A file is told to be untidy with --check, put in order without, and then left alone."""
    file = tmp_path / "mine.ttl"
    file.write_text(
        "@prefix prki: <https://w3id.org/prk/id/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '@prefix prk: <https://w3id.org/prk/ontology#> .\nprki:b skos:prefLabel "B"@en ; a prk:Person .\nprki:a a prk:Person .\n',
        encoding="utf-8",
    )
    before = file.read_text(encoding="utf-8")
    assert (run("format", "--check", str(file)).returncode, file.read_text(encoding="utf-8")) == (1, before)
    assert run("format", str(file)).stdout == f"put in order: {file}\n"
    file.write_text(file.read_text(encoding="utf-8").replace("prki:b a", "# a remark\nprki:b a"), encoding="utf-8")
    assert "1 comment lines inside the file were dropped" in run("format", str(file)).stderr
    assert file.read_text(encoding="utf-8").index("prki:a a") < file.read_text(encoding="utf-8").index("prki:b a")
    assert run("format", "--check", str(file)).stdout == "every file is in order\n"


def test_check_never_stops_at_the_first(tmp_path: Path) -> None:
    """A wrong date does not hide what else is wrong, and of two files that do not parse both are named."""
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    file = tmp_path / "mine.ttl"
    file.write_text(
        f'{head}prki:ZZ-a a prk:Fine ; skos:prefLabel "A"@en ; prk:target prki:whatsapp ; prk:appliesIn prki:RU ;\n'
        '  prk:claim [ prk:decided "2024-13"^^edtf:EDTF ; prk:evidence [ prk:source prki:s-nowhere ] ] .\n'
        'prki:ZZ-b a prk:Lift ; skos:prefLabel "B"@en .\n',
        encoding="utf-8",
    )
    told = run("check", str(file)).stderr
    for part in ("2024-13", "s-nowhere", "[lift-lifts]", "[time-bound-claim]"):
        assert part in told
    assert told.count(f"{file}:") == len(told.splitlines()) >= 4
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text("this is no Turtle", encoding="utf-8")
    told = run("check", str(tmp_path / "one.ttl"), str(tmp_path / "two.ttl")).stderr
    assert ("one.ttl:1: not valid Turtle" in told, "two.ttl:1: not valid Turtle" in told) == (True, True)


def test_question_about_my_file_does_not_fail_it(tmp_path: Path) -> None:
    """`kg check FILE` asks about that file only, and the exit code stays 0."""
    file = tmp_path / "mine.ttl"
    file.write_text(
        "@prefix prki: <https://w3id.org/prk/id/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '@prefix prk: <https://w3id.org/prk/ontology#> .\nprki:nobody-needs-me a prk:Person ; skos:prefLabel "Nobody"@en .\n',
        encoding="utf-8",
    )
    done = run("check", str(file))
    assert done.returncode == 0
    assert (
        done.stderr
        == f"kg: {file}:4: prki:nobody-needs-me: Is the thing needed? Nothing refers to it. [orphan-thing, a question]\n"
    )
    assert done.stdout.endswith(", 1 question\n")


def test_place_alone_is_no_picture(tmp_path: Path) -> None:
    """A picture of a place is refused with the way to ask for it."""
    done = run("graph", "IN", "-o", str(tmp_path / "x.html"))
    assert done.returncode == 2
    assert "name what is to be drawn there, as in kg graph TikTok --in IN" in done.stderr
