"""Sizes as the instruments want them, asked when they are needed."""

from decimal import Decimal

from broker import session


class Lots:
    """The steps of all contracts, by symbol."""

    def __init__(self):
        self.steps = {}

    def learn(self, symbol):
        rows = session.get_instruments_info(category="linear", symbol=symbol)["result"]["list"]
        self.steps[symbol] = Decimal(rows[0]["lotSizeFilter"]["qtyStep"])

    def cut(self, symbol, size):
        step = self.steps[symbol]
        return Decimal(size) // step * step


def tick(symbol):
    rows = session.get_instruments_info(category="linear", symbol=symbol)["result"]["list"]
    return Decimal(rows[0]["priceFilter"]["tickSize"])


def offer(symbol, size, price):
    """Sell a little at a price."""
    lots = Lots()
    lots.learn(symbol)
    limit = Decimal(price) // tick(symbol) * tick(symbol)
    session.place_order(
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Limit",
        qty=str(lots.cut(symbol, size)),
        price=str(limit),
    )
