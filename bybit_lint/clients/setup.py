"""How pybit's clients are made: which network their flags select, with which keys, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from bybit_lint import knowledge
from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.knowledge import streams
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import (
    Flaw,
    Misfit,
    Named,
    Network,
    RemoveArgument,
    Rename,
    Session,
    SetArgument,
    TextFlag,
    Verb,
)

LIBRARY = "pybit"
KEYS = ("api_key", "api_secret")
POSITIONS = {"HTTP": 0, "WebSocket": 1, "WebSocketTrading": 2}
"""How many arguments may be given without their names."""
SELECTS = {"testnet": Network.TESTNET, "sandbox": Network.TESTNET, "demo": Network.DEMO}
HOST = regex(r"https://api(-testnet|-demo)?\.(?:bybit|bytick)\.com/?")
FLAGS = {"-testnet": "testnet", "-demo": "demo"}


def sessions(call: CallView, client: str) -> Iterator[Session]:
    """The ways a constructor call may turn out: one, or one per branch where a condition decides flag and key."""
    testnet, demo = call.get("testnet"), call.get("demo")
    keys = [held for name in KEYS if (held := call.get(name)) is not None]
    flag = testnet or demo
    is_callers = call.sent is not None
    span = None if flag is None or (is_callers and flag.handed == flag.span) else flag.handed
    named = None if is_callers else misnamed(testnet)
    texts = () if is_callers else text_flags({"testnet": testnet, "demo": demo})
    unfit = () if is_callers else tuple(misfits(call, client))
    networks = {is_set(testnet, call.is_closed), is_set(demo, call.is_closed)}
    credentials = tuple(n for key in keys for n in key.networks)
    made = partial(
        Session,
        call.span,
        LIBRARY,
        flag=span,
        flag_named=named,
        text_flags=texts,
        misfits=unfit,
        channel=channel(call, client),
        has_keys=bool(keys) or client == "WebSocketTrading",
        unset=without_setting(testnet) if demo is None else None,
    )
    if None not in networks:
        network = select(bool(is_set(testnet, True)), bool(is_set(demo, True)))
        yield made(network, credentials=credentials, switches={} if is_callers else switches(call))
        return
    pairs = [pair for name in KEYS if (pair := call.when("testnet", name))]
    if testnet is None or not pairs or is_set(demo, call.is_closed) is not False:
        yield made(None, credentials=credentials)
        return
    for number, network in enumerate((Network.TESTNET, Network.MAINNET)):
        credentials = tuple(n for pair in pairs for n in pair[number])
        yield made(network, credentials=credentials)


def without_setting(flag: ArgumentView | None) -> tuple[str, Network] | None:
    """The variable that a flag is read from, and the network without it."""
    found = flag.unset if flag else None
    return (found[0], select(bool(found[1]), False)) if found else None


def channel(call: CallView, client: str) -> str:
    """What a client is for."""
    if client != "WebSocket":
        return "rest" if client == "HTTP" else "trade"
    held = call.get("channel_type", 0)
    return str(held.constant or "") if held else ""


def is_set(flag: ArgumentView | None, is_closed: bool) -> bool | None:
    """Whether a flag is proven to be on or off; text is on unless it is empty.

    Where a test asks for it, it is what the test says, also for who comes never there: `if demo: HTTP(demo=demo)`.
    """
    if flag is None:
        return False if is_closed else None
    if flag.is_something is not None:
        return flag.is_something
    return bool(flag.constant) if isinstance(flag.constant, (bool, str)) else None


def select(testnet: bool, demo: bool) -> Network:
    return Network.DEMO if demo else Network.TESTNET if testnet else Network.MAINNET


def switches(call: CallView) -> dict[Network, tuple[Verb, ...]]:
    """What selects testnet, and what demo trading: with both flags it is a network with keys of its own."""
    on = {name: SetArgument(call.own_span, name, "True") for name in FLAGS.values()}
    off = {
        name: [SetArgument(call.own_span, name, "False")] if is_set(call.get(name), True) else []
        for name in FLAGS.values()
    }
    return {Network.TESTNET: (on["testnet"], *off["demo"]), Network.DEMO: (on["demo"], *off["testnet"])}


def misnamed(flag: ArgumentView | None) -> Named | None:
    """A name behind `testnet=` that speaks of demo trading."""
    named = flag.networks if flag else ()
    return next((n for n in named if n.network is Network.DEMO), None)


def text_flags(flags: Mapping[str, ArgumentView | None], *, is_heard: bool = True) -> tuple[TextFlag, ...]:
    """Those flags that are text, whose meaning nobody asks."""
    given = {name: held for name, held in flags.items() if held is not None and held.is_text}
    return tuple(TextFlag(held.span, name, SELECTS[name], written(held), is_heard) for name, held in given.items())


def written(held: ArgumentView) -> str | None:
    return held.constant if isinstance(held.constant, str) else None


def misfits(call: CallView, client: str) -> Iterator[Misfit]:
    """What the constructor refuses, or what makes the client useless."""
    extra = call.get("", POSITIONS[client])
    if extra is not None:
        yield Misfit(extra.span, Flaw.POSITIONAL)
    for name, held in call.arguments().items():
        known = knowledge.setting(name)
        if known is not None and client not in known.clients:
            yield Misfit(held.span, Flaw.UNKNOWN, name, tuple(renamed(call, client, known, held)))
    if client != "HTTP" and call.is_closed and extra is None and not knows_network(call):
        verbs = (SetArgument(call.own_span, "testnet", "False"),) if is_set(call.get("demo"), True) else ()
        yield Misfit(call.own_span, Flaw.NO_NETWORK, "testnet", verbs)
    channel = call.get("channel_type", 0) if client == "WebSocket" else None
    if channel is not None and isinstance(channel.constant, str) and channel.constant not in streams.CHANNELS:
        yield Misfit(channel.span, Flaw.NO_CHANNEL, channel.constant)
    yield from demo_misfits(call, client)


def knows_network(call: CallView) -> bool:
    """True if `testnet` is given, or something that has to be renamed to it."""
    settings = [knowledge.setting(name) for name in call.arguments()]
    return any(known is not None and "testnet" in (known.argument, known.instead) for known in settings)


def renamed(
    call: CallView, client: str, known: knowledge.Setting, held: ArgumentView
) -> Iterator[RemoveArgument | Rename | SetArgument]:
    """The verbs that give an argument the name it has here, or select the network of the host it is."""
    if known.instead and call.get(known.instead) is None:
        instead = knowledge.setting(known.instead)
        if instead is not None and client in instead.clients:
            yield Rename(held.span, known.instead)
    elif call.is_closed and isinstance(held.constant, str) and (match := HOST.fullmatch(held.constant)):
        flag = FLAGS.get(match[1] or "")
        if call.get("testnet") is None and call.get("demo") is None:
            yield RemoveArgument(call.own_span, known.argument)
            if flag:
                yield SetArgument(call.own_span, flag, "True")


def demo_misfits(call: CallView, client: str) -> Iterator[Misfit]:
    """What there is not in demo trading (https://bybit-exchange.github.io/docs/v5/demo)."""
    demo, testnet = call.get("demo"), call.get("testnet")
    if demo is None or not is_set(demo, True):
        return
    channel = call.get("channel_type", 0) if client == "WebSocket" else None
    if client == "WebSocketTrading":
        yield Misfit(demo.span, Flaw.NO_DEMO_ORDERS, "demo")
    elif channel is not None and isinstance(channel.constant, str) and channel.constant != "private":
        yield Misfit(demo.span, Flaw.NO_DEMO_PRICES, "demo")
    elif testnet is not None and is_set(testnet, True):
        keys = {named.network for name in KEYS if (held := call.get(name)) for named in held.networks}
        verbs = switches(call)[Network.DEMO] if keys == {Network.DEMO} else ()
        yield Misfit(demo.span, Flaw.TESTNET_DEMO, "demo", verbs)
