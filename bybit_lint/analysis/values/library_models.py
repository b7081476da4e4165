"""Whether an exchange of ccxt's is Bybit, where its name is a setting, and which branches are for another one."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.values import name_trails
from bybit_lint.analysis.values.evaluation import CallArguments, Evaluation
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Expression,
    External,
    Invocation,
    Term,
    alternatives,
    qualified_name,
)
from bybit_lint.knowledge import exchanges

MODULES = {"ccxt", "ccxt.async_support", "ccxt.pro"}
NAME = "bybit"
"""ccxt's name for Bybit, and the word for it in the name of a key."""


def is_elsewhere(names: ModuleIndex, node: ast.AST) -> bool:
    """True in a branch that is only for exchanges other than Bybit: `if name == "okx":`."""
    child = node
    for around in names.ancestors(node):
        match around:
            case ast.If(test=test, body=body) if child in body and _asks_for_others(test):
                return True
            case ast.If(test=test, orelse=orelse) if child in orelse and _asks_for_others(test, negated=True):
                return True
            case ast.match_case(pattern=ast.MatchValue(value=value)) if _are_others([value]):
                return True
        child = around
    return False


def is_here(names: ModuleIndex, node: ast.AST) -> bool:
    """True in a branch that is for Bybit alone: `if name == "bybit":`."""
    child = node
    for around in names.ancestors(node):
        match around:
            case ast.If(test=test, body=body) if child in body and _asks_for_bybit(test):
                return True
            case ast.match_case(pattern=ast.MatchValue(value=value)) if _text(value) == NAME:
                return True
        child = around
    return False


def _asks_for_bybit(test: ast.expr) -> bool:
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return any(map(_asks_for_bybit, values))
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return NAME in (_text(left), _text(right))
        case ast.Compare(left=left, ops=[ast.In()], comparators=[_]):
            return _text(left) == NAME
    return False


def _text(node: ast.expr) -> str:
    return node.value.lower() if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _asks_for_others(test: ast.expr, *, negated: bool = False) -> bool:
    """True if a test holds, or does not hold if `negated`, for nothing but other exchanges."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _asks_for_others(operand, negated=not negated)
        case ast.BoolOp(op=ast.And(), values=values) if not negated:
            return any(map(_asks_for_others, values))
        case ast.Compare(ops=[ast.Eq() | ast.In()], comparators=[other]):
            return not negated and _are_others(getattr(other, "elts", [other]))
        case ast.Compare(ops=[ast.NotEq() | ast.NotIn()], comparators=[other]):
            return negated and _are_others(getattr(other, "elts", [other]))
    return False


def _are_others(values: list[ast.expr]) -> bool:
    texts = [
        value.value.lower() for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]
    return bool(texts) and len(texts) == len(values) and exchanges.names().issuperset(texts)


def meant(evaluation: Evaluation, made: CallArguments) -> Term | None:
    """Bybit's class, if `getattr(ccxt, name)(...)` is given a key on some way, and one named after Bybit on each."""
    module = _asked(made.callee)
    if module is None or qualified_name(module) not in MODULES or not made.positional:
        return None
    configs = [config for config in alternatives(made.positional[0].term) if isinstance(config, DictTerm)]
    keys = [config.entries["apiKey"] for config in configs if "apiKey" in config.entries]
    is_bybit = bool(keys) and all(name_trails.says(evaluation, key.site, NAME) for key in keys)
    return Access(module, f".{NAME}") if is_bybit else None


def _asked(picked: Term) -> Term | None:
    """What is asked for an attribute whose name is worked out: `getattr(ccxt, name)`, `ccxt.__dict__[name]`."""
    match picked:
        case Invocation(callee=callee, positional=[module, _, *_]) if qualified_name(callee) == "builtins.getattr":
            return module.term
        case Access(base=Access(base=base, key=".__dict__"), key="[]"):
            return base
        case Access(base=Invocation(callee=External(name="builtins.vars"), positional=[module]), key="[]"):
            return module.term
    return None


def default(term: Term) -> str | None:
    """The text a term is, or is where nothing else is set: `os.getenv("EXCHANGE", "bybit").lower()`."""
    match term:
        case Constant(value=str() as value):
            return value
        case Invocation(callee=Access(base=base, key=".lower" | ".strip" as key), positional=()):
            text = default(base)
            return text and (text.lower() if key == ".lower" else text.strip())
        case Invocation(callee=callee, positional=[Expression(term=Constant()), given]) if _reads_setting(callee):
            return default(given.term)
    return None


def _reads_setting(callee: Term) -> bool:
    """True for `os.getenv` and for the method `get` of a dict that nobody knows."""
    return qualified_name(callee) == "os.getenv" or (isinstance(callee, Access) and callee.key == ".get")
