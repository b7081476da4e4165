"""Orders that must get through, and questions that must be answered."""

import logging
import random
import time

import ccxt
from pybit.unified_trading import HTTP
from settings import KEY, SECRET
from spread import exchange

from bybit_lint.shim import new_order_link_id

log = logging.getLogger("tide.insist")
single = HTTP(
    testnet=True,
    api_key=KEY,
    api_secret=SECRET,
    recv_window=8000,
)
patient = HTTP(
    testnet=True,
    api_key=KEY,
    api_secret=SECRET,
    recv_window=9000,
)


def buy(symbol, qty):
    """Three tries, a little apart, of one order."""
    name = new_order_link_id()
    for _ in range(3):
        try:
            return patient.place_order(
                category="linear",
                symbol=symbol,
                side="Buy",
                orderType="Market",
                qty=qty,
                orderLinkId=name,
            )
        except Exception as error:
            log.warning("not bought: %s", error)
            time.sleep(random.uniform(1, 3))
    return None


def sell(symbol, qty):
    """Once."""
    return single.place_order(category="linear", symbol=symbol, side="Sell", orderType="Market", qty=qty)


def hedge(symbol, size):
    tries, name = 0, new_order_link_id()
    while tries < 4:
        try:
            return exchange.create_order(symbol, "market", "sell", size, params={"orderLinkId": name})
        except ccxt.NetworkError:
            tries += 1
            time.sleep(random.uniform(2, 4))
    return None


def mark_price(symbol):
    """The price that liquidations go by; without it there is nothing to do."""
    while True:
        try:
            answer = patient.get_tickers(category="linear", symbol=symbol)
            return answer["result"]["list"][0]["markPrice"]
        except Exception as error:
            log.warning("no mark price: %s", error)
            time.sleep(random.uniform(1, 5))
