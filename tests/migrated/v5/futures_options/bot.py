"""Sells a dated future and bids for a call."""

import os

from pybit.unified_trading import HTTP

KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
FUTURE, CALL = "BTCUSDZ30", "BTC-26DEC30-60000-C"
futures = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)
options = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)

futures.set_leverage(category="inverse", symbol=FUTURE, buyLeverage="2", sellLeverage="2")
futures.place_order(
    category="inverse", symbol=FUTURE, side="Sell", orderType="Market", qty=500, timeInForce="GTC", positionIdx=0
)
futures.set_trading_stop(
    category="inverse", symbol=FUTURE, tpslMode="Full", positionIdx=0, takeProfit=50000, stopLoss=66000
)
options.place_order(
    category="option",
    symbol=CALL,
    side="Buy",
    orderType="Limit",
    qty="0.10",
    price="4900",
    timeInForce="GTC",
    orderLinkId="call-1",
)
options.amend_order(category="option", symbol=CALL, orderLinkId="call-1", price="4850", qty="0.20")
for order in options.get_open_orders(category="option", symbol=CALL)["result"]["list"]:
    print(order["symbol"], order["side"], float(order["qty"]) * float(order["price"]))
options.cancel_all_orders(category="option", baseCoin="BTC")
