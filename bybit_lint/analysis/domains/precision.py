"""How a number was rounded: to how many decimals and who counted them, or to which step and whether that is right.

Which roundings fail for which steps: https://bybit-exchange.github.io/docs/v5/market/instrument has steps such as 5,
0.5 and "0.10".
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator

from bybit_lint.analysis import bounds
from bybit_lint.analysis.domains.number_types import literal
from bybit_lint.analysis.domains.step_fields import (
    STEP_NAME,
    is_bybits_ccxt_step,
    is_minimum,
    is_power_of_ten,
    is_step,
    is_step_as_decimals,
)
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Expression,
    External,
    Formatted,
    Invocation,
    Operation,
    Site,
    Term,
    Union,
    alternatives,
    children,
    qualified_name,
)
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Misrounding
from bybit_lint.vocabulary.values import Unrounding

TRANSPARENT = {"decimal.Decimal", "builtins.str", "builtins.float", "builtins.abs", "builtins.repr"}
POWERS = {"builtins.pow", "math.pow", "numpy.power"}
LOGARITHMS = ("math.log10", "numpy.log10", "math.log")
FIELD = regex(r"\{[^{}:]*:((?:[^{}]|\{\w*\})*)\}")
"""A place of `str.format` with a format."""
NESTED = regex(r"\.\{(\w*)\}")
"""The argument in it that says how many decimals."""
PRINTED = 6
"""Decimals from which on a fixed number of them only prints what was rounded before."""

COARSE = 3
"""Decimals up to which most ticks are finer."""

OWN = 17
"""Decimals from which on a float's text shows what it really is: 0.1 is 0.10000000000000001 then."""

NONE = "0"
"""The note of a number that has no decimals because nobody meant it so."""


class Digits(NamedTuple):
    """The decimals a number is rounded to."""

    is_fixed: bool = False
    """True if somebody wrote them down: a literal, one of several, or a table."""
    places: int | None = None
    """How many, where it is one literal."""
    misrounding: Misrounding | None = None
    """What is wrong with how they were counted from the instrument's step."""
    site: Site | None = None
    """Where they were counted."""
    is_step: bool = False
    """True where a step is taken for their number: as a whole number, one below 1 is none."""
    is_short: bool = False
    """True for fewer than some steps have, so that what is on such a step leaves it."""

    @property
    def is_idle(self) -> bool:
        """True for so many that nothing of a float is cut off."""
        return self.places is not None and self.places >= OWN

    @property
    def is_coarse(self) -> bool:
        """True for so few that many a grid is finer. None at all are for what is counted in whole ones."""
        return self.is_fixed and self.places is not None and 0 < self.places <= COARSE

    @property
    def note(self) -> str:
        if self.is_step:
            return NONE
        return "whole" if self.places == 0 else f"{self.places}" if self.places is not None else ""


def digits(term: Term) -> Digits:
    """Who decided how many decimals there are."""
    if isinstance(term, Constant):
        return Digits(term.value is None or isinstance(term.value, int), _count(term.value))
    options = alternatives(term)
    if any(map(is_step_as_decimals, options)) and not any(map(_counts, options)):  # of a step only what counts is left
        return Digits(True, is_step=True)
    if options and all(map(is_bybits_ccxt_step, options)):
        return Digits(misrounding=Misrounding.DIGITS, site=getattr(term, "site", None))
    if all(isinstance(option, Constant) or _is_from_table(option) for option in options):
        return Digits(True)
    for part in near(term):
        wrong = _counted(part)
        steps = [near for near in near(part) if is_step(near)] if wrong is not None else []
        own = _own_digits(part) if steps else None
        is_right = wrong is Misrounding.TEXT and own is None and all(is_power_of_ten(step) for step in steps)
        if wrong is Misrounding.SCALE or (steps and not is_right):
            is_short = wrong is Misrounding.LOGARITHM and not any(map(_is_cut, near(term)))
            return Digits(places=own, misrounding=wrong, site=getattr(part, "site", None), is_short=is_short)
        if wrong is not None and not steps and any(map(is_minimum, near(part))):
            return Digits(misrounding=Misrounding.MINIMUM, site=getattr(part, "site", None))
    return Digits()


def of_scale(term: Term, *, is_divisor: bool) -> Digits | None:
    """The decimals that `/ 1000`, `/ 10**n`, `* 0.001` or `* 10**-n` leave of a whole number; None for others."""
    value = literal(term)
    value = _number(value) if isinstance(value, str) else value  # `Decimal("0.001")`
    if isinstance(value, (int, float)):
        return _of_power(value if is_divisor or not value else 1 / value)
    if (unit := reciprocal(term)) is not None:
        return of_scale(unit, is_divisor=not is_divisor)
    match term:
        case Invocation(callee=callee, positional=[only]) if qualified_name(callee) in TRANSPARENT:
            return of_scale(only.term, is_divisor=is_divisor)
        case Operation(operator=ast.Pow, operands=(base, exponent)):
            return _of_exponent(base, exponent, is_divisor=is_divisor)
        case Invocation(callee=callee, positional=[base, exponent]) if qualified_name(callee) in POWERS:
            return _of_exponent(base.term, exponent.term, is_divisor=is_divisor)
        case Union(terms=terms):
            return _one_of([of_scale(option, is_divisor=is_divisor) for option in terms])
        case Access(base=DictTerm(entries=entries)):
            return _one_of([of_scale(entry.term, is_divisor=is_divisor) for entry in entries.values()])
    return None


