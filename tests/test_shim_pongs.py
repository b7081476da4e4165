"""The answers to the helpers' pings: no way to receive shows them to a bot, and everything else arrives as it was."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import websocket
import websockets.asyncio.client
import websockets.sync.client
import websockets.sync.server
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from bybit_lint import shim

# websocket-client leaves the socket of a connection that was lost to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PATIENCE = 30.0  # seconds until a test gives up on something that should have happened
MANY = 5  # pings, each answered before the next piece of data
Shape = Callable[[dict[str, Any]], dict[str, Any]]

SHAPES: dict[str, Shape] = {  # https://bybit-exchange.github.io/docs/v5/ws/connect, .../v5/websocket/trade/guideline
    "spot": lambda ping: {"success": True, "ret_msg": "pong", "conn_id": "0970e817", "op": "ping"},
    "linear": lambda ping: {**SHAPES["spot"](ping), "req_id": ping.get("req_id", "")},
    "option": lambda ping: {"args": ["1672916271846"], "op": "pong"},
    "private": lambda ping: {"req_id": ping.get("req_id", ""), **SHAPES["option"](ping), "conn_id": "cfcb4ocsv"},
    "trade": lambda ping: {"retCode": 0, "retMsg": "OK", "op": "pong", "data": ["1711002002529"], "connId": "cnt5l"},
}


def data(number: int) -> str:
    return json.dumps({"topic": "tickers.BTCUSDT", "type": "snapshot", "data": {"number": number}})


DATA = [data(number) for number in range(MANY + 1)]


@dataclass
class Stream:
    """A server on loopback: after each ping its pong and then the next piece of data; it closes after the last one."""

    shape: Shape
    length: int = MANY
    pings: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    def __call__(self, connection: websockets.sync.server.ServerConnection) -> None:
        connection.send(data(0))
        with contextlib.suppress(ConnectionClosed):
            for count, text in enumerate(connection, start=1):
                ping = json.loads(text)
                self.pings.put(ping)
                self.answer(connection, ping, count)
                if count == self.length:
                    return

    def answer(self, connection: websockets.sync.server.ServerConnection, ping: dict[str, Any], count: int) -> None:
        connection.send(json.dumps(self.shape(ping)))
        connection.send(data(count))

    @contextlib.contextmanager
    def url(self) -> Iterator[str]:
        with websockets.sync.server.serve(self, "127.0.0.1", 0) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
            server.shutdown()
            thread.join(PATIENCE)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short intervals, no proxy, and no beat of one test heard in the next."""
    monkeypatch.setattr(shim, "_PING_EVERY", 0.01)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield
    end = time.monotonic() + PATIENCE
    while (alive := beats()) and time.monotonic() < end:
        gc.collect()
        alive[0].join(0.02)
    assert not beats()


def beats() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bybit-ping"]


# --- the ways to receive ----------------------------------------------------------------------------------------------

Way = Callable[[str], list[Any]]
WAYS: dict[str, Way] = {}


def way(function: Way) -> Way:
    """What a bot that receives in this way gets until the stream is closed."""
    WAYS[function.__name__] = function
    return function


def coroutine_way(function: Callable[[str], AsyncIterator[Any]]) -> Callable[[str], AsyncIterator[Any]]:
    async def collected(url: str) -> list[Any]:
        return [message async for message in function(url)]

    WAYS[function.__name__] = lambda url: asyncio.run(asyncio.wait_for(collected(url), PATIENCE))
    return function


def until_closed(receive: Callable[[], Any], *closed: type[Exception]) -> list[Any]:
    found = []
    with contextlib.suppress(*closed):
        while True:
            found.append(receive())
    return found


@coroutine_way
async def websockets_iteration(url: str) -> AsyncIterator[Any]:
    async with websockets.asyncio.client.connect(url) as ws:
        shim.heartbeat(ws)
        async for text in ws:
            yield text


