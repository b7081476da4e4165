"""The bounds of what is computed of a bot: what is larger is unknown, because a few lines can stand for any size."""

from __future__ import annotations

import cmath

BITS = 1000
"""Of a whole number. One of as many is a float, too, and its digits are written out by every Python."""
CHARACTERS = 4000
"""Of a text. One of as many is read by int(), whose own bound is just above:
https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation"""
TEXTS = 8
"""Texts that an expression may be: more are not told apart."""
PARTS = 200_000
"""Of a term, each counted as often as it stands there: more is no code but data."""
JOINED = 2_000
"""Of these, the parts that come together in one value: a dict and a list hold theirs side by side."""
LEVELS = 120
"""Of terms in terms."""
APPLICATIONS = 200
"""Calls of functions that are worked out on the way to one value, where one leads to another."""
NESTED = 12
"""Of these, the ones within each other."""


def is_bounded(value: object) -> bool:
    """Whether a constant is one to compute with: a finite number or a text, neither of them huge."""
    match value:
        case int():
            return value.bit_length() <= BITS
        case float() | complex():
            return cmath.isfinite(value)
        case str() | bytes():
            return len(value) <= CHARACTERS
    return True


def whole(text: str) -> int | None:
    """The number that a text of digits is; None for any other text, and for more than is computed with."""
    number = int(text) if text.isdecimal() and is_bounded(text) else None
    return number if is_bounded(number) else None


def power(base: float, exponent: float) -> float:
    """`base ** exponent`. Raises OverflowError where that is out of bounds, without working it out."""
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * exponent > 2 * BITS:
        raise OverflowError
    result: float = base**exponent
    return result
