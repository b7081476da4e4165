"""ccxt: `ccxt.bybit`, its asynchronous twin, and `ccxt.pro.bybit`.

ccxt has words of its own (`amount`, `buy`, `BTC/USDT:USDT`) and turns them into Bybit's. What goes through its unified
methods it fits to the instrument by itself; what goes straight to an endpoint (`private_post_v5_order_create`) is sent
as it stands (https://github.com/ccxt/ccxt/blob/v4.5.90/python/ccxt/bybit.py). It signs and pings by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, partial

from bybit_lint import knowledge
from bybit_lint.clients import ArgumentView, CallView, ccxt_words, entries_of, sent, windows
from bybit_lint.clients.arguments import is_query, is_slip, misnamed, says_nothing, taken_for
from bybit_lint.clients.setup import is_set, text_flags
from bybit_lint.knowledge import accounts, dialects, legacy, streams
from bybit_lint.knowledge import parameters as tables
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import (
    CCXTS,
    Argument,
    Break,
    BrokenCall,
    Fix,
    Kind,
    Lazy,
    Legacy,
    LegacyUse,
    MarketMistake,
    Misrounding,
    Missing,
    Mistake,
    Named,
    Network,
    Noun,
    Order,
    Origin,
    Rename,
    Replace,
    Request,
    Rewrite,
    Session,
    Span,
    Subscription,
    Value,
    Verb,
)

LIBRARY = "ccxt"
NUMBERS_SINCE = "4.5.65"
"""The version from which on numbers in answers are numbers; before, they are texts, unless orjson is installed.

