"""Reading terms as numbers: every place a quantity or price may come from, and what was done to it on the way.

The question is whether a number is on the instrument's grid: a multiple of qtyStep or tickSize
(https://bybit-exchange.github.io/docs/v5/market/instrument). Unknown stays unknown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from bybit_lint.analysis.domains.number_types import PICKS, NumberTypes, is_literal, literal
from bybit_lint.analysis.domains.precision import (
    PRINTED,
    Digits,
    digits,
    is_whole_step,
    of_exponent,
    of_format,
    of_scale,
    of_text,
    unrounding,
)
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
    qualified_name,
)
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Kind, Misrounding, Origin, Span, Value
from bybit_lint.vocabulary.values import UNROUNDED

TOLD = (*UNROUNDED, Kind.DECIMALS)
"""What there is to say of an argument where it is passed."""
HELPERS = ("bybit_lint.shim.round_qty", "bybit_lint.shim.round_price")
NUMBER = 3
"""The place of what they round among their arguments."""
FINE = 8
"""Decimals from which on next to no step is finer."""
ON_GRID = (Kind.STEP, Kind.EXCHANGE)
WHOLE_DIGITS = Digits(True, 0)
ROUNDING_NAME = regex(
    r"round|floor|ceil|trunc|snap|quanti[sz]e|precision|step|format|normali[sz]e|adjust|align|lot|tick", re.IGNORECASE
)

SAME = {
    "builtins.str",
    "builtins.float",
    "builtins.abs",
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
SAME_METHODS = (".strip", ".copy_abs", ".to_eng_string", ".item", ".replace", ".rstrip", ".__str__")
ENVIRONMENT = (
    "os.environ",
    "os.getenv",
    "configparser.",
    "dotenv.",
    "decouple.",
    "environs.",
    "argparse.",
    "yaml.",
    "toml",
)
WEBHOOKS = (
    "flask.request",
    "fastapi.Request()",
    "starlette.requests.Request()",
    "aiohttp.web.Request()",
    "django.http.HttpRequest()",
    "quart.request",
    "sanic.",
)
CUT_OUT = tuple(f"re.{of}{how}()" for of in ("", "compile().") for how in ("search", "match", "fullmatch", "findall"))
"""Somebody wrote the text that a number is cut out of."""
EXCHANGE = ("pybit.", "ccxt.")


def origins(evaluator: Evaluator, expression: Expression) -> tuple[Origin, ...]:
    """Every place the number at an expression may come from."""
    return tuple(dict.fromkeys(evaluator.helper(NumberOrigins).of(expression.term, expression.site)))


def _origin(kind: Kind, site: Site, note: str = "") -> Origin:
    return Origin(kind, site.span, note, site.maker)


def _fixed(found: list[Origin], site: Site, note: str) -> Origin:
    """A number of these origins with a fixed number of decimals. To round is not to make one: it keeps its maker."""
    makers = [origin.maker for origin in found if origin.kind is not Kind.CONSTANT]
    maker = site.maker if site.maker in makers or not makers else makers[0]
    return Origin(Kind.DECIMALS, site.span, note, maker, unrounding(site))


def _cut_before(argument: Site, rounded: Origin | None) -> Origin | None:
    """A rounding to decimals before the one to the step, and whether it can be taken out for this argument alone."""
    if rounded is None or (rounded.note.isdecimal() and int(rounded.note) >= FINE):
        return None
    whole = rounded.rounding.whole if rounded.rounding else rounded.span
    is_alone = argument.span.holds(whole) or _is_read_only_here(argument, whole)
    return rounded._replace(kind=Kind.CUT, rounding=rounded.rounding if is_alone else None)


def _is_read_only_here(site: Site, whole: Span) -> bool:
    """True for a name that stands for what is written at `whole`, in the same function, and is read nowhere else."""
    if not isinstance(site.node, ast.Name):
        return False
    inside = list(ast.walk(site.scope.function.node))
    uses = [node for node in inside if isinstance(node, ast.Name) and node.id == site.node.id]
    bound = [node for node in uses if isinstance(node.ctx, ast.Store)]
    is_shared = any(isinstance(node, (ast.Global, ast.Nonlocal)) and site.node.id in node.names for node in inside)
    statement = site.module.names.parents.get(bound[0]) if len(uses) == 2 and len(bound) == 1 else None
    is_assigned = isinstance(statement, ast.Assign) and site.module.source.span(statement).holds(whole)
    return is_assigned and not is_shared


class NumberOrigins:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.numerals = NumberTypes(evaluator)
        self._known: dict[tuple[Term, Site], list[Origin]] = {}

    def of(self, term: Term, site: Site) -> list[Origin]:
        """The origins of a term; `site` is the nearest place to point at."""
        known = self._known.get((term, site))
        if known is None:  # the same term is met again on each way through a tree of choices
            known = self._known[term, site] = self._of(term, site)
        return known

    def _of(self, term: Term, site: Site) -> list[Origin]:
        match term:
            case Constant():
                return [_origin(Kind.CONSTANT, term.site or site)]
            case Union():
                return self._choice(term, site)
            case Again():
                return []
            case Parameter(name=name):
                return [_origin(Kind.PARAMETER, site, name)]
            case Operation():
                return self._operation(term)
            case Formatted():
                return self._formatted(term)
            case Invocation():
                return self._invocation(term)
            case Access() | Element() | External():
                return self._taken(term, site)
        return [_origin(Kind.UNKNOWN, site)]

    def _choice(self, term: Union, site: Site) -> list[Origin]:
        found = [origin for option in term.terms for origin in self.of(option, site)]
        kinds = {origin.kind for origin in found} - {Kind.CONSTANT}
        is_vague = not term.is_certain and len(kinds) > 1
        if kinds & set(UNROUNDED) and (is_vague or kinds & {Kind.STEP, Kind.MISROUNDED}):
            return [_origin(Kind.UNKNOWN, site, "set in several places")]  # the other branch is for a step of zero
        if kinds & {Kind.STEP, Kind.MISROUNDED}:  # the other branch is for an instrument that nobody knows
            found = [origin for origin in found if origin.kind is not Kind.DECIMALS]
        cleaned = {o.span for o in found if o.kind is Kind.STEP}
        return [o for o in found if not self._is_mended(o, cleaned, kinds)] or found

    @staticmethod
    def _is_mended(origin: Origin, cleaned: set[Span], kinds: set[Kind]) -> bool:
        """True for a rounding that fails on one way, if the other is there to mend it."""
        is_spelt = origin.note == Misrounding.EXPONENT.name and len(kinds) > 1
        return origin.kind is Kind.MISROUNDED and (is_spelt or origin.span in cleaned)

    @staticmethod
    def _taken(term: Term, site: Site) -> list[Origin]:
        """What is read from something outside the code."""
        here = (term.site or site) if isinstance(term, Access) else site
        name = qualified_name(term) or ""
        kinds = {EXCHANGE: Kind.EXCHANGE, ENVIRONMENT: Kind.CONFIG, (*WEBHOOKS, *CUT_OUT): Kind.OUTSIDE}
        kind = next((kind for starts, kind in kinds.items() if name.startswith(starts)), Kind.UNKNOWN)
        return [_origin(kind, here)]

    # Calls -----------------------------------------------------------------------------------------------------------

    def _invocation(self, term: Invocation) -> list[Origin]:
        name = qualified_name(term.callee) or ""
        arguments = term.positional
        if name in ROUNDERS and arguments:
            return self._rounded(term, ROUNDERS[name](term))
        if name in SAME and arguments:
            found = self.of(arguments[0].term, arguments[0].site)
            return self._as_float(found) if name == "builtins.float" else found
        if name in PICKS and arguments:
            return self._picked(term)
        if name == "json.loads" and arguments:
            return self._taken(arguments[0].term, term.site)
        if isinstance(term.callee, Access) and not name.startswith(EXCHANGE):
            return self._method(term, term.callee)
        return self._called(term, name)

    def _rounded(self, term: Invocation, to: Digits | None) -> list[Origin]:
        """What a function that rounds its first argument makes of it."""
        found = self.of(term.positional[0].term, term.positional[0].site)
        return self._cut(found, term.site, to) if to else found

    def _method(self, term: Invocation, callee: Access) -> list[Origin]:
        receiver = callee.base
        if callee.key in SAME_METHODS:
            return self.of(receiver, term.site)
        if callee.key == ".normalize":
            return self._normalized(self.of(receiver, term.site), term.site)
        if callee.key == ".quantize" and term.positional:
            return self._quantized(self.of(receiver, term.site), term)
        if callee.key in (".to_integral_value", ".to_integral", ".__round__", ".__floor__"):
            return self._cut(self.of(receiver, term.site), term.site, WHOLE_DIGITS)
        if callee.key == ".format" and term.positional:
            match = re.search(r"\{[^{}:]*:([^{}]*)\}", str(literal(receiver)))
            return self._rounded(term, of_text(match[1]) if match else None)
        return self._called(term, qualified_name(callee) or callee.key)

    def _quantized(self, found: list[Origin], term: Invocation) -> list[Origin]:
        """Decimals as many as the argument has: those of a literal, or those of the step, which is not the step."""
        to = of_exponent(term.positional[0].term)
        if to is None and is_whole_step(term.positional[0]):
            to = Digits(misrounding=Misrounding.QUANTIZE, site=term.site)
        return self._cut(found, term.site, to or Digits())

    @staticmethod
    def _normalized(found: list[Origin], site: Site) -> list[Origin]:
        """Without its last zeros, and with an exponent where they stood before the point."""
        if any(o.kind in (*TOLD, Kind.MISROUNDED, Kind.CONSTANT, Kind.CONFIG) for o in found):
            return found
        return [_origin(Kind.MISROUNDED, site, Misrounding.EXPONENT.name)]

    @staticmethod
    def _as_float(found: list[Origin]) -> list[Origin]:
        """A float has forgotten the exponent of the Decimal it was."""
        return [o._replace(kind=Kind.STEP) if o.note == Misrounding.EXPONENT.name else o for o in found]

    def _called(self, term: Invocation, name: str) -> list[Origin]:
        if name in HELPERS and len(term.positional) > NUMBER:
            return self._helped(term)
        if ROUNDING_NAME.search(name.rpartition(".")[2]):
            return [_origin(Kind.STEP, term.site, name)]
        return self._taken(term, term.site)

    def _helped(self, term: Invocation) -> list[Origin]:
        """What the shim rounds to the step, and whether somebody has cut it to a fixed number of decimals before."""
        number = term.positional[NUMBER]
        value = Value(number.site.span, tuple(self.of(number.term, number.site)))
        return [_origin(Kind.STEP, term.site)._replace(cut=_cut_before(number.site, value.fixed))]

    def _picked(self, term: Invocation) -> list[Origin]:
        found = [origin for e in term.positional for origin in self.of(e.term, e.site)]
        if isinstance(term.positional[0].term, ListTerm):
            found = [o for e in term.positional[0].term.items for o in self.of(e.term, e.site)]
        return [origin for origin in found if origin.kind is not Kind.CONSTANT] or found

    def _cut(self, found: list[Origin], site: Site, to: Digits) -> list[Origin]:
        """What rounding makes of origins: what is on the grid stays there, the rest gets a number of decimals."""
        found = [self._cleaned(o) if o.kind is Kind.MISROUNDED else o for o in found]
        if any(o.kind in (Kind.STEP, Kind.MISROUNDED) for o in found):  # the others are for an unknown instrument
            return found
        is_kept = all(o.kind in (Kind.CONSTANT, Kind.CONFIG, *ON_GRID) for o in found)
        is_cut_size = to.places == 0 and any(o.kind is Kind.EXCHANGE for o in found)
        if found and is_kept and not is_cut_size:
            return found
        if to.misrounding is not None:
            return [_origin(Kind.MISROUNDED, to.site or site, to.misrounding.name)]
        if not to.is_fixed:
            return [_origin(Kind.STEP, site, "decimals from elsewhere")]
        if to.places is not None and to.places >= PRINTED and not any(o.kind in UNROUNDED for o in found):
            return found  # as it was before it was printed
        return [_fixed(found, site, to.note)]

    @staticmethod
    def _cleaned(origin: Origin) -> Origin:
        """Rounding takes the last digits off a float's multiple of the step, and the exponent off a text."""
        is_clean = origin.note in (Misrounding.FLOATS.name, Misrounding.EXPONENT.name)
        return origin._replace(kind=Kind.STEP) if is_clean else origin

    def _formatted(self, term: Formatted) -> list[Origin]:
        found = [origin for part in term.parts for origin in self.of(part, term.site)]
        to = of_format(self.evaluator, term) if term.spec else None
        return self._cut(found, term.site, to) if to else found

    # Arithmetic ------------------------------------------------------------------------------------------------------

    def _operation(self, term: Operation) -> list[Origin]:
        here = term.site
        found = [self.of(operand, here) for operand in term.operands]
        kinds = {origin.kind for origins in found for origin in origins}
        if len(term.operands) == 1 or kinds == {Kind.CONSTANT}:
            return found[0]
        if issubclass(term.operator, ast.Mod) and isinstance(term.operands[0], Constant):
            to = of_text(str(term.operands[0].value).removeprefix("%"))
            return self._cut(found[1], here, to) if to else found[1]
        if (to := _as_decimals(term, found)) is not None:
            return self._counted(found[0], here, to)
        if self._is_grid_arithmetic(term, found):
            return self._on_grid(term)
        if kinds <= {Kind.CONSTANT, *ON_GRID} and self._keeps_grid(term):
            return [origin for origins in found for origin in origins if origin.kind in ON_GRID]
        if issubclass(term.operator, (ast.FloorDiv,)):
            return [_fixed(found[0], here, "whole")]
        if not issubclass(term.operator, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
            return [_origin(Kind.UNKNOWN, here)]
        kind = self._sort(term, kinds)
        if kind is None:
            return [_origin(Kind.UNKNOWN, here, "arithmetic of unknown numbers")]
        if self._keeps_grid(term) and not kinds & set(UNROUNDED):  # what is unknown may be on the grid and stay there
            return [_origin(Kind.UNKNOWN, here, "sum or multiple of unknown numbers")]
        return [_origin(kind, here)]

    @staticmethod
    def _counted(found: list[Origin], site: Site, to: Digits) -> list[Origin]:
        """What a whole number becomes that is divided again by the power of ten it was multiplied with."""
        if to.misrounding is not None:
            return [_origin(Kind.MISROUNDED, to.site or site, to.misrounding.name)]
        return [_fixed(found, site, to.note) if to.is_fixed else _origin(Kind.STEP, site, "decimals from elsewhere")]

    def _sort(self, term: Operation, kinds: set[Kind]) -> Kind | None:
        """Which sort of arithmetic it is; None for numbers that may be whole: only what has a quotient in it is not."""
        if self.numerals.is_float(term) and not self.numerals.is_decimal(term):
            return Kind.ARITHMETIC
        has_quotient = issubclass(term.operator, ast.Div) or not kinds.isdisjoint((Kind.ARITHMETIC, Kind.COMPUTED))
        return Kind.COMPUTED if has_quotient or self.numerals.is_proven_decimal(term) else None

    @staticmethod
    def _is_grid_arithmetic(term: Operation, found: list[list[Origin]]) -> bool:
        """`floor(x / step) * step` and `x - x % step`."""
        left, right = term.operands
        if issubclass(term.operator, ast.Mult):
            return any(_is_whole(o) and not is_literal(other) for o, other in ((found[0], right), (found[1], left)))
        is_remainder = isinstance(right, Operation) and issubclass(right.operator, ast.Mod)
        return issubclass(term.operator, ast.Sub) and is_remainder

    def _on_grid(self, term: Operation) -> list[Origin]:
        """A multiple of the step: exact as a Decimal, and off by the last digits as a float."""
        is_float = self.numerals.is_float(term) or not self.numerals.knows_decimals
        if is_float and not self.numerals.is_decimal(term):
            return [_origin(Kind.MISROUNDED, term.site, Misrounding.FLOATS.name)]
        return [_origin(Kind.STEP, term.site)]

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


def _is_whole(origins: list[Origin]) -> bool:
    return any(o.kind is Kind.DECIMALS and o.note == "whole" for o in origins)


def _as_decimals(term: Operation, found: list[list[Origin]]) -> Digits | None:
    """The decimals of `floor(x * 1000) / 1000` and `round(x / 0.001) * 0.001`; None if it is nothing of the kind."""
    if not issubclass(term.operator, (ast.Mult, ast.Div)) or not _is_whole(found[0]):
        return None
    return of_scale(term.operands[1], is_divisor=issubclass(term.operator, ast.Div))


def _digits_of(term: Invocation) -> Digits:
    second = term.positional[1].term if len(term.positional) > 1 else None
    second = second or (term.keywords["ndigits"].term if "ndigits" in term.keywords else Constant(None))
    return digits(second)


def _format_of(term: Invocation) -> Digits | None:
    return of_text(str(literal(term.positional[1].term))) if len(term.positional) > 1 else None


ROUNDERS: dict[str, Callable[[Invocation], Digits | None]] = {
    **dict.fromkeys(WHOLE, lambda _: WHOLE_DIGITS),
    **dict.fromkeys(("builtins.round", "numpy.round"), _digits_of),
    "builtins.format": _format_of,
}
"""Functions that round their first argument, and to what."""
