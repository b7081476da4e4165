"""Reading a file, but only what is one, and never more than a program can be."""

from __future__ import annotations

import errno
import os
import stat

LIMIT = 10_000_000
"""Bytes; a larger file is data, whatever it is called. The largest client library's Bybit module has half a million."""
NOTEBOOK_LIMIT = 100_000_000
"""The same for a notebook, which holds the pictures that it has drawn."""

KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


class TooLarge(OSError):
    """A file is beyond the limit; `beginning` is what was read of it."""

    def __init__(self, limit: int, path: str, beginning: bytes) -> None:
        super().__init__(errno.EFBIG, f"larger than {limit // 1_000_000} MB", path)
        self.beginning = beginning


def read(path: str, limit: int = LIMIT) -> bytes:
    """The bytes of a file. Raises OSError, which names the file, also for what is none, and TooLarge beyond `limit`.

    A pipe could make its reader wait for ever, and a device never end.
    """
    status = os.stat(path)
    if kind := KINDS.get(stat.S_IFMT(status.st_mode)):
        raise OSError(errno.EINVAL, f"{kind}, not a file", path)
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            room = min(status.st_size, limit) + 1  # no more than is needed, as it is made before anything is read
            data: bytes | None = file.read(room)
            if data and len(data) == room:  # it grew, or is one of those in /proc, which have no size
                data += file.read(limit + 1 - room) or b""
    except OSError as error:
        error.filename = path  # which is not said by one that comes while reading
        raise
    if data is None:  # /proc/kmsg is called a file, and waits
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), path)
    if len(data) > limit:
        raise TooLarge(limit, path, data)
    return data


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
