"""A file that cannot be read may have any function, and keeps nobody from judging the others."""

from __future__ import annotations

from bybit_lint import facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary import ImpossibleCall

BOT = """\
from live import desk
from paper import desk as other


def run(symbol):
    other.gone(symbol)
    desk.gone(symbol)
"""
LIVE = """\
from pybit.unified_trading import HTTP


def place(symbol):
    return HTTP(testnet=True).get_tickers(category="linear", symbol=symbol)
"""


def test_a_broken_file_of_the_same_name_is_no_crash() -> None:
    files = {"bot.py": BOT, "live/desk.py": LIVE, "paper/desk.py": "def place(symbol:\n"}
    sources = {path: Source(path, text.encode()) for path, text in files.items()}
    project = Project(sources.values())
    found = [noun for noun in facts.of(sources["bot.py"], project) if isinstance(noun, ImpossibleCall)]
    assert facts.crashes(sources["bot.py"], project) == []
    assert [noun.span.line for noun in found] == [7]
