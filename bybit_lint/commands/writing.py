"""Putting new text in the place of a file: whole or not at all, and only where its owner lets it be written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Sequence

from bybit_lint.inputs.reading import read
from bybit_lint.patterns import regex

DRAFT = ".bybit-lint-{}.tmp"
OURS = regex(r"\.bybit-lint-(?:[0-9a-f]{16}|[0-9]+)\.tmp")
"""Drafts by name; with a number they are those of version 0.1.0, whose process it was."""
FORGOTTEN = 3600
"""Seconds after which no run can still be writing a draft."""
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def replace(path: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old`. Raises OSError if the file is a link, or is not what was read any more."""
    if os.path.islink(path):
        raise OSError(errno.ELOOP, f"a link to {os.path.realpath(path)}: name that file to have it fixed", path)
    if read(path) != old:
        raise OSError(errno.EBUSY, "changed while it was being fixed: left as it is, run again", path)
    write(path, new)


def replace_all(files: Sequence[tuple[str, bytes, bytes]]) -> None:
    """Put new text in the place of several files, each `(path, old, new)`: all of them, or none. Raises OSError."""
    done: list[tuple[str, bytes]] = []
    for path, _, _ in files:
        refuse(path)
    try:
        for path, old, new in files:
            replace(path, old, new)
            done.append((path, old))
    except BaseException:
        for path, old in done:
            write(path, old)
        raise


def write(path: str, data: bytes) -> None:
    """Write a file at once or not at all, keeping the owner and mode of the one it replaces. Raises OSError."""
    refuse(path)
    if _is_device(path):
        with open(path, "wb") as device:  # /dev/stdout, a pipe: there is no file to put in its place
            device.write(data)
        return
    folder = os.path.dirname(path)
    _sweep(folder)
    draft = os.path.join(folder, DRAFT.format(os.urandom(8).hex()))
    try:
        with open(draft, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            _keep_owner_and_mode(path, draft)
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.unlink(draft)
        raise


def refuse(path: str) -> None:
    """Raise OSError for what cannot be written, or should not: the superuser too leaves alone what is read-only."""
    folder = os.path.dirname(path) or os.curdir
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if _is_device(path):
        return
    for place in (path, folder):
        if os.path.exists(place) and not _is_writable(place):
            what = "the file" if place == path else "its directory"
            raise PermissionError(errno.EACCES, f"{what} is read-only: left as it is", path)


def _is_device(path: str) -> bool:
    return os.path.islink(path) or (os.path.exists(path) and not os.path.isfile(path))


def _is_writable(path: str) -> bool:
    return bool(os.stat(path).st_mode & WRITABLE) and os.access(path, os.W_OK)


def _sweep(folder: str) -> None:
    """Remove the drafts in a folder that were left behind when one of our own runs was killed."""
    with contextlib.suppress(OSError), os.scandir(folder or os.curdir) as entries:  # it only tidies up
        for entry in entries:
            if OURS.fullmatch(entry.name) and _is_forgotten(entry.stat(follow_symlinks=False)):
                os.unlink(entry.path)


def _is_forgotten(status: os.stat_result) -> bool:
    is_own = os.name != "posix" or status.st_uid == os.geteuid()
    return is_own and stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > FORGOTTEN


def _keep_owner_and_mode(path: str, draft: str) -> None:
    status = os.stat(path)
    if os.name == "posix" and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        os.chown(draft, status.st_uid, status.st_gid)
    os.chmod(draft, status.st_mode)
