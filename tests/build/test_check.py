from __future__ import annotations

from pathlib import Path

import pytest
from tiny import HEAD_LINES, THINGS, claim, designation, measure, owns, source, write

from kg import places
from kg.build.check import Problem, find_problems
from kg.build.compile import derive
from kg.build.read import read_record
from kg.errors import DataError

WORLD = THINGS + source("2024-03-02")
FIRST_LINE = HEAD_LINES + WORLD.count("\n") + 1
GOOD = claim("2024-03-02", validFrom="2024-03-01")


def problems(folder: Path, *parts: str) -> tuple[Path, list[Problem]]:
    """The broken conditions of a tiny record; what is only asked does not count."""
    file = write(folder, WORLD, *parts)
    files = [*places.vocabulary_files(), file]
    return file, faults(files)


def faults(files: list[Path]) -> list[Problem]:
    return [one for one in find_problems(read_record(files), files) if not one.question]


FAULTS = [
    ("end before start", measure("m", claim("2024-03-02", validFrom="2024-03-01", validUntil="2024-02-20")), "claim-order"),
    ("vague end before start", measure("m", claim("2024-03-02", validFrom="2024-03", validUntil="2024-02")), "claim-order"),
    ("claim without evidence", measure("m", '[ prk:validFrom "2024-03-01"^^edtf:EDTF ]'), "claim-evidence"),
    ("evidence without source", measure("m", '[ prk:validFrom "2024-03-01"^^edtf:EDTF ; prk:evidence [ prk:locator "page 1" ] ]'), "evidence-source"),
    ("claim that says nothing", measure("m", "[ prk:evidence [ prk:source prki:s-2024-03-02 ] ]"), "claim-content"),
    ("unknown target", measure("m", GOOD, target="nobody"), "dangling-reference"),
    ("unknown kind of measure", measure("m", GOOD, kind="no-such-kind"), "dangling-reference"),
    ("unknown source", measure("m", claim("2024-03-09", validFrom="2024-03-01")), "dangling-reference"),
    ("misspelt property", measure("m", GOOD, more="prk:tarket prki:chirp"), "undeclared-property"),
    ("end known before it came", measure("m", claim("2024-03-02", validFrom="2024-03-01", validUntil="2024-05-01")), "claim-scheduled-end"),
    ("node without a claim", measure("m"), "time-bound-claim"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "check"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_fault_is_told_with_file_and_line(tmp_path: Path, text: str, check: str) -> None:
    """A broken condition is told with the file and line of the node, the node, the reason and the check."""
    file, found = problems(tmp_path, text)
    assert check in {one.check for one in found}
    for one in found:
        assert str(one).startswith(f"{file}:{FIRST_LINE}: prki:m: ")
        assert str(one).endswith(f" [{one.check}]")


SOUND = [
    ("one measure", measure("m", GOOD)),
    ("start and end on one day", measure("m", claim("2024-03-02", validFrom="2024-03-01", validUntil="2024-03-01"))),
    ("vague end that may lie after the start", measure("m", claim("2024-03-02", validFrom="2024-02-20", validUntil="2024-02"))),
    ("end that was set beforehand", measure("m", claim("2024-03-02", extra="prk:scheduledEnd true", validFrom="2024-03-01", validUntil="2024-05-01"))),
    ("owners in a circle", owns("top", "middle", GOOD) + owns("middle", "low", GOOD) + owns("low", "top", GOOD)),
    ("a company that owns itself", owns("top", "top", GOOD)),
    ("a designation", designation("d", "top", GOOD)),
]  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in SOUND], ids=[case[0] for case in SOUND])
def test_sound_record_passes(tmp_path: Path, text: str) -> None:
    """What is unusual and still possible is no fault."""
    assert problems(tmp_path, text)[1] == []


def test_question_is_asked_and_stops_nothing(tmp_path: Path) -> None:
    """What may have a good answer is told with its place, marked as a question, and the record is still built."""
    apart = measure("m", GOOD, claim("2024-03-02", validFrom="2023-11-01"))
    file = write(tmp_path, WORLD, apart)
    files = [*places.vocabulary_files(), file]
    asked = [one for one in find_problems(read_record(files), files) if one.check == "accounts-far-apart"]
    assert [one.question for one in asked] == [True]
    assert str(asked[0]).endswith("[accounts-far-apart, a question]")
    assert len(derive(files)) > 0


def test_a_confirmation_after_the_end_is_asked_about(tmp_path: Path) -> None:
    """No answer counts it, so whoever wrote it should know; one before a later end is none."""
    for end, asked in (("2024-03-20", ["confirmed-after-end"]), ("2024-05-20", [])):
        text = measure("m", GOOD, *(claim("2025-06-30", **one) for one in ({"validUntil": "2024-03-10"}, {"inForceOn": "2024-04-01"}, {"validUntil": end})))  # fmt: skip
        file = write(tmp_path, WORLD, text)
        files = [*places.vocabulary_files(), file]
        found = [one.check for one in find_problems(read_record(files), files) if one.check == "confirmed-after-end"]
        assert found == asked


def test_build_stops_at_broken_data_with_every_fault(tmp_path: Path) -> None:
    """The build stops before deriving and tells all faults, one a line, in order of place."""
    late = claim("2024-03-02", validFrom="2024-03-01", validUntil="2024-02-20")
    file = write(tmp_path, WORLD, measure("one", late), measure("two"), measure("three", GOOD, target="nobody"))
    with pytest.raises(DataError) as refusal:
        derive([*places.vocabulary_files(), file])
    lines = str(refusal.value).splitlines()
    assert lines == sorted(lines)
    assert {line.split(": ")[0] for line in lines} == {f"{file}:{FIRST_LINE + number}" for number in range(3)}
    assert {line.split(": ")[1] for line in lines} == {"prki:one", "prki:two", "prki:three"}


def test_fault_in_one_of_several_files_names_that_file(tmp_path: Path) -> None:
    """The place of a fault is the file that describes the node, not one that mentions it."""
    mention = write(tmp_path, measure("other", GOOD, more="prk:follows prki:m"), name="a.ttl")
    fault = write(tmp_path, WORLD, measure("m"), name="b.ttl")
    files = [*places.vocabulary_files(), mention, fault]
    assert {one.place for one in faults(files)} == {f"{fault}:{FIRST_LINE}"}


def test_packaged_record_meets_every_condition() -> None:
    """The record that the package carries has no fault."""
    files = [*places.vocabulary_files(), *places.record_files()]
    assert [str(one) for one in faults(files)] == []