It is `on_json_response()` that makes them so (https://github.com/ccxt/ccxt/blob/v4.5.64/python/ccxt/base/exchange.py).
"""
ENDPOINTS_SINCE = "2.9.4"
"""A version that has V5's endpoints by their own names; 2.7.80 has none of them.

https://github.com/ccxt/ccxt/blob/2.9.4/python/ccxt/bybit.py
"""
CLASSES = {
    f"{module}.bybit{inner}"
    for module in ("ccxt", "ccxt.async_support", "ccxt.pro", "ccxtpro")
    for inner in ("", ".bybit")
}
SPELLINGS = {"ohlcv": "OHLCV", "adl": "ADL"}
"""Words that are no capitalised words in camelCase: fetchOHLCV."""
ROOTS: tuple[str, ...] = ("ccxt",)
CURRENT = "v5"
VERSION = regex(r"v\d", re.IGNORECASE)
IMPLICIT = regex(r"(?=\w+\Z)((?:v2)?(?:public|private)[a-z]*?)(?:get|post|put|delete)(\w+)")
WATCHES = "watch"
"""How the methods of `ccxt.pro` begin that wait for a stream's next message, and open the stream if there is none."""
BOOKS = {f"{WATCHES}{book}" for book in ("_order_book", "OrderBook", "_order_book_for_symbols", "OrderBookForSymbols")}
"""Those whose second argument is the depth of an order book."""
PREFIXES: tuple[str, ...] = ("public", "private", "v2_p", "v2P", WATCHES)
LEGS = {"create_orders": "create_order", "edit_orders": "edit_order"}
FITTED = {"qty", "price", "triggerPrice", "takeProfit", "stopLoss", "activePrice"}
"""What ccxt rounds to the instrument's step or tick."""
WORKED_OUT = ("category", "marketUnit", "side", "orderType")
"""What ccxt finds out from the market and from the method's name."""
SAID = {"buy": "side", "sell": "side", "market": "orderType", "limit": "orderType"}
"""What the words in a method's name decide: `create_market_buy_order`."""
FORMER = regex(r"[A-Z]+/USD")
"""An inverse contract as ccxt called it before V5; since then it is `BTC/USD:BTC`."""
FORMS = (
    (regex(r"[A-Z0-9]+/[A-Z0-9]+"), "spot"),
    (regex(r"[A-Z0-9]+/USD[TC]:USD[TC](?:-\d{6})?"), "linear"),
    (regex(r"([A-Z0-9]+)/USD:\1(?:-\d{6})?"), "inverse"),
    (regex(r"[A-Z0-9]+/USD[TC]:USD[TC]-\d{6}-\d+-[CP]"), "option"),
)
"""How ccxt writes the symbols of each category's markets (https://docs.ccxt.com/#/README?id=symbols-and-market-ids)."""
TYPES = {"spot": "spot", "swap": "linear", "future": "linear", "linear": "linear", "option": "option"}
"""What `defaultType` says of the markets that a bot mostly trades."""
OPTIONS = {
    "clientOrderId": "orderLinkId",
    "stopPrice": "triggerPrice",
    "stopLossPrice": "triggerPrice",
    "takeProfitPrice": "triggerPrice",
    "trailingAmount": "trailingStop",
    "trailingTriggerPrice": "activePrice",
}
"""Entries of `params` that ccxt has a name of its own for."""
NESTED = ("params", "orders", "order", "symbols", "codes", "ids", "clientOrderIds")
"""What may be a dict, or a list of them."""
MOST_ROWS = 100_000
"""More rows than anybody asks for, and less than the ms of two minutes."""
CONSUMED = {"hedged", "postOnly", "cost", "method", "tradingStopEndpoint", "createMarketBuyOrderRequiresPrice"}
"""Entries of `params` that Bybit never sees."""


def camel(name: str) -> str:
    """`fetch_open_orders` as ccxt's twin of it, `fetchOpenOrders`."""
    first, *rest = name.split("_")
    return first + "".join(SPELLINGS.get(word, word.capitalize()) for word in rest)


METHODS = {twin: method for name, method in dialects.ccxt_methods().items() for twin in (name, camel(name))}
SANDBOX = {"set_sandbox_mode": "enable_demo_trading", "setSandboxMode": "enableDemoTrading"}
"""How an exchange is sent to testnet, and the twin that sends it to demo trading."""
NAMES = frozenset({"", "bybit", "__init__", *METHODS, *SANDBOX})
"""`getattr(ccxt, "bybit")(...)` is a call of something without a name."""


def read(call: CallView) -> Iterator[Noun]:
    """A session where an exchange is made, requests and orders where it is asked for something."""
    made, _, name = call.path.partition("().")
    if made not in CLASSES:
        return
    if name in ("", "__init__"):
        yield from made_with(call)
    elif name in SANDBOX:
        yield from rehearsing(call, name)
    elif name in METHODS:
        yield from unified(call, METHODS[name])
    elif name.startswith(WATCHES):
        yield watched(call, name)
    elif (endpoint := path_of(name)) is not None:
        yield from implicit(call, endpoint)
        if not endpoint and call.sent is None and (known := former(name)):
            yield LegacyUse(call.own_span, Legacy.PATH, known.path, known.v5_path)


def watched(call: CallView, name: str) -> Subscription:
    """A stream that is listened to; of an order book with a depth that it may not have."""
    limit, symbol = call.get("limit", 1), call.get("symbol", 0)
    depth = limit.constant if limit and name in BOOKS and call.is_only else None
    channels = {category_of(text) for text in symbol.texts} if symbol else set[str]()
    depths = streams.depths(channels)
    if not isinstance(depth, int) or isinstance(depth, bool) or depth in depths:
        return Subscription(call.own_span, LIBRARY, name)
    refusal = f"there is no depth {depth}, only {', '.join(map(str, depths))}"
    return Subscription(call.own_span, LIBRARY, name, refusal, outcome="ccxt stops with a BadRequest")


# --- endpoints by their own names -------------------------------------------------------------------------------------


def path_of(name: str) -> str | None:
    """The V5 path behind `private_post_v5_order_create`; empty for an older one, None if it is no endpoint's name."""
    match = IMPLICIT.fullmatch(squeezed(name))
    return _paths().get(match[2], "") if match else None


def former(name: str) -> legacy.Path | None:
    """The older path behind `v2_private_get_position_list` or `publicGetV2PublicKlineList`, if it is known."""
    match = IMPLICIT.fullmatch(squeezed(name))
    return (_former().get(match[2]) or _former().get(match[1] + match[2])) if match else None


def is_outdated(name: str) -> bool:
    """True for an endpoint's name of the time before V5 that ccxt has no more: all that it has say a version."""
    return IMPLICIT.fullmatch(squeezed(name)) is not None and not VERSION.search(name) and former(name) is None


def has(name: str) -> bool:
    """True if an exchange has something by a name besides endpoints, in either spelling."""
    return name in _attributes()


@cache
def _attributes() -> frozenset[str]:
    names = dialects.ccxt_attributes()
    return names | {camel(name) for name in names}


def unknown(call: CallView) -> Iterator[BrokenCall]:
    """A call of a method that no exchange has."""
    made, _, name = call.path.partition("().")
    is_method = made in CLASSES and name.isidentifier() and not name.startswith("_")
    if is_method and call.is_only and call.sent is None and is_strange(name):
        meant = taken_for(name, METHODS) if path_of(name) is None else endpoint_meant(name)
        yield BrokenCall(call.own_span, LIBRARY, name, Break.UNKNOWN, meant)


def is_strange(name: str) -> bool:
    """True if an exchange has nothing by a name: no method, no endpoint, and none that a newer version may have."""
    return not has(name) and (path_of(name) is None or bool(endpoint_meant(name)))


def endpoint_meant(name: str) -> str:
    """The endpoint's name that a wrong one is certainly taken for, in its spelling; empty where there is none like it.

    The same path by another verb or section (`private_post_v5_position_list`), in other capitals, with a wrong letter.
    """
    match = IMPLICIT.fullmatch(squeezed(name)) if CURRENT in name.lower() else None
    if match is None or name in _spellings():
        return ""
    alike = [known for known, path in _spellings().items() if path == match[2] and ("_" in known) == ("_" in name)]
    slips = (known for known in _spellings() if is_slip(name, known))
    spelt = [known for known in alike if squeezed(known) == squeezed(name)]
    return next(iter((*spelt, *alike)), "") or next(slips, "")


@cache
def _spellings() -> dict[str, str]:
    """The names of endpoints of V5 in both spellings, each with its path as `squeezed` makes it."""
    pairs = ((name, twin) for name, twin in dialects.ccxt_endpoints().items() if CURRENT in name)
    return {each: match[2] for pair in pairs for each in pair if (match := IMPLICIT.fullmatch(squeezed(each)))}


def subtraction(path: str, words: Sequence[str]) -> str:
    """The endpoint's name that somebody wrote with minuses (`private_get_v5_position_closed-pnl`); empty for others."""
    made, _, name = path.partition("().")
    joined = "_".join((name, *words))
    return joined if made in CLASSES and joined in dialects.ccxt_endpoints() else ""


def outdated(call: CallView) -> Iterator[BrokenCall]:
    """A call of an endpoint by a name that ccxt has no more."""
    made, _, name = call.path.partition("().")
    if made in CLASSES and call.is_only and call.sent is None:
        yield BrokenCall(call.own_span, LIBRARY, name, Break.UNKNOWN)


@cache
def _former() -> dict[str, legacy.Path]:
    return {squeezed(path): known for path, known in legacy.paths().items() if known.kind == "REST"}


def squeezed(name: str) -> str:
    """What `v5/order/create-batch`, `v5_order_create_batch` and `V5OrderCreateBatch` have in common."""
    return re.sub(r"[/_-]", "", name).lower()


@cache
def _paths() -> dict[str, str]:
    endpoints = [knowledge.endpoint_of(method) for method in knowledge.methods()]
    return {squeezed(endpoint.path): endpoint.path for endpoint in endpoints if endpoint}


def implicit(call: CallView, endpoint: str) -> Iterator[Noun]:
    """A request whose fields stand in one dict, as Bybit gets them."""
    params = call.get("params", 0)
    fields = entries_of(params)
    is_closed = params.is_closed if params else call.is_closed
    yield from sent.requests(call, LIBRARY, endpoint, fields, is_closed)
    yield from sent.moments(endpoint, fields)


# --- unified methods --------------------------------------------------------------------------------------------------


def unified(call: CallView, method: dialects.Method) -> Iterator[Noun]:
    """What ccxt sends for one of its own methods: a request, an order, or one order per leg of a batch."""
    yield from unexpected(call, method)
    is_order = method.endpoint in sent.ORDERS | sent.BATCHES
    names = dialects.ccxt_methods()[LEGS.get(method.name, method.name)].arguments
    for fields, is_closed in given(call, method):
        yield from misplaced(call, method, fields)
        yield from exchanged(call, method, fields)
        yield from counted(call, method, fields)
        yield from lacking(call, method, fields, is_closed)
        if method.endpoint in ccxt_words.CREATING:
            yield from ccxt_words.misvalued(call, fields)
        params = fields.get("params")
        is_whole = is_closed and is_order and (params is None or params.is_closed)
        held = arguments(names, fields, added(call, method.name) if is_order else {})
        for name, moment in {**fields, **entries_of(params)}.items():
            if name in CCXTS:
                yield from moment.moments(name)
        noun = Order if is_order else Request
        is_settled = is_query(method.endpoint) and is_closed and (params is None or params.is_closed)
        yield noun(
            call.span,
            LIBRARY,
            method.endpoint,
            held,
            is_whole,
            None,
            call.is_awaited,
            call.sent,
            call.place,
            is_settled=is_settled,
        )
        if params is not None and params.entries and not is_former(fields.get("symbol")):
            strangers = tables.ccxt_strangers() if is_order else {}
            own = {name for name in params.entries if is_known(name) and name not in strangers}
            yield from misnamed(
                call,
                method.endpoint,
                params.entries,
                own,
                is_leg=method.name in LEGS,
                is_order=is_order,
                strangers=strangers,
            )


def misplaced(call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView]) -> Iterator[BrokenCall]:
    """The dict that was meant for `params` and stands a place too early."""
    for name, held in fields.items() if call.sent is None else ():
        if name not in NESTED and held.entries is not None:
            is_free = name == "price" and is_market(method, fields) and "params" not in fields
            fix = named_params(held) if is_free else None
            flaw = Break.PRICED if name == "price" else Break.MISPLACED
            yield BrokenCall(held.span, LIBRARY, method.name, flaw, name, fix)


