"""Numbers that are written out and take the place of an instrument's step or minimum where nobody could be asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from bybit_lint import knowledge
from bybit_lint.analysis.bounds import MAX_NUMBER_DEPTH
from bybit_lint.analysis.domains.number_types import PICKS, literal
from bybit_lint.analysis.domains.precision import places
from bybit_lint.analysis.domains.stand_ins import takes_place
from bybit_lint.analysis.syntax.jumps import block_of
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Atom,
    Constant,
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
    read_key,
    spine,
)
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Guess, Span

LEAST, CCXTS_LEAST = LEASTS = ("minOrderQty", "limits.amount.min")
CCXT_LEAST = ["min", "amount", "limits"]
COUNTS = {"builtins.len", "math.log10", "numpy.log10"}
QUANTITY = "the quantity"
LOTS = "lotSizeFilter"


class Field(NamedTuple):
    """A field of an instrument that is read."""

    name: str
    term: Term
    is_counted: bool = False
    """True where its decimals are counted."""

    @property
    def said(self) -> str:
        """What a number stands for that takes its place."""
        return f"the decimals of {self.name}" if self.is_counted else self.name

    @property
    def site(self) -> Site | None:
        """Where it is read."""
        return self.term.site if isinstance(self.term, (Access, Invocation)) else None


class GuessedSteps:
    """Finds the guesses in terms, in each part once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        fields = (*knowledge.steps(), LEAST, "limits")
        self.may_be = any(evaluator.project.says(field.encode()) for field in fields)
        self._known: dict[Term, tuple[Guess, ...]] = {}

    def of(self, term: Term) -> tuple[Guess, ...]:
        """The guesses that a number is made with."""
        if not self.may_be or isinstance(term, Atom):
            return ()
        known = self._known.get(term)
        if known is None:
            self._known[term] = ()
            found = [guess for part in self._parts(term) for guess in self.of(part)]
            if isinstance(term, Union):
                found += _guesses(term)
            known = self._known[term] = tuple(dict.fromkeys(found))
        return known

    def _parts(self, term: Term) -> list[Term]:
        """What a term is made of, and the number of decimals that it is written with."""
        count = places(self.evaluator, term) if isinstance(term, Formatted) else None
        return children(term) if count is None else [*children(term), count]


def _guesses(term: Union) -> Iterator[Guess]:
    """The literals that stand beside a field of an instrument, for whichever that is."""
    options = alternatives(term)
    literals = [(str(literal(o)), site) for o in options if _is_positive(literal(o)) and (site := _written(o))]
    found = (_field(option, MAX_NUMBER_DEPTH) for option in options if literals)
    fields = [field for field in found if field is not None and not any(map(_names_one, spine(field.term)))]
    is_amount = any(_is_amount(option, MAX_NUMBER_DEPTH) for option in options if fields)
    counting = (_counted_in(option) for option in options if literals and not fields)
    counted = [step for step in counting if step is not None]
    for code, site in literals:
        known = fields or [step for step in counted if _is_asked_beside(site, step.site)]
        field = next((field for field in known if takes_place(site, field.site)), None)
        if field is not None:
            is_whole = not fields or (is_amount and field.name in LEASTS and _is_bound_apart(site, field.site))
            yield Guess(site.span, code, QUANTITY if is_whole else field.said, _block(site))


def _names_one(part: Term) -> bool:
    """True for a request for one instrument that somebody wrote down: its step may be known to whoever did."""
    symbol = part.keywords.get("symbol") if isinstance(part, Invocation) else None
    return symbol is not None and isinstance(symbol.term, Constant)


def _written(term: Term) -> Site | None:
    """Where a literal is written."""
    match term:
        case Constant(site=site):
            return site
        case Invocation(positional=[only]):
            return _written(only.term)
    return None


def _block(site: Site) -> Span:
    """The first of the statements beside each other among which a literal stands."""
    names, statement = site.module.names, site.module.names.statement(site.node)
    block = block_of(names.parents[statement], statement) if statement is not None else []
    return site.module.source.span(block[0] if block else site.node)


def _is_positive(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return False
    try:
        return float(str(value)) > 0
    except ValueError:
        return False


def _field(term: Term, depth: int) -> Field | None:
    """The field of an instrument that something is made of, and of nothing else: its decimals, for example."""
    key = read_key(term)
    if key in knowledge.steps() or key == LEAST:
        return Field(key, term)
    if key == "min" and [k for part in spine(term) if (k := read_key(part))][:3] == CCXT_LEAST:
        return Field(CCXTS_LEAST, term)
    is_picked = isinstance(term, Invocation) and qualified_name(term.callee) in PICKS  # a bound of the bot's own
    first = None
    for part in children(term) if depth and not is_picked else ():
        if not isinstance(part, (Constant, External)):
            found = _field(part, depth - 1)
            if found is None:
                return None
            first = first or found
    return first._replace(is_counted=True) if first and _counts_digits(term) else first


def _counts_digits(term: Term) -> bool:
    """True for what gives the number of digits: `len(text)`, `log10(step)`, `step.as_tuple().exponent`."""
    match term:
        case Invocation(callee=callee):
            return qualified_name(callee) in COUNTS
        case Access(key=".exponent"):
            return True
    return False


def _is_bound_apart(site: Site, asked: Site | None) -> bool:
    """True for a literal and a field that are bound to two names: `qty = 0.1` beside `least = row["minOrderQty"]`."""
    names = [_name(each) for each in (site, asked) if each is not None]
    return len(names) == 2 and "" not in names and names[0] != names[1]


def _name(site: Site) -> str:
    """The name that the statement of a site binds."""
    match site.module.names.statement(site.node):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            pairs = zip(targets, values, strict=False)
            parts = (target for target, value in pairs if site.module.names.holds(value, site.node))
            return next((target.id for target in parts if isinstance(target, ast.Name)), "")
    return ""


def _counted_in(term: Term, depth: int = MAX_NUMBER_DEPTH) -> Field | None:
    """The field in whose steps a number is counted that is made of something else: `qty / step`."""
    parts: Sequence[Term] = ()
    match term:
        case Operation(operator=operator, operands=parts):
            step = _field(parts[-1], depth) if operator in (ast.Div, ast.FloorDiv, ast.Mod) else None
            if step is not None and _is_of_lots(step) and not any(map(_names_one, spine(step.term))):
                return step
        case Invocation(positional=given):
            parts = [argument.term for argument in given]
    found = (_counted_in(part, depth - 1) for part in parts) if depth else ()
    return next((step for step in found if step is not None), None)


def _is_asked_beside(site: Site, asked: Site | None) -> bool:
    """True for a step that the function of a literal asks for: another function's quantity is another one."""
    return asked is not None and asked.scope.function is site.scope.function


def _is_of_lots(step: Field) -> bool:
    known = knowledge.instrument_fields().get(step.name)
    return known is None or known.filter == LOTS


def _is_amount(term: Term, depth: int) -> bool:
    """True for a number that is fitted to a field of an instrument, and made of something else, too."""
    if _field(term, depth) is not None:
        return False
    return depth > 0 and any(
        _field(part, depth - 1) is not None or _is_amount(part, depth - 1) for part in children(term)
    )
