"""Fields of streams' messages, beside the table of what these have."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.traffic.field_names import base_of, is_rare, may_be_bybits, renamed
from bybit_lint.analysis.traffic.field_tests import Use, judged, uses
from bybit_lint.analysis.traffic.second_choices import is_planned
from bybit_lint.clients.arguments import squeezed
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.stream_messages import MessagePart, StreamMessages
from bybit_lint.knowledge import schemas, streams
from bybit_lint.knowledge.schemas import SchemaField
from bybit_lint.vocabulary import ImpossibleTest, Noun, TextNumber, UnknownField

STATUS = "orderStatus"
"""What no message has but those of orders (https://bybit-exchange.github.io/docs/v5/websocket/private/order)."""
ORDERS = "order"
CHANNEL = "private"


ROWS = "data"
"""What a message has its fields under."""


@extracts(ImpossibleTest, TextNumber, UnknownField, words="_stream orderStatus")
class MessageFields:
    """Those of one project."""

    def __init__(self, analysis: Analysis) -> None:
        self.project = analysis.program.project
        said = {name: of.topic for name, of in streams.methods().items() if self.project.says(name.encode())}
        self.methods = {name: topic for name, topic in said.items() if topic in schemas.topics()}
        """What the bot is sent by a client's streams, by the methods that subscribe to it."""
        self.messages = StreamMessages(analysis, tuple(self.methods))

    def facts(self, module: Module) -> Iterator[Noun]:
        for name, fields in self._fields.items():
            for node in module.names.items.get(name, ()):
                for use in uses(module, node):
                    if any(judged(module, use, field) for field in fields):
                        yield from self._told(module, node, use)
        if self._asked and ROWS in module.names.items:
            for key, nodes in module.names.items.items():
                if isinstance(key, str) and self._may_be_strange(key):
                    for node in nodes:
                        yield from self._unknown(module, node, key)

    @cached_property
    def _asked(self) -> list[str]:
        return sorted({*self.methods.values()})

    @cached_property
    def _fields(self) -> Mapping[str, list[SchemaField]]:
        """All fields of all messages that the bot may be sent, by their names; of sockets of its own one is known."""
        found: dict[str, list[SchemaField]] = defaultdict(list)
        for fields in (each for topic in self._asked for each in schemas.messages(topic).values()):
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

    # What is not there ------------------------------------------------------------------------------------------------

    def _may_be_strange(self, name: str) -> bool:
        """True for a name of Bybit's, or one that may be taken for one, which some messages do not have."""
        levels = (schemas.messages(topic) for topic in self._asked)
        is_everywhere = all(any(name in fields for fields in each.values()) for each in levels)
        return not is_everywhere and is_rare(name) and may_be_bybits(name)

    def _unknown(self, module: Module, node: ast.expr, name: str) -> Iterator[UnknownField]:
        """A field that no message has which it may be read from."""
        parts, above = self.messages.of(module, node), self.messages.of(module, base_of(node))
        levels = [level for part in parts for level in _beside(part)]
        if not levels or not above or not all(level and name not in level for level in levels):
            return
        if {part and part.way for part in above} != {part and part.way[:-1] for part in parts}:
            return  # a dict of the bot's own has the same key
        is_silent, feed = isinstance(node, ast.Call), parts[0].feed if parts[0] else None
        is_added = any(each.names.kept_under.get(name) for each in self.project.readable)
        is_only_shown = is_silent and only_logs(module.names.statement(node))
        if feed is None or is_added or is_only_shown or is_planned(module.names, node, base_of(node), name):
            return
        meant = _meant(name, levels)
        origin, fix = feed.origin.span, renamed(module, node, meant)
        told = " and ".join(f"{method}()" for method, topic in self.methods.items() if topic in feed.topics)
        yield UnknownField(
            module.source.span(node), name, told, origin, meant, is_silent=is_silent, fix=fix, is_pushed=True
        )


def _beside(part: MessagePart | None) -> list[Mapping[str, SchemaField] | None]:
    """The fields that a part of a message stands beside, by each topic whose message it may be of; None if unknown."""
    if part is None or not part.way or not part.feed.topics:
        return [None]
    above = schemas.keys(part.way[:-1])
    known = (schemas.messages(topic) for topic in part.feed.topics)
    return [levels.get(above) for levels in known if above in levels or not _is_of_other_shape(levels, above)]


def _is_of_other_shape(levels: Mapping[schemas.Way, object], way: schemas.Way) -> bool:
    """True for a name in what is a list, and a position in what is none: who asks first never comes there."""
    return (*way, schemas.ANY) in levels or (way[-1:] == (schemas.ANY,) and way[:-1] in levels)


def _meant(name: str, levels: list[Mapping[str, SchemaField] | None]) -> str:
    """The field that a wrong name is taken for: in another spelling, or what answers or other exchanges call so."""
    there = set[str].intersection(*(set(level or ()) for level in levels))
    spelt = sorted(each for each in there if squeezed(each) == squeezed(name))
    usual = [schemas.aliases().get(name, ""), *(each for each, own in schemas.aliases().items() if own == name)]
    return next((each for each in (*spelt, *usual) if each in there), "")


def _fields_of(part: MessagePart | None) -> list[SchemaField | None]:
    """What a part of a message is, by each topic whose message it may be."""
    if part is None or not part.way:
        return [None]
    *above, name = part.way
    if not part.feed.topics:
        is_status = name == STATUS and part.feed.channel == CHANNEL and _is_row(above)
        return [_status() if is_status else None]
    return [(level or {}).get(str(name)) for level in _beside(part)]


def _status() -> SchemaField:
    return schemas.messages(ORDERS)[schemas.keys(("data", 0))][STATUS]


def _is_row(way: list[object]) -> bool:
    return schemas.keys(way) == schemas.keys(("data", 0))
