"""A finding survives every way to say the same, as far as the table says so, and an innocent twin stays silent."""

from __future__ import annotations

import ast

import pytest
from spellings import table
from spellings.judging import BOTS, REWRITINGS, Bot, Spelling, canonical
from spellings.program import MARKS, parsed
from spellings.running import deeds
from spellings.table import SAMPLES, Table

WRITTEN = Table.read()
STALE = "if that is better, or a rewriting is new, run `python tools/spellings.py --write`"


@pytest.mark.parametrize("bot", BOTS.values(), ids=lambda bot: bot.name)
def test_a_bot_as_it_is_written_is_found_and_its_twin_is_silent(bot: Bot) -> None:
    spelling = table.spelled(bot.name, ())
    assert spelling
    assert table.cell(spelling) == table.FOUND
    assert all(deeds.sent for deeds in canonical(bot.name))


@pytest.mark.parametrize("bot", BOTS)
def test_each_rewriting_of_a_bot_is_found_as_the_table_says(bot: str) -> None:
    index = list(BOTS).index(bot)
    written = {name: cells[index] for name, cells in WRITTEN.lines.items() if name in REWRITINGS}
    differing = {
        name: (written.get(name), cell) for name, cell in table.column(bot).items() if written.get(name) != cell
    }
    assert not differing, f"by name, as written and as it is; {STALE}"


@pytest.mark.parametrize("size", SAMPLES)
def test_compositions_are_found_as_the_table_says(size: int) -> None:
    written = WRITTEN.lines[table.sampled(size)]
    spellings = table.sample(size, SAMPLES[size])
    told = {(s.bot.name, *s.names): (was, table.cell(s)) for s, was in zip(spellings, written, strict=True)}
    assert {names: cells for names, cells in told.items() if cells[0] != cells[1]} == {}, STALE


def test_the_table_is_as_it_is_written() -> None:
    assert WRITTEN.text() == table.PATH.read_text("utf-8"), STALE


def test_what_is_worse_than_before_is_named() -> None:
    name, cells = next(iter(WRITTEN.lines.items()))
    worse = Table({**WRITTEN.lines, name: cells[0].translate({ord("+"): "-"}) + cells[1:]})
    assert [*worse.lost(WRITTEN)] == [f"{next(iter(BOTS))}: {name}: was +, is -"]
    assert not [*WRITTEN.lost(worse)]
    assert not [*WRITTEN.lost(WRITTEN)]
    assert [old + new for old in "+-!?." for new in "+-!?." if table.is_worse(old, new)] == [
        "+-",
        "+!",
        "+?",
        "-!",
        "-?",
        "!-",
        "!?",
    ]


def test_a_rewriting_that_changes_what_is_sent_is_noticed() -> None:
    bot = BOTS["BYB201 pybit"]
    text = ast.unparse(bot.program.files["bot.py"]).replace("'Buy'", "'Sell'")
    with pytest.raises(AssertionError, match="is now"):
        table.cell(Spelling(bot, (), parsed(text, {})))


def test_no_mark_is_left_in_a_bot() -> None:
    for bot in BOTS.values():
        text = "".join(bot.program.text().values())
        assert not [mark for mark in (*MARKS, "PICK") if f"{mark}(" in text]


def test_a_bot_that_fails_ends_with_its_error() -> None:
    assert (
        deeds(parsed("def trade():\n    return 1 / 0", {}).text(), "trade()").end
        == "ZeroDivisionError: division by zero"
    )
