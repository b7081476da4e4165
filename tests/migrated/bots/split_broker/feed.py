"""What everybody sees, and the client that the files of this bot share."""

from pybit import HTTP

public = HTTP("https://api-testnet.bybit.com")


def last_price(symbol):
    return float(public.latest_information_for_symbol(symbol="BTCUSDT")["result"][0]["last_price"])
