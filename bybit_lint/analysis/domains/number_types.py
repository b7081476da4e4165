"""What sort of number a term is: a literal, a float, a Decimal, as far as the code proves it."""

from __future__ import annotations

import ast
import re

from bybit_lint.analysis.bounds import MAX_NUMBER_DEPTH
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    External,
    Formatted,
    Invocation,
    Operation,
    Parameter,
    Term,
    Union,
    qualified_name,
    read_key,
    spine,
)
from bybit_lint.patterns import regex

FLOATS = ("builtins.float", "math.sqrt", "math.log")
FLOAT_LIBRARIES = ("numpy.", "statistics.", "time.time")
PICKS = {"builtins.min", "builtins.max"}
CELLS = {".iloc", ".loc", ".iat", ".at"}
"""How a cell or a row is taken out of a data frame."""
PRICE = regex(r"(?:\A|_)(?:open|high|low|close|price|[ehksw]?ma|n?atr|vwap)(?:\Z|_|\d)", re.IGNORECASE)
"""Columns of a data frame that hold floats: prices, and what is worked out of them."""
TEXTS = {"builtins.str", "builtins.float", "builtins.repr", "json.dumps", "builtins.format"}
"""What makes text or a float of a Decimal."""
DECIMAL_METHODS = (".quantize", ".normalize", ".to_integral_value", ".to_integral", ".copy_abs", ".copy_negate")


class NumberTypes:
    """Answers what sort of number a term of one project is."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.knows_decimals = evaluator.project.knows_decimals
        """Without Decimal in the project, the quotient of two numbers is a float."""

    def is_float(self, term: Term, depth: int = MAX_NUMBER_DEPTH) -> bool:
        """True if a term is proven to be a float."""
        if not depth:
            return False
        match term:
            case Constant(value=value):
                return isinstance(value, float)
            case Union(terms=terms):
                return any(self.is_float(option, depth - 1) for option in terms)
            case Operation(operator=operator, operands=operands):
                if any(self.is_float(operand, depth - 1) for operand in operands):
                    return True
                return issubclass(operator, ast.Div) and (not self.knows_decimals or all(map(_is_int, operands)))
            case Invocation(callee=callee, positional=arguments):
                name = qualified_name(callee) or ""
                if name in FLOATS or name.startswith(FLOAT_LIBRARIES):
                    return True
                inner = [argument.term for argument in arguments]
                return name in ("builtins.round", "builtins.abs", *PICKS) and any(
                    self.is_float(t, depth - 1) for t in inner
                )
            case Access():
                return is_price_cell(term)
            case Parameter():
                return qualified_name(self.evaluator.annotations.instance(term) or term) == "builtins.float()"
        return False

    def is_decimal(self, term: Term, depth: int = MAX_NUMBER_DEPTH) -> bool:
        """True if a term may be a Decimal as far as the code tells."""
        if not self.knows_decimals:
            return False
        match term:
            case Operation(operands=terms) | Union(terms=terms):
                return depth > 0 and any(self.is_decimal(t, depth - 1) for t in terms)
            case Invocation(callee=callee, positional=arguments):
                name = qualified_name(callee) or ""
                if name == "decimal.Decimal":
                    return True
                inner = [*(a.term for a in arguments), *([callee.base] if isinstance(callee, Access) else [])]
                return name not in TEXTS and depth > 0 and any(self.is_decimal(t, depth - 1) for t in inner)
            case Parameter():
                return qualified_name(self.evaluator.annotations.instance(term) or term) == "decimal.Decimal()"
        return False

    def is_proven_decimal(self, term: Term, depth: int = MAX_NUMBER_DEPTH) -> bool:
        """True if a term is proven to be a Decimal, on every way through the code."""
        if not self.knows_decimals or not depth:
            return False
        match term:
            case Union(terms=terms):
                return all(self.is_proven_decimal(option, depth - 1) for option in terms)
            case Operation(operator=operator, operands=operands):
                is_number = issubclass(operator, (ast.operator, ast.USub, ast.UAdd)) and not _is_text(operands[0])
                return is_number and any(self.is_proven_decimal(operand, depth - 1) for operand in operands)
            case Invocation(callee=Access(base=base, key=key)) if key in DECIMAL_METHODS:
                return self.is_proven_decimal(base, depth - 1)
            case Invocation(callee=callee, positional=[first, *others]):
                name = qualified_name(callee)
                is_kept = name in ("builtins.abs", *PICKS) or (name == "builtins.round" and others)
                picked = [first.term, *(other.term for other in others if name in PICKS)]
                return name == "decimal.Decimal" or (
                    bool(is_kept) and all(self.is_proven_decimal(t, depth - 1) for t in picked)
                )
        return False


def is_price_cell(term: Access) -> bool:
    """True for a price or an indicator out of a data frame: `frame.iloc[-1]["atr"]`, `frame["close"].iloc[-1]`."""
    parts = [part for part in spine(term) if isinstance(part, Access)]
    return any(part.key in CELLS for part in parts) and any(PRICE.search(read_key(part)) for part in parts)


def is_literal(term: Term) -> bool:
    """True for a number that is written out, be it as a Decimal."""
    return literal(term) is not None


def literal(term: Term) -> object:
    """The number or text that is written out, be it within `Decimal(...)` or `str(0.1)`; None if there is none."""
    match term:
        case Constant(value=value):
            return value
        case Invocation(callee=callee, positional=[only]) if qualified_name(callee) == "decimal.Decimal":
            return literal(only.term)
        case Invocation(callee=External(name="builtins.str"), positional=[only]):
            value = literal(only.term)
            return value if isinstance(value, float) else None
    return None


def _is_text(term: Term) -> bool:
    """True for the format in `"%.1f" % x`."""
    return isinstance(term, Formatted) or (isinstance(term, Constant) and isinstance(term.value, str))


def _is_int(term: Term) -> bool:
    return isinstance(term, Constant) and isinstance(term.value, int)
