"""How far a run has come, on a terminal, once it takes longer than anybody likes to wait without a word."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bybit_lint.commands.output import is_terminal
from bybit_lint.judging.verdict import Advance

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

PATIENCE = 1.0
"""Seconds."""
WIPE = "\r\x1b[2K\x1b[?25h"
"""The line emptied and the cursor back: what is said next stands where the bar was."""


@contextmanager
def progress(is_quiet: bool = False, now: Callable[[], float] = time.monotonic) -> Iterator[Advance | None]:
    """A bar on the error output for as long as the work takes; None where nobody would see it or wants it."""
    if is_quiet or not is_terminal(err=True):
        yield None
        return
    bar = _Bar(now)
    try:
        yield bar.advance
    finally:
        bar.wipe()


class _Bar:
    """A bar that shows up late, and leaves nothing behind."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._due = now() + PATIENCE
        self._shown: ProgressBar[int] | None = None

    def advance(self, done: int, of: int) -> None:
        if self._shown is None and self._now() >= self._due:
            self._shown = click.progressbar(length=of, label="checking", show_eta=False, file=sys.stderr)
        if self._shown is not None:
            self._shown.length, self._shown.pos = of, done
            self._shown.render_progress()

    def wipe(self) -> None:
        if self._shown is not None:
            click.echo(WIPE, nl=False, err=True)
