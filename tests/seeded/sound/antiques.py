"""The antiques: what two clients from before V5 did in a corner of the boat-house, through pybit now."""

import os
from decimal import Decimal
from uuid import uuid4

from pybit.unified_trading import HTTP

brass = HTTP(testnet=True, api_key=os.environ["TIDE_BRASS_KEY"], api_secret=os.environ["TIDE_BRASS_SECRET"])
oak = HTTP(testnet=True, api_key=os.environ["TIDE_OAK_KEY"], api_secret=os.environ["TIDE_OAK_SECRET"])


def on_grid(number, step):
    """The next multiple of a step below."""
    return str(Decimal(str(number)) // Decimal(step) * Decimal(step))


def steps(symbol):
    """Of what quantities and prices are multiples."""
    row = brass.get_instruments_info(category="linear", symbol=symbol)["result"]["list"][0]
    return row["lotSizeFilter"]["qtyStep"], row["priceFilter"]["tickSize"]


def brass_buys(symbol, usdt, price):
    """What the money is good for."""
    step, tick = steps(symbol)
    return brass.place_order(
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Limit",
        qty=on_grid(usdt / float(price), step),
        price=on_grid(price, tick),
        timeInForce="GTC",
        orderLinkId=f"brass-{uuid4().hex[:24]}",
    )


def brass_holds(symbol):
    """Three times is enough."""
    row = brass.get_positions(category="linear", symbol=symbol)["result"]["list"][0]
    if row["leverage"] != "3":
        brass.set_leverage(category="linear", symbol=symbol, buyLeverage="3", sellLeverage="3")


def oak_sells(symbol, contracts, price):
    """A little above the price."""
    step, tick = steps(symbol)
    return oak.place_order(
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Limit",
        qty=on_grid(contracts, step),
        price=on_grid(price * 1.01, tick),
    )


def oak_looks(symbol):
    """How many contracts are held."""
    return [row["size"] for row in oak.get_positions(category="linear", symbol=symbol)["result"]["list"]]
