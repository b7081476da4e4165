"""Which lines of a log are looked at: of a long one nearly all say nothing of a refusal, and should cost nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from bybit_lint.patterns import regex

STEMS = (
    *(
        "error",
        "exception",
        "traceback",
        'file "',
        'file \\"',
        ".py:",
        "cell in",
        "input in",
        "http",
        "false",
        "fail",
        "refuse",
        "requir",
        "close",
    ),
    *("timed out", "timeout", "handshake", "reject", "argument", "attribute", "could not", "not ", "must be", "valid"),
    *("exceed", "size >", "subscri", "expired", "sessions", "missing", "minimum", "errno", "ssl", "connect"),
    *("last 500", "zero position", "params", "bybit", "violation", "unreachable", "no module", "no route"),
    *("no address", "version_number", "value", "decimal."),
)
"""Of these one stands in each line that is told of and has no code, whatever the case."""
CODE = regex(r"code\\?[\"']?\s?(?:[:=]\s?)?-?[1-9]")
"""A code that is not 0."""


def hot(lines: Sequence[str]) -> Sequence[bool]:
    """For each of some lines whether it may tell of something that was refused.

    All of them are searched at once, which is several times faster than one after the other.
    """
    whole = "\n".join(lines).lower()
    starts = [0, *accumulate(len(line) + 1 for line in whole.split("\n"))]
    found = [False] * len(lines)
    for match in CODE.finditer(whole):
        found[bisect_right(starts, match.start()) - 1] = True
    for stem in STEMS:
        place = whole.find(stem)
        while place >= 0:
            number = bisect_right(starts, place)
            found[number - 1] = True
            place = whole.find(stem, starts[number])
    return found
