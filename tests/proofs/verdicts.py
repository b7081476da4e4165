"""What a run shows, by what the exchange knows of it: a verdict is a few words and whether they are true."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from exchange import Answer, Connection, Environment, Order

from proofs.bench import Run

CREATE = "/v5/order/create"


@dataclass(frozen=True)
class Verdict:
    """What is said of a run, and whether it is so."""

    words: str
    is_true: Callable[[Run], bool]

    def __and__(self, other: Verdict) -> Verdict:
        return Verdict(f"{self.words}, and {other.words}", lambda run: self.is_true(run) and other.is_true(run))

    def __or__(self, other: Verdict) -> Verdict:
        return Verdict(f"{self.words}, or {other.words}", lambda run: self.is_true(run) or other.is_true(run))

    def __invert__(self) -> Verdict:
        return Verdict(f"not {self.words}", lambda run: not self.is_true(run))


# --- requests ---------------------------------------------------------------------------------------------------------


def refused(code: int, path: str = CREATE) -> Verdict:
    """Bybit answers a request with this retCode, and no order ever stands in its book."""
    return answered(code, path) & no_order


def answered(code: int, path: str = CREATE) -> Verdict:
    return Verdict(
        f"{path} is answered with retCode {code}",
        lambda run: any((answer.path, answer.ret_code) == (path, code) for answer in run.answers),
    )


def granted(path: str, on: Environment | None = None, **fields: str) -> Verdict:
    """All requests to a path are granted, one at least, on one network and with these fields in their bodies."""

    def is_true(run: Run) -> bool:
        asked = [answer for answer in run.answers if answer.path == path]
        return bool(asked) and all(
            it.ret_code == 0 and on in (None, it.environment) and fields.items() <= sent(it).items() for it in asked
        )

    return Verdict(f"{path} is granted{f' on {on}' if on else ''}{f' with {fields}' if fields else ''}", is_true)


def asked(path: str, **fields: str) -> Verdict:
    """A path is asked, each time with these fields in the query."""

    def is_true(run: Run) -> bool:
        found = [dict(parse_qsl(answer.query)) for answer in run.answers if answer.path == path]
        return bool(found) and all(fields.items() <= query.items() for query in found)

    return Verdict(f"{path} is asked with {fields}", is_true)


def granted_at_last(path: str) -> Verdict:
    def is_true(run: Run) -> bool:
        codes = [answer.ret_code for answer in run.answers if answer.path == path]
        return codes[-1:] == [0]

    return Verdict(f"the last request to {path} is granted", is_true)


def sent(answer: Answer) -> dict[str, Any]:
    """The body of a request that has one."""
    return dict(json.loads(answer.body)) if answer.body else {}


# --- orders -----------------------------------------------------------------------------------------------------------


def ordered(what: str, meant: float | str, *, count: int = 1) -> Verdict:
    """There are as many orders, each `linear BTCUSDT Buy Market` or the like, and none of more than was meant."""

    def is_true(run: Run) -> bool:
        return len(run.orders) == count and all(
            title(order) == what and 0 < Decimal(order.qty) <= Decimal(str(meant)) for order in run.orders
        )

    return Verdict(f"{count} times {what} of at most {meant} stands in the book", is_true)


def title(order: Order) -> str:
    return f"{order.category} {order.symbol} {order.side} {order.order_type}"


def orders(count: int) -> Verdict:
    return Verdict(f"{count} orders stand in the book", lambda run: len(run.orders) == count)


no_order = orders(0)


# --- how it ended -----------------------------------------------------------------------------------------------------


def raises(kind: str, code: int | None = None, text: str = "") -> Verdict:
    """The main thread ends with an exception of this type or a subtype, or with one that came from it."""

    def is_true(run: Run) -> bool:
        return any(
            kind in problem.bases and code in (None, problem.code) and text in problem.text for problem in run.problems
        )

    return Verdict(f"it raises {kind}{f' {code}' if code else ''}{f' with {text!r}' if text else ''}", is_true)


ends = Verdict("it comes to its end without an exception", lambda run: run.exit_code == 0 and not run.problems)
goes_on = Verdict("it is still running when its time is over", lambda run: run.exit_code is None)


def gives(value: Any) -> Verdict:
    return Verdict(f"the driver's value is {value!r}", lambda run: not run.problems and bool(run.value == value))


def prints(text: str) -> Verdict:
    return Verdict(f"it prints {text!r}", lambda run: text in run.output)


# --- waits and sockets ------------------------------------------------------------------------------------------------


def waits(*seconds: float) -> Verdict:
    """Its first sleeps are exactly so long."""
    return Verdict(f"it waits exactly {seconds} s", lambda run: _waits(run)[: len(seconds)] == seconds)


def waits_apart(*seconds: float, least: float = 0.5) -> Verdict:
    """Its first sleeps are random parts of these, one half of each at least."""

    def is_true(run: Run) -> bool:
        parts = {part / whole for part, whole in zip(_waits(run, least), seconds, strict=False)}
        return len(parts) == len(seconds) and all(least <= part < 1.0 for part in parts)

    return Verdict(f"it waits for different parts of {seconds} s", is_true)


def _waits(run: Run, least: float = 0.5) -> tuple[float, ...]:
    """Polling is not waiting: no page waits for less than half a second, or a half of that."""
    return tuple(seconds for seconds in run.slept if seconds >= least / 2)


def hammers(often: int = 20) -> Verdict:
    """So many requests that fail are sent within one second."""

    def is_true(run: Run) -> bool:
        failed = [answer.at for answer in run.answers if answer.fault]
        return any(last - first < 1000 for first, last in zip(failed, failed[often - 1 :], strict=False))

    return Verdict(f"{often} requests in vain within a second", is_true)


def asks_often(path: str, often: int) -> Verdict:
    """So many requests for a path are sent within one second."""

    def is_true(run: Run) -> bool:
        asked = [answer.at for answer in run.answers if answer.path == path]
        return any(last - first < 1000 for first, last in zip(asked, asked[often - 1 :], strict=False))

    return Verdict(f"{path} is asked {often} times within a second", is_true)


def each_socket(words: str, is_so: Callable[[Connection], bool]) -> Verdict:
    return Verdict(f"each socket {words}", lambda run: bool(run.sockets) and all(map(is_so, run.sockets)))


cut_off = Verdict(
    "a socket is closed because nobody pinged", lambda run: any(socket.ended == "idle" for socket in run.sockets)
)
kept_open = goes_on & each_socket(
    "is pinged and stays open as long as the bot is there",
    lambda socket: socket.ended in ("", "client") and len(socket.pings) > 1,
)
logged_in = each_socket("is logged in", lambda socket: socket.is_authenticated)
shut_out = each_socket("is not logged in", lambda socket: not socket.is_authenticated)


# --- what is told when a verdict is wrong -----------------------------------------------------------------------------


def account(run: Run) -> str:
    """A run in a few lines, for whoever has to see why it is not as it should be."""
    ending = "still running" if run.exit_code is None else f"exit code {run.exit_code}"
    return "\n".join(
        [
            f"  ended after {(run.ended - run.began) / 1000:.1f} s by its clock: {ending}, value {run.value!r}",
            *(f"  raised {problem.type} {problem.code or ''}: {problem.text}" for problem in run.problems),
            *(f"  {_line(answer)}" for answer in run.answers),
            *(f"  order: {title(order)} {order.qty} at {order.price}, {order.order_status}" for order in run.orders),
            *(f"  {_socket(socket, run)}" for socket in run.sockets),
            *(f"  | {line}" for line in run.output.splitlines()[-15:]),
        ]
    )


def _line(answer: Answer) -> str:
    asked = f"{answer.environment} {answer.method} {answer.path} {answer.query}{answer.body}"
    return f"{asked} -> {answer.status} {answer.ret_code} {answer.ret_msg} {answer.fault}"


def _socket(socket: Connection, run: Run) -> str:
    end = "open" if socket.closed is None else f"{socket.ended} at {(socket.closed - run.began) / 1000:.1f} s"
    return f"socket {socket.environment} {socket.path}: {len(socket.pings)} pings, {socket.pushed} pushes, {end}"
