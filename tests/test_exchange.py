"""The emulated exchange over REST, asked by a client that only signs and sends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from exchange import INSTRUMENTS, KEYS, Assumed, Conditions, Exchange, Fault, Key, Latency, Limits, Position
from trader import ORDER, Trader

MAINNET, TESTNET, DEMO = KEYS
CREATE = "/v5/order/create"


@pytest.fixture(scope="module")
def running() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


@pytest.fixture
def exchange(running: Exchange) -> Exchange:
    running.reset()
    return running


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    return Trader(exchange)


def code(answer: Any) -> int:
    return int(answer["retCode"])


# --- who asks, and when -----------------------------------------------------------------------------------------------


def test_an_answer_has_bybits_five_fields(trader: Trader) -> None:
    answer = trader.get("/v5/market/time")
    assert list(answer) == ["retCode", "retMsg", "result", "retExtInfo", "time"]
    assert (answer["retCode"], answer["retMsg"], answer["retExtInfo"]) == (0, "OK", {})
    assert int(answer["result"]["timeNano"]) // 10**6 <= answer["time"]  # it is told after it is asked for
    assert abs(answer["time"] - time.time() * 1000) < 5000


@pytest.mark.parametrize(
    ("ahead", "ret_code"), [(-4, 0), (-6, 10002), (0.5, 0), (1.5, 10002), (-1.79e9, 10002)], ids=str
)
def test_a_timestamp_lies_in_the_window(exchange: Exchange, ahead: float, ret_code: int) -> None:
    assert code(Trader(exchange, ahead=ahead).order()) == ret_code
    assert len(exchange.orders) == (not ret_code)


def test_the_exchange_may_have_another_time_than_its_clients(exchange: Exchange) -> None:
    exchange.reset(Conditions(skew=-2))
    answer = Trader(exchange).order()
    assert code(answer) == 10002
    assert "req_timestamp" in answer["retMsg"]
    assert code(Trader(exchange, ahead=-2).order()) == 0


def test_a_wider_window_lets_an_older_timestamp_in(exchange: Exchange) -> None:
    trader = Trader(exchange, ahead=-8)
    answer = trader.session.get(f"{trader.url}/v5/user/query-api", headers=trader.signed("", "10000"), timeout=10)
    assert code(answer.json()) == 0


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.environment)
@pytest.mark.parametrize("host", ["api.bybit.com", "api-testnet.bybit.com", "api-demo.bybit.com"])
def test_a_key_is_known_in_its_own_environment_only(exchange: Exchange, key: Key, host: str) -> None:
    matches = Trader(exchange, key).session.headers["Host"] == host
    assert code(Trader(exchange, key, host).order()) == (0 if matches else 10003)
    assert [order.environment for order in exchange.orders] == [key.environment] * matches


def test_a_wrong_secret_is_10004(exchange: Exchange) -> None:
    assert code(Trader(exchange, replace(TESTNET, secret="another")).order()) == 10004


def test_the_signature_is_over_the_bytes_that_arrive(trader: Trader) -> None:
    headers = trader.signed('{"category": "linear"}')
    assert code(trader.send(CREATE, '{"category":"linear"}', **headers).json()) == 10004
    query = "category=linear&symbol=BTCUSDT"
    swapped = f"{trader.url}/v5/position/list?symbol=BTCUSDT&category=linear"
    assert code(trader.session.get(swapped, headers=trader.signed(query), timeout=10).json()) == 10004


@pytest.mark.parametrize(
    ("changed", "ret_code"),
    [
        ({"is_read_only": True}, 10005),
        ({"permissions": ("Spot",)}, 10005),
        ({"ips": ("203.0.113.7",)}, 10010),
        ({"is_expired": True}, 33004),
    ],
    ids=str,
)
def test_a_key_may_be_restricted(exchange: Exchange, changed: dict[str, Any], ret_code: int) -> None:
    key = replace(TESTNET, **changed)
    exchange.reset(Conditions(keys=(key,)))
    assert code(Trader(exchange, key).order()) == ret_code


def test_without_any_header_it_is_http_401_and_with_some_of_them_10001(trader: Trader) -> None:
    assert trader.session.post(f"{trader.url}{CREATE}", json=ORDER, timeout=10).status_code == 401
    some = {"X-BAPI-API-KEY": TESTNET.api_key, "X-BAPI-TIMESTAMP": str(int(time.time() * 1000))}
    assert code(trader.session.post(f"{trader.url}{CREATE}", json=ORDER, headers=some, timeout=10).json()) == 10001
    assert code(trader.send(CREATE, trader_body(), **{"X-BAPI-TIMESTAMP": "now"}).json()) == 10001


@pytest.mark.parametrize("body", ["", "[]", "symbol=BTCUSDT", '{"category": "linear",}'])
def test_a_body_is_a_json_object(trader: Trader, body: str) -> None:
    assert code(trader.send(CREATE, body).json()) == 10001


@pytest.mark.parametrize(
    ("path", "query", "ret_code"),
    [
        ("/v5/market/tickers", {"category": "linear", "symbol": "NOUSDT"}, 10001),
        ("/v5/market/tickers", {"category": "spot", "symbol": "NOUSDT"}, 170121),
        ("/v5/market/tickers", {"symbol": "BTCUSDT"}, 10001),
        ("/v5/order/realtime", {"category": "linear", "symbol": "BTCUSDT", "limit": "all"}, 10001),
        ("/v5/position/list", {"category": "spot", "symbol": "BTCUSDT"}, 10001),
    ],
)
def test_a_query_is_judged(trader: Trader, path: str, query: dict[str, str], ret_code: int) -> None:
    assert code(trader.get(path, **query)) == ret_code


def test_get_with_a_body_is_http_403(trader: Trader) -> None:
    assert trader.session.get(f"{trader.url}/v5/market/time", json={}, timeout=10).status_code == 403


# --- orders -----------------------------------------------------------------------------------------------------------


def test_an_order_is_accepted_with_its_two_ids_and_nothing_else(exchange: Exchange, trader: Trader) -> None:
    answer = trader.order(orderLinkId="mine")
    (order,) = exchange.orders
    assert answer["result"] == {"orderId": order.order_id, "orderLinkId": "mine"}
    assert (order.symbol, order.side, order.order_type, order.qty) == ("BTCUSDT", "Buy", "Market", "0.01")
    assert (order.order_status, order.exec_qty, order.avg_price) == ("Filled", "0.01", "60000")


@pytest.mark.parametrize(
    ("changed", "ret_code"),
    [
        ({"qty": "0.0037"}, 10001),
        ({"qty": "0.30000000000000004"}, 10001),
        ({"qty": "0.0001"}, 10001),
        ({"qty": "501"}, 10001),
        ({"qty": "0"}, 10001),
        ({"qty": "-1"}, 10001),
        ({"qty": "nan"}, 10001),
        ({"symbol": "DOGEUSDT", "qty": "12.7"}, 10001),
        ({"symbol": "DOGEUSDT", "qty": "120"}, 0),
        ({"symbol": "HALFUSDT", "qty": "0.75"}, 10001),
        ({"symbol": "HALFUSDT", "qty": "1.5"}, 0),
        ({"symbol": "TENUSDT", "qty": "15"}, 10001),
        ({"symbol": "TENUSDT", "qty": "20"}, 0),
        ({"symbol": "DOGEUSDT", "qty": "20"}, 110094),
        ({"orderType": "Limit", "price": "59999.95"}, 10001),
        ({"orderType": "Limit", "price": "59999.9"}, 0),
        ({"orderType": "Limit"}, 10001),
        ({"orderType": "Limit", "price": "99999999"}, 110003),
        ({"stopLoss": "59000.05"}, 10001),
        ({"category": "spot", "qty": "100"}, 0),
        ({"category": "spot", "qty": "100.123456789"}, 170148),
        ({"category": "spot", "qty": "0.01"}, 170140),
        ({"category": "spot", "qty": "0.01", "marketUnit": "baseCoin"}, 0),
        ({"category": "spot", "qty": "0.0123456", "side": "Sell"}, 170137),
        ({"category": "spot", "qty": "0.001", "orderType": "Limit", "price": "59000.123"}, 170134),
        ({"category": "spot", "qty": "1000000"}, 170131),
        ({"category": "spot", "symbol": "XUSDT"}, 170121),
        ({"category": "spot", "qty": "0", "marketUnit": "baseCoin"}, 170136),
        ({"category": "spot", "qty": "0.00001", "marketUnit": "baseCoin"}, 170140),
        ({"category": "spot", "qty": "600000", "marketUnit": "baseCoin"}, 170381),
        ({"category": "inverse", "symbol": "BTCUSD", "qty": "100"}, 0),
        ({"category": "inverse", "symbol": "BTCUSD", "qty": "100.5"}, 10001),
        ({"category": "option", "symbol": "BTC-26DEC30-60000-C", "orderLinkId": "o", "qty": "0.1"}, 0),
        ({"category": "option", "symbol": "BTC-26DEC30-60000-C", "qty": "0.1"}, 10001),
        ({"symbol": "btcusdt"}, 10001),
        ({"side": "buy"}, 10001),
        ({"side": "buy", "category": "spot", "qty": "100"}, 170117),
        ({"orderType": "market"}, 10001),
        ({"timeInForce": "GoodTillCancel"}, 10001),
        ({"orderType": None}, 10001),
        ({"category": None}, 10001),
        ({"qty": None}, 10001),
        ({"category": "perpetual"}, 10001),
        ({"orderLinkId": "x" * 37}, 10001),
        ({"orderLinkId": "a b"}, 10001),
        ({"positionIdx": 1}, 10001),
        ({"reduceOnly": True}, 110017),
        ({"qty": "200"}, 110007),
        ({"triggerPrice": "61000", "triggerDirection": 1}, 0),
        ({"triggerPrice": "59000", "triggerDirection": 1}, 110092),
        ({"triggerPrice": "61000", "triggerDirection": 2}, 110093),
    ],
    ids=str,
)
def test_an_order_is_judged(exchange: Exchange, trader: Trader, changed: dict[str, Any], ret_code: int) -> None:
    assert code(trader.order(**changed)) == ret_code
    assert len(exchange.orders) == (not ret_code)


def test_an_order_link_id_is_taken_once(exchange: Exchange, trader: Trader) -> None:
    assert [code(trader.order(orderLinkId="once")) for _ in range(2)] == [0, 110072]
    spot = {"category": "spot", "qty": "100", "orderLinkId": "once"}
    assert [code(trader.order(**spot)) for _ in range(2)] == [0, 170141]
    assert len(exchange.orders) == 2


def test_a_position_grows_is_reduced_and_turned(exchange: Exchange, trader: Trader) -> None:
    def held() -> tuple[str, str]:
        (row,) = trader.get("/v5/position/list", category="linear", symbol="BTCUSDT")["result"]["list"]
        return row["side"], row["size"]

    assert held() == ("", "0")
    trader.order(qty="0.02")
    assert held() == ("Buy", "0.02")
    assert code(trader.order(reduceOnly=True)) == 110017  # it would grow
    trader.order(side="Sell", qty="0.05", reduceOnly=True)
    assert (held(), exchange.orders[-1].exec_qty) == (("", "0"), "0.02")
    trader.order(side="Sell", qty="0.03")
    assert held() == ("Sell", "0.03")
    closing = trader.order(side="Buy", qty="0", reduceOnly=True, closeOnTrigger=True)
    assert (code(closing), held()) == (0, ("", "0"))


def test_the_exchange_tells_its_positions(exchange: Exchange, trader: Trader) -> None:
    assert exchange.positions == []
    trader.order(qty="0.02")
    trader.order(category="inverse", symbol="BTCUSD", side="Sell", qty="100")
    linear, inverse = exchange.positions
    assert (linear.environment, linear.category, linear.symbol, linear.leverage) == (
        "testnet",
        "linear",
        "BTCUSDT",
        "10",
    )
    assert (inverse.category, inverse.holding.side, str(inverse.holding.size)) == ("inverse", "Sell", "100")
    trader.order(side="Sell", qty="0.02", reduceOnly=True)
    assert [each.category for each in exchange.positions] == ["inverse"]


def test_a_limit_order_rests_until_its_price_comes(exchange: Exchange, trader: Trader) -> None:
    trader.order(orderType="Limit", price="59000")
    assert exchange.orders[0].order_status == "New"
    exchange.move_price("BTCUSDT", "58999")
    rows = trader.get("/v5/order/realtime", category="linear", symbol="BTCUSDT", openOnly=1)["result"]["list"]
    assert [(row["orderStatus"], row["avgPrice"]) for row in rows] == [("Filled", "58999")]


@pytest.mark.parametrize(("tif", "status"), [("PostOnly", "Cancelled"), ("IOC", "Filled"), ("GTC", "Filled")])
def test_a_price_that_is_there_already(exchange: Exchange, trader: Trader, tif: str, status: str) -> None:
    trader.order(orderType="Limit", price="60000", timeInForce=tif)
    assert exchange.orders[0].order_status == status


def test_an_order_is_amended_and_cancelled(exchange: Exchange, trader: Trader) -> None:
    ids = trader.order(orderType="Limit", price="59000")["result"]
    named = {"category": "linear", "symbol": "BTCUSDT", "orderId": ids["orderId"]}
    assert code(trader.post("/v5/order/amend", **named, price="59000.05")) == 10001
    assert code(trader.post("/v5/order/amend", **named, price="58000")) == 0
    assert exchange.orders[0].price == "58000"
    assert [code(trader.post("/v5/order/cancel", **named)) for _ in range(2)] == [0, 110001]
    assert exchange.orders[0].order_status == "Cancelled"
    assert code(trader.post("/v5/order/cancel", category="linear", symbol="BTCUSDT")) == 10001


def test_what_an_order_is_amended_to_is_judged_too(trader: Trader) -> None:
    spot = {"category": "spot", "symbol": "BTCUSDT", "orderLinkId": "spot"}
    trader.order(**spot, orderType="Limit", price="59000", qty="0.001")
    assert code(trader.post("/v5/order/amend", **spot, qty="0.0010001")) == 170137
    assert code(trader.post("/v5/order/amend", **spot, price="59000.001")) == 170134
    assert code(trader.post("/v5/order/amend", **spot, qty="0.002")) == 0


def test_cancel_all_takes_conditional_orders_of_contracts_too(exchange: Exchange, trader: Trader) -> None:
    def placed() -> None:
        trader.order(orderType="Limit", price="59000")
        trader.order(triggerPrice="61000", triggerDirection=1)

    placed()
    assert code(trader.post("/v5/order/cancel-all", category="linear")) == 10001
    trader.post("/v5/order/cancel-all", category="linear", symbol="BTCUSDT")
    placed()
    trader.post("/v5/order/cancel-all", category="linear", settleCoin="USDT", orderFilter="Order")
    statuses = [order.order_status for order in exchange.orders]
    assert statuses == ["Cancelled", "Cancelled", "Cancelled", "Untriggered"]


def test_the_legs_of_a_batch_have_codes_of_their_own(exchange: Exchange, trader: Trader) -> None:
    legs = [{**ORDER, "qty": qty} for qty in ("0.01", "0.0015", "0.02")]
    answer = trader.post("/v5/order/create-batch", category="linear", request=legs)
    assert (code(answer), answer["retMsg"]) == (0, "OK")
    assert [leg["code"] for leg in answer["retExtInfo"]["list"]] == [0, 10001, 0]
    assert [bool(row["orderId"]) for row in answer["result"]["list"]] == [True, False, True]
    assert [order.qty for order in exchange.orders] == ["0.01", "0.02"]
    many = trader.post("/v5/order/create-batch", category="linear", request=legs * 7)
    assert code(many) == 10001


def test_open_orders_come_in_pages(trader: Trader) -> None:
    assert code(trader.get("/v5/order/realtime", category="linear")) == 10001
    for number in range(5):
        trader.order(orderType="Limit", price="59000", orderLinkId=str(number))
    query: dict[str, Any] = {"category": "linear", "symbol": "BTCUSDT", "limit": 2}
    seen = []
    while True:
        result = trader.get("/v5/order/realtime", **query)["result"]
        seen += [row["orderLinkId"] for row in result["list"]]
        if not result["nextPageCursor"]:
            break
        query["cursor"] = unquote(result["nextPageCursor"])
    assert seen == ["4", "3", "2", "1", "0"]


def test_the_history_has_closed_orders_of_the_status_that_is_asked_for(trader: Trader) -> None:
    trader.order(orderLinkId="filled")
    for link in ("cancelled", "open"):
        trader.order(orderType="Limit", price="59000", orderLinkId=link)
    trader.post("/v5/order/cancel", category="linear", symbol="BTCUSDT", orderLinkId="cancelled")

    def links(**query: str) -> list[str]:
        rows = trader.get("/v5/order/history", category="linear", symbol="BTCUSDT", **query)["result"]["list"]
        return [row["orderLinkId"] for row in rows]

    assert links() == ["cancelled", "filled"]
    assert links(orderStatus="Filled") == ["filled"]
    assert links(orderStatus="New") == []


# --- positions and the account ----------------------------------------------------------------------------------------


def test_leverage_that_is_set_already_is_110043(trader: Trader) -> None:
    leverage = {"category": "linear", "symbol": "BTCUSDT", "buyLeverage": "5", "sellLeverage": "5"}
    assert [code(trader.post("/v5/position/set-leverage", **leverage)) for _ in range(2)] == [0, 110043]
    wrong = {**leverage, "buyLeverage": "5.0", "sellLeverage": "6"}
    assert code(trader.post("/v5/position/set-leverage", **wrong)) == 10001
    assert (
        code(trader.post("/v5/position/set-leverage", **{**leverage, "buyLeverage": "500", "sellLeverage": "500"}))
        == 110013
    )


def test_hedge_mode_wants_a_position_index(trader: Trader) -> None:
    switch = {"category": "linear", "symbol": "BTCUSDT", "mode": 3}
    assert [code(trader.post("/v5/position/switch-mode", **switch)) for _ in range(2)] == [0, 110025]
    assert code(trader.order()) == 10001
    assert code(trader.order(positionIdx=1)) == 0
    assert code(trader.post("/v5/position/switch-mode", **{**switch, "mode": 0})) == 110024
    rows = trader.get("/v5/position/list", category="linear", symbol="BTCUSDT")["result"]["list"]
    assert [(row["positionIdx"], row["side"], row["size"]) for row in rows] == [(1, "Buy", "0.01"), (2, "", "0")]


def test_the_mode_is_not_switched_where_something_is_open(trader: Trader) -> None:
    assert code(trader.post("/v5/position/switch-mode", category="linear", mode=3)) == 10001
    trader.order(orderType="Limit", price="59000")
    switch = {"category": "linear", "mode": 3}
    assert code(trader.post("/v5/position/switch-mode", **switch, symbol="BTCUSDT")) == 110028
    assert code(trader.post("/v5/position/switch-mode", **switch, coin="USDT")) == 0
    assert code(trader.order(symbol="ETHUSDT", qty="1", positionIdx=1)) == 0
    assert code(trader.order()) == 0


def test_positions_there_from_the_beginning(exchange: Exchange) -> None:
    exchange.reset(Conditions(positions=(Position("ETHUSDT", "Sell", "2", "3100"), Position("BTCUSDT", "Buy", "0.1"))))
    trader = Trader(exchange)
    rows = trader.get("/v5/position/list", category="linear", settleCoin="USDT")["result"]["list"]
    assert {(row["symbol"], row["side"], row["size"], row["unrealisedPnl"]) for row in rows} == {
        ("ETHUSDT", "Sell", "2", "200"),
        ("BTCUSDT", "Buy", "0.1", "0"),
    }
    assert code(trader.get("/v5/position/list", category="linear")) == 10001


def test_a_stop_is_set_once(trader: Trader) -> None:
    stop = {"category": "linear", "symbol": "BTCUSDT", "tpslMode": "Full", "positionIdx": 0, "stopLoss": "59000"}
    assert code(trader.post("/v5/position/trading-stop", **stop)) == 10001  # there is no position
    trader.order()
    assert [code(trader.post("/v5/position/trading-stop", **stop)) for _ in range(2)] == [0, 34040]
    assert code(trader.post("/v5/position/trading-stop", **{**stop, "stopLoss": "59000.05"})) == 10001
    assert code(trader.post("/v5/position/trading-stop", **{**stop, "positionIdx": 1})) == 10001
    assert code(trader.post("/v5/position/trading-stop", category="linear", symbol="BTCUSDT")) == 10001


def test_what_cannot_be_withdrawn_is_an_empty_text(trader: Trader) -> None:
    (account,) = trader.get("/v5/account/wallet-balance", accountType="UNIFIED")["result"]["list"]
    coins = {row["coin"]: row for row in account["coin"]}
    assert (coins["USDT"]["walletBalance"], coins["USDT"]["availableToWithdraw"]) == ("100000", "")
    assert code(trader.get("/v5/account/wallet-balance", accountType="SPOT")) == 10001


def test_spot_moves_coins(trader: Trader) -> None:
    trader.order(category="spot", qty="600")
    (account,) = trader.get("/v5/account/wallet-balance", accountType="UNIFIED", coin="BTC,USDT")["result"]["list"]
    assert [row["walletBalance"] for row in account["coin"]] == ["10.01", "99400"]


# --- market data ------------------------------------------------------------------------------------------------------


def test_the_filters_depend_on_the_category(trader: Trader) -> None:
    def row(category: str, symbol: str) -> Any:
        return trader.get("/v5/market/instruments-info", category=category, symbol=symbol)["result"]["list"][0]

    assert row("linear", "BTCUSDT")["lotSizeFilter"]["qtyStep"] == "0.001"
    assert "qtyStep" not in row("spot", "BTCUSDT")["lotSizeFilter"]
    assert row("spot", "BTCUSDT")["lotSizeFilter"]["basePrecision"] == "0.000001"
    assert "leverageFilter" not in row("option", "BTC-26DEC30-60000-C")


def test_instruments_come_in_pages_except_for_spot(exchange: Exchange) -> None:
    one = INSTRUMENTS[0]
    many = tuple(replace(one, category=kind, symbol=f"{n}USDT") for kind in ("linear", "spot") for n in range(600))
    exchange.reset(Conditions(instruments=many))
    trader = Trader(exchange)
    first = trader.get("/v5/market/instruments-info", category="linear")["result"]
    assert (len(first["list"]), first["nextPageCursor"][:4]) == (500, "from")
    rest = trader.get("/v5/market/instruments-info", category="linear", cursor=first["nextPageCursor"])["result"]
    assert (len(rest["list"]), rest["nextPageCursor"]) == (100, "")
    spot = trader.get("/v5/market/instruments-info", category="spot")["result"]
    assert (len(spot["list"]), "nextPageCursor" in spot) == (600, False)


def test_candles_are_newest_first_and_the_first_is_open(trader: Trader) -> None:
    answer = trader.get("/v5/market/kline", category="linear", symbol="BTCUSDT", interval=5, limit=3)
    starts = [int(row[0]) for row in answer["result"]["list"]]
    assert starts[0] <= answer["time"] < starts[0] + 300_000
    assert [starts[0] - start for start in starts] == [0, 300_000, 600_000]
    assert code(trader.get("/v5/market/kline", category="linear", symbol="BTCUSDT", interval="5m")) == 10001


def test_prices_are_the_conditions(exchange: Exchange) -> None:
    exchange.reset(Conditions(prices={"BTCUSDT": "50000"}))
    result = Trader(exchange).get("/v5/market/tickers", category="linear", symbol="BTCUSDT")["result"]
    assert [row["lastPrice"] for row in result["list"]] == ["50000.00"]


def test_instruments_change_while_it_runs(exchange: Exchange, trader: Trader) -> None:
    assert code(trader.order(qty="0.015")) == 0
    exchange.list_instruments(replace(INSTRUMENTS[0], qty_step="0.01"))
    assert code(trader.order(qty="0.015")) == 10001
    exchange.list_instruments(replace(INSTRUMENTS[0], status="Closed"))
    assert code(trader.order()) == 110074


@pytest.mark.parametrize("path", ["/v2/public/tickers", "/private/linear/order/create", "/v5/no/such/path"])
def test_older_paths_are_gone(trader: Trader, path: str) -> None:
    assert trader.session.get(trader.url + path, timeout=10).status_code == 404


# --- limits and faults ------------------------------------------------------------------------------------------------


def test_the_eleventh_order_of_a_second_is_10006(exchange: Exchange, trader: Trader) -> None:
    answers = [trader.send(CREATE, trader_body()) for _ in range(11)]
    assert [code(answer.json()) for answer in answers] == [0] * 10 + [10006]
    headers = answers[-1].headers
    assert (headers["X-Bapi-Limit"], headers["X-Bapi-Limit-Status"]) == ("10", "0")
    assert 0 < int(headers["X-Bapi-Limit-Reset-Timestamp"]) - exchange.clock.now <= 1000
    exchange.clock.jump(1)
    assert code(Trader(exchange, ahead=1).order()) == 0
    assert code(trader.order(category="spot", qty="100")) == 0  # counted apart


def trader_body() -> str:
    return '{"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.01"}'


def test_the_legs_of_a_batch_are_counted_one_by_one(trader: Trader) -> None:
    answer = trader.post("/v5/order/create-batch", category="linear", request=[ORDER] * 12)
    assert [leg["code"] for leg in answer["retExtInfo"]["list"]] == [0] * 10 + [10006] * 2


def test_too_many_requests_ban_the_address(exchange: Exchange) -> None:
    exchange.reset(Conditions(limits=Limits(per_address=5)))
    trader = Trader(exchange)
    answers = [trader.session.get(f"{trader.url}/v5/market/time", timeout=10) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [403]
    assert answers[-1].headers["Content-Type"].startswith("text/html")
    exchange.clock.jump(599)
    assert trader.session.get(f"{trader.url}/v5/market/time", timeout=10).status_code == 403
    exchange.clock.jump(2)
    assert trader.session.get(f"{trader.url}/v5/market/time", timeout=10).status_code == 200


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize(("does", "status"), [("drop", 0), ("bad gateway", 502), ("html", 200)])
def test_a_fault_keeps_the_answer_from_the_client(
    exchange: Exchange, does: Any, status: int, is_accepted: bool
) -> None:
    exchange.reset(Conditions(faults=(Fault(CREATE, does, nth=2, is_accepted=is_accepted),)))
    trader = Trader(exchange)
    assert code(trader.order()) == 0
    if does == "drop":
        with pytest.raises(requests.ConnectionError):
            trader.order()
    else:
        answer = trader.send(CREATE, trader_body())
        assert (answer.status_code, answer.text[:6]) == (status, "<html>")
    assert code(trader.order()) == 0
    assert len(exchange.orders) == 2 + is_accepted
    assert [answer.fault for answer in exchange.answers] == ["", does, ""]
    assert exchange.answers[1].ret_code == (0 if is_accepted else None)
    assert exchange.answers[1].status == status


def test_a_delayed_answer_is_late_and_the_order_is_not(exchange: Exchange) -> None:
    exchange.reset(Conditions(faults=(Fault(CREATE, "delay", seconds=30),)))
    trader = Trader(exchange)
    with pytest.raises(requests.ReadTimeout):
        trader.session.post(
            f"{trader.url}{CREATE}", data=trader_body(), headers=trader.signed(trader_body()), timeout=0.2
        )
    assert len(exchange.orders) == 1


@pytest.mark.parametrize(("window", "ret_code"), [("300", 10002), ("5000", 0)])
def test_a_request_that_was_held_back_may_be_too_late(exchange: Exchange, window: str, ret_code: int) -> None:
    exchange.reset(Conditions(faults=(Fault(CREATE, "hold", seconds=0.4),)))
    trader, body = Trader(exchange), trader_body()
    assert code(trader.send(CREATE, body, **trader.signed(body, window)).json()) == ret_code


def test_a_rate_limit_on_request(exchange: Exchange) -> None:
    exchange.reset(Conditions(faults=(Fault(CREATE, "rate limit"), Fault(CREATE, "forbidden", nth=2))))
    trader = Trader(exchange)
    assert code(trader.order()) == 10006
    assert trader.send(CREATE, trader_body()).status_code == 403
    assert exchange.orders == []


def test_the_way_there_counts_against_the_window_and_the_way_back_does_not(exchange: Exchange) -> None:
    for latency, ret_code in ((Latency(there=0.8), 10002), (Latency(back=0.8), 0)):
        exchange.reset(Conditions(latency=latency))
        assert code(Trader(exchange, ahead=-4.6).order()) == ret_code


def test_concurrent_requests_are_all_answered_and_all_kept(exchange: Exchange) -> None:
    exchange.reset(Conditions(limits=Limits(per_second={CREATE: 1000})))
    traders = [Trader(exchange) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: traders[n % 8].order(orderLinkId=f"o{n // 2}"), range(80)))
    assert sorted(map(code, answers)) == [0] * 40 + [110072] * 40
    assert len(exchange.orders) == 40
    assert len(exchange.answers) == 80


def test_a_reset_forgets(exchange: Exchange, trader: Trader) -> None:
    trader.order()
    exchange.clock.jump(100)
    exchange.reset()
    assert (exchange.orders, exchange.answers, exchange.sockets) == ([], [], [])
    assert abs(exchange.clock.now - time.time() * 1000) < 5000


# --- what is assumed --------------------------------------------------------------------------------------------------


def test_numbers_may_be_refused_where_text_is_documented(exchange: Exchange) -> None:
    assert both_positions(exchange, "numbers", qty=0.01) == (10001, 0)
    assert both_positions(exchange, "numbers", positionIdx="0", reduceOnly="false") == (10001, 0)
    assert both_positions(exchange, "numbers", positionIdx="none") == (10001, 10001)


def test_exponents_may_be_refused(exchange: Exchange) -> None:
    assert both_positions(exchange, "exponents", qty="1e-2") == (10001, 0)


def test_unknown_fields_may_be_ignored(exchange: Exchange) -> None:
    assert both_positions(exchange, "unknown_fields", reduce_only=True) == (0, 10001)


def test_a_conditional_order_needs_its_direction(trader: Trader) -> None:
    assert code(trader.order(triggerPrice="61000")) == 10001
    assert code(trader.order(triggerPrice="61000", triggerDirection=1)) == 0


@pytest.mark.parametrize(
    ("filter_", "status"),
    [({}, "Filled"), ({"orderFilter": "Order"}, "Filled"), ({"orderFilter": "StopOrder"}, "Untriggered")],
)
def test_a_trigger_on_spot_counts_where_the_filter_says_so(
    exchange: Exchange, trader: Trader, filter_: dict[str, str], status: str
) -> None:
    trader.order(category="spot", qty="0.001", side="Sell", triggerPrice="50000", **filter_)
    assert [order.order_status for order in exchange.orders] == [status]


def test_funding_rates_have_a_last_moment_if_they_have_a_first(trader: Trader) -> None:
    asked = {"category": "linear", "symbol": "BTCUSDT"}
    moment = 1_700_000_000_000
    assert code(trader.get("/v5/market/funding/history", **asked, startTime=moment)) == 10001
    rows = trader.get("/v5/market/funding/history", **asked, startTime=moment, endTime=moment + 86_400_000)
    assert len(rows["result"]["list"]) == 3


def test_the_size_of_a_stop_may_have_to_fit_the_step(exchange: Exchange) -> None:
    codes = []
    for assumed in (Assumed(), Assumed().turned("stop_sizes")):
        exchange.reset(Conditions(positions=(Position("BTCUSDT", "Buy", "0.1"),), assumed=assumed))
        stop = {"takeProfit": "70000", "tpSize": "0.0294", "tpslMode": "Partial", "positionIdx": 0}
        path, order = "/v5/position/trading-stop", {"category": "linear", "symbol": "BTCUSDT", **stop}
        codes.append(code(Trader(exchange).post(path, **order)))
    assert codes == [10001, 0]


def both_positions(exchange: Exchange, switch: str, **changed: object) -> tuple[int, ...]:
    """What the order is answered in the usual position of the switch, and in the other."""
    codes = []
    for assumed in (Assumed(), Assumed().turned(switch)):
        exchange.reset(Conditions(assumed=assumed))
        codes.append(code(Trader(exchange).order(**changed)))
    return tuple(codes)


def test_the_key_may_be_checked_before_the_time(exchange: Exchange) -> None:
    codes = []
    for assumed in (Assumed(), Assumed().turned("checks")):
        exchange.reset(Conditions(assumed=assumed))
        codes.append(code(Trader(exchange, MAINNET, "api-testnet.bybit.com", ahead=9).order()))
    assert codes == [10003, 10002]


def test_older_paths_may_answer_10017(exchange: Exchange) -> None:
    exchange.reset(Conditions(assumed=Assumed().turned("older_paths")))
    trader = Trader(exchange)
    assert code(trader.session.get(f"{trader.url}/v2/public/tickers", timeout=10).json()) == 10017
    assert trader.session.get(f"{trader.url}/v5/no/such/path", timeout=10).status_code == 404
