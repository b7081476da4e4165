"""Proofs of rules/migration/."""

from __future__ import annotations

from exchange import Conditions

from proofs.proof import Proof, cannot
from proofs.verdicts import Verdict, answered, ends, goes_on, granted, prints, raises

GONE = raises("ImportError")
TODAY = "the client of today"

LEGACY_IMPORT = (
    Proof("from the package itself", "bot", bad=GONE, good=TODAY, fixed=ends),
    Proof("from the module of a market", "bot", bad=GONE, good=TODAY, fixed=ends),
    Proof("what was packed up for a while, and previews", "bot", bad=GONE, good=TODAY, fixed=ends),
    Proof("a client that is pinned to its old version", "bot", bad=GONE, good=TODAY, fixed=ends),
)

SAME_WORDS = "BYB601 the client of today"

LEGACY_CALL = (
    Proof("a session of the old client", "bot", bad=GONE, good=SAME_WORDS, fixed=ends),
    Proof("streams", "bot", bad=GONE, good=SAME_WORDS, fixed=ends),
    Proof("a class of the bot, and a call in another file", "bot", bad=GONE, good=SAME_WORDS, fixed=ends),
)

ungranted = Verdict(
    "nothing is granted",
    lambda run: bool(run.answers) and all(answer.ret_code != 0 for answer in run.answers),
)
TIME = "/v5/market/time"

LEGACY_ENDPOINT = (
    Proof(
        "requests: host and path in one text",
        "bot",
        either=("older_paths",),
        bad=ungranted,
        good="paths of V5",
        fixed=granted(TIME),
    ),
    Proof(
        "requests: a path beside the host of a chat",
        "bot.candles('BTCUSDT')",
        either=("older_paths",),
        bad=ungranted,
        good="paths of V5",
        instead="bot",
        fixed=granted(TIME),
    ),
    Proof(
        "httpx: the path behind a host from elsewhere",
        "bot.candles('BTCUSDT')",
        either=("older_paths",),
        bad=ungranted,
        good="paths of V5",
        instead="bot",
        fixed=granted(TIME),
    ),
    Proof(
        "aiohttp: a path that is handed to the bot's own function",
        "await bot.balance()",
        either=("older_paths",),
        bad=ungranted,
        good="paths of V5",
        instead="bot",
        fixed=granted(TIME),
    ),
    Proof(
        "requests: a path that is put together of pieces",
        "bot.candles('BTCUSDT')",
        either=("older_paths",),
        bad=ungranted,
        good="paths of V5",
        instead="bot",
        fixed=granted(TIME),
    ),
    Proof(
        "pybit and ccxt: what Bybit has given up of V5",
        "bot.isolate('BTCUSDT', '5')",
        bad=answered(100028, "/v5/position/switch-isolated") & raises("InvalidRequestError", 100028),
        good="the margin mode of the account, and an inverse contract's of an account that was never upgraded",
        instead="bot.isolate()",
        fixed=granted("/v5/account/set-margin-mode"),
    ),
    Proof(
        "websocket-client: a stream",
        "",
        given=Conditions(scale=40),
        seconds=40,
        bad=Verdict("it hears nothing", lambda run: not any(socket.pushed for socket in run.sockets)) & goes_on,
        good="paths of V5",
        instead="bot",
        fixed=granted(TIME) & ends,
    ),
)

AS_WRITTEN = "what is called as it is written"
never_asked = Verdict("Bybit is never asked for it", lambda run: not run.answers)
stop_is_asked_for = Verdict(
    "the stop is asked for", lambda run: any(answer.path == "/v5/position/trading-stop" for answer in run.answers)
)

IMPOSSIBLE_CALL = (
    Proof(
        "pybit: a keyword that the bot's own function does not take",
        "exits.protect('BTCUSDT', '50000')",
        bad=never_asked & prints("no stop: Desk.place_stop() got an unexpected keyword"),
        good=AS_WRITTEN,
        instead="exits.protect('BTCUSDT', '50000')",
        fixed=stop_is_asked_for,
    ),
    Proof(
        "ccxt: a method that its class has no more",
        "bot.spread('BTC/USDT:USDT', 'ETH/USDT:USDT')",
        bad=raises("AttributeError", text="last_price"),
        good=AS_WRITTEN,
        instead="exits.protect('BTCUSDT', '50000')",
        fixed=stop_is_asked_for,
    ),
    Proof(
        "requests: an argument too few, in a coroutine",
        "bot",
        bad=never_asked & raises("TypeError", text="query"),
        good=AS_WRITTEN,
        instead="exits.protect('BTCUSDT', '50000')",
        fixed=stop_is_asked_for,
    ),
)

PROOFS = {"BYB601": LEGACY_IMPORT, "BYB602": LEGACY_CALL, "BYB603": LEGACY_ENDPOINT, "BYB605": IMPOSSIBLE_CALL}
UNPROVEN = {
    **cannot(
        "names a stream and does not open it",
        "BYB603",
        "websockets: a stream whose path the table does not list",
    ),
}
