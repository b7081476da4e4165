"""The runtime helpers where bots use them: orders, clocks and sockets against the emulated exchange."""

from __future__ import annotations

import asyncio
import gc
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import requests
import websocket
import websockets.asyncio.client
import websockets.exceptions
import websockets.sync.client
from exchange import INSTRUMENTS, KEYS, Conditions, Exchange, Fault, Instrument, Latency, Limits, SocketFault, Sockets
from hypothesis import given, settings
from hypothesis import strategies as st
from pybit.unified_trading import HTTP, WebSocket  # type: ignore[import-untyped]  # pybit ships no types
from streams import streamed
from trader import ORDER, Trader, redirect

from bybit_lint import shim

TESTNET = KEYS[1]
REST = "https://api-testnet.bybit.com"
STREAM = "wss://stream-testnet.bybit.com/v5/public/linear"
FILTERS = "/v5/market/instruments-info"
RICH = Conditions(
    balance={"USDT": "1e30", "BTC": "1e30", "ETH": "1e30", "SOL": "1e30", "USDC": "1e30"},
    limits=Limits(per_second={"/v5/order/create": 10**6}, per_address=10**6),
)
PATIENCE = 20.0  # seconds until a test gives up
QUANTITIES = {  # between a minimum and a maximum of the table, in floats as bots compute them
    each: st.floats(float(each.min_order_qty), float(each.max_mkt_order_qty) / 2) for each in INSTRUMENTS
}


@pytest.fixture(scope="module")
def running() -> Iterator[Exchange]:
    with Exchange() as exchange, pytest.MonkeyPatch.context() as patch:
        redirect(exchange, patch)
        yield exchange


@pytest.fixture
def exchange(running: Exchange, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """With nothing known of any instrument or clock."""
    monkeypatch.setattr(shim, "_instruments", {})
    monkeypatch.setattr(shim, "_clocks", {})
    running.reset(RICH)
    return running


def session(exchange: Exchange, testnet: bool = True) -> Any:
    made = HTTP(testnet=testnet, api_key=TESTNET.api_key, api_secret=TESTNET.secret)
    made.client.verify = str(exchange.ca)
    return made


def asked(exchange: Exchange, path: str) -> int:
    return sum(answer.path == path for answer in exchange.answers)


def eventually(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


# --- steps ------------------------------------------------------------------------------------------------------------


def order(instrument: Instrument, qty: str, **changed: object) -> dict[str, object]:
    link = {"orderLinkId": shim.new_order_link_id()}
    return {"category": instrument.category, "symbol": instrument.symbol, "qty": qty, **link, **changed}


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: f"{each.category} {each.symbol}")
def test_every_instrument_takes_what_was_rounded(exchange: Exchange, instrument: Instrument) -> None:
    trader = Trader(exchange)

    @settings(max_examples=40)
    @given(QUANTITIES[instrument])
    def takes(qty: float) -> None:
        unit = {"marketUnit": "baseCoin"} if instrument.category == "spot" else {}
        rounded = shim.round_qty(REST, instrument.category, instrument.symbol, qty)
        answer = trader.order(**order(instrument, rounded, **unit))
        worth = Decimal(rounded) * Decimal("1" if instrument.category == "inverse" else instrument.last_price)
        if worth >= Decimal(instrument.min_notional_value):
            assert answer["retCode"] == 0, (qty, rounded, answer)
        else:
            assert answer["retCode"] in (110094, 170140), (qty, rounded, answer)
        assert qty * (1 - 1e-15) - float(instrument.qty_step) <= float(rounded) <= qty * (1 + 1e-15)

    takes()
    assert asked(exchange, FILTERS) == 1


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: f"{each.category} {each.symbol}")
@pytest.mark.parametrize("up", [False, True])
def test_every_instrument_takes_a_price_that_was_rounded(exchange: Exchange, instrument: Instrument, up: bool) -> None:
    price = float(instrument.last_price) * 0.987654321
    rounded = shim.round_price(REST, instrument.category, instrument.symbol, price, up=up)
    qty = Decimal(instrument.min_order_qty) * 100_000
    answer = Trader(exchange).order(**order(instrument, str(qty), orderType="Limit", price=rounded))
    assert answer["retCode"] in (0, 10001), answer
    assert "Price" not in answer["retMsg"]
    assert (Decimal(rounded) >= Decimal(price)) is up