def _number(text: str) -> float | None:
    """What a number that is written as text is; None for any other text."""
    try:
        return float(text)
    except ValueError:
        return None


def reciprocal(term: Term) -> Term | None:
    """`step` in `1 / step`."""
    match term:
        case Operation(operands=(one, unit)) if issubclass(term.operator, ast.Div) and literal(one) in (1, "1"):
            return unit
    return None


def _of_power(factor: float) -> Digits | None:
    """The decimals that are left by dividing by a power of ten."""
    if not 1 <= factor < math.inf:
        return None
    count = round(math.log10(factor))
    return Digits(True, count) if math.isclose(factor, 10.0**count) else None


def _of_exponent(base: Term, exponent: Term, *, is_divisor: bool) -> Digits | None:
    if literal(base) not in (10, "10"):
        return None
    if is_divisor:
        return digits(exponent)
    match exponent:
        case Operation(operator=ast.USub, operands=[places]):
            return digits(places)
    return None


def _one_of(found: list[Digits | None]) -> Digits | None:
    """The decimals of one of several factors, all of which are powers of ten."""
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    return next((each for each in known if not each.is_fixed), Digits(True))


def of_format(evaluator: Evaluator, formatted: Formatted) -> Digits | None:
    """The decimals of `{x:.3f}` or `{x:.{n}f}`; None if the format rounds nothing."""
    if formatted.spec == ".?f":
        count = places(evaluator, formatted)
        return digits(count) if count is not None else Digits()
    return of_text(formatted.spec)


def places(evaluator: Evaluator, formatted: Formatted) -> Term | None:
    """`n` in `{x:.{n}f}`; None for others."""
    nested = _nested(formatted.site.node)
    return evaluator.term(Site(formatted.site.module, nested, formatted.site.scope)) if nested else None


def of_spec(spec: Term) -> Digits | None:
    """The decimals of `format(x, spec)`, be it put together: `f".{n}f"`, `".%df" % n`; None if it rounds nothing."""
    said = literal(spec)
    if said is not None:
        return of_text(str(said))
    counts = list(_put_in(spec))
    return digits(counts[0]) if len(counts) == 1 else Digits()


def of_pattern(pattern: Term, given: Invocation) -> Digits | None:
    """The decimals of `pattern.format(x)`: `{:.3f}`, `{:.{}f}` or one that is put together."""
    said = literal(pattern)
    if said is None:
        return of_spec(pattern)
    field = FIELD.search(str(said))
    nested = NESTED.search(field[1]) if field else None
    if field is None or nested is None:
        return of_text(field[1]) if field else None
    place = int(nested[1] or 1) if nested[1].isdecimal() or not nested[1] else len(given.positional)
    held = given.positional[place] if place < len(given.positional) else given.keywords.get(nested[1])
    return digits(held.term) if held is not None else Digits()


def _put_in(text: Term) -> Iterator[Term]:
    """What is put into a text, apart from the words that are written beside it."""
    match text:
        case Constant(value=str()):
            return
        case Formatted(parts=parts) | Operation(operands=parts):
            for part in parts:
                yield from _put_in(part)
        case Invocation(callee=callee, positional=[only]) if qualified_name(callee) == "builtins.str":
            yield from _put_in(only.term)
        case _:
            yield text


def of_text(spec: str) -> Digits | None:
    """The decimals of a format that is written out."""
    if "?" in spec or not bounds.is_bounded(spec):
        return Digits()
    if match := re.search(r"\.(\d+)[fFeEgG%]?$", spec):
        return Digits(True, int(match[1]))
    if spec.endswith("f"):
        return Digits(True, PRINTED)
    return Digits(True, 0) if re.fullmatch(r"\d*[dn]", spec) else None


def of_exponent(term: Term) -> Digits | None:
    """The decimals of the literal that a Decimal is quantized to; None if it is no literal."""
    from decimal import Decimal, InvalidOperation

    try:
        exponent = Decimal(str(literal(term))).as_tuple().exponent
    except InvalidOperation:
        return None
    return Digits(True, max(-exponent, 0)) if isinstance(exponent, int) else None


def unrounding(site: Site) -> Unrounding | None:
    """A rounding to decimals as it is written, and the number in it; None where that is one of several parts."""
    whole = site.node
    if isinstance(whole, ast.FormattedValue) and isinstance(above := site.module.names.parents[whole], ast.JoinedStr):
        whole = above
    number = _number_in(whole)
    span = site.module.source.span
    return Unrounding(span(whole), span(number)) if number is not None else None


