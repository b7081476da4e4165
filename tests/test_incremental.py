"""Whatever is edited in a bot, the same is found cold, from the cache, by several processes, and in an editor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.commands.lsp.projects import Projects
from bybit_lint.judging import processes
from bybit_lint.judging.cache import Cache
from bybit_lint.vocabulary import Finding

CLIENT = "from pybit.unified_trading import HTTP\nsession = HTTP(testnet={testnet}, api_key=KEY, api_secret=SECRET)\n"
SIZES = """SIDE = {side}
DIGITS = {digits}
def {size}(money, price, share={share}):
    return {given}
"""
DESK = """from client import session
{imports}
class Desk:
    side = {side}
    def enter(self, qty, price=None):
        session.place_order(category="linear", symbol="BTCUSDT", side=self.side, orderType="Market", qty=qty)
    def size(self, money, price):
        return {sized}
"""
CALLER = "from desk import Desk\ndesk = Desk()\ndef go(money, price):\n    desk.enter({qty})\n"
FLOOR = """from rooms import session
from client import {read}
def {sell}(qty):
    session.place_order(category="linear", symbol="BTCUSDT", side="Sell", orderType="Market", qty=qty)
def last():
    return float({read}("BTCUSDT")["lastPrice"])
def idle(minutes):
    return {idle}
"""
READ = """def {read}(symbol):
    try:
        return session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]
    except Exception as error:
        print(error)
        {failed}
