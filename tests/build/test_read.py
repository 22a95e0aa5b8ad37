from __future__ import annotations

import itertools
import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import HEAD, HEAD_LINES, THINGS, claim, dump, measure, node, source, versions, write

from kg import names, places
from kg.build.compile import derive
from kg.build.locate import locate, locate_node
from kg.build.read import read_record
from kg.errors import DataError

FROM_MARCH = claim("2024-03-02", validFrom="2024-03-01")


def claim_ids(file: Path) -> set[str]:
    """The ids of all claims in a file."""
    found = read_record([file]).quads_for_pattern(None, names.TYPE, names.CLAIM_CLASS)
    return {names.text_of(quad.subject) for quad in found if isinstance(quad.subject, ox.NamedNode)}


def known_from(*lines: str, folder: Path, kind: ox.NamedNode) -> list[str]:
    """The days from which the claims, or the pieces of evidence, of a file are public."""
    store = read_record([write(folder, *lines)])
    return sorted(
        names.text_of(known.object)
        for one in store.quads_for_pattern(None, names.TYPE, kind)
        for known in store.quads_for_pattern(one.subject, names.KNOWN_FROM, None)
    )


BROKEN = [
    ("a line without its end", "prki:a a prk:Platform\nprki:b a prk:Platform .\n", 2, "not valid Turtle"),
    ("an unknown prefix", "\nnope:a a prk:Platform .\n", 2, "not valid Turtle"),
    ("an unclosed claim", "\n\nprki:a prk:claim [ prk:validFrom .\n", 3, "not valid Turtle"),
    ("an address without a scheme", "<a> a prk:Platform .\n", 1, "not valid Turtle"),
    ("an unclosed text", 'prki:a skos:prefLabel "a .\n', 1, "not valid Turtle"),
    ("a date that does not exist", '\nprki:a prk:claim [ prk:validFrom "2025-02-30"^^edtf:EDTF ] .\n', 2, "'2025-02-30' is no date"),
    ("a date outside the subset", 'prki:a dcterms:issued "2025/2026"^^edtf:EDTF .\n', 1, "'2025/2026' is no date"),
    ("an empty date", '\n\nprki:a prk:claim [ prk:decided ""^^edtf:EDTF ] .\n', 3, "'' is no date"),
    ("a date without its type", '\nprki:a prk:claim [ prk:validFrom "2024-03-01" ] .\n', 2, "'2024-03-01' is no date for prk:validFrom"),
    ("a date of another type", 'prki:a prk:claim [ prk:inForceOn "2024-03-01"^^xsd:date ] .\n', 1, '"^^edtf:EDTF'),
    ("an issue date of another type", '\nprki:s dcterms:issued "2024-03-01"^^xsd:date .\n', 2, "for dcterms:issued"),
    ("a day of reading that does not exist", '\nprki:s prk:readOn "2024-13-01"^^xsd:date .\n', 2, "'2024-13-01' is no date for prk:readOn"),
    ("a vague day of reading", 'prki:s prk:readOn "2024-03"^^edtf:EDTF .\n', 1, '"^^xsd:date'),
    ("a claim with two owners", "\nprki:a prk:claim _:one .\nprki:b prk:claim _:one .\n", 2, "stands in two places (prki:a and prki:b)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_file_is_refused_at_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    """What cannot be read is refused with the file, the line and the reason."""
    file = write(tmp_path, text)
    with pytest.raises(DataError) as refusal:
        read_record([file])
    assert str(refusal.value).startswith(f"{file}:{HEAD_LINES + line}: ")
    assert told in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \t\n \r\n"], ids=["empty", "blank lines", "blanks"])
def test_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file with nothing in it is a slip, and the message says what belongs there."""
    file = tmp_path / "empty.ttl"
    file.write_bytes(content)
    with pytest.raises(DataError, match="the file is empty; a record file holds Turtle") as refusal:
        read_record([file])
    assert str(refusal.value).startswith(f"{file}:1: ")


@pytest.mark.parametrize(
    "content", [b"\x00\x01", "text".encode("utf-16"), HEAD.encode() + b'prki:a skos:note "\xff" .']
)
def test_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    """Bytes that are not UTF-8 are refused like any broken file."""
    file = tmp_path / "bytes.ttl"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"not valid Turtle|is not UTF-8 there"):
        read_record([file])


@pytest.mark.parametrize("name", ["missing.ttl", "folder.ttl"])
def test_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are named in the refusal."""
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(DataError, match="cannot be read") as refusal:
        read_record([tmp_path / name])
    assert str(tmp_path) in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "prki:a prk:target [ a prk:Platform ] .",
        "[] a prk:Platform .",
        "_:one skos:related prki:a .",
        "prki:a prk:claim [ prk:target [ a prk:Platform ] ] .",
        "prki:a prk:claim ( prki:b prki:c ) .",
    ],
)
def test_blank_node_elsewhere_is_refused(tmp_path: Path, text: str) -> None:
    """Only claims and their evidence may be blank, since nothing else gets a lasting name."""
    with pytest.raises(DataError, match=r"a blank node stands outside prk:claim and prk:evidence \("):
        read_record([write(tmp_path, text)])


def test_blank_node_inside_itself_is_refused(tmp_path: Path) -> None:
    """A claim that carries itself is refused instead of being followed for ever."""
    text = "_:one prk:evidence _:two . _:two prk:claim _:one ."
    with pytest.raises(DataError, match="a blank node stands inside itself"):
        read_record([write(tmp_path, text)])


def test_every_bad_date_is_told_at_once(tmp_path: Path) -> None:
    """All bad dates of all files come in one message, so that one round of mending is enough."""
    one = write(tmp_path, 'prki:a dcterms:issued "2025-13"^^edtf:EDTF .\n', name="one.ttl")
    two = write(tmp_path, 'prki:b dcterms:issued "20XX"^^edtf:EDTF , "soon" .\n', name="two.ttl")
    with pytest.raises(DataError) as refusal:
        read_record([one, two])
    assert [line.split(": ")[0] for line in str(refusal.value).splitlines()] == [f"{one}:{HEAD_LINES + 1}", *[f"{two}:{HEAD_LINES + 1}"] * 2]  # fmt: skip


def test_claim_id_does_not_depend_on_evidence(tmp_path: Path) -> None:
    """One more source or a mended locator leaves the identity of a claim alone."""
    fields = 'prk:validFrom "2024-03-01"^^edtf:EDTF'
    variants = [
        f"prki:m prk:claim [ {fields} ] .",
        f"prki:m prk:claim [ {fields} ; prk:evidence [ prk:source prki:s-one ] ] .",
        f'prki:m prk:claim [ {fields} ; prk:evidence [ prk:source prki:s-one ; prk:locator "paragraph 2" ] ] .',
        f"prki:m prk:claim [ {fields} ; prk:evidence [ prk:source prki:s-one ] , [ prk:source prki:s-two ] ] .",
    ]
    ids = [claim_ids(write(tmp_path, text)) for text in variants]
    assert len(ids[0]) == 1
    assert all(one == ids[0] for one in ids)


@pytest.mark.parametrize(
    "other",
    [
        'prki:m prk:claim [ prk:validFrom "2024-03-02"^^edtf:EDTF ] .',
        'prki:m prk:claim [ prk:validUntil "2024-03-01"^^edtf:EDTF ] .',
        'prki:n prk:claim [ prk:validFrom "2024-03-01"^^edtf:EDTF ] .',
        'prki:m prk:claim [ prk:validFrom "2024-03-01"^^edtf:EDTF ; prk:stance prkc:correction ] .',
    ],
)
def test_claim_id_depends_on_owner_and_fields(tmp_path: Path, other: str) -> None:
    """Another owner, date, field or stance makes another claim."""
    first = claim_ids(write(tmp_path, 'prki:m prk:claim [ prk:validFrom "2024-03-01"^^edtf:EDTF ] .'))
    assert first != claim_ids(write(tmp_path, other))


def test_claim_told_twice_is_one_claim_with_both_sources(tmp_path: Path) -> None:
    """The same claim in two files becomes one, with the evidence of both, public from the earlier."""
    files = [
        write(tmp_path, source(day), f"prki:m prk:claim {claim(day, validFrom='2024-03-01')} .", name=f"{day}.ttl")
        for day in ("2024-03-02", "2024-05-02")
    ]
    store = read_record(files)
    (quad,) = store.quads_for_pattern(names.thing("m"), names.CLAIM, None)
    assert isinstance(quad.object, ox.NamedNode)
    assert len(list(store.quads_for_pattern(quad.object, names.EVIDENCE, None))) == 2
    (known,) = store.quads_for_pattern(quad.object, names.KNOWN_FROM, None)
    assert names.text_of(known.object) == "2024-03-02"


PUBLIC = [
    ("a day", ['dcterms:issued "2024-03-02"^^edtf:EDTF'], "2024-03-02"),
    ("the end of a month", ['dcterms:issued "2024-02"^^edtf:EDTF'], "2024-02-29"),
    ("the end of a year", ['dcterms:issued "2024"^^edtf:EDTF'], "2024-12-31"),
    ("the end of a range", ['dcterms:issued "[2024-02-01..2024-02-05]"^^edtf:EDTF'], "2024-02-05"),
    ("the day of reading", ['prk:readOn "2026-11-22"^^xsd:date'], "2026-11-22"),
    ("the issue before the reading", ['prk:readOn "2026-11-22"^^xsd:date ; dcterms:issued "2024-03-02"^^edtf:EDTF'], "2024-03-02"),
    ("the earliest source", ['dcterms:issued "2024-03-02"^^edtf:EDTF', 'dcterms:issued "2023-03-02"^^edtf:EDTF'], "2023-03-02"),
    ("the source that was surely out first", ['dcterms:issued "2024"^^edtf:EDTF', 'dcterms:issued "2024-06-01"^^edtf:EDTF'], "2024-06-01"),
    ("a dated source before one only read", ['prk:readOn "2026-11-22"^^xsd:date', 'dcterms:issued "2024-03-02"^^edtf:EDTF'], "2024-03-02"),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "expected"), [case[1:] for case in PUBLIC], ids=[case[0] for case in PUBLIC])
def test_claim_is_public_from_its_earliest_source(tmp_path: Path, sources: list[str], expected: str) -> None:
    """A claim is public from the latest day of its earliest source, and of an undated one from its reading."""
    told = [f"prki:s{number} a prk:Source ; {fields} .\n" for number, fields in enumerate(sources)]
    evidence = " , ".join(f"[ prk:source prki:s{number} ]" for number in range(len(sources)))
    line = f'prki:m prk:claim [ prk:validFrom "2020"^^edtf:EDTF ; prk:evidence {evidence} ] .\n'
    assert known_from(*told, line, folder=tmp_path, kind=names.CLAIM_CLASS) == [expected]


def test_evidence_is_public_from_its_own_source(tmp_path: Path) -> None:
    """A later source of a claim stays out of sight until it is public itself."""
    days = ["2024-05-02", "2024-03-02"]
    text = "".join(f"prki:m prk:claim {claim(day, validFrom='2024-03-01')} .\n" for day in days)
    parts = [*map(source, days), text]
    assert known_from(*parts, folder=tmp_path, kind=names.CLAIM_CLASS) == ["2024-03-02"]
    assert known_from(*parts, folder=tmp_path, kind=names.EVIDENCE_CLASS) == sorted(days)


def test_first_place_of_a_text_is_named(tmp_path: Path) -> None:
    """A place is the first line with the text, or the folder when no line has it."""
    one = write(tmp_path, "# x\nprki:ab a prk:Platform .\n\nprki:a a prk:Platform .\n")
    assert locate([one], "prki:a") == f"{one}:{HEAD_LINES + 2}"
    assert locate([one], "prki:absent") == str(tmp_path)
    assert locate([], "prki:absent") == "record"


@pytest.mark.parametrize("inner", ["", "/claim/0123456789", "/claim/0123456789/evidence/0123456789"])
def test_node_is_located_at_the_block_that_describes_it(tmp_path: Path, inner: str) -> None:
    """A node, its claims and their evidence are found where the node is described, not where it is mentioned."""
    text = "prki:b prk:target prki:a .\nprki:ab a prk:Platform .\nprki:a a prk:Platform .\n"
    one = write(tmp_path, text)
    assert locate_node([one], f"{names.THING}a{inner}") == f"{one}:{HEAD_LINES + 3}"


BLOCKS = [
    THINGS,
    source("2024-03-02"),
    source("2024-05-02"),
    source("2024-06-02"),
    measure("m", FROM_MARCH),
    f"prki:m prk:claim {claim('2024-05-02', validFrom='2024-02', inForceOn='2024-04')} .\n",
    f"prki:m prk:claim {claim('2024-05-02', validFrom='2024-02-28')} .\n",
    f"prki:m prk:claim {claim('2024-06-02', extra='prk:stance prkc:correction', validFrom='2024-02-20')} .\n",
    measure("n", FROM_MARCH, target="peep"),
    node("lift", "Lift", "prk:lifts prki:m , prki:n", claim("2024-06-02", validFrom="2024-06-01")),
    node("stay", "Suspension", "prk:suspends prki:n", claim("2024-05-02", validFrom="2024-04-01")),
]
_REFERENCE: list[list[str]] = []


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    blocks=st.permutations(BLOCKS), cuts=st.sets(st.integers(1, len(BLOCKS) - 1), max_size=3), seed=st.integers(0, 99)
)
def test_order_of_files_and_statements_never_matters(
    tmp_path: Path, blocks: list[str], cuts: set[int], seed: int
) -> None:
    """However the record is cut into files and in whatever order it is read, the derived graph is the same."""
    if not _REFERENCE:
        _REFERENCE.append(dump(derive([*places.vocabulary_files(), write(tmp_path, *BLOCKS)])))
    edges = [0, *sorted(cuts), len(blocks)]
    parts = [blocks[low:high] for low, high in itertools.pairwise(edges)]
    files = [write(tmp_path, *part, name=f"{number}.ttl") for number, part in enumerate(parts)]
    chosen = [*places.vocabulary_files(), *files]
    random.Random(seed).shuffle(chosen)  # noqa: S311
    assert dump(derive(chosen)) == _REFERENCE[0]


def test_reading_twice_gives_the_same_graph(tmp_path: Path) -> None:
    """No random name, clock or memory address gets into a derived graph."""
    chosen = [*places.vocabulary_files(), write(tmp_path, *BLOCKS)]
    assert dump(derive(chosen)) == dump(derive(chosen))


def test_node_without_a_dated_claim_has_no_version(tmp_path: Path) -> None:
    """A claim that gives no date makes no version, and breaks nothing."""
    told = "prki:m prk:claim [ prk:stance prkc:correction ; prk:evidence [ prk:source prki:s-2024-03-02 ] ] .\n"
    store = derive([*places.vocabulary_files(), write(tmp_path, THINGS, source("2024-03-02"), measure("m"), told)])
    assert versions(store, "m") == []