def lacking(
    call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView], is_closed: bool
) -> Iterator[Missing]:
    """What ccxt itself refuses to go without."""
    needs = tables.ccxt_needs(method.name) if call.is_only and call.sent is None else ()
    params = fields.get("params")
    more = entries_of(params)
    is_whole = is_closed and (params is None or params.is_closed)
    own = dialects.ccxt_methods()[LEGS.get(method.name, method.name)].arguments
    for need in needs:
        is_own = need.name in own
        held = fields if is_own else {**fields, **more}
        if not (is_closed if is_own and not need.unless else is_whole) or not is_nothing(held.get(need.name)):
            continue
        cause = next((cause for cause in need.because if is_met(cause, method, fields, more)), "")
        is_due = bool(cause) or not need.because
        is_other = not {*fields, *more}.isdisjoint(need.unless)
        if is_due and not is_other and (not need.is_of_contracts or is_contract(fields)):
            yield Missing(
                call.span, method.endpoint, (need.name,), cause, is_order=True, otherwise=need.otherwise, who=LIBRARY
            )


def is_met(
    cause: str, method: dialects.Method, fields: Mapping[str, ArgumentView], params: Mapping[str, ArgumentView]
) -> bool:
    """Proven: an argument, or an entry of params, is there (`stopPrice`) and, if one is named, has a value."""
    name, _, value = cause.partition("=")
    if value:
        return name in fields and str(fields[name].constant).lower() == value
    name, _, place = name.partition(" in ")
    if place:
        return not is_nothing(params.get(name)) and not is_market(method, fields)
    held = {**fields, **params}.get(name)
    return held is not None and not says_nothing(held.literals)


