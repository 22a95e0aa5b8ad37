"""Where things lie: the record, the ontology, the queries, and the folder for compiled stores."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A folder that an installed package carries inside itself and a checkout has at its top level."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


DATA = _PACKAGE / "data"
ONTOLOGY = _shipped("ontology")
QUERIES = _shipped("queries")
BUILD_CODE = _PACKAGE / "build"


def home() -> Path:
    """The folder of compiled stores: ``KG_HOME``, or the user's cache directory."""
    chosen = os.environ.get("KG_HOME")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("platform-restriction-kg", appauthor=False))


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


def compiling_files() -> list[Path]:
    """Everything that decides what becomes of a record: rules, checks and the code that compiles."""
    return [*rule_files(1), *rule_files(2), *check_files(), *sorted(BUILD_CODE.glob("*.py"))]
