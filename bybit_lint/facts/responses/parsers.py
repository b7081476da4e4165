"""What a bot's own parser makes of the answers to several requests, one of which never has what it looks for.

A parser that serves orders that are looked up and orders that are just placed is no mistake: what it makes of the
latter is one, where somebody reads it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.domains.number_origins import SAME
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.values.terms import Invocation, Term, alternatives, qualified_name
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.responses.fields import Read, is_read
from bybit_lint.knowledge.answers import Field, fields


class Parsers:
    """Answers what is read of a parsed answer that the answer itself never has."""

    def __init__(self, analysis: Analysis, reads: Callable[[Module], Sequence[Read]]) -> None:
        self.program, self.answers = analysis.program, analysis.responses
        self._reads = reads
        self._fields: dict[str, Field | None] = {}

    def of(self, module: Module) -> Iterator[Read]:
        """Where something is read that a parser has put under a name of its own, and that is certainly not there."""
        said = (name for name in self._keeping if self._may_be_kept(name) and _may_say(module, name))
        kept = {name: field for name in said if (field := self._kept(name))}
        for node in module.names.nodes() if kept else ():
            name = _read_name(node)
            if name in kept and isinstance(node, ast.expr):
                yield from self._read(module, node, kept[name])

    def _read(self, module: Module, node: ast.expr, field: Field) -> Iterator[Read]:
        made = _unconverted(self.program.evaluator.evaluate(module, node))
        found = [answer for term in made for answer in self.answers.within(term)]
        first = next((answer for answer in found if answer), None)
        is_direct = any(read.node is node for read in self._reads(module))
        if first and not is_direct and all(answer and is_read(field, answer) for answer in found):
            yield Read(node, field, first)

    def _may_be_kept(self, name: str) -> bool:
        """False for a name of which it was found out that parsers keep nothing under it, as most are."""
        return name not in self._fields or self._fields[name] is not None

    def _kept(self, name: str) -> Field | None:
        """The field that parsers keep under a name, if only some of the answers have it."""
        if name not in self._fields:
            reads = ((module, read) for module in self._keeping[name] for read in self._reads(module))
            absent = ((m, read) for m, read in reads if not read.is_certain and read.field.what == "absent")
            kept = [read.field for m, read in absent if name in _kept_as(m, read.node)]
            self._fields[name] = kept[-1] if kept else None
        return self._fields[name]

    @cached_property
    def _keeping(self) -> dict[str, dict[Module, None]]:
        """The files in which a field that some answers lack is perhaps kept, by the name under which it is."""
        found: dict[str, dict[Module, None]] = defaultdict(dict)
        absent = [name for name, known in fields().items() if any(field.what == "absent" for field in known)]
        for module in self.program.project.readable:
            for node in (node for name in absent for node in module.names.items.get(name, ())):
                for name in _kept_as(module, node):
                    found[name][module] = None
        return found


def _may_say(module: Module, name: str) -> bool:
    """False for a name that does not stand in a file; a key that is not written out is called None."""
    return name == str(None) or not name.isascii() or name.encode() in module.source.data


def _read_name(node: ast.AST) -> str:
    """What is read at a node: `order.filled`, `order["filled"]`, `order.get("filled")`."""
    match node:
        case ast.Attribute(attr=name, ctx=ast.Load()):
            return name
        case ast.Subscript(slice=key, ctx=ast.Load()):
            return str(literal_key(key))
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return str(literal_key(key))
    return ""


def _unconverted(term: Term) -> Iterator[Term]:
    """What a number is made of, whichever it is: `float(x)`, `Decimal(str(x))`."""
    for option in alternatives(term):
        if (
            isinstance(option, Invocation)
            and qualified_name(option.callee) in (*SAME, "builtins.int")
            and option.positional
        ):
            yield from _unconverted(option.positional[0].term)
        else:
            yield option


def _kept_as(module: Module, node: ast.expr, *, is_named: bool = False) -> Iterator[str]:
    """The names of the fields that a value becomes: of a record, an object or a dict that is made around it."""
    child: ast.AST = node
    for around in module.names.ancestors(node):
        match around:
            case ast.keyword(arg=str() as name):
                yield name
                return
            case ast.Dict(keys=keys, values=values) if child in values:
                yield str(literal_key(keys[values.index(child)]))
                return
            case ast.Assign(targets=[ast.Attribute(attr=name)]):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) if not is_named:
                for load in module.names.loads(module.names.scope(node).function.node, name):
                    yield from _kept_as(module, load, is_named=True)
        if isinstance(around, ast.stmt):
            return
        child = around
