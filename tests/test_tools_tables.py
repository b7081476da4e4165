"""The table at the end of rules/README.md says what was counted and read, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import tables
from tables import Count, Reading

from bybit_lint import checks

ROW = re.compile(r"\| \[(BYB\d{3})\]\((\S+)\) \| (\S+) \| (\d+) \| (\d+) \| (\S+) \| (\S+) \| (\S+) \|")
RULES = {rule.code: rule for rule in checks.load()}


def shown() -> dict[str, tuple[str, ...]]:
    """The cells of the table in the page, by code."""
    page = tables.README.read_text("utf-8").partition(tables.BEGIN)[2].partition(tables.END)[0]
    lines = page.partition(tables.HEAD)[2].splitlines()
    found = [ROW.fullmatch(line) for line in lines]
    assert all(found), "make the table with tools/tables.py"
    return {match[1]: match.groups()[1:] for match in found if match}


def test_the_table_holds_what_was_read() -> None:
    record = tables.readings()
    assert shown(), "the page has no table: run tools/tables.py"
    for code, (page, name, findings, bots, *read) in shown().items():
        rule = RULES[code]
        assert (page, name) == (f"{rule.family}/{rule.name}.md", rule.name)
        assert int(bots) <= int(findings)
        assert read == [str(cell) for cell in record.get(code, ("unread", "-", "-"))], f"{code}: run tools/tables.py"
        assert code not in record or record[code].read <= int(findings), f"{code}: more were read than found"
    assert record.keys() <= shown().keys(), "what was read has a row: run tools/tables.py again"


def test_figures_that_cannot_be_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "READINGS", tmp_path / "readings.tsv")
    tables.READINGS.write_text("code\tread\tright\targuable\nBYB201\t20\t19\t1\n")
    assert tables.readings() == {"BYB201": Reading(20, 19, 1)}
    tables.READINGS.write_text("code\tread\tright\targuable\nBYB201\t20\t19\t2\n")
    with pytest.raises(ValueError, match="of BYB201, more are right or arguable than were read"):
        tables.readings()


def test_what_is_found_is_counted_by_rule_and_by_bot(tmp_path: Path) -> None:
    call = "from pybit.unified_trading import WebSocket\nws = WebSocket(channel_type='linear')\n"
    for name, text in (("one", call + call), ("two", call), ("three", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bot.py").write_text(text)
    count = tables.counted(str(tmp_path / name) for name in ("one", "two", "three"))
    assert (count.findings["BYB106"], count.bots["BYB106"]) == (3, 2)


def test_a_row_says_what_was_read_or_that_nobody_has() -> None:
    count = Count(Counter(BYB201=30, BYB301=2), Counter(BYB201=7, BYB301=1))
    made = tables.table(count, {"BYB201": Reading(25, 24, 1)}).splitlines()
    assert "| [BYB201](orders/unrounded-quantity.md) | unrounded-quantity | 30 | 7 | 25 | 24 | 1 |" in made
    assert "| [BYB301](retries/retry-without-jitter.md) | retry-without-jitter | 2 | 1 | unread | - | - |" in made
    assert "| [BYB501](sockets/socket-without-ping.md) | socket-without-ping | 0 | 0 | unread | - | - |" in made
    assert not any("BYB0" in line for line in made), "the tool's own rules judge no bots"


def test_the_table_takes_the_place_of_the_old_one() -> None:
    page = f"# Rules\n\n{tables.BEGIN}old\n{tables.END}\nend\n"
    new = f"# Rules\n\n{tables.BEGIN}Counted over 3 public bots.\n\nnew\n{tables.END}\nend\n"
    assert tables.with_table(page, "new\n", 3) == new
    assert tables.with_table(new, "new\n", 3) == new
    with pytest.raises(ValueError, match="around the table"):
        tables.with_table("# Rules\n", "new\n", 3)
