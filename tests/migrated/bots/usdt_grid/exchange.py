"""All that is asked of Bybit."""

import config
from pybit import usdt_perpetual

session = usdt_perpetual.HTTP(
    endpoint=config.URL,
    api_key=config.API_KEY,
    api_secret=config.API_SECRET,
    request_timeout=30,
)


def lever(times):
    response = session.set_leverage(symbol=config.SYMBOL, buy_leverage=times, sell_leverage=times)
    if response["ret_code"] != 0:
        print("leverage:", response["ret_msg"])


def middle():
    return float(session.latest_information_for_symbol(symbol=config.SYMBOL)["result"][0]["last_price"])


def place(side, qty, price):
    response = session.place_active_order(
        symbol=config.SYMBOL,
        side=side,
        order_type="Limit",
        qty=qty,
        price=price,
        time_in_force="PostOnly",
        reduce_only=False,
        close_on_trigger=False,
    )
    return response["result"]


def waiting():
    response = session.get_active_order(symbol=config.SYMBOL, order_status="New")
    return response["result"]["data"] or []


def clear():
    # the stop of the position has to stay
    session.cancel_all_active_orders(symbol=config.SYMBOL)