def test_an_amount_in_quote_coin_is_rounded_to_its_own_step(exchange: Exchange) -> None:
    spot = next(each for each in INSTRUMENTS if each.category == "spot")
    amount = shim.round_qty(REST, "spot", "BTCUSDT", 100 / 3, unit="quoteCoin")
    assert amount == "33.33333333"
    assert Trader(exchange).order(**order(spot, amount))["retCode"] == 0
    assert Trader(exchange).order(**order(spot, str(100 / 3)))["retCode"] == 170148


def test_below_the_step_nothing_is_sent_and_below_the_minimum_bybit_judges(exchange: Exchange) -> None:
    exchange.reset(replace(RICH, instruments=(replace(INSTRUMENTS[0], min_order_qty="0.005"),)))
    with pytest.raises(ValueError, match="below the minimum"):
        shim.round_qty(REST, "linear", "BTCUSDT", 0.0009)
    qty = shim.round_qty(REST, "linear", "BTCUSDT", 0.0049)
    assert (qty, Trader(exchange).order(qty=qty)["retCode"]) == ("0.004", 10001)


def test_above_the_maximum_bybit_judges(exchange: Exchange) -> None:
    qty = shim.round_qty(REST, "linear", "BTCUSDT", 500.0015)
    answer = Trader(exchange).order(qty=qty)
    assert (qty, answer["retCode"]) == ("500.001", 10001)
    assert "maximum limit" in answer["retMsg"]


def test_zero_closes_a_position(exchange: Exchange) -> None:
    client = session(exchange)
    client.place_order(**ORDER)
    qty = shim.round_qty(client, "linear", "BTCUSDT", 0)
    client.place_order(**{**ORDER, "side": "Sell", "qty": qty}, reduceOnly=True, closeOnTrigger=True)
    assert client.get_positions(category="linear", symbol="BTCUSDT")["result"]["list"][0]["size"] == "0"


def test_threads_that_trade_several_symbols_ask_once_for_each(exchange: Exchange) -> None:
    linear = [each for each in INSTRUMENTS if each.category == "linear"]
    client, traders = session(exchange), [Trader(exchange) for _ in range(8)]

    def trade(number: int) -> int:
        each = linear[number % len(linear)]
        qty = shim.round_qty(client, "linear", each.symbol, float(each.min_order_qty) * 1234.567)
        return int(traders[number % 8].order(**order(each, qty))["retCode"])

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(trade, range(10 * len(linear))))
    assert codes == [0] * len(codes)
    assert asked(exchange, FILTERS) == len(linear)


def test_tasks_ask_once_too(exchange: Exchange) -> None:
    async def main() -> list[str]:
        rounding = (asyncio.to_thread(shim.round_qty, REST, "linear", "SOLUSDT", 1.26) for _ in range(20))
        return await asyncio.gather(*rounding)

    assert asyncio.run(main()) == ["1.2"] * 20
    assert asked(exchange, FILTERS) == 1


def test_spot_and_linear_of_one_name_are_two_instruments(exchange: Exchange) -> None:
    assert shim.round_qty(REST, "linear", "BTCUSDT", 0.0123456789) == "0.012"
    assert shim.round_qty(REST, "spot", "BTCUSDT", 0.0123456789) == "0.012345"


def test_filters_that_change_are_noticed_within_the_hour(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shim.round_qty(REST, "linear", "BTCUSDT", 0.0159) == "0.015"
    exchange.list_instruments(replace(INSTRUMENTS[0], qty_step="0.01", min_order_qty="0.01"))
    stale = shim.round_qty(REST, "linear", "BTCUSDT", 0.0159)
    assert Trader(exchange).order(qty=stale)["retCode"] == 10001
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + shim._KEEP + 1)
    fresh = shim.round_qty(REST, "linear", "BTCUSDT", 0.0159)
    assert (fresh, Trader(exchange).order(qty=fresh)["retCode"]) == ("0.01", 0)


