"""Reading terms as numbers: every place a quantity or price may come from, and what was done to it on the way.

The question is whether a number is on the instrument's grid: a multiple of qtyStep or tickSize
(https://bybit-exchange.github.io/docs/v5/market/instrument). Unknown stays unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from bybit_lint.analysis.domains.arithmetic import Arithmetic
from bybit_lint.analysis.domains.number_sources import EXCHANGE, NumberSources
from bybit_lint.analysis.domains.number_texts import cut_at_point, put_before_point
from bybit_lint.analysis.domains.number_types import PICKS, NumberTypes
from bybit_lint.analysis.domains.precision import (
    Digits,
    digits,
    is_whole_step,
    near,
    of_exponent,
    of_format,
    of_pattern,
    of_spec,
)
from bybit_lint.analysis.domains.rounding import TOLD, as_float, cut_before, normalized, origin_at, rounded
from bybit_lint.analysis.domains.step_fields import is_minimum
from bybit_lint.analysis.domains.steps import cut_number
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Again,
    Constant,
    Element,
    Expression,
    External,
    Formatted,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    Site,
    Term,
    Union,
    alternatives,
    qualified_name,
    spine,
)
from bybit_lint.vocabulary import Kind, Misrounding, Origin, Span, Value
from bybit_lint.vocabulary.values import UNROUNDED

HELPERS = ("bybit_lint.shim.round_qty", "bybit_lint.shim.round_price")
NUMBER = 3
"""The place of what they round among their arguments."""
WHOLE_DIGITS = Digits(True, 0)
ROUNDING = (
    *("round", "floor", "ceil", "trunc", "snap", "quantise", "quantize", "precision", "step", "format", "normalise"),
    *("normalize", "adjust", "align", "lot", "tick"),
)
"""What is part of the name of a function that rounds to a step."""

SAME = {
    "builtins.str",
    "builtins.float",
    "builtins.abs",
    "numpy.abs",
    "numpy.absolute",
    "numpy.float64",
    "decimal.Decimal",
    "builtins.repr",
    "json.dumps",
    "builtins.format",
}
WHOLE = {
    "builtins.int",
    "math.floor",
    "math.ceil",
    "math.trunc",
    "numpy.floor",
    "numpy.ceil",
    "numpy.rint",
    "numpy.trunc",
}
FLOATING = ("builtins.float", "numpy.float64")
PICKED = {*PICKS, *(f"numpy.{name}" for name in ("clip", "minimum", "maximum", "fmin", "fmax"))}
"""What gives one of the numbers that it is given."""
PLACED = (Formatted, Invocation, Operation)
"""Terms of which it is always told where they stand themselves."""
ARRAYS = ("numpy.", "pandas.")
COLUMN_PLACES = (".iloc", ".iat", ".values", ".array")
COLUMN_METHODS = (".to_numpy", ".tolist", ".to_list", ".tail", ".head", ".shift", ".dropna", ".ffill", ".reset_index")
"""What gives some numbers of a column as they are."""
SAME_METHODS = (".strip", ".copy_abs", ".to_eng_string", ".item", ".replace", ".rstrip", ".__str__")


def origins(evaluator: Evaluator, expression: Expression) -> tuple[Origin, ...]:
    """Every place the number at an expression may come from."""
    return tuple(dict.fromkeys(evaluator.helper(NumberOrigins).of(expression.term, expression.site)))


class NumberOrigins:
    """Follows numbers to where they arose, each term once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.arithmetic = Arithmetic(evaluator.helper(NumberTypes), self._cuts_held)
        self.sources = NumberSources(evaluator)
        self._known: dict[object, tuple[Origin, ...]] = {}
        """By term, and by the place to point at where that is not the term's own."""

    def of(self, term: Term, site: Site) -> Sequence[Origin]:
        """The origins of a term; `site` is the nearest place to point at."""
        key = term if isinstance(term, PLACED) else (term, site)
        known = self._known.get(key)
        if known is None:  # the same term is met again on each way through a tree of choices
            known = self._known[key] = tuple(self._of(term, site))
        return known

    def _of(self, term: Term, site: Site) -> Sequence[Origin]:
        match term:
            case Constant():
                return [origin_at(Kind.CONSTANT, term.site or site)]
            case Union():
                return self._choice(term, site)
            case Again():
                return []
            case Parameter(name=name):
                is_sent = self.sources.requests.bring(term)
                return [origin_at(Kind.OUTSIDE, site) if is_sent else origin_at(Kind.PARAMETER, site, name)]
            case Operation(operator=ast.Add) if written := put_before_point(term):
                return self._written(*written, term.site)
            case Operation():
                return self.arithmetic.of(term, [self.of(operand, term.site) for operand in term.operands])
            case Formatted():
                return self._formatted(term)
            case Invocation():
                return self._invocation(term)
            case Access(base=array) | Element(base=array) if _is_rounded_array(array):
                return self.of(array, site)
            case Access(site=here) if kept := cut_at_point(term):
                return self._written(*kept, here or site)
            case Access() | Element() if (column := _column_of(term)) is not None:
                return self.of(column, site)
            case Access() | Element() | External():
                return self._taken(term, site)
        return [origin_at(Kind.UNKNOWN, site)]

    def _cuts_held(self, product: Operation) -> bool:
        """True for `floor(x / step) * step` of what Bybit says, or was told before: a multiple of the step already."""
        held = cut_number(product)
        kinds = {origin.kind for origin in self.of(held, product.site)} if held is not None else set()
        return Kind.EXCHANGE in kinds and kinds <= {Kind.CONSTANT, Kind.EXCHANGE, Kind.STEP}

    def _choice(self, term: Union, site: Site) -> Sequence[Origin]:
        options = alternatives(term)
        found = self._of_any([option for option in options if not is_part_of_itself(option)], site)
        if all(origin.kind is Kind.CONSTANT for origin in found):  # which is what it begins with, and no more
            found = self._of_any(term.terms, site)
        kinds = {origin.kind for origin in found} - {Kind.CONSTANT}
        if any(map(_is_fitted, found)):  # the other branches are for no step, or no instrument
            found = [origin for origin in found if origin.kind not in TOLD]
        elif kinds & set(UNROUNDED) and not term.is_certain and not self._is_all_unrounded(term, site):
            return [origin_at(Kind.UNKNOWN, site, "set in several places")]
        cleaned = {o.span for o in found if o.kind is Kind.STEP}
        return [o for o in found if not self._is_mended(o, cleaned, kinds)] or found

    def _of_any(self, terms: Iterable[Term], site: Site) -> Sequence[Origin]:
        return list(dict.fromkeys(origin for term in terms for origin in self.of(term, site)))

    def _is_all_unrounded(self, term: Union, site: Site) -> bool:
        """True if each of several numbers is made of something unrounded, whatever else it is made of."""
        ways = ({o.kind for o in self.of(option, site)} - {Kind.CONSTANT} for option in alternatives(term))
        return all(not kinds or not kinds.isdisjoint(UNROUNDED) for kinds in ways)

    @staticmethod
    def _is_mended(origin: Origin, cleaned: set[Span], kinds: set[Kind]) -> bool:
        """True for a rounding that fails on one way, if the other is there to mend it."""
        is_spelt = origin.note == Misrounding.EXPONENT.name and len(kinds) > 1
        return origin.kind is Kind.MISROUNDED and (is_spelt or origin.span in cleaned)

    def _taken(self, term: Term, site: Site) -> Sequence[Origin]:
        """What is read from something outside the code."""
        here = (term.site or site) if isinstance(term, Access) else site
        source = self.sources.of(term)
        return [origin_at(source.kind, here, source.note)]

    def _invocation(self, term: Invocation) -> Sequence[Origin]:
        name = qualified_name(term.callee) or ""
        arguments = term.positional
        if name in ROUNDERS and arguments:
            return self._rounded(term, ROUNDERS[name](term))
        if name in SAME and arguments:
            found = self.of(arguments[0].term, arguments[0].site)
            return as_float(found) if name in FLOATING else found
        if name in PICKED and arguments:
            return self._picked(term)
        if isinstance(term.callee, Access) and not name.startswith(EXCHANGE):
            return self._method(term, term.callee)
        return self._called(term, name)

    def _rounded(self, term: Invocation, to: Digits | None) -> Sequence[Origin]:
        """What a function that rounds its first argument makes of it."""
        found = self.of(term.positional[0].term, term.positional[0].site)
        return rounded(found, term.site, to) if to else found

    def _method(self, term: Invocation, callee: Access) -> Sequence[Origin]:
        receiver = callee.base
        if callee.key in SAME_METHODS:
            return self.of(receiver, term.site)
        if _is_rounded_array(term) or callee.key == ".__round__":
            return rounded(self.of(receiver, term.site), term.site, _digits_at(term, 0))
        if callee.key == ".normalize":
            return normalized(self.of(receiver, term.site), term.site)
        if callee.key == ".quantize" and term.positional:
            return self._quantized(self.of(receiver, term.site), term)
        if callee.key in (".to_integral_value", ".to_integral", ".__floor__"):
            return rounded(self.of(receiver, term.site), term.site, WHOLE_DIGITS)
        if callee.key == ".format" and term.positional:
            return self._rounded(term, of_pattern(receiver, term))
        if callee.key == ".join" and (written := put_before_point(term)):
            return self._written(*written, term.site)
        return self._called(term, qualified_name(callee) or callee.key)

    def _quantized(self, found: Sequence[Origin], term: Invocation) -> Sequence[Origin]:
        """Decimals as many as the argument has: those of a literal, or those of the step, which is not the step."""
        to = of_exponent(term.positional[0].term)
        if to is None and is_whole_step(term.positional[0]):
            to = Digits(misrounding=Misrounding.QUANTIZE, site=term.site)
        if to is None and any(map(is_minimum, near(term.positional[0].term))):
            to = Digits(misrounding=Misrounding.MINIMUM, site=term.site)
        return rounded(found, term.site, to or Digits())

    def _called(self, term: Invocation, name: str) -> Sequence[Origin]:
        if name in HELPERS and len(term.positional) > NUMBER:
            return self._helped(term)
        last = name.rpartition(".")[2].lower()
        if any(word in last for word in ROUNDING):
            return [origin_at(Kind.STEP, term.site, name)]
        return self._taken(term, term.site)

    def _helped(self, term: Invocation) -> Sequence[Origin]:
        """What the shim rounds to the step, and whether somebody has cut it to a fixed number of decimals before."""
        number = term.positional[NUMBER]
        value = Value(number.site.span, tuple(self.of(number.term, number.site)))
        return [origin_at(Kind.STEP, term.site)._replace(cut=cut_before(number.site, value.fixed))]

    def _picked(self, term: Invocation) -> Sequence[Origin]:
        found = [origin for e in term.positional for origin in self.of(e.term, e.site)]
        if isinstance(term.positional[0].term, ListTerm):
            found = [o for e in term.positional[0].term.items for o in self.of(e.term, e.site)]
        return [origin for origin in found if origin.kind is not Kind.CONSTANT] or found

    def _written(self, number: Term, to: Digits, site: Site) -> Sequence[Origin]:
        """What a number becomes some of whose digits are left out or written as a text: no call holds it whole."""
        return [origin._replace(rounding=None) for origin in rounded(self.of(number, site), site, to)]

    def _formatted(self, term: Formatted) -> Sequence[Origin]:
        if not term.spec and (written := put_before_point(term)):
            return self._written(*written, term.site)
        found = [origin for part in term.parts for origin in self.of(part, term.site)]
        to = of_format(self.evaluator, term) if term.spec else None
        return rounded(found, term.site, to) if to else found


