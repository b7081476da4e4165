"""When to judge: a moment after the last change, one run at a time, and no run goes on once something else is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Checkpoint: TypeAlias = Callable[[], None]
"""Is called all the time by who does the work, and raises to stop it."""
PAUSE = 0.1
"""Seconds without a change, after which somebody is taken to have stopped typing."""


class Stale(BaseException):
    """A run is not wanted any more. It is no Exception, so that nobody on the way takes it for a crash."""


class Runs(Generic[T]):
    """Does a piece of work whenever it is asked for.

    `prepare` is called in the event loop's thread and gives the work, which is done in a thread of its own and calls
    its argument all the time; `tell` is given what it comes to, `fail` what it crashed with. `tidy` is called in that
    thread after each run, when nobody waits for anything.
    """

    def __init__(
        self,
        prepare: Callable[[], Callable[[Checkpoint], T]],
        tell: Callable[[T], None],
        fail: Callable[[Exception], None],
        tidy: Callable[[], None],
        pause: float = PAUSE,
    ) -> None:
        self._prepare, self._tell, self._fail, self._tidy, self._pause = prepare, tell, fail, tidy, pause
        self._asked, self._idle = asyncio.Event(), asyncio.Event()
        self._threads = ThreadPoolExecutor(max_workers=1)
        self._is_over = False

    def ask(self) -> None:
        """Something has changed."""
        self._asked.set()
        self._idle.clear()

    @property
    def is_asked(self) -> bool:
        """Whether something has changed since the last run began."""
        return self._asked.is_set()

    def end(self) -> None:
        """Do nothing more."""
        self._is_over = True

    async def settled(self) -> None:
        """Wait until all that was asked for is done."""
        await self._idle.wait()

    async def aside(self, work: Callable[[], R]) -> R:
        """Do other work in the same thread, when no run is on."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def go(self) -> None:
        """Wait to be asked, again and again."""
        while True:
            await self._asked.wait()
            while self._asked.is_set():
                self._asked.clear()
                await asyncio.sleep(self._pause)
            try:
                await self._once()
            except Exception as error:  # noqa: BLE001  # one crash must not be the end of all runs
                self._fail(error)
            if not self._asked.is_set():
                self._idle.set()
            await self.aside(self._tidy)

    async def _once(self) -> None:
        work = self._prepare()
        done = await asyncio.get_running_loop().run_in_executor(self._threads, self._finished, work)
        if done and not self._asked.is_set():
            self._tell(done[0])

    def _finished(self, work: Callable[[Checkpoint], T]) -> list[T]:
        """What the work comes to; nothing if it was stopped."""
        try:
            return [work(self._checkpoint)]
        except Stale:
            return []

    def _checkpoint(self) -> None:
        if self._is_over or self._asked.is_set():
            raise Stale
