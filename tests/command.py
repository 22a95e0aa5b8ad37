"""The command line called in this process, with its two streams and its exit code.

A new interpreter that loads the engine takes several times as long as the answer. So tests call what ``python -m kg``
calls, and give it arguments, streams, a folder and surroundings of its own. What only a process shows (pipes that
break, interrupts, what is imported, the exit itself) is tested with processes; ``tests/cli/test_process.py`` holds
both ways to the same answers.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

import kg.__main__ as program
from kg.cli.main import app

ROOT = Path(__file__).resolve().parents[1]
Result = subprocess.CompletedProcess[str]


def run(*words: str, given: str | bytes = "", folder: Path | None = None, **environment: str) -> Result:
    """What ``kg`` writes to its two streams and its exit code."""
    written: dict[str, bytearray] = {"out": bytearray(), "err": bytearray()}
    code = _call(words, given, folder, environment, written["out"], written["err"])
    return subprocess.CompletedProcess(words, code, written["out"].decode(), written["err"].decode())


def run_on_one_screen(*words: str, folder: Path | None = None, **environment: str) -> Result:
    """The same with both streams in one, in the order in which they arrive there."""
    screen = bytearray()
    code = _call(words, "", folder, environment, screen, screen)
    return subprocess.CompletedProcess(words, code, screen.decode(), "")


def run_apart(*words: str, given: str | bytes = "", folder: Path | None = None, **environment: str) -> Result:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *words],
        input=_bytes(given), capture_output=True, cwd=folder, env=surroundings(**environment), check=False, timeout=60,
    )  # fmt: skip
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a process that finds this checkout."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **more}


class _Left(BaseException):
    """The program ended itself."""

    def __init__(self, code: int) -> None:
        self.code = code


def _leave(code: int) -> NoReturn:
    raise _Left(code)


class _Sink(io.RawIOBase):
    """Keeps what is written; no terminal, and no file of the system."""

    def __init__(self, kept: bytearray) -> None:
        self.kept = kept

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.kept += data
        return len(data)


def _call(
    words: tuple[str, ...], given: str | bytes, folder: Path | None, environment: dict[str, str], out: bytearray, err: bytearray
) -> int:  # fmt: skip
    # A pipe is written in blocks and the error stream line by line, as Python does it in a process.
    stdout = io.TextIOWrapper(io.BufferedWriter(_Sink(out)), encoding="utf-8")
    stderr = io.TextIOWrapper(
        io.BufferedWriter(_Sink(err)), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    thresholds, around = gc.get_threshold(), dict(os.environ)
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder or Path.cwd()):
        # --endpoint is told to the rest of the program by the environment, which in a process of its own ends with it.
        patch.setenv("KG_ENDPOINT", "")
        patch.delenv("KG_ENDPOINT")
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", [program.__file__, *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_bytes(given)), encoding="utf-8"))
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "__stdout__", stdout)
        patch.setattr(sys, "stderr", stderr)
        patch.setitem(sys.modules, "__main__", program)
        patch.setattr(app, "registered_commands", [])
        patch.setattr(os, "_exit", _leave)
        try:
            program.run()
        except _Left as left:
            return left.code
        finally:
            gc.set_threshold(*thresholds)
            _restore(around)
    raise AssertionError("the program came back without an exit code")


def _restore(around: dict[str, str]) -> None:
    """Options of the whole command are handed on as variables; the next call is a new process as far as it knows."""
    for name in os.environ.keys() - around.keys():
        del os.environ[name]
    os.environ.update(around)


def _bytes(given: str | bytes) -> bytes:
    return given.encode() if isinstance(given, str) else given
