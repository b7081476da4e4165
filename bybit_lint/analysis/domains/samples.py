"""Reading terms as one text that they may be, where every other one has its length and its kinds of characters."""

from __future__ import annotations

import ast
from datetime import datetime, timezone

from bybit_lint.analysis.values.terms import Access, Constant, Invocation, Operation, Term, qualified_name
from bybit_lint.patterns import regex

IDS = {f"uuid.uuid{version}": "0" * 8 + "-0000" * 3 + "-" + "0" * 12 for version in (1, 3, 4, 5)}
HEX = {f"{made}().hex": text.replace("-", "") for made, text in IDS.items()}
MOMENT = datetime(2026, 5, 1, 12, 30, 45, tzinfo=timezone.utc)
"""A moment of this century; whatever is said of it in whole seconds or less has the same length for all."""
NAIVE = MOMENT.strftime("%Y-%m-%d %H:%M:%S")
MOMENTS = {f"datetime.datetime.{now}" for now in ("now", "utcnow")}
SECONDS = 1_777_638_645
CLOCKS: dict[str, float] = {
    "time.time": SECONDS + 0.5,
    "time.time_ns": SECONDS * 10**9,
    **{f"{moment}().timestamp": SECONDS + 0.5 for moment in MOMENTS},
}
"""What a clock gives: in seconds with a fraction, or in nanoseconds."""
WHOLE = {"builtins.int", "builtins.round", "math.floor", "math.trunc"}
NUMBERS = {*WHOLE, "builtins.float", "builtins.abs", "builtins.len", "math.ceil"}
"""What gives a number whatever it is given."""
COMPUTING = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow)
"""Operators that no text has."""
FIXED = regex(r"(?:%[YmdHMSfyj]|[^%])*")
"""The directives of `strftime` that always give as many digits."""


def text(term: Term) -> str | None:
    """A text of a term's shape: of an id, a moment, or a number made of one; None where it has no fixed one."""
    match term:
        case Access():
            return HEX.get(qualified_name(term) or "")
        case Invocation(callee=Access(base=base, key=key), positional=arguments) if _is_moment(base):
            return _of_moment(key, [argument.term for argument in arguments])
        case Invocation(callee=callee):
            return IDS.get(qualified_name(callee) or "") or (NAIVE if _is_moment(term) else _digits(term))
    return _digits(term) if isinstance(term, Operation) else None


def is_number(term: Term) -> bool:
    """Proven: a number, with which an operator computes and puts no text together."""
    match term:
        case Constant(value=value):
            return isinstance(value, (int, float))
        case Invocation(callee=callee) if qualified_name(callee) in NUMBERS:
            return True
        case Operation(operator=ast.Add, operands=operands):
            return any(map(is_number, operands))
        case Operation(operator=operator) if issubclass(operator, COMPUTING):
            return True
    return _number(term) is not None


def _is_moment(term: Term) -> bool:
    return isinstance(term, Invocation) and qualified_name(term.callee) in MOMENTS


def _of_moment(key: str, arguments: list[Term]) -> str | None:
    if key == ".isoformat" and not arguments:
        return MOMENT.strftime("%Y-%m-%dT%H:%M:%S")
    form = arguments[0] if key == ".strftime" and arguments else None
    if isinstance(form, Constant) and isinstance(form.value, str) and FIXED.fullmatch(form.value):
        return MOMENT.strftime(form.value)
    return str(CLOCKS["time.time"]) if key == ".timestamp" else None


def _digits(term: Term) -> str | None:
    found = _number(term)
    return None if found is None else str(found)


def _number(term: Term) -> float | None:
    """What a clock says, perhaps in another unit and without its fraction."""
    match term:
        case Invocation(callee=callee, positional=[only]) if qualified_name(callee) in WHOLE:
            inner = _number(only.term)
            return None if inner is None else int(inner)
        case Invocation(callee=callee):
            return CLOCKS.get(qualified_name(callee) or "")
        case (
            Operation(operator=ast.Mult, operands=(moving, Constant(value=int() | float() as factor)))
            | Operation(operator=ast.Mult, operands=(Constant(value=int() | float() as factor), moving))
        ):
            inner = _number(moving)
            return None if inner is None else inner * factor
        case Operation(operator=ast.FloorDiv, operands=(left, Constant(value=int() as divisor))) if divisor:
            inner = _number(left)
            return None if inner is None else inner // divisor
    return None
