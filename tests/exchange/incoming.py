"""An order that comes in: everything it is checked for, one thing after the other, before it is accepted."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exchange import filters
from exchange.accounts import Account, Holding, worth
from exchange.funds import available, reserved
from exchange.instruments import Instrument
from exchange.parameters import Parameters
from exchange.records import Order
from exchange.refusals import (
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
from exchange.standing import documented, seen
from exchange.venue import Venue

_SPOT_IDS = itertools.count(1_900_000_000_000_000_000)


def listed(venue: Venue, given: Mapping[str, Any]) -> Instrument:
    """The instrument that category and symbol name."""
    found = venue.instruments.get((given["category"], given["symbol"]))
    if found is None:
        raise Refused(SPOT_SYMBOL if given["category"] == "spot" else UNKNOWN_SYMBOL)
    if found.status != "Trading":
        raise Refused(NOT_LIVE)
    return found


@dataclass(frozen=True)
class Incoming:
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
    @seen("https://github.com/bybit-exchange/pybit/issues/156, where an order on spot says nothing but its trigger")
    def is_conditional(self) -> bool:
        """An order with a trigger waits for it, on spot only if orderFilter says that it is more than an order."""
        return "triggerPrice" in self.given and (not self.is_spot or self.given.get("orderFilter", "Order") != "Order")

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
        elif not self.is_conditional:
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

    @seen("https://github.com/ccxt/ccxt/issues/19362, though the page has it as not required")
    def _check_trigger(self) -> None:
        """A conditional order says whether the price rises or falls to its trigger, and it is on that side."""
        direction = self.given.get("triggerDirection")
        if direction is None:
            raise Refused(WRONG_PARAMETER, name="TriggerDirection")
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
            order_status="Untriggered" if self.is_conditional else "New",
            created=now,
            updated=now,
            reduce_only=not self.is_spot and given.get("reduceOnly", False),
            close_on_trigger=given.get("closeOnTrigger", False),
            position_idx=given.get("positionIdx", 0),
            trigger_price=given["triggerPrice"] if self.is_conditional else "",
            trigger_direction=given.get("triggerDirection", 0),
            trigger_by=given.get("triggerBy", "LastPrice" if self.is_conditional else ""),
            take_profit=given.get("takeProfit", ""),
            stop_loss=given.get("stopLoss", ""),
            market_unit="" if not self.is_spot else "quoteCoin" if self.is_amount else "baseCoin",
        )
