"""The hedge: a short beside the long position when the tide turns."""

import os

from pybit.exceptions import InvalidRequestError
from pybit.unified_trading import HTTP

session = HTTP(api_key=os.environ["TIDE_HEDGE_KEY"], api_secret=os.environ["TIDE_HEDGE_SECRET"], testnet=True)


def both_sides():
    """Let long and short positions stand beside each other."""
    try:
        session.switch_position_mode(category="linear", coin="USDT", mode=3)
    except InvalidRequestError as error:
        if error.status_code != 110025:
            raise


def hedge(symbol, size):
    """Sell as much as is held."""
    return session.place_order(  # finding BYB227
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Market",
        qty=size,
    )


def unhedge(symbol, size):
    """Buy it back."""
    return session.place_order(  # finding BYB227
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Market",
        qty=size,
        reduceOnly=True,
    )


both_sides()
