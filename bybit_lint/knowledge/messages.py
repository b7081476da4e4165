"""What Bybit and pybit say in words: the texts of codes, and of what is refused over sockets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bybit_lint.knowledge import rows
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

TELLING = 6
"""Characters from which on part of a text says which one is meant."""
HELD = 12
"""Characters from which on the text of a code is looked for in a longer line: `Order is illegal`, not `OK`."""

CODED = regex(r"(?:retCode|WebSocket trade) ")
"""How the channel begins of what comes with a code."""
CODE = regex(r"""(?:ErrCode|ret_?Code)["']?\s*(?:[:=]\s*)?(-?\d{1,9})(?!\d)""", re.IGNORECASE)


class Message(NamedTuple):
    """One text that people find in their logs."""

    text: str
    """With `{}` for what differs each time."""
    channel: str
    """Who says it (`WebSocket`, `pybit`, `ccxt`, `Python`, `network`), or the code that it comes with (`retCode 1`)."""
    meaning: str
    do: str
    cause: str
    rules: tuple[str, ...]
    """The codes of the rules that prevent it."""
    source: str
    date: str

    @property
    def code(self) -> int | None:
        """The code that it comes with."""
        return int(self.channel.rpartition(" ")[2]) if CODED.match(self.channel) else None


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

    A line that names a retCode was answered by Bybit: what clients and the network say is not meant then.
    """
    if held := message_in(line):
        return [held]
    asked = squeezed(line)
    known = (known.message for known in _fitting(ret_code_in(line)))
    return [message for message in known if len(asked) >= TELLING and asked in squeezed(message.text)]


def message_in(line: str) -> Message | None:
    """The longest text that stands in a line as a whole."""
    asked = squeezed(line)
    held = (known.message for known in _fitting(ret_code_in(line)) if known.is_in(asked))
    return max(held, key=lambda message: len(message.text), default=None)


def messages_of(code: int) -> Sequence[Message]:
    """The texts that come with a retCode."""
    return [known.message for known in _messages() if known.message.channel == f"retCode {code}"]


def message_of_trade(code: int) -> Message | None:
    """The text of a code that means something else over the trade socket than over HTTP."""
    channel = f"WebSocket trade {code}"
    return next((known.message for known in _messages() if known.message.channel == channel), None)


def causes(cell: str) -> list[str]:
    """The likely causes that a cell lists, the likeliest first."""
    return re.split(r", (?:or )?", cell)


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


def everything() -> Iterator[Message]:
    """All that is known to be said."""
    yield from (known.message for known in _messages())


def texts() -> Iterator[str]:
    """All texts, to guess from."""
    yield from (message.text for message in everything())


def squeezed(text: str) -> str:
    """A text without what differs from log to log: case, blanks, how JSON escapes a `>`, a point at the end."""
    unescaped = text.replace("\\u003e", ">").replace("\\u003c", "<")
    return "".join(unescaped.split()).lower().rstrip(".")


class _Known(NamedTuple):
    """A text, and how it is found in others."""

    message: Message
    piece: str
    """Its longest piece without a `{}`: to look for it first is many times faster."""
    pattern: re.Pattern[str]

    def is_in(self, asked: str) -> bool:
        return self.piece in asked and self.pattern.search(asked) is not None


@cache
def _messages() -> list[_Known]:
    found = (
        Message(text, channel, meaning, do, cause, _rules(rules), *rest)
        for text, channel, meaning, do, cause, rules, *rest in rows("messages")
    )
    return [_Known(message, max(_pieces(message.text), key=len), _pattern(message.text)) for message in found]


@cache
def _by_code() -> Mapping[int | None, list[_Known]]:
    """The texts by the code that they come with; None for those of pybit's, which has numbers of its own."""
    found: dict[int | None, list[_Known]] = {None: []}
    for known in _messages():
        if known.message.code is not None or known.message.channel == "pybit":
            found.setdefault(known.message.code, []).append(known)
    return found


def _fitting(code: int | None) -> list[_Known]:
    """The texts that a line with this code may mean."""
    return _messages() if code is None else [*_by_code().get(code, ()), *_by_code()[None]]


def _rules(cell: str) -> tuple[str, ...]:
    return tuple(cell.strip("-").replace(",", " ").split())


@cache
def _documented() -> Mapping[int, Documented]:
    return {int(code): Documented(int(code), *rest) for code, *rest in rows("documented_codes")}


def _pattern(text: str) -> re.Pattern[str]:
    """A text with a stretch of anything, up to a bound, for each `{}`."""
    return re.compile(".{0,200}?".join(map(re.escape, _pieces(text))))


def _pieces(text: str) -> list[str]:
    return squeezed(text).split("{}")


def _words(row: Documented) -> Iterator[str]:
    """What each section says of a code."""
    for said in row.said.split("; "):
        yield squeezed(said.partition(": ")[2] or said)
