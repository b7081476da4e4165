"""Fields of a stream's messages that are read as if each message were a snapshot.

A delta tells what has changed and nothing else. pybit puts it into the snapshot: of a ticker all is there then, of an
order book the new levels stand behind the others (https://github.com/bybit-exchange/pybit/issues/369).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.domains.strings import texts
from bybit_lint.analysis.flow.exception_handlers import (
    ALL,
    caught_exceptions,
    enclosing_attempts,
    enclosing_suppressions,
)
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.guards import tests
from bybit_lint.analysis.syntax.jumps import LoopNode
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, literal_key, position, walk
from bybit_lint.analysis.traffic.messages import messages
from bybit_lint.analysis.traffic.responses import Way
from bybit_lint.analysis.values.terms import ListTerm, qualified_name
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.stream_messages import BOOK, Feed, StreamMessages
from bybit_lint.knowledge.streams import deltas
from bybit_lint.vocabulary import DeltaRead, Fix, Replace

TICKERS = "tickers"
NUMBERS = {"builtins.float", "builtins.int", "decimal.Decimal"}
MISSING = ALL | {"builtins.KeyError", "builtins.LookupError"}
KINDS = {"snapshot", "delta", "type"}
"""What a bot speaks of that tells the two apart."""
WHOLE = "1"
"""The depth of a book that is sent as snapshots only."""
FILES = ("os.", "glob.", "pathlib.")
"""What lists files begins so."""
BEST = {"b": "max", "a": "min"}


@extracts(DeltaRead, words="websocket WebSocket ws_connect pybybit")
class DeltaReads:
    """The reads of one project's messages."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic = analysis.program, analysis.traffic
        self.messages = StreamMessages(analysis)

    def facts(self, module: Module) -> Iterator[DeltaRead]:
        changing = deltas()[TICKERS]
        if any(socket.channel in changing.channels for socket in self.traffic.sockets.values()):
            read = [(node, name) for name in changing.fields for node in module.names.items.get(name, ())]
            told = set()
            for node, name in sorted(read, key=lambda each: position(each[0])):
                function = module.names.scope(node).function.node
                for found in self._field(module, node, name) if function not in told else ():
                    told.add(function)  # what else it reads stands behind the first
                    yield found
        if not module.names.items.keys().isdisjoint(BEST) and (self._raw_depths or self.messages.has_books):
            for node in module.names.items.get(0, ()):
                yield from self._first(module, node)

    # A field of a ticker ----------------------------------------------------------------------------------------------

    def _field(self, module: Module, node: ast.expr, name: str) -> Iterator[DeltaRead]:
        """A field that is taken for granted, unless somebody asks whether it is there, or catches that it is not."""
        default = _zero(node)
        is_number = isinstance(node, ast.Call) and self._is_made_number(module, node)
        if isinstance(node, ast.Call) and not (_is_computed_with(module, node) if default else is_number):
            return
        feed = self._read(module, node, ("data", name))
        if feed is None or feed.is_merged or feed.channel not in deltas()[TICKERS].channels:
            return
        if not self._is_expected(module, node, name, is_raised=not default):
            yield DeltaRead(module.source.span(node), name, feed.library, feed.origin, default)

    def _is_made_number(self, module: Module, node: ast.Call) -> bool:
        """True for `float(data.get("lastPrice"))`, which is a TypeError where it is missing."""
        match module.names.parents.get(node):
            case ast.Call(func=called, args=[first, *_]) if first is node and len(node.args) == 1:
                return qualified_name(self.program.evaluator.evaluate(module, called)) in NUMBERS
        return False

    def _read(self, module: Module, node: ast.expr, way: Way) -> Feed | None:
        """Where a value comes from that is read from a message, and not from a dict which the bot has put together."""
        match node:
            case ast.Subscript(value=base) | ast.Call(func=ast.Attribute(value=base)):
                feed = self._feed(module, node, way)
                return feed if feed is not None and self._feed(module, base, way[:-1]) is not None else None
        return None

    def _feed(self, module: Module, node: ast.expr, way: Way) -> Feed | None:
        """Where a value comes from, if it is that part of a message on each way through the code."""
        found = self.messages.of(module, node)
        feeds = {part.feed for part in found if part is not None and part.way == way}
        is_proven = len(feeds) == 1 and all(part is not None and part.way == way for part in found)
        return feeds.pop() if is_proven else None

    @answered_once
    def _is_expected(
        self, module: Module, node: ast.AST, name: str, depth: int = MAX_CALLS_BETWEEN, *, is_raised: bool = True
    ) -> bool:
        """True if a function, or who calls it with the message, knows that not every message has every field."""
        if _asks(module, node, name) or (is_raised and self._is_caught(module, node)):
            return True
        function = module.names.scope(node).function.node
        if not isinstance(function, FUNCTIONS) or not depth:
            return not depth
        sites = [*self.program.callers.sites(function), *self.messages.handed_on(function)]
        return any(self._is_expected(s.module, s.node, name, depth - 1, is_raised=is_raised) for s in sites)

    def _is_caught(self, module: Module, node: ast.AST) -> bool:
        """True if the loop that receives goes on after a KeyError."""
        loop = next((a for a in module.names.ancestors(node) if isinstance(a, LoopNode)), None)
        tried = (
            (attempt, handler.type)
            for attempt in enclosing_attempts(module.names, node)
            for handler in attempt.handlers
        )
        suppressed = (
            (block, type_) for block, manager in enclosing_suppressions(module.names, node) for type_ in manager.args
        )
        return any(
            not MISSING.isdisjoint(caught_exceptions(self.program.evaluator, module, type_))
            for block, type_ in (*tried, *suppressed)
            if loop is None or module.names.holds(loop, block)
        )

    # The first level of a book ----------------------------------------------------------------------------------------

    def _first(self, module: Module, node: ast.expr) -> Iterator[DeltaRead]:
        if not isinstance(node, ast.Subscript) or self._sorts(module):
            return
        for side, best in BEST.items():
            feed = self._read(module, node, ("data", side, 0))
            if feed is None or not self._is_of_deltas(feed):
                continue
            if feed.is_merged or not self._is_told_apart(module, node):
                text = module.source.text(node.value)
                instead = f"{best}({text}, key=lambda level: float(level[0]))"
                fix = Fix(f"take the {best} of the levels", (Replace(module.source.span(node), "", instead),))
                is_merged = feed.is_merged
                yield DeltaRead(
                    module.source.span(node),
                    f"{side}[0]",
                    feed.library,
                    feed.origin,
                    is_first=True,
                    is_merged=is_merged,
                    best=fix if is_merged else None,
                )

    @answered_once
    def _sorts(self, module: Module) -> bool:
        """True for a file that sorts anything that may be the book, which names of files are not."""
        return not all(self._lists_files(module, call) for call in module.names.called("sort", "sorted"))

    def _lists_files(self, module: Module, call: ast.Call) -> bool:
        held = call.args[0] if call.args else call.func.value if isinstance(call.func, ast.Attribute) else None
        name = qualified_name(self.program.evaluator.evaluate(module, held)) if held is not None else None
        return (name or "").startswith(FILES)

    def _is_of_deltas(self, feed: Feed) -> bool:
        if feed.channel not in deltas()[BOOK].channels:
            return False
        depths = [*feed.depths] if feed.is_merged else self._raw_depths
        return bool(depths) and all(depth.isdecimal() and depth != WHOLE for depth in depths)

    @answered_once
    def _is_told_apart(self, module: Module, node: ast.AST, depth: int = MAX_CALLS_BETWEEN) -> bool:
        """True if a function, or who calls it with the message, asks whether it is a snapshot."""
        function = module.names.scope(node).function.node
        if any(not KINDS.isdisjoint(_said(test)) for test in _tests(function)):
            return True
        callers = self.program.callers.sites(function) if isinstance(function, FUNCTIONS) and depth else []
        sites = [*callers, *(self.messages.handed_on(function) if depth else ())]
        return any(self._is_told_apart(site.module, site.node, depth - 1) for site in sites)

    @cached_property
    def _raw_depths(self) -> list[str]:
        """The depths of all books that raw sockets of the project are asked for; empty texts for what is not known."""
        modules = self.program.project.readable if self.traffic.sockets else []
        topics = (topic for module in modules for topic in self._topics(module))
        return [topic.split(".")[1] if topic.count(".") > 1 else "" for topic in topics]

    def _topics(self, module: Module) -> Iterator[str]:
        if BOOK.encode() not in module.source.data:
            return
        for asked in messages(self.program.evaluator, module, "subscribe"):
            items = asked.term.items if isinstance(asked.term, ListTerm) else ()
            for item in items:
                for term in self.program.callers.in_all_contexts(item.term):
                    yield from (text for text in texts(term) if text.startswith(BOOK))


