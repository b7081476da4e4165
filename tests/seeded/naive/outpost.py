"""The outpost: ccxt from coroutines, with words that it brought from elsewhere."""

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
SPRING = datetime(2026, 3, 20, tzinfo=timezone.utc).timestamp()
NATIVE = {"category": "linear", "symbol": "SOLUSDT"}


async def enter(amount):
    """Buy at the market, twice over and isolated."""
    return await exchange.create_order(
        CONTRACT,
        "market",
        "buy",
        amount,
        None,
        {"leverage": 2, "marginMode": "isolated"},  # finding BYB211 BYB211
    )


async def trail(amount, percent):
    """Let the stop follow."""
    params = {"trailingPercent": percent}  # finding BYB211
    return await exchange.create_order(CONTRACT, "market", "sell", amount, None, params)


async def leave_at(amount, price):
    """Sell above, if it comes to that."""
    return await exchange.create_order(CONTRACT, "limit", "sell", amount, price, {"takeProfitPrice": price})


async def forget(order_id):
    """Take an order back."""
    return await exchange.cancel_order(order_id)  # finding BYB213


async def steps():
    """What each hour of spring brought."""
    answer = await exchange.public_get_v5_market_kline({**NATIVE, "interval": "60"})
    rows = answer["result"]["list"]
    return np.diff([float(row[4]) for row in rows])  # finding BYB701


async def since_spring():
    """Candles from a day on."""
    return await exchange.fetch_ohlcv(CONTRACT, "1h", SPRING, 200)  # finding BYB402


async def entry():
    """At which price it is held."""
    answer = await exchange.private_get_v5_position_list(NATIVE)
    rows = answer["result"]["list"]
    return [row["entryPrice"] for row in rows if row["side"] == "buy"]  # finding BYB707 BYB708


async def spare(coin):
    """What lies in the funding wallet."""
    answer = await exchange.private_get_v5_asset_transfer_query_account_coins_balance({"accountType": "FUND"})
    for row in answer["result"]["balance"]:
        if row["coin"] == coin and row["walletBalance"] > 0:  # finding BYB709
            return float(row["equity"])  # finding BYB707
    return 0.0
