"""Where things lie: the record, the ontology, the queries, and the folder for compiled stores."""

from __future__ import annotations

import os
from pathlib import Path

from kg.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A folder that an installed package carries inside itself and a checkout has at its top level."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


DATA = _PACKAGE / "data"
ONTOLOGY = _shipped("ontology")
QUERIES = _shipped("queries")
BUILD_CODE = _PACKAGE / "build"
GROUND = ("dates", "errors", "locks", "names", "places")
"""Modules below the build that it uses."""


def home() -> Path:
    """The folder of compiled stores: ``KG_HOME``, or the user's cache directory.

    Raises:
        UsageError: when ``KG_HOME`` names the home of a user who has none.
    """
    chosen = os.environ.get("KG_HOME")
    if chosen:
        try:
            return Path(chosen).expanduser()
        except RuntimeError:
            raise UsageError(f"KG_HOME is '{chosen}', and there is no such user; name a folder") from None
    import platformdirs

    return Path(platformdirs.user_cache_dir("platform-restriction-kg", appauthor=False))


def own_data() -> list[Path]:
    """Folders and files of the user's own beside the record: ``KG_DATA``, several parted as in ``PATH``."""
    return [Path(one) for one in os.environ.get("KG_DATA", "").split(os.pathsep) if one.strip()]


def vocabulary_files() -> list[Path]:
    """The ontology files that every store holds (shapes and alignments are not loaded)."""
    return [ONTOLOGY / "core.ttl", *sorted((ONTOLOGY / "concepts").glob("*.ttl"))]


def record_files() -> list[Path]:
    """The packaged record, file by file."""
    return sorted(DATA.rglob("*.ttl"))


def rule_files(stage: int) -> list[Path]:
    """The derivation rules of one stage, in name order (which the result does not depend on)."""
    return sorted((QUERIES / "rules").glob(f"{stage}-*.rq"))


def check_files() -> list[Path]:
    """The conditions that the record must meet."""
    return sorted((QUERIES / "checks").glob("*.rq"))


def plans_file() -> Path:
    """What came of taking these conditions apart; see :mod:`kg.build.plans`."""
    return QUERIES / "checks" / "plans.json"


def code_files() -> list[Path]:
    """The code that compiles, and what it leans on."""
    return [*sorted(BUILD_CODE.glob("*.py")), *(BUILD_CODE.parent / f"{name}.py" for name in GROUND)]


def compiling_files() -> list[Path]:
    """Everything that decides what becomes of a record: rules, checks and the code that compiles."""
    return [*rule_files(1), *rule_files(2), *check_files(), *code_files()]
