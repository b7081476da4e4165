"""How many columns of a terminal a text takes, and lines folded to as many as there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bybit_lint.patterns import regex

HANG = 4
"""Columns by which what follows of a folded line is indented."""
LEAST = 24
"""Columns that have to be left for a text to stay beside what it belongs to."""
COLOR = regex(r"\x1b\[[0-9;]*m")
CODE = regex(r"\s*\d* ?\||\s*(?:-->|:::) ")
"""How a row begins that is no prose: of a code frame, of a table, or the place above a frame."""
FENCE = "```"
ITEM = regex(r" *(?:=|-|\*|\d+\.) ")
TABLE = regex(r" *\S.* {2,}(?=\S)")
"""What stands before the last column of a row."""
WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
WORD = regex(rf"( *)([{WIDE}]|[^ {WIDE}]+)")
"""What stays together: a word, or a character of a script that is written without spaces."""


def columns(text: str) -> int:
    """How many columns a text takes; colours take none."""
    if "\x1b" in text:
        text = COLOR.sub("", text)
    return len(text) if text.isascii() else sum(map(_of, text))


def _of(char: str) -> int:
    import unicodedata  # few lines have other letters than ASCII

    if unicodedata.category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff":  # drawn over what is before
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def folded(text: str, width: int, hang: int = HANG) -> str:
    """A text for people, no line of it wider than `width` if its words are not; code stays as it is.

    What follows of a line stands below its text, and of one that begins at the margin `hang` columns from there.
    """
    rows: list[str] = []
    is_code = False
    for line in text.split("\n"):
        is_fence = line.startswith(FENCE)
        is_code ^= is_fence
        is_short = len(line) * 2 <= width or columns(line) <= width
        rows += [line] if is_short or is_code or is_fence or _is_code(line) else _rows(line, width, hang)
    return "\n".join(rows)


def _is_code(line: str) -> bool:
    return bool(CODE.match(COLOR.sub("", line)))


def _rows(line: str, width: int, hang: int) -> Iterator[str]:
    plain = COLOR.sub("", line)
    margin = len(plain) - len(plain.lstrip(" "))
    head, indent = ITEM.match(plain) or TABLE.match(plain), margin + HANG if margin else hang
    if head and columns(head.group()) <= width - LEAST:
        yield from _broken(line, width, columns(head.group()))
    elif head:  # the last column stands below the others
        above = head.group().rstrip()
        yield above if columns(above) <= width else plain[:margin] + re.sub(" {2,}", "  ", above.lstrip())
        yield from _broken(" " * indent + plain[head.end() :], width, indent)
    else:
        yield from _broken(line, width, indent)


def _broken(line: str, width: int, indent: int) -> Iterator[str]:
    row, used = "", 0
    for spaces, word in WORD.findall(line):
        taken = columns(word)
        if row and used + len(spaces) + taken > width:
            yield row
            row, used = " " * indent + word, indent + taken
        else:
            row, used = row + spaces + word, used + len(spaces) + taken
    yield row
