"""A desk for one contract."""

import os

from desk import Desk

desk = Desk("ETHUSDT", os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
print(abs(desk.drift()) < 5, round(desk.funding(), 5))
filled = desk.order("Buy", 0.3, stopLoss=2800)
desk.ladder([2950, 2900])
desk.forget(filled)
print(desk.position())
desk.session.cancel_all_orders(category="linear", symbol="ETHUSDT", orderFilter="Order")