@coroutine_way
async def websockets_recv(url: str) -> AsyncIterator[Any]:
    async with websockets.asyncio.client.connect(url) as ws:
        shim.heartbeat(ws)
        with contextlib.suppress(ConnectionClosed):
            while True:
                yield await asyncio.wait_for(ws.recv(), PATIENCE)


@coroutine_way
async def websockets_recv_of_bytes(url: str) -> AsyncIterator[Any]:
    async with websockets.asyncio.client.connect(url) as ws:
        shim.heartbeat(ws)
        with contextlib.suppress(ConnectionClosed):
            while True:
                yield (await ws.recv(decode=False)).decode()


@coroutine_way
async def websockets_legacy(url: str) -> AsyncIterator[Any]:
    from websockets.legacy.client import connect

    async with connect(url) as ws:
        shim.heartbeat(ws)
        async for text in ws:
            yield text


@way
def websockets_sync_iteration(url: str) -> list[Any]:
    with websockets.sync.client.connect(url) as ws:
        shim.start_heartbeat(ws)
        return list(ws)


@way
def websockets_sync_recv(url: str) -> list[Any]:
    with websockets.sync.client.connect(url) as ws:
        shim.start_heartbeat(ws)
        return until_closed(ws.recv, ConnectionClosed)


@way
def websockets_sync_recv_with_a_timeout(url: str) -> list[Any]:
    with websockets.sync.client.connect(url) as ws:
        shim.start_heartbeat(ws)
        return until_closed(lambda: ws.recv(PATIENCE, decode=True), ConnectionClosed)


def connected(url: str) -> contextlib.closing[websocket.WebSocket]:
    return contextlib.closing(shim.start_heartbeat(websocket.create_connection(url, timeout=PATIENCE)))


@way
def websocket_client_recv(url: str) -> list[Any]:
    with connected(url) as ws:
        return [text for text in until_closed(ws.recv, websocket.WebSocketException) if text]


@way
def websocket_client_iteration(url: str) -> list[Any]:
    with connected(url) as ws:
        return list(itertools.islice(ws, MANY + 1))


@way
def websocket_client_recv_data(url: str) -> list[Any]:
    with connected(url) as ws:
        pairs = until_closed(lambda: ws.recv_data(control_frame=True), websocket.WebSocketException)
        return [text.decode() for opcode, text in pairs if opcode == websocket.ABNF.OPCODE_TEXT]


def run(app: websocket.WebSocketApp) -> None:
    app.run_forever()
    gc.collect()  # closes the socket, for which the server waits


def app_with(prepare: Callable[[websocket.WebSocketApp, list[Any]], None], url: str) -> list[Any]:
    found: list[Any] = []
    app = websocket.WebSocketApp(url)
    prepare(app, found)
    app.on_error = lambda _, error: found.append(error) if "closed" not in str(error).lower() else None
    run(app)
    return found


@way
def app_with_a_callback_from_its_constructor(url: str) -> list[Any]:
    found: list[Any] = []
    run(shim.start_heartbeat(websocket.WebSocketApp(url, on_message=lambda _, text: found.append(text))))
    return found


@way
def app_with_callbacks_that_are_set_before(url: str) -> list[Any]:
    def prepare(app: websocket.WebSocketApp, found: list[Any]) -> None:
        app.on_message = lambda _, text: found.append(text)
        shim.start_heartbeat(app)

    return app_with(prepare, url)


@way
def app_with_callbacks_that_are_set_afterwards(url: str) -> list[Any]:
    def prepare(app: websocket.WebSocketApp, found: list[Any]) -> None:
        shim.start_heartbeat(app)
        app.on_message = lambda _, text: found.append(text)

    return app_with(prepare, url)


@way
def app_with_on_data(url: str) -> list[Any]:
    def prepare(app: websocket.WebSocketApp, found: list[Any]) -> None:
        shim.start_heartbeat(app)
        app.on_data = lambda _, text, kind, is_whole: found.append(text)

    return app_with(prepare, url)


