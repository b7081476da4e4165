"""Whether a literal takes the place of what was looked up, for any instrument, where the look-up has failed."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.guards import ASKING, asks_for_nothing, asks_for_something
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.values.terms import Site
from bybit_lint.patterns import regex

FAILURES = {"retMsg", "ret_msg", "status"}
"""Fields whose texts say whether an answer is one."""
CONVERSIONS = {"Decimal", "float", "int", "str", "round", "abs"}
NAMED = regex(r"[A-Z0-9/:_-]{5,}")
"""A symbol, as a key of a table."""


def takes_place(site: Site, asked: Site | None) -> bool:
    """True for what is done where the look-up of a field has failed, whatever the symbol is."""
    names, function = site.module.names, site.scope.function.node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_own_default(site, asked):
        return False
    is_placed = asked is not None and asked.scope.function.node is function and _is_asked_for(site, asked)
    here: ast.AST = site.node
    for around in names.ancestors(site.node):
        match around:
            case ast.ExceptHandler():
                attempt = names.parents.get(around)
                return isinstance(attempt, ast.Try) and any(map(_may_fail, attempt.body))
            case ast.Dict() if _is_named(around, here):
                return False
            case ast.If(test=test) | ast.IfExp(test=test) if test is not here:
                if not _asks_what_came(site, test):
                    return False
                is_placed |= asks_for_something(test) if _is_else(around, here) else asks_for_nothing(test)
            case ast.BoolOp(op=ast.Or(), values=[first, *_]) if first is not here:
                if any(isinstance(part, (ast.JoinedStr, ast.BinOp)) for part in walk(first)):
                    return False  # for what was made of it, such as an empty text
                is_placed = True
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]) if default is here:
                is_placed = True
        here = around
    return is_placed


def _is_else(branch: ast.If | ast.IfExp, part: ast.AST) -> bool:
    return part in branch.orelse if isinstance(branch, ast.If) else part is branch.orelse


def _may_fail(tried: ast.stmt) -> bool:
    """True for a statement that does more than make numbers of what it has: `Decimal(str(tick))` does not fail."""
    return any(
        isinstance(node, ast.Subscript) or (isinstance(node, ast.Call) and called_name(node.func) not in CONVERSIONS)
        for node in walk(tried)
    )


def _is_asked_for(site: Site, asked: Site) -> bool:
    """True if nothing but what came decides whether a field is read."""
    names = site.module.names
    here: ast.AST = asked.node
    for around in names.ancestors(asked.node):
        match around:
            case ast.If(test=test) | ast.IfExp(test=test) if test is not here and not names.holds(around, site.node):
                if not _asks_what_came(site, test):
                    return False
        here = around
    return True


def _is_own_default(site: Site, asked: Site | None) -> bool:
    """True for `row.get("qtyStep", "0.1")` and `float(row["qtyStep"] or 0.1)`, or on two lines: Bybit always says it.

    Of a dict of the bot's own the key is what says which instrument is meant.
    """
    names = site.module.names
    here: ast.AST = site.node
    for around in names.ancestors(site.node):
        match around:
            case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[key, default]) if default is here:
                return isinstance(key, ast.Constant)
            case ast.BoolOp(op=ast.Or(), values=[first, *_]) if asked is not None:
                if names.holds(around, asked.node) or _is_bound_to(site, first, asked):
                    return True
            case ast.stmt():
                return False
        here = around
    return False


def _is_bound_to(site: Site, name: ast.expr, asked: Site) -> bool:
    """True for a name that stands for a field which is read in any case."""
    found = site.scope.function.bindings.get(name.id, []) if isinstance(name, ast.Name) else []
    value = found[0].value if len(found) == 1 else None
    if value is None or not site.module.names.holds(value, asked.node):
        return False
    return not any(isinstance(node, (ast.IfExp, ast.And)) for node in walk(value))


def _is_named(table: ast.Dict, value: ast.AST) -> bool:
    """True for an entry of a table that names its instrument."""
    keys = [key for key, held in zip(table.keys, table.values, strict=True) if held is value]
    return any(isinstance(k, ast.Constant) and isinstance(k.value, str) and NAMED.fullmatch(k.value) for k in keys)


def _asks_what_came(site: Site, test: ast.expr) -> bool:
    """True if a test asks for something that the function was given by a call, and not which symbol it is."""
    bound = site.scope.function.bindings
    is_local = any(binding.value is not None for name in names_in([test]) for binding in bound.get(name, ()))
    return is_local and not any(map(_sorts_out, walk(test)))


def _sorts_out(node: ast.AST) -> bool:
    """True for a question after a text, or how large something is: `coin == "BTC"`, `price > 100`."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            texts = [str(n.value) for n in (left, right) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            if isinstance(op, (ast.In, ast.NotIn)):  # of a key it is asked whether it came
                return any(text.isupper() for text in texts)
            keys = {n.value for n in walk(left) if isinstance(n, ast.Constant)}
            is_size = isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) and not _counts(left)
            return is_size or (bool(texts) and keys.isdisjoint(FAILURES))
        case ast.Call(func=ast.Attribute(attr=method)):
            return method in ASKING
    return False


def _counts(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "len" for n in walk(node))
