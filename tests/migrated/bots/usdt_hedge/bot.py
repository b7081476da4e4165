"""Holds both sides of ETH, and gives up the short one."""

import os

from pybit import usdt_perpetual

SYMBOL = "ETHUSDT"
LONG, SHORT = 1, 2
session = usdt_perpetual.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def market(side, qty, position_idx, reduce_only=False, **stops):
    return session.place_active_order(
        symbol=SYMBOL,
        side=side,
        order_type="Market",
        qty=qty,
        time_in_force="ImmediateOrCancel",
        reduce_only=reduce_only,
        close_on_trigger=False,
        position_idx=position_idx,
        **stops,
    )


def show():
    for position in session.my_position(symbol=SYMBOL)["result"]:
        if position["size"] > 0:
            print(position["side"], position["size"] * position["entry_price"], int(position["leverage"]))


session.position_mode_switch(symbol=SYMBOL, mode="BothSide")
session.set_leverage(symbol=SYMBOL, buy_leverage=5, sell_leverage=5)
market("Buy", 0.5, LONG, take_profit=3300, stop_loss=2900)
market("Sell", 0.2, SHORT)
session.set_trading_stop(symbol=SYMBOL, side="Sell", stop_loss=3150, position_idx=SHORT)
session.set_trading_stop(symbol=SYMBOL, side="Buy", trailing_stop=50, position_idx=LONG)
show()
market("Buy", 0.2, SHORT, reduce_only=True)
show()
for row in session.closed_profit_and_loss(symbol=SYMBOL, limit=10)["result"]["data"]:
    print("closed", row["closed_size"] * row["avg_exit_price"])
