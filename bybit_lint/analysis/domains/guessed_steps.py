"""Numbers that are written out and take the place of an instrument's step or minimum where nobody could be asked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from bybit_lint import knowledge
from bybit_lint.analysis.bounds import MAX_NUMBER_DEPTH
from bybit_lint.analysis.domains.number_types import PICKS, literal
from bybit_lint.analysis.domains.precision import places
from bybit_lint.analysis.syntax.guards import ASKING, asks_for_nothing
from bybit_lint.analysis.syntax.jumps import block_of, names_in
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    External,
    Formatted,
    Invocation,
    Site,
    Term,
    Union,
    alternatives,
    children,
    qualified_name,
    read_key,
    spine,
)
from bybit_lint.vocabulary import Guess, Span

LEAST, CCXTS_LEAST = LEASTS = ("minOrderQty", "limits.amount.min")
CCXT_LEAST = ["min", "amount", "limits"]
FAILURES = {"retMsg", "ret_msg", "status"}
"""Fields whose texts say whether an answer is one."""
CONVERSIONS = {"Decimal", "float", "int", "str", "round", "abs"}
COUNTS = {"builtins.len", "math.log10", "numpy.log10"}
QUANTITY = "the quantity"
NAMED = re.compile(r"[A-Z0-9/:_-]{5,}")
"""A symbol, as a key of a table."""


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
        if not self.may_be:
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
    for code, site in literals:
        field = next((field for field in fields if _takes_place(site, field.site)), None)
        if field is not None:
            yield Guess(site.span, code, QUANTITY if is_amount and field.name in LEASTS else field.said, _block(site))


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


def _is_amount(term: Term, depth: int) -> bool:
    """True for a number that is fitted to a field of an instrument, and made of something else, too."""
    if _field(term, depth) is not None:
        return False
    return depth > 0 and any(
        _field(part, depth - 1) is not None or _is_amount(part, depth - 1) for part in children(term)
    )


# Whether a literal stands for any instrument ------------------------------------------------------------------------


def _takes_place(site: Site, asked: Site | None) -> bool:
    """True for what is done where the look-up of a field has failed, whatever the symbol is."""
    names, function = site.module.names, site.scope.function.node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_own_default(site, asked):
        return False
    is_placed = asked is not None and asked.scope.function.node is function and _is_asked_for(site, asked)
    here: ast.AST = site.node
    for around in names.ancestors(site.node):
        match around:
            case ast.ExceptHandler():
                attempt = names.parents.get(around)
                return isinstance(attempt, ast.Try) and any(map(_may_fail, attempt.body))
            case ast.Dict() if _is_named(around, here):
                return False
            case ast.If(test=test) | ast.IfExp(test=test) if test is not here:
                if not _asks_what_came(site, test):
                    return False
                is_placed |= asks_for_nothing(test)
            case ast.BoolOp(op=ast.Or(), values=[first, *_]) if first is not here:
                if any(isinstance(part, (ast.JoinedStr, ast.BinOp)) for part in ast.walk(first)):
                    return False  # for what was made of it, such as an empty text
                is_placed = True
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]) if default is here:
                is_placed = True
        here = around
    return is_placed


def _may_fail(tried: ast.stmt) -> bool:
    """True for a statement that does more than make numbers of what it has: `Decimal(str(tick))` does not fail."""
    return any(
        isinstance(node, ast.Subscript) or (isinstance(node, ast.Call) and called_name(node.func) not in CONVERSIONS)
        for node in ast.walk(tried)
    )


def _is_asked_for(site: Site, asked: Site) -> bool:
    """True if nothing but what came decides whether a field is read."""
    names = site.module.names
    here: ast.AST = asked.node
    for around in names.ancestors(asked.node):
        match around:
            case ast.If(test=test) | ast.IfExp(test=test) if test is not here and not names.holds(around, site.node):
                if not _asks_what_came(site, test):
                    return False
        here = around
    return True


def _is_own_default(site: Site, asked: Site | None) -> bool:
    """True for `row.get("qtyStep", "0.1")` and `float(row["qtyStep"] or 0.1)`: Bybit always says it.

    Of a dict of the bot's own the key is what says which instrument is meant.
    """
    names = site.module.names
    here: ast.AST = site.node
    for around in names.ancestors(site.node):
        match around:
            case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[key, default]) if default is here:
                return isinstance(key, ast.Constant)
            case ast.BoolOp(op=ast.Or()) if asked is not None and names.holds(around, asked.node):
                return True
            case ast.stmt():
                return False
        here = around
    return False


def _is_named(table: ast.Dict, value: ast.AST) -> bool:
    """True for an entry of a table that names its instrument."""
    keys = [key for key, held in zip(table.keys, table.values, strict=True) if held is value]
    return any(isinstance(k, ast.Constant) and isinstance(k.value, str) and NAMED.fullmatch(k.value) for k in keys)


def _asks_what_came(site: Site, test: ast.expr) -> bool:
    """True if a test asks for something that the function was given by a call, and not which symbol it is."""
    bound = site.scope.function.bindings
    is_local = any(binding.value is not None for name in names_in([test]) for binding in bound.get(name, ()))
    return is_local and not any(map(_sorts_out, ast.walk(test)))


def _sorts_out(node: ast.AST) -> bool:
    """True for a question after a text, or how large something is: `coin == "BTC"`, `price > 100`."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            texts = [str(n.value) for n in (left, right) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            if isinstance(op, (ast.In, ast.NotIn)):  # of a key it is asked whether it came
                return any(text.isupper() for text in texts)
            keys = {n.value for n in ast.walk(left) if isinstance(n, ast.Constant)}
            is_size = isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) and not _counts(left)
            return is_size or (bool(texts) and keys.isdisjoint(FAILURES))
        case ast.Call(func=ast.Attribute(attr=method)):
            return method in ASKING
    return False


def _counts(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "len" for n in ast.walk(node))
