"""Orders that are cut to the steps of their contract, by hand."""

from decimal import Decimal

from broker import last_price, session


def contract(symbol):
    return session.get_instruments_info(category="linear", symbol=symbol)["result"]["list"][0]


def whole(number, step):
    """Down to whole steps, as text without an exponent."""
    return format(Decimal(str(number)) // Decimal(step) * Decimal(step), "f")


def buy(symbol, usdt):
    step = contract(symbol)["lotSizeFilter"]["qtyStep"]
    qty = whole(usdt / last_price(symbol), step)
    return session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty=qty)


def bid(symbol, qty, discount):
    """A limit order some way below the market."""
    tick = contract(symbol)["priceFilter"]["tickSize"]
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Limit",
        qty=qty,
        price=whole(last_price(symbol) * (1 - discount), tick),
    )
