"""`run_forever()`: which object runs, through the shim's heartbeat and as one of a class of the bot's own."""

from __future__ import annotations

import ast
from collections.abc import Container

from bybit_lint.analysis.callgraph.call_sites import enclosing_function
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Instance, Invocation, Site, Term, alternatives, qualified_name

RUN = "run_forever"
HEARTBEAT = "bybit_lint.shim.start_heartbeat"


def is_run_by(evaluator: Evaluator, module: Module, call: ast.Call, makers: Container[ast.AST | None]) -> bool:
    """True for `run_forever()` of an object that one of these calls may have made."""
    return any(maker(term) in makers for term in running(evaluator, module, call.func))


def run_of(evaluator: Evaluator, made: Site) -> Site | None:
    """Where the object runs that is made at a site, or in whose constructor that stands."""
    names = made.module.names
    for node in names.nodes() if RUN.encode() in made.module.source.data else ():
        terms = running(evaluator, made.module, node)
        if isinstance(node, ast.expr) and any(_is_made_at(evaluator, made, term) for term in terms):
            parent = names.parents.get(node)
            call = parent if isinstance(parent, ast.Call) and parent.func is node else node
            return Site(made.module, call, names.scope(node))
    return None


def _is_made_at(evaluator: Evaluator, made: Site, term: Term) -> bool:
    function = enclosing_function(made)
    if isinstance(term, Instance) and isinstance(made.node, ast.Call) and called_name(made.node.func) == "__init__":
        hierarchy = evaluator.hierarchy
        return function is not None and hierarchy.class_of(made.module, function) in hierarchy.lineage(term.of)
    return maker(term) is made.node


def running(evaluator: Evaluator, module: Module, method: ast.AST) -> list[Term]:
    """What `x` in `x.run_forever` may be, nothing for another node; the shim's heartbeat returns what it is given."""
    if not isinstance(method, ast.Attribute) or method.attr != RUN:
        return []
    terms = map(_given, alternatives(evaluator.evaluate(module, method.value)))
    return [option for term in terms for option in alternatives(term)]


def maker(term: Term) -> ast.AST | None:
    """The call that made an object, also one of a class of the bot's own."""
    made = term.made if isinstance(term, Instance) else term
    return made.site.node if isinstance(made, Invocation) else None


def _given(term: Term) -> Term:
    if isinstance(term, Invocation) and term.positional and qualified_name(term.callee) == HEARTBEAT:
        return term.positional[0].term
    return term
