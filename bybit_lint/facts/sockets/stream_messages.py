"""Which stream's message a value was read from, and the way through it: raw sockets of three libraries, and pybit's."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.responses import ANY, BODY, Way
from bybit_lint.analysis.traffic.running_sockets import maker
from bybit_lint.analysis.values.terms import Access, Element, Invocation, Parameter, Site, Term, alternatives
from bybit_lint.clients import streams
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.sockets.app_callbacks import AppCallbacks
from bybit_lint.facts.sockets.handed_callbacks import handed_callback
from bybit_lint.knowledge.streams import app_handlers
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Related

RECEIVERS = (".recv", ".receive", ".receive_str", ".receive_json", ".receive_bytes")
"""How a message is asked for (websockets, websocket-client, aiohttp)."""
BOOK = "orderbook"
BOOKS = "orderbook_stream"
"""The one whose deltas pybit puts together; of all others it hands on what Bybit has sent, or has all there is."""
MESSAGE = "message"


class Feed(NamedTuple):
    """Where messages come from."""

    library: str
    channel: str | None
    origin: Related
    depths: tuple[str, ...] = ()
    """Of a client that puts deltas into the snapshot: the depths of its order book."""
    is_read: bool = False
    """True if the text of the messages was read as JSON before they are handed on."""
    topics: tuple[str, ...] = ()
    """Of a client that subscribes by methods: what the messages may tell of."""

    @property
    def is_merged(self) -> bool:
        return self.library == streams.LIBRARY


Told: TypeAlias = "dict[tuple[ast.AST, str], list[Feed]]"
"""By parameter of a function: the feeds that it may be given a message of."""


class MessagePart(NamedTuple):
    """A value out of a message, whose text was read as JSON."""

    feed: Feed
    way: Way


class StreamMessages:
    """The messages that a project is sent."""

    def __init__(self, analysis: Analysis, streams_of_clients: tuple[str, ...] = (BOOKS,)) -> None:
        self.analysis, self.program = analysis, analysis.program
        self.streams_of_clients = streams_of_clients
        """The methods of pybit that subscribe to what is asked about."""
        self.traffic, self.responses = analysis.traffic, analysis.responses
        self._handed_on: dict[ast.AST, list[Site]] = defaultdict(list)

    def of(self, module: Module, node: ast.expr) -> list[MessagePart | None]:
        """Which messages a node may be a part of; None for each way through the code on which it is none."""
        return [self._part(*found) for found in self.responses.sources(module, node)]

    @cached_property
    def has_books(self) -> bool:
        """True if a client of the project may be sent an order book that it puts together."""
        return any(each.is_merged for feeds in self._told.values() for each in feeds)

    def handed_on(self, function: ast.AST) -> list[Site]:
        """The calls by which a function that was handed to a receiver is given each message."""
        return self._handed_on[function] if self._told else []

    def _part(self, source: Term, way: Way) -> MessagePart | None:
        feed, way = self._received(source, way, self._told)
        return _read(feed, way) if feed else None

    def _received(self, source: Term, way: Way, told: Told) -> tuple[Feed | None, Way]:
        """The feed of what a message is, and the way through it: of a function's, and of what a connection gives."""
        match source:
            case Parameter(function=function, name=name):
                return _joined(told.get((function, name), [])), way
            case Invocation(callee=Access(base=base, key=key)) if key in RECEIVERS:
                return self._of_socket(base), way if key != ".receive_json" else (BODY, *way)
            case Invocation() if way[:1] == (ANY,):
                return self._of_socket(source), way[2:] if way[1:2] == (ANY,) else way[1:]
        return None, way

    def _of_socket(self, opened: Term) -> Feed | None:
        """The feed of a connection."""
        made = opening_of(opened)
        socket = self.traffic.sockets.get(made) if made is not None else None
        if socket is None:
            return None
        return Feed(socket.library, socket.channel, Related(socket.origin, "its messages come from here"))

    @cached_property
    def _told(self) -> Told:
        """The parameters that are given a message, each with all that may give one."""
        found: Told = defaultdict(list)
        modules = self.program.project.readable
        for module in modules:
            for term, position, feed in (*self._from_apps(module), *self._from_clients(module)):
                self._tell(found, term, position, feed)
        for module, call, term, position, feed in [each for m in modules for each in self._from_receivers(m, found)]:
            for function in self._tell(found, term, position, feed):
                self._handed_on[function].append(Site(module, call, module.names.scope(call)))
        return found

    def _tell(self, found: Told, term: Term, position: int, feed: Feed) -> list[ast.AST]:
        """Note what each function is given that a term may be, and say which these are."""
        functions: list[ast.AST] = []
        for option in (o for t in self.program.callers.in_all_contexts(term) for o in alternatives(t)):
            handed = handed_callback(option)
            if handed is not None and len(handed.left) > position:
                key = (handed.function.node, handed.left[position].arg)
                found[key] += [feed] if feed not in found[key] else []
                functions.append(handed.function.node)
        return functions

    def _from_receivers(self, module: Module, told: Told) -> Iterator[tuple[Module, ast.Call, Term, int, Feed]]:
        """What a function that receives was given to call with each message."""
        for call, handler in self._calls_of_handlers(module):
            for position, argument in enumerate(call.args):
                found = [self._received(*source, told) for source in self.responses.sources(module, argument)]
                feeds = [(feed, way) for feed, way in found if feed is not None and way in ((), (BODY,))]
                if len(feeds) == len(found) == 1:
                    yield module, call, handler, position, feeds[0][0]._replace(is_read=bool(feeds[0][1]))

    def _calls_of_handlers(self, module: Module) -> Iterator[tuple[ast.Call, Term]]:
        """The calls of what only callers know in a module that opens sockets, by a name or an attribute."""
        is_opening = module.source.path in self._openers or any(module.names.called(*self.streams_of_clients))
        for call in module.names.calls if is_opening else ():
            if call.args and isinstance(call.func, (ast.Name, ast.Attribute)):
                handler = self.program.evaluator.evaluate(module, call.func)
                if isinstance(handler, Parameter):
                    yield call, handler

    def _from_apps(self, module: Module) -> Iterator[tuple[Term, int, Feed]]:
        for name, held, socket in AppCallbacks(self.analysis).of(module):
            given = app_handlers()[name]
            if MESSAGE in given:
                origin = Related(socket.origin, "its messages come from here")
                yield held.term, given.index(MESSAGE), Feed(socket.library, socket.channel, origin)

    @cached_property
    def _openers(self) -> set[str]:
        """The files that open sockets."""
        return {socket.origin.path for socket in self.traffic.sockets.values()}

    def _from_clients(self, module: Module) -> Iterator[tuple[Term, int, Feed]]:
        """The streams of pybit that are asked about."""
        for node in module.names.called(*self.streams_of_clients):
            for call in self.analysis.views.of(module, node) if node in self.traffic.bybit_calls else ():
                held, depth = streams.callback(call), call.get("depth", 0)
                if isinstance(held, Argument):
                    origin = Related(call.own_span, "subscribed to here")
                    depths, topics = tuple(depth.texts) if depth is not None else (), (streams.topic(call),)
                    yield held.term, 0, Feed(streams.LIBRARY, streams.channel(call), origin, depths, topics=topics)


def opening_of(connection: Term) -> ast.AST | None:
    """The call that opened a connection, also where a loop goes through them: `async for ws in connect(URL)`."""
    return maker(connection.base if isinstance(connection, Element) else connection)


def _joined(feeds: list[Feed]) -> Feed | None:
    """One feed for all that the same function listens to, if they are alike."""
    if len({(feed.library, feed.channel, feed.is_read) for feed in feeds}) != 1:
        return None
    depths = tuple(depth for feed in feeds for depth in feed.depths or ("",))
    return feeds[0]._replace(depths=depths, topics=tuple(topic for feed in feeds for topic in feed.topics))


def _read(feed: Feed, way: Way) -> MessagePart | None:
    """What is read of a message once its text is JSON; pybit hands over what it has read already."""
    if feed.is_merged or feed.is_read:
        return MessagePart(feed, way)
    return MessagePart(feed, way[1:]) if way[:1] == (BODY,) else None
