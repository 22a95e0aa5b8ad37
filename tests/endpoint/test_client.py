"""What is asked of a server, and what is said when it is down, slow, busy, strict, or no SPARQL server at all."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from command import run
from servers import FOUND, JSON, NONE, WORLD, Asked, Scripted, free_port, rows

import kg
from kg.endpoint import client
from kg.endpoint.proxy import proxy_for
from kg.endpoint.store import EndpointStore
from kg.errors import LimitError, QueryError, StoreError, UsageError
from kg.names import RECORD_GRAPH

TLS = WORLD.parent / "tls"
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
    """The record is looked for once; then each query is one POST, and asks the graph that holds the record."""
    server.answer = lambda asked: rows(
        FOUND if "w3id.org/prk/record" in asked.form["query"][0] else one_column("a", "b")
    )
    store = EndpointStore(server.address)
    assert [row["x"].value for row in store.select(ASK)] == ["a", "b"]
    assert len(store.select(ASK)) == 2
    assert [asked.method for asked in server.asked] == ["POST"] * 3
    asked = server.asked[1]
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["accept"].startswith(JSON)
    assert asked.form["default-graph-uri"] == ["https://w3id.org/prk/graph/record"]
    assert "PREFIX prk: <https://w3id.org/prk/ontology#>" in asked.form["query"][0]
    assert asked.form["query"][0].endswith(ASK)
    assert store.origin.statements == 7


def _described(*graphs: tuple[str, str]) -> str:
    """What a server says of records in some graphs, each with its hash."""
    found = json.loads(FOUND)
    (first,) = found["results"]["bindings"]
    found["results"]["bindings"] = [
        first | {"graph": {"type": "uri", "value": graph}, "hash": {"type": "literal", "value": mark}}
        for graph, mark in graphs
    ]
    return json.dumps(found)


@pytest.mark.parametrize(
    ("named", "default", "wanted", "chosen"),
    [
        ([("urn:a", "1"), (RECORD_GRAPH, "2")], True, None, RECORD_GRAPH),
        ([("urn:a", "1"), (RECORD_GRAPH, "2")], True, "urn:a", "urn:a"),
        ([("urn:a", "1")], True, None, None),
        ([("urn:a", "1")], False, None, "urn:a"),
        ([("urn:a", "1"), ("urn:b", "1")], False, None, "urn:a"),
    ],
)
def test_which_record_answers(
    server: Scripted, monkeypatch: pytest.MonkeyPatch, named: list[tuple[str, str]], default: bool, wanted: str | None, chosen: str | None,
) -> None:  # fmt: skip
    """The graph that is named, else that into which kg push loads, else the default graph, else the only one."""
    if wanted:
        monkeypatch.setenv("KG_ENDPOINT_GRAPH", wanted)
    plain = FOUND if default else NONE
    server.answer = lambda asked: rows(_described(*named) if "GRAPH" in asked.form["query"][0] else plain)
    store = EndpointStore(server.address)
    assert store.origin.statements == 7
    assert store.graph == chosen


def test_of_several_records_none_is_taken_at_random(server: Scripted) -> None:
    """Their graphs are named, and the setting that chooses."""
    server.answer = lambda asked: rows(
        _described(("urn:a", "1"), ("urn:b", "2")) if "GRAPH" in asked.form["query"][0] else NONE
    )
    with pytest.raises(StoreError, match="several records; set KG_ENDPOINT_GRAPH to the graph of one: urn:a, urn:b"):
        _ = EndpointStore(server.address).origin


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
        ((403, {}, b""), StoreError, r"asks for credentials, or does not allow this at all \(403\)"),
        ((404, {"Content-Type": "text/html"}, b"<html>"), StoreError, r"there is nothing at .*\(404\)"),
        ((500, {"Content-Type": "text/plain"}, b"out of memory"), StoreError, "HTTP status 500: out of memory$"),
        ((500, {"Content-Type": "text/html"}, b"<html>Oops</html>"), StoreError, "HTTP status 500$"),
        (rows("<html></html>", "text/html"), StoreError, "answers with a web page; addresses of queries often end in /query"),
        (rows("x", "text/csv"), StoreError, r"in a format that is not of SPARQL \(text/csv\)"),
        (rows(one_column("a")[:-9]), StoreError, "broke off in the middle of its answer"),
        (rows(one_column("a") + "The SPARQL operation has been cancelled"), StoreError, "broke off in the middle"),
        (rows("{}"), StoreError, "broke off in the middle"),
        (rows('{"hello":"world"}', "application/json"), StoreError, r"in a format that is not of SPARQL \(application/json\)"),
        (rows("<a:b> <a:c> <a:d> .", "text/turtle"), StoreError, r"in a format that is not of SPARQL \(text/turtle\)"),
        ((204, {}, b""), StoreError, r"in a format that is not of SPARQL \(not said which\)"),
        ((405, {"Content-Type": "text/html"}, b"<html>"), StoreError, r"no queries are taken at .*\(405\); addresses of queries"),
        ((302, {"Location": "/query"}, b""), StoreError, "the connection to 127.0.0.1 failed .too many redirects"),
        ((302, {"Location": "ftp://example.org/"}, b""), StoreError, "the connection to 127.0.0.1 failed "),
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
    ("text", "says"),
    [
        (one_column("a"), "does not say properly which record it holds; load it again"),
        ('{"head":{},"boolean":true}', "answers yes or no where rows were asked for"),
    ],
)
def test_an_endpoint_that_answers_past_the_question_is_refused(server: Scripted, text: str, says: str) -> None:
    """SPARQL in form, and no record that can be trusted."""
    server.answer = lambda _: rows(text)
    with pytest.raises(StoreError, match=says):
        _ = EndpointStore(server.address).origin


def test_what_is_no_web_server_is_told() -> None:
    """A port where something else answers, such as a remote shell."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        def greet() -> None:
            one, _ = listening.accept()
            with one:
                one.recv(1)
                one.sendall(b"SSH-2.0-OpenSSH_9\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(StoreError, match=rf"^what answers at {address} is no web server; is the port right\?$"):
            _ = EndpointStore(address).origin
        thread.join()


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
        ("https://me:secret@example.org:port/query", UsageError, "^this is no address of a SPARQL endpoint"),
        ("me:secret@example.org", UsageError, "^this is no address of a SPARQL endpoint"),
        ("http://[::1/query", UsageError, "is no address of a SPARQL endpoint"),
        ("http://example.org:99999/query", UsageError, "is no address of a SPARQL endpoint"),
        ("http://example.org/a query", UsageError, "is no address of a SPARQL endpoint"),
        (
            "http://example.org/query\n",
            UsageError,
            r"^'http://example.org/query\\n' is no address of a SPARQL endpoint",
        ),
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
        ({client.TOKEN: " abc\n"}, "Bearer abc"),
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


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_told_apart(server: Scripted, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """Somebody who sent some is not told to send some; the way out is told, and the credentials are not."""
    monkeypatch.setenv(client.TOKEN, "old-secret")
    with pytest.raises(StoreError, match=rf"refuses these credentials.* \({status}\); set KG_ENDPOINT_TOKEN") as caught:
        told(server, (status, {}, b"")).select(ASK)
    assert "old-secret" not in str(caught.value)


@pytest.mark.parametrize("verb", [["status", "Chirp", "--in", "ZZ"], ["query", "ASK {}"], ["find", "Chirp"]])
def test_refused_credentials_end_a_verb_with_one_sentence(server: Scripted, verb: list[str]) -> None:
    """On stderr, with exit code 2 and nothing on standard output."""
    server.answer = lambda _: (401, {}, b"")
    done = run(*verb, "--endpoint", server.address, KG_ENDPOINT_USER="me", KG_ENDPOINT_PASSWORD="old-secret")  # noqa: S106
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "127.0.0.1 refuses these credentials (401)" in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({client.TOKEN: "sec\nret"}, "KG_ENDPOINT_TOKEN holds a sign that no token has"),
        ({client.TOKEN: "秘密"}, "KG_ENDPOINT_TOKEN holds a sign that no token has"),
        ({client.USER: "sec:ret", client.PASSWORD: "x"}, "a user name with a colon cannot be sent"),
    ],
)
def test_credentials_that_cannot_be_sent_are_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], says: str
) -> None:
    """Before anything is sent, and without showing them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=says) as caught:
        EndpointStore("https://example.org/query")
    assert "sec" not in str(caught.value)


@pytest.mark.parametrize("line", ["login u s3cr3t", "login u password my s3cr3t"])
def test_a_broken_file_of_passwords_is_told_without_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    """File and line, and nothing of what stands there."""
    file = tmp_path / "netrc"
    file.write_text(f"# mine\nmachine example.org {line}\n")
    monkeypatch.setenv("NETRC", str(file))
    with pytest.raises(UsageError, match=r"netrc. cannot be read: line \d of .*netrc is not as it should be") as caught:
        EndpointStore("https://example.org/query")
    assert "s3cr3t" not in str(caught.value)


def test_credentials_do_not_follow_to_another_host(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends its visitors elsewhere does not give away who they are."""
    monkeypatch.setenv(client.TOKEN, "abc")
    elsewhere = server.address.replace("127.0.0.1", "localhost") + "?there"
    server.answer = lambda asked: rows(FOUND) if "there" in asked.path else (307, {"Location": elsewhere}, b"")
    assert EndpointStore(server.address).origin.statements == 7
    assert [asked.headers.get("authorization") for asked in server.asked] == ["Bearer abc", None]


