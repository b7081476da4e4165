"""Make the table at the end of rules/README.md: how often each rule speaks on public bots, and how often it is right.

usage: python tools/tables.py FOLDER...   (each folder is one bot)

What is found is counted here. How much of it somebody has read, and found right or arguable, is kept in
rules/readings.tsv; a rule that is not in there is unread.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from fixes import told

from bybit_lint import checks
from bybit_lint.rule import Rule

RULES = Path(__file__).parent.parent / "rules"
READINGS, README = RULES / "readings.tsv", RULES / "README.md"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->\n"
HEAD = "| code | name | findings | bots | read | right | arguable |\n|---|---|--:|--:|--:|--:|--:|\n"


class Reading(NamedTuple):
    """How many findings of a rule were read, and how many of these were right, or arguable; the others were wrong."""

    read: int
    right: int
    arguable: int


class Count(NamedTuple):
    """How many findings of each rule there are, and in how many bots."""

    findings: Counter[str]
    bots: Counter[str]


def main(folders: Sequence[str]) -> None:
    """Count in the folders, and put the table into the page."""
    page = README.read_text("utf-8")
    README.write_text(with_table(page, table(counted(folders), readings()), len(folders)), "utf-8")


def counted(folders: Iterable[str]) -> Count:
    """The findings of all rules in some bots."""
    count = Count(Counter(), Counter())
    for folder in folders:
        codes = [finding["code"] for finding in told(Path(folder)).findings]
        count.findings.update(codes)
        count.bots.update(set(codes))
    return count


def readings() -> dict[str, Reading]:
    """What the record says of each rule that has been read. Raises ValueError for figures that cannot be."""
    with READINGS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    record = {row["code"]: Reading(int(row["read"]), int(row["right"]), int(row["arguable"])) for row in rows}
    if flaw := next((code for code, it in record.items() if not 0 <= it.right + it.arguable <= it.read), ""):
        raise ValueError(f"{READINGS}: of {flaw}, more are right or arguable than were read")
    return record


def table(count: Count, record: Mapping[str, Reading]) -> str:
    """A row for each rule that judges bots."""
    rows = (row(rule, count, record.get(rule.code)) for rule in checks.load() if rule.noun)
    return HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def row(rule: Rule, count: Count, reading: Reading | None) -> Iterator[str]:
    """The cells of one rule."""
    yield from (f"[{rule.code}]({rule.family}/{rule.name}.md)", rule.name)
    yield from (str(count.findings[rule.code]), str(count.bots[rule.code]))
    yield from map(str, reading or ("unread", "-", "-"))


def with_table(page: str, new: str, bots: int) -> str:
    """The page with another table and another number of bots. Raises ValueError if it has no place for them."""
    above, begin, rest = page.partition(BEGIN)
    _, end, below = rest.partition(END)
    if not end:
        raise ValueError(f"{README}: put {BEGIN.strip()} and {END.strip()} around the table")
    return f"{above}{begin}Counted over {bots} public bots.\n\n{new}{end}{below}"


if __name__ == "__main__":
    main(sys.argv[1:])
