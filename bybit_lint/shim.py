# bybit-lint shim 0.1.0
"""What a bot needs at run time to keep Bybit's rules: steps, waits, the clock, pings. Stdlib only, from Python 3.9 on.

`bybit-lint --fix` makes bots call these helpers, `bybit-lint shim --write PATH` copies this file into a bot.
An order that Bybit accepted without the shim goes out with it: where Bybit cannot be asked, a number or a timestamp is
used as it is, with a warning from the logger "bybit_shim".
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import logging
import math
import os
import random
import re
import reprlib
import threading
import time
import types
import urllib.request
import weakref
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, localcontext
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    Number = str | int | float | Decimal

_TIMEOUT = 3.0  # seconds one request may take, from looking up the name to the last byte
_LONGEST = 1 << 20  # bytes of an answer: one instrument's has some 2,000
_MOST = 2000  # instruments or hosts that are remembered at once
_DIGITS = 1000  # of a number in plain notation: any float has fewer
_RETRY = 60.0  # seconds before a failed request is made again
_KEEP = 3600.0  # seconds an instrument's filters are believed
_MEASURE = 600.0  # seconds between two looks at Bybit's clock
_CREDIT = 0.5  # seconds at most that an answer counts as under way: Bybit refuses a clock that is 1 s ahead
_SLOW = 1.0  # seconds: an answer that took longer does not show whether a clock is 1 s ahead
_FIRST, _LAST = 1_767_225_600, 4_102_444_800  # 2026, when this file was written, and 2100, in seconds since 1970
_FURTHEST = 366 * 86400.0  # seconds between a clock that was once set and Bybit's: further off, no certificate is valid
_APART = 5.0  # seconds between the times in one answer
_JUMP = 0.5  # seconds by which the local clocks may part before Bybit's is looked at again
_PING_EVERY = 20.0  # seconds
_PING_ID = "bybit_shim"
_PING = json.dumps({"req_id": _PING_ID, "op": "ping"})
_LONGEST_PONG = 500  # characters, of which Bybit needs about 150: longer messages are not looked at

_log = logging.getLogger("bybit_shim")
_lock = threading.RLock()  # re-entrant, because a signal handler may place orders too
_random = random.SystemRandom()  # bots that all call random.seed(42) would wait equally long


def _get(url: str) -> Any:
    """The JSON at `url`; TimeoutError if it is not all there after 3 s, whatever they went by with."""
    for reader in threading.enumerate():
        if isinstance(reader, _Reader) and reader.url == url and not reader.is_awaited:
            raise TimeoutError("an earlier request has not ended yet")
    return _Reader(url).answer()


class _Reader(threading.Thread):
    """Reads JSON aside: a socket's timeout holds for one read only, and not at all for the look-up of a name."""

    def __init__(self, url: str) -> None:
        super().__init__(name="bybit-get", daemon=True)
        self.url, self.is_awaited = url, True
        self._answers = list[Any]()
        self._errors = list[Exception]()  # from which it is taken to be raised: else it would hold itself, and a socket

    def answer(self) -> Any:
        try:
            self.start()
            self.join(_TIMEOUT)
        except RuntimeError:  # an interpreter that shuts down starts no threads
            self.run()
        finally:
            self.is_awaited = False
        if self._errors:
            raise self._errors.pop()
        if not self._answers:
            raise TimeoutError(f"no whole answer within {_TIMEOUT:g} s")
        return self._answers.pop()

    def run(self) -> None:
        try:
            self._answers.append(json.loads(self._read()))
        except Exception as error:  # noqa: BLE001  raised where the answer is waited for
            self._errors.append(error)

    def _read(self) -> bytearray:
        body = bytearray()
        with urllib.request.urlopen(self.url, timeout=_TIMEOUT) as answer:  # noqa: S310  the bot's own address
            while self.is_awaited and len(body) <= _LONGEST:
                piece = answer.read1(1 << 16)
                if not piece:
                    return body
                body += piece
        raise ValueError(f"an answer of more than {_LONGEST} bytes, or one that nobody waits for")


