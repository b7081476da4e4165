"""Ladders of limit orders below the market, on the account and on its hedge."""

from broker import last_price, session
from spread import exchange, price

from bybit_lint.shim import round_price, round_qty


def ladder(symbol, count, usdt):
    """Each step one percent deeper."""
    start = last_price(symbol)
    for level in range(1, count + 1):
        target = start * (1 - 0.01 * level)
        session.place_order(
            category="linear",
            symbol=symbol,
            side="Buy",
            orderType="Limit",
            qty=round_qty(session, "linear", symbol, usdt / target),
            price=round_price(session, "linear", symbol, target),
        )


def mirror(market, usdt):
    """One step above the market, on the other account."""
    target = float(price(market["symbol"])) * 1.01
    return exchange.private_post_v5_order_create(
        {
            "category": "linear",
            "symbol": market["id"],
            "side": "Sell",
            "orderType": "Limit",
            "qty": exchange.amount_to_precision(market["symbol"], usdt / target),
            "price": exchange.price_to_precision(market["symbol"], target),
        }
    )
