"""pybit's streams: how they are set up, what is subscribed, and the orders that are sent over a socket.

pybit pings, signs and connects again by itself (https://github.com/bybit-exchange/pybit, `_websocket_stream.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.knowledge import streams
from bybit_lint.vocabulary import Dispatch, Noun, Replace, Setting, Stream, Subscription

LIBRARY = "pybit"
MODULE = "pybit.unified_trading."
CONSTRUCTORS = {f"{MODULE}{name}{end}" for name in ("WebSocket", "WebSocketTrading") for end in ("", "().__init__")}
STREAM = f"{MODULE}WebSocket()."
TRADING = f"{MODULE}WebSocketTrading()."
DISPATCHES = {f"{do}{batch}_order" for do in ("place", "amend", "cancel") for batch in ("", "_batch")}
BEATS = {"ping_interval": 20, "ping_timeout": 10}
"""pybit's defaults."""
ROOTS: tuple[str, ...] = (MODULE,)
NAMES = frozenset({"WebSocket", "WebSocketTrading", "__init__", "subscribe", *DISPATCHES, *streams.methods()})
PREFIXES: tuple[str, ...] = ()


def read(call: CallView) -> Iterator[Noun]:
    """A stream where it is opened, a subscription where a topic is asked for, a dispatch where an order is sent."""
    if call.path in CONSTRUCTORS:
        yield Stream(call.own_span, LIBRARY, tuple(harmful(call)))
    elif call.path.startswith(STREAM) and (method := streams.methods().get(call.path.removeprefix(STREAM))):
        yield subscription(call, method)
    elif call.path == f"{STREAM}subscribe" and (topic := call.get("topic", 0)) is not None:
        yield from low_level(call, topic)
    elif call.path.startswith(TRADING) and (name := call.path.removeprefix(TRADING)) in DISPATCHES:
        is_lost = call.is_closed and call.get("error_callback", 1) is None
        yield Dispatch(call.own_span, LIBRARY, name, is_lost)


def callback(call: CallView) -> ArgumentView | None:
    """The function that a subscription's messages go to; None where the call is given what it does not take."""
    method = streams.methods()[call.path.removeprefix(STREAM)] if call.path.startswith(STREAM) else None
    is_taken = method is not None and call.arguments().keys() <= set(method.arguments)
    return arguments(call, method).get("callback") if method and is_taken else None


def topic(call: CallView) -> str:
    """What a subscription asks for."""
    return streams.methods()[call.path.removeprefix(STREAM)].topic


def arguments(call: CallView, method: streams.Method) -> Mapping[str, ArgumentView]:
    """The arguments of a subscription by their names."""
    found = ((name, call.get(name, position)) for position, name in enumerate(method.arguments))
    return {name: held for name, held in found if held is not None}


def symbols(call: CallView, method: streams.Method) -> Sequence[str]:
    """All symbols that a subscription may be for; none if it may be for others, too."""
    held = arguments(call, method).get("symbol")
    parts = [] if held is None else held.items if held.items is not None else [held]
    ways = [way for part in parts for way in part.text_ways or ((),)]
    return [text for way in ways for text in way] if all(ways) else []


# How a stream is set up -----------------------------------------------------------------------------------------------


def harmful(call: CallView) -> Iterator[Setting]:
    """The settings that keep a stream from staying open."""
    given = call.arguments()
    for (name, value), effect in streams.effects().items():
        held = given.get(name)
        if held is not None and value in (held.code, repr(held.constant) if held.constant is not None else ""):
            yield Setting(name, held.span, effect.what, effect.is_only_beat)
    yield from _impatient(given) if call.is_closed else ()


def _impatient(given: Mapping[str, ArgumentView]) -> Iterator[Setting]:
    """Pings that are due before the answer to the last one is: websocket-client refuses to run so."""
    interval, timeout = (given[name].constant if name in given else default for name, default in BEATS.items())
    held = given.get("ping_interval") or given.get("ping_timeout")
    if not isinstance(interval, (int, float)) or not isinstance(timeout, (int, float)) or held is None:
        return
    if 0 < interval <= timeout:
        name = "ping_interval" if "ping_interval" in given else "ping_timeout"
        effect = f"the stream is never opened: ping_interval {interval} has to be above ping_timeout {timeout}"
        yield Setting(name, held.span, effect)