def _origin(url: object) -> str:
    """Scheme and host of a URL; empty where it has none."""
    try:
        parts = urlsplit(str(url))
    except ValueError:  # half of an IPv6 address
        return ""
    host = parts.netloc.rpartition("@")[2]  # a password is shown in no warning
    return f"{parts.scheme}://{host}" if parts.scheme in ("http", "https") and host else ""


_Known = TypeVar("_Known")


def _remember(known: dict[Any, _Known], key: object, value: _Known) -> _Known:
    if len(known) >= _MOST:
        known.clear()  # what is still needed is asked for again
    known[key] = value
    return value


def _forget() -> None:
    global _lock  # noqa: PLW0603  somebody may hold the old one who is not there any more
    _lock = threading.RLock()
    _instruments.clear()
    _clocks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)  # a child has its parent's locks, but none of its threads


# --- steps ------------------------------------------------------------------------------------------------------------


def floor_to_step(value: Number, step: Number) -> str:
    """The largest multiple of `step` that is not above `value`, in plain decimal notation ("0.0000001", never "1E-7").

    A float that arithmetic left a few units in its last place below a multiple counts as that multiple: 0.7 + 0.1 is
    "0.8" at step 0.1. ValueError if the value is not a finite number of zero or more, or the step not above zero, or
    one of them has more than 1000 digits in plain notation.
    Serves https://bybit-exchange.github.io/docs/v5/market/instrument (qtyStep, basePrecision, tickSize).
    """
    return format(_snap(value, step), "f")


