"""Builds that are killed, stopped or refused at each of their steps; run as a program, tells what the next look-up says.

A step is what the system or the engine is asked to do for a store: making, opening, moving, removing and locking files
(Python announces these to an audit hook), the calls of the engine, and the phases of a build. The program derives the
record once and forks a process for each build and each look-up, since deriving takes far longer than the rest.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, suppress
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox

from kg import places
from kg.build import compile as compiling
from kg.build import publish, shelf
from kg.store import open_store

RECORD, HOME = Path(sys.argv[2]), Path(sys.argv[3])
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "open", "fcntl.flock"}
PHASES = ("read_record", "require_sound", "run_rules", "add_versions")
NEEDS_ROOM = {"os.mkdir", "os.rename", "open", "engine", "bulk_extend", "optimize", "flush"}
MOST = 200
CAPABILITIES = 0b1110
"""Of root: to write, to read and to own what the permissions of a folder forbid."""
Step = Callable[[str], None]


def digest(quads: Any) -> str:
    return hashlib.sha256("\n".join(sorted(str(quad) for quad in quads)).encode()).hexdigest()


DERIVE = compiling.derive
DERIVED = DERIVE([*places.vocabulary_files(), RECORD])
EXPECTED = digest(DERIVED)


def look_up(**how: Any) -> dict[str, Any]:
    """Open the store in this process and say whether it holds what it must."""
    told, compiled = StringIO(), False
    derive = (lambda *_: DERIVED) if compiling.derive is DERIVE else compiling.derive

    def watched(*given: Any) -> ox.Store:
        nonlocal compiled
        compiled = True
        return derive(*given)

    compiling.derive = watched
    with redirect_stderr(told):
        store = open_store([RECORD], tell=lambda _: None, **how)
    right = digest(store.triples()) == EXPECTED
    return {"right": right, "told": told.getvalue(), "compiled": compiled, "disk": store.origin.folder is not None}


class Child:
    """A forked process that opens the store and tells about it through a pipe."""

    def __init__(self, prepare: Callable[[], None] = lambda: None, **how: Any) -> None:
        outlet, inlet = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(outlet)
            self.work(inlet, prepare, how)
        os.close(inlet)
        self.outlet = outlet

    @staticmethod
    def work(inlet: int, prepare: Callable[[], None], how: dict[str, Any]) -> None:
        """Do it, tell, and end."""
        try:
            prepare()
            found = look_up(**how)
        except BaseException as error:  # noqa: BLE001  whatever it is, the test shows it
            found = {"right": False, "told": f"{type(error).__name__}: {error}"}
        os.write(inlet, json.dumps(found).encode())
        os._exit(0)

    def stopped(self) -> bool:
        """Wait until it stops itself or ends."""
        return os.WIFSTOPPED(os.waitpid(self.pid, os.WUNTRACED)[1])

    def result(self) -> dict[str, Any] | None:
        """What it told; nothing when it was killed."""
        with os.fdopen(self.outlet, "rb") as pipe:
            text = pipe.read()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        return json.loads(text) if text else None


def watch(step: Step, *, really: bool = False) -> Callable[[], None]:
    """Call this at each step of the build in this process; ``really`` derives, else what is derived is at hand."""
    removed = 0

    def hook(event: str, what: tuple[Any, ...]) -> None:
        nonlocal removed
        removed = removed + 1 if event == "os.remove" else 0
        if event in CHANGES and removed in {0, 1, 5} and not (event == "open" and not is_written(what)):
            step(event)

    def install() -> None:
        for name in PHASES:
            setattr(compiling, name, announced(step, name, getattr(compiling, name)))
        compiling.derive = announced(step, "derive", DERIVE if really else lambda *_: DERIVED)
        compiling.ox = SimpleNamespace(Store=lambda folder: Engine(folder, step))
        sys.addaudithook(hook)

    return install


def is_written(what: tuple[Any, ...]) -> bool:
    """Whether a file of the stores is opened to be written."""
    path, _, flags = what
    return bool(flags & (os.O_WRONLY | os.O_RDWR)) and str(path).startswith(str(HOME))


def announced(step: Step, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        step(name)
        return function(*given, **named)

    return call


class Engine:
    """The store of the engine, each call of which is a step."""

    def __init__(self, folder: str, step: Step) -> None:
        step("engine")
        self.inner = ox.Store(folder)
        self.step = step

    def __getattr__(self, name: str) -> Any:
        return announced(self.step, name, getattr(self.inner, name))

    def __len__(self) -> int:
        return len(self.inner)


def at(number: int, act: Callable[[], None], only: set[str] | None = None, *, and_later: bool = False) -> Step:
    """A step that acts the so-manieth time, of those that count."""
    seen = 0

    def step(event: str) -> None:
        nonlocal seen
        if only is not None and event not in only:
            return
        seen += 1
        if seen == number or (and_later and seen > number):
            act()

    return step


def sending(which: signal.Signals) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), which)


def fresh(kind: str = "empty") -> None:
    """The folder of stores as a build finds it."""
    if kind == "empty":
        shutil.rmtree(HOME, ignore_errors=True)
    elif not HOME.exists():
        Child().result()
    if kind == "damaged":
        (folder,) = (one.parent for one in HOME.glob("[0-9a-f]*/about.json"))
        said = shelf.about(folder)
        assert said is not None
        (folder / said.inside / "CURRENT").write_text("x")


def litter() -> list[str]:
    """What lies in the folder of stores beside one store with one folder of engine files."""
    names = [one.name for one in HOME.iterdir() if not one.name.startswith(".seen-")]
    halves = [name for name in names if name.startswith(".")]
    return [*halves, *[one.name for one in HOME.glob("*/store*")][1:], *names[2:]]


def left() -> list[str]:
    """Everything in the folder of stores."""
    found = [str(one.relative_to(HOME)) for one in HOME.rglob("*")] if HOME.exists() else []
    return sorted(one for one in found if not one.startswith(".seen-"))


Told = Iterator[dict[str, Any]]


def kill(kind: str) -> Told:
    """Stop a build at each step, look up while it stands still, kill it, and look up again."""
    for number in range(1, MOST):
        fresh(kind)
        child = Child(watch(at(number, sending(signal.SIGSTOP))), rebuild=kind == "whole")
        if not child.stopped():
            yield {"end": number, "last": child.result(), "next": Child(rebuild=True).result(), "litter": litter()}
            return
        meanwhile = Child().result()
        os.kill(child.pid, signal.SIGKILL)
        child.result()
        if kind == "damaged":
            fresh(kind)
        yield {"step": number, "meanwhile": meanwhile, "next": Child().result(), "litter": litter()}


def go_on(kind: str) -> Told:
    """Stop a build at every second step, look up meanwhile, and let the build go on."""
    for number in range(1, MOST, 2):
        fresh(kind)
        child = Child(watch(at(number, sending(signal.SIGSTOP))))
        if not child.stopped():
            yield {"end": number, "last": child.result(), "litter": litter()}
            return
        meanwhile = Child().result()
        os.kill(child.pid, signal.SIGCONT)
        yield {"step": number, "meanwhile": meanwhile, "next": child.result(), "litter": litter()}


def phases(_: str) -> Told:
    """Kill a build at each of its phases."""
    for number in range(1, MOST):
        fresh()
        child = Child(watch(at(number, sending(signal.SIGKILL), {*PHASES}), really=True))
        if (last := child.result()) is not None:
            yield {"end": number, "last": last, "litter": litter()}
            return
        yield {"step": number, "litter": left(), "next": Child().result()}


def refuse(code: str) -> Told:
    """Refuse what needs room, from each step on; then look up with room."""
    number = getattr(errno, code)

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    for first in range(1, MOST):
        fresh()
        refused = Child(watch(at(first, fail, NEEDS_ROOM, and_later=True))).result()
        assert refused is not None
        if refused["disk"]:
            yield {"end": first, "last": refused, "litter": litter()}
            return
        yield {"step": first, "refused": refused, "litter": left(), "next": Child().result()}


def small(_: str) -> Told:
    """Let no file grow beyond so many bytes; the engine meets that as it meets a full disk."""
    for most in (0, 1, 100, 5_000, 50_000):
        fresh()
        limited = Child(lambda most=most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))).result()
        yield {"step": most, "refused": limited, "litter": left(), "next": Child().result()}


def full(_: str) -> Told:
    """A disk that is really full, where this process may mount one."""
    for kilobytes in (64, 256, 512):
        fresh()
        HOME.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(HOME)]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            yield {"skip": f"no disk can be mounted here ({done.stderr.strip()})"}
            return
        try:
            refused, remains = Child().result(), left()
        finally:
            subprocess.run(["umount", str(HOME)], check=True)
        yield {"step": kilobytes, "refused": refused, "litter": remains, "next": Child().result()}


def guarded(_: str) -> Told:
    """A folder of stores that may be read, that may be looked into, and that may not: root gives up its privileges."""
    for mode, kind in ((0o555, "empty"), (0o000, "empty"), (0o555, "whole"), (0o000, "whole")):
        fresh("empty")
        fresh(kind) if kind == "whole" else HOME.mkdir()
        HOME.chmod(mode)
        found = Child(give_up_privileges).result()
        HOME.chmod(0o755)
        yield {"step": f"{mode:o} {kind}", "found": found}


def give_up_privileges() -> None:
    """Let permissions bind this process too, without another user, who might not get at the program."""
    if os.getuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    data[0] &= ~CAPABILITIES
    if libc.capset(header, data):
        raise OSError(ctypes.get_errno(), "capset")


def crowd(kind: str) -> Told:
    """Four builds at once, or two with two look-ups, three times over."""
    for turn in range(3):
        fresh(kind)
        gate = time.time() + 0.2
        several = [Child(lambda gate=gate: time.sleep(max(0, gate - time.time())), rebuild=kind == "whole" and one < 2) for one in range(4)]  # fmt: skip
        found = {f"child {number}": one.result() for number, one in enumerate(several)}
        yield {"step": turn, **found, "next": Child(rebuild=True).result(), "litter": litter()}


if __name__ == "__main__":
    publish._DOOR = 0.05
    how, _, kind = sys.argv[1].partition(" ")
    for line in globals()[how](kind):
        print(json.dumps(line), flush=True)
