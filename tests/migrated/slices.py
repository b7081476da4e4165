"""The slices of `bybit-lint migrate` that are not there yet, and the marks of what waits for them.

Whoever finishes a slice takes its name out of `AWAITED`, and a bot that does what it should out of `BOTS`. The marks
are strict, so that nothing which works is called broken.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

AWAITED: frozenset[str] = frozenset()

BOTS: Mapping[str, str] = {}
"""What each bot waits for."""


def awaiting(*slices: str) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of what cannot be so before these slices are there; none where all of them are."""
    missing = [each for each in slices if each in AWAITED]
    reason = f"waits for the slices of migrate: {', '.join(missing)}"
    return (pytest.mark.xfail(reason=reason, strict=True),) if missing else ()


def awaiting_bot(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of a bot that is not carried over yet."""
    reason = f"waits for these slices of migrate: {BOTS.get(name)}"
    return (pytest.mark.xfail(reason=reason, strict=True),) if name in BOTS else ()
