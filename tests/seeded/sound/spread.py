"""The other leg: a hedge through ccxt, which rounds what it sends, but not what it is handed raw."""

import logging
import os
import time

import ccxt

from bybit_lint.shim import jitter

log = logging.getLogger("tide.spread")
exchange = ccxt.bybit(
    {
        "apiKey": os.environ["TIDE_MAINNET_KEY"],
        "secret": os.environ["TIDE_MAINNET_SECRET"],
        "sandbox": False,
        "enableRateLimit": True,
    }
)


def price(symbol):
    for attempt in range(6):
        try:
            return exchange.fetch_ticker(symbol)["last"]
        except ccxt.NetworkError as error:
            log.info("no price: %s", error)
            time.sleep(jitter(5 * (attempt + 1)))
    raise RuntimeError(f"no price of {symbol}")


def hedge(symbol, usdt):
    """Sell against the position; ccxt rounds the amount itself."""
    return exchange.create_order(symbol, "market", "sell", usdt / price(symbol))


def hedge_with_stop(market, usdt):
    """The same by the endpoint's own name, for what ccxt has no word for."""
    last = float(price(market["symbol"]))
    qty = exchange.amount_to_precision(market["symbol"], usdt / last)
    stop = exchange.price_to_precision(market["symbol"], last * 1.02)
    answer = exchange.private_post_v5_order_create(
        {
            "category": "linear",
            "symbol": market["id"],
            "side": "Sell",
            "orderType": "Market",
            "qty": qty,
            "stopLoss": stop,
        }
    )
    return answer["result"]
