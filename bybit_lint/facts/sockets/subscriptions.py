"""The topics that are asked for on raw sockets: `{"op": "subscribe", "args": ["kline.5.BTCUSDT"]}`.

A message is held against the channels of all the sockets that its file opens; one whose address is not known to be of
V5 leaves open what is right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import counts, strings
from bybit_lint.analysis.domains.literals import mapping_of
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.messages import SENDERS, messages
from bybit_lint.analysis.values.terms import Expression, ListTerm
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.topic_tests import texts_held_against
from bybit_lint.knowledge import streams
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Network, Replace, Socket, Subscription

OPENERS = ("connect", "ws_connect", "WebSocketApp", "create_connection")
"""How sockets are opened."""
STREAM = "wss://stream.bybit.com"
"""Whose prices demo trading goes by (https://bybit-exchange.github.io/docs/v5/demo)."""
NEVER = "no message is ever about it"
KLINE = regex(r"""([fF]?["']kline\.)(\w+)(?=\.)""")
"""A topic of candles as it is written, up to its interval."""


@extracts(Subscription, words="websocket WebSocket ws_connect pybybit")
class Subscriptions:
    """What the messages of a module ask for."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.sockets = analysis.program, analysis.traffic.sockets

    def facts(self, module: Module) -> Iterator[Subscription]:
        opened = [self.sockets[call] for call in module.names.calls if call in self.sockets]
        yield from (pretended(socket) for socket in opened if socket.network is Network.DEMO and is_public(socket))
        channels = {socket.channel for socket in opened}
        if opened and None not in channels:
            is_alone = not any(call not in self.sockets for call in module.names.called(*OPENERS))
            asker = SubscriptionMessages(
                self.program, module, opened[0].library, sorted(filter(None, channels)), is_alone=is_alone
            )
            asked = [*asker.in_dicts(), *asker.in_texts()]
            yield from asked
            yield from asker.in_tests({subscription.topic for subscription in asked})


def is_public(socket: Socket) -> bool:
    return socket.channel not in (None, "private", "trade")


def pretended(socket: Socket) -> Subscription:
    """What is asked for on a stream of prices that demo trading does not have."""
    refusal = "demo trading has no public streams"
    span, topic = socket.origin, f"{socket.channel}"
    return Subscription(span, socket.library, topic, refusal, outcome=f"no price ever arrives; take {STREAM}")


class SubscriptionMessages:
    """Reads the messages of one module."""

    def __init__(self, program: Program, module: Module, library: str, channels: list[str], *, is_alone: bool) -> None:
        self.program = program
        self.module = module
        self.library = library
        self.channels = channels
        self.is_alone = is_alone
        """True if the module opens no other sockets, which may be another exchange's."""

    def in_dicts(self) -> Iterator[Subscription]:
        for asked in messages(self.program.evaluator, self.module, "subscribe"):
            for topics in self.program.callers.in_all_contexts(asked.term):
                if isinstance(topics, ListTerm):
                    yield from self._asked(asked, topics)

    def in_texts(self) -> Iterator[Subscription]:
        """Messages that are written as JSON where they are sent."""
        for call in self.module.names.called(*SENDERS):
            if call.args and b"subscribe" in self.module.source.data:
                sent = self.program.evaluator.at(self.module, call.args[0])
                for topic in dict.fromkeys(topic for text in strings.texts(sent.term) for topic in _topics(text)):
                    yield self._subscription(sent, [[topic]], "")

    def in_tests(self, asked: set[str]) -> Iterator[Subscription]:
        """The topics that messages are held against and that cannot come; put right where they are asked for, too."""
        for node in self.module.names.nodes():
            for written in texts_held_against(node):
                held = self.program.evaluator.at(self.module, written)
                ways = [way for way in strings.ways(held.term) if all(map(_is_whole, way))]
                told = self._subscription(held, ways, "")
                if told.refusal:
                    yield told.replace(outcome=NEVER, right=told.right if told.topic in asked else None)

    def _asked(self, asked: Expression, topics: ListTerm) -> Iterator[Subscription]:
        count = counts.least(self.program.evaluator, topics)
        crowds = [streams.crowd(count, channel) for channel in self.channels]
        if all(crowds):
            yield self._subscription(asked, [], crowds[0])
        for item in topics.items:
            if wrong := self._no_topic(item):
                yield self._subscription(item if asked.site.span.holds(item.site.span) else asked, [], wrong)
                continue
            expanded = self.program.callers.in_all_contexts(item.term)
            yield self._subscription(item, [way for term in expanded for way in strings.ways(term)], "")

    def _no_topic(self, item: Expression) -> str:
        """Why an item is refused that is a dict: a whole request, or a topic as other exchanges have it."""
        held = mapping_of(item.term)
        if held is None or not ("op" in held.entries or self.is_alone):
            return ""
        what = "a whole request" if "op" in held.entries else "a dict"
        return f"this is {what}, and args takes the texts of topics"

    def _subscription(self, written: Expression, ways: Sequence[Sequence[str]], refusal: str) -> Subscription:
        refused = (why for way in ways if (why := self._refused(way)))
        refusal = refusal or next(refused, "")
        topics = [topic for way in ways for topic in way if topic.strip(strings.HOLE)]
        right = self._right(written, topics) if refusal else None
        shown = "|".join(dict.fromkeys(topics)).replace(strings.HOLE, "?")
        return Subscription(written.site.span, self.library, shown, refusal, right)

    def _refused(self, way: Sequence[str]) -> str:
        return streams.refusal_of_all(way, self.channels, is_bybits=self.is_alone)

    def _right(self, written: Expression, topics: list[str]) -> Replace | None:
        """The topic with the interval that was certainly meant, if nothing else is wrong with it."""
        if not isinstance(written.site.node, (ast.Constant, ast.JoinedStr)):
            return None
        text = self.module.source.text(written.site.node)
        match = KLINE.match(text)
        meant = streams.intervals().get(match[2]) if match else None
        if match is None or meant is None:
            return None
        instead = [topic.replace(f".{match[2]}.", f".{meant}.", 1) for topic in topics]
        if any(streams.refusal_of_all([topic], self.channels) for topic in instead):
            return None
        return Replace(written.site.span, "", f"{match[1]}{meant}{text[match.end(2) :]}")


def _topics(text: str) -> list[str]:
    """The topics that a message in JSON subscribes to."""
    if "subscribe" not in text:
        return []
    import json  # few bots need it

    try:
        message = json.loads(text, strict=False)  # NUL stands for what is not known
    except ValueError:
        return []
    if not isinstance(message, dict) or message.get("op") != "subscribe":
        return []
    return [topic for topic in message.get("args", ()) if isinstance(topic, str)]


def _is_whole(topic: str) -> bool:
    """True for a topic up to a dot at least: `kline.1` may be the beginning of `kline.15`."""
    return topic.count(".") > 1 or topic.endswith(".")
