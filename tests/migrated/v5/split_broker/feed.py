"""What everybody sees, and the client that the files of this bot share."""

from pybit.unified_trading import HTTP

public = HTTP(testnet=True)


def last_price(symbol):
    return float(public.get_tickers(category="linear", symbol="BTCUSDT")["result"]["list"][0]["lastPrice"])
