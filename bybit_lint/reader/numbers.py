"""Reading terms as numbers: every place a quantity or price may come from, and what was done to it on the way.

The question is whether a number is on the instrument's grid: a multiple of qtyStep or tickSize
(https://bybit-exchange.github.io/docs/v5/market/instrument). Unknown stays unknown.
"""

from __future__ import annotations

import ast
import re

from bybit_lint.reader.resolve import Resolver
from bybit_lint.reader.terms import (
    Again,
    Choice,
    Constant,
    Element,
    Expression,
    Foreign,
    Formatted,
    Invocation,
    Operation,
    Parameter,
    Part,
    Sequence,
    Site,
    Term,
    path,
)
from bybit_lint.vocabulary import Kind, Origin

UNROUNDED = (Kind.ARITHMETIC, Kind.OUTSIDE)
ON_GRID = (Kind.STEP, Kind.EXCHANGE)
ROUNDING_NAME = re.compile(
    r"round|floor|ceil|trunc|snap|quanti[sz]e|precision|step|format|normali[sz]e|adjust|align|lot|tick", re.IGNORECASE
)
DECIMALS_FORMAT = re.compile(r"\.\d+[fFeEgG%]?$|^\d*[dn]$")

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
    "numpy.round",
    "numpy.rint",
    "numpy.trunc",
}
PICKS = {"builtins.min", "builtins.max"}
SAME_METHODS = (".strip", ".normalize", ".copy_abs", ".to_eng_string", ".item", ".replace", ".rstrip", ".__str__")
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
EXCHANGE = ("pybit.", "ccxt.")


def origins(resolver: Resolver, expression: Expression) -> tuple[Origin, ...]:
    """Every place the number at an expression may come from."""
    return tuple(dict.fromkeys(_Reading(resolver).of(expression.term, expression.site)))


