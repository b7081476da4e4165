"""The carry: a perpetual through ccxt, with its stop and its target."""

import os
import time

import ccxt

exchange = ccxt.bybit(
    {
        "apiKey": os.environ["TIDE_CARRY_KEY"],
        "secret": os.environ["TIDE_CARRY_SECRET"],
        "options": {"defaultType": "swap"},
    }
)
exchange.set_sandbox_mode(True)
CONTRACT = "ETH/USDT:USDT"


def prepare(times):
    """Five times is enough."""
    try:
        exchange.set_leverage(times, CONTRACT)
    except ccxt.BadRequest as error:
        if "110043" not in str(error):
            raise


def enter(amount, price, stop, target):
    """Buy a little below the price."""
    order = exchange.create_order(
        CONTRACT,
        "limit",
        "buy",
        amount,
        price,
        params={"stopLoss": {"triggerPrice": stop}, "takeProfit": {"triggerPrice": target}},
    )
    return order["id"]


def leave(amount):
    """Sell what is held."""
    return exchange.create_order(
        CONTRACT,
        "market",
        "sell",
        amount,
        None,
        {"reduceOnly": True},
    )


def stop_all(amount, price):
    """A last stop, for all that is held."""
    exchange.create_order(CONTRACT, "market", "sell", amount, None, {"stopLossPrice": price, "reduceOnly": True})


def wait_for(order_id):
    """The mean price of an order, once it is filled."""
    for _ in range(60):
        order = exchange.fetch_order(order_id, CONTRACT, {"acknowledged": True})
        if order["status"] == "closed":
            return order["average"]
        time.sleep(1)
    return None


def closes(count):
    """The last prices, one for each five minutes."""
    return [row[4] for row in exchange.fetch_ohlcv(CONTRACT, "5m", limit=48)]


def take_back(order_id):
    exchange.cancel_order(order_id, CONTRACT)
