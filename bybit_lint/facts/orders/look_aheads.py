"""What is asked before an order is sent: whether that may tell that it is there already."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.loops import Loop
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.values.terms import Function
from bybit_lint.patterns import regex

LOOKS = regex(
    r"order|position|place|exist|open|fill|done|dup|sent|already|find|look|check|in_?trade|size|status|has_|is_in|flat",
    re.IGNORECASE,
)
"""Names of what may know of an order."""


UNSAID = {"self", "cls", *LOGGING, *dir(builtins)}
"""Names that say nothing of what is kept in mind."""
ASKS = regex(r"check|look|find|status", re.IGNORECASE)
"""What says only that something is asked for; what that is, the rest of the name says, or what is read for it."""


def is_blind(program: Program, effects: Effects, module: Module, leaving: ast.stmt, loop: Loop) -> bool:
    """True if what leaves a loop is guarded by a question that cannot tell whether an order is there already."""
    tests: list[ast.expr] = []
    for around in module.names.ancestors(leaving):
        if around is loop.node:
            break
        if isinstance(around, ast.If):
            tests.append(around.test)
    return bool(tests) and not any(
        _may_know(program, effects, module, node, loop) for test in tests for node in walk(test)
    )


def _may_know(program: Program, effects: Effects, module: Module, node: ast.AST, loop: Loop) -> bool:
    """True for a part of a question that may depend on what the tries before have done."""
    match node:
        case ast.Call():
            ours = program.callees.functions(module, node)
            looks = LOOKS.search(called_name(node.func)) is not None
            if ours and not LOOKS.search(ASKS.sub("", called_name(node.func))):
                looks &= any(_may_remember(effects, function, loop) for function in ours)
            return looks or effects.reads_orders(module, node) or (not ours and bool(node.args or node.keywords))
        case ast.Attribute() | ast.Subscript():
            return not isinstance(module.names.parents.get(node), ast.Call)
        case ast.Name(id=name) if not isinstance(module.names.parents.get(node), ast.Call):
            bindings = module.names.scope(node).function.bindings.get(name, ())
            return any(module.names.stands_in(loop.node.body, binding.statement) for binding in bindings)
    return False


def _may_remember(effects: Effects, function: Function, loop: Loop) -> bool:
    """True if a function reads what may know of an order by its name, or what the loop speaks of too."""
    own = function.module.names.scopes[function.node].bindings
    read = _spoken_of(effects, [function.node]) - own.keys()
    return any(map(LOOKS.search, read)) or not read.isdisjoint(_spoken_of(effects, loop.node.body))


def _spoken_of(effects: Effects, code: Sequence[ast.AST]) -> set[str]:
    """The names, attributes and words in some code, without the clients that Bybit is asked by."""
    nodes = [node for each in code for node in walk(each)]
    asked = [node.func for node in nodes if isinstance(node, ast.Call) and node in effects.traffic.bybit_calls]
    clients = {node for function in asked for node in walk(function)} | {*code}
    return {name for node in nodes if node not in clients and (name := _said(node))} - UNSAID


def _said(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Constant(value=str(word)) if word.isidentifier():
            return word
    return ""
