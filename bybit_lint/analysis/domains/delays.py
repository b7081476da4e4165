"""Reading terms as delays: whether every bot that failed at the same moment waits equally long."""

from __future__ import annotations

from bybit_lint.analysis.bounds import MAX_DELAY_DEPTH
from bybit_lint.analysis.values.terms import (
    CYCLE,
    Access,
    Again,
    Constant,
    Element,
    Expression,
    External,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    Term,
    Union,
    alternatives,
    qualified_name,
)

SAME_EVERYWHERE = {
    f"builtins.{name}"
    for name in ("min", "max", "int", "float", "abs", "round", "pow", "range", "enumerate", "len", "sum")
} | {"math.pow", "math.exp", "itertools.count", "datetime.timedelta"}


COUNTERS = {"builtins.range", "builtins.enumerate", "itertools.count"}

RANDOM = ("random.", "secrets.", "numpy.random.", "bybit_lint.shim.jitter")
"""How the functions begin that give something else to each bot."""

SETTINGS = ("os.getenv", "os.environ", "pydantic.Field", "decouple.config")
"""What is read from settings is the same in every round."""


def is_synchronised(term: Term, depth: int = MAX_DELAY_DEPTH) -> bool:
    """True if nothing random and nothing unknown goes into a delay."""
    if depth <= 0:
        return False
    match term:
        case Constant() | Again() | Parameter():
            return True
        case Union(terms=terms) | Operation(operands=terms):
            return all(is_synchronised(t, depth - 1) for t in terms)
        case ListTerm(items=items):
            return all(is_synchronised(e.term, depth - 1) for e in items)
        case Element(base=base):
            return all(_counts(option) or is_synchronised(option, depth - 1) for option in alternatives(base))
        case Access(base=base):
            return _is_setting(base)
        case Invocation(callee=callee, positional=arguments):
            name = qualified_name(callee) or ""
            if name.startswith(SETTINGS):
                return True
            return name in SAME_EVERYWHERE and all(is_synchronised(e.term, depth - 1) for e in arguments)
    return False


def is_random(term: Term, depth: int = MAX_DELAY_DEPTH) -> bool:
    """True if something random goes into a delay, on some way."""
    match term:
        case Union(terms=terms) | Operation(operands=terms):
            inner = terms
        case Invocation(callee=callee, positional=arguments):
            if (qualified_name(callee) or "").startswith(RANDOM):
                return True
            inner = tuple(e.term for e in arguments)
        case _:
            return False
    return depth > 0 and any(is_random(t, depth - 1) for t in inner)


def without_counters(term: Term) -> Term:
    """A delay without what counts the rounds: how many there are may depend on callers, but no wait does."""
    match term:
        case Element(base=base) if all(map(_counts, alternatives(base))):
            return CYCLE
        case Operation(operator=operator, operands=operands, site=site):
            return Operation(operator, tuple(map(without_counters, operands)), site)
        case Invocation(callee=External() as callee, positional=positional):
            inner = tuple(Expression(e.site, without_counters(e.term)) for e in positional)
            return Invocation(callee, inner, term.keywords, term.is_closed, term.site)
    return term


def _counts(term: Term) -> bool:
    """True for what counts the rounds of a loop, however many there are."""
    return isinstance(term, Invocation) and qualified_name(term.callee) in COUNTERS


def _is_setting(base: Term) -> bool:
    """True for a plain attribute or item of a configuration: nothing is called to get it."""
    while isinstance(base, (Access, Element)):
        base = base.base
    return isinstance(base, (Parameter, External, Instance)) and not (
        isinstance(base, External) and base.name.startswith("random")
    )


def describe(expression: Expression) -> str:
    """A delay in a few words: "always 5 s", or its source text where it is computed."""
    if isinstance(expression.term, Constant) and isinstance(expression.term.value, (int, float)):
        return f"always {expression.term.value:g} s"
    text = " ".join(expression.site.module.source.text(expression.site.node).split())
    return text if len(text) <= 40 else text[:37] + "..."
