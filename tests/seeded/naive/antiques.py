"""The antiques: two clients from before V5 that still run in a corner of the boat-house."""

import os

import bybit  # finding BYB601
import pybybit

KEY, SECRET = os.environ["TIDE_BRASS_KEY"], os.environ["TIDE_BRASS_SECRET"]
brass = bybit.bybit(test=True, api_key=KEY, api_secret=SECRET)  # finding BYB602
oak = pybybit.API(os.environ["TIDE_OAK_KEY"], os.environ["TIDE_OAK_SECRET"], testnet=True)  # finding BYB602


def brass_buys(symbol, usdt, price):
    """What the money is good for, through the client that Bybit made first."""
    order = brass.LinearOrder.LinearOrder_new(
        symbol=symbol,
        side="Buy",
        order_type="Limit",
        qty=usdt / float(price),  # finding BYB201
        price=price,
        time_in_force="GoodTillCancel",
        order_link_id="brass-buys",  # finding BYB226
    )
    return order.result()


def brass_holds(symbol):
    """Three times is enough."""
    return brass.LinearPositions.LinearPositions_saveLeverage(symbol=symbol, buy_leverage=3, sell_leverage=3).result()


def oak_sells(symbol, contracts, price):
    """A little above the price."""
    above = round(price * 1.01, 2)
    return oak.rest.linear.private_order_create("Sell", symbol, "Limit", contracts, above, "GTC")  # finding BYB204


def oak_looks(symbol):
    """How many contracts are held."""
    return oak.rest.linear.private_position_list(symbol=symbol)
