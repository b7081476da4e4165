"""What may be asked for on Bybit's streams, and what their clients make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from bybit_lint.knowledge import rows
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

STRANGE = regex(r"[^A-Z0-9-]")
"""What is in no symbol of these streams (https://bybit-exchange.github.io/docs/v5/enum#symbol)."""

PERPETUAL = ("USDT", "USD", "PERP")
"""How the symbols of contracts without an end end; a dated one has its date there
(https://bybit-exchange.github.io/docs/v5/enum#symbol)."""

CHANNELS = frozenset({"linear", "inverse", "spot", "option", "private", "misc/status", "spread"})
"""The channels that streams have; pybit makes no other, and of these no `spread`: it raises an InvalidChannelTypeError
(pybit 5.17.0, `AVAILABLE_CHANNEL_TYPES` in `unified_trading.py`)."""


class Method(NamedTuple):
    """A method of pybit's `WebSocket` that subscribes: the topic, and its arguments in their order."""

    topic: str
    arguments: tuple[str, ...]


class Topic(NamedTuple):
    """A topic as one channel has it: the parameter that follows its name, and the values it may have."""

    parameter: str
    """`depth`, `interval`, or empty."""
    values: tuple[str, ...]
    is_of_symbols: bool
    """True if a symbol comes last."""


class Effect(NamedTuple):
    """What a setting does to a stream, and whether it decides about pings and nothing else."""

    what: str
    is_only_beat: bool


@cache
def methods() -> Mapping[str, Method]:
    """The subscribing methods by their names."""
    return {row[0]: Method(row[1], tuple(row[2].split(","))) for row in rows("stream_methods")}


@cache
def topics() -> Mapping[tuple[str, str], Topic]:
    """The topics by channel and name: `("linear", "orderbook")`."""
    found = {_pair(row[0]): row[1:4] for row in rows("topics")}
    return {
        key: Topic(_filled(p), tuple(_filled(values).split(",")), of == "symbol")
        for key, (p, values, of) in found.items()
    }


def depths(channels: Iterable[str]) -> list[int]:
    """The depths, in rows of a side, that order books have on one of these channels; of all, if one has no books."""
    books = {channel: known.values for (channel, name), known in topics().items() if name == "orderbook"}
    wanted = {*channels}
    found = [books[channel] for channel in (wanted if wanted and wanted <= books.keys() else books)]
    return sorted({int(value) for values in found for value in values if value.isdecimal()})


@cache
def former_topics() -> Mapping[str, str]:
    """What topics were called before V5, and what V5 has instead: `trade` is `publicTrade`."""
    return {row[0]: row[1] for row in rows("former_topics")}


@cache
def intervals() -> Mapping[str, str]:
    """What is often written for an interval, and the interval as Bybit knows it: `1h` is `60`."""
    return {row[0]: row[1] for row in rows("stream_intervals")}


@cache
def most_topics() -> Mapping[str, int]:
    """How many topics one request may ask for, by channel."""
    return {row[0]: int(row[1]) for row in rows("stream_limits")}


class Fields(NamedTuple):
    """The fields that a topic's messages always have, as pybit hands them on: deltas are merged into the snapshot."""

    numbers: frozenset[str] = frozenset()
    """Those that are never an empty text, and lists that hold no such."""
    others: frozenset[str] = frozenset()


@cache
def _fields() -> Mapping[str, Fields]:
    return {row[0]: Fields(*(frozenset(names.split(",")) for names in row[1:3])) for row in rows("message_fields")}


def fields(topic: str, channel: str | None, symbols: Sequence[str] = ()) -> Fields:
    """What each message of a topic has on a channel, or on any that has the topic, for all of some symbols."""
    names = [topic, f"{topic} {channel}"]
    if symbols and all(symbol.endswith(PERPETUAL) for symbol in symbols):
        names.append(f"{topic} {channel} perpetual")
    found = [_fields().get(name, Fields()) for name in names]
    return Fields(*(frozenset[str]().union(*sides) for sides in zip(*found, strict=True)))


class Delta(NamedTuple):
    """What the deltas of a topic, on some channels, tell of only where it has changed."""

    channels: frozenset[str]
    fields: frozenset[str]


@cache
def deltas() -> Mapping[str, Delta]:
    """The topics that send a snapshot first and then deltas, and which of their fields these may lack."""
    return {row[0]: Delta(*(frozenset(cell.split(",")) for cell in row[1:3])) for row in rows("delta_fields")}


@cache
def app_handlers() -> Mapping[str, tuple[str, ...]]:
    """What websocket-client's `WebSocketApp` calls its handlers with, from 1.0 on, by their names."""
    return {row[0]: tuple(row[1].split(",")) for row in rows("socket_handlers")}


@cache
def effects() -> Mapping[tuple[str, str], Effect]:
    """What settings of pybit's `WebSocket` do, by name and value: `("retries", "1")`."""
    return {_pair(row[0], "="): Effect(row[2], row[1] == "yes") for row in rows("stream_settings")}


def refusal(topic: str, channel: str | None) -> str:
    """Why Bybit refuses a topic (`kline.1m.BTCUSDT`) on a channel, or on all of them; empty if it may not."""
    name, *rest = topic.split(".")
    if name in former_topics():
        return f"V5 has no topic {name}, it is called {former_topics()[name]}"
    known = [found for (where, what), found in topics().items() if what == name and channel in (where, None)]
    if not known:
        return _missing(name, channel)
    if not known[0].parameter:
        return no_symbol(".".join(rest)) if known[0].is_of_symbols else ""
    if not rest or not rest[0] or "\0" in rest[0]:
        return ""
    allowed = [value for found in known for value in found.values]
    if rest[0] in allowed:
        return no_symbol(".".join(rest[1:]))
    where = f"the {channel} stream has" if channel else "there is"
    meant = intervals().get(rest[0], "")
    instead = f"it is called {meant}" if meant in allowed else f"only {', '.join(dict.fromkeys(allowed))}"
    return f"{where} no {known[0].parameter} {rest[0]}, {instead}"


def refusal_of_all(topics: Iterable[str], channels: Iterable[str | None], *, is_bybits: bool = False) -> str:
    """Why each of these topics is refused on each of these channels; empty if one of them may not be.

    Of those that are certainly asked for at Bybit, all that V5 does not have are refused.
    """
    wanted = [(topic, channel) for topic in topics for channel in channels]
    reasons = [refusal(*each) or (no_topic(*each) if is_bybits else "") for each in wanted]
    return reasons[0] if reasons and all(reasons) else ""


def _missing(name: str, channel: str | None) -> str:
    """Why a topic that the channel does not have is refused: only if another has it."""
    elsewhere = [where for where, what in topics() if what == name]
    if elsewhere and channel not in {where for where, _ in topics()}:
        return f"there is no {channel} stream, {name} belongs to {', '.join(elsewhere)}"
    return f"the {channel} stream has no topic {name}, it belongs to {', '.join(elsewhere)}" if elsewhere else ""


def no_symbol(said: str) -> str:
    """Why something is no symbol of a public stream; empty where it may be one, or the beginning or a part of one."""
    known = said.replace("\0", "")
    if STRANGE.search(known) is None or "{" in known:  # pybit fills symbols into braces
        return ""
    return f"{said.replace(chr(0), '…')} is no symbol like BTCUSDT"


def no_topic(topic: str, channel: str | None) -> str:
    """Why a topic is refused of which nothing is known: only where its channel is; empty for what may be one."""
    name = topic.partition(".")[0]
    names = (
        {what for _, what in topics()}
        | former_topics().keys()
        | {m.topic.partition(".")[0] for m in methods().values()}
    )
    is_known = name in names or "\0" in name or not name.isidentifier()
    if is_known or channel not in {where for where, _ in topics()}:
        return ""
    from difflib import get_close_matches

    here = [what for where, what in topics() if where == channel]
    meant = next(iter(get_close_matches(name, here, 1)), "")
    return f"V5 has no topic {name}" + (f", it is called {meant}" if meant else "")


def crowd(count: int, channel: str | None) -> str:
    """Why a request for so many topics is refused; empty if it may not be."""
    most = most_topics().get(channel or "", count)
    return f"the {channel} stream takes {most} topics in one request, not {count}" if count > most else ""


def _pair(cell: str, sign: str = "/") -> tuple[str, str]:
    first, _, second = cell.partition(sign)
    return first, second


def _filled(cell: str) -> str:
    return "" if cell == "-" else cell
