"""What arithmetic makes of the origins of numbers: what stays on the instrument's grid, and what leaves it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from bybit_lint.analysis.bounds import MAX_NUMBERS, is_bounded
from bybit_lint.analysis.domains.number_types import NumberTypes, is_literal, literal
from bybit_lint.analysis.domains.precision import Digits, of_scale, of_text
from bybit_lint.analysis.domains.rounding import ELSEWHERE, ON_GRID, counted, origin_at, rounded, with_decimals
from bybit_lint.analysis.domains.steps import counts_steps, units
from bybit_lint.analysis.values.terms import Constant, Operation, Term, Union
from bybit_lint.vocabulary import Kind, Misrounding, Origin
from bybit_lint.vocabulary.values import UNROUNDED


class Arithmetic:
    """Answers what an operation is, by what its operands are."""

    def __init__(self, numerals: NumberTypes, cuts_held: Callable[[Operation], bool]) -> None:
        self.numerals = numerals
        self.cuts_held = cuts_held
        """Whether a product is the whole steps in a number that was on the grid before."""

    def of(self, term: Operation, found: Sequence[Sequence[Origin]]) -> Sequence[Origin]:
        """The origins of an operation whose operands have the origins `found`."""
        here = term.site
        kinds = {origin.kind for origins in found for origin in origins}
        if len(term.operands) == 1 or kinds == {Kind.CONSTANT}:
            return found[0]
        if issubclass(term.operator, ast.Mod) and isinstance(term.operands[0], Constant):
            to = of_text(str(term.operands[0].value).removeprefix("%"))
            return rounded(found[1], here, to) if to else found[1]
        if (to := _as_decimals(term, found)) is not None:
            return counted(found[0], here, to)
        if issubclass(term.operator, ast.Div) and _is_whole(found[0]) and (parts := units(term)) is not None:
            return self._in_parts(term) if parts else [origin_at(Kind.STEP, here, ELSEWHERE)]
        if self._is_grid_arithmetic(term, found):
            return self._on_grid(term)
        if self._keeps_grid(term) and kinds <= {Kind.CONSTANT, *ON_GRID, Kind.MISROUNDED}:
            return self._kept(term, [origin for origins in found for origin in origins])
        if self._keeps_grid(term) and (multiple := _multiplied(term, found)):
            return multiple
        if issubclass(term.operator, (ast.FloorDiv,)):
            return [with_decimals(found[0], here, "whole")]
        if not issubclass(term.operator, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
            return [origin_at(Kind.UNKNOWN, here)]
        kind = self._sort(term, kinds)
        if kind is None:
            return [origin_at(Kind.UNKNOWN, here, "arithmetic of unknown numbers")]
        if self._keeps_grid(term) and not kinds & set(UNROUNDED):  # what is unknown may be on the grid and stay there
            is_off = Kind.DECIMALS not in kinds and any(_is_fraction(operand) for operand in term.operands)
            if is_off and self._adds_floats(term):
                return [origin_at(Kind.MISROUNDED, here, Misrounding.SUM.name)]
            return [origin_at(Kind.UNKNOWN, here, "sum or multiple of unknown numbers")]
        return [origin_at(kind, here)]

    def _sort(self, term: Operation, kinds: set[Kind]) -> Kind | None:
        """Which sort of arithmetic it is; None for numbers that may be whole: only what has a quotient in it is not."""
        if self.numerals.is_float(term) and not self.numerals.is_decimal(term):
            return Kind.ARITHMETIC
        has_quotient = issubclass(term.operator, ast.Div) or not kinds.isdisjoint((Kind.ARITHMETIC, Kind.COMPUTED))
        return Kind.COMPUTED if has_quotient or self.numerals.is_proven_decimal(term) else None

    def _kept(self, term: Operation, origins: Sequence[Origin]) -> Sequence[Origin]:
        """A sum or multiple of what is on the grid: there, but for the last digits if floats are added."""
        missed = [origin for origin in origins if origin.kind is Kind.MISROUNDED]
        if missed or not self._adds_floats(term):
            return missed or [origin for origin in origins if origin.kind in ON_GRID]
        return [origin_at(Kind.MISROUNDED, term.site, Misrounding.SUM.name)]

    def _adds_floats(self, term: Operation) -> bool:
        """True for a sum of floats that may miss their sum by the last digits."""
        is_sum = issubclass(term.operator, (ast.Add, ast.Sub)) and not any(map(_is_exact, term.operands))
        return is_sum and self.numerals.is_float(term) and not self.numerals.is_decimal(term)

    @staticmethod
    def _is_grid_arithmetic(term: Operation, found: Sequence[Sequence[Origin]]) -> bool:
        """`floor(x / step) * step` and `x - x % step`."""
        if issubclass(term.operator, ast.Mult):
            return any(
                _is_whole(found[whole]) and not is_literal(term.operands[1 - whole]) and counts_steps(term, whole)
                for whole in (0, 1)
            )
        right = term.operands[1]
        is_remainder = isinstance(right, Operation) and issubclass(right.operator, ast.Mod)
        return issubclass(term.operator, ast.Sub) and is_remainder

    def _on_grid(self, term: Operation) -> Sequence[Origin]:
        """A multiple of the step: exact as a Decimal, and off by the last digits as a float."""
        is_float = self.numerals.is_float(term) or not self.numerals.knows_decimals
        if is_float and not self.numerals.is_decimal(term):
            how = Misrounding.FLOOR if self.cuts_held(term) else Misrounding.FLOATS
            return [origin_at(Kind.MISROUNDED, term.site, how.name)]
        return [origin_at(Kind.STEP, term.site)]

    def _in_parts(self, term: Operation) -> Sequence[Origin]:
        """So many parts of 1 as there are steps in it: exact as Decimals, and as floats if that is a whole number."""
        if self.numerals.is_decimal(term):
            return [origin_at(Kind.STEP, term.site)]
        return [origin_at(Kind.MISROUNDED, term.site, Misrounding.RECIPROCAL.name)]

    @staticmethod
    def _keeps_grid(term: Operation) -> bool:
        """Sums of numbers on the grid, and whole multiples of one, stay on it."""
        if issubclass(term.operator, (ast.Add, ast.Sub)):
            return True
        whole = [
            o
            for o in term.operands
            if isinstance(o, Constant) and isinstance(o.value, (int, float)) and o.value == int(o.value)
        ]
        return issubclass(term.operator, ast.Mult) and bool(whole)


def _multiplied(term: Operation, found: Sequence[Sequence[Origin]]) -> Sequence[Origin]:
    """A whole multiple of what has a fixed number of decimals, which has those as well: ten times has not."""
    origins = [origin for origins in found for origin in origins if origin.kind is not Kind.CONSTANT]
    is_cut = all(origin.kind is Kind.DECIMALS and origin.note.isdecimal() for origin in origins)
    factors = [value for value in map(literal, term.operands) if isinstance(value, (int, float))]
    is_product = issubclass(term.operator, ast.Mult) and all(factor % 10 for factor in factors)
    return [origin._replace(rounding=None) for origin in origins] if is_cut and is_product else ()


def _is_exact(term: Term) -> bool:
    """True for a number that floats have exactly and that adds no digits: whole, a half, a quarter."""
    found = _written(term)
    return bool(found) and all(float(value * 4).is_integer() for value in found)


def _is_fraction(term: Term) -> bool:
    found = _written(term)
    return bool(found) and all(isinstance(value, float) for value in found)


def _written(term: Term) -> list[float]:
    """The numbers that a term may be, if all are written out: `0.1`, one of a table's, and so many times that."""
    match term:
        case Union(terms=options):
            found = [_written(option) for option in options[: MAX_NUMBERS + 1]]
            return [value for each in found for value in each] if all(found) and len(options) <= MAX_NUMBERS else []
        case Operation(operands=[one, other]) if issubclass(term.operator, ast.Mult):
            times, values = _written(one), _written(other)
            return [number * value for number in times for value in values] if len(times) == 1 else []
    value = literal(term)
    return [value] if isinstance(value, (int, float)) and is_bounded(value) else []


def _is_whole(origins: Sequence[Origin]) -> bool:
    return any(o.kind is Kind.DECIMALS and o.note == "whole" for o in origins)


def _as_decimals(term: Operation, found: Sequence[Sequence[Origin]]) -> Digits | None:
    """The decimals of `floor(x * 1000) / 1000` and `round(x / 0.001) * 0.001`; None if it is nothing of the kind."""
    if not issubclass(term.operator, (ast.Mult, ast.Div)) or not _is_whole(found[0]):
        return None
    return of_scale(term.operands[1], is_divisor=issubclass(term.operator, ast.Div))
