"""What is written in the place of a value that a field never has, where that is certain."""

from __future__ import annotations

import pytest
from seeing import seen

from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary import ImpossibleTest

BOT = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
for row in session.get_positions(category="linear", symbol="BTCUSDT")["result"]["list"]:
    print({test})
"""


@pytest.mark.parametrize(
    ("test", "title"),
    [
        ('row["positionIdx"] == "1"', "write 1"),
        ('row["positionIdx"] == "x"', ""),
        ('row["positionIdx"] == "-1"', ""),
        ('row["positionIdx"] == 5', ""),
        ('row["side"] == "BUY"', 'write "Buy"'),
        ('row["side"] == "sell"', 'write "Sell"'),
        ('row["side"] == "long"', ""),
        ('row["side"] in ("BUY",)', ""),
    ],
)
def test_what_is_meant(test: str, title: str) -> None:
    (found,) = (
        noun for noun in seen([Source("bot.py", BOT.format(test=test).encode())]) if isinstance(noun, ImpossibleTest)
    )
    assert (found.fix.title if found.fix else "") == title
