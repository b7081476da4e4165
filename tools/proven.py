"""Make the table in rules/README.md of what is proven on the emulated exchange.

usage: python tools/proven.py
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # where the proofs are

from proofs.pages import PROOFS, unproven  # noqa: E402  it has to be found first

from bybit_lint.report import pages  # noqa: E402
from bybit_lint.report.pages import Page  # noqa: E402

README = ROOT / "rules" / "README.md"
BEGIN, END = "<!-- proofs -->\n", "<!-- /proofs -->\n"
HEAD = "| code | name | cases | proven | depends | the others |\n|---|---|--:|--:|---|---|\n"


def main() -> None:
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")


def with_table(page: str) -> str:
    """The page with the table of today. Raises ValueError if it has no place for it."""
    above, begin, rest = page.partition(BEGIN)
    _, end, below = rest.partition(END)
    if not end:
        raise ValueError(f"{README}: put {BEGIN.strip()} and {END.strip()} around the table")
    rows = (f"| {' | '.join(row(each))} |\n" for each in pages.all() if each.family != "tool")
    return above + begin + HEAD + "".join(rows) + end + below


def row(page: Page) -> Iterator[str]:
    """The cells of one rule."""
    proofs = PROOFS.get(page.code, ())
    shown = [case for case in page.cases if case.files("bad")]
    yield from (f"[{page.code}]({page.family}/{page.name}.md)", page.name)
    yield from (str(len(shown)), str(len({proof.case for proof in proofs})))
    yield counted(f"`{proof.depends}`" for proof in proofs if proof.depends)
    yield counted(why for case in shown if (why := unproven(page, case)))


def counted(texts: Iterable[str]) -> str:
    """Each text with how often it is there."""
    return "; ".join(f"{text} ({count})" for text, count in Counter(texts).items())


if __name__ == "__main__":
    main()
