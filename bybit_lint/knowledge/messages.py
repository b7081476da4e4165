"""What Bybit and pybit say in words: the texts of codes, and of what is refused over sockets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from bybit_lint.knowledge import rows
from bybit_lint.patterns import regex

TELLING = 6
"""Characters from which on part of a text says which one is meant."""
HELD = 12
"""Characters from which on the text of a code is looked for in a longer line: `Order is illegal`, not `OK`."""

CODE = regex(r"""(?:ErrCode|ret_?Code)["']?\s*(?:[:=]\s*)?(-?\d{1,9})(?!\d)""", re.IGNORECASE)


class Message(NamedTuple):
    """One text that people find in their logs."""

    text: str
    """With `{}` for what differs each time."""
    channel: str
    """`WebSocket`, or the retCode that it comes with."""
    meaning: str
    do: str
    cause: str
    rules: tuple[str, ...]
    """The codes of the rules that prevent it."""
    source: str
    date: str


class Documented(NamedTuple):
    """One code of Bybit's error page."""

    code: int
    said: str
    """The page's words, each time with the section they stand in: `UTA: Server error.`."""
    source: str
    date: str


def documented(code: int) -> Documented | None:
    """What Bybit's error page says of a code; None where it does not know it."""
    return _documented().get(code)


def messages(line: str) -> Sequence[Message]:
    """The texts that stand in a line of somebody's log, the longest alone, or else those that a few words are part of.

    A line that names a retCode came from no socket.
    """
    asked, has_code = squeezed(line), ret_code_in(line) is not None
    known = [message for message in _messages() if not (has_code and message.channel == "WebSocket")]
    held = [message for message in known if _pattern(message.text).search(asked)]
    if held:
        return [max(held, key=lambda message: len(message.text))]
    return [message for message in known if len(asked) >= TELLING and asked in squeezed(message.text)]


def messages_of(code: int) -> Sequence[Message]:
    """The texts that come with a retCode."""
    return [message for message in _messages() if message.channel == f"retCode {code}"]


def ret_code_in(line: str) -> int | None:
    """The retCode that a line names, of an answer or of an exception of pybit's."""
    match = CODE.search(line)
    return int(match[1]) if match else None


def codes(line: str) -> Sequence[Documented]:
    """The codes whose words stand in a line, the longest alone, or else those that a few words are part of."""
    asked = squeezed(line)
    known = [(words, row) for row in _documented().values() for words in _words(row)]
    held = [(len(words), row) for words, row in known if len(words) >= HELD and words in asked]
    if held:
        longest = max(length for length, _ in held)
        return list(dict.fromkeys(row for length, row in held if length == longest))
    return list(dict.fromkeys(row for words, row in known if len(asked) >= TELLING and asked in words))


def texts() -> Iterator[str]:
    """All texts, to guess from."""
    yield from (message.text for message in _messages())


def squeezed(text: str) -> str:
    """A text without what differs from log to log: case, blanks, how JSON escapes a `>`, a point at the end."""
    unescaped = text.replace("\\u003e", ">").replace("\\u003c", "<")
    return re.sub(r"\s", "", unescaped).lower().rstrip(".")


@cache
def _messages() -> list[Message]:
    return [
        Message(text, channel, meaning, do, cause, _rules(rules), *rest)
        for text, channel, meaning, do, cause, rules, *rest in rows("messages")
    ]


def _rules(cell: str) -> tuple[str, ...]:
    return tuple(cell.strip("-").replace(",", " ").split())


@cache
def _documented() -> Mapping[int, Documented]:
    return {int(code): Documented(int(code), *rest) for code, *rest in rows("documented_codes")}


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A text with a stretch of anything, up to a bound, for each `{}`."""
    return re.compile(".{0,200}?".join(re.escape(piece) for piece in squeezed(text).split("{}")))


def _words(row: Documented) -> Iterator[str]:
    """What each section says of a code."""
    for said in row.said.split("; "):
        yield squeezed(said.partition(": ")[2] or said)
