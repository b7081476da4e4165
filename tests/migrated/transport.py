"""What the installed pybit sends, caught where it hands a request to the network."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests

from migrated.requests import Sent, sent

RESULTS: Mapping[str, Any] = json.loads((Path(__file__).parent / "answers.json").read_text("utf-8"))
"""What is answered to the requests for some paths, as Bybit documents it: every number differs from all others."""
MESSAGES: Mapping[str, Any] = json.loads((Path(__file__).parent / "messages.json").read_text("utf-8"))
"""What is pushed on some topics, in the same way."""
EMPTY: Mapping[str, Any] = {"list": []}


class Caught(NamedTuple):
    """A request and the host that it was for."""

    host: str
    request: Sent


def answer(path: str) -> dict[str, Any]:
    """What a request for a path gets."""
    result = RESULTS.get(path, EMPTY)
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": 1700000000123}


@contextmanager
def caught() -> Iterator[list[Caught]]:
    """The requests that are sent meanwhile, none of which leaves the process: each is granted."""
    found: list[Caught] = []

    def send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        found.append(Caught(url.netloc, sent(request.method or "", url.path, url.query, request.body)))
        response = requests.Response()
        response.status_code, response.request = 200, request
        response._content = json.dumps(answer(url.path)).encode()
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", send)
        yield found


class Listened(NamedTuple):
    """What was subscribed to on a socket: `linear publicTrade.BTCUSDT publicTrade.ETHUSDT`."""

    channel: str
    topics: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.channel, *self.topics))


def listened(source: str) -> tuple[list[Listened], dict[str, Any]]:
    """What a program subscribes to, and its names once each of these has had the message that is there for it."""
    found: list[Listened] = []

    def subscribe(socket: Any, topic: str, callback: Callable[[Any], None], symbol: str | list[str] = "") -> None:
        symbols = [symbol] if isinstance(symbol, str) else symbol
        topics = tuple(topic.format(symbol=each) for each in symbols)
        found.append(Listened(socket.WS_URL.partition("/v5/")[2].removeprefix("public/"), topics))
        callback({"topic": topics[0], **MESSAGES[topics[0].partition(".")[0]]})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pybit.unified_trading.WebSocket._connect", lambda *where: None)
        patch.setattr("pybit.unified_trading.WebSocket.subscribe", subscribe)
        return found, run_in(source)


class Opened(BaseException):
    """A socket was about to be opened: nothing comes after it, because nobody would answer."""


def reached(source: str, environment: Mapping[str, str]) -> list[str]:
    """Where a program goes, host and path: all its requests, or the first of its sockets."""
    sockets: list[str] = []

    def open_socket(url: str, **handlers: Any) -> None:
        sockets.append(url.removeprefix("wss://"))
        raise Opened

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pybit._websocket_stream.websocket.WebSocketApp", open_socket)
        for name, value in environment.items():
            patch.setitem(os.environ, name, value)
        with caught() as found, suppress(Opened):
            run_in(source)
    return sockets or [f"{one.host}{one.request.path}" for one in found]


def run(source: str) -> list[Caught]:
    """What a program sends."""
    with caught() as found:
        run_in(source)
    return found


def run_in(source: str) -> dict[str, Any]:
    """The names of a program, once it has run."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "bot.py", "exec"), names)
    return names
