"""Trades BTC inverse: the desk says what it wants, its client signs and sends it."""

import os

from client import Client


class Desk:
    def __init__(self, client, symbol):
        self.client, self.symbol = client, symbol

    def buy(self, qty, price=None, order_type="Limit"):
        payload = {
            "symbol": self.symbol,
            "side": "Buy",
            "order_type": order_type,
            "qty": qty,
            "price": price,
            "time_in_force": "GoodTillCancel",
        }
        return self.client.request("POST", "/v2/private/order/create", payload)

    def cancel(self, order_id):
        payload = {"symbol": self.symbol, "order_id": order_id}
        return self.client.request("POST", "/v2/private/order/cancel", payload=payload)

    def stop_loss(self, price):
        return self.client.request(
            "POST", "/v2/private/position/trading-stop", {"symbol": self.symbol, "stop_loss": price}
        )

    def size(self):
        return self.client.request("GET", "/v2/private/position/list", {"symbol": self.symbol})["result"]["size"]

    def equity(self):
        return self.client.request("GET", "/v2/private/wallet/balance", {"coin": "BTC"})["result"]["BTC"]["equity"]


def main():
    key, secret = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
    desk = Desk(Client(key, secret), "BTCUSD")
    made = desk.buy(10, 50000)
    if made["ret_code"] != 0:
        raise SystemExit(made["ret_msg"])
    print(desk.cancel(made["result"]["order_id"])["ret_code"])
    print(desk.buy(20, order_type="Market")["ret_code"])
    print(desk.size() / 10, desk.equity() > 0)
    print(desk.stop_loss(40000)["ret_code"])


if __name__ == "__main__":
    main()
