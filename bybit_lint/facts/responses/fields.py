"""Fields of answers where a bot reads them, and what the table of fields says of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.traffic.responses import ResponsePart
from bybit_lint.clients import ccxt
from bybit_lint.facts.analysis import Analysis
from bybit_lint.knowledge.answers import ANY, Field, fields
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Reading, Span


class Read(NamedTuple):
    """A field where it is read, and the answer it is read from."""

    node: ast.expr
    field: Field
    answer: ResponsePart
    is_certain: bool = True
    """False where it may as well be read from the answer to another request, which has it."""


class Fields:
    """What is read from answers in one file."""

    def __init__(self, analysis: Analysis, module: Module) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self.answers = analysis.responses
        self.module = module
        self.names = module.names

    def reads(self) -> Iterator[Read]:
        """Every field of the table that is read from an answer, on each way through the code or on some."""
        for name, known in fields().items():
            asked = [field for field in known if self._is_asked_for(field)]
            for node in self.names.items.get(name, ()) if asked else ():
                if self._is_in_row(node) and not any(field.is_in_row for field in asked):
                    continue
                found = self.answers.of(self.module, node)
                for field in known:
                    told = [a for a in found if a and is_read(field, a)]
                    if told:
                        yield Read(node, field, told[0], len(told) == len(found))

    def _is_asked_for(self, field: Field) -> bool:
        """False for a field of answers that the bot never gets."""
        endpoint = field.endpoint.removeprefix("ccxt:")
        return endpoint == ANY or endpoint in self.traffic.asked

    def _is_in_row(self, node: ast.expr) -> bool:
        """True for `row["price"]` where `row` is what a loop takes from a list, as most are; ccxt is not asked."""
        match node:
            case ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                bindings = self.names.scope(node).bindings.get(name, ())
                is_looped = bool(bindings) and all(binding.how == "for" for binding in bindings)
                return is_looped and not self.program.project.says(b"ccxt")
        return False

    def is_beside(self, node: ast.expr, other: ast.expr) -> bool:
        """True if two nodes stand in the same function."""
        return self.names.scope(node).function is self.names.scope(other).function

    def reading(self, read: Read) -> Reading:
        """A field where it is read, of which nothing is wrong yet."""
        return Reading(self.span(read.node), field_name(read.node), read.answer.made.site.span)

    def span(self, node: ast.expr) -> Span:
        return self.module.source.span(node)


def is_read(field: Field, answer: ResponsePart) -> bool:
    """Whether a field of the table is the one that is read."""
    if answer.client is ccxt and not answer.is_raw:
        return field.is_at(f"ccxt:{answer.request.endpoint}", answer.way) and field.endpoint != ANY
    return answer.is_v5 and field.is_at(answer.request.endpoint, answer.way)


def field_name(node: ast.expr) -> str:
    """The key of `x[key]` or `x.get(key)`, the name of `x.name`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else node.args[0]  # type: ignore[attr-defined]  # items holds nothing else
    return str(literal_key(key))
