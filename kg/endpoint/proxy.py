"""Proxies, as the environment names them for all programs: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from kg.errors import UsageError

if TYPE_CHECKING:
    import urllib3


HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""This machine, which no proxy reaches."""


def proxy_for(address: str) -> str | None:
    """The proxy through which an address is asked; nothing where the environment names none or leaves its host out."""
    parts = urlsplit(address)
    if parts.hostname in HERE:
        return None
    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all")
    return proxy if proxy and not proxy_bypass(parts.netloc.rpartition("@")[2]) else None


def pool_through(proxy: str, again: urllib3.Retry) -> urllib3.PoolManager:
    """Connections through a proxy; name and password may stand in its address, which is the custom there.

    Raises:
        UsageError: when it is of a sort that nothing here speaks.
    """
    import urllib3

    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme.startswith("socks"):
        return _socks(proxy, again)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            "the environment names a proxy that is no address; write it as http://host:port or socks5h://host:port"
        )
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
    headers = urllib3.make_headers(proxy_basic_auth=user) if user else None
    where = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return urllib3.ProxyManager(where, proxy_headers=headers, retries=again)


def _socks(proxy: str, again: urllib3.Retry) -> urllib3.PoolManager:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from urllib3.contrib.socks import SOCKSProxyManager
    except ImportError:
        raise UsageError(
            "the environment names a SOCKS proxy, which needs one more library: pip install PySocks"
        ) from None
    return SOCKSProxyManager(proxy, retries=again)