def _zero(node: ast.expr) -> str:
    """What stands for a field that is missing, as it is written, if that is a zero: `data.get("lastPrice", "0")`."""
    match node:
        case ast.Call(args=[_, ast.Constant(value=int() | float() | str() as value) as default]):
            is_zero = not value.strip("0.") and "0" in value if isinstance(value, str) else not value
            return ast.unparse(default) if is_zero else ""
    return ""


def _is_computed_with(module: Module, node: ast.Call) -> bool:
    """True for `last = float(data.get(...))` if the function computes or compares with it, and never asks for zero."""
    made = module.names.parents.get(node)
    around = module.names.parents.get(made) if made is not None else None
    if not (isinstance(made, ast.Call) and made.args[:1] == [node]) or not isinstance(around, ast.Assign):
        return False
    target, scope = around.targets[0], module.names.scope(node).function
    if not isinstance(target, ast.Name) or not scope.is_function:
        return False
    loads = module.names.loads(scope.node, target.id)
    uses = [(load, module.names.parents.get(load)) for load in loads]
    if any(_asks_for_zero(load, use) for load, use in uses):
        return False
    reached = (reaching.reaching(module.names, scope, target.id, load) for load, use in uses if _is_ordered(use))
    return any(found.is_complete and [b.statement for b in found.bindings] == [around] for found in reached)


