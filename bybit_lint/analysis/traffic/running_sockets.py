"""`run_forever()`: which object runs, through the shim's heartbeat and as one of a class of the bot's own."""

from __future__ import annotations

import ast
from collections.abc import Container

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Instance, Invocation, Term, alternatives, qualified_name

RUN = "run_forever"
HEARTBEAT = "bybit_lint.shim.start_heartbeat"


def is_run_by(evaluator: Evaluator, module: Module, call: ast.Call, makers: Container[ast.AST | None]) -> bool:
    """True for `run_forever()` of an object that one of these calls may have made."""
    return any(maker(term) in makers for term in running(evaluator, module, call.func))


def running(evaluator: Evaluator, module: Module, method: ast.AST) -> list[Term]:
    """What `x` in `x.run_forever` may be, nothing for another node; the shim's heartbeat returns what it is given."""
    if not isinstance(method, ast.Attribute) or method.attr != RUN:
        return []
    terms = map(_given, alternatives(evaluator.at(module, method.value).term))
    return [option for term in terms for option in alternatives(term)]


def maker(term: Term) -> ast.AST | None:
    """The call that made an object, also one of a class of the bot's own."""
    made = term.made if isinstance(term, Instance) else term
    return made.site.node if isinstance(made, Invocation) else None


def _given(term: Term) -> Term:
    if isinstance(term, Invocation) and term.positional and qualified_name(term.callee) == HEARTBEAT:
        return term.positional[0].term
    return term