def is_nothing(held: ArgumentView | None) -> bool:
    """Proven: no argument, or None."""
    return held is None or held.code == "None"


def is_contract(fields: Mapping[str, ArgumentView]) -> bool:
    """Proven: none of the symbols that a call may be for is one of spot; only those of contracts have a colon."""
    symbol = fields.get("symbol")
    return symbol is not None and bool(symbol.texts) and all(":" in text for text in symbol.texts)


def unexpected(call: CallView, method: dialects.Method) -> Iterator[BrokenCall]:
    """The arguments by names that a method does not have."""
    given = call.arguments() if call.is_only and call.sent is None else {}
    wrong = [name for name in given if name not in method.arguments and name != "params"]
    if not wrong:
        return
    free = [own for own in method.arguments if own not in given]
    meant = next(filter(None, (argument_meant(method, name, free) for name in wrong)), "")
    flaw = Break.OUTSIDE if not meant and any(map(is_known, wrong)) else Break.UNEXPECTED
    yield BrokenCall(given[wrong[0]].span, LIBRARY, method.name, flaw, meant, said=" and ".join(wrong))


def argument_meant(method: dialects.Method, name: str, free: Collection[str]) -> str:
    """The argument that a wrong name is taken for, by its own name or by Bybit's for it."""
    counterparts = [own for own in free for v5 in method.arguments[own] if squeezed(v5) == squeezed(name)]
    return next(iter(counterparts), "") or taken_for(name, free)


