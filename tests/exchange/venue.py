"""One run of the exchange, from one reset to the next."""

from __future__ import annotations

from exchange.clock import Clock
from exchange.conditions import Conditions
from exchange.records import Answer, Connection, Order


class Venue:
    """The state behind all endpoints."""

    def __init__(self, conditions: Conditions, clock: Clock) -> None:
        self.conditions = conditions
        self.clock = clock
        self.answers: list[Answer] = []
        self.connections: list[Connection] = []
        clock.reset(conditions.scale, conditions.skew)

    @property
    def orders(self) -> list[Order]:
        return []

    async def close(self) -> None:
        """End what is under way."""