@pytest.mark.parametrize("does", ["drop", "bad gateway", "html", "forbidden", "rate limit"])
def test_an_order_goes_out_as_it_is_where_bybit_cannot_be_asked(
    exchange: Exchange, does: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fault = Fault(FILTERS, does, is_accepted=False, method="GET")
    exchange.reset(replace(RICH, faults=(fault,)))
    assert shim.round_qty(REST, "linear", "BTCUSDT", 0.0159) == ("0.015" if does == "rate limit" else "0.0159")
    assert bool(caplog.records) is (does != "rate limit")  # public paths have no such limit


def test_an_unknown_symbol_goes_out_as_it_is_and_bybit_judges(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    qty = shim.round_qty(REST, "linear", "BTCUSDX", 0.0159)
    assert (qty, Trader(exchange).order(symbol="BTCUSDX", qty=qty)["retCode"]) == ("0.0159", 10001)
    assert "could not be read" in caplog.text


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skew", "there", "back"),
    [
        (0, 0, 0),
        (-1.5, 0, 0),  # the bot's clock is ahead
        (-3600, 0, 0),
        (12, 0, 0),  # the bot's clock is behind
        (3600, 0, 0),
        (-1.5, 0.4, 0),
        (-1.5, 0, 0.4),
        (-0.9, 0.3, 0),
        (8, 0.4, 0),
        (8, 0, 0.4),
        (8, 0.3, 0.3),
    ],
)
def test_a_timestamp_by_bybits_clock_is_accepted(exchange: Exchange, skew: float, there: float, back: float) -> None:
    exchange.reset(replace(RICH, skew=skew, latency=Latency(there, back)))
    shim.server_timestamp(REST)
    exchange.reset(replace(RICH, skew=skew))  # the next request is a fast one, for which a stamp is soonest too new
    assert signed_order(exchange)["retCode"] == 0
    exchange.reset(replace(RICH, skew=skew, latency=Latency(there, back)))
    assert signed_order(exchange)["retCode"] == 0


def signed_order(exchange: Exchange) -> Any:
    return Trader(exchange, ahead=shim.server_timestamp(REST) / 1000 - time.time()).order()


def test_a_slow_answer_proves_little_and_another_is_asked_for(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shim, "_RETRY", 0.0)
    ahead = replace(RICH, skew=-1.1)  # as the request was under way for longer, the bot's clock may have been right
    exchange.reset(replace(ahead, latency=Latency(there=1.2)))
    shim.server_timestamp(REST)
    exchange.reset(ahead)
    eventually(lambda: signed_order(exchange)["retCode"] == 0)


def test_a_slow_answer_replaces_no_better_one(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "_MEASURE", 0.0)
    exchange.reset(replace(RICH, skew=12))
    assert abs(shim.server_timestamp(REST) - exchange.clock.now) < 300
    exchange.reset(replace(RICH, skew=12, latency=Latency(back=1.2)))
    begun = time.monotonic()
    while time.monotonic() - begun < 1.5:
        assert abs(shim.server_timestamp(REST) - exchange.clock.now) < 300
        time.sleep(0.05)


@pytest.mark.parametrize("skew", [-20, 20])
def test_many_threads_that_sign_share_one_measurement(exchange: Exchange, skew: float) -> None:
    exchange.reset(replace(RICH, skew=skew))
    with ThreadPoolExecutor(16) as pool:
        stamps = list(pool.map(lambda _: shim.server_timestamp(REST), range(64)))
    assert asked(exchange, "/v5/market/time") == 1
    assert all(abs(stamp - exchange.clock.now) < 900 for stamp in stamps)


def test_a_clock_that_cannot_be_measured_is_the_local_one(exchange: Exchange) -> None:
    exchange.reset(replace(RICH, faults=(Fault("/v5/market/time", "bad gateway", times=99, method="GET"),)))
    assert signed_order(exchange)["retCode"] == 0


def test_each_network_has_a_clock_of_its_own(exchange: Exchange) -> None:
    for host in ("https://api-testnet.bybit.com/v5/order/create", "https://api.bybit.com", REST):
        shim.server_timestamp(host)
    times = [answer.environment for answer in exchange.answers if answer.path == "/v5/market/time"]
    assert times == ["testnet", "mainnet"]


# --- orders that are tried again --------------------------------------------------------------------------------------


@pytest.mark.parametrize("does", ["drop", "bad gateway", "html"])
@pytest.mark.parametrize("is_accepted", [True, False])
def test_one_link_id_makes_one_order_of_all_tries(exchange: Exchange, does: Any, is_accepted: bool) -> None:
    exchange.reset(replace(RICH, faults=(Fault("/v5/order/create", does, times=2, is_accepted=is_accepted),)))
    trader, link = Trader(exchange), shim.new_order_link_id("grid-")
    codes = []
    for _ in range(3):
        with suppress(requests.RequestException):
            codes.append(trader.order(orderLinkId=link)["retCode"])
    assert len(exchange.orders) == 1
    assert codes == [110072 if is_accepted else 0]


def test_link_ids_are_taken_and_all_different(exchange: Exchange) -> None:
    traders = [Trader(exchange) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: traders[n % 8].order(orderLinkId=shim.new_order_link_id("a-b_C")), range(200))
        )
    assert {answer["retCode"] for answer in answers} == {0}


