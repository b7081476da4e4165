"""What a desk asks of Bybit, in a class with its own words."""

import time

from pybit.exceptions import InvalidRequestError
from pybit.unified_trading import HTTP


class Desk:
    def __init__(self, symbol, key, secret):
        self.symbol = symbol
        self.session = HTTP(testnet=True, api_key=key, api_secret=secret, retry_delay=1)

    def drift(self):
        return float(self.session.get_server_time()["result"]["timeSecond"]) - time.time()

    def funding(self):
        answer = self.session.get_funding_rate_history(category="linear", symbol=self.symbol, limit=1)
        return float(answer["result"]["list"][0]["fundingRate"]) * 3

    def order(self, side, qty, **more):
        params = {
            "category": "linear",
            "symbol": self.symbol,
            "side": side,
            "orderType": "Market",
            "qty": qty,
            "timeInForce": "IOC",
            "reduceOnly": False,
            "closeOnTrigger": False,
        }
        params.update(more)
        return self.session.place_order(**params)["result"]["orderId"]

    def ladder(self, prices):
        orders = [
            {
                "symbol": self.symbol,
                "side": "Buy",
                "orderType": "Limit",
                "qty": "0.1",
                "price": str(price),
                "timeInForce": "GTC",
                "reduceOnly": False,
                "closeOnTrigger": False,
            }
            for price in prices
        ]
        self.session.place_batch_order(category="linear", request=orders)

    def forget(self, order_id):
        try:
            self.session.cancel_order(category="linear", symbol=self.symbol, orderId=order_id)
        except InvalidRequestError as error:
            print("not cancelled:", error.status_code)

    def position(self):
        for side in self.session.get_positions(category="linear", symbol=self.symbol)["result"]["list"]:
            if side["side"] == "Buy":
                return float(side["size"]) * 1.0, float(side["unrealisedPnl"]) * 1.0
        return 0.0, 0.0
