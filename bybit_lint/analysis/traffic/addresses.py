"""Whose host a request goes to, as far as its address is written out: not all that is signed like Bybit's is for it."""

from __future__ import annotations

import ast

from bybit_lint.analysis.callgraph.call_sites import enclosing_function
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode, arguments, called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Site
from bybit_lint.clients import rest

CARRIED = {"headers", *rest.BODIES}
"""The arguments that a request is signed in."""


def is_for_others(evaluator: Evaluator, module: Module, call: ast.Call) -> bool:
    """True for a call whose address begins with a host that is written out, and is none of Bybit's."""
    texts = (text for node in arguments(call) for text in strings.texts(evaluator.evaluate(module, node)))
    found = [text for text in texts if rest.SCHEME.match(text)]
    return bool(found) and not any(map(rest.HOST.match, found))


def is_sent_to_others(program: Program, site: Site) -> bool:
    """True if the function around a site sends all its requests to others than Bybit.

    Of one that sends nothing, those that call it are asked.
    """
    function = enclosing_function(site)
    if function is None:
        return False
    own = _sent(site.module, function)
    groups = [own] if own else [_by_caller(each) for each in program.callers.sites(function)]
    return bool(groups) and all(
        group and all(is_for_others(program.evaluator, module, call) for module, call in group) for group in groups
    )


def _by_caller(site: Site) -> list[tuple[Module, ast.Call]]:
    """What the function sends from which another one is called."""
    function = enclosing_function(site)
    return _sent(site.module, function) if function else []


def _sent(module: Module, function: FunctionNode) -> list[tuple[Module, ast.Call]]:
    """The requests in a function that carry something."""
    calls = (call for call in module.names.calls_in[function] if called_name(call.func) in rest.NAMES)
    return [(module, call) for call in calls if any(keyword.arg in CARRIED for keyword in call.keywords)]
