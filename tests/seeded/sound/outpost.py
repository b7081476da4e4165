"""The outpost: ccxt from coroutines, in the words that Bybit has."""

import os
from datetime import datetime, timezone

import ccxt.async_support as ccxt
import numpy as np

exchange = ccxt.bybit(
    {
        "apiKey": os.environ["TIDE_OUTPOST_KEY"],
        "secret": os.environ["TIDE_OUTPOST_SECRET"],
        "options": {"defaultType": "swap"},
    }
)
exchange.set_sandbox_mode(True)
CONTRACT = "SOL/USDT:USDT"
SPRING = int(datetime(2026, 3, 20, tzinfo=timezone.utc).timestamp() * 1000)
NATIVE = {"category": "linear", "symbol": "SOLUSDT"}


async def enter(amount):
    """Buy at the market, at the leverage that is set."""
    return await exchange.create_order(CONTRACT, "market", "buy", amount)


async def trail(amount, distance):
    """Let the stop follow."""
    return await exchange.create_order(
        CONTRACT, "market", "sell", amount, None, {"trailingAmount": distance, "reduceOnly": True}
    )


async def leave_at(amount, price):
    """Sell above, if it comes to that."""
    return await exchange.create_order(CONTRACT, "limit", "sell", amount, price, {"reduceOnly": True})


async def forget(order_id):
    """Take an order back."""
    return await exchange.cancel_order(order_id, CONTRACT)


async def steps():
    """What each hour of spring brought."""
    answer = await exchange.public_get_v5_market_kline({**NATIVE, "interval": "60"})
    rows = answer["result"]["list"][::-1]
    return np.diff([float(row[4]) for row in rows])


async def since_spring():
    """Candles from a day on."""
    return await exchange.fetch_ohlcv(CONTRACT, "1h", SPRING, 200)


async def entry():
    """At which price it is held."""
    answer = await exchange.private_get_v5_position_list(NATIVE)
    rows = answer["result"]["list"]
    return [row["avgPrice"] for row in rows if row["side"] == "Buy"]


async def spare(coin):
    """What lies in the funding wallet."""
    answer = await exchange.private_get_v5_asset_transfer_query_account_coins_balance({"accountType": "FUND"})
    for row in answer["result"]["balance"]:
        if row["coin"] == coin and float(row["walletBalance"] or 0) > 0:
            return float(row["transferBalance"] or 0)
    return 0.0
