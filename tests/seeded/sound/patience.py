"""A second account that is set up with care, and looked after when something fails."""

from pybit.exceptions import InvalidRequestError
from pybit.unified_trading import HTTP

second = HTTP(
    testnet=True,
    max_retries=5,
    retry_codes={10002, 10006, 10016},
)
third = HTTP(testnet=True, max_retries=1)


def prepare():
    try:
        second.set_leverage(category="linear", symbol="ETHUSDT", buyLeverage="3", sellLeverage="3")
        third.switch_position_mode(category="linear", coin="USDT", mode=0)
    except InvalidRequestError as error:
        if error.status_code not in (110025, 110043):
            raise


def protect(symbol, stop):
    try:
        second.set_trading_stop(category="linear", symbol=symbol, stopLoss=stop, tpslMode="Full", positionIdx=0)
    except Exception as error:
        print("no stop:", error)
        raise


def clear(symbol):
    try:
        return second.cancel_all_orders(category="linear", symbol=symbol)
    except Exception as error:
        print("still there:", error)
        return None


prepare()
