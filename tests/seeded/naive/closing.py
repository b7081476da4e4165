"""Give up all positions by hand."""

from pybit.unified_trading import HTTP


class Closing:
    """One account's positions."""

    def __init__(self):
        self.session = HTTP(testnet=True)

    def give_up(self, symbol):
        """Take back the open orders of one symbol."""
        self.session.cancel_all_orders(category="linear", symbol=symbol)


def main(symbols):
    closing = Closing()
    for symbol in symbols:
        closing.give_up(symbol, category="linear")  # finding BYB605
    closing.report()  # finding BYB605
