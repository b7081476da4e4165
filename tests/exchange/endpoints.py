"""What a request is to whoever answers it, and which function answers which path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from exchange.accounts import Account
from exchange.conditions import Key
from exchange.parameters import Parameters, Takes
from exchange.venue import Venue


@dataclass(frozen=True)
class Call:
    """A request whose signature and parameters were checked."""

    venue: Venue
    account: Account
    key: Key | None
    given: Parameters

    @property
    def category(self) -> str:
        return str(self.given["category"])


@dataclass
class Reply:
    """What goes into the fields of the answer that differ by endpoint."""

    result: dict[str, Any]
    ret_ext_info: dict[str, Any] = field(default_factory=dict)
    ret_msg: str = "OK"


@dataclass(frozen=True)
class Endpoint:
    """One path and method; `per_second` is the limit by category, "" for any."""

    method: str
    path: str
    takes: Takes
    answer: Callable[[Call], Reply]
    per_second: dict[str, int]
    is_private: bool


ENDPOINTS: dict[tuple[str, str], Endpoint] = {}


def get(path: str, takes: Takes, limit: int = 50) -> Callable[[Callable[[Call], Reply]], Callable[[Call], Reply]]:
    """Enter a function that answers GET; those below /v5/market/ need no key and have no limit but the address's."""
    return _entering("GET", path, takes, {"": limit})


def post(
    path: str, takes: Takes, limit: int = 10, **other: int
) -> Callable[[Callable[[Call], Reply]], Callable[[Call], Reply]]:
    """Enter a function that answers POST; `other` are the limits of single categories."""
    return _entering("POST", path, takes, {"": limit, **other})


def _entering(
    method: str, path: str, takes: Takes, per_second: dict[str, int]
) -> Callable[[Callable[[Call], Reply]], Callable[[Call], Reply]]:
    def enter(answer: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
        is_private = not path.startswith("/v5/market/")
        ENDPOINTS[method, path] = Endpoint(method, path, takes, answer, per_second, is_private)
        return answer

    return enter
