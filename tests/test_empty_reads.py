"""Which tests let an order follow of a failed read that ended as if there were nothing."""

from __future__ import annotations

import itertools
import sys

import pytest
from seeing import seen

from bybit_lint.analysis.bounds import MAX_NAMES_OF_ONE
from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary import EmptyRead

GIVEN = """\
from decimal import Decimal

from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


def held(symbol):
    try:
        row = session.get_positions(category="linear", symbol=symbol)["result"]["list"][0]
        return float(row["size"]), row["side"]
    except Exception:
        return {value}


def buy(symbol):
    session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty="1")


def amend(symbol):
    session.amend_order(category="linear", symbol=symbol, orderId="1", qty="1")


def trade(symbol, other):
"""


def follows(value: str, body: str) -> bool:
    """True if an order is seen to follow where `held()` gives a value after a failure."""
    code = GIVEN.replace("{value}", value) + "".join(f"    {line}\n" for line in body.splitlines())
    return any(isinstance(noun, EmptyRead) for noun in seen([Source("bot.py", code.encode())]))


ORDERED = [
    ("[]", "not held(symbol)"),
    ("[]", "held(symbol) == []"),
    ("[]", "len(held(symbol)) == 0"),
    ("[]", "len(held(symbol)) < 3"),
    ("[]", "symbol not in held(symbol)"),
    ("[]", "not any(row for row in held(symbol))"),
    ("[]", 'not [row["size"] for row in held(symbol)]'),
    ("[]", 'not {row["size"] for row in held(symbol)}'),
    ("[]", "symbol and not held(symbol)"),
    ("[]", "not (found := held(symbol))"),
    ("[]", "not not (not held(symbol))"),
    ("{}", "not held(symbol)"),
    ("list()", "not held(symbol)"),
    ("set()", "not held(symbol)"),
    ('""', "not held(symbol)"),
    ("False", "not held(symbol)"),
    ("0", "held(symbol) == 0"),
    ("0", "held(symbol) <= 0"),
    ("0", "held(symbol) >= 0"),
    ("0", "held(symbol) < 3"),
    ("0", "held(symbol) <= 3"),
    ("0", "0 == held(symbol)"),
    ("0", "0 >= held(symbol)"),
    ("0", "0 <= held(symbol)"),
    ("0", "3 > held(symbol)"),
    ("0", "3 >= held(symbol)"),
    ("0", "not abs(held(symbol))"),
    ("0.0", "held(symbol) == 0"),
    ("Decimal(0)", "held(symbol) == 0"),
    ("Decimal('0')", "held(symbol) == 0"),
    ("Decimal('0')", "held(symbol) >= Decimal(0)"),
    ("'flat'", "held(symbol) == 'flat'"),
    ("'flat'", "'flat' == held(symbol)"),
    ("'NONE'", "not held(symbol) != 'NONE'"),
    ("'flat'", "held(symbol) != 'Buy' and held(symbol) == 'flat'"),
    ("None", "not held(symbol)"),
    ("Decimal('0.00')", "not held(symbol)"),
    ("float('0')", "not held(symbol)"),
    ("None", "symbol and not held(symbol)"),
    ("None", "None == held(symbol) or not held(symbol)"),
]
LEFT_OUT = [
    ("[]", "held(symbol)"),
    ("[]", "held(symbol) != []"),
    ("int('0', 10)", "held(symbol) == 0"),
    ("[]", "not not held(symbol)"),
    ("[]", "held(symbol) is None"),
    ("[]", "len(held(symbol)) > 0"),
    ("[]", "symbol in held(symbol)"),
    ("[]", "held(symbol) in symbol"),
    ("[]", "not [row for row in symbol if held(symbol)]"),
    ("[]", "not [held(symbol) for row in symbol]"),
    ("[]", "not other(held(symbol))"),
    ("[]", "not other.len(held(symbol))"),
    ("[]", "not str(held(symbol))"),
    ("[3]", "not held(symbol)"),
    ("[other]", "not held(symbol)"),
    ("{1: 2}", "not held(symbol)"),
    ("dict(a=1)", "not held(symbol)"),
    ("other([])", "not held(symbol)"),
    ("Decimal(1)", "held(symbol) == 0"),
    ("1", "not held(symbol)"),
    ("'0'", "not held(symbol)"),
    ("'flat'", "not held(symbol)"),
    ("'flat'", "held(symbol)"),
    ("'flat'", "held(symbol) and symbol"),
    ("'flat'", "held(symbol) != 'flat'"),
    ("'flat'", "held(symbol) == 'Flat'"),
    ("'flat'", "held(symbol) == other"),
    ("'flat'", "held(symbol) is None"),
    ("'flat'", "held(symbol) not in symbol"),
    ("'flat'", "not len(held(symbol))"),
    ("'flat'", "held(symbol) < 'gone'"),
    ("'Buy'", "held(symbol) == 'Buy'"),
    ("[]", "held(symbol) == 'flat'"),
    ("0, None", "held(symbol)"),
    ("0, None", "held(symbol) == (0, None)"),
    ("Decimal('0')", "held(symbol) < Decimal(0)"),
    ("float('nan')", "held(symbol) == 0"),
    ("list('0')", "not held(symbol)"),
    ("Decimal('0.01')", "held(symbol) == 0"),
    ("0, None", "not held(symbol)"),
    ("[0]", "not held(symbol)"),
    ("0", "held(symbol) < -3"),
    ("0", "not held(symbol) > -3"),
    ("0", "held(symbol) != 0"),
    ("0", "held(symbol) > 0"),
    ("0", "held(symbol) < 0"),
    ("0", "held(symbol) > 3"),
    ("0", "held(symbol) >= 3"),
    ("0", "held(symbol) == 3"),
    ("0", "held(symbol) is None"),
    ("0", "0 < held(symbol)"),
    ("0", "0 > held(symbol)"),
    ("0", "3 < held(symbol)"),
    ("0", "0 < held(symbol) < 3"),
    ("0", "(not held(symbol)) == 0"),
    ("None", "held(symbol) is None"),
    ("None", "held(symbol) == None"),
    ("None", "len(held(symbol)) == 0"),
    ("None", "held(symbol) > 3"),
    ("None", "held(symbol) < 3"),
    ("None", "symbol not in held(symbol)"),
    ("None", "not [row for row in held(symbol)]"),
    ("None", "held(symbol)"),
]


