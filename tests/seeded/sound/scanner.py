"""Looks for volume all over the market, with ccxt in coroutines."""

import asyncio
import os

import ccxt.async_support as ccxt

from bybit_lint.shim import env_flag, jitter


def connect():
    return ccxt.bybit(
        {
            "apiKey": os.environ["TIDE_KEY"],
            "secret": os.environ["TIDE_SECRET"],
            "sandbox": env_flag("TIDE_SANDBOX"),
            "options": {"defaultType": "swap"},
        }
    )


async def busiest(exchange, count):
    delay = 1
    for _ in range(5):
        try:
            tickers = await exchange.fetch_tickers()
            break
        except ccxt.ExchangeNotAvailable:
            await asyncio.sleep(jitter(delay))
            delay *= 2
    else:
        return []
    ranked = sorted(tickers.values(), key=lambda ticker: ticker["quoteVolume"] or 0, reverse=True)
    return [ticker["symbol"] for ticker in ranked[:count]]


async def main():
    exchange = connect()
    try:
        print(await busiest(exchange, 10))
    finally:
        await exchange.close()


if __name__ == "__main__":
    asyncio.run(main())
