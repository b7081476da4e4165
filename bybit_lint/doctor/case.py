"""What is asked, and what several probes need to know: each thing is found out once, when somebody asks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from bybit_lint.doctor import trust
from bybit_lint.doctor.credentials import Credentials
from bybit_lint.doctor.host import Host
from bybit_lint.doctor.installation import Installation
from bybit_lint.doctor.line import Answer, Failed, Line, addresses, proxy
from bybit_lint.doctor.trust import Bundle, Trust
from bybit_lint.knowledge.accounts import Account
from bybit_lint.tuples import NamedTuple

TIME = "/v5/market/time"
SAMPLES = 5
PAUSE = 0.4
"""Seconds between two samples: five of them take less than two seconds, in which a broken clock shows its drift."""


class Asked(NamedTuple):
    """What the user wants to know of."""

    host: Host
    timeout: float
    """Seconds for one connection, and for one answer."""
    installation: Installation
    credentials: Credentials | None
    """None where no key is to be looked at."""
    account: Account
    """What the config says of the account."""
    sleep: Callable[[float], None] = time.sleep
    root: str = "/"
    """Where the system's files are looked for."""


class Sample(NamedTuple):
    """One look at Bybit's clock."""

    offset: float
    """By how many ms the local clock is ahead of Bybit's."""
    doubt: float
    """How wrong that may be, in ms: half of the round trip."""


class Case:
    """What the probes look at."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.host = asked.host

    @cached_property
    def addresses(self) -> set[str] | None:
        """Those of the host's name, none if it has none; None where DNS said nothing in time."""
        return addresses(self.host.name, self.asked.timeout)

    @property
    def is_direct(self) -> bool:
        """False where a proxy is to be gone by, which looks up names by itself."""
        try:
            return proxy(self.host) is None
        except Failed:
            return False

    @cached_property
    def trusts(self) -> list[Trust] | Failed:
        """What each bundle says of the host, or why the host could not be asked."""
        if self.is_direct and not self.addresses:
            return Failed("name")
        try:
            return [
                trust.judged(self.host, bundle, self.asked.timeout) for bundle in trust.bundles(self.asked.installation)
            ]
        except Failed as failed:
            return failed

    @property
    def _bundle(self) -> Bundle:
        """The first bundle that trusts the host. Raises Failed."""
        if isinstance(self.trusts, Failed):
            raise self.trusts
        for found in self.trusts:
            if found.failed is None:
                return found.bundle
        raise self.trusts[0].failed or Failed("certificate")

    def line(self) -> Line:
        """A connection to the host, which is trusted. Raises Failed."""
        return Line(self.host, self._bundle.context(), self.asked.timeout)

    @cached_property
    def answer(self) -> Answer | Failed:
        """What comes back when the host is asked for its time, or why nothing does."""
        try:
            with self.line() as line:
                return line.ask(TIME)
        except Failed as failed:
            return failed

    @cached_property
    def samples(self) -> list[Sample]:
        """Looks at Bybit's clock, in the order of time; none where it does not tell the time."""
        found: list[Sample] = []
        if isinstance(self.answer, Failed) or server_time(self.answer) is None:
            return found
        try:
            with self.line() as line:
                for number in range(SAMPLES):
                    if number:
                        self.asked.sleep(PAUSE)
                    found += _sample(line.ask(TIME))
        except Failed:  # what was seen until then is true
            return found
        return found

    @property
    def offset(self) -> float:
        """By how many ms the local clock is ahead of Bybit's, as far as that is known; else 0."""
        return best(self.samples).offset if self.samples else 0.0


def best(samples: list[Sample]) -> Sample:
    """The one that is least in doubt."""
    return min(samples, key=lambda sample: sample.doubt)


def _sample(answer: Answer) -> Iterator[Sample]:
    told = server_time(answer)
    if told is not None:
        yield Sample((answer.sent + answer.arrived) / 2e6 - told, answer.round_trip / 2)


def server_time(answer: Answer) -> float | None:
    """Bybit's time in ms since 1970; None for any other answer than the one that tells it."""
    document = parsed(answer)
    nanoseconds = (document.get("result") or {}).get("timeNano") if is_good(document) else None
    try:
        return int(nanoseconds) / 1e6 if nanoseconds is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


def parsed(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; empty for anything else."""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):  # HTML, a text that is not UTF-8, brackets without end
        return {}
    return document if isinstance(document, dict) else {}


def ret_code(document: dict[str, Any]) -> int | None:
    """That of an answer; None where it has none that is a number."""
    code = document.get("retCode")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def is_good(document: dict[str, Any]) -> bool:
    """True for an answer with what was asked for."""
    return ret_code(document) == 0 and isinstance(document.get("result"), dict)