LOST = "Bybit refuses it, and the client may lose the whole connection"
"""It stumbles over the refusal, in 5.6.2 to 5.17.0 at least (https://github.com/bybit-exchange/pybit/pull/373)."""
UNFILLED = "subscribe() fills the symbols into the topic, and is given none"
MISMATCH = "the client stops with a TopicMismatchError"


# What is subscribed ---------------------------------------------------------------------------------------------------


def subscription(call: CallView, method: streams.Method) -> Subscription:
    """What a method asks for, and whether Bybit refuses it."""
    given = arguments(call, method)
    parameter = next((held for name, held in given.items() if name in ("depth", "interval")), None)
    where = channel(call)
    topics = [f"{method.topic}.{text}" for text in parameter.texts] if parameter else []
    ways = [[f"{method.topic}.{text}" for text in way] for way in parameter.text_ways] if parameter else []
    refusals = [why for way in ways or [[method.topic]] if (why := streams.refusal_of_all(way, (where,)))]
    symbols = given.get("symbol")
    if symbols is not None and not refusals and where != "spread":
        refusals = [
            why for held in (symbols, *(symbols.items or ())) for way in held.text_ways if (why := no_symbol(way))
        ]
        refusals += [streams.crowd(symbols.count, where)]
    is_made = where is None or where in streams.CHANNELS  # of any other no stream is made at all
    refusal = refusals[0] if refusals and is_made else ""
    right = _right(parameter, method.topic, where) if refusal and parameter else None
    shown = "|".join(topics or [method.topic]).replace("\0", "?")
    outcome = LOST if (where, method.topic) in streams.topics() or where is None else MISMATCH
    return Subscription(call.own_span, LIBRARY, shown, refusal, right, call.around.is_last, outcome)


def no_symbol(way: Sequence[str]) -> str:
    """Why none of what the code picks from is a symbol."""
    reasons = [streams.no_symbol(text) for text in way]
    return reasons[0] if reasons and all(reasons) else ""


def low_level(call: CallView, topic: ArgumentView) -> Iterator[Subscription]:
    """What `subscribe(topic, callback, symbol)` asks for, which fills symbols into the topic."""
    where, shown = channel(call), "|".join(topic.texts).replace("\0", "?")
    refusals = [why for way in topic.text_ways if (why := streams.refusal_of_all(way, (where,), is_bybits=True))]
    is_bare = call.is_closed and call.get("symbol", 2) is None and bool(topic.texts)
    asked = Subscription(call.own_span, LIBRARY, shown, is_abandoned=call.around.is_last, outcome=LOST)
    if refusals or not is_bare:
        yield asked.replace(refusal=next(iter(refusals), ""), origin=topic.origin)
    if is_bare:
        is_whole = any(map(_needs_no_symbol, topic.texts))
        yield asked if is_whole else asked.replace(refusal=UNFILLED, outcome="it raises a TypeError")


def _needs_no_symbol(topic: str) -> bool:
    """True for a topic that is asked for as it stands, or that may be one."""
    said = topic.partition(".")[0] if "\0" in topic else topic  # `execution.fast` has a symbol to fill in, too
    is_private = ("private", said) in streams.topics()
    return is_private or topic.startswith(("spread.", "system.", "\0"))


def channel(call: CallView) -> str | None:
    """The channel of the stream whose method is called."""
    held = call.maker("channel_type", 0)
    return held.texts[0] if held and len(held.texts) == 1 and "\0" not in held.texts[0] else None


def _right(parameter: ArgumentView, topic: str, where: str | None) -> Replace | None:
    """The interval that was certainly meant, if nothing else is wrong with the topic."""
    meant = streams.intervals().get(str(parameter.written))
    if meant is None or parameter.code is None or parameter.code[0] not in "\"'":
        return None
    if streams.refusal(f"{topic}.{meant}", where):
        return None
    return Replace(parameter.span, "", meant if meant.isdigit() else f'"{meant}"')
