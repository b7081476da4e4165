"""The account: prices, orders and positions through pybit."""

import logging
import os
import time

from pybit.exceptions import FailedRequestError, InvalidRequestError
from pybit.unified_trading import HTTP
from settings import KEY, SECRET, STOP, TARGET

log = logging.getLogger("tide.broker")
session = HTTP(
    testnet=os.getenv("TIDE_TESTNET"),  # finding BYB105
    api_key=KEY,
    api_secret=SECRET,
    request_timeout=15,  # finding BYB106
)


def last_price(symbol):
    answer = session.get_tickers(category="linear", symbol=symbol)
    if answer["retCode"] != 0:  # finding BYB303
        raise RuntimeError(answer["retMsg"])
    return float(answer["result"]["list"][0]["lastPrice"])


def closes(symbol):
    for attempt in range(5):
        try:
            rows = session.get_kline(category="linear", symbol=symbol, interval="60", limit=48)["result"]["list"]
            return [float(row[4]) for row in reversed(rows)]
        except FailedRequestError as error:
            log.warning("no candles of %s: %s", symbol, error)
            time.sleep(2**attempt)  # finding BYB301
    raise RuntimeError(f"no candles of {symbol}")


def set_leverage(symbol, leverage):
    try:
        session.set_leverage(
            category="linear",
            symbol=symbol,
            buyLeverage=str(leverage),
            sellLeverage=str(leverage),
        )
    except InvalidRequestError as error:
        if error.retCode != 110043:  # finding BYB303
            raise


def enter(symbol, side, usdt):
    """Open a position with its stop and its target."""
    price = last_price(symbol)
    sign = 1 if side == "Buy" else -1
    order = session.place_order(
        category="linear",
        symbol=symbol,
        side=side,
        orderType="Market",
        qty=str(usdt / price),  # finding BYB201
        stopLoss=str(price * (1 - sign * STOP)),  # finding BYB203
        takeProfit=str(price * (1 + sign * TARGET)),  # finding BYB203
    )
    log.info("%s %s: %s", side, symbol, order["result"]["orderId"])
    return order["result"]["orderId"]


def take_some(position, share):
    """Close a part of a position at the market."""
    side = "Sell" if position["side"] == "Buy" else "Buy"
    return session.place_order(
        category="linear",
        symbol=position["symbol"],
        side=side,
        orderType="Market",
        qty=str(float(position["size"]) * share),  # finding BYB201
        reduceOnly=True,
    )


def trail(position, price):
    """Pull the stop of a long position up."""
    return session.set_trading_stop(
        category="linear",
        symbol=position["symbol"],
        stopLoss=price * (1 - STOP),  # finding BYB203
        positionIdx=0,
    )


def rest(symbol, usdt):
    """Put two limit orders below the price, in one batch."""
    price = last_price(symbol)
    return session.place_batch_order(
        category="linear",
        request=[
            {
                "symbol": symbol,
                "side": "Buy",
                "orderType": "Limit",
                "price": str(price * 0.99),  # finding BYB203
                "qty": str(usdt / (price * 0.99)),  # finding BYB201
            },
            {
                "symbol": symbol,
                "side": "Buy",
                "orderType": "Limit",
                "price": str(price * 0.98),  # finding BYB203
                "qty": str(usdt / (price * 0.98)),  # finding BYB201
            },
        ],
    )
