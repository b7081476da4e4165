"""How time passes for a bot: sleeping is skipped and the clocks jump, or everything goes some times faster.

The file that says so belongs to the exchange, whose clock follows it too. It has three fields: by how many ns the
clocks have jumped, from when on they count, in ns, and how much faster they go than the machine's.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import queue
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

LEAST = 0.25  # seconds that a timeout of a socket really has, however fast time goes: the machine is not faster

_real_ns, _real_monotonic_ns, _real_sleep = time.time_ns, time.monotonic_ns, time.sleep
_real_asyncio_sleep = asyncio.sleep
_T = TypeVar("_T")


class Passing:
    """The time of this process: the machine's, until there is a file to follow."""

    def __init__(self) -> None:
        self._layout = struct.Struct("qqd")
        self._shared: mmap.mmap | bytearray = bytearray(self._layout.pack(0, 0, 1.0))
        self._jumped = memoryview(self._shared).cast("q")
        self._mutex = threading.Lock()
        self._monotonic_begun = 0
        self._log: int | None = None

    def follow(self, path: Path, layout: str, log: Path) -> None:
        """Follow a clock, and write every sleep that is asked for into a file, in seconds, one in each line."""
        self._layout = struct.Struct(layout)
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), self._layout.size)
        self._jumped = memoryview(self._shared).cast("q")  # which the exchange reads while it is written
        self._monotonic_begun = _real_monotonic_ns()
        self._log = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    @property
    def scale(self) -> float:
        _, _, scale = self._layout.unpack_from(self._shared)
        return float(scale)

    def time_ns(self) -> int:
        jumped, begun, scale = self._layout.unpack_from(self._shared)
        return int(begun + round((_real_ns() - begun) * scale) + jumped)

    def monotonic_ns(self) -> int:
        jumped, _, scale = self._layout.unpack_from(self._shared)
        begun = self._monotonic_begun
        return int(begun + round((_real_monotonic_ns() - begun) * scale) + jumped)

    def sleep(self, seconds: float) -> None:
        _real_sleep(self.rest(seconds))

    def rest(self, seconds: float) -> float:
        """What is really left of a sleep: nothing where sleeping is skipped, which moves the clocks instead."""
        if self._log is not None:
            os.write(self._log, f"{seconds}\n".encode())
        if seconds < 0 or self.scale != 1.0:
            return seconds / self.scale
        with self._mutex:
            self._jumped[0] += round(seconds * 1e9)
        return 0.0

    def real(self, seconds: float | None, least: float = 0.0) -> float | None:
        """What a wait of so many seconds takes on the machine."""
        if not seconds or seconds < 0 or self.scale == 1.0:
            return seconds
        return max(seconds / self.scale, least)


passing = Passing()


def install() -> None:
    """Put the clocks and waits of this module in the places of Python's, before a client takes hold of those."""
    _replace_clocks()
    _replace_waits()
    _replace_timeouts()


def _replace_clocks() -> None:
    time.time_ns, time.monotonic_ns, time.perf_counter_ns = passing.time_ns, passing.monotonic_ns, passing.monotonic_ns
    time.time = lambda: passing.time_ns() / 1e9
    time.monotonic = time.perf_counter = lambda: passing.monotonic_ns() / 1e9
    for module, name in ((threading, "_time"), (queue, "time")):  # both keep the function itself
        setattr(module, name, time.monotonic)


SELECTORS = ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector")
WAITS = (
    (threading.Condition, "wait"),
    (threading.Thread, "join"),
    *((getattr(selectors, kind), "select") for kind in SELECTORS if hasattr(selectors, kind)),
)


def _replace_waits() -> None:
    for module, sleep in ((time, passing.sleep), (asyncio, _asyncio_sleep), (asyncio.tasks, _asyncio_sleep)):
        setattr(module, "sleep", sleep)  # noqa: B010  mypy knows what it was
    for owner, name in WAITS:
        setattr(owner, name, _with_real_timeout(getattr(owner, name)))


async def _asyncio_sleep(delay: float, result: Any = None) -> Any:
    real = passing.rest(delay)
    return await _real_asyncio_sleep(delay if passing.scale != 1.0 else real, result)  # a scaled loop scales by itself


def _with_real_timeout(wait: Callable[..., _T]) -> Callable[..., _T]:
    def waits(self: object, timeout: float | None = None) -> _T:
        return wait(self, passing.real(timeout))

    return waits


def _replace_timeouts() -> None:
    """A socket is told a real timeout and tells the one it was given, because others wait as long as it says."""
    settimeout, gettimeout = socket.socket.settimeout, socket.socket.gettimeout

    def set_scaled(self: socket.socket, value: float | None) -> None:
        settimeout(self, passing.real(value, LEAST))

    def get_scaled(self: socket.socket) -> float | None:
        value = gettimeout(self)
        return value and value * passing.scale

    for name, method in (("settimeout", set_scaled), ("gettimeout", get_scaled)):
        setattr(socket.socket, name, method)
