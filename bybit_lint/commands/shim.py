"""`bybit-lint shim`: the run-time helpers as one file that a bot can carry itself."""

from __future__ import annotations

import errno
import os

from bybit_lint import files, reading
from bybit_lint.project import SHIM_MARK

HOME = os.path.join(os.path.dirname(os.path.dirname(__file__)), "shim.py")


def text() -> bytes:
    """The shim, byte for byte."""
    return reading.read(HOME)


def write(path: str) -> None:
    """Put the shim at `path`, in place of an older one. Raises OSError; no other file is ever replaced."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, f"there is no directory {folder}: make it first", path)
    if os.path.lexists(path) and not reading.read(path).startswith(SHIM_MARK):
        raise FileExistsError(errno.EEXIST, "this file is not a shim: it would be lost", path)
    files.write(path, text())
