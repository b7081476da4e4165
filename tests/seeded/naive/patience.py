"""A second account that is set up with care, and then left alone when something fails."""

from pybit.unified_trading import HTTP

second = HTTP(
    testnet=True,
    max_retries="5",  # finding BYB308
    retry_codes=[],  # finding BYB308
)
third = HTTP(testnet=True, max_retries=0)  # finding BYB308


def prepare():
    second.set_leverage(category="linear", symbol="ETHUSDT", buyLeverage="3", sellLeverage="3")  # finding BYB307
    third.switch_position_mode(category="linear", coin="USDT", mode=0)  # finding BYB307


def protect(symbol, stop):
    try:
        second.set_trading_stop(category="linear", symbol=symbol, stopLoss=stop, tpslMode="Full", positionIdx=0)
    except Exception as error:  # finding BYB222
        print("no stop:", error)


def clear(symbol):
    try:
        second.cancel_all_orders(category="linear", symbol=symbol)
    except:  # finding BYB222
        pass


prepare()
