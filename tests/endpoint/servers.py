"""Servers for the tests: a scripted one that misbehaves on demand, and two real engines that hold the small world."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

import kg
from kg import KnowledgeGraph
from kg.endpoint.push import write

WORLD = Path(__file__).resolve().parents[1] / "fixtures" / "world"
JSON = "application/sparql-results+json"
FOUND = (
    '{"head":{"vars":["graph","hash","statements"]},"results":{"bindings":[{"graph":{"type":"uri","value":"https://w3id.org/prk/graph/record"},'
    '"hash":{"type":"literal","value":"abc"},'
    '"statements":{"type":"literal","value":"7"}}]}}'
)
"""What a server says that holds a record in the usual graph."""
NONE = '{"head":{"vars":["graph","hash","statements"]},"results":{"bindings":[]}}'
"""What a server says that holds none."""
RDFLIB = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(default_union=True)
graph.parse(sys.argv[1], format="nt")
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, list[str]]


@dataclass
class Scripted:
    """A server that answers as a test tells it, and remembers what it was asked."""

    address: str
    answer: Callable[[Asked], tuple[int, dict[str, str], bytes]]
    asked: list[Asked] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Scripted]:
    """At first it says that it holds a record, and finds nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, parse_qs(body))
            script.asked.append(asked)
            status, headers, content = script.answer(asked)
            self.send_response(status)
            length = {} if "Transfer-Encoding" in headers else {"Content-Length": str(len(content))}
            for name, value in (length | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    script = Scripted(f"http://127.0.0.1:{running.server_port}/query", lambda _: rows(FOUND))
    thread = threading.Thread(target=running.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield script
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def rows(text: str, kind: str = JSON) -> tuple[int, dict[str, str], bytes]:
    """An answer that went well."""
    return 200, {"Content-Type": kind}, text.encode()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The small world in the embedded store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("world")))
        yield kg.open(data=sorted(WORLD.glob("*.ttl")))


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty Oxigraph server."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("the oxigraph server is not installed; the extra 'test' brings it")
    port = free_port()
    folder = tmp_path_factory.mktemp("oxigraph")
    command = [str(program), "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    with served(command, folder, f"http://127.0.0.1:{port}/query") as address:
        yield address


@pytest.fixture(scope="session")
def rdflib_server(world: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an rdflib server that holds the small world."""
    pytest.importorskip("rdflib_endpoint", reason="rdflib-endpoint is not installed; the extra 'test' brings it")
    folder = tmp_path_factory.mktemp("rdflib")
    write(world.store, folder / "world.nt", None)
    port = free_port()
    command = [sys.executable, "-c", RDFLIB, str(folder / "world.nt"), str(port)]
    with served(command, folder, f"http://127.0.0.1:{port}/sparql") as address:
        yield address


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(command: list[str], folder: Path, address: str) -> Iterator[str]:
    """Run a server until the tests are over; wait until it answers."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:])
            try:
                urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=5).read()  # noqa: S310  our own server
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder / "store", ignore_errors=True)
