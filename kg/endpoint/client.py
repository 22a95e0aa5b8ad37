"""Speaking with a SPARQL server: one request, its credentials, its second tries, and what its refusals mean.

The protocol is SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), queries as a form by POST, which every
engine takes; some hang on a query sent as a body of its own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from netrc import NetrcParseError, netrc
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from kg.endpoint.proxy import HERE, pool_through, proxy_for
from kg.errors import LimitError, QueryError, StoreError, UsageError
from kg.version import __version__

if TYPE_CHECKING:
    import urllib3

TOKEN, USER, PASSWORD = "KG_ENDPOINT_TOKEN", "KG_ENDPOINT_USER", "KG_ENDPOINT_PASSWORD"
_CONNECT = 10.0
"""Seconds in which a server must take the connection."""
_READ = 120.0
"""Seconds of silence after which an answer is given up."""
_TRIES = 4
_LONGEST_PAUSE = 20
"""Seconds; a server that asks for more patience is told about instead."""
_BUSY = (429, 502, 503, 504)


class Client:
    """One server. Credentials come from the environment or from netrc, never from the address."""

    def __init__(self, address: str) -> None:
        parts = _parts(address)
        assert parts.hostname
        if parts.username or parts.password:
            raise UsageError(
                f"leave the password out of the address, where others can read it; set {USER} and {PASSWORD}, or {TOKEN}, or use ~/.netrc"
            )
        self.address = address
        self.host = parts.hostname
        self.headers = {"User-Agent": f"platform-restriction-kg/{__version__}", **_credentials(parts.hostname)}
        if "Authorization" in self.headers and parts.scheme == "http" and parts.hostname not in HERE:
            raise UsageError(
                f"credentials are not sent to {parts.hostname} without encryption; use an https:// address"
            )

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        import urllib3

        again = urllib3.Retry(
            total=_TRIES, connect=1, read=0, other=0, redirect=2, status_forcelist=_BUSY, allowed_methods=None, backoff_factor=0.5,
            backoff_max=_LONGEST_PAUSE, retry_after_max=_LONGEST_PAUSE, raise_on_status=False,
        )  # fmt: skip
        proxy = proxy_for(self.address)
        return pool_through(proxy, again) if proxy else urllib3.PoolManager(retries=again)

    def send(
        self,
        method: str,
        address: str,
        *,
        accept: str = "*/*",
        seconds: float | None = None,
        form: list[tuple[str, str]] | None = None,
        body: Any = None,
        kind: str | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Send one request and give the answer, its body unread; a refusal becomes one sentence.

        Raises:
            LimitError: when the server does not answer in ``seconds``.
            QueryError: when it refuses the query.
            StoreError: when it cannot be reached, asks for credentials or fails.
        """
        import urllib3

        headers = self.headers | {"Accept": accept} | ({"Content-Type": kind} if kind else {})
        patience = urllib3.Timeout(connect=_CONNECT, read=seconds or _READ)
        what: dict[str, Any] = {"headers": headers, "timeout": patience, "preload_content": False}
        try:
            if form is not None:
                answer = self._pool.request(method, address, fields=form, encode_multipart=False, **what)
            else:
                answer = self._pool.request(method, address, body=body, **what)
        except urllib3.exceptions.HTTPError as error:
            self._unreached(error, seconds or _READ)
        if answer.status >= 300:
            self._refused(answer)
        return answer

    def _unreached(self, error: Exception, seconds: float) -> NoReturn:
        import urllib3

        cause = getattr(error, "reason", None) or error
        if isinstance(cause, urllib3.exceptions.ProxyError):
            raise StoreError(
                f"the proxy that the environment names cannot be used ({_first_line(cause.original_error)})"
            )
        if isinstance(cause, urllib3.exceptions.ReadTimeoutError):
            raise LimitError(
                f"{self.host} did not answer within {seconds:g} s; ask for less, or allow more with --timeout"
            )
        if isinstance(cause, urllib3.exceptions.SSLError):
            raise StoreError(self._untrusted(cause))
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            raise StoreError(f"there is no host {self.host}; is the address right, and are you online?")
        if isinstance(cause, urllib3.exceptions.NewConnectionError):
            raise StoreError(f"nobody answers at {self.address}; is the server running?")
        if isinstance(cause, urllib3.exceptions.ConnectTimeoutError):
            raise StoreError(f"{self.host} did not take the connection within {_CONNECT:g} s")
        if "BadStatusLine" in str(cause):
            raise StoreError(f"what answers at {self.address} is no web server; is the port right?")
        raise StoreError(f"the connection to {self.host} failed ({_first_line(cause)})")

    def _untrusted(self, error: Exception) -> str:
        import ssl

        reason = error.args[0] if error.args else error
        if isinstance(reason, ssl.SSLCertVerificationError):
            return f"the certificate of {self.host} is not valid, so nothing was sent ({reason.verify_message})"
        return f"{self.host} makes no encrypted connection there, so nothing was sent ({_first_line(reason)}); is it http://?"

    def _refused(self, answer: urllib3.BaseHTTPResponse) -> NoReturn:
        said = _said(answer)
        answer.close()
        status = answer.status
        if status in {401, 403}:
            asked = "refuses these credentials" if "Authorization" in self.headers else "asks for credentials"
            asked += ", or does not allow this at all" if status == 403 else ""
            raise StoreError(f"{self.host} {asked} ({status}); set {TOKEN}, or {USER} and {PASSWORD}, or use ~/.netrc")
        if status in {404, 405}:
            what = "there is nothing" if status == 404 else "no queries are taken"
            raise StoreError(
                f"{what} at {self.address} ({status}); addresses of queries often end in /query or /sparql"
            )
        if status == 400:
            raise QueryError(f"{self.host} refuses the query: {said or 'it does not say why'}")
        if status in _BUSY:
            raise StoreError(
                f"{self.host} is too busy or down ({status}), also after {_TRIES} more tries; try later{said and f': {said}'}"
            )
        raise StoreError(f"{self.host} failed with HTTP status {status}{said and f': {said}'}")


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isprintable() or " " in address:
        shown = address if address.isprintable() else address.encode("unicode_escape").decode()
        named = "this" if "@" in address else f"'{shown}'"  # before an @ there may be a password
        raise UsageError(
            f"{named} is no address of a SPARQL endpoint; it begins with https:// or http://, as in https://example.org/query"
        )
    return parts


