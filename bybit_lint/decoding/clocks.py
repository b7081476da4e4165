"""What the timestamps in a 10002 prove: who was late, who was early, and in which unit somebody counts."""

from __future__ import annotations

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

STAMP = r"(?:\[|:\s?)(\d{1,20})\]?"
STAMPS = regex(rf"req_timestamp{STAMP},?\s?server_timestamp{STAMP},?\s?recv_window{STAMP}")
AHEAD = 1000
"""Milliseconds that a request may be ahead of Bybit (https://bybit-exchange.github.io/docs/v5/guide)."""
ZONE, NEAR = 15 * 60_000, 30_000
"""Time zones differ by whole quarters of an hour; a request is on its way for less than half a minute."""


class Story(NamedTuple):
    """What is proven, as a sentence, and the rules about it."""

    words: str
    rules: tuple[str, ...] = ()


def story(text: str) -> Story | None:
    """What the timestamps in a text of Bybit's prove; None where there are none."""
    found = STAMPS.search(text)
    return _story(*map(int, found.groups())) if found else None


def _story(sent: int, server: int, window: int) -> Story:
    if sent * 500 < server or sent > server * 500:
        unit = "seconds" if sent < server else "a smaller unit than milliseconds"
        return Story(f"req_timestamp is in {unit}: Bybit counts in milliseconds since 1970", ("BYB402",))
    late = server - sent
    hours = round(late / ZONE) * ZONE
    if hours and abs(late - hours) < NEAR and abs(hours) >= 2 * ZONE:
        side = "behind" if hours > 0 else "ahead of"
        return Story(
            f"the request is {abs(hours) / 3_600_000:g} h {side} Bybit's clock, as by a time zone: "
            "utcnow().timestamp() and the like give that; write int(time.time() * 1000)",
            ("BYB402", "BYB401"),
        )
    if -late >= AHEAD:
        return Story(
            f"the clock that signed is {_seconds(-late)} s ahead of Bybit's: from one second on no recv_window helps; "
            "set the clock of the machine, or take Bybit's time",
            ("BYB401",),
        )
    if late > window:
        return Story(
            f"the request was {_seconds(late)} s old when Bybit read it, and recv_window is {_seconds(window)} s: "
            "it was long on its way, it was signed long before it was sent, or the clock is behind",
            ("BYB401", "BYB405"),
        )
    return Story("these timestamps lie inside the window, so they are not those that were refused")


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.2f}".rstrip("0").rstrip(".")
