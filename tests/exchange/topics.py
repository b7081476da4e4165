"""What can be subscribed to on which channel, and what is pushed there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from exchange.filters import plain
from exchange.instruments import Instrument
from exchange.market import candle, interval_ms, levels, ticker
from exchange.parameters import INTERVALS
from exchange.standing import documented
from exchange.venue import Venue

PRIVATE = ("order", "execution", "position", "wallet", "greeks", "dcp", "execution.fast")
CATEGORIES = ("linear", "inverse", "spot", "option")
_SEQUENCE = itertools.count(66_544_703_342)


@documented("v5/websocket/public/orderbook")
def depths(channel: str) -> tuple[str, ...]:
    """The depths of order books: 25 and 100 for options, 1, 50, 200 and 1000 for all others."""
    return ("25", "100") if channel == "option" else ("1", "50", "200", "1000")


def is_public(venue: Venue, channel: str, topic: str) -> bool:
    """True for a topic that this channel has, of a symbol that is traded there."""
    name, *middle, symbol = topic.split(".") if "." in topic else (topic, "")
    if (channel, symbol) not in venue.instruments:
        return False
    allowed = {"tickers": (), "publicTrade": (), "allLiquidation": (), "orderbook": depths(channel), "kline": INTERVALS}
    if name not in allowed or (channel == "option" and name == "kline"):
        return False
    return len(middle) == 1 and middle[0] in allowed[name] if allowed[name] else not middle


@documented("v5/websocket/private/order")
def is_private(topic: str) -> bool:
    """A private topic is for all categories or, as in order.linear, for one."""
    name, _, category = topic.partition(".")
    return topic in PRIVATE or (name in PRIVATE and category in CATEGORIES)


class Feed:
    """One public topic of one connection: `first` when it is subscribed to, then `pushes` at every tick."""

    def __init__(self, venue: Venue, channel: str, topic: str) -> None:
        self._venue, self._channel, self._topic = venue, channel, topic
        self._name, *self._middle, self._symbol = topic.split(".")
        self._pushed = 0
        self._start = 0  # of the candle that was pushed last

    @property
    def _instrument(self) -> Instrument:
        return self._venue.instruments[self._channel, self._symbol]

    def pushes(self) -> Iterator[dict[str, Any]]:
        """The messages that are due now; the first one of a topic is a snapshot."""
        for data, kind in self._data():
            self._pushed += 1
            yield {"topic": self._topic, "type": kind, "ts": self._venue.clock.now, "data": data, **self._beside()}

    def _beside(self) -> dict[str, Any]:
        return {"cts": self._venue.clock.now} if self._name == "orderbook" else {}

    def _data(self) -> Iterator[tuple[Any, str]]:
        maker = {"orderbook": self._book, "tickers": self._ticker, "kline": self._candles, "publicTrade": self._trade}
        if self._name in maker:
            yield from maker[self._name]()

    @documented("v5/websocket/public/orderbook")
    def _book(self) -> Iterator[tuple[Any, str]]:
        """First a snapshot and then deltas, of which each third takes the best bid away; of level 1 snapshots only."""
        depth = int(self._middle[0])
        pairs = list(levels(self._venue, self._instrument, min(depth, 50)))
        bids, asks = [list(side) for side in zip(*pairs, strict=True)]
        is_whole = depth == 1 or not self._pushed
        if not is_whole:
            size = Decimal(0) if self._pushed % 3 == 2 else Decimal("1.5") + self._pushed % 7
            bids, asks = [[bids[0][0], plain(size)]], []
        book = {"s": self._symbol, "b": bids, "a": asks, "u": self._pushed + 1, "seq": next(_SEQUENCE)}
        yield book, "snapshot" if is_whole else "delta"

    @documented("v5/websocket/public/ticker")
    def _ticker(self) -> Iterator[tuple[Any, str]]:
        """Of contracts a snapshot, then what has changed; of spot and options snapshots only."""
        row = ticker(self._venue, self._instrument)
        if not self._pushed or self._channel in ("spot", "option"):
            yield row, "snapshot"
        else:
            changed = ("symbol", "lastPrice", "bid1Price", "ask1Price")
            yield {name: row[name] for name in changed}, "delta"

    @documented("v5/websocket/public/kline")
    def _candles(self) -> Iterator[tuple[Any, str]]:
        """The candle that is open; when it is over, once more with confirm."""
        length = interval_ms(self._middle[0])
        start = self._venue.clock.now // length * length
        if self._start and start != self._start:
            yield [self._candle(self._start, length, True)], "snapshot"
        self._start = start
        yield [self._candle(start, length, False)], "snapshot"

    def _candle(self, start: int, length: int, is_over: bool) -> dict[str, Any]:
        names = ("open", "high", "low", "close", "volume", "turnover")
        _, *numbers = candle(self._venue, self._instrument, start, length)
        return {
            "start": start,
            "end": start + length - 1,
            "interval": self._middle[0],
            **dict(zip(names, numbers, strict=True)),
            "confirm": is_over,
            "timestamp": min(self._venue.clock.now, start + length - 1),
        }

    @documented("v5/websocket/public/trade")
    def _trade(self) -> Iterator[tuple[Any, str]]:
        """Each message has the trades of the moment."""
        trade = {
            "T": self._venue.clock.now,
            "s": self._symbol,
            "S": "Buy" if self._pushed % 2 else "Sell",
            "v": "0.001",
            "p": plain(self._venue.price(self._instrument)),
            "L": "PlusTick",
            "i": f"20f43950-d8dd-5b31-9112-{next(_SEQUENCE):012d}",
            "BT": False,
            "seq": next(_SEQUENCE),
        }
        yield [trade], "snapshot"