def _number(value: object) -> Decimal:
    try:
        number = Decimal(value if isinstance(value, Decimal) else str(value))
    except InvalidOperation:
        raise ValueError(f"{reprlib.repr(value)} is not a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError(f"{reprlib.repr(value)} is not a finite number of zero or more")
    if not number:
        return Decimal(0)  # -0.0, 0E+999999999
    exponent = cast(int, number.as_tuple().exponent)
    if max(number.adjusted(), 0) + 1 - min(exponent, 0) > _DIGITS:
        raise ValueError(f"{reprlib.repr(value)} has more than {_DIGITS} digits in plain notation")
    return number


_EXACT = Context(  # for all that two numbers of so many digits can give, whatever the bot has set for its own
    prec=3 * _DIGITS, rounding=ROUND_HALF_EVEN, Emin=-9 * _DIGITS, Emax=9 * _DIGITS, clamp=0, traps=[InvalidOperation]
)


def _snap(value: object, step: object, up: bool = False) -> Decimal:
    number, grid = _number(value), _number(step)
    if not grid:
        raise ValueError(f"a step must be above zero, not {reprlib.repr(step)}")
    with localcontext(_EXACT):
        noise = min(Decimal(4 * math.ulp(value)), grid / 4) if isinstance(value, float) else Decimal(0)
        steps, rest = divmod(number, grid)
        if grid - rest <= noise or (up and rest > noise):
            steps += 1
        return steps * grid


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_qty(client: object, category: str, symbol: str, qty: Number, *, unit: str = "baseCoin") -> str:
    """`qty` rounded down to the instrument's qtyStep (spot: basePrecision, or quotePrecision with unit="quoteCoin").

    In coins or contracts, as the order has it; in quote coin for a spot market order by value. `client` is asked once
    an hour per symbol: pybit's `HTTP`, anything else with `get_instruments_info`, or a REST address such as
    "https://api-testnet.bybit.com". The first call for a symbol waits for the answer: up to 3 s where an address is
    given, and where a client is asked as long as that waits (pybit: 10 s for every read, and more where it retries).

    ValueError if nothing would be left of the quantity, or if it is negative, not a number or longer than 1000 digits.
    Between that and the minimum (minOrderQty, minOrderAmt) Bybit judges; zero, None and "" go out as they are (qty "0"
    closes a position). Where the instrument cannot be looked up, or the step in the answer is no number above zero, the
    quantity goes out unrounded, with a warning: nothing that Bybit answers is an error.
    Serves https://bybit-exchange.github.io/docs/v5/market/instrument (lotSizeFilter), retCode 10001 and 170137.
    """
    if category != "spot":
        return _rounded(client, category, symbol, qty, "qtyStep", "minOrderQty")
    step = "quotePrecision" if unit == "quoteCoin" else "basePrecision"
    return _rounded(client, category, symbol, qty, step, "minOrderAmt")  # spot's minOrderQty is deprecated


def round_price(client: object, category: str, symbol: str, price: Number, *, up: bool = False) -> str:
    """`price`, in quote coin, rounded to the instrument's tickSize: down, or up with `up=True`.

    Client, errors and failed look-ups as in `round_qty`; zero goes out as it is (it removes a take profit).
    Serves https://bybit-exchange.github.io/docs/v5/market/instrument (priceFilter), retCode 10001 and 170134.
    """
    return _rounded(client, category, symbol, price, "tickSize", "minPrice", up)


def _rounded(
    client: object, category: str, symbol: str, value: Number | None, name: str, minimum: str, up: bool = False
) -> str:
    if value is None or value == "":
        return cast(str, value)  # pybit leaves None out, and the price of a market order may be empty
    number = _number(value)
    if not number:
        return "0"
    filters = _filters(client, category, symbol)
    step = filters.get(name)
    try:
        result = _snap(value, step, up)
    except ValueError as error:  # it is about the step: the value was looked at above
        sent, why = _plain(number), error if name in filters else "it is not known"
        _log.warning("%s %s: %s goes out unrounded, because of its %s: %s", category, symbol, sent, name, why)
        return sent
    if not result:
        least = f"{name} {step}, {minimum} {filters.get(minimum, 'unknown')}"
        raise ValueError(f"{category} {symbol}: {_plain(number)} is below the minimum, it rounds to zero ({least})")
    return _plain(result)  # with no zeros added: what was on the grid gains no decimals


class _Instrument:
    """What is known of one instrument: asked for by one thread at a time, kept where it cannot be asked for again."""

    def __init__(self, client: object) -> None:
        self._client = _weakly(client)
        self._lock = threading.RLock()
        self._filters: dict[str, object] = {}
        self._due = -math.inf

    def is_of(self, client: object) -> bool:
        """Whether it is the same client, and not one that got its id."""
        return self._client() is client

    def filters(self, ask: Callable[[], dict[str, object]]) -> dict[str, object]:
        with self._lock:
            if time.monotonic() >= self._due:
                self._due = time.monotonic() + _RETRY
                try:
                    self._filters = ask()
                    self._due = time.monotonic() + _KEEP
                except Exception as error:  # noqa: BLE001  whatever a client raises: the order must go out
                    _log.warning("instruments-info could not be read: %s: %.300s", type(error).__name__, error)
            return self._filters


def _weakly(client: object) -> Callable[[], object]:
    try:
        return weakref.ref(client)
    except TypeError:  # it has __slots__
        return lambda: client


_instruments: dict[tuple[str | int, str, str], _Instrument] = {}


def _filters(client: object, category: str, symbol: str) -> dict[str, object]:
    address = getattr(client, "endpoint", client)  # pybit's sessions on one host share what they know
    host = _origin(address) if isinstance(address, str) else ""
    key = (host or id(client), category, symbol)
    with _lock:
        known = _instruments.get(key)
        if known is None or not (host or known.is_of(client)):
            known = _remember(_instruments, key, _Instrument(None if host else client))
    return known.filters(lambda: _ask(client, category, symbol))


def _ask(client: Any, category: str, symbol: str) -> dict[str, object]:
    query = {"category": category, "symbol": symbol}
    if hasattr(client, "get_instruments_info"):
        answer = client.get_instruments_info(**query)
    else:
        answer = _get(f"{_origin(client)}/v5/market/instruments-info?{urlencode(query)}")
    if isinstance(answer, tuple):  # pybit with record_request_time or return_response_headers
        answer = answer[0]
    for row in answer["result"].get("list", ()):
        if row["symbol"] == symbol:
            return {**row["lotSizeFilter"], **row["priceFilter"]}
    raise LookupError(f"Bybit lists no {category} {symbol}: retCode {answer.get('retCode')}, {answer.get('retMsg')}")


# --- waits ------------------------------------------------------------------------------------------------------------


def jitter(delay: float) -> float:
    """A random part of `delay` between one half and the whole, in seconds: never a longer wait than was asked for.

    ValueError if the delay is negative or not a finite number.
    Serves https://bybit-exchange.github.io/docs/v5/rate-limit, retCode 10006: bots that failed together return apart.
    """
    return _finite("delay", delay) * _random.uniform(0.5, 1.0)


def backoff(attempt: int, base: float = 1.0, cap: float = 30.0) -> float:
    """A random wait in seconds from 0 to `base * 2**attempt` and at most `cap` (full jitter); attempts count from 0.

    ValueError if one of them is negative or not a finite number.
    Serves https://bybit-exchange.github.io/docs/v5/rate-limit, retCode 10006.
    """
    doubled = 2.0 ** min(_finite("attempt", attempt), 1000)
    return _random.uniform(0.0, min(_finite("cap", cap), _finite("base", base) * doubled))


def _finite(name: str, value: float) -> float:
    try:
        number = math.nan if isinstance(value, (bool, str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError(f"{name} must be a finite number and must not be negative: {reprlib.repr(value)}")
    return number


# --- the clock --------------------------------------------------------------------------------------------------------


def server_timestamp(base_url: str = "https://api.bybit.com") -> int:
    """Milliseconds since 1970 by Bybit's clock, for signing; by the local clock where that is not proven wrong.

    The first call waits up to 3 s for a measurement. Later ones are made in the background: every 10 minutes, after 1
    minute where Bybit took long to answer, and at once after the machine slept or its clock was set. Where measuring
    fails, or shows what cannot be so, it goes on as before, at first by the local clock, with a warning: Bybit's clock
    shows no time before 2026 and none more than a year from the local clock, unless that was never set.
    Of a longer URL, scheme and host are taken. Raises nothing.
    Serves https://bybit-exchange.github.io/docs/v5/guide, retCode 10002: server_time - recv_window <= timestamp <
    server_time + 1000.
    """
    host = _origin(base_url)
    with _lock:
        clock = _clocks.get(host)
        if clock is None or clock.is_lost:
            clock = _remember(_clocks, host, _Clock(host))
    return int(clock.now() * 1000)


class _Clock:
    """How far Bybit's clock is ahead of time.monotonic(), which does not move when the local clock is set."""

    def __init__(self, host: str) -> None:
        self._url = f"{host}/v5/market/time"
        self._leads: tuple[float, float] | None = None  # seconds that Bybit's clock and the local one are ahead of it
        self._due = -math.inf
        self._tried = threading.Event()

    @property
    def is_lost(self) -> bool:
        """True if the local clock was set, or time.monotonic() stood still in a sleeping machine: who knows which."""
        return self._leads is not None and abs(time.time() - time.monotonic() - self._leads[1]) > _JUMP

    def now(self) -> float:
        with _lock:
            if time.monotonic() >= self._due:
                self._due = time.monotonic() + _RETRY
                self._measure_aside()
        self._tried.wait(_TIMEOUT)
        self._tried.set()  # nobody waits twice
        return time.monotonic() + self._leads[0] if self._leads else time.time()

    def _measure_aside(self) -> None:
        try:
            threading.Thread(target=self._measure, name="bybit-clock", daemon=True).start()
        except RuntimeError as error:  # an interpreter that shuts down starts no threads
            self._fail(error)

    def _measure(self) -> None:
        try:
            sent = time.monotonic()
            answer = _get(self._url)
            received, local = time.monotonic(), time.time()
            shown = _shown(answer, local)
        except Exception as error:  # noqa: BLE001  whatever the network does: the request must be signed
            self._fail(error)
            return
        trip = received - sent
        is_right = shown <= local <= shown + trip  # then it stays: the guide asks for a local clock that is kept right
        server = local if is_right else shown + min(trip / 2, _CREDIT)
        if trip < _SLOW or self._leads is None:
            self._leads = server - received, local - received
        self._due = received + (_MEASURE if trip < _SLOW else _RETRY)
        self._tried.set()

    def _fail(self, error: Exception) -> None:
        _log.warning("Bybit's clock could not be read at %s: %s: %.300s", self._url, type(error).__name__, error)
        self._tried.set()


def _shown(answer: Any, local: float) -> float:
    """Bybit's time in seconds since 1970; ValueError if it cannot be so."""
    shown = int(answer["time"]) / 1000
    result = answer.get("result", {})
    others = [int(result[name]) / unit for name, unit in (("timeSecond", 1), ("timeNano", 10**9)) if name in result]
    if any(abs(other - shown) > _APART for other in others):
        raise ValueError(f"it shows {shown} and {others} at once")
    if not _FIRST <= shown < _LAST or (local >= _FIRST and abs(shown - local) > _FURTHEST):
        raise ValueError(f"it shows {shown}, the local clock {local} s since 1970")
    return shown


_clocks: dict[str, _Clock] = {}


# --- sockets ----------------------------------------------------------------------------------------------------------


def heartbeat(ws: Any) -> asyncio.Task[None]:
    """Send Bybit's ping as text every 20 s until the socket is closed; returns the task on the running loop.

    `ws` is a connection of websockets or aiohttp; twice for one socket is one beat. Bybit's answers to these pings are
    kept from whoever receives on `ws`. Where they cannot be, no ping is sent, with a warning. RuntimeError where no
    loop runs.
    Serves https://bybit-exchange.github.io/docs/v5/ws/connect, which asks for a text message, not a protocol ping.
    """
    task = _tasks.get(id(ws))
    if task is None:
        task = _tasks[id(ws)] = asyncio.get_running_loop().create_task(_beat(ws, _pongs_of(ws)))
        task.add_done_callback(lambda _: _tasks.pop(id(ws)))
    return task


_tasks: dict[int, asyncio.Task[None]] = {}  # a loop itself holds its tasks only weakly


async def _beat(ws: Any, pongs: _Pongs | None) -> None:
    try:
        while pongs is not None:
            await asyncio.sleep(_PING_EVERY)
            pongs.expect()
            await (ws.send_str if hasattr(ws, "send_str") else ws.send)(_PING)
    except Exception as error:  # noqa: BLE001  the socket is closed: whoever reads from it hears of that
        _log.debug("the heartbeat ends: %r", error)


_Socket = TypeVar("_Socket")


def start_heartbeat(ws: _Socket) -> _Socket:
    """Send Bybit's ping as text every 20 s from a daemon thread; returns `ws`, to be put around where it is made.

    `ws` is a `WebSocketApp` (pinged whenever it is connected, as long as it exists) or an open connection of
    websocket-client or websockets.sync (pinged until it is closed); twice for one socket is one beat. Bybit's answers
    to these pings are kept from whoever receives on `ws`. Where they cannot be, no ping is sent, with a warning.
    Serves https://bybit-exchange.github.io/docs/v5/ws/connect, which asks for a text message, not a protocol ping.
    """
    with _lock:
        pongs = _pongs_of(ws)
        if pongs is not None and ws not in _beating:
            pongs.restart()
            _beating.add(ws)
            beat = threading.Thread(target=_keep_beating, args=(weakref.ref(ws), pongs), name="bybit-ping", daemon=True)
            beat.start()
    return ws


_beating: weakref.WeakSet[Any] = weakref.WeakSet()


def _keep_beating(ref: weakref.ref[Any], pongs: _Pongs) -> None:
    time.sleep(_PING_EVERY)
    while _ping(ref(), pongs):
        time.sleep(_PING_EVERY)


def _ping(ws: Any, pongs: _Pongs) -> bool:
    """False if there is nothing to ping any more."""
    if ws is None:
        return False
    reconnects = hasattr(ws, "run_forever")
    try:
        if not reconnects or (ws.sock and ws.sock.connected):
            pongs.expect()
            ws.send(_PING)
    except Exception as error:  # noqa: BLE001  the socket is closed: whoever reads from it hears of that
        _log.debug("no ping was sent: %r", error)
        if not reconnects:
            _beating.discard(ws)
            return False
    return True


class _Pongs:
    """The answers to our pings: kept from the bot, which did not ask for them and may not know what they are."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """On a new connection nothing is answered that was sent on the old one."""
        self._expected = threading.Semaphore(0)

    def expect(self) -> None:
        """A ping is about to go out."""
        self._expected.release()

    def keep(self, message: object) -> bool:
        """True for a message that the bot must not see; it gets as many pongs as it has sent pings itself."""
        return _may_be_ours(message) and self._expected.acquire(blocking=False)


def _may_be_ours(message: object) -> bool:
    """True for a pong with our req_id, or with none: Bybit does not return it on every channel.

    Its shapes: https://bybit-exchange.github.io/docs/v5/ws/connect and, for orders, .../v5/websocket/trade/guideline.
    """
    if not isinstance(message, (str, bytes)) or len(message) > _LONGEST_PONG:
        return False
    try:
        told = json.loads(message)
    except ValueError:
        return False
    if not isinstance(told, dict) or "pong" not in (told.get("op"), told.get("ret_msg")):
        return False
    return (told.get("req_id") or told.get("reqId") or _PING_ID) == _PING_ID


def _pongs_of(ws: Any) -> _Pongs | None:
    """What keeps our pongs from whoever receives on `ws`; None, with a warning, where nothing can."""
    with _lock:
        pongs: _Pongs | None = getattr(ws, "_bybit_pongs", None)
        try:
            return pongs or _made_quiet(ws)
        except (LookupError, AttributeError, TypeError) as error:
            _log.warning("no pings go out on %r, whose pongs would reach the bot as messages: %r", type(ws), error)
            return None


def _made_quiet(ws: Any) -> _Pongs:
    """Give `ws` a class that differs in the one method through which its library hands out every message."""
    kind, pongs = type(ws), _Pongs()
    for library, name, quiet in _RECEIVING:
        receive: Any = getattr(kind, name, None)
        if str(getattr(receive, "__module__", "")).startswith(library) and name not in vars(ws):
            quiet_kind: Any = types.new_class(kind.__name__, (kind,))
            quiet_kind.__module__, quiet_kind._bybit_pongs = kind.__module__, pongs
            setattr(quiet_kind, name, quiet(receive, pongs))
            ws.__class__ = quiet_kind
            return pongs
    raise LookupError("it receives by a method of the bot's own")


def _quiet_app(call: Callable[..., Any], pongs: _Pongs) -> Callable[..., Any]:
    """`call(app, callback, *args)` shows a message to on_data and then to on_message, whenever these were set."""
    kept: object = pongs

    def quiet(app: Any, callback: object, *args: Any) -> Any:
        nonlocal kept
        if not args:  # on_open and on_reconnect
            pongs.restart()
        elif args[0] is kept or pongs.keep(args[0]):
            kept = args[0]
            return None
        return call(app, callback, *args)

    return quiet


def _quiet_websocket(receive: Callable[..., Any], pongs: _Pongs) -> Callable[..., Any]:
    """`receive(ws)` gives an opcode and a frame, and waits as long as `ws.settimeout()` was told."""

    def quiet(ws: Any, *args: Any, **kwargs: Any) -> Any:
        timeout = ws.gettimeout()
        rest = _rest(timeout)
        try:
            while pongs.keep((answer := receive(ws, *args, **kwargs))[1].data):
                ws.settimeout(rest())
            return answer
        finally:
            if ws.gettimeout() != timeout:
                ws.settimeout(timeout)

    return quiet


def _quiet_aiohttp(receive: Callable[..., Any], pongs: _Pongs) -> Callable[..., Any]:
    """`receive(ws, timeout)` gives a message with `data`; without a timeout it waits as long as `ws_connect` says."""

    async def quiet(ws: Any, timeout: float | None = None) -> Any:
        said = getattr(ws, "_receive_timeout", None) or getattr(getattr(ws, "_timeout", None), "ws_receive", None)
        rest = _rest(timeout or said)
        while pongs.keep((message := await receive(ws, rest())).data):
            pass
        return message

    return quiet


def _quiet_websockets(receive: Callable[..., Any], pongs: _Pongs) -> Callable[..., Any]:
    """`receive(ws, decode)` gives text or bytes; if it is no coroutine function, it has a timeout before `decode`."""

    async def quiet_coroutine(ws: Any, *args: Any, **kwargs: Any) -> Any:
        while pongs.keep(message := await receive(ws, *args, **kwargs)):
            pass
        return message

    def quiet(ws: Any, timeout: float | None = None, *args: Any, **kwargs: Any) -> Any:
        rest = _rest(timeout)
        while pongs.keep(message := receive(ws, rest(), *args, **kwargs)):
            pass
        return message

    return quiet_coroutine if inspect.iscoroutinefunction(receive) else quiet


def _rest(timeout: float | None) -> Callable[[], float | None]:
    """Tells what is left of a timeout in seconds, at least a moment: that it is over is for the library to say."""
    if not timeout or timeout < 0:
        return lambda: timeout
    end = time.monotonic() + timeout
    return lambda: max(end - time.monotonic(), 0.001)


_RECEIVING = (
    ("websocket.", "_callback", _quiet_app),
    ("websocket.", "recv_data_frame", _quiet_websocket),  # which recv(), recv_data() and iteration call
    ("aiohttp.", "receive", _quiet_aiohttp),  # which receive_str(), receive_json() and iteration call
    ("websockets.", "recv", _quiet_websockets),  # which iteration calls
)


_Callback = TypeVar("_Callback", bound=Callable[..., Any])


def guarded(callback: _Callback) -> _Callback:
    """`callback` of a stream with its exceptions logged: over one of them pybit would close the socket for good.

    Not for coroutine functions. Serves https://bybit-exchange.github.io/docs/v5/ws/connect (the stream stays open).
    """

    @functools.wraps(callback)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except Exception:  # noqa: BLE001  the next message must still be delivered
            _log.exception("%s failed on a message", getattr(callback, "__qualname__", "a callback"))

    return cast(_Callback, call)


# --- orders and settings ----------------------------------------------------------------------------------------------


def new_order_link_id(prefix: str = "") -> str:
    """A new orderLinkId of at most 36 characters, `prefix` and 16 or more random: one per order, kept for its tries.

    ValueError if the prefix is longer than 20 characters or has others than A-Z, a-z, 0-9, "_" and "-".
    Serves https://bybit-exchange.github.io/docs/v5/order/create-order (orderLinkId), retCode 110072 and 170141.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,20}", prefix):
        raise ValueError(f"an orderLinkId cannot begin with {prefix!r}: at most 20 of A-Z, a-z, 0-9, _ and -")
    return (prefix + os.urandom(16).hex())[:36]


def env_flag(name: str, default: bool = False) -> bool:
    """The environment variable `name` as a truth value: 1, true, yes, on against 0, false, no, off and empty.

    `default` where it is not set. ValueError for any other text: whether a bot trades real money is never guessed.
    Serves https://bybit-exchange.github.io/docs/v5/guide (testnet or mainnet), retCode 10003.
    """
    text = os.environ.get(name, str(default)).strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off", ""):
        return False
    raise ValueError(f"the environment variable {name} must be 1, true, yes, on, 0, false, no, off or empty")