@pytest.mark.parametrize(("value", "test"), ORDERED)
def test_an_order_follows_of_nothing(value: str, test: str) -> None:
    assert follows(value, f"if {test}:\n    buy(symbol)")
    assert not follows(value, f"if {test}:\n    amend(symbol)"), "an order that is there is changed"


@pytest.mark.parametrize(("value", "test"), LEFT_OUT)
def test_no_order_follows_of_nothing(value: str, test: str) -> None:
    assert not follows(value, f"if {test}:\n    buy(symbol)")


BODIES = {
    "a loop": ("[]", "while not held(symbol):\n    buy(symbol)"),
    "else": ("[]", "if held(symbol):\n    print(other)\nelse:\n    buy(symbol)"),
    "behind": ("[]", "if held(symbol):\n    return\nbuy(symbol)"),
    "a name": ("[]", "found = held(symbol)\nif not found:\n    buy(symbol)"),
    "a name with a type": ("[]", "found: list = held(symbol)\nif not found:\n    buy(symbol)"),
    "a second name": ("[]", "found = held(symbol)\nsame = found\nif not same:\n    buy(symbol)"),
    "its first part": ("0, None", "size, side = held(symbol)\nif size == 0:\n    buy(symbol)"),
    "its other part": ("0, None", "size, side = held(symbol)\nif not side:\n    buy(symbol)"),
    "an attribute": ("[]", "other.found = held(symbol)\nif not other.found:\n    buy(symbol)"),
    "the last of several tests": (
        "0",
        "size = held(symbol)\nif size > 0:\n    print(1)\nelif size < 0:\n    print(2)\nelse:\n    buy(symbol)",
    ),
    "the end of the handler": ("None", "found = held(symbol)\nif not found:\n    buy(symbol)"),
}
INNOCENT = {
    "a loop over them": ("[]", "for row in held(symbol):\n    buy(symbol)"),
    "a loop while there are any": ("[]", "while held(symbol):\n    buy(symbol)"),
    "behind a test that ends nothing": ("[]", "if held(symbol):\n    print(other)\nbuy(symbol)"),
    "another value": ("[]", "found = held(symbol)\nfound = [3]\nif not found:\n    buy(symbol)"),
    "what is never come to": (
        "[]",
        "if held(symbol):\n    return\nelse:\n    return\nbuy(symbol)",
    ),
    "another attribute": ("[]", "other.found = held(symbol)\nif not other.lost:\n    buy(symbol)"),
    "an attribute with another value": (
        "[]",
        "other.found = held(symbol)\nother.found = [3]\nif not other.found:\n    buy(symbol)",
    ),
    "more parts than it has": ("0, None", "size, side, third = held(symbol)\nif size == 0:\n    buy(symbol)"),
    "parts as one": ("0, None", "found = held(symbol)\nif found == 0:\n    buy(symbol)"),
    "a branch for something": (
        "0",
        "size = held(symbol)\nif size > 0:\n    print(1)\nelif size < 0:\n    buy(symbol)",
    ),
    "asked for none elsewhere": (
        "None",
        "found = held(symbol)\nif found is None:\n    return\nif not found:\n    buy(symbol)",
    ),
}


@pytest.mark.parametrize("how", BODIES)
def test_an_order_follows(how: str) -> None:
    assert follows(*BODIES[how])


@pytest.mark.parametrize("how", INNOCENT)
def test_no_order_follows(how: str) -> None:
    assert not follows(*INNOCENT[how])


@pytest.mark.parametrize(("count", "is_followed"), [(MAX_NAMES_OF_ONE, True), (MAX_NAMES_OF_ONE + 1, False)])
def test_as_many_names_are_followed(count: int, is_followed: bool) -> None:
    names = ["held(symbol)", *(f"name_{number}" for number in range(count))]
    body = [f"{name} = {value}" for value, name in itertools.pairwise(names)]
    assert follows("[]", "\n".join([*body, f"if not {names[-1]}:", "    buy(symbol)"])) is is_followed


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no groups of exceptions")
def test_a_group_of_exceptions_hides_no_handler_behind_it() -> None:
    body = "try:\n    other()\nexcept* OSError:\n    pass\nif not held(symbol):\n    buy(symbol)"
    code = f"try:\n    print()\nexcept* OSError:\n    pass\n{GIVEN.replace('{value}', '[]')}    if not held(symbol):\n"
    found = seen([Source("bot.py", f"{code}        buy(symbol)\n".encode())])
    assert any(isinstance(noun, EmptyRead) for noun in found)
    assert follows("[]", body)
