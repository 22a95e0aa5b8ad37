"""Compiled stores that are not as they were made, and what else could give a stale or a half answer."""

from __future__ import annotations

import ast
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
from tiny import THINGS, claim, dump, measure, source, write

from kg import locks, places
from kg.build import compile as compiling
from kg.build import fingerprint, publish, shelf
from kg.build.compile import derive
from kg.cli import data
from kg.errors import DataError, QueryError, StoreError, UsageError
from kg.graph import KnowledgeGraph
from kg.store import Store, open_store

IN_MEMORY = Path("/dev/shm")  # noqa: S108  the engine waits for the disk at each build, and there is none there
EVERYTHING = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
ANEW = "was damaged; it is compiled anew\n"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with one measure."""
    folder = tmp_path_factory.mktemp("record")
    return write(folder, THINGS, source("2024-03-02"), measure("m", claim("2024-03-02", validFrom="2024-03-01")))


@pytest.fixture(scope="module")
def derived(record: Path) -> ox.Store:
    """What the record says."""
    return derive([*places.vocabulary_files(), record])


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, derived: ox.Store) -> list[int]:
    """Derives nothing anew, and grows with each build."""
    seen: list[int] = []

    def ready(*_: Any) -> ox.Store:
        seen.append(1)
        return derived

    monkeypatch.setattr(compiling, "derive", ready)
    return seen


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for compiled stores that costs no waiting, where there is one."""
    with TemporaryDirectory(dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None) as folder:
        monkeypatch.setenv("KG_HOME", folder)
        yield Path(folder)


def opened(record: Path) -> Store:
    return open_store([record], tell=lambda _: None)


def engine_files(store: Store) -> list[Path]:
    folder = store.origin.engine_folder
    assert folder is not None
    return sorted(folder.iterdir())


def truncate(file: Path) -> None:
    """Half of it is left, which for the engine's list of files is a shorter list."""
    os.truncate(file, file.stat().st_size // 2)


def garble(file: Path) -> None:
    """One bit is another, in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x40
    file.write_bytes(content)


def empty(file: Path) -> None:
    os.truncate(file, 0)


HARMS: list[Callable[[Path], None]] = [empty, truncate, garble, Path.unlink]


@pytest.mark.parametrize("harm", HARMS)
def test_each_file_in_turn_is_mended(
    harm: Callable[[Path], None], home: Path, record: Path, builds: list[int], derived: ox.Store, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """A file of the store that is empty, cut short, garbled or gone: one line, a fresh store, and the right answer."""
    count = len(engine_files(opened(record)))
    for number in range(count):
        file = engine_files(opened(record))[number]
        if harm is not Path.unlink and not file.stat().st_size:
            continue
        capsys.readouterr()
        before = len(builds)
        harm(file)
        mended = opened(record)
        assert dump(mended.inner) == dump(derived), file.name
        assert len(builds) == before + 1, file.name
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err == f"kg: the compiled store in {mended.origin.folder} {ANEW}", file.name
        assert [one.name for one in home.iterdir() if one.is_dir()] == [mended.origin.data_hash]
    assert len(builds) > 8


@pytest.mark.parametrize(
    "about",
    ["", "no json", "{}", "[]", "null", "3", '"text"', '{"statements": 3}', "\x00\xff",
     '{"data_hash": "HASH", "statements": 3, "store": "store", "files": {}}',
     '{"data_hash": "HASH", "statements": 3, "store": "store-ab", "files": {"CURRENT": [16, 1, "x"]}}',
     '{"data_hash": "HASH", "statements": 3, "store": "../../x", "files": {"CURRENT": [16, 1, "x"]}}',
     '{"data_hash": "0123456789abcdef", "statements": 3, "store": "INSIDE", "files": {"CURRENT": [16, 1, "x"]}}',
     '{"data_hash": "HASH", "statements": 3, "store": "INSIDE", "files": {"CURRENT": 16}}'],
)  # fmt: skip
@pytest.mark.usefixtures("home")
def test_a_description_that_is_none_or_of_another_version_is_mended(
    about: str, record: Path, builds: list[int], derived: ox.Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever stands in about.json, nothing but a store described in full is read."""
    folder = opened(record).origin.folder
    assert folder is not None
    said = shelf.about(folder)
    assert said is not None
    (folder / "about.json").write_text(about.replace("HASH", folder.name).replace("INSIDE", said.inside), "utf-8")
    assert dump(opened(record).inner) == dump(derived)
    assert len(builds) == 2
    assert capsys.readouterr().err == f"kg: the compiled store in {folder} {ANEW}"
    assert opened(record).origin.folder == folder
    assert len(builds) == 2


@pytest.mark.usefixtures("home")
def test_a_store_laid_out_by_an_older_version_is_replaced(record: Path, builds: list[int], derived: ox.Store) -> None:
    """One with the files of the engine in a folder of another name, and without marks of them."""
    store = opened(record)
    folder, inside = store.origin.folder, store.origin.engine_folder
    assert folder is not None
    assert inside is not None
    del store
    inside.rename(folder / "store")
    (folder / "about.json").write_text(json.dumps({"data_hash": folder.name, "statements": 1}), "utf-8")
    assert dump(opened(record).inner) == dump(derived)
    assert len(builds) == 2
    assert not (folder / "store").exists()


@pytest.mark.usefixtures("home")
def test_a_copied_store_is_read_as_it_is(record: Path, builds: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    """Other days of change on the same bytes are no damage."""
    for file in engine_files(opened(record)):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    assert opened(record).origin.folder is not None
    assert (len(builds), capsys.readouterr().err) == (1, "")


def rot(store: Store) -> None:
    """Bits of the largest files turn over without any sign from the file system."""
    for file in sorted(engine_files(store), key=lambda one: one.stat().st_size)[-5:]:
        seen = file.stat()
        content = bytearray(file.read_bytes())
        for place in range(64, len(content) - 4096, 512):
            content[place] ^= 0x40
        file.write_bytes(content)
        os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))