def _is_ordered(use: ast.AST | None) -> bool:
    """True for what asks which of two numbers is larger."""
    return isinstance(use, ast.Compare) and any(isinstance(o, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for o in use.ops)


def _asks_for_zero(load: ast.expr, use: ast.AST | None) -> bool:
    """True for a question whether there is a number, in so many words or by its truth."""
    if isinstance(use, ast.Compare):
        return any(isinstance(other, ast.Constant) for other in (use.left, *use.comparators))
    is_test = isinstance(use, (ast.If, ast.While, ast.IfExp)) and use.test is load
    return is_test or isinstance(use, (ast.BoolOp, ast.UnaryOp))


def _asks(module: Module, node: ast.AST, name: str) -> bool:
    """True if a function asks for a field, or for what kind of message it has."""
    wanted = KINDS | {name}
    held = _holder(node)
    for test in _tests(module.names.scope(node).function.node):
        compared = (inner for n in walk(test) if isinstance(n, ast.Compare) for inner in walk(n))
        if not wanted.isdisjoint(_said(test)) or any(ast.dump(inner) == held for inner in compared):
            return True
    return False


def _holder(node: ast.AST) -> str:
    """What a field is read from, to be compared with other mentions of it."""
    match node:
        case ast.Subscript(value=base) | ast.Call(func=ast.Attribute(value=base)):
            return ast.dump(base)
    return ""


def _tests(function: ast.AST) -> Iterator[ast.expr]:
    """What a function asks, and what it looks for a pattern in."""
    yield from tests(function)
    yield from (node.subject for node in walk(function) if isinstance(node, ast.Match))


def _said(test: ast.expr) -> set[object]:
    """The keys and texts that a test speaks of."""
    return {literal_key(n) for n in walk(test) if isinstance(n, ast.Constant)}
