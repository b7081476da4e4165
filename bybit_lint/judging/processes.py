"""Work in processes of their own, a few at a time: all that one took is free again as soon as it ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """How many processes can work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a process can have a twin that knows all it knows, which takes no time. Threads would not come along.

    https://docs.python.org/3/library/os.html#os.fork
    """
    return hasattr(os, "fork") and threading.active_count() == 1


def results(work: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[R]:
    """What the work on each task comes to, in any order, by up to `jobs` twins of this process at once.

    What they come to has to be fit for pickling. The task of a twin that ends without a result is done here.
    """
    from multiprocessing import connection, get_context

    context = get_context("fork")
    waiting = list(reversed(tasks))
    running: dict[object, tuple[connection.Connection, T]] = {}
    processes = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                reader, writer = context.Pipe(duplex=False)
                task = waiting.pop()
                twin = context.Process(target=_answer, args=(work, task, writer), daemon=True)
                twin.start()
                writer.close()
                processes.append(twin)
                running[reader] = reader, task
            for ready in connection.wait([reader for reader, _ in running.values()]):
                reader, task = running.pop(ready)
                yield _received(reader, work, task)
    finally:
        for twin in processes:
            twin.terminate()
            twin.join()


def _answer(work: Callable[[T], R], task: T, writer: Connection) -> None:
    """What a twin does. It dies without a word when it is told to: the one that it came from has the word."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    try:
        writer.send(work(task))
    except Exception:  # noqa: BLE001 (it will come again where the task is done once more, and is told there)
        os._exit(1)


def _received(reader: Connection, work: Callable[[T], R], task: T) -> R:
    with reader:
        try:
            found: R = reader.recv()
        except EOFError:
            return work(task)
        return found
