"""The bounds of what is computed of a bot: what is larger is unknown, because a few lines can stand for any size.

A bound of time and memory says what is past it in no bot. One of steps says how far a person would follow, too: what is
reached by more of them is rarely meant by whoever wrote it, and each further step multiplies the work.
"""

from __future__ import annotations

import cmath
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# --- files ------------------------------------------------------------------------------------------------------------

MAX_DATA = 2_000_000
"""Bytes of a file that does not speak of Bybit itself. A larger one is data, whoever imports it."""
MAX_MODULE_NAME = 4096
"""Bytes. No path is longer (https://man7.org/linux/man-pages/man0/limits.h.0p.html), so no module has a longer name."""

# --- values -----------------------------------------------------------------------------------------------------------

MAX_BITS = 1000
"""Of a whole number. One of as many is a float, too, and its digits are written out by every Python."""
MAX_CHARACTERS = 4000
"""Of a text. One of as many is read by int(), whose own bound is just above:
https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation"""
MAX_TEXTS = 8
"""Texts that an expression may be: more are not told apart."""
MAX_NUMBERS = 40
"""Numbers, written out in a table, that an expression may be."""
MAX_PARTS = 200_000
"""Of a term, each counted as often as it stands there: more is no code but data."""
MAX_JOINED_PARTS = 20_000
"""Of these, the parts that come together in one value: a dict and a list hold theirs side by side."""
MAX_LEVELS = 120
"""Of terms in terms."""
MAX_APPLICATIONS = 200
"""Calls of functions that are worked out on the way to one value, where one leads to another."""
MAX_NESTED_APPLICATIONS = 12
"""Of these, the ones within each other."""
MAX_NESTED_VALUES = 120
"""Values that are being worked out at once, each for the one before it: more would end Python's own stack."""
MAX_RECOMPUTATIONS = 3
"""What is found inside an unfinished loop is only a part of the truth and found anew so many times, to stay linear."""
MAX_SUBSTITUTED_PARTS = 6_000
"""Of a term that callers are filled into: a helper that names its value three times makes three of each part. A larger
one stays as whoever calls it may make it."""
MAX_CONSTRUCTORS = 20
"""Constructors that are looked through for one object."""
MAX_MAKERS = 6
"""Calls that make objects of a dataclass, of which any may be the one whose field is asked for."""
MAX_ANCESTRY = 6
"""Classes on the way from one to what it inherits from; a circle of them ends here as well."""
MAX_NAMES_OF_ONE = 3
"""Names that a value is bound to one after another, until it is asked whether there is anything: `flat = not rows`."""
MAX_TRAIL = 8
"""Names that a value passed through on one way; a circle of them ends here as well."""

# --- what a value is --------------------------------------------------------------------------------------------------

MAX_NUMBER_DEPTH = 12
"""Operations in each other of which it is asked whether they make a float or a Decimal."""
MAX_ROUNDED_PARTS = 60
"""Parts of a term among which the step is sought that something is rounded to."""
MAX_DELAY_DEPTH = 30
"""Operations in each other of which a wait is made."""
MAX_SIGNING_STEPS = 12
"""How deep in a signature the text may be that it is for."""
MAX_SIGNED_WAYS = 8
"""Ways in which a text may have grown that is signed."""

# --- calls ------------------------------------------------------------------------------------------------------------

MAX_CALL_SITES = 250
"""Calls of one name that are looked at."""
MAX_CONTEXTS = 12
"""Ways a term may come to its function that are told apart."""
MAX_CALL_STRING = 4
"""Callers outward whose arguments are put into one term."""
MAX_TEST_SETS = 8
"""Sets of tests, one of each of which has to hold, that a test for one thing or another is made of."""
MAX_GUARDED_CALLS = 2
"""Callers outward of whom it is asked what tests stand around their calls."""
MAX_FRAMES = 6
"""How many of the bot's own wrappers are looked through."""
MAX_QUERY_FRAMES = 3
"""Of these, for what only asks: the nearest callers say what is asked for, those behind them no more than for whom."""
MAX_FORWARDS = 3
"""Functions in a row that hand on what they are given to call."""
MAX_VIEWS = 500
"""In how many callers' eyes one call is looked at."""
MAX_FAR_VIEWS = 100
"""Of these, after how many nobody is asked any more who stands behind the nearest callers: they say nothing new."""
NEAR_FRAMES = 2
"""How many callers in a row are near."""
MAX_CALLS_BETWEEN = 5
"""How many functions may stand between a call and the one it leads to."""
MAX_CALLS_FROM_START = 5
"""How many functions may stand between the program and an expression after which it ends."""
MAX_CALLS_TO_START = 6
"""How many functions an exception may pass on its way to the program's start."""
MAX_CALLS_TO_RAISE = 4
"""How many functions may stand between the one that is given the message and what raises."""
MAX_CALLS_TO_RETRY = 3
"""How many functions may stand between an order and the retry around it."""

# --- what becomes of a value ------------------------------------------------------------------------------------------

MAX_USES = 400
"""Places after which it counts as unseen what becomes of a value."""
MAX_KEYS = 40
"""Keys on the way from a value to a part of it."""
MAX_PRINTED_STEPS = 3
"""Names and decodings between a message and its printing."""


STACK = 5000
"""Python frames that the deepest expression the evaluator follows may need."""


@contextmanager
def deep_stack() -> Iterator[None]:
    """Let Python's own stack grow as deep as an expression may lead."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def is_bounded(value: object) -> bool:
    """Whether a constant is one to compute with: a finite number or a text, neither of them huge."""
    match value:
        case int():
            return value.bit_length() <= MAX_BITS
        case float() | complex():
            return cmath.isfinite(value)
        case str() | bytes():
            return len(value) <= MAX_CHARACTERS
    return True


def whole(text: str) -> int | None:
    """The number that a text of digits is; None for any other text, and for more than is computed with."""
    number = int(text) if text.isdecimal() and is_bounded(text) else None
    return number if is_bounded(number) else None


def power(base: float, exponent: float) -> float:
    """`base ** exponent`. Raises OverflowError where that is out of bounds, without working it out."""
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * exponent > 2 * MAX_BITS:
        raise OverflowError
    result: float = base**exponent
    return result
