"""Orders that are cut to the steps of their contract, by hand."""

import math
from decimal import ROUND_DOWN, Decimal

from broker import last_price, session


def contract(symbol):
    return session.get_instruments_info(category="linear", symbol=symbol)["result"]["list"][0]


def whole(qty, step):
    """Down to whole steps."""
    return Decimal(str(qty)).quantize(Decimal(step), rounding=ROUND_DOWN)  # finding BYB205


def buy(symbol, usdt):
    step = contract(symbol)["lotSizeFilter"]["qtyStep"]
    qty = whole(usdt / last_price(symbol), step)
    return session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty=str(qty))


def bid(symbol, qty, discount):
    """A limit order some way below the market."""
    tick = float(contract(symbol)["priceFilter"]["tickSize"])
    price = math.floor(last_price(symbol) * (1 - discount) / tick) * tick  # finding BYB205
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Limit",
        qty=qty,
        price=str(price),
    )