@pytest.mark.usefixtures("home")
def test_bits_that_turned_over_are_mended_when_they_are_met(
    record: Path, builds: list[int], derived: ox.Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine knows a bad block when it reads it; the question is put again to a fresh store."""
    rot(opened(record))
    store = opened(record)
    assert len(builds) == 1
    assert len(store.select(EVERYTHING)) == len(derived)
    assert len(builds) == 2
    assert capsys.readouterr().err == f"kg: the compiled store in {store.origin.folder} {ANEW}"


@pytest.mark.parametrize("limits", [{}, {"timeout": 30.0}], ids=["here", "in a process of its own"])
@pytest.mark.usefixtures("home")
def test_a_stream_that_meets_a_bad_block_is_an_error(
    limits: dict[str, float], record: Path, builds: list[int], derived: ox.Store
) -> None:
    """Rows may be out already, so it ends with a sentence, and the next opening compiles anew."""
    rot(opened(record))
    with pytest.raises(StoreError, match=r"the compiled store in .* is damaged; ask again, and it is compiled anew$"):
        KnowledgeGraph(opened(record)).query(EVERYTHING, **limits)
    assert len(opened(record).select(EVERYTHING)) == len(derived)
    assert len(builds) == 2


def test_a_store_that_was_removed_while_it_was_open(home: Path, record: Path, builds: list[int], derived: ox.Store) -> None:  # fmt: skip
    """It still answers in this process; a query in a process of its own ends with a sentence, and asking again helps."""
    store = opened(record)
    shutil.rmtree(home)
    assert len(store.select(EVERYTHING)) == len(derived)
    with pytest.raises(StoreError, match="is damaged; ask again"):
        KnowledgeGraph(store).query(EVERYTHING, timeout=30.0)
    assert len(KnowledgeGraph(opened(record)).query(EVERYTHING, timeout=30.0).rows) == len(derived)
    assert len(builds) == 2


@pytest.mark.usefixtures("home")
def test_a_damaged_store_that_cannot_be_removed_is_told(record: Path, builds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Then another folder helps."""
    rot(opened(record))
    store = opened(record)

    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(StoreError, match=r"damaged and cannot be replaced \(Permission denied\)\. KG_HOME names"):
        list(KnowledgeGraph(store).stream(EVERYTHING).rows or ())
    assert len(builds) == 1


@pytest.mark.usefixtures("home", "builds")
def test_a_query_that_fails_on_a_sound_store_is_a_fault_of_the_query(record: Path) -> None:
    """And nothing is compiled for it."""
    store = opened(record)
    store.renew = None
    assert isinstance(store.fault(ValueError("too deep")), QueryError)
    assert opened(record).origin == store.origin


@pytest.mark.usefixtures("builds")
def test_an_open_store_outlives_those_that_replace_it(home: Path, record: Path, derived: ox.Store) -> None:
    """Its files stay, for this process and for the one that runs its queries under limits, until it is let go."""
    old = opened(record)
    folder = old.origin.engine_folder
    assert folder is not None
    for _ in range(2):
        open_store([record], rebuild=True, tell=lambda _: None)
    assert dump(old.inner) == dump(derived)
    assert len(KnowledgeGraph(old).query(EVERYTHING, timeout=30.0).rows) == len(derived)
    del old
    open_store([record], rebuild=True, tell=lambda _: None)
    assert not folder.exists()
    assert len(list(home.glob("*/store*"))) == 1


@pytest.mark.usefixtures("builds")
def test_a_store_that_is_read_is_not_swept_away(home: Path, record: Path, derived: ox.Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    """Not even when newer ones crowd it out; it is gone once nobody reads it."""
    monkeypatch.setattr(publish, "_STORES_KEPT", 1)
    copy = tmp_path / "copy.ttl"
    old = opened(record)
    for text in ("# one\n", "# two\n"):
        shutil.copy(record, copy)
        with copy.open("a", encoding="utf-8") as file:
            file.write(text)
        opened(copy)
        assert len(list(home.glob("*/about.json"))) == 1
        assert dump(old.inner) == dump(derived)
        folder = old.origin.engine_folder
        assert folder is not None
        assert folder.exists()
    del old
    open_store([copy], rebuild=True, tell=lambda _: None)
    assert len([one for one in home.iterdir() if one.is_dir()]) == 1


def halve_the_list(engine: Path) -> None:
    """Cut the engine's list of its files in half, which it takes for a store without a statement."""
    (found,) = engine.glob("MANIFEST*")
    found.write_bytes(found.read_bytes()[: found.stat().st_size // 2])


@pytest.mark.usefixtures("home", "builds")
def test_what_the_disk_loses_before_the_marks_are_made_is_not_published(
    record: Path, derived: ox.Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Marks would vouch for it from then on; so it is read back first, and the answer comes from memory."""
    described = shelf.describe

    def lossy(folder: Path, inside: str, facts: dict[str, object]) -> None:
        halve_the_list(folder / inside)
        described(folder, inside, facts)

    monkeypatch.setattr(shelf, "describe", lossy)
    first = opened(record)
    assert (first.origin.folder, dump(first.inner)) == (None, dump(derived))
    assert f"cannot be written (0 of {len(derived)} statements came back)" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_what_the_disk_loses_while_the_store_is_opened_is_mended(
    record: Path, builds: list[int], derived: ox.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sound when it was looked at and cut short when it was opened."""
    opened(record)
    whole, looks = shelf.is_whole, [0]

    def looked_at(folder: Path, said: shelf.About, **how: bool) -> bool:
        found = whole(folder, said, **how)
        looks[0] += 1
        if looks[0] == 1:
            halve_the_list(folder / said.inside)
        return found

    monkeypatch.setattr(shelf, "is_whole", looked_at)
    assert dump(opened(record).inner) == dump(derived)
    assert len(builds) == 2


@pytest.mark.usefixtures("home")
def test_a_store_that_its_marks_vouch_for_and_that_does_not_open_is_mended(
    record: Path, builds: list[int], derived: ox.Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody need know which folder to remove."""
    store = opened(record)
    folder, engine = store.origin.folder, store.origin.engine_folder
    assert folder is not None
    assert engine is not None
    del store
    (engine / "CURRENT").write_text("x", encoding="utf-8")
    shelf.describe(folder, engine.name, {"data_hash": folder.name, "statements": len(derived)})
    again = opened(record)
    assert (again.origin.folder, dump(again.inner), len(builds)) == (folder, dump(derived), 2)
    assert capsys.readouterr().err.endswith(ANEW)


@pytest.mark.usefixtures("builds")
def test_folders_of_the_user_are_left_alone(home: Path, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KG_HOME may name a folder with other things in it, also such as look like a store at first sight."""
    monkeypatch.setattr(publish, "_STORES_KEPT", 1)
    mine = [home / name / "store" / "x" for name in ("thesis", "0123", "0123456789ABCDEF", ".halfway")]
    mine.append(home / "0123456789abcdef" / "storefront" / "x")
    for file in mine:
        file.parent.mkdir(parents=True)
        file.write_text("mine", encoding="utf-8")
        (file.parents[1] / "about.json").write_text("{}", encoding="utf-8")
        os.utime(file.parents[1], (1, 1))
    opened(record)
    open_store([record], rebuild=True, tell=lambda _: None)
    assert all(file.read_text(encoding="utf-8") == "mine" for file in mine)


@pytest.mark.usefixtures("builds")
def test_without_locks_age_decides(home: Path, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network drive that knows none, the store is written and read, and only what is old is swept away."""

    def none(*_: Any, **__: Any) -> locks.Lock:
        return locks.Lock(None)

    monkeypatch.setattr(locks, "take", none)
    old, young = home / ".half-old-1-a", home / ".half-young-1-a"
    for half in (old, young):
        half.mkdir(parents=True)
    os.utime(old, (1_700_000_000, 1_700_000_000))
    assert opened(record).origin.folder is not None
    assert (old.exists(), young.exists()) == (False, True)


def test_a_file_saved_while_it_is_read_is_never_stored_under_the_wrong_name(
    home: Path, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is that of the file as it was saved, and the old text is compiled anew when it comes back."""
    mine = tmp_path / "mine.ttl"
    before = record.read_text(encoding="utf-8")
    after = before.replace("2024-03-01", "2024-02-01")
    mine.write_text(before, encoding="utf-8")

    def saved_meanwhile(*given: Any) -> ox.Store:
        mine.write_text(after, encoding="utf-8")
        return derive(*given)

    monkeypatch.setattr(compiling, "derive", saved_meanwhile)
    store = opened(mine)
    monkeypatch.setattr(compiling, "derive", derive)
    again = opened(mine)
    assert store.origin == again.origin
    mine.write_text(before, encoding="utf-8")
    assert dump(opened(mine).inner) == dump(opened(record).inner) != dump(again.inner)
    assert len([one for one in home.iterdir() if one.is_dir()]) == 3


@pytest.mark.usefixtures("home")
def test_files_that_never_rest_are_refused(record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, derived: ox.Store) -> None:  # fmt: skip
    """With one sentence, after a few tries."""
    mine = tmp_path / "mine.ttl"
    shutil.copy(record, mine)

    def saved_meanwhile(*_: Any) -> ox.Store:
        with mine.open("a", encoding="utf-8") as file:
            file.write("#\n")
        return derived

    monkeypatch.setattr(compiling, "derive", saved_meanwhile)
    with pytest.raises(DataError, match="changed faster than they can be read; ask again when they are at rest"):
        opened(mine)


def test_the_name_of_a_store_covers_all_code_that_compiles() -> None:
    """A module that the build leans on and the name does not cover would let an upgraded program answer from old stores."""
    package = places.BUILD_CODE.parent
    waiting, seen = [*places.BUILD_CODE.glob("*.py")], set[Path]()
    while waiting:
        file = waiting.pop()
        seen.add(file)
        waiting += [one for one in imported(file, package) if one not in seen]
    covered = {*places.BUILD_CODE.glob("*.py"), *(package / f"{name}.py" for name in places.GROUND)}
    assert {file.relative_to(package) for file in seen - covered} == set()


def imported(file: Path, package: Path) -> list[Path]:
    """The modules of this program that one of them imports, anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            module = package.joinpath(*node.module.split(".")[1:])
            found += [module.with_suffix(".py"), *(module / f"{one.name}.py" for one in node.names)]
    return [one for one in found if one.is_file()]


@pytest.mark.parametrize("changed", ["dates.py", "names.py", "build/versions.py"])
def test_another_version_of_the_program_never_reads_this_store(
    changed: str, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of the code that compiles gives another name."""
    before = fingerprint.content_hash([record])
    shutil.copytree(places.BUILD_CODE, tmp_path / "build")
    for name in places.GROUND:
        shutil.copy(places.BUILD_CODE.with_name(f"{name}.py"), tmp_path)
    monkeypatch.setattr(places, "BUILD_CODE", tmp_path / "build")
    assert fingerprint.content_hash([record]) == before
    with (tmp_path / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert fingerprint.content_hash([record]) == before, "a session goes on with the code that it has loaded"
    fingerprint._program.cache_clear()
    assert fingerprint.content_hash([record]) != before
    fingerprint._program.cache_clear()


@pytest.mark.parametrize(
    ("name", "why"), [("none.ttl", "No such file or directory"), (".", "Is a directory"), ("x" * 300, "File name too long")]
)  # fmt: skip
def test_a_file_that_is_none_is_told(name: str, why: str, tmp_path: Path) -> None:
    """One sentence with its name and the reason."""
    with pytest.raises(DataError) as refusal:
        open_store([tmp_path / name])
    assert str(refusal.value) == f"{tmp_path / name}: cannot be read ({why})"


def test_a_home_of_nobody_is_told(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KG_HOME may begin with a user's name, who must be one."""
    monkeypatch.setenv("KG_HOME", "~no-such-user/kg")
    with pytest.raises(UsageError, match="KG_HOME is '~no-such-user/kg', and there is no such user; name a folder"):
        open_store([record])


@pytest.mark.parametrize("below", ["file", "file/home"])
@pytest.mark.usefixtures("builds")
def test_kg_build_fails_where_nothing_can_be_written(below: str, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A look-up has its answer from memory; who asked for a store must learn that there is none."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("KG_HOME", str(tmp_path / below))
    monkeypatch.setattr(places, "record_files", lambda: [record])
    with pytest.raises(StoreError) as refusal:
        data.build()
    assert str(refusal.value) == (
        f"{tmp_path / below} cannot be written (Not a directory), so nothing was built. KG_HOME names another folder."
    )
    assert refusal.value.exit_code == 2
    assert capsys.readouterr().out == ""
