"""Holds both sides of ETH, and gives up the short one."""

import os

from pybit.unified_trading import HTTP

SYMBOL = "ETHUSDT"
LONG, SHORT = 1, 2
session = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def market(side, qty, position_idx, reduce_only=False, **stops):
    return session.place_order(
        category="linear",
        symbol=SYMBOL,
        side=side,
        orderType="Market",
        qty=qty,
        timeInForce="IOC",
        reduceOnly=reduce_only,
        closeOnTrigger=False,
        positionIdx=position_idx,
        **stops,
    )


def show():
    for position in session.get_positions(category="linear", symbol=SYMBOL)["result"]["list"]:
        if float(position["size"]) > 0:
            print(position["side"], float(position["size"]) * float(position["avgPrice"]), int(position["leverage"]))


session.switch_position_mode(category="linear", symbol=SYMBOL, mode=3)
session.set_leverage(category="linear", symbol=SYMBOL, buyLeverage="5", sellLeverage="5")
market("Buy", 0.5, LONG, takeProfit=3300, stopLoss=2900)
market("Sell", 0.2, SHORT)
session.set_trading_stop(category="linear", symbol=SYMBOL, tpslMode="Full", stopLoss=3150, positionIdx=SHORT)
session.set_trading_stop(category="linear", symbol=SYMBOL, tpslMode="Full", trailingStop="50", positionIdx=LONG)
show()
market("Buy", 0.2, SHORT, reduce_only=True)
show()
for row in session.get_closed_pnl(category="linear", symbol=SYMBOL, limit=10)["result"]["list"]:
    print("closed", float(row["closedSize"]) * float(row["avgExitPrice"]))