ID = regex(r"(?:.*_)?(?:id|oid|uuid)|.*(?:Id|ID)|.*\[.(?:id|orderId|order_id).\]")
"""How an order's id is called, `order["id"]` among others."""
SYMBOL = regex(r"(?:.*[_.])?(?:symbol|pair|market|ticker|instrument)")


def exchanged(call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView]) -> Iterator[BrokenCall]:
    """An order's id and its symbol, each in the place of the other; told to whoever has exchanged them."""
    order, symbol = fields.get("id"), fields.get("symbol")
    if order is None or symbol is None or not call.is_only:
        return
    is_here = call.sent is None
    if is_here or (order.is_passed and symbol.is_passed and not _are_exchanged(order.code, symbol.code)):
        said, beside = (order.code, symbol.code) if is_here else (order.handed_code, symbol.handed_code)
        is_symbol = bool(order.texts) and all(category_of(text) for text in order.texts)
        is_no_symbol = not symbol.texts or not any(category_of(text) for text in symbol.texts)
        is_told = not ID.fullmatch(said or "") and is_no_symbol and (is_symbol or _are_exchanged(said, beside))
        if is_told:
            yield BrokenCall(call.own_span if is_here else order.handed, LIBRARY, method.name, Break.EXCHANGED)


def _are_exchanged(order: str | None, symbol: str | None) -> bool:
    """True if the names say that a symbol stands in an order's place and an id in a symbol's."""
    return bool(SYMBOL.fullmatch(order or "") and ID.fullmatch(symbol or ""))


def counted(call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView]) -> Iterator[BrokenCall]:
    """The number of rows where the moment belongs from which on they are wanted."""
    since = fields.get("since") if call.is_only and call.sent is None else None
    number = since.constant if since else None
    if since is None or isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= MOST_ROWS:
        return
    here = Span(*since.span[:3], *since.span[1:3], since.span.start, since.span.start)
    is_last = not since.is_named and "limit" in method.arguments and {*fields}.isdisjoint(("limit", "params"))
    fix = Fix("name the number of rows", (Rewrite(here, "limit="),)) if is_last else None
    yield BrokenCall(since.span, LIBRARY, method.name, Break.COUNTED, "limit", fix, str(number))


def is_market(method: dialects.Method, fields: Mapping[str, ArgumentView]) -> bool:
    """Proven: a market order, which has no price."""
    kind = fields.get("type")
    return kind.constant == "market" if kind else "market" in method.name.split("_")


def named_params(params: ArgumentView) -> Fix | None:
    """Name the dict that stands in the place of the price, which a market order does not have."""
    if params.is_named:
        return None
    here = Span(*params.span[:3], *params.span[1:3], params.span.start, params.span.start)
    return Fix("name the params", (Rewrite(here, "params="),))


