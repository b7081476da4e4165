"""The work grows with what a bot says, and not with its square: counted are calls of Python's functions.

They do not depend on the machine, as seconds would.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.index import ModuleIndex

HEAD = "from pybit.unified_trading import HTTP\nsession = HTTP(api_key=key, api_secret=secret)\n"


def test_what_reaches_a_branch_is_worked_out_once_for_all_that_stands_behind_it() -> None:
    few, more = _asked_of_branches(40), _asked_of_branches(160)
    assert more <= 4.5 * few


def _asked_of_branches(count: int) -> int:
    """How many calls it takes to ask what reaches each use of a name that branch after branch may bind anew."""
    branch = "    if asked == {0}:\n        if more:\n            answer = ask({0})\n        show(answer)\n"
    tree = ast.parse("def run(asked):\n" + "".join(branch.format(number) for number in range(count)))
    names = ModuleIndex(tree)
    function = tree.body[0]
    uses = names.loads(function, "answer")
    assert len(uses) == count
    with counted() as calls:
        for use in uses:
            reaching.reaching(names, names.scope(use), "answer", use)
    return len(calls)


def test_what_names_are_taken_for_is_not_asked_anew_for_each_caller() -> None:
    _check_strangers(2)  # what is made once a process is made
    few, more = _check_strangers(20), _check_strangers(40)
    assert more - few <= 20 * 6_000


def _check_strangers(count: int) -> int:
    """How many calls it takes to check the callers of a wrapper whose order has forty names that are not Bybit's."""
    names = ", ".join(f"strange_name_{number}=None" for number in range(40))
    wrapper = f"def place(qty):\n    session.place_order(category='linear', symbol='BTCUSDT', qty=qty, {names})\n"
    code = HEAD + wrapper + "".join(f"place('{number + 1}')\n" for number in range(count))
    source, rules = Source("bot.py", code.encode()), checks.load()
    with counted() as calls:
        engine.check([source], rules)
    return len(calls)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The names of Python's functions that are called while it is open."""
    called: list[str] = []

    def take(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            called.append(frame.f_code.co_name)

    usual = sys.getprofile()
    sys.setprofile(take)
    try:
        yield called
    finally:
        sys.setprofile(usual)