@way
def app_with_both_callbacks(url: str) -> list[Any]:
    both: list[Any] = []

    def prepare(app: websocket.WebSocketApp, found: list[Any]) -> None:
        shim.start_heartbeat(app)
        app.on_data = lambda _, text, kind, is_whole: both.append(text)
        app.on_message = lambda _, text: found.append(text)

    found = app_with(prepare, url)
    assert both == found
    return found


@way
def app_of_a_class_of_the_bots_own(url: str) -> list[Any]:
    class Ticker(websocket.WebSocketApp):
        def __init__(self) -> None:
            super().__init__(url, on_message=self.handle)
            self.found: list[Any] = []

        def handle(self, _: object, text: str) -> None:
            self.found.append(text)

    app = shim.start_heartbeat(Ticker())
    run(app)
    return app.found


@contextlib.asynccontextmanager
async def connected_by_aiohttp(url: str, **options: Any) -> AsyncIterator[Any]:
    async with aiohttp.ClientSession() as session, session.ws_connect(url, **options) as ws:
        shim.heartbeat(ws)
        yield ws


@coroutine_way
async def aiohttp_iteration(url: str) -> AsyncIterator[Any]:
    async with connected_by_aiohttp(url) as ws:
        async for message in ws:
            yield message.data


@coroutine_way
async def aiohttp_receive(url: str) -> AsyncIterator[Any]:
    async with connected_by_aiohttp(url) as ws:
        while (message := await ws.receive(timeout=PATIENCE)).type is aiohttp.WSMsgType.TEXT:
            yield message.data


@coroutine_way
async def aiohttp_receive_str(url: str) -> AsyncIterator[Any]:
    async with connected_by_aiohttp(url) as ws:
        for _ in range(MANY + 1):
            yield await ws.receive_str()


@coroutine_way
async def aiohttp_receive_json(url: str) -> AsyncIterator[Any]:
    async with connected_by_aiohttp(url) as ws:
        for _ in range(MANY + 1):
            yield json.dumps(await ws.receive_json(timeout=PATIENCE))


@pytest.mark.filterwarnings("ignore:.*legacy.*:DeprecationWarning")
@pytest.mark.parametrize(
    ("name", "shape"),
    [(name, "linear") for name in WAYS] + [("aiohttp_iteration", shape) for shape in SHAPES if shape != "linear"],
)
def test_a_bot_receives_what_it_would_without_pings(name: str, shape: str) -> None:
    stream = Stream(SHAPES[shape])
    with stream.url() as url:
        assert WAYS[name](url) == DATA
    assert [stream.pings.get_nowait() for _ in range(MANY)] == [{"req_id": "bybit_shim", "op": "ping"}] * MANY


# --- waiting ----------------------------------------------------------------------------------------------------------


class Quiet(Stream):
    """One that has no data for a long time: what comes after so many pongs comes too late."""

    def answer(self, connection: websockets.sync.server.ServerConnection, ping: dict[str, Any], count: int) -> None:
        connection.send(json.dumps(self.shape(ping)))
        if count == self.length:
            connection.send("too late")


SHORT = 0.3  # seconds, in which many pongs come


def quiet() -> Quiet:
    return Quiet(SHAPES["linear"], length=1000)


def test_pongs_do_not_lengthen_a_wait_in_a_thread() -> None:
    with quiet().url() as url, websockets.sync.client.connect(url) as ws:
        shim.start_heartbeat(ws)
        assert ws.recv() == data(0)
        for timeout in (SHORT, 0):
            with pytest.raises(TimeoutError):
                ws.recv(timeout)


def test_pongs_do_not_lengthen_the_waits_of_websocket_client() -> None:
    with quiet().url() as url, connected(url) as ws:
        ws.settimeout(SHORT)
        assert ws.recv() == data(0)
        for _ in range(2):
            with pytest.raises(websocket.WebSocketTimeoutException):
                ws.recv()
            assert ws.sock is not None
            assert (ws.gettimeout(), ws.sock.gettimeout()) == (SHORT, SHORT)


