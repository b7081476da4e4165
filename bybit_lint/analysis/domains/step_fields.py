"""Which fields and names are an instrument's step, and where a client has it under another word."""

from __future__ import annotations

import re

from bybit_lint import knowledge
from bybit_lint.analysis.values.terms import (
    Access,
    External,
    Invocation,
    Parameter,
    Term,
    alternatives,
    qualified_name,
    read_key,
    spine,
)
from bybit_lint.patterns import regex

STEP_NAME = regex(r"step|tick|increment|lot_?size", re.IGNORECASE)

MINIMA = {"minOrderQty", "min_order_qty"}


def is_step(term: Term) -> bool:
    """True for a field of the instrument that is a step, and for an attribute or parameter that is called one."""
    match term:
        case Parameter(name=name):
            return bool(STEP_NAME.search(name))
        case Access(key=key) if key.startswith(".") and STEP_NAME.search(key):
            return True
    return _field(term) in knowledge.steps()


def _field(term: Term) -> str:
    """The name of the field or attribute that is read, whatever stands in for it where it is missing."""
    return read_key(term) or (term.key.strip(".[]'\"") if isinstance(term, Access) else "")


def is_minimum(term: Term) -> bool:
    """True for the least quantity of an order, which some count the decimals of in the place of the step."""
    name = _field(term)
    return name in MINIMA or (name == "min" and [read_key(part) for part in spine(term)][1:3] == ["amount", "limits"])


def is_power_of_ten(step: Term) -> bool:
    return _field(step) in knowledge.powers()


def is_step_as_decimals(term: Term) -> bool:
    """True for `int(market["precision"]["amount"])`: ccxt gives the step of Bybit's instruments, 0.001, there."""
    match term:
        case Invocation(callee=External(name="builtins.int" | "builtins.round"), positional=[only]):
            return any(map(_is_ccxt_step, alternatives(only.term)))
    return False


def is_bybits_ccxt_step(term: Term) -> bool:
    """True for `market["precision"]["amount"]` of an exchange that is Bybit: a step, and a float."""
    return _is_ccxt_step(term) and ".bybit()" in (qualified_name(term) or "")


def _is_ccxt_step(term: Term) -> bool:
    keys = [key for part in spine(term) if (key := read_key(part))]
    return keys[:2] in (["amount", "precision"], ["price", "precision"]) and (qualified_name(term) or "").startswith(
        "ccxt."
    )