def _number_in(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Attribute(value=receiver, attr="quantize" | "to_integral_value" | "to_integral")):
            return receiver
        case ast.Call(func=ast.Attribute(value=receiver, attr="round"), args=[ast.Constant()]):
            return receiver
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format"), args=[only], keywords=[]):
            return only if re.fullmatch(r"\{0?:[^{}]*\}", text) else None
        case ast.Call(func=ast.Attribute(attr="format")):
            return None
        case ast.Call(args=[number, *_]):
            return None if isinstance(number, ast.Starred) else number
        case ast.JoinedStr(values=[ast.FormattedValue(value=number)]):
            return number
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=ast.Tuple(elts=[number]) | number):
            return number if re.fullmatch(r"%[.\d]*[a-z]", text) else None
        case ast.BinOp(left=ast.Call(args=[ast.BinOp(left=number, right=there)]), right=back):
            return number if ast.dump(there) == ast.dump(back) else None
    return None


def is_whole_step(held: Expression) -> bool:
    """True if an argument is the step itself, not something that was made of it."""
    name = _written(held.site.node)
    return any(_is_plain(option, bool(name and STEP_NAME.search(name))) for option in alternatives(held.term))


def _is_plain(term: Term, is_named: bool) -> bool:
    match term:
        case Invocation(callee=callee, positional=[only]) if qualified_name(callee) in TRANSPARENT:
            inner = _written(only.site.node)
            is_named |= bool(inner and STEP_NAME.search(inner))
            return any(_is_plain(option, is_named) for option in alternatives(only.term))
        case Operation() | Formatted() | Constant():
            return False
    return is_named or is_step(term)


def _written(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else 0 if value is None else None


def _is_from_table(term: Term) -> bool:
    """True for an entry of a dict that is written out, whichever it is."""
    match term:
        case Access(base=DictTerm(entries=entries)):
            return bool(entries) and all(isinstance(entry.term, Constant) for entry in entries.values())
    return False


def _counted(term: Term) -> Misrounding | None:
    """How decimals are counted, if a term is a way to count them that some steps defeat."""
    match term:
        case Invocation(callee=External(name="builtins.len"), positional=[text]) if _is_split(text.term):
            return Misrounding.TEXT
        case Invocation(callee=Access(key=".find", base=Access(key="[]"))):
            return Misrounding.TEXT
        case Access(key=".exponent"):
            return Misrounding.TEXT
        case Access(key="['priceScale']"):
            return Misrounding.SCALE
        case Invocation(callee=callee) if qualified_name(callee) in LOGARITHMS:
            return Misrounding.LOGARITHM
    return None


def _counts(term: Term) -> bool:
    """True if decimals are counted in a term: where that is done on one way, another way may have them already."""
    return any(_counted(part) is not None for part in near(term))


def _is_cut(term: Term) -> bool:
    """True for what says which way a logarithm goes to a whole number: one of a step of 0.05 goes to two decimals."""
    match term:
        case Invocation(callee=callee):
            return (qualified_name(callee) or "").rpartition(".")[2] in ("floor", "ceil")
        case Operation():
            return issubclass(term.operator, ast.FloorDiv)
    return False


def _own_digits(counted: Term) -> int | None:
    """How many decimals a float was printed with before they were counted, if it shows its own digits then."""
    for text in (part for part in near(counted) if isinstance(part, Formatted) and part.spec):
        printed = of_text(text.spec)
        if printed and printed.is_idle and _prints_float(text):
            return printed.places
    return None


def _prints_float(text: Formatted) -> bool:
    """True if a number that is printed is a float; only text is not printed so, and who has a Decimal says so."""
    made = (qualified_name(o.callee) for p in text.parts for o in alternatives(p) if isinstance(o, Invocation))
    return "builtins.float" in made or b"Decimal" not in text.site.module.source.data


def _is_split(term: Term) -> bool:
    """True for what stands behind the point of a text."""
    return any(isinstance(t, Access) and t.key in (".split", ".partition", ".rpartition") for t in near(term))


def near(term: Term) -> Iterator[Term]:
    """A term and the parts it is made of, up to a bound."""
    queue, seen = [term], 0
    while queue and seen < bounds.MAX_ROUNDED_PARTS:
        here = queue.pop(0)
        seen += 1
        yield here
        queue += children(here)


def _nested(node: ast.expr) -> ast.expr | None:
    """`n` in `{x:.{n}f}`."""
    spec = node.format_spec if isinstance(node, ast.FormattedValue) else None
    pieces = spec.values if isinstance(spec, ast.JoinedStr) else []
    found = [piece.value for piece in pieces if isinstance(piece, ast.FormattedValue)]
    return found[0] if len(found) == 1 else None
