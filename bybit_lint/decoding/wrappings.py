"""What other programs put around a line of a log: the time before it, and JSON with the line inside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone

from bybit_lint.patterns import regex

MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
CLOCK = r"\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
DATED = regex(
    rf"\d{{4}}[-/]\d\d[-/]\d\d[T ]{{1,2}}{CLOCK}(?:Z|[+-]\d\d:?\d\d)?"  # ISO, logging, docker, Go
    rf"|{MONTH} [ \d]\d {CLOCK}"  # syslog and journald
    rf"|\d\d/{MONTH}/\d{{4}}:{CLOCK}"  # nginx and its kin
    rf"|\d\d?[./]\d\d?[./]\d{{2,4}},? {CLOCK}"  # as people of several countries write it
)
UNDATED = regex(rf"(?<![\d:.]){CLOCK}(?![\d:])")
EPOCH = regex(r"time(?:Now)?[\"']?\s?:\s?[\"']?(1[4-9]\d{11})(?!\d)")
"""Milliseconds in an answer of Bybit's."""
SEARCHED = 200
"""Characters of a line in which a logger's time stands."""
FRACTION = regex(r"([.,]\d{3})\d+")
"""Docker's nanoseconds, of which nobody needs more than three digits."""
ANSWER = ('"retCode"', '"ret_code"', '"success"')
ESCAPED = tuple(word.replace('"', '\\"') for word in ANSWER)
DEEPEST = 6


def dated(lines: Iterable[str]) -> str:
    """The day and time that the first of some lines has which has any, as it is written there; empty if none has."""
    found = filter(None, (DATED.search(line, 0, SEARCHED) for line in lines))
    first = next(found, None)
    return FRACTION.sub(r"\1", first[0]) if first else ""


def moment(line: str) -> str:
    """When an answer was given, as it says itself, or the time without a day that stands in its line."""
    if found := EPOCH.search(line):
        return datetime.fromtimestamp(int(found[1]) / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return found[0] if (found := UNDATED.search(line)) else ""


def unwrapped(line: str) -> list[str]:
    """The lines that are logged inside of a line of JSON, or the line itself."""
    if any(word in line for word in ESCAPED):  # an answer in a text in quotes
        return [line.replace('\\"', '"')]
    if not line.startswith("{") or "\\" not in line or any(word in line[:SEARCHED] for word in ANSWER):
        return [line]
    try:
        texts = list(_texts(json.loads(line), DEEPEST))
    except (ValueError, RecursionError):
        return [line]
    return [part for text in texts for part in text.split("\n")] or [line]


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if " " in value else []  # all others are levels, times and names
    elif depth and isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item, depth - 1)
