"""What a request carries beside its signature: in its headers, or before V5 among its parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bybit_lint.analysis.callgraph.call_sites import enclosing_function
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.traffic.addresses import is_sent_to_others
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import DictTerm, Expression, Site
from bybit_lint.vocabulary import Span

KEY, TIMESTAMP, SIGNATURE = "api_key", "timestamp", "sign"
MAKERS = ("dict", "OrderedDict", "update")
"""What takes the fields of a dict by their names."""


def in_headers(evaluator: Evaluator, module: Module, wanted: str) -> Iterator[tuple[Span, Expression]]:
    """Every value a module gives to one of Bybit's headers, however it does so."""
    if wanted.encode() not in module.source.data.upper():
        return
    for node in module.names.dicts:
        if any(_is_named(key, wanted) for key in node.keys):
            term = evaluator.evaluate(module, node)
            entries = term.entries if isinstance(term, DictTerm) else {}
            yield from ((held.site.span, held) for name, held in entries.items() if name.upper() == wanted)
    for call in module.names.calls:
        match call:
            case ast.Call(func=ast.Attribute(attr="add_header"), args=[name, value]) if _is_named(name, wanted):
                yield module.source.span(value), evaluator.at(module, value)
    for scope in module.names.scopes.values():
        for path, bindings in scope.bindings.items():
            if path.upper().endswith(f"['{wanted}']"):
                yield from _stored(evaluator, module, bindings)


def among_parameters(evaluator: Evaluator, module: Module, wanted: str) -> Iterator[tuple[Span, Expression]]:
    """Every value a module gives to a parameter that stands beside the key and the moment, as signed before V5."""
    if wanted.encode() not in module.source.data:
        return
    for node in module.names.dicts:
        if _keys(node) & {KEY, wanted}:
            term = evaluator.evaluate(module, node)
            entries = term.entries if isinstance(term, DictTerm) else {}
            if wanted in entries and _are_sent(entries.keys() | _added(module, node)):
                yield entries[wanted].site.span, entries[wanted]
    for call in module.names.called(*MAKERS):
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        if wanted in given and _are_sent(given.keys()):
            yield module.source.span(given[wanted]), evaluator.at(module, given[wanted])
    for scope in module.names.scopes.values():
        for path, bindings in scope.bindings.items():
            holder = path.removesuffix(f"['{wanted}']")
            if holder != path and _is_signed(scope, holder):
                yield from _stored(evaluator, module, bindings)


def _are_sent(fields: AbstractSet[str]) -> bool:
    """True for fields that a request carries; what keeps a secret stays at home."""
    return {KEY, TIMESTAMP} <= fields and not any("secret" in name.lower() for name in fields)


def _is_signed(scope: Scope, holder: str) -> bool:
    """True if a dict that is filled piece by piece gets a moment, and a key or a signature."""
    fields = _fields(scope, holder)
    for binding in scope.bindings.get(holder, ()):
        fields |= _keys(binding.value) if isinstance(binding.value, ast.Dict) else set()
    return TIMESTAMP in fields and bool(fields & {KEY, SIGNATURE})


def _added(module: Module, node: ast.Dict) -> set[str]:
    """What is put into a dict after it was made, by the name that it is bound to."""
    match module.names.parents.get(node):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return _fields(module.names.scope(node), name)
    return set()


def _fields(scope: Scope, holder: str) -> set[str]:
    """The items of a dict that a function sets."""
    start = f"{holder}['"
    return {path[len(start) : -2] for path in scope.bindings if path.startswith(start) and path.count("[") == 1}


def _keys(node: ast.Dict) -> set[str]:
    return {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def is_for_bybit(program: Program, site: Site) -> bool:
    """False where neither the file nor one that calls the function speaks of Bybit: other exchanges sign alike.

    Some in the same headers: what is sent to their hosts is not Bybit's either.
    """
    function = enclosing_function(site)
    using = [site.module for site in program.callers.sites(function)] if function else []
    is_near = any(module.concerns_bybit for module in (site.module, *using))
    return is_near and not is_sent_to_others(program, site)


def _is_named(node: ast.expr | None, wanted: str) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).upper() == wanted


def _stored(evaluator: Evaluator, module: Module, bindings: list[Binding]) -> Iterator[tuple[Span, Expression]]:
    for binding in bindings:
        if binding.value is not None:
            site = Site(module, binding.value, binding.scope)
            yield site.span, evaluator.expression(site)
