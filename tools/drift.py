"""Compare the codes of Bybit's error page with the table of what Bybit says for each.

usage: python tools/drift.py DOCS [--write DATE]   (a checkout of https://github.com/bybit-exchange/docs)

Every code that has come, gone or been given other words is printed, and makes the exit code 1. With `--write` the table
is made anew instead, as of that date.
"""

from __future__ import annotations

import html
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import bybit_lint.knowledge

PAGE, SOURCE = "docs/v5/error.mdx", "https://bybit-exchange.github.io/docs/v5/error"
TABLE = Path(bybit_lint.knowledge.__file__).parent / "documented_codes.tsv"
SECTION = re.compile(r"#{2,3} *(.+?) *$")
ROW = re.compile(r"\| *[~\[]*(-?\d+)[~\]]*[^|]*\|(.*)")
MARKUP = re.compile(r"<[^>]*>|~~|\*\*|`")


def main(arguments: Sequence[str]) -> int:
    docs, *options = arguments
    now = table(Path(docs, PAGE).read_text(encoding="utf-8"))
    if options:
        rows = [f"{code}\t{now[code]}\t{SOURCE}\t{options[1]}\n" for code in sorted(now)]
        TABLE.write_text("".join(["code\tsaid\tsource\tdate\n", *rows]), encoding="utf-8")
        return 0
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    before = {int(code): said for code, said, *_ in (line.split("\t") for line in lines)}
    found = [code for code in sorted(before.keys() | now.keys()) if before.get(code) != now.get(code)]
    print("".join(f"{code}: {before.get(code, 'new')} -> {now.get(code, 'gone')}\n" for code in found), end="")
    return 1 if found else 0


def table(page: str) -> dict[int, str]:
    """What the page says of each code: the section it stands in, and the words."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for section, code, words in rows(page):
        found[code].append(f"{section}: {words}")
    return {code: "; ".join(dict.fromkeys(said)) for code, said in found.items()}


def rows(page: str) -> Iterator[tuple[str, int, str]]:
    """The rows of the page's tables with the section they stand in; those struck out say so."""
    section = ""
    for line in page.splitlines():
        if heading := SECTION.match(line):
            section = heading[1]
        elif row := ROW.match(line):
            yield section, int(row[1]), plain(row[2]) + (" (struck out)" if "~~" in line else "")


def plain(cell: str) -> str:
    """The words of a cell."""
    words = html.unescape(MARKUP.sub("", cell.strip().strip("|")))
    return " ".join(words.split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
