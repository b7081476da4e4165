"""Orders that are found again by their own names, and the money that is there for them."""

import time
import uuid

from broker import session

FAMILY = "tide-v3"


def ticket(kind):
    return f"{FAMILY}-{kind}-{int(time.time())}"


def buy(coin, size, price):
    return session.place_order(
        category="spot",
        symbol=f"{coin}USDT",
        side="Buy",
        orderType="Limit",
        qty=size,
        price=price,
        orderLinkId=ticket("buy"),
    )


def sell(coin, size, price):
    order = {"category": "spot", "symbol": coin + "USDT", "side": "Sell", "orderType": "Limit"}
    order["orderLinkId"] = f"sell-{uuid.uuid4().hex[:24]}"
    return session.place_order(**order, qty=size, price=price)


def money():
    answer = session.get_wallet_balance(accountType="UNIFIED", coin="USDT")
    return answer["result"]["list"][0]["coin"][0]["walletBalance"]
