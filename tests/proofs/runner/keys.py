"""Pages leave the keys out where they do not matter: a client that is made without any gets those of the account."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def give(api_key: str, secret: str) -> None:
    """Let every client that is given no key in this process sign with this one."""
    for module in ("ccxt", "ccxt.async_support"):
        exchange = import_module(module).bybit
        exchange.apiKey, exchange.secret = api_key, secret
    for module, name in (("pybit._http_manager", "_V5HTTPManager"), ("pybit._websocket_stream", "_WebSocketManager")):
        manager = getattr(import_module(module), name)
        manager.__init__ = _with_keys(manager.__init__, api_key, secret)


def _with_keys(init: Callable[..., None], api_key: str, secret: str) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807  it is one
        init(self, *args, **kwargs)
        if not self.api_key and not self.api_secret:
            self.api_key, self.api_secret = api_key, secret

    return __init__
