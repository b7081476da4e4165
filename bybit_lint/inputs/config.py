"""What a project asks for: the `[tool.bybit-lint]` table of the nearest pyproject.toml upwards from a file."""

from __future__ import annotations

import keyword
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

from bybit_lint.inputs import files, globs, reading
from bybit_lint.inputs.selection import Misunderstood, did_you_mean
from bybit_lint.knowledge import accounts
from bybit_lint.knowledge.accounts import Account
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

TABLE = "tool.bybit-lint"
SHIM = "bybit_lint.shim"
FAR = 100
"""So many folders are looked into for a config, one for the other, before Python would have to remember too much."""
TEXT = regex(rb"\"[^\"]*\"|'[^']*'")
SLASH = regex(rb"/")
LARGEST = 1_000_000
"""Of a file with a config, in bytes."""
DOTS = 100
"""In one of its lines outside of texts: the library takes a time that grows with the square of a key's parts."""


class BadConfig(Misunderstood):
    """The config cannot be used; the message names file and key and says what is expected."""


class Config(NamedTuple):
    """The table's keys. `exclude` and `baseline` count from the folder of `path`, the file, empty without a table."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    shim: str = SHIM
    unsafe_fixes: bool = False
    account: Account = accounts.UNKNOWN
    baseline: str = ""
    path: str = ""

    def excludes(self, path: str) -> bool:
        """Whether a pattern fits the path below the config's folder, or a folder on the way to it."""
        if not self.exclude:
            return False
        below = os.path.relpath(os.path.abspath(path), os.path.dirname(os.path.abspath(self.path)))
        return _patterns(self.exclude).fit(below.replace(os.sep, "/"))

    @property
    def baseline_path(self) -> str:
        """Where the baseline lies; empty without one."""
        return os.path.join(os.path.dirname(self.path), self.baseline) if self.baseline else ""