@pytest.mark.parametrize(("text", "network"), [("true", "testnet"), ("False", "mainnet"), ("0", "mainnet")])
def test_a_flag_chooses_the_network(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, text: str, network: str
) -> None:
    monkeypatch.setenv("BYBIT_TESTNET", text)
    session(exchange, shim.env_flag("BYBIT_TESTNET")).get_server_time()
    assert [answer.environment for answer in exchange.answers] == [network]


# --- sockets ----------------------------------------------------------------------------------------------------------

SPEED = 60.0  # the exchange's seconds per second
QUIET = Sockets(idle=60, tick=0, latency=0)  # nothing is pushed, so that only pings keep a socket open


# websocket-client leaves the socket of a connection that was lost to the garbage collector.
LEAVES_SOCKETS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def fast(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    """The exchange's time is fast, and so are the helpers' beats."""
    monkeypatch.setattr(shim, "_PING_EVERY", shim._PING_EVERY / SPEED)
    exchange.reset(Conditions(scale=SPEED, sockets=QUIET))
    yield exchange
    gc.collect()


def context(exchange: Exchange) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(exchange.ca))


def with_websockets(address: str, done: threading.Event, heard: list[Any], helps: bool) -> None:
    async def main() -> None:
        async with websockets.asyncio.client.connect(address, ping_interval=None) as stream:
            if helps:
                shim.heartbeat(stream)
            with suppress(websockets.exceptions.ConnectionClosed):
                while not done.is_set():
                    with suppress(TimeoutError, asyncio.TimeoutError):
                        heard.append(await asyncio.wait_for(stream.recv(), 0.05))

    asyncio.run(main())


def with_aiohttp(address: str, done: threading.Event, heard: list[Any], helps: bool) -> None:
    async def main() -> None:
        async with streamed(address, ssl.create_default_context()) as stream:
            if helps:
                shim.heartbeat(stream)
            while not done.is_set() and not stream.closed:
                with suppress(TimeoutError, asyncio.TimeoutError):
                    heard.append((await stream.receive(0.05)).data)

    asyncio.run(main())


def with_websockets_in_threads(address: str, done: threading.Event, heard: list[Any], helps: bool) -> None:
    with websockets.sync.client.connect(address, ping_interval=None) as stream:
        if helps:
            shim.start_heartbeat(stream)
        with suppress(websockets.exceptions.ConnectionClosed):
            while not done.is_set():
                with suppress(TimeoutError):
                    heard.append(stream.recv(0.05))