def is_former(symbol: ArgumentView | None) -> bool:
    """True for a symbol that only ccxt before V5 knows: then the other words are those of its time too."""
    return symbol is not None and any(FORMER.fullmatch(text) for text in symbol.texts)


def is_known(name: str) -> bool:
    """True if an entry of `params` means something to ccxt, or to an endpoint that it may choose."""
    return name in CONSUMED or name in tables.ccxt_names() or name in tables.complete_names()


def given(call: CallView, method: dialects.Method) -> Iterator[tuple[Mapping[str, ArgumentView], bool]]:
    """The arguments a call is given under ccxt's names, once per order, and whether they are all there are."""
    if method.name in LEGS:
        orders = call.get("orders", 0)
        items = (orders.items if orders else None) or ()
        legs = [(leg.entries, leg.is_closed) for leg in items if leg.entries is not None]
        yield from legs or [({}, False)]
        return
    names = (*method.arguments, "params")
    yield {name: held for i, name in enumerate(names) if (held := call.get(name, i))}, call.is_closed


def method_of(call: CallView) -> dialects.Method:
    """The unified method that is called. Raises KeyError for any other call."""
    return METHODS[call.path.partition("().")[2]]


def place_of_params(call: CallView) -> int | None:
    """Where a unified method takes `params` without its name; None for any other call."""
    made, _, name = call.path.partition("().")
    return len(METHODS[name].arguments) if made in CLASSES and name in METHODS else None


def symbol_of(call: CallView) -> ArgumentView | None:
    """The symbol that a unified method is given; None for any other call."""
    if place_of_params(call) is None:
        return None
    names = [*method_of(call).arguments]
    return call.get("symbol", names.index("symbol")) if "symbol" in names else None


def category(call: CallView) -> str:
    """The category of the market that a unified method is called for; empty where that is not proven."""
    symbol = symbol_of(call)
    found = {category_of(text) for text in symbol.texts} if symbol and symbol.texts else {traded(call)}
    return found.pop() if len(found) == 1 else ""


def category_of(symbol: str) -> str:
    """The category of a market by its symbol (`BTC/USDT:USDT`); empty where it is not known."""
    return next((category for form, category in FORMS if form.fullmatch(symbol)), "")


def options(call: CallView) -> Mapping[str, ArgumentView]:
    """The options of the config that the exchange of a call is made with."""
    return entries_of(entries_of(call.maker("config", 0)).get("options"))


def traded(call: CallView) -> str:
    """The category that an exchange is made for, by its `defaultType`; empty where that says nothing."""
    kind = options(call).get("defaultType")
    return TYPES.get(str(kind.constant), "") if kind else ""


def arguments(
    names: Mapping[str, tuple[str, ...]], fields: Mapping[str, ArgumentView], more: Mapping[str, Argument]
) -> sent.Arguments:
    """Arguments under their V5 names, beside `more` that ccxt adds.

    None is none at all; an entry of `params` wins, as it does in ccxt.
    """
    held_by_name = {name: held for name, held in fields.items() if held.code != "None"}
    found: dict[str, Callable[[], Argument]] = {name: partial(more.__getitem__, name) for name in more}
    for name, held in held_by_name.items():
        found |= {v5: partial(fitted, v5, held, name) for v5 in names.get(name, ())}
    for name, held in entries_of(fields.get("params")).items():
        v5 = OPTIONS.get(name, name)
        if name == "hedged" and held.constant is not False:
            found["positionIdx"] = partial(sent.worked_out, "positionIdx", held)
        elif v5 not in CONSUMED:
            found[v5] = partial(sent.argument if v5 == "qty" else fitted, v5, held, name)
    return sent.Arguments(found)


def fitted(name: str, held: ArgumentView, own_name: str) -> Argument:
    """An argument as it leaves ccxt: prices and quantities rounded, words spelt as Bybit spells them."""
    value = held.value
    origins = Lazy(lambda: (on_step(value),)) if name in FITTED else value.origins
    sent_value = value.replace(origins=origins, constant=spelt(name, value.constant), giver="")
    return sent.argument(name, held, own_name).replace(value=sent_value, written=spelt(name, held.written))


