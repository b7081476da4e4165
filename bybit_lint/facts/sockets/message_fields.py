"""Fields of streams' messages, where they are compared with what they never are, or taken for numbers."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.field_tests import Use, judged, uses
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.stream_messages import MessagePart, StreamMessages
from bybit_lint.knowledge import schemas, streams
from bybit_lint.knowledge.schemas import SchemaField
from bybit_lint.vocabulary import ImpossibleTest, Noun, TextNumber

STATUS = "orderStatus"
"""What no message has but those of orders (https://bybit-exchange.github.io/docs/v5/websocket/private/order)."""
ORDERS = "order"
CHANNEL = "private"


@extracts(ImpossibleTest, TextNumber)
class MessageFields:
    """Those of one project."""

    def __init__(self, analysis: Analysis) -> None:
        self.project = analysis.program.project
        self.methods = {name: of.topic for name, of in streams.methods().items() if of.topic in schemas.topics()}
        self.messages = StreamMessages(analysis, tuple(self.methods))

    def facts(self, module: Module) -> Iterator[Noun]:
        for name, fields in self._fields.items():
            for node in module.names.items.get(name, ()):
                for use in uses(module, node):
                    if any(judged(module, use, field) for field in fields):
                        yield from self._told(module, node, use)

    @cached_property
    def _fields(self) -> Mapping[str, list[SchemaField]]:
        """All fields of all messages that the bot may be sent, by their names; of sockets of its own one is known."""
        asked = {topic for name, topic in self.methods.items() if self.project.says(name.encode())}
        found: dict[str, list[SchemaField]] = defaultdict(list)
        for fields in (each for topic in asked for each in schemas.messages(topic).values()):
            for name, field in fields.items():
                found[name].append(field)
        return {STATUS: [_status()], **found}

    def _told(self, module: Module, node: ast.expr, use: Use) -> Iterator[Noun]:
        """What is wrong with a field, and with a name of the bot's for it, which has to be that field each time."""
        found = {self._field(module, each) for each in (node, use.node)}
        for field in found if len(found) == 1 else ():
            yield from judged(module, use, field) if field is not None else ()

    def _field(self, module: Module, node: ast.expr) -> SchemaField | None:
        """The field that a value is on each way through the code, in each message that it may be read from."""
        found = {field for part in self.messages.of(module, node) for field in _fields_of(part)}
        return found.pop() if len(found) == 1 else None


def _fields_of(part: MessagePart | None) -> list[SchemaField | None]:
    """What a part of a message is, by each topic whose message it may be."""
    if part is None or not part.way:
        return [None]
    *above, name = part.way
    if not part.feed.topics:
        is_status = name == STATUS and part.feed.channel == CHANNEL and _is_row(above)
        return [_status() if is_status else None]
    keys = schemas.keys(above)
    return [schemas.messages(topic).get(keys, {}).get(str(name)) for topic in part.feed.topics]


def _status() -> SchemaField:
    return schemas.messages(ORDERS)[schemas.keys(("data", 0))][STATUS]


def _is_row(way: list[object]) -> bool:
    return schemas.keys(way) == schemas.keys(("data", 0))
