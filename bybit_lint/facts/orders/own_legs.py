"""Orders with reduceOnly that name the position which their own side makes larger."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Misvalued, Order

INDEX = "positionIdx"
OWN = {("Buy", "1"), ("Sell", "2")}
"""The sides of orders, and the index of the position in hedge mode that each of them makes larger."""


@extracts(Misvalued)
class OwnLegs:
    """The values of `positionIdx` that an order cannot reduce, told to whoever decides one of the three."""

    def __init__(self, analysis: Analysis) -> None:
        self.requests = analysis.traffic.requests

    def facts(self, module: Module) -> Iterator[Misvalued]:
        for _, order in self.requests.get(module, ()):
            if isinstance(order, Order) and order.endpoint in Order.NEW and order.is_closed and order.closes:
                index, side = str(order.constant(INDEX)), str(order.constant("side"))
                held = [order.arguments.get(name) for name in (INDEX, "side", "reduceOnly")]
                is_told = order.sent is None or any(argument is not None and argument.is_passed for argument in held)
                if (side, index) in OWN and is_told and order.category != "spot" and held[0] is not None:
                    yield Misvalued(held[0].span, order.endpoint, INDEX, index, reduced_by=side)
