"""Whose exceptions the calls of each client library raise: its own, and those of the library it sends by.

A handler for another library's never hears of them: `except httpx.HTTPError` around a call of pybit's is for the chat.
"""

from __future__ import annotations

from collections.abc import Mapping

RAISED: Mapping[str, tuple[str, ...]] = {
    "pybit": ("pybit", "requests", "urllib3"),  # 5.17.0, _http_manager.py: raises what requests raises again
    "ccxt": ("ccxt",),  # 4.5.90, fetch() in base/exchange.py and async_support/base/exchange.py: all become its own
    "requests": ("requests", "urllib3"),
    "httpx": ("httpx", "httpcore"),
    "aiohttp": ("aiohttp",),
}
"""By the library of a call: the libraries whose exceptions it raises, besides those of Python."""
LIBRARIES = frozenset(library for found in RAISED.values() for library in found)
UNSETTLED = ("ccxt.pro.",)
"""How the paths of calls begin of which this is not known: they keep a socket."""


def may_raise(path: str, exception: str | None) -> bool:
    """False if a call is one of a client that never raises an exception, which is another library's."""
    own = None if path.startswith(UNSETTLED) else RAISED.get(_library(path))
    return own is None or exception is None or _library(exception) not in LIBRARIES.difference(own)


def _library(path: str) -> str:
    return path.partition(".")[0]
