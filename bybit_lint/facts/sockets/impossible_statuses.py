"""The status of an order in a stream's message, where it is compared with a value that it never has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.field_tests import impossible
from bybit_lint.analysis.traffic.responses import ANY
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.stream_messages import StreamMessages
from bybit_lint.knowledge import schemas
from bybit_lint.vocabulary import ImpossibleTest

STATUS = "orderStatus"
"""What no message has but those of orders (https://bybit-exchange.github.io/docs/v5/websocket/private/order)."""
STREAM = "order_stream"
ROWS = "data"
CHANNEL = "private"
ASKED = "/v5/order/realtime"
"""What is answered with rows that have the same values there."""


@extracts(ImpossibleTest)
class ImpossibleStatuses:
    """Those of one project."""

    def __init__(self, analysis: Analysis) -> None:
        self.messages = StreamMessages(analysis, (STREAM,))
        self.field = next(fields[STATUS] for fields in schemas.levels(ASKED) if STATUS in fields)

    def facts(self, module: Module) -> Iterator[ImpossibleTest]:
        for node in module.names.items.get(STATUS, ()):
            yield from impossible(module, node, self.field, partial(self._is_of_order, module))

    def _is_of_order(self, module: Module, node: ast.expr) -> bool:
        """True for what is read from the rows of a private stream's message, on each way through the code."""
        parts = self.messages.of(module, node)
        is_meant = (p is not None and p.feed.channel == CHANNEL and _is_in_row(p.way) for p in parts)
        return bool(parts) and all(is_meant)


def _is_in_row(way: tuple[object, ...]) -> bool:
    return len(way) == 3 and way[0] == ROWS and (way[1] == ANY or isinstance(way[1], int)) and way[2] == STATUS
