"""Stores made from an earlier one that are killed at each of their steps; run as a program, tells what look-ups say afterwards.

A step is whatever Python announces that makes, opens for writing, moves, removes or locks a file. Each build and look-up is a
forked process; this one opens no store on disk, since the threads of the engine do not come along into a fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import names, places
from kg.build import compile as compiling
from kg.build import earlier
from kg.build.change import apply
from kg.build.inputs import Inputs
from kg.build.kept import Made
from kg.build.own import own_files
from kg.store import open_store

RECORD, LAB, HOME = (Path(one) for one in sys.argv[1:4])
STATES = [Path(one).read_text(encoding="utf-8") for one in sys.argv[4:6]]
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.link", "open", "fcntl.flock"}
MOST = 300


def put(state: int) -> None:
    """Let the file of one's own be as before or after the change."""
    (LAB / "mine.ttl").write_text(STATES[state], encoding="utf-8")


def inputs() -> Inputs:
    """What a store is made from."""
    own = own_files([LAB])
    return Inputs((*places.vocabulary_files(), RECORD, *own), {RECORD: names.RECORD_GRAPH, **own})


def derived(state: int) -> ox.Store:
    """The store of a state, built from the files in memory."""
    put(state)
    return compiling.derive(inputs().files, None, inputs().graphs)


def text_of(store: ox.Store) -> list[str]:
    """A store as text, the same for the same statements."""
    return sorted(map(str, store))


def kill_at(number: int) -> None:
    """Kill this process at a step."""
    seen = 0

    def hook(event: str, what: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in CHANGES and not (event == "open" and not is_written(what)):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def is_written(what: tuple[Any, ...]) -> bool:
    path, _, flags = what
    return bool(flags & (os.O_WRONLY | os.O_RDWR)) and str(path).startswith(str(HOME))


def in_fork(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What some work tells that is done in a process of its own; nothing when that is killed."""
    outlet, inlet = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(outlet)
        try:
            found = work()
        except BaseException as error:  # noqa: BLE001  whatever it is, the test shows it
            found = {"right": False, "told": f"{type(error).__name__}: {error}"}
        os.write(inlet, json.dumps(found).encode())
        os._exit(0)
    os.close(inlet)
    with os.fdopen(outlet, "rb") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else None


def look_up(expected: list[str], number: int = 0) -> dict[str, Any]:
    """Open the store of the files as they are; what was done for it, and whether it is right."""
    done: list[str] = []
    for place, name in ((compiling, "derive"), (earlier, "apply")):
        plain = getattr(place, name)
        setattr(place, name, lambda *given, _plain=plain, _name=name, **named: (done.append(_name), _plain(*given, **named))[1])  # fmt: skip
    if number:
        kill_at(number)
    store = open_store([RECORD], own=own_files([LAB]), tell=lambda _: None)
    return {"right": text_of(store.inner) == expected, "done": done}


def main() -> None:
    """Kill a change at its first step, its second one, and so on, until it comes to its end."""
    earlier._MOST = 1.0
    before, after = derived(0), derived(1)
    made = Made.of(inputs())
    put(0)
    expected = [text_of(before), text_of(after)]
    first = in_fork(lambda: look_up(expected[0]))
    warm = ox.Store()
    warm.bulk_extend(after)
    apply(after, warm, warm, inputs(), made)  # so that what is read once for all is read before the forks
    afterwards: list[dict[str, Any] | None] = []
    last = None
    for number in range(1, MOST):
        put(1)
        last = in_fork(lambda: look_up(expected[1], number))  # noqa: B023  used at once
        put(0)
        afterwards.append(in_fork(lambda: look_up(expected[0])))
        if last is not None:
            break
    put(1)
    again = in_fork(lambda: look_up(expected[1]))
    left = [one.name for one in HOME.iterdir() if one.name.startswith(".half")]
    print(json.dumps({"first": first, "afterwards": afterwards, "last": last, "again": again, "left": left}))


main()
