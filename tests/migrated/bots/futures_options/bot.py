"""Sells a dated future and bids for a call."""

import os

from pybit import inverse_futures, usdc_options

HOST = "https://api-testnet.bybit.com"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
FUTURE, CALL = "BTCUSDZ30", "BTC-26DEC30-60000-C"
futures = inverse_futures.HTTP(endpoint=HOST, api_key=KEY, api_secret=SECRET)
options = usdc_options.HTTP(endpoint=HOST, api_key=KEY, api_secret=SECRET)

futures.set_leverage(symbol=FUTURE, buy_leverage=2, sell_leverage=2)
futures.place_active_order(
    symbol=FUTURE, side="Sell", order_type="Market", qty=500, time_in_force="GoodTillCancel", position_idx=0
)
futures.set_trading_stop(symbol=FUTURE, take_profit=50000, stop_loss=66000, position_idx=0)
options.place_active_order(
    symbol=CALL,
    side="Buy",
    orderType="Limit",
    orderQty="0.10",
    orderPrice="4900",
    timeInForce="GoodTillCancel",
    orderLinkId="call-1",
)
options.replace_active_order(symbol=CALL, orderLinkId="call-1", orderPrice="4850", orderQty="0.20")
for order in options.get_active_order(category="OPTION", symbol=CALL)["result"]["dataList"]:
    print(order["symbol"], order["side"], float(order["qty"]) * float(order["price"]))
options.cancel_all_active_orders(baseCoin="BTC")


def both_sides():
    futures.position_mode_switch(symbol=FUTURE, mode="BothSide")
