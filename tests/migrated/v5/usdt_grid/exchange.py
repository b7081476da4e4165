"""All that is asked of Bybit."""

import config
from pybit.exceptions import InvalidRequestError
from pybit.unified_trading import HTTP

session = HTTP(
    testnet=True,
    api_key=config.API_KEY,
    api_secret=config.API_SECRET,
    timeout=30,
)


def lever(times):
    try:
        session.set_leverage(category="linear", symbol=config.SYMBOL, buyLeverage=str(times), sellLeverage=str(times))
    except InvalidRequestError as error:
        print("leverage:", error.message)


def middle():
    return float(session.get_tickers(category="linear", symbol=config.SYMBOL)["result"]["list"][0]["lastPrice"])


def place(side, qty, price):
    response = session.place_order(
        category="linear",
        symbol=config.SYMBOL,
        side=side,
        orderType="Limit",
        qty=qty,
        price=price,
        timeInForce="PostOnly",
        reduceOnly=False,
        closeOnTrigger=False,
    )
    return response["result"]


def waiting():
    response = session.get_open_orders(category="linear", orderFilter="Order", symbol=config.SYMBOL)
    return response["result"]["list"] or []


def clear():
    # the stop of the position has to stay
    session.cancel_all_orders(category="linear", symbol=config.SYMBOL, orderFilter="Order")