"""
OTHER = "from sizes import *\nfrom desk import Desk\ndef more(money, price):\n    Desk().enter({qty})\n"


def sizes(side: str = "'Buy'", digits: int = 3, size: str = "size", share: str = "1", given: str = "'1'") -> str:
    return SIZES.format(side=side, digits=digits, size=size, share=share, given=given)


def desk(imports: str = "", side: str = "'Buy'", sized: str = "'1'") -> str:
    return DESK.format(imports=imports, side=side, sized=sized)


VERSIONS: Mapping[str, Sequence[str | None]] = {
    "client.py": [
        CLIENT.format(testnet=True),
        CLIENT.format(testnet=False),
        CLIENT.format(testnet=True) + READ.format(read="ticker", failed="return None"),
        CLIENT.format(testnet=True) + READ.format(read="ticker", failed="raise"),
        "session = None\n",
    ],
    "sizes.py": [
        sizes(),
        sizes(side="'buy'"),
        sizes(size="lots"),
        sizes(share="0.1", given="money * share / price"),
        sizes(digits=2, given="round(money / price, DIGITS)"),
    ],
    "desk.py": [
        desk(),
        desk(side="'buy'"),
        desk("import sizes", sized="sizes.size(money, price)"),
        desk("from sizes import *", side="SIDE", sized="size(money, price, 0.5)"),
        desk("from sizes import SIDE as side", side="side"),
        desk().replace("    side = 'Buy'\n", "    def __init__(self, side='buy'):\n        self.side = side\n"),
    ],
    "caller.py": [
        CALLER.format(qty="desk.size(money, price)"),
        CALLER.format(qty="money / price"),
        "from rooms.floor import sell\ndef go(money, price):\n    sell(money / price)\n",
        "import desk\n",
    ],
    "rooms/__init__.py": ["from client import session\n", "from client import *\n", "session = None\n", None],
    "rooms/floor.py": [
        None,
        FLOOR.format(read="ticker", sell="sell", idle="minutes * 60"),
        FLOOR.format(read="ticker", sell="sell", idle="minutes * 60  # in seconds"),
        FLOOR.format(read="ticker", sell="sold", idle="60"),
    ],
    "other.py": [
        None,
        OTHER.format(qty="SIDE"),
        OTHER.format(qty="size(money, price)"),
        OTHER.format(qty="money / price"),
        "print(\n",
    ],
    "apart.py": [CLIENT.format(testnet=True), CLIENT.format(testnet=True) + "session.place_order(qty=1 / 3)\n"],
}
EDITS = st.lists(
    st.sampled_from([(name, version) for name, versions in VERSIONS.items() for version in versions]),
    min_size=1,
    max_size=4,
)
FIRST = {name: versions[0] for name, versions in VERSIONS.items()}


def told(findings: Sequence[Finding]) -> list[str]:
    return [f"{f.span} {f.code} {f.message} {f.related} {f.not_fixed}" for f in findings]


def checked(state: Mapping[str, str | None], jobs: int, cache: Cache | None) -> list[str]:
    sources = [Source(name, text.encode()) for name, text in state.items() if text is not None]
    return told(engine.check(sources, checks.load(), jobs=jobs, cache=cache).findings)


def in_editor(projects: Projects, state: Mapping[str, str | None], opened: str) -> list[str]:
    """What an editor shows in the working directory, once the files in it are these and one of them is open.

    What it shows of that one before all others are judged is part of it.
    """
    for name, text in state.items():
        if text is None:
            Path(name).unlink(missing_ok=True)
        else:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text)
    early: list[str] = []
    unsaved = state[opened]
    texts = {} if unsaved is None else {os.path.realpath(opened): unsaved.encode()}
    found = projects.run(
        [os.path.realpath(".")], texts, lambda: None, lambda checked, _: early.extend(told(checked.findings))
    )
    whole = told(engine.in_order(finding for one in found.files.values() for finding in one.findings))
    assert set(early) <= set(whole), "early"
    return whole


def compare(edits: Sequence[tuple[str, str | None]]) -> list[list[str]]:
    """What is found after each edit, once it is certain that it is the same in all ways."""
    projects, state = Projects(), dict(FIRST)
    found: list[list[str]] = []
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        bot = Path(folder, "bot")
        bot.mkdir()
        patch.chdir(bot)
        patch.setattr(import_module("bybit_lint.judging.parts"), "BATCH", 1)  # each part is worth a process
        for name, version in [*edits, *FIRST.items()][: len(edits) + 1]:  # at last something is as it was
            state[name] = version
            cold = checked(state, 0, None)
            cache = Cache(os.path.join(folder, "cache"))
            assert checked(state, 1, cache) == cold, "with a cache of what was before"
            assert checked(state, 1, cache) == cold, "from the cache"
            assert in_editor(projects, state, name) == cold, "in an editor"
            found.append(cold)
        if processes.can_fork():
            assert checked(state, 2, None) == found[-1], "by two processes"
    return found


@settings(max_examples=12)
@given(EDITS)
def test_any_edits_of_a_bot_leave_the_findings_what_they_are_in_one_cold_run(
    edits: Sequence[tuple[str, str | None]],
) -> None:
    compare(edits)


@pytest.mark.parametrize(
    ("edits", "at"),
    [
        ([("caller.py", CALLER.format(qty="money / price"))], "caller.py:4"),
        ([("other.py", OTHER.format(qty="money / price"))], "other.py:4"),
        ([("desk.py", desk("from sizes import *", side="SIDE")), ("sizes.py", sizes(side="'buy'"))], "sizes.py:1"),
        (
            [
                ("desk.py", desk("import sizes", sized="sizes.size(money, price)")),
                ("sizes.py", VERSIONS["sizes.py"][3]),
            ],
            "caller.py:4",
        ),
        ([("desk.py", desk(side="'buy'"))], "desk.py:4"),
        ([("desk.py", VERSIONS["desk.py"][5])], "desk.py:4"),
        ([("rooms/floor.py", VERSIONS["rooms/floor.py"][1]), ("caller.py", VERSIONS["caller.py"][2])], "caller.py:3"),
        (
            [("rooms/floor.py", VERSIONS["rooms/floor.py"][1]), ("client.py", VERSIONS["client.py"][2])],
            "rooms/floor.py:6",
        ),
    ],
    ids=["argument", "new caller", "constant", "default", "attribute", "constructor", "re-export", "failed read"],
)
def test_an_edit_is_seen_where_it_matters(edits: Sequence[tuple[str, str | None]], at: str) -> None:
    """Without this, a bot in which nothing is ever found would do for the comparison."""
    *_, last = compare(edits)[: len(edits)]
    path, _, line = at.partition(":")
    before = set(checked(FIRST, 0, None))
    fresh = [one for one in last if one not in before]
    assert any(one.startswith(f"Span(path='{path}', line={line},") for one in fresh), fresh
