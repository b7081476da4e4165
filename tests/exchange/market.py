"""Market data: time, instruments, prices, candles. Public, and the same for everybody in all environments."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from exchange.endpoints import Call, Reply, get
from exchange.filters import plain
from exchange.instruments import Instrument
from exchange.listings import instrument
from exchange.parameters import Takes
from exchange.refusals import SPOT_SYMBOL, UNKNOWN_SYMBOL, WRONG_PARAMETER, Refused
from exchange.standing import documented
from exchange.venue import Venue

MINUTE = 60_000  # ms
EIGHT_HOURS = 480 * MINUTE
_LENGTHS = {"D": 1440, "W": 10080, "M": 43200}  # minutes


@get("/v5/market/time", Takes())
@documented("v5/market/time")
def tell_time(call: Call) -> Reply:
    """The server's time in seconds and nanoseconds, as texts, and in milliseconds beside the result."""
    now = call.venue.clock.now_ns
    return Reply({"timeSecond": str(now // 10**9), "timeNano": str(now)})


@get(
    "/v5/market/instruments-info",
    Takes("category", texts="category symbol symbolType status baseCoin cursor", integers="limit"),
)
@documented("v5/market/instrument")
def instruments_info(call: Call) -> Reply:
    """Of one category, filtered; 500 at once by default and 1000 at most, except for spot, which has no pages."""
    rows = [each for each in of_category(call) if each.status == call.given.get("status", "Trading")]
    if call.category == "spot":
        return Reply({"category": "spot", "list": [instrument(each) for each in rows]})
    page, cursor = paged(rows, call.given, 500, 1000)
    return Reply({"category": call.category, "list": [instrument(each) for each in page], "nextPageCursor": cursor})


def of_category(call: Call) -> list[Instrument]:
    """The instruments that category, symbol and baseCoin leave; a symbol that is not there is refused."""
    rows = [each for each in call.venue.instruments.values() if each.category == call.category]
    for name, value in (("symbol", call.given.get("symbol")), ("base_coin", call.given.get("baseCoin"))):
        rows = [each for each in rows if value in (None, getattr(each, name))]
    if not rows and "symbol" in call.given:
        raise Refused(SPOT_SYMBOL if call.category == "spot" else UNKNOWN_SYMBOL)
    return rows


def paged(rows: list[Any], given: dict[str, Any], default: int, most: int) -> tuple[list[Any], str]:
    """One page and the cursor of the next, which is already quoted when it is sent; a client may quote it once more."""
    cursor = unquote(unquote(given.get("cursor", "")))
    start = int(cursor.removeprefix("from=") or 0) if cursor.startswith("from=") or not cursor else 0
    end = start + min(given.get("limit", default), most)
    return rows[start:end], quote(f"from={end}", safe="") if end < len(rows) else ""


@get("/v5/market/tickers", Takes("category", texts="category symbol baseCoin expDate"))
@documented("v5/market/tickers")
def tickers(call: Call) -> Reply:
    """The last prices of one category, or of one symbol of it."""
    rows = [ticker(call.venue, each) for each in of_category(call)]
    return Reply({"category": call.category, "list": rows})


def ticker(venue: Venue, each: Instrument) -> dict[str, Any]:
    """One row of tickers; what depends on the category is left out for spot and options."""
    price, tick = venue.price(each), Decimal(each.tick_size)
    last = format(price.quantize(tick), "f")
    row = {
        "symbol": each.symbol,
        "lastPrice": last,
        "bid1Price": format(price.quantize(tick) - tick, "f"),
        "bid1Size": "23789.165",
        "ask1Price": format(price.quantize(tick) + tick, "f"),
        "ask1Size": "23775.469",
        "prevPrice24h": last,
        "price24hPcnt": "0",
        "highPrice24h": last,
        "lowPrice24h": last,
        "turnover24h": "4936790807.6521",
        "volume24h": "73191.3870",
    }
    if each.category == "spot":
        return {**row, "usdIndexPrice": last}
    shared = {"markPrice": last, "indexPrice": last, "openInterest": "492373.72", "predictedDeliveryPrice": ""}
    if each.category == "option":
        return {**row, **shared, "underlyingPrice": last, "bid1Iv": "0", "ask1Iv": "0", "markIv": "0.7"}
    return {
        **row,
        **shared,
        "openInterestValue": "32824881841.75",
        "prevPrice1h": last,
        "fundingRate": "0.0001",
        "nextFundingTime": str((venue.clock.now // (480 * MINUTE) + 1) * 480 * MINUTE),
        "fundingIntervalHour": "8",
        "fundingCap": "0.005",
        "basisRate": "",
        "basis": "",
        "basisRateYear": "",
        "deliveryFeeRate": "",
        "deliveryTime": "0",
        "preOpenPrice": "",
        "preQty": "",
        "curPreListingPhase": "",
    }


_KLINE = Takes("symbol interval", texts="category symbol interval", integers="start end limit")


@get("/v5/market/kline", _KLINE)
@documented("v5/market/kline")
def kline(call: Call) -> Reply:
    """Newest first, the first one still open; linear where no category is given; 200 by default, 1000 at most."""
    given = {"category": "linear", **call.given}
    (each,) = of_category(Call(call.venue, call.account, call.key, given))
    length = interval_ms(given["interval"])
    newest = min(given.get("end", call.venue.clock.now), call.venue.clock.now) // length * length
    starts = range(newest, given.get("start", 0) - 1, -length)[: min(given.get("limit", 200), 1000)]
    rows = [candle(call.venue, each, start, length) for start in starts]
    return Reply({"symbol": each.symbol, "category": given["category"], "list": rows})


@get(
    "/v5/market/funding/history",
    Takes("category symbol", texts="category symbol", integers="startTime endTime limit"),
)
@documented("v5/market/history-fund-rate")
def funding_history(call: Call) -> Reply:
    """Newest first, every eight hours; 200 at most. A beginning without an end is refused."""
    (each,) = of_category(call)
    if "startTime" in call.given and "endTime" not in call.given:
        raise Refused(WRONG_PARAMETER, name="endTime")
    newest = call.given.get("endTime", call.venue.clock.now) // EIGHT_HOURS * EIGHT_HOURS
    moments = range(newest, call.given.get("startTime", 0) - 1, -EIGHT_HOURS)[: call.given.get("limit", 200)]
    rows = [{"symbol": each.symbol, "fundingRate": "0.0001", "fundingRateTimestamp": str(m)} for m in moments]
    return Reply({"category": call.category, "list": rows})


@get("/v5/market/mark-price-kline", _KLINE)
@documented("v5/market/mark-kline")
def mark_kline(call: Call) -> Reply:
    """As the candles of trades, without volume and turnover."""
    reply = kline(call)
    return Reply({**reply.result, "list": [row[:5] for row in reply.result["list"]]})


def interval_ms(interval: str) -> int:
    return (_LENGTHS.get(interval) or int(interval)) * MINUTE


def candle(venue: Venue, each: Instrument, start: int, length: int) -> list[str]:
    """Start, open, high, low, close, volume, turnover; each closed one lies 0.01 % below the one after it."""
    age = (venue.clock.now - start) // length
    tick = Decimal(each.tick_size)
    close = (venue.price(each) * (1 - Decimal(age) / 10000)).quantize(tick)
    opened = (venue.price(each) * (1 - Decimal(age + 1) / 10000)).quantize(tick)
    texts = [format(price, "f") for price in (opened, close + tick, opened - tick, close)]
    return [str(start), *texts, "12.5", plain(Decimal("12.5") * close)]


@get("/v5/market/orderbook", Takes("category symbol", texts="category symbol", integers="limit"))
@documented("v5/market/orderbook")
def orderbook(call: Call) -> Reply:
    """Bids from the highest down, asks from the lowest up: 1 level by default on spot, 25 on contracts."""
    (each,) = of_category(call)
    depth = call.given.get("limit", 1 if call.category == "spot" else 25)
    bids, asks = zip(*levels(call.venue, each, depth), strict=True)
    now = call.venue.clock.now
    return Reply(
        {"s": each.symbol, "b": list(bids), "a": list(asks), "ts": now, "u": 18521288, "seq": 7961638724, "cts": now}
    )


def levels(venue: Venue, each: Instrument, depth: int) -> Iterator[tuple[list[str], list[str]]]:
    """Pairs of a bid and an ask, each a price and a size, from the best on."""
    tick = Decimal(each.tick_size)
    price = venue.price(each).quantize(tick)
    for away in range(1, depth + 1):
        yield [format(price - away * tick, "f"), "1.5"], [format(price + away * tick, "f"), "2.5"]
