"""The texts of a TOML file with their places, as far as it can be read (https://toml.io).

The standard library's reader tells no places, needs Python 3.11 and gives nothing at all of a broken file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

TOKEN = regex(
    r"""
    (?P<comment>\#[^\n]*)
    | (?P<text>\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<broken>["'][^\n]*)
    | (?P<header>(?<=\n)[ \t]*\[\[?[\w."' \t-]+\]\]?[ \t]*(?=\#|\r?\n|\Z))
    | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<end>\n) | (?P<comma>,)
    | (?P<equals>=) | (?P<word>[\w.+:-]+)
    """,
    re.VERBOSE,
)


LONGEST, DEEPEST = 200, 8
"""Characters of a key, and tables and lists in each other, in which a requirement may still stand."""


class Text(NamedTuple):
    """A text: the dotted key it stands under, and the offsets between its quotes."""

    key: str
    value: str
    start: int
    end: int


def texts(text: str) -> Iterator[Text]:
    """Every text that stands under a key. A header on a line of its own begins anew, whatever was left open."""
    table, word = "", ""
    keys: list[str | None] = [""]  # of the tables that are open; a list has none
    for token in TOKEN.finditer("\n" + text):
        kind, said = token.lastgroup, token[0]
        if kind == "header":
            table, keys = re.sub(r"[][ \t\"']", "", said)[:LONGEST], [""]
        elif kind == "word":
            word = said
        elif kind == "text":
            quotes = 3 if said.startswith(('"""', "'''")) else 1
            word = said[quotes:-quotes]
            if keys[-1] != "" and len(keys) <= DEEPEST:
                start = token.start() - 1 + quotes
                yield Text(".".join(filter(None, [table, *keys])), word, start, start + len(word))
        elif kind == "equals":
            keys = [""] if keys[-1] is None else keys  # a list that holds a key was never closed
            keys[-1] = word[:LONGEST]
        elif kind == "open":
            keys.append(None if said == "[" else "")
        elif kind == "close":
            keys.pop()
            keys = keys or [""]
        elif (kind == "end" and len(keys) == 1) or (kind == "comma" and keys[-1] is not None):
            keys[-1] = ""
