"""The clients that the bots run with here: they send nothing, and write down what they were to send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Mapping
from types import ModuleType, TracebackType
from typing import Any, TypeAlias

ROW = {"lastPrice": "70000", "symbol": "BTCUSDT", "size": "0.01", "totalEquity": "1000"}
ANSWER = {
    "retCode": 0,
    "retMsg": "OK",
    "result": {"list": [ROW], "orderId": "1", "timeNano": "1700000000000000000", "timeSecond": "1700000000"},
}
MESSAGE = json.dumps({"topic": "publicTrade.BTCUSDT", "data": [{"p": "70000", "v": "0.01"}]})
ENOUGH = 6
"""A bot that goes on for good is stopped after so many requests."""

Attributes: TypeAlias = Mapping[str, object]


class Stop(BaseException):
    """The bot has shown what it does."""


class Broken(Exception):
    """What a client raises when a request does not get through; what ccxt calls NetworkError."""


class World:
    """What was sent and slept, and how many of the next requests fail."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.slept: list[float] = []
        self.failures = 0

    def send(self, what: str, *details: object) -> None:
        self.sent.append(" ".join(map(repr, (what, *details))))
        if len(self.sent) >= ENOUGH:
            raise Stop
        if self.failures:
            self.failures -= 1
            raise Broken(what)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def sleep_async(self, seconds: float, result: object = None) -> object:
        self.sleep(seconds)
        await (asyncio.Event().wait() if seconds >= 20 else PAUSE(0))  # a beat beside the bot is never heard
        return result


PAUSE = asyncio.sleep


class Response:
    """The answer of `requests`, and of aiohttp, where it is waited for or opened as a block first."""

    status = status_code = 200
    text = json.dumps(ANSWER)

    def raise_for_status(self) -> None:
        pass

    def json(self) -> Any:
        return json.loads(self.text)


class AsyncResponse:
    status = 200

    async def json(self) -> Any:
        return json.loads(Response.text)


class Opened(Coroutine[Any, Any, Any]):
    """What can be awaited, run as a task, and opened with `async with`."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self.start = start

    def __await__(self) -> Generator[Any, None, Any]:
        return self.__aenter__().__await__()

    def send(self, value: object) -> Any:
        raise StopIteration(self.start())

    def throw(self, *error: Any) -> Any:
        raise error[0]

    def close(self) -> None:
        pass

    async def __aenter__(self) -> Any:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Socket:
    """A connection of `websockets`: one message, then it is closed."""

    def __init__(self, world: World, *settings: object) -> None:
        self.world, self.settings = world, settings

    async def send(self, text: str) -> None:
        self.world.send("socket", *self.settings, text)

    async def __aiter__(self) -> AsyncIterator[str]:
        yield MESSAGE


def pybit(world: World) -> dict[str, ModuleType]:
    class HTTP:
        def __init__(self, **settings: object) -> None:
            self.settings = settings

    def method(name: str) -> Callable[..., Any]:
        def send(self: HTTP, **fields: object) -> Any:
            world.send(name, sorted(self.settings.items()), sorted(fields.items()))
            return json.loads(Response.text)

        return send

    for name in ("place_order", "get_positions", "get_tickers", "get_wallet_balance"):
        setattr(HTTP, name, method(name))
    return {"pybit": module("pybit"), "pybit.unified_trading": module("pybit.unified_trading", HTTP=HTTP)}


class Exchange:
    """What ccxt's two clients have in common."""

    def __init__(self, config: Mapping[str, object] | None = None) -> None:
        self.config = config or {}

    def amount_to_precision(self, symbol: str, amount: float) -> str:
        return f"{amount:.3f}"

    def price_to_precision(self, symbol: str, price: float) -> str:
        return f"{price:.1f}"


def ccxt(world: World) -> dict[str, ModuleType]:
    class Bybit(Exchange):
        def create_order(
            self,
            symbol: str,
            kind: str,
            side: str,
            amount: float,
            price: object = None,
            params: Attributes = {},  # noqa: B006
        ) -> Any:
            world.send("create_order", self.config, symbol, kind, side, amount, price, params)
            return {"id": "1", "filled": 0.01}

        def private_post_v5_order_create(self, params: Attributes = {}) -> Any:  # noqa: B006
            world.send("private_post_v5_order_create", self.config, params)
            return json.loads(Response.text)

        def fetch_ticker(self, symbol: str, params: Attributes = {}) -> Any:  # noqa: B006
            world.send("fetch_ticker", self.config, symbol, params)
            return {"last": 70000.0}

    class AsyncBybit(Exchange):
        async def create_order(self, *args: Any, **fields: Any) -> Any:
            return Bybit(self.config).create_order(*args, **fields)

        async def private_post_v5_order_create(self, *args: Any, **fields: Any) -> Any:
            return Bybit(self.config).private_post_v5_order_create(*args, **fields)

        async def fetch_ticker(self, *args: Any, **fields: Any) -> Any:
            return Bybit(self.config).fetch_ticker(*args, **fields)

        async def close(self) -> None:
            pass

    errors = {"NetworkError": Broken, "ExchangeError": type("ExchangeError", (Exception,), {})}
    aio = module("ccxt.async_support", bybit=AsyncBybit, Exchange=Exchange, **errors)
    return {"ccxt": module("ccxt", bybit=Bybit, Exchange=Exchange, async_support=aio, **errors), aio.__name__: aio}


def requests(world: World) -> dict[str, ModuleType]:
    class Session:
        def get(self, url: str, params: object = None, **more: object) -> Response:
            world.send("GET", url, params, sorted(more.items()))
            return Response()

        def post(self, url: str, data: object = None, json: object = None, **more: object) -> Response:
            world.send("POST", url, data, json, sorted(more.items()))
            return Response()

    return {"requests": module("requests", Session=Session, get=Session().get, post=Session().post)}


def aiohttp(world: World) -> dict[str, ModuleType]:
    class ClientSession:
        def __init__(self, **settings: object) -> None:
            self.settings = settings

        def get(self, url: str, **more: object) -> Opened:
            def start() -> AsyncResponse:
                world.send("GET", url, sorted(self.settings.items()), sorted(more.items()))
                return AsyncResponse()

            return Opened(start)

        async def close(self) -> None:
            pass

        async def __aenter__(self) -> object:
            return self

        async def __aexit__(self, *error: object) -> None:
            pass

    return {"aiohttp": module("aiohttp", ClientSession=ClientSession, ClientTimeout=dict)}


def sockets(world: World) -> dict[str, ModuleType]:
    def connect(uri: str, **settings: object) -> Opened:
        return Opened(lambda: Socket(world, uri, sorted(settings.items())))

    class WebSocketApp:
        def __init__(
            self, url: str, header: object = None, on_open: Callable[[Any], None] | None = None,
            on_message: Callable[[Any, str], None] | None = None,
        ) -> None:  # fmt: skip
            self.url, self.on_open, self.on_message = url, on_open, on_message

        def run_forever(self, **settings: object) -> None:
            self.settings = sorted(settings.items())
            if self.on_open and self.on_message:
                self.on_open(self)
                self.on_message(self, MESSAGE)

        def send(self, text: str) -> None:
            world.send("app", self.url, self.settings, text)

    return {
        "websockets": module("websockets", connect=connect, ConnectionClosed=Broken),
        "websocket": module("websocket", WebSocketApp=WebSocketApp),
    }


def module(name: str, **content: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(content)
    return made


def clients(world: World) -> dict[str, ModuleType]:
    """All that a bot may import of clients, by its name."""
    return {name: made for make in (pybit, ccxt, requests, aiohttp, sockets) for name, made in make(world).items()}