LOST = (Misrounding.FLOOR.name, Misrounding.DIGITS.name)
"""What no rounding behind it makes good."""


def on_step(value: Value) -> Origin:
    """Where a number comes from that ccxt rounds: what it was cut to before stays lost, and no number comes at all."""
    lost = next((origin for origin in value.origins if origin.note in LOST), None)
    rounded = Origin(Kind.STEP, value.span, "by ccxt", cut=value.cut_by_mistake)
    return lost._replace(kind=Kind.STEP) if lost else rounded


def spelt(name: str, constant: object) -> object:
    """A literal as Bybit gets it, None where ccxt's word for it says less than Bybit's."""
    if isinstance(constant, str) and name in ("side", "orderType"):
        return constant.capitalize()
    if isinstance(constant, bool) and name == "mode":
        return accounts.sent("hedge" if constant else "one-way")
    return None if name in ("symbol", "interval", "intervalTime", "period") else constant


def added(call: CallView, method: str) -> dict[str, Argument]:
    """What ccxt adds to an order. It stands nowhere in the call, so it has no code of its own."""
    words = {SAID[word]: word.capitalize() for word in method.split("_") if word in SAID}
    return {name: sent.said(call, name, words.get(name)) for name in WORKED_OUT}


# --- sessions ---------------------------------------------------------------------------------------------------------


def made_with(call: CallView) -> Iterator[Noun]:
    """An exchange object. `sandbox` or `testnet` in its config is testnet; later calls of it may select another."""
    entries = entries_of(call.get("config", 0))
    options = entries_of(entries.get("options"))
    name, flag = next(((n, p[n]) for p in (entries, options) for n in ("sandbox", "testnet") if n in p), ("", None))
    network = Network.TESTNET if flag and is_set(flag, True) else None
    span, texts = flag.span if flag else None, text_flags({name: flag}, is_heard=False)  # ccxt's safe_bool
    yield Session(call.own_span, LIBRARY, network, span, None, credentials(entries), text_flags=texts)
    yield from windows.of_config(entries, options)
    yield from unheard(call, entries)


def unheard(call: CallView, entries: Mapping[str, ArgumentView]) -> Iterator[MarketMistake]:
    """A `defaultType` where ccxt takes no notice of it, that is not what it takes without one."""
    kind = entries.get("defaultType") if call.is_only and call.sent is None else None
    if kind is None or TYPES.get(str(kind.constant), "linear") == "linear":
        return
    meant = f'"options": {{"defaultType": "{kind.constant}"}}'
    verb = Rewrite(kind.span, f'{{"defaultType": "{kind.constant}"}}')
    fix = Fix("put it into the options", (Rename(kind.span, "options"), verb)) if "options" not in entries else None
    yield MarketMistake(kind.span, str(kind.constant), Mistake.UNHEARD, meant=meant, fix=fix)


def credentials(entries: Mapping[str, ArgumentView]) -> tuple[Named, ...]:
    """The names of the keys in a config that speak of a network."""
    keys = [key for name in ("apiKey", "secret") if (key := entries.get(name))]
    return tuple(named for key in keys for named in key.networks)


def rehearsing(call: CallView, name: str) -> Iterator[Session]:
    """The exchange once it is sent to testnet, which its own config did not do."""
    enable, entries = call.get("enabled", 0), entries_of(call.maker("config", 0))
    if enable is None or not is_set(enable, True) or not call.is_only or not {"sandbox", "testnet"}.isdisjoint(entries):
        return
    renamed = [Rename(enable.span, "enable")] if call.get("enabled") else []
    demo: tuple[Verb, ...] = (Replace(call.called, "", f"{call.receiver}.{SANDBOX[name]}"), *renamed)
    switches = {Network.DEMO: demo} if call.receiver else {}
    yield Session(call.own_span, LIBRARY, Network.TESTNET, enable.span, None, credentials(entries), switches=switches)
