"""Orders that must get through, and questions that must be answered."""

import logging
import random
import time

import ccxt
from pybit.unified_trading import HTTP
from settings import KEY, SECRET
from spread import exchange

log = logging.getLogger("tide.insist")
stubborn = HTTP(
    testnet=True,
    api_key=KEY,
    api_secret=SECRET,
    recv_window=60000,  # finding BYB405
    force_retry=True,
)
patient = HTTP(
    testnet=True,
    api_key=KEY,
    api_secret=SECRET,
    recv_window="9000",  # finding BYB404
)


def buy(symbol, qty):
    """Three tries, a little apart."""
    for _ in range(3):
        try:
            return patient.place_order(  # finding BYB221
                category="linear",
                symbol=symbol,
                side="Buy",
                orderType="Market",
                qty=qty,
            )
        except Exception as error:
            log.warning("not bought: %s", error)
            time.sleep(random.uniform(1, 3))
    return None


def sell(symbol, qty):
    """pybit tries again by itself."""
    return stubborn.place_order(  # finding BYB221
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Market",
        qty=qty,
    )


def hedge(symbol, size):
    tries = 0
    while tries < 4:
        try:
            return exchange.create_order(symbol, "market", "sell", size)  # finding BYB221
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
        except Exception as error:  # finding BYB302
            log.warning("no mark price: %s", error)
