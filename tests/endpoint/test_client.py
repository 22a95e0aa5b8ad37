"""What is asked of a server, and what is said when it is down, slow, busy, strict, or no SPARQL server at all."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from servers import FOUND, JSON, NONE, Asked, Scripted, free_port, rows

import kg
from kg.endpoint import client
from kg.endpoint.store import EndpointStore
from kg.errors import LimitError, QueryError, StoreError, UsageError

XML, NT = "application/sparql-results+xml", "application/n-triples"
IN_XML = (
    '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head><results>'
    '<result><binding name="x"><literal>a</literal></binding></result>'
    '<result><binding name="x"><literal>b</literal></binding></result></results></sparql>'
)
ASK = "SELECT ?x WHERE { ?x a prk:Fine } ORDER BY ?x"


def one_column(*values: str) -> str:
    bindings = ",".join(f'{{"x":{{"type":"literal","value":"{one}"}}}}' for one in values)
    return f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{bindings}]}}}}'


def told(server: Scripted, second: tuple[int, dict[str, str], bytes]) -> EndpointStore:
    """A store that found its record and gets this answer to everything else."""
    server.answer = lambda asked: rows(FOUND) if "w3id.org/prk/record" in asked.form["query"][0] else second
    return EndpointStore(server.address)


def test_a_query_goes_as_a_form_with_prefixes_and_the_graph_of_the_record(server: Scripted) -> None:
    """The record is looked for once, first in the default graph; then each query is one POST, and asks the graph that holds the record."""
    named = FOUND.replace('{"hash"', '{"graph":{"type":"uri","value":"https://example.org/g"},"hash"')
    server.answer = lambda asked: rows(
        one_column("a", "b")
        if "prk/record" not in asked.form["query"][0]
        else named
        if "GRAPH" in asked.form["query"][0]
        else NONE
    )
    store = EndpointStore(server.address)
    assert [row["x"].value for row in store.select(ASK)] == ["a", "b"]
    assert len(store.select(ASK)) == 2
    assert [asked.method for asked in server.asked] == ["POST"] * 4
    asked = server.asked[2]
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["accept"].startswith(JSON)
    assert asked.form["default-graph-uri"] == ["https://example.org/g"]
    assert "PREFIX prk: <https://w3id.org/prk/ontology#>" in asked.form["query"][0]
    assert asked.form["query"][0].endswith(ASK)
    assert store.origin.statements == 7


def test_a_text_that_does_not_parse_never_leaves_the_machine(server: Scripted) -> None:
    """The error is that of the embedded engine, and the server was asked nothing."""
    with pytest.raises(QueryError, match="does not parse"):
        EndpointStore(server.address).select("SELECT ?x WHERE { ?x a }")
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ((400, {"Content-Type": "text/plain"}, b"Unknown function\nat line 2"), QueryError, "refuses the query: Unknown function$"),
        ((401, {}, b""), StoreError, r"asks for credentials \(401\); set KG_ENDPOINT_TOKEN"),
        ((403, {}, b""), StoreError, r"asks for credentials \(403\)"),
        ((404, {"Content-Type": "text/html"}, b"<html>"), StoreError, r"there is nothing at .*\(404\)"),
        ((500, {"Content-Type": "text/plain"}, b"out of memory"), StoreError, "HTTP status 500: out of memory$"),
        ((500, {"Content-Type": "text/html"}, b"<html>Oops</html>"), StoreError, "HTTP status 500$"),
        (rows("<html></html>", "text/html"), StoreError, "answers with a web page; addresses of queries often end in /query"),
        (rows("x", "text/csv"), StoreError, r"in a format that is not of SPARQL \(text/csv\)"),
        (rows(one_column("a")[:-9]), StoreError, "broke off in the middle of its answer"),
        (rows(one_column("a") + "The SPARQL operation has been cancelled"), StoreError, "broke off in the middle"),
        (rows("{}"), StoreError, "broke off in the middle"),
        (rows(""), StoreError, "broke off in the middle"),
        ((200, {"Content-Type": JSON, "Content-Length": "9999"}, one_column("a").encode()[:-5]), StoreError, "broke off"),
        (rows("<html>Log in</html>"), StoreError, "broke off in the middle"),
        (rows(IN_XML.removesuffix("</sparql>"), XML), StoreError, "broke off in the middle"),
        (rows(IN_XML[: IN_XML.index("<result>")], XML), StoreError, "broke off in the middle"),
        (rows("", XML), StoreError, "broke off in the middle"),
        (rows("<html>Log in</html>", XML), StoreError, "broke off in the middle"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_one_sentence(
    server: Scripted, answer: tuple[int, dict[str, str], bytes], error: type[Exception], says: str
) -> None:
    """Whatever comes back, no row is believed and the person learns what to do."""
    store = told(server, answer)
    with pytest.raises(error, match=says) as caught:
        store.select(ASK)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("end", ["", "\n", "<!-- cached -->"])
def test_rows_in_xml_are_read_whole(server: Scripted, end: str) -> None:
    """With what a server or a cache may put behind them."""
    assert [row["x"].value for row in told(server, rows(IN_XML + end, XML)).select(ASK)] == ["a", "b"]


TRIPLES = "".join(f'<https://example.org/{n}> <https://example.org/p> "{n}" .\n' for n in range(7))


@pytest.mark.parametrize(
    "answer",
    [
        rows(TRIPLES[:-3], NT),
        rows("".join(TRIPLES.splitlines(keepends=True)[:-1]), NT),
        (200, {"Content-Type": NT, "Content-Length": "9999"}, TRIPLES.encode()),
        (200, {"Content-Type": NT, "Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n" % (len(TRIPLES), TRIPLES.encode())),
    ],
    ids=["in a statement", "between statements", "before its length", "before its last piece"],
)
def test_half_a_record_is_not_believed(server: Scripted, answer: tuple[int, dict[str, str], bytes]) -> None:
    """A record of seven statements that breaks off, also where the text would do as a whole one."""
    with pytest.raises(StoreError, match=r"broke off in the middle of its answer.*not the whole answer"):
        list(told(server, answer).triples())
    assert len(list(told(server, rows(TRIPLES, NT)).triples())) == 7


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (rows("<html></html>", "text/html"), "answers with a web page"),
        ((401, {}, b""), "asks for credentials (401)"),
        (rows(one_column("a", "b")[:-9]), "broke off in the middle of its answer"),
        (rows(IN_XML[:-20], XML), "broke off in the middle of its answer"),
    ],
    ids=["web page", "credentials", "half", "half of XML"],
)  # fmt: skip
def test_a_bad_answer_ends_the_command_and_leaves_no_file(
    server: Scripted, answer: tuple[int, dict[str, str], bytes], says: str, tmp_path: Path
) -> None:
    """One line on standard error, exit code 2, and nothing where the answer should be."""
    told(server, answer)
    words = ["query", ASK, "-o", str(tmp_path / "answer.csv"), "--endpoint", server.address]
    done = subprocess.run([sys.executable, "-m", "kg", *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_endpoint_without_a_record_is_refused(server: Scripted) -> None:
    """An empty server is no answer of 'nothing recorded'."""
    server.answer = lambda _: rows(NONE)
    with pytest.raises(StoreError, match="holds no record of this kind; kg push --endpoint"):
        kg.open(endpoint=server.address).status("WhatsApp", "RU")


@pytest.mark.parametrize(
    "spoilt", [FOUND.replace('"7"', '"many"'), FOUND.replace(',"statements":{"type":"literal","value":"7"}', "")]
)
def test_an_endpoint_that_does_not_know_its_record_is_refused(server: Scripted, spoilt: str) -> None:
    """How many statements there are is what a whole answer is measured by."""
    server.answer = lambda _: rows(spoilt)
    with pytest.raises(StoreError, match="does not say properly which record it holds; load it again"):
        _ = EndpointStore(server.address).origin


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(server: Scripted, status: int) -> None:
    """After the pause that it asks for, and then its answer counts."""
    refusals = iter([status, status])

    def answer(_: Asked) -> tuple[int, dict[str, str], bytes]:
        refused = next(refusals, None)
        return (refused, {"Retry-After": "0"}, b"") if refused else rows(FOUND)

    server.answer = answer
    assert EndpointStore(server.address).origin.statements == 7
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_is_given_up(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """After five requests in all, with what it said."""
    monkeypatch.setattr(client, "_LONGEST_PAUSE", 0)
    server.answer = lambda _: (503, {"Content-Type": "text/plain"}, b"come back tomorrow")
    with pytest.raises(StoreError, match=r"too busy or down \(503\), also after 4 more tries; try later: come back"):
        _ = EndpointStore(server.address).origin
    assert len(server.asked) == 5


def test_a_slow_server_is_given_up(server: Scripted) -> None:
    """After the time that was allowed; the query is not sent again, since it would only burden the server more."""

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if "record" not in asked.form["query"][0]:
            time.sleep(1.5)
        return rows(FOUND)

    server.answer = answer
    with pytest.raises(LimitError, match=r"did not answer within 0.3 s; ask for less, or allow more with --timeout"):
        kg.open(endpoint=server.address).query(ASK, timeout=0.3)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("address", "error", "says"),
    [
        ("ftp://example.org/query", UsageError, "is no address of a SPARQL endpoint"),
        ("example.org/query", UsageError, "is no address of a SPARQL endpoint"),
        ("https://", UsageError, "is no address of a SPARQL endpoint"),
        ("https://me:secret@example.org/query", UsageError, "leave the password out of the address"),
        ("http://name.invalid/query", StoreError, "there is no host name.invalid"),
    ],
)
def test_an_address_that_is_none_is_refused(address: str, error: type[Exception], says: str) -> None:
    """Before anything is sent; a password never comes back in the message."""
    with pytest.raises(error, match=says) as caught:
        _ = EndpointStore(address).origin
    assert "secret" not in str(caught.value)


def test_nobody_there_is_said() -> None:
    """A port that nobody listens on."""
    with pytest.raises(StoreError, match=r"nobody answers at http://127\.0\.0\.1:.*; is the server running"):
        _ = EndpointStore(f"http://127.0.0.1:{free_port()}/query").origin


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({}, None),
        ({client.TOKEN: "abc"}, "Bearer abc"),
        ({client.USER: "me", client.PASSWORD: "sécret"}, "Basic bWU6c8OpY3JldA=="),
        ({"NETRC": "netrc"}, "Basic bmV0OnJj"),
        ({"NETRC": "netrc", client.TOKEN: "abc"}, "Bearer abc"),
    ],
)
def test_credentials_come_from_the_environment_or_netrc(
    server: Scripted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], header: str | None
) -> None:
    """A token comes first, then name and password, then netrc."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login net password rc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    for name, value in environment.items():
        monkeypatch.setenv(name, str(tmp_path / value) if name == "NETRC" else value)
    _ = EndpointStore(server.address).origin
    assert server.asked[0].headers.get("authorization") == header


