"""Markdown as the site's pages are made of it: links by places in the site, and texts that stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"([\\`*_\[\]#|])")
BARE = re.compile(r"https?://\S+")


def prose(text: str) -> str:
    """A text of a table, in which nothing is markup; addresses stay as they are, and become links."""
    escaped, at = "", 0
    for address in BARE.finditer(text):
        escaped += _escaped(text[at : address.start()]) + address[0]
        at = address.end()
    return escaped + _escaped(text[at:])


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def code(text: str) -> str:
    """A text in code, whatever it holds; also in a table."""
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def link(text: str, place: str) -> str:
    """A link to a page by its source's place in the site, `codes/10001.md`."""
    return f"[{text}](/{place})"


def items(lines: Iterable[str]) -> str:
    """A list; empty without a line."""
    return "".join(f"- {line}\n" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """A list in an order."""
    return "".join(f"{number}. {line}\n" for number, line in enumerate(lines, start=1))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty without a row."""
    lines = [f"| {' | '.join(row)} |\n" for row in rows]
    return "".join([f"| {' | '.join(head)} |\n", f"|{'---|' * len(head)}\n", *lines]) if lines else ""


def section(title: str, body: str) -> str:
    """A heading of the second level with what is below it; nothing without that."""
    return f"\n## {title}\n\n{body}" if body else ""


def source(place: str, date: str) -> str:
    """Where a row of a table is from."""
    return f"\nSource: {prose(place)} ({date})\n{{ .source }}\n"
