"""Tests of what an answer says of its success: whether they hold where Bybit has refused what it was asked for."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import called_name, literal_key
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.analysis.values.terms import Constant, Operation, Term

GOOD: dict[str, tuple[object, ...]] = {
    "retCode": (0, "0"),
    "retMsg": ("OK", "ok", "Ok", "success", "SUCCESS", ""),
    "status_code": (200,),
    "status": (200,),
    "ok": (),
}
"""What is said of a request that was taken, and by what name."""
STATUS = ("status_code", "status", "ok")
"""Those of them that the server says of any answer."""
REFUSED, REDIRECTED = 400, 300
"""The status that refusals begin with, and the first behind those of success."""
RAISING = {"urllib", "http.client"}
"""Libraries that raise where the status is one of a refusal, or are seldom asked."""
CASTS = ("int", "str")


class Refusals:
    """Answers what a test says where a request was refused, in raw answers: other clients raise."""

    def __init__(self, responses: Responses) -> None:
        self.responses = responses

    def holds(self, module: Module, test: ast.expr) -> tuple[bool, frozenset[str]] | None:
        """Whether a test holds where Bybit says no, and the endpoints that it may be of; None if that is not known."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                said = self.holds(module, operand)
                return said and (not said[0], said[1])
            case ast.BoolOp(op=operator, values=values):
                found = [self.holds(module, value) for value in values]
                decides = isinstance(operator, ast.Or)
                return next((said for said in found if said is not None and said[0] is decides), None)
            case ast.Compare(left=left, ops=[operator], comparators=[other]):
                asked = _asked(module, left)
                holds = None if asked is None else _compared(asked[1], operator, _constants(other))
            case _:
                asked = _asked(module, test)
                holds = {"retCode": True, "ok": False}.get(asked[1]) if asked is not None else None
        if asked is None or holds is None:
            return None
        endpoints = self._endpoints(module, *asked)
        return (holds, endpoints) if endpoints else None

    def _endpoints(self, module: Module, node: ast.expr, key: str) -> frozenset[str]:
        """What the answers are answers to that say this of themselves; none if there may be others."""
        if key in STATUS:
            assert isinstance(node, ast.Attribute)
            whole = self.responses.whole(module, node.value)
            is_raw = bool(whole) and not _raises(module, node)
            known = [request for request in whole if request is not None and request.library not in RAISING]
            return (
                frozenset(request.endpoint for request in known) if is_raw and len(known) == len(whole) else frozenset()
            )
        sources = [source for source in self.responses.sources(module, node) if not _is_own_code(source[0])]
        parts = [self.responses.answer(*source) for source in sources]
        said = [
            part for part in parts if part is not None and part.way == (key,) and part.is_v5 and not part.is_raising
        ]
        return frozenset(part.request.endpoint for part in said) if len(said) == len(parts) else frozenset()


def _is_own_code(source: Term) -> bool:
    """True for `-1`, which a wrapper says of its own failures, as of none that Bybit has taken."""
    match source:
        case Operation(operator=ast.USub, operands=[number]):
            return isinstance(number, Constant)
    return False


def _asked(module: Module, node: ast.expr) -> tuple[ast.expr, str] | None:
    """What is read of an answer, and under which name; a name of the function's stands for what it is bound to."""
    match node:
        case ast.Call(func=ast.Name(id=cast), args=[inner], keywords=[]) if cast in CASTS:
            return _asked(module, inner)
        case ast.NamedExpr(value=inner):
            return _asked(module, inner)
        case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            said = literal_key(key)
            return (node, said) if isinstance(said, str) and said in GOOD and said not in STATUS else None
        case ast.Attribute(attr=said) if said in STATUS:
            return node, said
        case ast.Name(id=name):
            scope = module.names.scope(node).function
            found = reaching.reaching(module.names, scope, name, node)
            if found.is_complete and len(found.bindings) == 1 and not found.bindings[0].index:
                binding = found.bindings[0]
                is_other = (
                    binding.how == "assign" and binding.value is not None and not isinstance(binding.value, ast.Name)
                )
                return _asked(module, binding.value) if is_other and binding.value is not None else None
    return None


def _compared(key: str, operator: ast.cmpop, values: Sequence[object]) -> bool | None:
    """Whether a comparison holds where an answer is a refusal; None if that depends on which one."""
    is_good = bool(values) and all(value in GOOD[key] for value in values)
    match operator:
        case ast.NotEq() | ast.IsNot() | ast.NotIn():
            return True if any(value in GOOD[key] for value in values) else None
        case ast.Eq() | ast.Is() | ast.In():
            return False if is_good else None
        case ast.Gt() | ast.GtE() if key == "retCode":
            return True if values == [0] and isinstance(operator, ast.Gt) else None
    return _of_status(operator, values) if key in STATUS else None


def _of_status(operator: ast.cmpop, values: Sequence[object]) -> bool | None:
    """The same for a status that is compared with the first, or the last, of a kind."""
    limit = values[0] if len(values) == 1 else None
    if not isinstance(limit, int) or not REDIRECTED - 1 <= limit <= REFUSED:
        return None
    match operator:
        case ast.Gt() | ast.GtE():
            return limit < REFUSED or isinstance(operator, ast.GtE) or None
        case ast.Lt() | ast.LtE():
            return False if limit < REFUSED or isinstance(operator, ast.Lt) else None
    return None


def _constants(node: ast.expr) -> list[object]:
    """The literals that something is compared with, None for what is no literal."""
    match node:
        case ast.Constant(value=value):
            return [value]
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return [item.value if isinstance(item, ast.Constant) else None for item in items]
    return []


def _raises(module: Module, node: ast.expr) -> bool:
    """True if the function around a node has an answer raise where its status is one of a refusal."""
    calls = module.names.calls_in[module.names.scope(node).function.node]
    return any(called_name(call.func) == "raise_for_status" for call in calls)
