"""The packages of one Python, read from its folders: nothing of it is run or imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path

from bybit_lint.patterns import regex

CLIENTS = ("pybit", "ccxt", "requests", "httpx", "aiohttp", "websocket-client", "websockets")
"""What bots speak to Bybit with."""
FOLDERS = (
    "lib/python3*/site-packages",
    "lib64/python3*/site-packages",
    "lib/python3*/dist-packages",
    "local/lib/python3*/dist-packages",
    "lib/python3/dist-packages",
    "Lib/site-packages",
)
VERSION = regex(r"python(3\.\d+)")


class NoPython(LookupError):
    """No packages were found at a path that should be a Python's."""


class Installation:
    """What is installed for one Python; `name` is how people know it."""

    def __init__(self, name: str, folders: Sequence[str]) -> None:
        self.name = name
        self._folders = [folder for folder in folders if folder]

    def version(self, package: str) -> str | None:
        """The version of a package; None where it is not installed, empty where it does not say."""
        found = self._found.get(package)
        return None if found is None else _version(found)

    def path(self, package: str, file: str) -> str | None:
        """Where a file of a package is; None where the package or the file is missing."""
        found = self._found.get(package)
        place = str(found.locate_file(file)) if found else ""
        return place if os.path.isfile(place) else None

    def has_lost(self, package: str, file: str) -> bool:
        """Proven: a file that was installed with a package is not there any more."""
        found = self._found.get(package)
        return found is not None and _lists(found, file) and self.path(package, file) is None

    @property
    def clients(self) -> list[str]:
        """What can speak to Bybit in it."""
        return [name for name in CLIENTS if name in self._found]

    @cached_property
    def _found(self) -> dict[str, metadata.Distribution]:
        """By their normalised names; the first of several is the one that Python imports."""
        found: dict[str, metadata.Distribution] = {}
        for distribution in metadata.distributions(path=self._folders):
            found.setdefault(_name(distribution), distribution)
        return found


def here() -> Installation:
    """The Python that this runs in."""
    return Installation("this Python", sys.path)


def at(path: str) -> Installation:
    """A virtual environment, or the Python in one or elsewhere. Raises NoPython."""
    prefix = Path(os.path.abspath(path))  # a link is not followed: that of an environment leads out of it
    if not prefix.is_dir():
        prefix = prefix.parent.parent
    named = VERSION.search(os.path.basename(os.path.realpath(path)))
    every = [str(found) for found in _folders(prefix)]
    folders = [found for found in every if _is_of(found, named[1] if named else "")] or every
    if not os.path.exists(path) or not folders:
        raise NoPython
    return Installation("that Python", [*folders, *_shared(prefix)])


def _folders(prefix: Path) -> Iterator[Path]:
    for pattern in FOLDERS:
        yield from sorted(prefix.glob(pattern))


def _is_of(folder: str, version: str) -> bool:
    """False for the folder of another Python below the same prefix."""
    named = VERSION.search(folder.replace(os.sep, "/"))
    return not version or named is None or named[1] == version


def _shared(prefix: Path) -> Iterator[str]:
    """The packages of the Python that an environment was made with, where it lets them in."""
    try:
        lines = (prefix / "pyvenv.cfg").read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    told = {name.strip().lower(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    if told.get("include-system-site-packages", "").lower() == "true" and "home" in told:
        yield from map(str, _folders(Path(told["home"]).parent))


def _name(distribution: metadata.Distribution) -> str:
    try:
        name = distribution.metadata["Name"]
    except Exception:  # noqa: BLE001 (a broken installation of one package must not hide the others)
        name = None
    return (name or "").lower().replace("_", "-").replace(".", "-")


def _lists(distribution: metadata.Distribution, file: str) -> bool:
    """Whether a package was installed with a file; `files` would leave out one that is gone, from Python 3.12 on."""
    try:
        record = distribution.read_text("RECORD") or ""
    except Exception:  # noqa: BLE001 (as above)
        return False
    return any(line.startswith(f"{file},") for line in record.replace("\\", "/").splitlines())


def _version(distribution: metadata.Distribution) -> str:
    try:
        return distribution.version or ""
    except Exception:  # noqa: BLE001 (as above)
        return ""