def test_credentials_do_not_go_out_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Except to this machine."""
    monkeypatch.setenv(client.TOKEN, "abc")
    with pytest.raises(UsageError, match=r"credentials are not sent to example\.org without encryption"):
        EndpointStore("http://example.org/query")


@contextmanager
def encrypted(certificate: str) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that shows a certificate and holds a record, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            status, headers, content = rows(FOUND)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / certificate, TLS / "key.pem")
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"https://localhost:{running.server_port}/query", asked
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_a_certificate_that_is_trusted_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE names certificates to trust, so that the next test refuses for the right reason."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    with encrypted("localhost.pem") as (address, asked):
        assert EndpointStore(address).origin.statements == 7
    assert asked == ["/query"]


@pytest.mark.parametrize(
    ("certificate", "trusted", "why"),
    [
        ("localhost.pem", "elsewhere.pem", "self-signed certificate"),
        ("elsewhere.pem", "elsewhere.pem", "Hostname mismatch"),
        ("expired.pem", "expired.pem", "certificate has expired"),
    ],
)
def test_a_wrong_certificate_ends_it(certificate: str, trusted: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent, and no credentials, to a server that cannot show who it is."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / trusted))
    monkeypatch.setenv(client.TOKEN, "abc")
    with (
        encrypted(certificate) as (address, asked),
        pytest.raises(StoreError, match=rf"the certificate of localhost is not valid, so nothing was sent \({why}"),
    ):
        _ = EndpointStore(address).origin
    assert asked == []


def test_no_encryption_is_not_called_a_wrong_certificate(server: Scripted) -> None:
    """https:// at a port that speaks plain HTTP."""
    address = server.address.replace("http://127.0.0.1", "https://localhost")
    with pytest.raises(StoreError, match=r"localhost makes no encrypted connection there, .*; is it http://\?$"):
        _ = EndpointStore(address).origin
    assert server.asked == []