class _Reading:
    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.knows_decimals = resolver.project.knows_decimals
        """Without Decimal in the project, the quotient of two numbers is a float."""
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
                return [Origin(Kind.CONSTANT, (term.site or site).span)]
            case Choice():
                return self._choice(term, site)
            case Again():
                return []
            case Parameter(name=name):
                return [Origin(Kind.PARAMETER, site.span, name)]
            case Operation():
                return self._operation(term)
            case Formatted():
                return self._formatted(term)
            case Invocation():
                return self._invocation(term)
            case Part() | Element() | Foreign():
                return self._taken(term, site)
        return [Origin(Kind.UNKNOWN, site.span)]

    def _choice(self, term: Choice, site: Site) -> list[Origin]:
        found = [origin for option in term.terms for origin in self.of(option, site)]
        kinds = {origin.kind for origin in found} - {Kind.CONSTANT}
        is_vague = not term.is_certain and len(kinds) > 1
        if kinds & set(UNROUNDED) and (is_vague or Kind.STEP in kinds):  # the other branch is for a step of zero
            return [Origin(Kind.UNKNOWN, site.span, "set in several places")]
        return found

    @staticmethod
    def _taken(term: Term, site: Site) -> list[Origin]:
        """What is read from something outside the code."""
        here = (term.site or site) if isinstance(term, Part) else site
        name = path(term) or ""
        kinds = {EXCHANGE: Kind.EXCHANGE, ENVIRONMENT: Kind.CONFIG, WEBHOOKS: Kind.OUTSIDE}
        kind = next((kind for starts, kind in kinds.items() if name.startswith(starts)), Kind.UNKNOWN)
        return [Origin(kind, here.span)]

    # Calls -----------------------------------------------------------------------------------------------------------

    def _invocation(self, term: Invocation) -> list[Origin]:
        name = path(term.callee) or ""
        arguments = term.positional
        if name in SAME and arguments:
            found = self.of(arguments[0].term, arguments[0].site)
            if name == "builtins.format" and len(arguments) > 1:
                return self._cut(found, term.site, isinstance(arguments[1].term, Constant))
            return found
        if name in WHOLE and arguments:
            return self._cut(self.of(arguments[0].term, arguments[0].site), term.site, True, whole=True)
        if name in ("builtins.round", "numpy.round") and arguments:
            digits = arguments[1].term if len(arguments) > 1 else Constant(0)
            found = self.of(arguments[0].term, arguments[0].site)
            return self._cut(found, term.site, isinstance(digits, Constant), whole=len(arguments) == 1)
        if name in PICKS and arguments:
            return self._picked(term)
        if name == "json.loads" and arguments:
            return self._taken(arguments[0].term, term.site)
        if isinstance(term.callee, Part) and not name.startswith(EXCHANGE):
            return self._method(term, term.callee)
        return self._called(term, name)

    def _method(self, term: Invocation, callee: Part) -> list[Origin]:
        receiver = callee.base
        if callee.key in SAME_METHODS:
            return self.of(receiver, term.site)
        if callee.key in (".quantize", ".to_integral_value", ".to_integral", ".__round__", ".__floor__"):
            is_fixed = bool(term.positional) and _is_literal(term.positional[0].term)
            found = self.of(receiver, term.site)
            return self._cut(found, term.site, is_fixed or callee.key != ".quantize", whole=callee.key != ".quantize")
        if callee.key == ".format" and term.positional:
            spec = receiver.value if isinstance(receiver, Constant) else ""
            found = self.of(term.positional[0].term, term.positional[0].site)
            return self._cut(found, term.site, True) if re.search(r":\.?\d+f\}", str(spec)) else found
        return self._called(term, path(callee) or callee.key)

    def _called(self, term: Invocation, name: str) -> list[Origin]:
        if ROUNDING_NAME.search(name.rpartition(".")[2]):
            return [Origin(Kind.STEP, term.site.span, name)]
        return self._taken(term, term.site)

    def _picked(self, term: Invocation) -> list[Origin]:
        found = [origin for e in term.positional for origin in self.of(e.term, e.site)]
        if isinstance(term.positional[0].term, Sequence):
            found = [o for e in term.positional[0].term.items for o in self.of(e.term, e.site)]
        return [origin for origin in found if origin.kind is not Kind.CONSTANT] or found

    @staticmethod
    def _cut(found: list[Origin], site: Site, is_fixed: bool, *, whole: bool = False) -> list[Origin]:
        """What rounding makes of origins: what is on the grid stays there, the rest has a fixed number of decimals."""
        if found and all(o.kind in (Kind.CONSTANT, Kind.CONFIG, *ON_GRID) for o in found):
            return found
        if not is_fixed:
            return [Origin(Kind.STEP, site.span, "decimals from elsewhere")]
        return [Origin(Kind.DECIMALS, site.span, "whole" if whole else "")]

    def _formatted(self, term: Formatted) -> list[Origin]:
        found = [origin for part in term.parts for origin in self.of(part, term.site)]
        if not term.spec:
            return found
        return (
            self._cut(found, term.site, "?" not in term.spec)
            if "?" in term.spec or DECIMALS_FORMAT.search(term.spec)
            else found
        )

    # Arithmetic ------------------------------------------------------------------------------------------------------

    def _operation(self, term: Operation) -> list[Origin]:
        here = term.site
        found = [self.of(operand, here) for operand in term.operands]
        kinds = {origin.kind for origins in found for origin in origins}
        if len(term.operands) == 1 or kinds == {Kind.CONSTANT}:
            return found[0]
        if issubclass(term.operator, ast.Mod) and isinstance(term.operands[0], Constant):
            return self._cut(found[1], here, True)
        if self._is_grid_arithmetic(term, found):
            return [Origin(Kind.STEP, here.span)]
        if kinds <= {Kind.CONSTANT, *ON_GRID} and self._keeps_grid(term):
            return [origin for origins in found for origin in origins if origin.kind in ON_GRID]
        if issubclass(term.operator, (ast.FloorDiv,)):
            return [Origin(Kind.DECIMALS, here.span, "whole")]
        if not issubclass(term.operator, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
            return [Origin(Kind.UNKNOWN, here.span)]
        if self.is_decimal(term) or not self.is_float(term):
            return [Origin(Kind.UNKNOWN, here.span, "arithmetic of unknown numbers")]
        if self._keeps_grid(term) and not kinds & set(UNROUNDED):  # what is unknown may be on the grid and stay there
            return [Origin(Kind.UNKNOWN, here.span, "sum or multiple of unknown numbers")]
        return [Origin(Kind.ARITHMETIC, here.span)]

    @staticmethod
    def _is_grid_arithmetic(term: Operation, found: list[list[Origin]]) -> bool:
        """`floor(x / step) * step` and `x - x % step`."""
        left, right = term.operands
        if issubclass(term.operator, ast.Mult):
            for origins, other in ((found[0], right), (found[1], left)):
                if any(o.kind is Kind.DECIMALS and o.note == "whole" for o in origins) and not _is_literal(other):
                    return True
        is_remainder = isinstance(right, Operation) and issubclass(right.operator, ast.Mod)
        return issubclass(term.operator, ast.Sub) and is_remainder

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

    def is_float(self, term: Term, depth: int = 12) -> bool:
        """True if a term is proven to be a float."""
        if not depth:
            return False
        match term:
            case Constant(value=value):
                return isinstance(value, float)
            case Choice(terms=terms):
                return any(self.is_float(option, depth - 1) for option in terms)
            case Operation(operator=operator, operands=operands):
                if any(self.is_float(operand, depth - 1) for operand in operands):
                    return True
                return issubclass(operator, ast.Div) and (not self.knows_decimals or all(map(_is_int, operands)))
            case Invocation(callee=callee, positional=arguments):
                name = path(callee) or ""
                if name in ("builtins.float", "math.sqrt", "math.log") or name.startswith(
                    ("numpy.", "statistics.", "time.time")
                ):
                    return True
                inner = [argument.term for argument in arguments]
                return name in ("builtins.round", "builtins.abs", *PICKS) and any(
                    self.is_float(t, depth - 1) for t in inner
                )
            case Parameter():
                return path(self.resolver.annotated(term) or term) == "builtins.float()"
        return False

    def is_decimal(self, term: Term, depth: int = 12) -> bool:
        """True if a term may be a Decimal as far as the code tells."""
        if not self.knows_decimals:
            return False
        match term:
            case Operation(operands=terms) | Choice(terms=terms):
                return depth > 0 and any(self.is_decimal(t, depth - 1) for t in terms)
            case Invocation(callee=callee, positional=arguments):
                name = path(callee) or ""
                if name == "decimal.Decimal":
                    return True
                inner = [*(a.term for a in arguments), *([callee.base] if isinstance(callee, Part) else [])]
                return (
                    name not in SAME - {"builtins.abs"}
                    and depth > 0
                    and any(self.is_decimal(t, depth - 1) for t in inner)
                )
            case Parameter():
                return path(self.resolver.annotated(term) or term) == "decimal.Decimal()"
        return False


def _is_literal(term: Term) -> bool:
    return isinstance(term, Constant) or (
        isinstance(term, Invocation)
        and path(term.callee) == "decimal.Decimal"
        and all(_is_literal(e.term) for e in term.positional)
    )


def _is_int(term: Term) -> bool:
    return isinstance(term, Constant) and isinstance(term.value, int)