def with_websocket_client(address: str, done: threading.Event, heard: list[Any], helps: bool) -> None:
    stream = websocket.create_connection(address, timeout=PATIENCE)
    stream.settimeout(0.05)
    if helps:
        shim.start_heartbeat(stream)
    with suppress(websocket.WebSocketConnectionClosedException, ConnectionError, ssl.SSLError):
        while not done.is_set():
            with suppress(websocket.WebSocketTimeoutException):
                heard.append(stream.recv())
    stream.close()


def with_websocket_app(address: str, done: threading.Event, heard: list[Any], helps: bool) -> None:
    stream = websocket.WebSocketApp(address, on_message=lambda _, text: heard.append(text))
    if helps:
        shim.start_heartbeat(stream)
    stream.run_forever()  # until the exchange is reset


CLIENTS = (with_websockets, with_aiohttp, with_websockets_in_threads, with_websocket_client, with_websocket_app)


CHANNELS = ("public/linear", "public/spot", "public/option", "private", "trade")  # each with a pong of its own


@LEAVES_SOCKETS
def test_quiet_sockets_are_kept_open_by_the_helper_and_lost_without(fast: Exchange) -> None:
    done, heard = threading.Event(), dict[str, list[Any]]()
    with ThreadPoolExecutor(2 * len(CLIENTS)) as pool:
        for number, client in enumerate(CLIENTS):
            for name in ("helped", "alone"):
                address = STREAM.replace("public/linear", CHANNELS[number]) + f"?{client.__name__}-{name}"
                mine = heard[f"{client.__name__}-{name}"] = []
                pool.submit(client, address, done, mine, name == "helped")
        begun = fast.clock.now
        eventually(lambda: fast.clock.now - begun > 150_000)
        ends = {socket.query: socket.ended for socket in fast.sockets}
        pings = {socket.query: len(socket.pings) for socket in fast.sockets}
        told = {name: list(messages) for name, messages in heard.items() if "helped" in name}
        done.set()
        fast.reset()
    assert ends == {
        f"{client.__name__}-{name}": ended for client in CLIENTS for name, ended in (("helped", ""), ("alone", "idle"))
    }
    assert all((count > 1) is ("helped" in query) for query, count in pings.items())
    assert told == {f"{client.__name__}-helped": [] for client in CLIENTS}


@LEAVES_SOCKETS
def test_a_socket_that_is_opened_again_is_pinged_again(fast: Exchange) -> None:
    lost = SocketFault("/v5/public/linear", "drop", after=50)
    fast.reset(Conditions(scale=SPEED, sockets=replace(QUIET, faults=(lost, replace(lost, nth=2, does="close")))))
    stream = shim.start_heartbeat(websocket.WebSocketApp(STREAM))

    def run() -> None:
        while not ended.is_set():
            stream.run_forever()

    ended = threading.Event()
    thread = threading.Thread(target=run)
    thread.start()
    try:
        eventually(lambda: len(fast.sockets) == 3 and len(fast.sockets[2].pings) > 2)
        assert [socket.ended for socket in fast.sockets] == ["drop", "close", ""]
        assert all(socket.pings for socket in fast.sockets)
    finally:
        ended.set()
        fast.reset()
        thread.join(PATIENCE)


@pytest.mark.parametrize("helps", [True, False])
def test_a_callback_that_fails_ends_a_stream_of_pybits_only_without_the_guard(
    exchange: Exchange, helps: bool, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.reset(Conditions(sockets=Sockets(tick=0.02)))
    caplog.set_level(logging.CRITICAL, "websocket")
    calls = list[str]()

    def callback(message: dict[str, Any]) -> None:
        calls.append(message["topic"])
        raise ValueError(message)

    stream = WebSocket(testnet=True, channel_type="linear")
    try:
        stream.ticker_stream("BTCUSDT", shim.guarded(callback) if helps else callback)
        if helps:
            eventually(lambda: len(calls) > 5)
            assert exchange.sockets[0].is_open
        else:
            eventually(lambda: exchange.sockets and not exchange.sockets[0].is_open)
            assert len(calls) == 1
    finally:
        stream.exit()
