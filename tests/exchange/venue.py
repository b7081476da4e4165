"""One run of the exchange, from one reset to the next."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, get_args

from exchange.accounts import Account
from exchange.clock import Clock
from exchange.conditions import Conditions, Environment, Fault
from exchange.instruments import Instrument
from exchange.records import Answer, Connection, Execution, Order

Listener = Callable[[str, Environment, str, dict[str, Any]], None]  # topic, environment, category, data


@dataclass
class Venue:
    """The state behind all endpoints and sockets."""

    conditions: Conditions
    clock: Clock
    answers: list[Answer] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    book: dict[str, Order] = field(default_factory=dict)  # every order by its id, in the order they were accepted
    executions: list[Execution] = field(default_factory=list)
    visits: dict[tuple[str, ...], deque[int]] = field(default_factory=dict)  # when requests were let in, in ms
    banned_until: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # requests by method and path
    listeners: list[Listener] = field(default_factory=list)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)  # connections that something is done for

    def __post_init__(self) -> None:
        self.clock.reset(self.conditions.scale, self.conditions.skew)
        self.accounts = {name: Account(name, self.conditions) for name in get_args(Environment)}
        self.list_instruments(self.conditions.instruments)
        self.keys = {(key.environment, key.api_key): key for key in self.conditions.keys}
        self._prices = dict(self.conditions.prices)

    def price(self, instrument: Instrument) -> Decimal:
        """What it was traded at last."""
        return Decimal(self._prices.get(instrument.symbol, instrument.last_price))

    def set_price(self, symbol: str, price: str) -> None:
        self._prices[symbol] = price

    def list_instruments(self, instruments: tuple[Instrument, ...]) -> None:
        """Trade other instruments from now on, or with other filters."""
        self.instruments: dict[tuple[str, str], Instrument] = {
            (each.category, each.symbol): each for each in instruments
        }

    def orders(self, environment: Environment) -> list[Order]:
        return [order for order in self.book.values() if order.environment == environment]

    def arrive(self, answer: Answer) -> int:
        """Note a request before anything becomes of it; the number is for `settle`."""
        self.answers.append(answer)
        return len(self.answers) - 1

    def fault(self, method: str, path: str) -> Fault | None:
        """What is to happen to one more request."""
        self.counts[method, path] += 1
        count = self.counts[method, path]
        return next((each for each in self.conditions.faults if each.strikes(method, path, count)), None)

    def settle(self, number: int, **outcome: Any) -> None:
        self.answers[number] = replace(self.answers[number], **outcome)

    def keep(self, order: Order) -> None:
        """Enter an order, or what has become of it, and tell whoever listens."""
        self.book[order.order_id] = order
        self.tell("order", order.environment, order.category, order)

    def tell(self, topic: str, environment: Environment, category: str, what: Any) -> None:
        for listener in list(self.listeners):
            listener(topic, environment, category, what)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Around what one connection does, so that it ends when the venue is closed."""
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        try:
            yield
        finally:
            self.tasks.discard(task)

    async def close(self) -> None:
        """End what is under way."""
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
