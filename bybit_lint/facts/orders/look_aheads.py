"""What is asked before an order is sent: whether that may tell that it is there already."""

from __future__ import annotations

import ast
import re

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.loops import Loop
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.patterns import regex

LOOKS = regex(
    r"order|position|place|exist|open|fill|done|dup|sent|already|find|look|check|in_?trade|size|status|has_|is_in|flat",
    re.IGNORECASE,
)
"""Names of what may know of an order."""


def is_blind(program: Program, effects: Effects, module: Module, leaving: ast.stmt, loop: Loop) -> bool:
    """True if what leaves a loop is guarded by a question that cannot tell whether an order is there already."""
    tests: list[ast.expr] = []
    for around in module.names.ancestors(leaving):
        if around is loop.node:
            break
        if isinstance(around, ast.If):
            tests.append(around.test)
    return bool(tests) and not any(
        _may_know(program, effects, module, node, loop) for test in tests for node in ast.walk(test)
    )


def _may_know(program: Program, effects: Effects, module: Module, node: ast.AST, loop: Loop) -> bool:
    """True for a part of a question that may depend on what the tries before have done."""
    match node:
        case ast.Call():
            is_named = LOOKS.search(called_name(node.func)) is not None
            is_ours = bool(program.callees.functions(module, node))
            return is_named or effects.reads_orders(module, node) or (not is_ours and bool(node.args or node.keywords))
        case ast.Attribute() | ast.Subscript():
            return not isinstance(module.names.parents.get(node), ast.Call)
        case ast.Name(id=name) if not isinstance(module.names.parents.get(node), ast.Call):
            bindings = module.names.scope(node).function.bindings.get(name, ())
            return any(module.names.stands_in(loop.node.body, binding.statement) for binding in bindings)
    return False