def test_an_answer_cut_short_by_a_limit_of_rows_is_not_believed(
    server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that says how many rows it gives at most, and gives as many, may have more. Pages are no advice where they are set."""
    store = told(server, (200, {"Content-Type": JSON, "X-SPARQL-MaxRows": "2"}, one_column("a", "b").encode()))
    with pytest.raises(StoreError, match="gives at most 2 rows, so some may be missing; set KG_ENDPOINT_PAGE=2"):
        store.select(ASK)
    monkeypatch.setenv("KG_ENDPOINT_PAGE", "9")
    with pytest.raises(StoreError, match="may be missing; and this question cannot be asked in pages"):
        store.select("SELECT ?x WHERE { ?x a prk:Fine }")


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


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("variable", ["http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used(server: Scripted, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """It is asked for the whole address, with the name and password that stand in its own, and credentials stay with the server."""
    host = server.address.partition("://")[2].partition("/")[0]
    monkeypatch.setenv(variable, f"http://reader:p%40ss@{host}")
    server.answer = lambda asked: rows(FOUND if "prk/record" in asked.form["query"][0] else one_column("a"))
    assert len(EndpointStore("http://record.example/query").select(ASK)) == 1
    assert {asked.path for asked in server.asked} == {"http://record.example/query"}
    assert server.asked[0].headers["proxy-authorization"] == "Basic cmVhZGVyOnBAc3M="
    assert "authorization" not in server.asked[0].headers


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("http://record.example/query", "http://one:1"),
        ("https://record.example/query", "http://two:2"),
        ("http://a.inside.example:8080/query", None),
        ("http://127.0.0.1:7878/query", None),
        ("http://localhost/query", None),
    ],
)
def test_hosts_that_need_no_proxy_are_asked_themselves(address: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What ``NO_PROXY`` names, and this machine, are asked without."""
    for name, value in (
        ("http_proxy", "http://one:1"),
        ("https_proxy", "http://two:2"),
        ("no_proxy", ".inside.example"),
    ):
        monkeypatch.setenv(name, value)
    assert proxy_for(address) == proxy


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("ftp://127.0.0.1:9", "the environment names a proxy that is no address"),
        ("http://", "the environment names a proxy that is no address"),
        ("http://127.0.0.1:9", "the proxy that the environment names cannot be used"),
    ],
)
def test_a_proxy_that_is_none_or_down_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str, told: str) -> None:
    """One sentence, which does not blame the server."""
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises((UsageError, StoreError)) as caught:
        EndpointStore("http://record.example/query").select(ASK)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