def test_refused_credentials_are_told_apart(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who sent some is not told to send some."""
    monkeypatch.setenv(client.TOKEN, "old")
    with pytest.raises(StoreError, match=r"refuses these credentials \(401\)"):
        told(server, (401, {}, b"")).select(ASK)


def test_credentials_do_not_go_out_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Except to this machine."""
    monkeypatch.setenv(client.TOKEN, "abc")
    with pytest.raises(UsageError, match=r"credentials are not sent to example\.org without encryption"):
        EndpointStore("http://example.org/query")


def test_a_wrong_certificate_ends_it(tmp_path: Path) -> None:
    """Nothing is sent to a server that cannot show who it is."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed, and makes the certificate for this test")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    running = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,))
    thread.start()
    try:
        with pytest.raises(StoreError, match="the certificate of localhost is not valid, so nothing was sent"):
            _ = EndpointStore(f"https://localhost:{running.server_port}/query").origin
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_an_answer_cut_short_by_a_limit_of_rows_is_not_believed(server: Scripted) -> None:
    """A server that says how many rows it gives at most, and gives as many, may have more."""
    store = told(server, (200, {"Content-Type": JSON, "X-SPARQL-MaxRows": "2"}, one_column("a", "b").encode()))
    with pytest.raises(StoreError, match="gives at most 2 rows, so some may be missing; set KG_ENDPOINT_PAGE=2"):
        store.select(ASK)


def test_pages_are_put_together(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are asked for two at a time until a page is not full; what has no order or a limit of its own is not cut up."""
    monkeypatch.setenv("KG_ENDPOINT_PAGE", "2")

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        text = asked.form["query"][0]
        offset = int(text.rpartition("OFFSET ")[2]) if "OFFSET" in text else 0
        return rows(FOUND) if "prk/record" in text else rows(one_column(*"abcde"[offset : offset + 2]))

    server.answer = answer
    store = EndpointStore(server.address)
    assert [row["x"].value for row in store.select(f"{ASK} # a comment")] == list("abcde")
    assert len(server.asked) == 4
    for text in ("SELECT ?x WHERE { ?x a prk:Fine }", f"{ASK} LIMIT 3"):
        assert [row["x"].value for row in store.select(text)] == ["a", "b"]


def test_a_page_is_a_number_of_rows(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else is refused."""
    monkeypatch.setenv("KG_ENDPOINT_PAGE", "many")
    with pytest.raises(UsageError, match="KG_ENDPOINT_PAGE is a number of rows, not 'many'"):
        EndpointStore(server.address).select(ASK)


def test_files_and_a_server_are_not_both_opened(server: Scripted) -> None:
    """One of the two."""
    with pytest.raises(UsageError, match="name files or an endpoint, not both"):
        kg.open(data=["x.ttl"], endpoint=server.address)
