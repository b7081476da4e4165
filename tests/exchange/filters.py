"""Which quantities and prices an instrument takes, by category."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from exchange.conditions import Assumed
from exchange.instruments import Instrument
from exchange.refusals import (
    OFF_STEP,
    OFF_TICK,
    OUT_OF_RANGE,
    SPOT_AMOUNT_DECIMALS,
    SPOT_OFF_STEP,
    SPOT_OFF_TICK,
    SPOT_TOO_FEW,
    SPOT_TOO_LITTLE,
    SPOT_TOO_MANY,
    TOO_FEW,
    TOO_LITTLE,
    TOO_MANY,
    Refused,
)
from exchange.standing import assumed, documented

PRICES = ("price", "triggerPrice", "takeProfit", "stopLoss", "tpLimitPrice", "slLimitPrice", "activePrice")


def plain(number: Decimal) -> str:
    """Plain decimal notation without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fits(number: Decimal, step: str) -> bool:
    """True for a multiple of the step."""
    return not number % Decimal(step)


def check_prices(instrument: Instrument, given: Mapping[str, Any]) -> None:
    for name in PRICES:
        if name in given and Decimal(given[name]):  # zero removes a take profit
            check_price(instrument, Decimal(given[name]))


@documented("v5/market/instrument")
def check_price(instrument: Instrument, price: Decimal) -> None:
    """A price is a multiple of tickSize, on spot too, and from minPrice to maxPrice."""
    if not fits(price, instrument.tick_size):
        raise Refused(SPOT_OFF_TICK if instrument.category == "spot" else OFF_TICK)
    if instrument.category != "spot" and not instrument.min_price <= price <= instrument.max_price:
        raise Refused(OUT_OF_RANGE)


@documented("v5/market/instrument")
def check_quantity(instrument: Instrument, qty: Decimal, *, is_market: bool) -> None:
    """A quantity of contracts is a multiple of qtyStep, from minOrderQty to maxMktOrderQty or maxOrderQty."""
    most = Decimal(instrument.max_mkt_order_qty if is_market else instrument.max_order_qty)
    if qty < Decimal(instrument.min_order_qty):
        raise Refused(TOO_FEW)
    if qty > most:
        raise Refused(TOO_MANY, qty=plain(qty * 10**8), most=plain(most * 10**8))
    if not fits(qty, instrument.qty_step):
        raise Refused(OFF_STEP)


@assumed("stop_sizes", "what a partial stop closes becomes the quantity of an order")
def check_stop_sizes(instrument: Instrument, given: Mapping[str, Any], rules: Assumed) -> None:
    """The size of a partial stop is a multiple of qtyStep."""
    sizes = [Decimal(given[name]) for name in ("tpSize", "slSize") if name in given]
    if rules.stop_sizes == "refused" and not all(fits(size, instrument.qty_step) for size in sizes):
        raise Refused(OFF_STEP)


@documented("v5/market/instrument")
def check_value(instrument: Instrument, value: Decimal) -> None:
    """An order for contracts is worth minNotionalValue or more."""
    if value < Decimal(instrument.min_notional_value):
        raise Refused(TOO_LITTLE, least=instrument.min_notional_value, coin=instrument.quote_coin)


@documented("v5/market/instrument")
def check_spot(instrument: Instrument, qty: Decimal, value: Decimal, *, is_market: bool) -> None:
    """A spot quantity in coins has the decimals of basePrecision, and the order is worth minOrderAmt or more."""
    if not fits(qty, instrument.qty_step):
        raise Refused(SPOT_OFF_STEP)
    if not qty:
        raise Refused(SPOT_TOO_FEW)
    if qty > Decimal(instrument.max_mkt_order_qty if is_market else instrument.max_order_qty):
        raise Refused(SPOT_TOO_MANY)
    if value < Decimal(instrument.min_notional_value):
        raise Refused(SPOT_TOO_LITTLE)


@documented("v5/order/create-order")
def check_spot_amount(instrument: Instrument, amount: Decimal) -> None:
    """A spot market buy counts in quote coin unless it says otherwise, with the decimals of quotePrecision."""
    if not fits(amount, instrument.quote_precision):
        raise Refused(SPOT_AMOUNT_DECIMALS)
    if amount < Decimal(instrument.min_notional_value):
        raise Refused(SPOT_TOO_LITTLE)
