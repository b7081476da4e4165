"""The one line that `bybit-lint facts` has for each noun."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest
from fakes import nouns

from bybit_lint import vocabulary
from bybit_lint.report.facts import describe
from bybit_lint.vocabulary import (
    Account,
    AccountSetting,
    Argument,
    Blocking,
    Break,
    BrokenCall,
    BusyLoop,
    CandleUse,
    Clash,
    Credential,
    Dead,
    Defect,
    DeltaRead,
    DemoRequest,
    Dependency,
    Difference,
    Dispatch,
    EmptyRead,
    ErrorTest,
    FilterField,
    FirstPage,
    GuessedStep,
    Handler,
    ImpossibleCall,
    ImpossibleTest,
    Kind,
    Lack,
    Legacy,
    LegacyUse,
    LostEntry,
    MarketMistake,
    Misnamed,
    Misrounding,
    Missing,
    Mistake,
    Misuse,
    Misvalued,
    Mixture,
    Named,
    Network,
    Noun,
    OffGrid,
    Order,
    Origin,
    Payload,
    Pinning,
    Reading,
    Related,
    Request,
    Resend,
    Response,
    Retry,
    RetrySetting,
    Reuse,
    Rounding,
    Session,
    Setting,
    Signature,
    Socket,
    Span,
    Stream,
    Subscription,
    Swallow,
    TextNumber,
    Timestamp,
    Unacknowledged,
    Unchecked,
    UncheckedNone,
    UnindexedOrder,
    UnknownField,
    UnreadAnswer,
    UnreducedOrder,
    Unsigned,
    Value,
    WideRange,
    Window,
    WindowPlace,
)

HERE = Span("bot.py", 3, 1, 3, 9, 20, 28)
THERE = Span("lib/broker.py", 7, 1, 7, 9, 90, 98)


def argument(name: str, *kinds: Kind, constant: object = None) -> Argument:
    value = Value(HERE, tuple(Origin(kind, HERE) for kind in kinds), constant)
    return Argument(name, value, code=None, target=HERE)


def arguments(*given: Argument) -> dict[str, Argument]:
    return {each.name: each for each in given}


TESTNET_KEY = Named("BYBIT_TESTNET_KEY", Network.TESTNET, HERE)
IS_DEMO = Named("IS_DEMO", Network.DEMO, HERE)
QTY = argument("qty", Kind.PARAMETER, Kind.ARITHMETIC, Kind.ARITHMETIC)
SYMBOL = argument("symbol", Kind.CONSTANT, constant="BTCUSDT")

LINES: list[tuple[Noun, str]] = [
    (
        FilterField(HERE, "qtyStep", "it stops", "spot has none", Related(THERE, ""), {}),
        "filterfield qtyStep: spot has none",
    ),
    (OffGrid(HERE, "qty", False, Origin(Kind.ARITHMETIC, HERE), (), {}), "offgrid qty comes from float arithmetic"),
    (
        OffGrid(HERE, "qty", False, Origin(Kind.ARITHMETIC, HERE), (Related(THERE, "sent here"),), {}),
        "offgrid qty comes from float arithmetic sent here at lib/broker.py:7",
    ),
    (Rounding(HERE, Misrounding.QUANTIZE, "qty", (Related(THERE, ""),), {}), "rounding by quantize for qty"),
    (Session(HERE, "pybit", Network.DEMO), "session pybit demo"),
    (Session(HERE, "pybit", None, flag_named=IS_DEMO), "session pybit unknown network flag=IS_DEMO (demo)"),
    (
        Session(HERE, "pybit", Network.MAINNET, credentials=(TESTNET_KEY,)),
        "session pybit mainnet key=BYBIT_TESTNET_KEY (testnet)",
    ),
    (
        Order(HERE, "pybit", "/v5/order/create", arguments(SYMBOL, QTY)),
        "order /v5/order/create qty=float arithmetic|parameter symbol=constant",
    ),
    (
        Order(HERE, "pybit", "/v5/order/create", arguments(argument("qty")), is_closed=False),
        "order /v5/order/create qty=unknown ...",
    ),
    (
        Request(HERE, "rest", "/v5/market/time", sent=THERE),
        "request /v5/market/time sent at lib/broker.py:7",
    ),
    (Retry(HERE, HERE, "place_order()", "always 5 s", True), "retry place_order() always 5 s, synchronised"),
    (Retry(HERE, HERE, "get_tickers()", "2 **\n    n", False), "retry get_tickers() 2 ** n, perhaps spread"),
    (Retry(HERE, HERE, "get_tickers()", "none at all", False, is_hot=True), "retry get_tickers() none at all, hot"),
    (Socket(HERE, "websockets", True, protocol_ping=True), "socket websockets silent with protocol pings"),
    (Socket(HERE, "aiohttp", False), "socket aiohttp perhaps pinged"),
    (
        LegacyUse(HERE, Legacy.ENDPOINT, "/v5/x", "/v5/y", effect="it has none"),
        "legacyuse endpoint /v5/x now /v5/y",
    ),
    (
        LegacyUse(HERE, Legacy.CALL, "my_position", "get_positions", (("idx", "positionIdx"),), is_pinned=True),
        "legacyuse call my_position now get_positions idx=positionIdx pinned",
    ),
    (Dependency(HERE, "pybit"), "dependency pybit any"),
    (
        Dependency(HERE, "pybit", pinning=Pinning.LOCKED, defect=Defect("exchange", "it fails", "5.15.0")),
        "dependency pybit any by a tool broken: it fails",
    ),
    (Signature(HERE, THERE, True), "signature local"),
    (Signature(HERE, THERE, False), "signature perhaps corrected"),
    (Signature(HERE, THERE, True, is_login=True), "signature local for a login"),
    (ErrorTest(HERE, "code != 0", Dead.RAISED), "errortest code != 0 never, raised"),
    (ErrorTest(HERE, "code != 0", None), "errortest code != 0 perhaps"),
    (Reading(HERE, "ret_code", THERE, renamed="retCode"), "reading ret_code renamed: retCode"),
    (CandleUse(HERE, "[-1]", THERE, True), "candleuse [-1] newest first"),
    (CandleUse(HERE, "rolling()", THERE, False), "candleuse rolling() perhaps in order"),
    (Response(HERE, "requests", "/v5/order/create", True, True, False), "response /v5/order/create unchecked"),
    (
        Response(HERE, "pybit", "/v5/order/create-batch", True, False, True),
        "response /v5/order/create-batch perhaps checked failures unread",
    ),
    (Blocking(HERE, "time.sleep()", True), "blocking time.sleep()"),
    (Resend(HERE, "buy()", Related(THERE, "again"), is_anonymous=True), "resend buy() again, anonymous"),
    (Resend(HERE, "buy()", Related(THERE, "again"), is_renamed=True), "resend buy() again, renamed"),
    (Resend(HERE, "buy()", Related(THERE, "again")), "resend buy() again, perhaps known"),
    (Swallow(HERE, THERE, "buy()"), "swallow buy() passed over"),
    (Unsigned(HERE, Lack.HEADER, "X-BYBIT-SIGN"), "unsigned header X-BYBIT-SIGN"),
    (Unsigned(HERE, Lack.ARGUMENTS, "4"), "unsigned arguments 4"),
    (Unsigned(HERE, Lack.HASH, "sha256", is_login=True), "unsigned hash sha256"),
    (Swallow(HERE, THERE, "buy()", is_logged=True), "swallow buy() logged"),
    (
        RetrySetting(HERE, "max_retries", Misuse.NO_CODES),
        (
            "retrysetting max_retries: an empty retry_codes counts as none given, "
            "and the default codes are tried again; write max_retries=1"
        ),
    ),
    (DemoRequest(HERE, "/v5/account/fee-rate"), "demorequest /v5/account/fee-rate"),
    (WideRange(HERE, "/v5/execution/list", 8, 7), "widerange /v5/execution/list 8 of 7 days"),
    (BusyLoop(HERE, "get_tickers()"), "busyloop get_tickers() in each round"),
    (Clash(HERE, "pybit", "the file pybit.py"), "clash pybit by the file pybit.py"),
    (FirstPage(HERE, "/v5/position/list", 20, 200), "firstpage /v5/position/list 20 of 200 rows"),
    (
        UnknownField(HERE, "last", "/v5/market/tickers", HERE, "lastPrice"),
        "unknownfield last of /v5/market/tickers taken for lastPrice",
    ),
    (ImpossibleTest(HERE, "side", "'Long'", ("Buy", "Sell")), "impossibletest side is never 'Long'"),
    (EmptyRead(HERE, "get_positions", "[]", HERE, THERE), "emptyread get_positions() ends as []"),
    (GuessedStep(HERE, "0.1", ("qtyStep", "minOrderQty"), THERE), "guessedstep 0.1 for qtyStep and minOrderQty"),
    (
        UnreducedOrder(HERE, "place_order()", "reduceOnly=True", HERE, THERE),
        "unreducedorder place_order() without reduceOnly=True",
    ),
    (
        UnreducedOrder(HERE, "order()", "reduceOnly=True", HERE, THERE, told="reduce_only"),
        "unreducedorder order() without reduceOnly=True told by reduce_only",
    ),
    (UncheckedNone(HERE, "rows", "None", THERE, "TypeError"), "uncheckednone rows() raises TypeError"),
    (
        ImpossibleTest(HERE, "side", "'buy'", ("long", "short"), is_looked_up=True),
        "impossibletest side is never 'buy' among keys",
    ),
    (TextNumber(HERE, "size", "size > 0", "TypeError"), "textnumber size > 0 raises TypeError"),
    (Unacknowledged(HERE, "fetch_order()"), "unacknowledged fetch_order()"),
    (LostEntry(HERE), "lostentry in a dict of a caller"),
    (MarketMistake(HERE, "BTC/USDT", Mistake.SPOT, "create_order()"), "marketmistake spot BTC/USDT create_order()"),
    (Account(HERE, "hedge", "switched to"), "account hedge switched to"),
    (UnindexedOrder(HERE, "place_order()", None), "unindexedorder place_order() said by the config"),
    (AccountSetting(HERE, "set_leverage()", 110043), "accountsetting set_leverage() 110043"),
    (
        AccountSetting(HERE, "set_trading_stop()", 34040, when="in its next round"),
        "accountsetting set_trading_stop() 34040 in its next round",
    ),
    (Blocking(HERE, "positions()", False, THERE), "blocking positions() waits at lib/broker.py:7"),
    (Credential(HERE, "BYBIT_API_KEY", HERE), "credential for BYBIT_API_KEY"),
    (Credential(HERE, "", HERE), "credential one of several"),
    (Socket(HERE, "aiohttp", False, is_lost_for_good=True), "socket aiohttp perhaps pinged lost for good"),
    (Stream(HERE, "pybit", (Setting("retries", HERE, "dead"),)), "stream pybit harmed by retries"),
    (Subscription(HERE, "pybit", "kline.5"), "subscription kline.5"),
    (Subscription(HERE, "pybit", "kline.2", "no", is_abandoned=True), "subscription kline.2 refused abandoned"),
    (Handler(HERE, "on_price", fails=Related(THERE, "")), "handler on_price may fail at line 7"),
    (Handler(HERE, "on_close", given=("ws", "code"), misfit=Related(THERE, "")), "handler on_close takes no ws, code"),
    (
        Handler(HERE, "on_candle", trades=Related(THERE, ""), takes_open_candles=True, is_coroutine=True),
        "handler on_candle is a coroutine trades at line 7 on open candles",
    ),
    (
        DeltaRead(HERE, "markPrice", "websockets", Related(THERE, "")),
        "deltaread markPrice raises where it has not changed",
    ),
    (
        DeltaRead(HERE, "markPrice", "websockets", Related(THERE, ""), "0"),
        "deltaread markPrice is 0 where it has not changed",
    ),
    (
        DeltaRead(HERE, "b[0]", "websockets", Related(THERE, ""), is_first=True),
        "deltaread b[0] of what has changed",
    ),
    (
        DeltaRead(HERE, "b[0]", "pybit", Related(THERE, ""), is_first=True, is_merged=True),
        "deltaread b[0] of an unsorted book",
    ),
    (UnreadAnswer(HERE, "auth"), "unreadanswer auth passed over"),
    (UnreadAnswer(HERE, "subscribe", is_thrown_away=True), "unreadanswer subscribe thrown away"),
    (
        ImpossibleCall(HERE, "close()", "takes no symbol", "TypeError", Related(THERE, "")),
        "impossiblecall close() takes no symbol",
    ),
    (Dispatch(HERE, "pybit", "place_order", True), "dispatch place_order loses its error"),
    (Dispatch(HERE, "pybit", "place_order", False), "dispatch place_order perhaps hears of its error"),
    (Misnamed(HERE, "/v5/order/create", "reduce_only", "reduceOnly"), "misnamed reduce_only (reduceOnly)"),
    (Misnamed(HERE, "/v5/order/create", "leverage"), "misnamed leverage (unknown)"),
    (Misvalued(HERE, "/v5/order/create", "side", "buy", right='"Buy"'), 'misvalued side ("Buy")'),
    (Misvalued(HERE, "/v5/order/create", "symbol", "BTCUSD", category="inverse"), "misvalued symbol (inverse)"),
    (Misvalued(HERE, "/v5/order/create", "side", "long"), "misvalued side"),
    (Misvalued(HERE, "/v5/market/kline", "limit", "1500", most=1000), "misvalued limit over 1000"),
    (
        Misvalued(HERE, "/v5/position/trading-stop", "tpSize", "25", against="slSize=50"),
        "misvalued tpSize beside slSize=50",
    ),
    (Missing(HERE, "/v5/order/create", ("qty", "side")), "missing qty side"),
    (
        Missing(HERE, "/v5/order/cancel", ("symbol",), otherwise="stops with an ArgumentsRequired", who="ccxt"),
        "missing symbol refused by ccxt",
    ),
    (
        Missing(HERE, "/v5/position/list", ("symbol", "settleCoin"), "category=linear", is_choice=True),
        "missing symbol|settleCoin with category=linear",
    ),
    (
        BrokenCall(HERE, "pybit", "get_position", Break.UNKNOWN, "get_positions"),
        "brokencall pybit get_position (get_positions) unknown",
    ),
    (Mixture(HERE, Network.TESTNET, THERE, Network.MAINNET, False), "mixture prices testnet, orders mainnet"),
    (
        Mixture(HERE, Network.MAINNET, THERE, Network.TESTNET, True, "LIVE"),
        "mixture private mainnet, orders testnet without LIVE",
    ),
    (Payload(HERE, THERE), "payload perhaps sent as it is signed"),
    (Payload(HERE, THERE, Difference.WINDOW), "payload another recv_window is signed than sent"),
    (Unchecked(HERE, "this request"), "unchecked this request"),
    (Unchecked(HERE, "", is_warning=True), "unchecked unheard"),
    (Unchecked(HERE, "what follows a failure", is_fallback=True), "unchecked what follows a failure"),
    (Timestamp(HERE, THERE, "start", "seconds"), "timestamp start in seconds"),
    (
        Timestamp(HERE, THERE, "timestamp", is_naive=True, reuse=Reuse.LITERAL),
        "timestamp timestamp in milliseconds, perhaps of another zone reused: is written in the source",
    ),
    (Window(HERE, WindowPlace.HEADER, 5000), "window 5000 ms for Bybit, in a header"),
    (Window(HERE, WindowPlace.PARAMETERS, 5000), "window 5000 ms for Bybit, among the parameters"),
    (
        Window(HERE, WindowPlace.CLIENT, is_text=True),
        "window of unknown length as text for a client that counts with it",
    ),
]


@pytest.mark.parametrize(("noun", "line"), LINES, ids=[line for _, line in LINES])
def test_a_noun_is_described_in_one_line(noun: Noun, line: str) -> None:
    assert describe(noun) == line


def test_every_noun_has_words_and_a_line_here() -> None:
    for module in pkgutil.iter_modules(vocabulary.__path__, "bybit_lint.vocabulary."):
        import_module(module.name)
    missing = [noun.__name__ for noun in set(nouns()) - {type(noun) for noun, _ in LINES}]
    assert not missing, f"write words() for {missing}, and an example into LINES"


def test_the_vocabulary_names_every_noun() -> None:
    for noun in nouns():
        assert getattr(vocabulary, noun.__name__, None) is noun, f"import {noun} in vocabulary/trading.py"


def test_a_noun_without_words_is_named() -> None:
    with pytest.raises(NotImplementedError, match="Noun has no words"):
        describe(Noun(HERE))


def test_a_value_is_never_shown() -> None:
    secret = argument("apiSecret", Kind.CONSTANT, constant="dGhpcyBpcyBhIHNlY3JldA")
    assert describe(Order(HERE, "rest", "/v5/order/create", arguments(secret))).endswith("apiSecret=constant")
