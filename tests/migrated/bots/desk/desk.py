"""What a desk asks of Bybit, in a class with its own words."""

import time

from pybit import HTTP
from pybit.exceptions import InvalidRequestError


class Desk:
    def __init__(self, symbol, key, secret):
        self.symbol = symbol
        self.session = HTTP(endpoint="https://api-testnet.bybit.com", api_key=key, api_secret=secret, retry_delay=1)

    def drift(self):
        return float(self.session.server_time()["time_now"]) - time.time()

    def funding(self):
        return self.session.get_the_last_funding_rate(symbol=self.symbol)["result"]["funding_rate"] * 3

    def order(self, side, qty, **more):
        params = {
            "symbol": self.symbol,
            "side": side,
            "order_type": "Market",
            "qty": qty,
            "time_in_force": "ImmediateOrCancel",
            "reduce_only": False,
            "close_on_trigger": False,
        }
        params.update(more)
        return self.session.place_active_order(**params)["result"]["order_id"]

    def ladder(self, prices):
        orders = [
            {
                "symbol": self.symbol,
                "side": "Buy",
                "order_type": "Limit",
                "qty": 0.1,
                "price": price,
                "time_in_force": "GoodTillCancel",
                "reduce_only": False,
                "close_on_trigger": False,
            }
            for price in prices
        ]
        self.session.place_active_order_bulk(orders)

    def forget(self, order_id):
        try:
            self.session.cancel_active_order(symbol=self.symbol, order_id=order_id)
        except InvalidRequestError as error:
            print("not cancelled:", error.status_code)

    def position(self):
        for side in self.session.my_position(symbol=self.symbol)["result"]:
            if side["side"] == "Buy":
                return side["size"] * 1.0, side["unrealised_pnl"] * 1.0
        return 0.0, 0.0
