"""The bar that says how far a run has come: on a terminal, after a while, and gone in the end."""

from __future__ import annotations

import io
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.commands.progress import PATIENCE, WIPE, progress

BOT = "from pybit.unified_trading import HTTP\n\nsession = HTTP(testnet=True)\n"


class Screen(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The terminal that errors are written to from now on; no fixture, whose setting would not outlive its setup."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_a_bar_that_is_late_enough_is_shown_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown(monkeypatch)
    clock = count(0, PATIENCE / 2)
    with progress(now=lambda: next(clock)) as advance:
        assert advance
        advance(1, 8)
        assert not screen.getvalue()
        advance(4, 8)
        assert "50%" in screen.getvalue()
        advance(8, 8)
    assert "100%" in screen.getvalue()
    assert screen.getvalue().endswith(WIPE)


def test_a_quick_run_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown(monkeypatch)
    with progress(now=lambda: 0) as advance:
        assert advance
        advance(1, 1)
    assert not screen.getvalue()


def test_a_bar_is_wiped_when_the_run_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown(monkeypatch)
    clock = count(0, PATIENCE)
    with suppress(KeyboardInterrupt), progress(now=lambda: next(clock)) as advance:
        assert advance
        advance(1, 2)
        raise KeyboardInterrupt
    assert screen.getvalue().endswith(WIPE)


def test_nobody_sees_a_bar_who_does_not_look_or_does_not_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown(monkeypatch)
    with progress(is_quiet=True) as advance:
        assert advance is None
    monkeypatch.setenv("TERM", "dumb")
    with progress() as advance:
        assert advance is None
    monkeypatch.setattr("sys.stderr", io.StringIO())
    monkeypatch.setenv("TERM", "xterm")
    with progress() as advance:
        assert advance is None


def test_it_is_told_of_every_part_and_of_each_round_of_fixes() -> None:
    told: list[tuple[int, int]] = []
    sources = [Source(f"{name}/bot.py", BOT.encode()) for name in ("one", "two")]
    engine.check(sources, checks.load(), advance=lambda done, of: told.append((done, of)))
    assert told == [(2, 2)]  # both are too small for a process each
    told.clear()
    broken = Source("bot.py", (Path(__file__).parent.parent / "examples" / "naive_bot.py").read_bytes())
    engine.fix([broken], checks.load(), advance=lambda done, of: told.append((done, of)))
    assert len(told) > 1
    assert set(told) == {(1, 1)}
