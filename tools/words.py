"""Collects the words by which `bybit_lint/redaction` tells a name from a key, and writes them to its words.txt.

They are the words of our own pages, tables and code that occur more than once, those of Python's own names, and the
whole names among Bybit's parameters that are made of less.
"""

from __future__ import annotations

import builtins
import calendar
import keyword
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / "bybit_lint/redaction"
RUN = re.compile(r"[A-Za-z0-9]+")
ATOM = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
SOURCES = ("*.md", "rules/**/*.md", "bybit_lint/**/*.py", "bybit_lint/**/*.tsv", "examples/**/*.py")
PYTHON = (*dir(builtins), *keyword.kwlist, *sys.stdlib_module_names, *calendar.month_abbr)
SHORTENED = {"pcnt"}  # what names of Bybit's answers are made of, of which no table tells
SHORTEST, LONGEST = 3, 20


def words() -> list[str]:
    """All words, sorted."""
    counts = Counter(atoms(texts()))
    return sorted(
        {word for word, count in counts.items() if count > 1}
        | set(atoms([" ".join(PYTHON)]))
        | set(names())
        | SHORTENED
    )


def texts() -> Iterator[str]:
    for pattern in SOURCES:
        yield from (path.read_text("utf-8") for path in sorted(ROOT.glob(pattern)))


def atoms(found: Iterable[str]) -> Iterator[str]:
    """The words in some texts, in lower case."""
    for text in found:
        for run in RUN.findall(text):
            yield from (atom.lower() for atom in ATOM.findall(run) if SHORTEST <= len(atom) <= LONGEST)


def names() -> Iterator[str]:
    """The names in Bybit's tables that have a digit in them: `price24hPcnt`."""
    for path in sorted((ROOT / "bybit_lint/knowledge").glob("*.tsv")):
        for run in RUN.findall(path.read_text("utf-8")):
            if re.search("[a-z]", run) and re.search("[0-9]", run) and 8 <= len(run) <= LONGEST:
                yield run.lower()


if __name__ == "__main__":
    (HOME / "words.txt").write_text("".join(f"{word}\n" for word in words()), "utf-8")
