"""The process that runs a query under limits: it can be killed, which the engine inside our own process cannot be.

It is started by its path and imports nothing but the engine, so that it is up in a few hundredths of a second. On
standard input it reads one line of JSON (query, prefixes, store folder, memory in bytes, seconds) and, when there is no folder,
the whole graph as N-Triples. On standard output it writes one line with the form of the answer and then the answer:
SPARQL JSON for rows, ``true`` or ``false``, or N-Triples. A mistake goes to standard error as one line of JSON.
"""

from __future__ import annotations

import json
import signal
import sys

import pyoxigraph as ox


def limit(memory: int, seconds: float) -> None:
    """Let the process have no more memory than so many bytes, where the system can do that.

    It also dies when its parent did: an interrupt from the keyboard kills it at once, also in the middle of the engine,
    and far beyond the time that the parent would wait the system does.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds * 10) + 60,) * 2)
    if memory:
        # RLIMIT_AS would count what threads only reserve, which grows with the number of cores.
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def main() -> int:
    """Run one query."""
    order = json.loads(sys.stdin.buffer.readline())
    limit(order["memory"], order["seconds"])
    out = sys.stdout.buffer
    try:
        if order["folder"] is None:
            store = ox.Store()
            store.bulk_load(sys.stdin.buffer, format=ox.RdfFormat.N_TRIPLES)
        else:
            store = ox.Store.read_only(order["folder"])
        found = store.query(order["text"], prefixes=order["prefixes"])
        if isinstance(found, ox.QueryBoolean):
            out.write(b"truth\n" + (b"true" if found else b"false"))
        elif isinstance(found, ox.QueryTriples):
            out.write(b"triples\n")
            ox.serialize(found, out, format=ox.RdfFormat.N_TRIPLES)
        else:
            out.write(b"rows\n")
            found.serialize(out, ox.QueryResultsFormat.JSON)
        out.flush()
    except SyntaxError as error:
        print(json.dumps({"syntax": [error.msg, error.lineno, error.offset]}), file=sys.stderr)
        return 3
    except BrokenPipeError:
        return 0
    except (OSError, RuntimeError, ValueError) as error:
        print(json.dumps({"error": str(error)}), file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
