"""Goes long in BTCUSD contracts, with a stop below and a second entry above the market."""

import os

from pybit.unified_trading import HTTP

symbol = "BTCUSD"
session = HTTP(testnet=True, api_key=os.environ["BYBIT_TESTNET_KEY"], api_secret=os.environ["BYBIT_TESTNET_SECRET"])


def waiting():
    return session.get_open_orders(category="inverse", symbol=symbol, orderFilter="StopOrder")["result"]["list"]


session.set_leverage(category="inverse", symbol=symbol, buyLeverage="3", sellLeverage="3")
session.place_order(category="inverse", symbol=symbol, side="Buy", orderType="Market", qty=600, timeInForce="GTC")
price = float(session.get_tickers(category="inverse", symbol=symbol)["result"]["list"][0]["lastPrice"])
stop = session.place_order(
    category="inverse",
    symbol=symbol,
    side="Sell",
    orderType="Market",
    qty=300,
    triggerDirection=1 if price - 2000 > price else 2,
    triggerPrice=price - 2000,
    timeInForce="GTC",
    triggerBy="LastPrice",
    closeOnTrigger=True,
)["result"]
entry = session.place_order(
    category="inverse",
    symbol=symbol,
    side="Buy",
    orderType="Limit",
    qty=100,
    price=61500,
    triggerDirection=1 if price + 1000 > price else 2,
    triggerPrice=price + 1000,
    timeInForce="GTC",
    triggerBy="MarkPrice",
    orderLinkId="second-entry",
)["result"]
session.amend_order(category="inverse", symbol=symbol, orderId=stop["orderId"], triggerPrice=57500)
for order in waiting():
    print(order["side"], float(order["triggerPrice"]) - price, order["orderStatus"])
session.cancel_order(category="inverse", symbol=symbol, orderId=entry["orderId"])
print(len(waiting()), "waits")
session.cancel_all_orders(category="inverse", symbol=symbol, orderFilter="StopOrder")
print(len(waiting()), "waits")
session.set_trading_stop(
    category="inverse",
    symbol=symbol,
    tpslMode="Full",
    positionIdx=0,
    stopLoss=56000,
    trailingStop="500",
    activePrice="62000",
)
position = session.get_positions(category="inverse", symbol=symbol)["result"]["list"][0]
print(position["side"], float(position["size"]) / float(position["avgPrice"]))
