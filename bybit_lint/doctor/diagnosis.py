"""What a probe has to say: what it did, what it found, what there is to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from bybit_lint.tuples import NamedTuple

Status: TypeAlias = Literal["error", "warning", "unknown", "note", "ok"]

STATUSES: tuple[Status, ...] = ("error", "warning", "unknown", "note", "ok")
"""The worst first. `error` stops a bot, `warning` will or may; `unknown` could not be looked at, and says why."""
TO_DO = ("error", "warning")


class Unable(Exception):
    """What a probe should look at is beyond this program: the message says what that is, and what to do."""


class Diagnosis(NamedTuple):
    """One thing that was looked at. No text of it ever holds a key, a signature or somebody's address."""

    status: Status
    found: str
    """What is so, and what comes of it."""
    did: str
    """What was looked at, or asked of whom."""
    do: str = ""
    """What to do or to write; empty where nothing is."""
    ret_codes: tuple[int, ...] = ()
    """What Bybit answers because of it."""
    figures: Mapping[str, float] = {}
    """What was measured, each under a name that ends in its unit: `offset_ms`."""
    account: Mapping[str, str] = {}
    """What the config says of such an account: `{"type": "unified"}`."""
    probe: str = ""
    """Who says it: the name of the file in `probes/`."""
