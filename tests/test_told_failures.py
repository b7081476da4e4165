"""Which loops place an order again after a failure that a function makes nothing of."""

from __future__ import annotations

import pytest
from seeing import seen

from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary import Resend

GIVEN = """\
import asyncio

from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
ORDER = {"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.01"}


"""
ENDS = {
    "None": "return None",
    "nothing": "return",
    "False": "return False",
    "an empty text": 'return ""',
    "the end": "print(error)",
}
"""How a function makes nothing of a failure."""
OTHER_ENDS = {
    "the answer that it was": "return error",
    "a text": 'return "failed"',
    "an exception": "raise",
    "one of two": "if other:\n            return 3\n        return None",
}
LOOPS = {
    "a test that returns": "while True:\n        if place(other):\n            return",
    "a test that breaks": "while True:\n        if place(other):\n            break",
    "the loop's own test": "while not place(other):\n        print('again')",
    "a name": "while True:\n        placed = place(other)\n        if placed:\n            return placed",
    "a name that is not None": (
        "while True:\n        placed = place(other)\n        if placed is not None:\n            break\n"
        "        print('again')"
    ),
    "going on": (
        "while True:\n        placed = place(other)\n        if not placed:\n            continue\n"
        "        return placed"
    ),
    "going on with None": (
        "while True:\n        placed = place(other)\n        if placed is None:\n            continue\n"
        "        return placed"
    ),
    "three rounds": "for number in range(3):\n        if place(other):\n            return",
}
OTHER_LOOPS = {
    "nothing": "place(other)",
    "a test alone": "if place(other):\n        return",
    "one of two tests": "while True:\n        if place(other) and other:\n            return",
    "a test with an else": (
        "while True:\n        if place(other):\n            return\n        else:\n            raise ValueError"
    ),
    "a test that does not leave": "while True:\n        if place(other):\n            print(other)",
    "a test for nothing": "while True:\n        if not place(other):\n            return",
    "a test of something else": (
        "while True:\n        placed = place(other)\n        if other:\n            return placed"
    ),
    "a name that leaves nothing": (
        "while True:\n        placed = place(other)\n        if placed:\n            print(placed)"
    ),
    "a name before the end": (
        "while True:\n        placed = place(other)\n        if placed:\n            return placed\n        break"
    ),
    "a name that is compared": (
        "while True:\n        placed = place(other)\n        if placed > 3:\n            return placed"
    ),
    "another name that is None": (
        "while True:\n        placed = place(other)\n        if other is None:\n            continue\n"
        "        return placed"
    ),
    "a name that is asked later": (
        "while True:\n        placed = place(other)\n        print(placed)\n        if placed:\n            return 3"
    ),
    "a name that is never asked": "while True:\n        placed = place(other)",
    "going on with something else": (
        "while True:\n        placed = place(other)\n        if not other:\n            continue\n        break"
    ),
    "going on without an end": (
        "while True:\n        placed = place(other)\n        if not placed:\n            continue\n"
        "        print(placed)"
    ),
    "no going on": (
        "while True:\n        placed = place(other)\n        if not placed:\n            print(placed)\n        break"
    ),
    "a look before": (
        "while True:\n        session.get_open_orders(category='linear', symbol='BTCUSDT')\n"
        "        if place(other):\n            return"
    ),
    "another order each round": "for each in other:\n        if place(each):\n            return",
    "a function inside": (
        "while True:\n        def inner():\n            if place(other):\n                return\n        inner()"
    ),
}


def is_sent_again(end: str, loop: str, given: str = "return session.place_order(**ORDER)") -> bool:
    placing = f"def place(other):\n    try:\n        {given}\n    except Exception as error:\n        {end}\n\n\n"
    return bool(resends(f"{GIVEN}{placing}def trade(other):\n    {loop}\n"))


def resends(code: str) -> list[Resend]:
    return [noun for noun in seen([Source("bot.py", code.encode())]) if isinstance(noun, Resend)]


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_asked_for_again(end: str) -> None:
    assert is_sent_again(ENDS[end], LOOPS["a name"])


@pytest.mark.parametrize("end", OTHER_ENDS)
def test_something_is_not(end: str) -> None:
    assert not is_sent_again(OTHER_ENDS[end], LOOPS["a name"])


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_goes_on_until_there_is_something(loop: str) -> None:
    assert is_sent_again("return None", LOOPS[loop])


@pytest.mark.parametrize("loop", LOOPS)
def test_a_coroutine_is_waited_for_in_the_same_loop(loop: str) -> None:
    code = f"{GIVEN}def place(other):\n    try:\n        return session.place_order(**ORDER)\n    except Exception:\n"
    code += f"        return None\n\n\ndef trade(other):\n    {LOOPS[loop]}\n"
    code = code.replace("def ", "async def ").replace("place(other)", "await place(other)").replace("def await", "def")
    code = code.replace("session.place_order(**ORDER)", "await asyncio.to_thread(session.place_order, **ORDER)")
    assert resends(code)


@pytest.mark.parametrize("loop", OTHER_LOOPS)
def test_a_loop_does_something_else(loop: str) -> None:
    assert not is_sent_again("return None", OTHER_LOOPS[loop])


@pytest.mark.parametrize(
    ("given", "is_again"),
    [
        ("return session.place_order(**ORDER)", True),
        ("session.place_order(**ORDER)\n        return True", True),
        ("session.place_order(**ORDER)\n        return None", False),
        ("session.place_order(**ORDER)\n        return", False),
        ("session.place_order(**ORDER)\n        return 0", False),
        ("session.place_order(**ORDER)", False),
    ],
)
def test_what_is_given_where_nothing_failed(given: str, is_again: bool) -> None:
    assert is_sent_again("return None", LOOPS["a name"], given) is is_again
