"""Which lines of a log are looked at: of a long one nearly all say nothing of a refusal, and should cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bybit_lint.patterns import regex

STEMS = (
    *(
        "error",
        "exception",
        "traceback",
        'file "',
        'file \\"',
        ".py:",
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
CODE = regex(r"[Cc]ode\\?[\"']?\s?(?:[:=]\s?)?-?[1-9]")
"""A code that is not 0."""


def hot(lines: Sequence[str]) -> Sequence[bool]:
    """For each of some lines whether it may tell of something that was refused.

    What stands in none of them is looked for once, and not in each.
    """
    whole = "\n".join(lines)
    is_coded, whole = CODE.search(whole) is not None, whole.lower()
    stems = [stem for stem in STEMS if stem in whole]
    if not stems and not is_coded:
        return [False] * len(lines)
    return [(is_coded and CODE.search(line) is not None) or _holds(line.lower(), stems) for line in lines]


def _holds(lowered: str, stems: Sequence[str]) -> bool:
    return any(map(lowered.__contains__, stems))