class Patterns:
    """As in a .gitignore, but that a star may also stand for folders: one without a slash in it fits at any depth."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._literal: set[bytes] = set()  # with a slash before what fits at any depth
        self._wild: list[tuple[globs.Name, globs.Name | None]] = []  # for the whole path, and behind any folders
        self._known: dict[bytes, bool] = {}
        for pattern in patterns:
            is_anchored = "/" in pattern.rstrip("/") and not pattern.startswith("**/")
            self._add(os.fsencode(pattern.removeprefix("**/").removeprefix("./").strip("/")), is_anchored)

    def _add(self, bare: bytes, is_anchored: bool) -> None:
        try:
            name = globs.name(bare) if globs.is_wild(bare) else None
        except globs.Hopeless:
            name = None
        if name is None:
            self._literal.update([bare] if is_anchored else [bare, b"/" + bare])
        else:
            self._wild.append((name, None if is_anchored else (None, b"/", *name)))

    def fit(self, path: str) -> bool:
        """Whether one fits a path, or a folder on the way to it."""
        place, *names = os.fsencode(path).split(b"/")
        places = accumulate(names, lambda folder, name: folder + b"/" + name, initial=place)
        return any(map(self._fit, places))

    def _fit(self, place: bytes) -> bool:
        if place not in self._known:
            ends = (place[match.start() :] for match in SLASH.finditer(place))
            self._known[place] = (
                place in self._literal
                or not self._literal.isdisjoint(ends)
                or any(_fits_either(place, *pair) for pair in self._wild)
            )
        return self._known[place]


def _fits_either(place: bytes, whole: globs.Name, behind: globs.Name | None) -> bool:
    return globs.fits_name(whole, place) or (behind is not None and globs.fits_name(behind, place))


@lru_cache(maxsize=8)
def _patterns(patterns: tuple[str, ...]) -> Patterns:
    return Patterns(patterns)


def nearest(path: str) -> Config:
    """The config that holds for a file. Raises BadConfig."""
    return _around(os.path.dirname(os.path.abspath(path)))


@cache
def _around(folder: str) -> Config:
    for above in reversed([*files.upwards(folder)][::FAR]):  # so that nobody has to ask too many others
        with suppress(BadConfig):  # which does not hold for the file, or is found again
            _nearest(above)
    return _nearest(folder)


@cache
def _nearest(folder: str) -> Config:
    path, parent = os.path.join(folder, "pyproject.toml"), os.path.dirname(folder)
    config = _config(path) if os.path.isfile(path) else None
    if config is not None:
        return config
    return Config() if parent == folder else _nearest(parent)


def forget() -> None:
    """Read configs anew from now on."""
    _around.cache_clear()
    _nearest.cache_clear()


def at(path: str) -> Config:
    """The config in a file that the user named. Raises BadConfig."""
    config = _config(path)
    if config is None:
        raise BadConfig(f"{path}: there is no [{TABLE}] table in it")
    return config


def _config(path: str) -> Config | None:
    try:
        data = reading.read(path)
    except OSError as error:
        raise BadConfig(f"{files.shown(path)}: cannot be read: {error.strerror}") from error
    return read(path, data)


def read(path: str, data: bytes) -> Config | None:
    """The config in what a file holds; None if there is no table of ours in it. Raises BadConfig."""
    if b"bybit-lint" not in data:
        return None
    tool = _parsed(path, data).get("tool")
    table = tool.get("bybit-lint") if isinstance(tool, dict) else None
    return None if table is None else _checked(table, path)


def _excess(data: bytes) -> str:
    """What there is too much of to be read; empty if there is not."""
    if len(data) > LARGEST:
        return f"larger than {LARGEST // 1_000_000} MB, and so no config"
    bare = (TEXT.sub(b"", line).partition(b"#")[0] if b"." in line else b"" for line in data.splitlines())
    number = next((number for number, line in enumerate(bare, start=1) if line.count(b".") > DOTS), 0)
    return f"line {number} has more than {DOTS} dots outside of texts, and so no key" if number else ""


def _parsed(path: str, data: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    if excess := _excess(data):
        raise BadConfig(f"{files.shown(path)}: {excess}")
    try:
        parsed: dict[str, Any] = tomllib.loads(data.decode())
    except ValueError as error:  # broken TOML, or not UTF-8
        raise BadConfig(f"{files.shown(path)}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise BadConfig(f"{files.shown(path)}: not valid TOML: nested too deeply") from error
    return parsed


def _checked(table: object, path: str) -> Config:
    where = f"{files.shown(path)}: [{TABLE}]"
    if not isinstance(table, dict):
        raise BadConfig(f"{where} must be a table, not {_kind(table)}")
    for key, value in table.items():
        if key not in KEYS:
            raise BadConfig(f"{where} has no key {key!r}{did_you_mean(key, KEYS)}; it knows {', '.join(KEYS)}")
        expected, is_right = KEYS[key]
        if not is_right(value):
            raise BadConfig(f"{where} {key} must be {expected}, not {_kind(value)}")
    values: dict[str, Any] = {key.replace("-", "_"): tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    if "account" in values:
        values["account"] = _account(values["account"], f"{where} account")
    return Config(**values, path=path)


def _account(table: Mapping[str, object], where: str) -> Account:
    """What is said of the account; a setting or a value that no account has is refused."""
    known = accounts.settings()
    for name, value in table.items():
        if name not in known:
            raise BadConfig(f"{where} has no setting {name!r}{did_you_mean(name, known)}; it knows {', '.join(known)}")
        if value not in known[name]:
            choices = " or ".join(map(repr, known[name]))
            raise BadConfig(f"{where} {name} must be {choices}, not {_kind(value)}")
    return Account(**{name.replace("-", "_"): str(value) for name, value in table.items()})


def _kind(value: object) -> str:
    """What sort of value it is; the value itself may be a key that came to the wrong place."""
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "this text", list: "this list"}
    return kinds.get(type(value), "a table" if isinstance(value, dict) else "this")


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and value.strip("./ ") != ""


def _is_module(value: object) -> bool:
    """True for what a bot can import as a module of its own: neither Python's nor another of ours."""
    parts = value.split(".") if isinstance(value, str) else []
    is_taken = parts[:1] == ["bybit_lint"] or parts[0] in TAKEN if parts else True
    names = all(part.isidentifier() and part.isascii() and not keyword.iskeyword(part) for part in parts)
    return value == SHIM or (names and not is_taken)


TAKEN = {*sys.stdlib_module_names, *sys.builtin_module_names, "__main__"}
WORDS = ("a list of codes, names or prefixes such as ['BYB201', 'BYB3']", _is_list_of_texts)
KEYS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "select": WORDS,
    "extend-select": WORDS,
    "ignore": WORDS,
    "exclude": ("a list of patterns such as ['vendor', 'tests/*.py']", _is_list_of_texts),
    "shim": ("the dotted name of a module of the bot's own such as 'mybot.bybit_shim'", _is_module),
    "baseline": ("the path of a file such as 'bybit-lint-baseline.json'", _is_path),
    "unsafe-fixes": ("true or false", lambda value: isinstance(value, bool)),
    "account": (
        "a table such as {position-mode = 'hedge', type = 'unified'}",
        lambda value: isinstance(value, dict) and all(isinstance(v, str) for v in value.values()),
    ),
}
