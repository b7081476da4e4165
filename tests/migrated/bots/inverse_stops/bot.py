"""Goes long in BTCUSD contracts, with a stop below and a second entry above the market."""

import os

from pybit import inverse_perpetual

symbol = "BTCUSD"
session = inverse_perpetual.HTTP(
    "https://api-testnet.bybit.com", os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
)


def waiting():
    return session.query_conditional_order(symbol=symbol)["result"]


session.set_leverage(symbol=symbol, leverage=3)
session.place_active_order(symbol=symbol, side="Buy", order_type="Market", qty=600, time_in_force="GoodTillCancel")
price = float(session.latest_information_for_symbol(symbol=symbol)["result"][0]["last_price"])
stop = session.place_conditional_order(
    symbol=symbol,
    side="Sell",
    order_type="Market",
    qty=300,
    base_price=price,
    stop_px=price - 2000,
    time_in_force="GoodTillCancel",
    trigger_by="LastPrice",
    close_on_trigger=True,
)["result"]
entry = session.place_conditional_order(
    symbol=symbol,
    side="Buy",
    order_type="Limit",
    qty=100,
    price=61500,
    base_price=price,
    stop_px=price + 1000,
    time_in_force="GoodTillCancel",
    trigger_by="MarkPrice",
    order_link_id="second-entry",
)["result"]
session.replace_conditional_order(symbol=symbol, stop_order_id=stop["stop_order_id"], p_r_trigger_price=57500)
for order in waiting():
    print(order["side"], float(order["stop_px"]) - price, order["order_status"])
session.cancel_conditional_order(symbol=symbol, stop_order_id=entry["stop_order_id"])
print(len(waiting()), "waits")
session.cancel_all_conditional_orders(symbol=symbol)
print(len(waiting()), "waits")
session.set_trading_stop(symbol=symbol, stop_loss=56000, trailing_stop=500, new_trailing_active=62000)
position = session.my_position(symbol=symbol)["result"]
print(position["side"], position["size"] / float(position["entry_price"]))
