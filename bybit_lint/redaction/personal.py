"""What in a log tells who somebody is and where: addresses of machines and of mail, and names of home folders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bybit_lint.patterns import regex

SEPARATOR = r"[\\/]{1,4}"
MAIL = regex(r"(?P<who>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
V4 = regex(r"(?P<who>[0-9]{1,3}(?:\.[0-9]{1,3}){3,8})(?![0-9])")
V6 = regex(
    r"(?<![\w:])(?P<who>(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?=[0-9a-fA-F:]{0,35}::)[0-9a-fA-F:]{2,39})(?!\w)"
)
WINDOWS = regex(rf":{SEPARATOR}(?:Users|Documents and Settings){SEPARATOR}(?P<who>[^\\/\n\"'<>|:]{{1,64}})")
HOME = regex(rf"{SEPARATOR}(?i:home|users){SEPARATOR}(?P<who>[^\\/\s\"'<>|:,;)]{{1,64}})")


def hide(text: str) -> str:
    """The text with an asterisk for each character that tells of a person."""
    for pattern in _wanted(text):
        text = pattern.sub(_hidden, text)
    return text


def _wanted(text: str) -> Iterator[re.Pattern[str]]:
    """Those that may find something: to look for a sign of it first is many times faster."""
    lowered, colons = text.lower(), text.count(":")
    if text.count(".") > 2:
        yield V4
    if "@" in text:
        yield MAIL
    if colons > 6 or (colons > 1 and "::" in text):
        yield V6
    if "home" in lowered or "users" in lowered or "settings" in lowered:
        yield from (WINDOWS, HOME)


def _hidden(found: re.Match[str]) -> str:
    start, end = found.span("who")
    offset = found.start()
    return f"{found[0][: start - offset]}{'*' * (end - start)}{found[0][end - offset :]}"