@pytest.mark.parametrize(
    ("options", "timeout"), [({}, SHORT), ({"timeout": aiohttp.ClientWSTimeout(ws_receive=SHORT)}, None)]
)
def test_pongs_do_not_lengthen_the_waits_of_aiohttp(options: dict[str, Any], timeout: float | None) -> None:
    async def bot(url: str) -> None:
        async with connected_by_aiohttp(url, **options) as ws:
            assert (await ws.receive()).data == data(0)
            with pytest.raises((TimeoutError, asyncio.TimeoutError)):
                await ws.receive(timeout)

    with quiet().url() as url:
        asyncio.run(bot(url))


def test_pongs_do_not_lengthen_a_wait_around_recv_and_cancelling_it_loses_nothing() -> None:
    async def bot(url: str) -> None:
        async with websockets.asyncio.client.connect(url) as ws:
            shim.heartbeat(ws)
            assert await ws.recv() == data(0)
            with pytest.raises((TimeoutError, asyncio.TimeoutError)):
                await asyncio.wait_for(ws.recv(), SHORT)
            assert await asyncio.wait_for(ws.recv(), PATIENCE) == "too late"

    with Quiet(SHAPES["linear"], length=100).url() as url:
        asyncio.run(bot(url))


# --- the bot's own pings ----------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["ours", "the bot's", "an answer"]), max_size=30))
def test_a_bot_gets_as_many_pongs_as_it_asked_for_where_all_are_alike(course: list[str]) -> None:
    pongs, under_way, asked, got = shim._Pongs(), 0, 0, 0
    for step in (*course, *["an answer"] * len(course)):
        if step == "an answer":
            got += under_way > 0 and not pongs.keep('{"args": ["1672916271846"], "op": "pong"}')
            under_way = max(under_way - 1, 0)
        else:
            under_way += 1
            asked += step == "the bot's"
            if step == "ours":
                pongs.expect()
    assert got == asked


@pytest.mark.parametrize("shape", ["linear", "private"])
def test_a_pong_with_the_bots_own_id_is_the_bots(shape: str) -> None:
    def on_message(app: websocket.WebSocketApp, text: str) -> None:
        found.append(json.loads(text).get("req_id", "data"))
        if len(found) < 10 and found[-1] == "data":
            app.send('{"req_id": "mine", "op": "ping"}')

    found: list[str] = []
    stream = Stream(SHAPES[shape], length=20)
    with stream.url() as url:
        run(shim.start_heartbeat(websocket.WebSocketApp(url, on_message=on_message)))
    asked = [stream.pings.get_nowait()["req_id"] for _ in range(20)]
    assert found.count("data") == 21
    assert found.count("mine") == asked.count("mine") > 0
    assert set(found) == {"data", "mine"}


def test_what_the_last_connection_left_unanswered_is_not_waited_for_on_the_next() -> None:
    class Dropping(Stream):
        connections = 0

        def __call__(self, connection: websockets.sync.server.ServerConnection) -> None:
            self.connections += 1
            if self.connections > 1:
                super().__call__(connection)
            else:  # gone without an answer
                for _ in range(3):
                    connection.recv(PATIENCE)

    found: list[str] = []
    stream = Dropping(SHAPES["option"])
    with stream.url() as url:
        app = shim.start_heartbeat(websocket.WebSocketApp(url, on_message=lambda _, text: found.append(text)))
        run(app)
        app.on_open = lambda ws: ws.send('{"op": "ping"}')
        run(app)
    assert found[0] == data(0)
    assert sum("pong" in text for text in found) == 1
    assert [text for text in found if "pong" not in text] == DATA


