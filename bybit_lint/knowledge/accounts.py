"""What accounts differ in that decides what Bybit takes: the position mode and the account type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import rows
from bybit_lint.tuples import NamedTuple

HEDGE, ONE_WAY = "hedge", "one-way"
UNIFIED = "unified"


class Account(NamedTuple):
    """An account, as far as it is known; empty is what is not."""

    position_mode: str = ""
    """`hedge` or `one-way`, of its USDT contracts."""
    type: str = ""
    """`unified` or `classic`."""


UNKNOWN = Account()
"""One of which nothing is said."""


@cache
def settings() -> Mapping[str, Mapping[str, str]]:
    """The settings of an account by the names that a config has for them: for each value what Bybit is sent for it."""
    found: dict[str, dict[str, str]] = {}
    for row in rows("accounts"):
        name, _, value = row[0].partition(" ")
        found.setdefault(name, {})[value] = row[1]
    return found


def position_mode(sent: object) -> str:
    """The position mode that is switched to by a `mode`; empty where it is none."""
    return next((value for value, mode in settings()["position-mode"].items() if mode == str(sent)), "")


def sent(position_mode: str) -> str:
    """What Bybit is sent to switch to a position mode."""
    return settings()["position-mode"][position_mode]
