"""A folder of documents that can be worked out again, each under a key; those that nobody asks for go in the end.

It lies with the user's other caches and never in what is checked: no repository can bring along what is found in it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

NAME = "bybit-lint"
LIMIT = 50_000_000
"""Bytes of all documents. Past them those go that were asked for longest ago, until half of the bytes are left."""
ENTRY, DRAFT = ".json", ".tmp"


def usual_folder() -> str:
    """Where this user's programs keep what they can work out again; empty where there is no such place.

    https://specifications.freedesktop.org/basedir/latest/
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or os.path.expanduser("~/.cache")
    return os.path.join(base, NAME) if os.path.isabs(base) else ""


class Cache:
    """The documents in a folder. What goes wrong with it means only that nothing is remembered."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find(self, key: str) -> Any:
        """The document under a key; None if there is none that can be read."""
        import json  # a run that remembers nothing needs none

        try:
            with open(self._path(key), "rb") as file:
                found = json.load(file)
            os.utime(self._path(key))
        except (OSError, ValueError, RecursionError):  # one that is broken is written anew
            return None
        return found

    def keep(self, key: str, document: Any) -> None:
        """Put a document under a key: whole or not at all, whoever else may be writing."""
        import json

        draft = os.path.join(self.folder, f"{os.urandom(8).hex()}{DRAFT}")
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with open(draft, "x", encoding="ascii") as file:
                json.dump(document, file, separators=(",", ":"))
            os.replace(draft, self._path(key))
        except (OSError, ValueError):
            with suppress(OSError):
                os.unlink(draft)

    def tidy(self) -> None:
        """Keep the folder within its bounds."""
        with suppress(OSError):
            stats = {entry.path: entry.stat(follow_symlinks=False) for entry in self._files()}
            size = sum(status.st_size for status in stats.values())
            if size > LIMIT:
                for path, status in sorted(stats.items(), key=lambda item: item[1].st_mtime):
                    size -= status.st_size
                    _remove(path)
                    if size <= LIMIT / 2:
                        break

    def clear(self) -> int:
        """Remove all that was written here, and nothing else: how many documents there were."""
        try:
            paths = [entry.path for entry in self._files()]
        except OSError:
            return 0
        removed = sum(path.endswith(ENTRY) for path in paths if _remove(path))
        with suppress(OSError):  # somebody else has something in it
            os.rmdir(self.folder)
        return removed

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, key + ENTRY)

    def _files(self) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self.folder) as entries:
            yield from (entry for entry in entries if entry.name.endswith((ENTRY, DRAFT)) and entry.is_file())


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:  # another run was quicker
        return False
    return True
