"""What an account can still pay for."""

from __future__ import annotations

from decimal import Decimal

from exchange.accounts import Account, worth
from exchange.records import Order
from exchange.venue import Venue


def available(venue: Venue, account: Account, coin: str) -> Decimal:
    """What is left of a coin beside positions and open orders."""
    held = account.coins.get(coin, Decimal(0)) - account.margin(coin, venue.instruments)
    return held - reserved(venue, account, coin)


def reserved(venue: Venue, account: Account, coin: str) -> Decimal:
    """What the open orders bind of a coin."""
    return sum((_bound(venue, account, order, coin) for order in venue.orders(account.environment)), Decimal(0))


def _bound(venue: Venue, account: Account, order: Order, coin: str) -> Decimal:
    instrument = venue.instruments.get((order.category, order.symbol))
    if not order.is_open or order.reduce_only or order.trigger_price or instrument is None:
        return Decimal(0)
    qty, price = Decimal(order.qty), Decimal(order.price)
    if order.is_spot:
        is_buy = order.side == "Buy"
        bound_coin = instrument.quote_coin if is_buy else instrument.base_coin
        return (qty * price if is_buy else qty) if bound_coin == coin else Decimal(0)
    if instrument.settle_coin != coin:
        return Decimal(0)
    return worth(instrument, qty, price) / Decimal(account.leverage(order.category, order.symbol))
