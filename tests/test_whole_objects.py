"""An object that is sent whole, as `asdict(entry)`: what is wrong with a field of it is told, and nothing is mended.

A number that is made text for Bybit would be text wherever else the object is used, and the call that makes a dict of
all fields is the value of none of them.
"""

from __future__ import annotations

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source

HEAD = """
from dataclasses import asdict, dataclass

import requests
from pybit.unified_trading import HTTP
from signing import signed_headers

session = HTTP(testnet=True)
URL = "https://api-testnet.bybit.com/v5/order/create"


@dataclass
class Entry:
    qty: float
    order_type: str = "Market"


def enter(money, price):
    entry = Entry(money / float(price))
"""
SENT = [
    'session.place_order(category="linear", symbol="BTCUSDT", side="Buy", **asdict(entry))',
    'session.place_order(category="linear", symbol="BTCUSDT", side="Buy", **vars(entry))',
    'session.place_order(**{"category": "linear", "symbol": "BTCUSDT", "side": "Buy", **asdict(entry)})',
    "return requests.post(URL, json=asdict(entry), headers=signed_headers(entry), timeout=10)",
]
ASKED = ("BYB201", "BYB211")


@pytest.mark.parametrize("sent", SENT)
def test_nothing_is_mended_in_an_object_that_is_sent_whole(sent: str) -> None:
    rules = [rule for rule in checks.load() if rule.code in ASKED]
    source = Source("bot.py", f"{HEAD}    {sent}\n".encode())
    assert {finding.code for finding in engine.check([source], rules).findings} >= {"BYB211"}
    outcome = engine.fix([source], rules, unsafe=True)
    assert outcome.sources[0].data == source.data
    assert not outcome.taken_back
