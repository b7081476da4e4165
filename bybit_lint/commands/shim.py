"""`bybit-lint shim`: the run-time helpers as one file that a bot can carry itself."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable

from bybit_lint.analysis.project import SHIM_MARK
from bybit_lint.analysis.source import Source
from bybit_lint.commands import writing
from bybit_lint.inputs import reading

HOME = os.path.join(os.path.dirname(os.path.dirname(__file__)), "shim.py")


def text() -> bytes:
    """The shim, byte for byte."""
    return reading.read(HOME)


def mistaken(module: str, sources: Iterable[Source]) -> str:
    """The path of a file that goes by the name of the shim and does not have the helpers; empty if there is none."""
    path = module.replace(".", "/")
    places = {f"{above}{path}{end}" for above in ("", "src/") for end in (".py", "/__init__.py")}
    return next((s.path for s in sources if s.place in places and not _has_helpers(s.data)), "")


def _has_helpers(data: bytes) -> bool:
    return data.startswith(SHIM_MARK) or b"bybit_lint" in data


def write(path: str) -> None:
    """Put the shim at `path`, in place of an older one. Raises OSError; no other file is ever replaced."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, f"there is no directory {folder}: make it first", path)
    if os.path.lexists(path) and not reading.read(path).startswith(SHIM_MARK):
        raise FileExistsError(errno.EEXIST, "this file is not a shim: it would be lost", path)
    writing.write(path, text())
