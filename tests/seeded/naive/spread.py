"""The other leg: a hedge through ccxt, which rounds what it sends, but not what it is handed raw."""

import logging
import os
import time

import ccxt

log = logging.getLogger("tide.spread")
exchange = ccxt.bybit(
    {
        "apiKey": os.environ["TIDE_MAINNET_KEY"],
        "secret": os.environ["TIDE_MAINNET_SECRET"],
        "sandbox": True,  # finding BYB101
        "enableRateLimit": True,
    }
)


def price(symbol):
    for attempt in range(6):
        try:
            return exchange.fetch_ticker(symbol)["last"]
        except ccxt.NetworkError as error:
            log.info("no price: %s", error)
            time.sleep(5 * (attempt + 1))  # finding BYB301
    raise RuntimeError(f"no price of {symbol}")


def hedge(symbol, usdt):
    """Sell against the position; ccxt rounds the amount itself."""
    return exchange.create_order(symbol, "market", "sell", usdt / price(symbol))


def hedge_with_stop(market, usdt):
    """The same by the endpoint's own name, for what ccxt has no word for."""
    last = float(price(market["symbol"]))
    answer = exchange.private_post_v5_order_create(
        {
            "category": "linear",
            "symbol": market["id"],
            "side": "Sell",
            "orderType": "Market",
            "qty": str(usdt / last),  # finding BYB201
            "stopLoss": str(last * 1.02),  # finding BYB203
        }
    )
    if str(answer["retCode"]) != "0":  # finding BYB303
        log.error("refused: %s", answer["retMsg"])
    return answer["result"]
