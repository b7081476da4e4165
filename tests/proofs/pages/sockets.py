"""Proofs of rules/sockets/."""

from __future__ import annotations

from exchange import Conditions, Sockets

from proofs.proof import Proof
from proofs.verdicts import cut_off, kept_open

# Bybit's ten minutes are 45 seconds here, more than twice as long as between two pings, and nothing happens.
QUIET = Conditions(scale=40, sockets=Sockets(idle=45, tick=1000))


def unpinged(case: str, driver: str, *, depends: str = "", good: str = "", instead: str = "") -> Proof:
    """A socket on which nothing happens; whether the protocol's own pings count is not known."""
    either = () if depends else ("protocol_ping",)
    return Proof(
        case,
        driver,
        given=QUIET,
        seconds=65,
        depends=depends,
        either=either,
        bad=cut_off,
        fixed=kept_open,
        good=good,
        instead=instead,
    )


SOCKET_WITHOUT_PING = (
    unpinged("websockets: a stream in a block", "await bot.trades()", depends="protocol_ping"),
    unpinged(
        "websockets: a private stream kept in an attribute",
        "stream = bot.Stream(); await stream.start(); await stream.run(print)",
        depends="protocol_ping",
    ),
    unpinged("websockets: protocol pings sent by hand", "await bot.watch('BTCUSDT')", depends="protocol_ping"),
    unpinged("websocket-client: an app run for ever", "", depends="protocol_ping"),
    unpinged(
        "websocket-client: an app of a class, over several lines",
        "bot.Private(print).start(); time.sleep(100)",
    ),
    unpinged("websockets: a thread's socket", "bot.trades()", depends="protocol_ping"),
    unpinged("websocket-client: an open connection", "bot.tickers()"),
    unpinged(
        "websocket-client: a socket that is connected later",
        "bot.tickers()",
        good="kept open by a thread",
        instead="import runpy; runpy.run_path('bot.py', run_name='__main__')",
    ),
    unpinged("aiohttp: a stream in a block", "await bot.tickers()", depends="protocol_ping"),
    unpinged(
        "aiohttp: a socket in a variable",
        "async with aiohttp.ClientSession() as session: await bot.orders(session)",
    ),
)

PROOFS = {"BYB501": SOCKET_WITHOUT_PING}
UNPROVEN = {
    "BYB502": "not proven yet",
    "BYB503": "not proven yet",
    "BYB504": "not proven yet",
    "BYB505": "not proven yet",
    "BYB506": "not proven yet",
    "BYB507": "not proven yet",
    "BYB508": "not proven yet",
}
