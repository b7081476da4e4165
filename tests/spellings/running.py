"""Running a bot of several files in this process, with clients that send nothing."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import os
import random
import sys
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from types import ModuleType
from typing import NamedTuple, TypeAlias
from unittest import mock

from spellings.world import Stop, World, clients

Files: TypeAlias = Mapping[str, str]
"""The text of each file of a bot, by its path."""
KEYS = {f"BYBIT_{name}": name for name in ("KEY", "SECRET", "TESTNET_KEY", "TESTNET_SECRET")}


class Deeds(NamedTuple):
    """What a bot has done: what it sent, in order, how long it slept, and how it ended."""

    sent: tuple[str, ...]
    slept: tuple[float, ...]
    end: str

    def is_as(self, other: Deeds) -> bool:
        """True if the same was done. What a thread of its own comes to, nobody hears."""
        return self[:2] == other[:2] and (self.end == other.end or other.end == "None")


class Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of a bot."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def path(self, name: str) -> str | None:
        stem = name.replace(".", "/")
        folders = ["", *(f"{entry}/" for entry in sys.path if entry and not os.path.isabs(entry))]
        paths = [f"{folder}{stem}{end}" for folder in folders for end in (".py", "/__init__.py")]
        return next((path for path in paths if path in self.files), None)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        found = self.path(fullname)
        is_package = bool(found and found.endswith("__init__.py"))
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package) if found else None

    def get_source(self, fullname: str) -> str:
        return self.files[self.path(fullname) or ""]


def deeds(files: Files, drive: str) -> Deeds:
    """What the bot does when it is driven. An error that it lets out is how it ended."""
    world = World()
    with placed(files, world):
        end = ended(drive, world)
    return Deeds(tuple(world.sent), tuple(sorted(world.slept)), end)


def ended(drive: str, world: World) -> str:
    try:
        bot = importlib.import_module("bot")
        names = {**vars(bot), "world": world}
        *before, last = drive.strip().splitlines()
        exec("\n".join(before), names)
        result = eval(last, names)
        if isinstance(result, Coroutine):
            result = asyncio.run(result)
    except (Exception, Stop) as error:  # noqa: BLE001  # whatever it is, both spellings must end with it
        return f"{type(error).__name__}: {error}"
    return repr(result)


@contextlib.contextmanager
def placed(files: Files, world: World) -> Iterator[None]:
    """The bot's modules and the clients can be imported, and nobody else's time passes."""
    finder = Finder(files)
    fakes = clients(world)
    random.seed(1)
    with (
        mock.patch.dict(sys.modules, fakes),
        mock.patch.object(sys, "meta_path", [finder, *sys.meta_path]),
        mock.patch.object(sys, "path", list(sys.path)),
        mock.patch.object(threading, "excepthook"),
        mock.patch.dict(os.environ, KEYS),
        mock.patch.object(time, "sleep", world.sleep),
        mock.patch.object(time, "time", return_value=1700000000.5),
        mock.patch.object(asyncio, "sleep", world.sleep_async),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        yield
