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

FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""To wait for nothing, and to read bytes as they are."""


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
        handle = os.open(path, FLAGS)  # open() would ask six more things of each file
        try:
            data = _read(handle, status.st_size, limit)
        finally:
            os.close(handle)
    except OSError as error:
        error.filename = path  # which is not said by one that comes while reading
        raise
    if len(data) > limit:
        raise TooLarge(limit, path, data)
    return data


def _read(handle: int, size: int, limit: int) -> bytes:
    """What an open file holds, as far as one byte beyond the limit. Raises OSError."""
    data = os.read(handle, min(size, limit) + 1)  # no more than is needed, as it is made before anything is read
    if len(data) != size:  # it grew, is one of those in /proc, which have no size, or comes in pieces
        while len(data) <= limit and (more := os.read(handle, limit + 1 - len(data))):
            data += more
    return data
