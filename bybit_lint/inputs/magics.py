"""What a cell of a notebook says to IPython rather than to Python: put aside before it is read, and put back.

https://ipython.readthedocs.io/en/stable/interactive/magics.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

PYTHON = {"%%capture", "%%memit", "%%prun", "%%pypy", "%%python", "%%python3", "%%time", "%%timeit"}
"""Magics of a whole cell below which there is Python code."""

SUSPICIOUS = regex(r"[%!?]|^[ \t]*[,;/]", re.MULTILINE)
COMMAND = regex(r"[ \t]*[%!?,;/]")
HELP = regex(r"[ \t]*%{0,2}[A-Za-z_*][\w.*]*\?\??[ \t]*$")
ASSIGNED = regex(r"[ \t]*[A-Za-z_][\w., \t]*=[ \t]*(?=[%!])")
TOKEN = regex(
    r"(?P<string>'''|\"\"\"|\"|')|#.*|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<continued>\\)$|\\.|[^'\"#()\[\]{}\\]+"
)
IN_STRING = {quote: regex(rf"(?P<end>{quote})|\\.|[^\\{quote[0]}]+|.") for quote in ("'''", '"""', '"', "'")}


class Aside(NamedTuple):
    """The lines of a cell as Python reads them, and what is to be put back in the place of what stands there now."""

    lines: list[str]
    said: dict[str, str]


class _Line(NamedTuple):
    text: str
    is_start: bool
    """Whether a statement begins in it."""
    goes_on: bool
    """Whether it goes on with what the line before says to IPython."""


def is_foreign(lines: Sequence[str]) -> bool:
    """Whether a cell is not Python at all but a shell script, say: `%%bash`."""
    first = next((line.strip() for line in lines if line.strip()), "")
    return first.startswith("%%") and first.split()[0] not in PYTHON


def aside(lines: Sequence[str], name: str) -> Aside:
    """The cell with what is for IPython put aside; `name` is how the names begin that take its place.

    At the outermost level a comment takes it, in a block a statement, and behind `=` an expression.
    """
    found = Aside([], {})
    for line in _logical(lines):
        said = line.text if line.goes_on else _said(line.text) if line.is_start else ""
        key = f"{name}{len(found.said)}_"
        if not said:
            found.lines.append(line.text)
        elif line.goes_on or (not line.text[:1].isspace() and said == line.text):
            found.said[f"# {key}"] = said
            found.lines.append(f"# {key}")
        else:
            found.said[key] = said.lstrip()
            found.lines.append(line.text[: len(line.text) - len(said.lstrip())] + key)
    return found


def back(text: str, said: dict[str, str], name: str) -> str:
    """The cell with everything put back. Raises ValueError if something was lost or doubled."""
    pattern = re.compile(rf"(?:# )?{name}\d+_")
    if sorted(pattern.findall(text)) != sorted(said):
        raise ValueError("what is said to IPython is not the same any more")
    return pattern.sub(lambda found: said[found[0]], text)


def _said(line: str) -> str:
    """What of the first line of a statement is for IPython; empty if nothing is."""
    if COMMAND.match(line) or HELP.match(line):
        return line
    found = ASSIGNED.match(line)
    return line[found.end() :] if found else ""


def _logical(lines: Sequence[str]) -> Iterator[_Line]:
    quote, depth = "", 0
    is_continued = is_command = False
    for text in lines:
        line = _Line(text, not (quote or depth or is_continued), is_command and is_continued)
        yield line
        is_command = line.goes_on or (line.is_start and bool(_said(text)))
        if is_command:
            is_continued = text.endswith("\\")
        else:
            quote, depth, is_continued = _state(text, quote, depth)


def _state(line: str, quote: str, depth: int) -> tuple[str, int, bool]:
    """What is open at the end of a line: a text, brackets, the line itself."""
    place, is_continued = 0, False
    while place < len(line) and (found := (IN_STRING[quote] if quote else TOKEN).match(line, place)):
        place = found.end()
        if quote:
            is_continued = found[0] == "\\"
            quote = "" if found["end"] else quote
        else:
            quote = found["string"] or ""
            depth = max(0, depth + bool(found["open"]) - bool(found["close"]))
            is_continued = bool(found["continued"])
    if len(quote) == 1 and not is_continued:
        quote = ""  # a text that is not closed ends with its line
    return quote, depth, is_continued and not quote
