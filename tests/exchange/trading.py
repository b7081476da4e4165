"""What becomes of an order: whether it is accepted, whether it is filled, and what that does to the account."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

from exchange import filters
from exchange.accounts import Account, Holding, worth
from exchange.instruments import Instrument
from exchange.parameters import Parameters
from exchange.records import Execution, Order
from exchange.refusals import (
    CUT_TO_ZERO,
    DUPLICATE,
    NO_POSITION,
    NOT_AFFORDED,
    NOT_FALLING,
    NOT_LIVE,
    NOT_REDUCING,
    NOT_RISING,
    SPOT_DUPLICATE,
    SPOT_NOT_AFFORDED,
    SPOT_SYMBOL,
    UNKNOWN_SYMBOL,
    WRONG_MODE,
    WRONG_PARAMETER,
    Refused,
)
from exchange.standing import assumed, documented, seen
from exchange.venue import Venue

_SPOT_IDS = itertools.count(1_900_000_000_000_000_000)


def place(venue: Venue, account: Account, given: Parameters) -> Order:
    """Accept the order and fill it if it can be filled at once, or `Refused`."""
    order = _Incoming(venue, account, listed(venue, given), given)
    order.check()
    accepted = order.accepted()
    venue.keep(accepted)
    match(venue, account, accepted)
    return accepted


def listed(venue: Venue, given: Mapping[str, Any]) -> Instrument:
    """The instrument that category and symbol name."""
    found = venue.instruments.get((given["category"], given["symbol"]))
    if found is None:
        raise Refused(SPOT_SYMBOL if given["category"] == "spot" else UNKNOWN_SYMBOL)
    if found.status != "Trading":
        raise Refused(NOT_LIVE)
    return found


@dataclass(frozen=True)
class _Incoming:
    venue: Venue
    account: Account
    instrument: Instrument
    given: Parameters

    @property
    def is_spot(self) -> bool:
        return self.instrument.category == "spot"

    @property
    def is_market(self) -> bool:
        return bool(self.given["orderType"] == "Market")

    @property
    def price(self) -> Decimal:
        """What the order may cost each."""
        last = self.venue.price(self.instrument)
        return last if self.is_market else Decimal(self.given["price"])

    @property
    def is_amount(self) -> bool:
        """Whether the quantity is meant in quote coin."""
        unit = "quoteCoin" if self.given["side"] == "Buy" else "baseCoin"
        return self.is_spot and self.is_market and self.given.get("marketUnit", unit) == "quoteCoin"

    @property
    def closes_all(self) -> bool:
        return not Decimal(self.given["qty"]) and bool(
            self.given.get("reduceOnly") and self.given.get("closeOnTrigger")
        )

    def check(self) -> None:
        """Raise `Refused` for the first thing that is wrong."""
        if not self.is_market and not Decimal(self.given.get("price", 0)):
            raise Refused(WRONG_PARAMETER, name="price")
        if self.instrument.category == "option" and "orderLinkId" not in self.given:
            raise Refused(WRONG_PARAMETER, name="orderLinkId")
        filters.check_prices(
            self.instrument, {name: v for name, v in self.given.items() if name != "price" or not self.is_market}
        )
        if not self.is_spot:
            self._check_mode()
        self._check_size()
        if "triggerPrice" in self.given and self.instrument.category in ("linear", "inverse"):
            self._check_trigger()
        self._check_link_id()
        if self.given.get("reduceOnly") and not self.is_spot:
            self._check_reduction()
        elif "triggerPrice" not in self.given:
            self._check_funds()

    @documented("v5/position/position-mode")
    def _check_mode(self) -> None:
        """The positionIdx is 0 in one-way mode, 1 or 2 in hedge mode."""
        is_hedged = self.instrument.symbol in self.account.hedged
        if is_hedged != (self.given.get("positionIdx", 0) in (1, 2)):
            raise Refused(WRONG_MODE)

    def _check_size(self) -> None:
        qty = Decimal(self.given["qty"])
        if self.is_amount:
            filters.check_spot_amount(self.instrument, qty)
        elif self.is_spot:
            filters.check_spot(self.instrument, qty, qty * self.price, is_market=self.is_market)
        elif not self.closes_all:
            filters.check_quantity(self.instrument, qty, is_market=self.is_market)
            value = qty if self.instrument.category == "inverse" else qty * self.price
            filters.check_value(self.instrument, value)

    @assumed("trigger_direction", "the page has it as not required, and does not say how the direction is found then")
    def _check_trigger(self) -> None:
        """A conditional order says whether the price rises or falls to its trigger, and it is on that side."""
        direction = self.given.get("triggerDirection")
        if direction is None and self.venue.conditions.assumed.trigger_direction == "required":
            raise Refused(WRONG_PARAMETER, name="triggerDirection")
        trigger, price = Decimal(self.given["triggerPrice"]), self.venue.price(self.instrument)
        values = {"trigger": filters.plain(trigger * 10**4), "price": filters.plain(price * 10**4)}
        if direction == 1 and trigger <= price:
            raise Refused(NOT_RISING, **values)
        if direction == 2 and trigger >= price:
            raise Refused(NOT_FALLING, **values)

    @documented("v5/order/create-order")
    def _check_link_id(self) -> None:
        """An orderLinkId is always unique."""
        link = self.given.get("orderLinkId")
        known = {
            each.order_link_id for each in self.venue.orders(self.account.environment) if each.is_spot == self.is_spot
        }
        if link and link in known:
            raise Refused(SPOT_DUPLICATE if self.is_spot else DUPLICATE)

    @seen("https://github.com/ccxt/ccxt/issues/19588 and https://github.com/sieblyio/bybit-api/issues/193")
    def _check_reduction(self) -> None:
        """A reduce-only order needs a position on the other side."""
        held = self.held
        if not held.size:
            raise Refused(NO_POSITION)
        if held.side == self.given["side"]:
            raise Refused(NOT_REDUCING)
        if not self.closes_all and Decimal(self.given["qty"]) < Decimal(self.instrument.qty_step):
            raise Refused(CUT_TO_ZERO)

    @property
    def held(self) -> Holding:
        slot = self.instrument.category, self.instrument.symbol, self.given.get("positionIdx", 0)
        return self.account.holding(slot)

    @documented("v5/error")
    def _check_funds(self) -> None:
        """An order that opens something has to be paid for: by its value on spot, by its margin elsewhere."""
        qty, coins = Decimal(self.given["qty"]), self.account.coins
        if self.is_spot:
            coin = self.instrument.quote_coin if self.given["side"] == "Buy" else self.instrument.base_coin
            cost = qty if self.is_amount or self.given["side"] == "Sell" else qty * self.price
            if self.is_amount and self.given["side"] == "Sell":
                cost = qty / self.price
            if cost > coins.get(coin, Decimal(0)) - reserved(self.venue, self.account, coin):
                raise Refused(SPOT_NOT_AFFORDED)
        elif self._opens:
            coin = self.instrument.settle_coin
            margin = worth(self.instrument, qty, self.price) / Decimal(
                self.account.leverage(self.instrument.category, self.instrument.symbol)
            )
            if margin > available(self.venue, self.account, coin):
                raise Refused(NOT_AFFORDED)

    @property
    def _opens(self) -> bool:
        held = self.held
        return held.side in ("", self.given["side"]) or Decimal(self.given["qty"]) > 2 * held.size

    def accepted(self) -> Order:
        given, now = self.given, self.venue.clock.now
        conditional = "triggerPrice" in given
        return Order(
            environment=self.account.environment,
            category=self.instrument.category,
            symbol=self.instrument.symbol,
            side=given["side"],
            order_type=given["orderType"],
            qty=filters.plain(self.held.size) if self.closes_all else given["qty"],
            price="0" if self.is_market else given["price"],
            order_id=str(next(_SPOT_IDS)) if self.is_spot else str(uuid.uuid4()),
            order_link_id=given.get("orderLinkId", ""),
            time_in_force="IOC" if self.is_market else given.get("timeInForce", "GTC"),
            order_status="Untriggered" if conditional else "New",
            created=now,
            updated=now,
            reduce_only=not self.is_spot and given.get("reduceOnly", False),
            close_on_trigger=given.get("closeOnTrigger", False),
            position_idx=given.get("positionIdx", 0),
            trigger_price=given.get("triggerPrice", ""),
            trigger_direction=given.get("triggerDirection", 0),
            trigger_by=given.get("triggerBy", "LastPrice" if conditional else ""),
            take_profit=given.get("takeProfit", ""),
            stop_loss=given.get("stopLoss", ""),
            market_unit="" if not self.is_spot else "quoteCoin" if self.is_amount else "baseCoin",
        )


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