def is_part_of_itself(term: Term) -> bool:
    """True for a part of a value that is being asked about, which says nothing new beside what else it may be."""
    *_, root = spine(term)
    return isinstance(root, Again)


def _is_fitted(origin: Origin) -> bool:
    """True for what is rounded to the step, be it in a way that fails for some; a sum is not rounded at all."""
    is_sum = origin.note == Misrounding.SUM.name
    return origin.kind is Kind.STEP or (origin.kind is Kind.MISROUNDED and not is_sum)


def _is_rounded_array(term: Term) -> bool:
    """True for `np.round(prices, 2)` and `prices.round(2)`: each item is rounded."""
    if not isinstance(term, Invocation):
        return False
    name = qualified_name(term.callee) or ""
    return (name.startswith(ARRAYS) and (name in ROUNDERS or name.endswith(".round"))) or _rounds_column(term.callee)


def _rounds_column(callee: Term) -> bool:
    """True for `(frame["close"] * 0.98).round`, which no number has."""
    return isinstance(callee, Access) and callee.key == ".round" and isinstance(callee.base, Operation)


def _column_of(term: Term) -> Term | None:
    """The column that is worked out and of which one number is taken: `(frame["close"] * 0.98).iloc[-1]`."""
    is_column = False
    while not isinstance(term, Operation) and not _is_rounded_array(term):
        match term:
            case Invocation(callee=Access(base=base, key=key)) if key in COLUMN_METHODS:
                is_column = True
            case Access(base=base, key=key) if key in COLUMN_PLACES:
                is_column = True
            case Access(base=base, key=key) if key.startswith("["):
                pass
            case Element(base=base):
                pass
            case _:
                return None
        term = base
    return term if is_column else None


def _digits_of(term: Invocation) -> Digits:
    return _digits_at(term, 1)


def _digits_at(term: Invocation, place: int) -> Digits:
    """The decimals that are said by an argument, which is called `ndigits` by Python and `decimals` by numpy."""
    if len(term.positional) > place:
        return digits(term.positional[place].term)
    named = term.keywords.get("ndigits") or term.keywords.get("decimals")
    return digits(named.term if named is not None else Constant(None))


def _format_of(term: Invocation) -> Digits | None:
    return of_spec(term.positional[1].term) if len(term.positional) > 1 else None


ROUNDERS: dict[str, Callable[[Invocation], Digits | None]] = {
    **dict.fromkeys(WHOLE, lambda _: WHOLE_DIGITS),
    **dict.fromkeys(("builtins.round", "numpy.round", "numpy.around"), _digits_of),
    "builtins.format": _format_of,
}
"""Functions that round their first argument, and to what."""
