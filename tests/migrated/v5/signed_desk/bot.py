"""Trades BTC inverse: the desk says what it wants, its client signs and sends it."""

import os

from client import Client


class Desk:
    def __init__(self, client, symbol):
        self.client, self.symbol = client, symbol

    def buy(self, qty, price=None, order_type="Limit"):
        payload = {
            "category": "inverse",
            "symbol": self.symbol,
            "side": "Buy",
            "orderType": order_type,
            "qty": str(qty),
            "price": None if price is None else str(price),
            "timeInForce": "GTC",
        }
        return self.client.request("POST", "/v5/order/create", payload)

    def cancel(self, order_id):
        payload = {"category": "inverse", "symbol": self.symbol, "orderId": order_id}
        return self.client.request("POST", "/v5/order/cancel", payload=payload)

    def stop_loss(self, price):
        payload = {
            "category": "inverse",
            "symbol": self.symbol,
            "tpslMode": "Full",
            "positionIdx": 0,
            "stopLoss": str(price),
        }
        return self.client.request("POST", "/v5/position/trading-stop", payload)

    def size(self):
        payload = {"category": "inverse", "symbol": self.symbol}
        return float(self.client.request("GET", "/v5/position/list", payload)["result"]["list"][0]["size"])

    def equity(self):
        answer = self.client.request("GET", "/v5/account/wallet-balance", {"accountType": "UNIFIED", "coin": "BTC"})
        return float(answer["result"]["list"][0]["coin"][0]["equity"])


def main():
    key, secret = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
    desk = Desk(Client(key, secret), "BTCUSD")
    made = desk.buy(10, 50000)
    if made["retCode"] != 0:
        raise SystemExit(made["retMsg"])
    print(desk.cancel(made["result"]["orderId"])["retCode"])
    print(desk.buy(20, order_type="Market")["retCode"])
    print(desk.size() / 10, desk.equity() > 0)
    print(desk.stop_loss(40000)["retCode"])


if __name__ == "__main__":
    main()
