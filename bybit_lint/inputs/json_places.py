"""Where the values of a JSON text stand in it, so that one of them can be changed and all else stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

SPACE = regex(r"[ \t\n\r]*")
DECODER = json.JSONDecoder()


class Value(NamedTuple):
    """A value, and from where to where it is written; the end is behind its last character."""

    value: Any
    start: int
    end: int


def members(text: str, place: int) -> Iterator[tuple[str, Value]]:
    """The entries of the object that begins at a place of a text that is known to be JSON."""
    place = _skipped(text, place + 1)
    while text[place] != "}":
        key = _value(text, place)
        found = _value(text, _skipped(text, _skipped(text, key.end) + 1))
        yield key.value, found
        place = _behind(text, found.end)


def items(text: str, place: int) -> Iterator[Value]:
    """The same for an array."""
    place = _skipped(text, place + 1)
    while text[place] != "]":
        found = _value(text, place)
        yield found
        place = _behind(text, found.end)


def top(text: str) -> Value:
    """The whole of a text. Raises json.JSONDecodeError, or RecursionError for what is nested too deeply."""
    return Value(json.loads(text), _skipped(text, 0), len(text))


def _value(text: str, place: int) -> Value:
    value, end = DECODER.raw_decode(text, place)
    return Value(value, place, end)


def _skipped(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place


def _behind(text: str, place: int) -> int:
    """Where the next entry begins, or the bracket that ends them all."""
    place = _skipped(text, place)
    return _skipped(text, place + 1) if text[place] == "," else place
