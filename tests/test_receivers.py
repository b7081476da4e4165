"""A heartbeat is safe for every bot: the fix of BYB501 leaves alive who would die of a pong, with each library."""

from __future__ import annotations

import pytest
from exchange import Conditions
from proofs.bench import Bench, Job, Run
from proofs.receivers import DIE_OF_A_PONG, LIBRARIES, WAYS
from proofs.verdicts import account

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source

RULES = [rule for rule in checks.load() if rule.code == "BYB501"]
SCALED = Conditions(scale=4)  # twelve sockets at once are not opened faster
LONG = 120  # seconds by a bot's clock, of which it needs 15
QUICKLY = "bybit_lint.shim._PING_EVERY = 4; "


def fixed(text: str) -> str:
    """What the safe fixes make of a bot in which every socket is found to be silent."""
    source = Source("bot.py", text.encode())
    found = engine.check([source], RULES).findings
    assert [finding.fix and finding.fix.is_safe for finding in found] == [True] * len(WAYS)
    outcome = engine.fix([source], RULES)
    assert not outcome.problems
    return outcome.sources[0].data.decode()


def run(bench: Bench, library: str, before: str = "") -> Run:
    driver = "await bot.run()" if "async def run" in LIBRARIES[library].run else "bot.run()"
    return bench.run(Job({"bot.py": fixed(LIBRARIES[library].bot())}, QUICKLY + before + driver, LONG), SCALED)


@pytest.mark.sockets
@pytest.mark.parametrize("library", LIBRARIES, ids=lambda name: f"BYB501 {name}")
def test_no_receiver_dies_of_a_heartbeat(bench: Bench, library: str) -> None:
    """Each has one socket for all its life, is pinged at least twice and hears something afterwards."""
    shown = run(bench, library)
    assert shown.value == [], account(shown)
    assert sorted(int(socket.query) for socket in shown.sockets) == list(range(len(WAYS))), account(shown)
    assert all(len(socket.pings) > 1 for socket in shown.sockets), account(shown)


@pytest.mark.sockets
def test_a_pong_that_reaches_them_is_the_end_of_seven(bench: Bench) -> None:
    shown = run(bench, "websockets", "bybit_lint.shim._may_be_ours = lambda message: False; ")
    assert shown.value == DIE_OF_A_PONG, account(shown)


RECEIVER = """
import websockets
from settings import *


async def run():
    async with websockets.connect("wss://stream.bybit.com/v5/public/spot") as ws:
        async for text in ws:
            print(text)
"""


@pytest.mark.parametrize(
    ("own", "is_safe"),
    [
        ("class Own(websockets.ClientConnection): ...", True),
        ("OPTIONS = dict(create_connection=Own)", False),
        ('OPTIONS = {"create_connection": Own}', False),
        ("ws = websocket.create_connection(url, class_=Own)", False),
        ("ws = websocket.create_connection(url)", True),
        ("session = aiohttp.ClientSession(ws_response_class=Own)", False),
        ("parts = [part for part in ws.recv_streaming()]", False),
        ("frame = ws.recv_frame()", False),
        ("kind, frame = ws.recv_data_frame()", True),
    ],
)
@pytest.mark.parametrize("is_here", [True, False])
def test_a_heartbeat_is_unsafe_where_a_bot_has_a_way_of_its_own_to_receive(
    own: str, is_safe: bool, is_here: bool
) -> None:
    texts = (RECEIVER + own, "") if is_here else (RECEIVER, own)
    sources = [Source(name, text.encode()) for name, text in zip(("bot.py", "settings.py"), texts, strict=True)]
    (found,) = engine.check(sources, RULES).findings
    assert found.fix
    assert found.fix.is_safe is is_safe
