"""A broker whose methods stand in another file, with a client that it has from a third."""

import os

from feed import *


class Broker:
    from _orders import enter, leave

    def __init__(self, symbol):
        self.symbol = symbol
        self.session = HTTP(
            endpoint="https://api-testnet.bybit.com",
            api_key=os.environ["BYBIT_TESTNET_KEY"],
            api_secret=os.environ["BYBIT_TESTNET_SECRET"],
            spot=False,
        )


broker = Broker("BTCUSDT")
price = last_price("BTCUSDT")
first, second = broker.enter(price - 1000), broker.enter(price - 2000)
print(price, broker.leave(first))
