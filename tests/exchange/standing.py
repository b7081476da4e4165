"""Where each behaviour of the exchange comes from: Bybit's documentation, a place it was seen at, or an assumption.

A standing is written beside what it is for: as a decorator of the function that does it, or as a field of a refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])

DOCS = "https://bybit-exchange.github.io/docs/"


@dataclass(frozen=True)
class Standing:
    """How much is known; as a decorator it enters the function, and its docstring as what it says, in `BEHAVIOURS`."""

    kind: Literal["documented", "seen", "assumed"]
    source: str  # a page of the documentation; a project, thread or log; for an assumption why it is the likelier one
    switch: str = ""  # for an assumption: the field of `Assumed` that changes it

    def __call__(self, function: _Function) -> _Function:
        says = " ".join((function.__doc__ or "").split())
        BEHAVIOURS.append(Behaviour(f"{function.__module__}.{function.__qualname__}", says, self))
        return function


@dataclass(frozen=True)
class Behaviour:
    """One thing that the exchange does."""

    name: str
    says: str
    standing: Standing


BEHAVIOURS: list[Behaviour] = []


def documented(page: str) -> Standing:
    """By a page below `DOCS`, as of 2026-07-24."""
    return Standing("documented", DOCS + page)


def seen(where: str) -> Standing:
    """In an answer of Bybit's that somebody has published, or in a client that was written from such answers."""
    return Standing("seen", where)


def assumed(switch: str, why: str) -> Standing:
    """By nobody: `switch` has the other possibility."""
    return Standing("assumed", why, switch)
