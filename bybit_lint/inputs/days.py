"""The days on which suppressions end: `until=2027-01-31`. They end with them in UTC, everywhere the same."""

from __future__ import annotations

import time

from bybit_lint.analysis.source import Source
from bybit_lint.patterns import regex

UNTIL = regex(r"\buntil\s*=\s*([^\s,;\]#]*)")
DATE = regex(r"\d{4}-\d\d-\d\d")
DATES = regex(rb"\buntil\s*=\s*(\d{4}-\d\d-\d\d)")


def today() -> str:
    """The day it is in UTC, as `2027-01-31`."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def is_date(text: str) -> bool:
    """True for a day that there is, written as `2027-01-31`."""
    from datetime import date

    try:
        return bool(DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def ended(source: Source, today: str) -> tuple[bytes, ...]:
    """The days in a source that are over: as long as they are the same, the same is found in it."""
    found = DATES.findall(source.data) if b"until" in source.data else ()
    return tuple(day for day in found if day < today.encode())
