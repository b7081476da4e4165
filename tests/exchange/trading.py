"""What becomes of an order that is accepted: it is filled, rests or is cancelled, and the account changes with it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from exchange import filters
from exchange.accounts import Account, Holding, worth
from exchange.incoming import Incoming, listed
from exchange.instruments import Instrument
from exchange.parameters import Parameters
from exchange.records import Execution, Order
from exchange.standing import documented
from exchange.venue import Venue


def place(venue: Venue, account: Account, given: Parameters) -> Order:
    """Accept the order and fill it if it can be filled at once, or `Refused`."""
    order = Incoming(venue, account, listed(venue, given), given)
    order.check()
    accepted = order.accepted()
    venue.keep(accepted)
    match(venue, account, accepted)
    return accepted


def match(venue: Venue, account: Account, order: Order) -> None:
    """Fill an order at the last price if that is good enough; else it rests, or is cancelled where it may not."""
    instrument = venue.instruments[order.category, order.symbol]
    last, limit = venue.price(instrument), Decimal(order.price)
    if order.order_status == "Untriggered":
        return
    crosses = order.order_type == "Market" or (last <= limit if order.side == "Buy" else last >= limit)
    if crosses and order.time_in_force != "PostOnly":
        _fill(venue, account, instrument, order, last)
    elif crosses or order.time_in_force in ("IOC", "FOK"):
        venue.keep(replace(order, order_status="Cancelled", updated=venue.clock.now, reject_reason=_why(order)))


@documented("v5/order/create-order")
def _why(order: Order) -> str:
    """A post-only order that would be filled at once is cancelled, and so is what IOC and FOK leave unfilled."""
    return "EC_PostOnlyWillTakeLiquidity" if order.time_in_force == "PostOnly" else "EC_NoImmediateQtyToFill"


def _fill(venue: Venue, account: Account, instrument: Instrument, order: Order, price: Decimal) -> None:
    qty = _filled(account, instrument, order, price)
    if not qty:
        venue.keep(replace(order, order_status="Cancelled", updated=venue.clock.now))
        return
    value = worth(instrument, qty, price)
    closed = (
        _move_coins(account, instrument, order, qty, value)
        if order.is_spot
        else _move(venue, account, order, qty, price)
    )
    filled = replace(
        order,
        order_status="Filled",
        updated=venue.clock.now,
        exec_qty=filters.plain(qty),
        exec_value=filters.plain(value),
        avg_price=filters.plain(price),
    )
    execution = Execution(
        order.environment,
        order.category,
        order.symbol,
        order.side,
        order.order_id,
        order.order_link_id,
        order.order_type,
        order.qty,
        order.price,
        str(uuid.uuid4()),
        filled.exec_qty,
        filled.avg_price,
        filled.exec_value,
        venue.clock.now,
        filters.plain(closed),
    )
    venue.executions.append(execution)
    venue.tell("execution", order.environment, order.category, execution)
    venue.keep(filled)


@documented("v5/order/create-order")
def _filled(account: Account, instrument: Instrument, order: Order, price: Decimal) -> Decimal:
    """A reduce-only order fills at most the position; an amount in quote coin buys what it is worth."""
    qty = Decimal(order.qty)
    if order.market_unit == "quoteCoin":
        return (qty / price).quantize(Decimal(instrument.qty_step), rounding=ROUND_DOWN)
    if order.reduce_only:
        held = account.holding((order.category, order.symbol, order.position_idx))
        return min(qty, held.size) if held.side != order.side else Decimal(0)
    return qty


def _move_coins(account: Account, instrument: Instrument, order: Order, qty: Decimal, value: Decimal) -> Decimal:
    sign = 1 if order.side == "Buy" else -1
    for coin, amount in ((instrument.base_coin, sign * qty), (instrument.quote_coin, -sign * value)):
        account.coins[coin] = account.coins.get(coin, Decimal(0)) + amount
    return Decimal(0)


def _move(venue: Venue, account: Account, order: Order, qty: Decimal, price: Decimal) -> Decimal:
    """Change the position, and return how much of an older one was closed."""
    slot = order.category, order.symbol, order.position_idx
    held = account.holding(slot)
    signed = held.signed + (qty if order.side == "Buy" else -qty)
    closed = min(qty, held.size) if held.side not in ("", order.side) else Decimal(0)
    grown = qty - closed
    avg = price
    if held.size and not closed:
        avg = (held.avg_price * held.size + price * qty) / (held.size + qty)
    elif closed and not grown:
        avg = held.avg_price
    if closed:
        _settle(venue, account, held, closed, price, slot)
    side = "Buy" if signed > 0 else "Sell" if signed < 0 else ""
    stops = (order.take_profit or held.take_profit, order.stop_loss or held.stop_loss) if side else ("", "")
    account.holdings[slot] = Holding(
        side, abs(signed), avg if side else Decimal(0), *stops, "0", held.since or venue.clock.now, venue.clock.now
    )
    venue.tell("position", order.environment, order.category, slot)
    return closed


def _settle(
    venue: Venue, account: Account, held: Holding, closed: Decimal, price: Decimal, slot: tuple[str, str, int]
) -> None:
    instrument = venue.instruments[slot[0], slot[1]]
    gain = worth(instrument, closed, price) - worth(instrument, closed, held.avg_price)
    sign = (1 if held.side == "Buy" else -1) * (-1 if instrument.category == "inverse" else 1)
    coin = instrument.settle_coin
    account.coins[coin] = account.coins.get(coin, Decimal(0)) + sign * gain


def move_price(venue: Venue, symbol: str, price: str) -> None:
    """Trade at another price: orders that wait for it are triggered and filled."""
    venue.set_price(symbol, price)
    for order in [each for each in venue.book.values() if each.symbol == symbol and each.is_open]:
        if order.order_status == "Untriggered" and _is_due(order, Decimal(price)):
            venue.keep(replace(order, order_status="New", updated=venue.clock.now))
        match(venue, venue.accounts[order.environment], venue.book[order.order_id])


def _is_due(order: Order, price: Decimal) -> bool:
    trigger = Decimal(order.trigger_price)
    return price >= trigger if order.trigger_direction == 1 else price <= trigger