def _credentials(host: str) -> Mapping[str, str]:
    if token := os.environ.get(TOKEN, "").strip():
        if not token.isascii() or not token.isprintable():
            raise UsageError(f"{TOKEN} holds a sign that no token has; is it whole, and nothing else?")
        return {"Authorization": f"Bearer {token}"}
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user is None:
        found = _from_netrc(host)
        if found is None:
            return {}
        user, password = found
    if ":" in user:
        raise UsageError("a user name with a colon cannot be sent; HTTP ends the name there")
    import base64

    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password or ''}".encode()).decode()}


def _from_netrc(host: str) -> tuple[str, str] | None:
    try:
        found = netrc(os.environ.get("NETRC")).authenticators(host)
    except FileNotFoundError:
        return None
    except NetrcParseError as error:  # its text may quote a password
        raise UsageError(
            f"the file of passwords (netrc) cannot be read: line {error.lineno} of {error.filename} is not as it should be"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file of passwords (netrc) cannot be read: {error}") from None
    return (found[0], found[2]) if found else None


def _said(answer: urllib3.BaseHTTPResponse) -> str:
    """The first line of a refusal, unless it is a web page."""
    if "html" in answer.headers.get("Content-Type", ""):
        return ""
    return _first_line(answer.read(2000).decode("utf-8", "replace"))


def _first_line(text: object) -> str:
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    return lines[0][:300] if lines else ""