def test_a_heartbeat_that_is_started_again_waits_for_no_pong_of_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    ws: Any = shim.start_heartbeat(websocket.WebSocket())  # not connected, so that the first ping fails
    for beat in beats():
        beat.join(PATIENCE)
    monkeypatch.setattr(shim, "_PING_EVERY", 0.5)
    shim.start_heartbeat(ws)
    assert not ws._bybit_pongs.keep(PONG)


# --- what is not kept -------------------------------------------------------------------------------------------------

PONG = '{"success": true, "ret_msg": "pong", "conn_id": "0970e817", "req_id": "bybit_shim", "op": "ping"}'


@pytest.mark.parametrize("message", [PONG, PONG.encode()])
def test_a_pong_is_kept_once_for_each_ping(message: object) -> None:
    pongs = shim._Pongs()
    assert not pongs.keep(message)
    pongs.expect()
    assert pongs.keep(message)
    assert not pongs.keep(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "pong",
        '["pong"]',
        b"\xff\xfe{",
        None,
        {"op": "pong"},
        '{"op": "pong", "req_id": "7"}',
        '{"op": "pong", "reqId": "7"}',
        '{"topic": "pong", "data": {"op": "pong"}}',
        '{"success": false, "ret_msg": "Request not authorized", "op": "ping", "req_id": "bybit_shim"}',
        '{"success": true, "ret_msg": "subscribe", "conn_id": "0970e817", "req_id": "bybit_shim", "op": "subscribe"}',
        '{"op": "pong"' + " " * 1000 + "}",
    ],
    ids=repr,
)
def test_whatever_is_no_pong_of_ours_is_the_bots(message: object) -> None:
    pongs = shim._Pongs()
    pongs.expect()
    assert not pongs.keep(message)
    assert pongs.keep(PONG)


def test_a_second_heartbeat_for_a_socket_puts_nothing_more_around_it() -> None:
    app = websocket.WebSocketApp("ws://127.0.0.1:9")
    kind = type(shim.start_heartbeat(app))
    assert type(shim.start_heartbeat(app)) is kind
    assert isinstance(app, websocket.WebSocketApp)
    assert str(kind) == str(websocket.WebSocketApp)


# --- where they cannot be kept ----------------------------------------------------------------------------------------


class Parsed(websockets.sync.client.ClientConnection):
    """A connection of the bot's own, which takes messages apart before anybody else sees them."""

    def recv(self, *args: Any, **kwargs: Any) -> Any:
        return json.loads(super().recv(*args, **kwargs))["data"]["number"]


def test_a_bot_that_receives_by_a_class_of_its_own_goes_on_as_before(caplog: pytest.LogCaptureFixture) -> None:
    stream = Stream(SHAPES["linear"])
    with stream.url() as url, websockets.sync.client.connect(url, create_connection=Parsed) as ws:
        assert shim.start_heartbeat(ws) is ws
        assert int(ws.recv()) == 0
        assert type(ws) is Parsed
        assert not beats()
    assert stream.pings.empty()
    assert "no pings go out" in caplog.text
    assert "Parsed" in caplog.text


class Sealed(websocket.WebSocketApp):
    def __init_subclass__(cls) -> None:
        raise TypeError("nobody inherits from this")


class Patched(websocket.WebSocketApp):
    def __init__(self) -> None:
        super().__init__("ws://127.0.0.1:9")
        vars(self)["_callback"] = print


@pytest.mark.parametrize("ws", [Sealed("ws://127.0.0.1:9"), Patched(), object()], ids=["sealed", "patched", "unknown"])
def test_nothing_is_sent_where_nothing_can_be_kept(ws: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def bot() -> None:
        await asyncio.wait_for(shim.heartbeat(ws), PATIENCE)

    caplog.set_level(logging.WARNING, "bybit_shim")
    shim.start_heartbeat(ws)
    asyncio.run(bot())
    assert caplog.text.count("no pings go out") == 2
    assert not beats()
