"""The emulated exchange over sockets, spoken to by plain clients and by pybit."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import websockets.exceptions
from exchange import KEYS, Assumed, Conditions, Exchange, Fault, SocketFault, Sockets
from pybit.unified_trading import WebSocket, WebSocketTrading  # type: ignore[import-untyped]  # pybit ships no types
from streams import streamed
from trader import ORDER, Trader, redirect
from websockets.sync.client import ClientConnection, connect

MAINNET, TESTNET, DEMO = KEYS
PATIENCE = 20.0  # seconds until a test gives up
PUBLIC, PRIVATE, TRADE = "/v5/public/linear", "/v5/private", "/v5/trade"


@pytest.fixture(scope="module")
def running() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


@pytest.fixture
def exchange(running: Exchange) -> Exchange:
    running.reset()
    return running


class Client:
    """A socket that speaks JSON."""

    def __init__(
        self, exchange: Exchange, path: str = PUBLIC, host: str = "stream-testnet.bybit.com", **how: Any
    ) -> None:
        self._context = connect(
            f"wss://{host}{path}",
            sock=socket.create_connection(("127.0.0.1", exchange.port)),
            ssl=ssl.create_default_context(cafile=str(exchange.ca)),
            **{"ping_interval": None, "compression": None, **how},
        )
        self.socket: ClientConnection = self._context.__enter__()

    def ask(self, **message: Any) -> Any:
        """Say something and return what comes next."""
        self.say(**message)
        return self.next()

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def next(self) -> Any:
        return json.loads(self.socket.recv(PATIENCE))

    def subscribe(self, *topics: str) -> Any:
        return self.ask(op="subscribe", args=list(topics), req_id="1")

    def authenticate(self, key: Any = TESTNET, expires_in: float = 5.0) -> Any:
        expires = int((time.time() + expires_in) * 1000)
        sign = hmac.new(key.secret.encode(), f"GET/realtime{expires}".encode(), "sha256").hexdigest()
        return self.ask(op="auth", args=[key.api_key, expires, sign])

    def end(self) -> type[BaseException]:
        """How the connection ends, when everything was read."""
        try:
            while True:
                self.next()
        except websockets.exceptions.ConnectionClosed as error:
            return type(error)

    def close(self) -> None:
        self._context.__exit__(None, None, None)


def eventually(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


# --- pings and subscriptions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/v5/public/spot", {"success": True, "ret_msg": "pong", "op": "ping"}),
        ("/v5/public/linear", {"success": True, "ret_msg": "pong", "op": "ping", "req_id": ""}),
        ("/v5/public/option", {"op": "pong", "args": ...}),
        ("/v5/private", {"op": "pong", "args": ...}),
        ("/v5/trade", {"op": "pong", "retCode": 0, "retMsg": "OK", "data": ...}),
    ],
)
def test_the_pong_has_the_shape_of_its_channel(exchange: Exchange, path: str, shape: dict[str, Any]) -> None:
    with closing(Client(exchange, path)) as client:
        pong = client.ask(op="ping")
        assert {name: pong[name] if value is not ... else ... for name, value in shape.items()} == shape
        (connection,) = exchange.sockets
        assert [frame.is_ping for frame in connection.frames] == [True]


@pytest.mark.parametrize("topic", ["orderbook.50.BTCUSDT", "tickers.BTCUSDT"])
def test_a_snapshot_comes_before_deltas(exchange: Exchange, topic: str) -> None:
    exchange.reset(Conditions(sockets=Sockets(tick=0.01)))
    with closing(Client(exchange)) as client:
        assert client.subscribe(topic)["success"]
        kinds = [client.next()["type"] for _ in range(3)]
    assert kinds == ["snapshot", "delta", "delta"]


@pytest.mark.parametrize(
    ("path", "topic"),
    [(PUBLIC, "orderbook.1.BTCUSDT"), (PUBLIC, "publicTrade.BTCUSDT"), ("/v5/public/spot", "tickers.BTCUSDT")],
)
def test_some_topics_are_snapshots_only(exchange: Exchange, path: str, topic: str) -> None:
    exchange.reset(Conditions(sockets=Sockets(tick=0.01)))
    with closing(Client(exchange, path)) as client:
        assert client.subscribe(topic)["success"]
        assert [client.next()["type"] for _ in range(2)] == ["snapshot"] * 2


def test_a_candle_is_confirmed_when_it_is_over(exchange: Exchange) -> None:
    exchange.reset(Conditions(scale=200, sockets=Sockets(tick=5)))
    with closing(Client(exchange)) as client:
        client.subscribe("kline.1.BTCUSDT")
        candles = [client.next()["data"][0]]
        while not candles[-1]["confirm"]:
            candles.append(client.next()["data"][0])
    assert {candle["start"] for candle in candles} == {candles[0]["start"]}
    assert candles[-1]["start"] % 60_000 == 0


@pytest.mark.parametrize(
    ("path", "topics", "text"),
    [
        (PUBLIC, ["orderbook.25.BTCUSDT"], "error:handler not found,topic:orderbook.25.BTCUSDT"),
        (PUBLIC, ["orderbook.500.BTCUSDT"], "error:handler not found,topic:orderbook.500.BTCUSDT"),
        (PUBLIC, ["kline.1h.BTCUSDT"], "error:handler not found,topic:kline.1h.BTCUSDT"),
        (PUBLIC, ["tickers.BTC/USDT"], "error:handler not found,topic:tickers.BTC/USDT"),
        (PUBLIC, ["tickers.BTCUSDT", "tickers.NOUSDT"], "error:handler not found,topic:tickers.NOUSDT"),
        (PUBLIC, ["tickers.BTCUSDT", "tickers.BTCUSDT" + "x" * 21_000], "args length >21000"),
        ("/v5/public/spot", ["tickers.BTCUSDT"] * 11, "args size >10"),
        ("/v5/public/inverse", ["tickers.BTCUSDT"], "error:handler not found,topic:tickers.BTCUSDT"),
        ("/v5/private", ["order"], "Request not authorized"),
    ],
    ids=lambda value: value[0][:40] if isinstance(value, list) else None,
)
def test_a_subscription_is_refused_as_a_whole(exchange: Exchange, path: str, topics: list[str], text: str) -> None:
    with closing(Client(exchange, path)) as client:
        answer = client.subscribe(*topics)
        assert (answer["success"], answer["ret_msg"], answer["req_id"]) == (False, text, "1")
        (connection,) = exchange.sockets
        assert (connection.topics, connection.refusals) == ([], [text])


def test_what_is_unsubscribed_is_pushed_no_more(exchange: Exchange) -> None:
    exchange.reset(Conditions(sockets=Sockets(tick=0.01)))
    with closing(Client(exchange)) as client:
        client.subscribe("tickers.BTCUSDT")
        assert client.subscribe("tickers.BTCUSDT")["topic"] == "tickers.BTCUSDT"  # still flowing
        client.say(op="unsubscribe", args=["tickers.BTCUSDT"])
        eventually(lambda: exchange.sockets[0].topics == [])
        client.say(op="ping")
        while "topic" in (message := client.next()) or message["op"] != "ping":
            pass
        pushed = exchange.sockets[0].pushed
        time.sleep(0.1)
        assert exchange.sockets[0].pushed == pushed


# --- authentication, the account, orders ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "expires_in", "is_known"), [(TESTNET, 5.0, True), (TESTNET, -1.0, False), (MAINNET, 5.0, False)]
)
def test_a_private_socket_is_authenticated(exchange: Exchange, key: Any, expires_in: float, is_known: bool) -> None:
    with closing(Client(exchange, PRIVATE)) as client:
        assert client.authenticate(key, expires_in)["success"] is is_known
        assert client.subscribe("order")["success"] is is_known


def test_what_happens_to_the_account_is_pushed(exchange: Exchange) -> None:
    with closing(Client(exchange, PRIVATE)) as client, closing(Client(exchange, PRIVATE, "stream.bybit.com")) as other:
        client.authenticate()
        other.authenticate(MAINNET)
        for each in (client, other):
            each.subscribe("order", "execution", "position")
        Trader(exchange).order()
        pushes = [client.next() for _ in range(4)]
        assert {push["topic"] for push in pushes} == {"order", "execution", "position"}
        assert [push["data"][0]["orderStatus"] for push in pushes if push["topic"] == "order"] == ["New", "Filled"]
        assert other.ask(op="ping")["op"] == "pong"  # nothing came before it


def header() -> dict[str, str]:
    return {"X-BAPI-TIMESTAMP": str(int(time.time() * 1000))}


def test_orders_go_over_the_trade_socket(exchange: Exchange) -> None:
    with closing(Client(exchange, TRADE)) as client:
        order = {"op": "order.create", "header": header(), "args": [ORDER]}
        assert client.ask(reqId="0", **order)["retCode"] == 10001  # not authenticated
        assert client.authenticate()["retCode"] == 0
        done = client.ask(reqId="1", **order)
        assert (done["retCode"], done["reqId"], done["data"]["orderId"]) == (0, "1", exchange.orders[0].order_id)
        assert done["header"]["X-Bapi-Limit-Status"] == "9"
        assert client.ask(reqId="1", **order)["retCode"] == 20006
        assert client.ask(reqId="2", **{**order, "op": "order.place"})["retCode"] == 10404
        assert client.ask(reqId="3", **{**order, "header": {"X-BAPI-TIMESTAMP": "1"}})["retCode"] == 10002
        assert client.ask(reqId="4", **{**order, "args": [{**ORDER, "qty": 0.01}]})["retCode"] == 10001
        assert client.ask(reqId="6", **{**order, "args": [ORDER, ORDER]})["retCode"] == 10001
        legs = {"category": "linear", "request": [ORDER, {**ORDER, "qty": "0.0015"}]}
        batch = client.ask(reqId="5", op="order.create-batch", header=header(), args=[legs])
        assert (batch["retCode"], [leg["code"] for leg in batch["retExtInfo"]["list"]]) == (0, [0, 10001])
    assert len(exchange.orders) == 2
    assert [answer.method for answer in exchange.answers] == ["WS"] * 8


def test_an_accepted_order_may_be_dropped_with_its_connection(exchange: Exchange) -> None:
    exchange.reset(Conditions(faults=(Fault("/v5/order/create", "drop", method="WS"),)))
    with closing(Client(exchange, TRADE)) as client:
        client.authenticate()
        client.say(op="order.create", header=header(), args=[ORDER])
        assert client.end() is websockets.exceptions.ConnectionClosedError
    assert len(exchange.orders) == 1
    eventually(lambda: exchange.sockets[0].ended == "drop")


def test_an_order_that_was_held_back_is_late(exchange: Exchange) -> None:
    exchange.reset(Conditions(faults=(Fault("/v5/order/create", "hold", seconds=0.3, method="WS"),)))
    with closing(Client(exchange, TRADE)) as client:
        client.authenticate()
        narrow = {**header(), "X-BAPI-RECV-WINDOW": "200"}
        assert client.ask(op="order.create", header=narrow, args=[ORDER])["retCode"] == 10002
        assert client.ask(op="order.create", header=header(), args=[ORDER])["retCode"] == 0


def test_a_socket_whose_auth_was_refused_may_stay_open(exchange: Exchange) -> None:
    for assumed, stays in ((Assumed(), True), (Assumed().turned("refused_auth"), False)):
        exchange.reset(Conditions(assumed=assumed))
        with closing(Client(exchange, PRIVATE)) as client:
            assert client.authenticate(MAINNET)["success"] is False
            if stays:
                assert client.ask(op="ping")["op"] == "pong"
            else:
                client.end()
                assert exchange.sockets[0].ended == "auth"


# --- ends -------------------------------------------------------------------------------------------------------------


def test_silence_is_cut_off_and_pings_keep_a_socket_alive(exchange: Exchange) -> None:
    exchange.reset(Conditions(scale=40, sockets=Sockets(idle=40, tick=0, latency=0)))
    with closing(Client(exchange)) as silent, closing(Client(exchange)) as pinging:
        begun = exchange.clock.now
        while exchange.clock.now - begun < 60_000:
            pinging.ask(op="ping")
            time.sleep(0.05)
        assert silent.end() is websockets.exceptions.ConnectionClosedError
        first, second = exchange.sockets
        assert (first.ended, second.ended) == ("idle", "")
        assert first.closed
        assert first.closed - first.opened >= 40_000


def test_pushed_data_keeps_a_socket_alive(exchange: Exchange) -> None:
    exchange.reset(Conditions(scale=100, sockets=Sockets(idle=5, tick=1)))
    with closing(Client(exchange)) as client:
        client.subscribe("tickers.BTCUSDT")
        eventually(lambda: exchange.sockets[0].pushed > 15)
        assert exchange.sockets[0].is_open


@pytest.mark.parametrize(("switch", "ended"), [(None, "idle"), ("protocol_ping", "")])
def test_protocol_pings_may_not_count(exchange: Exchange, switch: str | None, ended: str) -> None:
    assumed = Assumed().turned(switch) if switch else Assumed()
    exchange.reset(Conditions(scale=20, sockets=Sockets(idle=10, tick=0), assumed=assumed))
    with closing(Client(exchange, ping_interval=0.04)):
        begun = exchange.clock.now
        eventually(lambda: exchange.clock.now - begun > 15_000)
        (connection,) = exchange.sockets
        assert connection.ended == ended
        assert {frame.kind for frame in connection.frames} == {"ping"}


def test_a_private_url_may_ask_for_another_cut_off(exchange: Exchange) -> None:
    exchange.reset(Conditions(scale=200))
    with closing(Client(exchange, f"{PRIVATE}?max_active_time=30s")) as client:
        client.end()
        (connection,) = exchange.sockets
        assert (connection.ended, connection.query) == ("idle", "max_active_time=30s")


def test_the_cut_off_may_come_with_a_handshake(exchange: Exchange) -> None:
    exchange.reset(Conditions(scale=100, sockets=Sockets(idle=5, tick=0), assumed=Assumed().turned("idle_end")))
    with closing(Client(exchange)) as client:
        assert client.end() is websockets.exceptions.ConnectionClosedOK


@pytest.mark.parametrize(
    ("does", "error"),
    [("close", websockets.exceptions.ConnectionClosedOK), ("drop", websockets.exceptions.ConnectionClosedError)],
)
def test_a_connection_ends_and_the_next_one_lives(exchange: Exchange, does: Any, error: type[BaseException]) -> None:
    exchange.reset(Conditions(scale=50, sockets=Sockets(faults=(SocketFault(PUBLIC, does, after=3),))))
    with closing(Client(exchange)) as client:
        assert client.end() is error
    with closing(Client(exchange)) as client:
        begun = exchange.clock.now
        eventually(lambda: exchange.clock.now - begun > 6000)
        assert client.ask(op="ping")["ret_msg"] == "pong"
    assert exchange.sockets[0].ended == does


def test_a_stalled_connection_is_silent_and_open(exchange: Exchange) -> None:
    exchange.reset(Conditions(sockets=Sockets(tick=0.01, faults=(SocketFault(PUBLIC, "stall"),))))
    with closing(Client(exchange, close_timeout=0.1)) as client:
        client.say(op="subscribe", args=["tickers.BTCUSDT"])
        with pytest.raises(TimeoutError):
            client.socket.recv(0.2)
        assert exchange.sockets[0].is_open


def test_an_upgrade_may_be_refused(exchange: Exchange) -> None:
    exchange.reset(Conditions(sockets=Sockets(faults=(SocketFault(PUBLIC, "refuse"),))))
    with pytest.raises(websockets.exceptions.InvalidStatus, match="502"):
        Client(exchange)
    Client(exchange).close()
    eventually(lambda: [connection.ended for connection in exchange.sockets] == ["refused", "client"])


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/realtime", "stream.bybit.com"),
        ("/v5/public/perpetual", "stream.bybit.com"),
        (PUBLIC, "stream-demo.bybit.com"),
        (TRADE, "stream-demo.bybit.com"),
    ],
)
def test_some_paths_are_not_there(exchange: Exchange, path: str, host: str) -> None:
    with pytest.raises(websockets.exceptions.InvalidStatus, match="404"):
        Client(exchange, path, host)


def test_older_paths_may_be_there_and_silent(exchange: Exchange) -> None:
    exchange.reset(Conditions(assumed=Assumed().turned("older_paths")))
    with closing(Client(exchange, "/realtime")) as client:
        client.say(op="ping")
        with pytest.raises(TimeoutError):
            client.socket.recv(0.2)


# --- libraries --------------------------------------------------------------------------------------------------------


def test_aiohttp_reads_what_is_pushed(exchange: Exchange) -> None:
    async def main() -> str:
        context = ssl.create_default_context(cafile=str(exchange.ca))
        async with streamed(f"https://localhost:{exchange.port}{PUBLIC}", context) as stream:
            await stream.send_json({"op": "subscribe", "args": ["tickers.BTCUSDT"]})
            assert (await stream.receive_json())["success"]
            return str((await stream.receive_json())["data"]["lastPrice"])

    assert asyncio.run(main()) == "60000.00"


def test_pybit_streams_and_trades(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    redirect(exchange, monkeypatch)
    heard = list[str]()
    identity = {"testnet": True, "api_key": TESTNET.api_key, "api_secret": TESTNET.secret}
    streams = [
        WebSocket(testnet=True, channel_type="linear"),
        WebSocket(channel_type="private", private_auth_expire=10, **identity),
        WebSocketTrading(**identity),
    ]
    public, private, trading = streams
    try:
        public.orderbook_stream(50, "BTCUSDT", lambda message: heard.append(message["topic"]))
        private.order_stream(lambda message: heard.append(message["data"][0]["orderStatus"]))
        eventually(lambda: exchange.sockets[1].topics and exchange.sockets[2].is_authenticated)
        trading.place_order(lambda message: heard.append(message["op"]), **ORDER)
        eventually(lambda: {"orderbook.50.BTCUSDT", "Filled", "order.create"} <= set(heard))
    finally:
        for stream in streams:
            stream.exit()
