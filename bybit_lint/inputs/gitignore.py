"""What git ignores (https://git-scm.com/docs/gitignore), read from its files and without asking git.

git obeys the config of the repository that it is asked about, and that may name programs (`core.fsmonitor` is one).
"""

from __future__ import annotations

import errno
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import islice, product, starmap
from typing import TypeAlias

from bybit_lint.inputs import globs
from bybit_lint.inputs.reading import read
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

INDEX = 100_000_000
"""How much of an index is read, in bytes of the file and of the paths in it."""
EXTENDED = 0x40
"""The flag of an entry that has more flags."""
WILD = 5_000
"""Patterns with stars that are followed of one file: each of them is tried at each path."""
BOM = b"\xef\xbb\xbf"
LINE = regex(rb"(?: *(?:\\.|[^ \\]|\\\Z))*", re.DOTALL)  # a blank at the end counts only behind a backslash
EXCLUDES_FILE = regex(rb'^[ \t]*excludesfile[ \t]*=[ \t]*"?([^"\s][^"\r\n]*)', re.IGNORECASE | re.MULTILINE)

Key: TypeAlias = tuple[bytes, bool]
"""A pattern, which begins with a slash if it is one of paths, and whether it fits folders alone."""


class Ignores:
    """What is ignored in one folder of a walk; all but what is tracked, if the folder itself is ignored.

    `errors` gets what hinders to know it, here and further down.
    """

    def __init__(
        self, repository: Repository, levels: Sequence[Level], errors: list[OSError], is_ignored: bool = False
    ) -> None:
        self._repository, self._levels, self._errors, self._is_ignored = repository, levels, errors, is_ignored

    @staticmethod
    def at(folder: str, errors: list[OSError]) -> Ignores:
        """In the top folder of a repository."""
        repository = Repository(folder)
        levels = [level for level in (*repository.levels(errors), Level.of(folder, errors)) if level]
        return Ignores(repository, levels, errors)

    def hides(self, path: str, is_folder: bool) -> bool:
        """Whether git ignores a file, or all that is in a folder: what is tracked is never ignored."""
        return self._fits(path, is_folder) and not self._repository.tracks(path)

    def inside(self, folder: str) -> Ignores:
        """The same one folder down the walk."""
        own = Level.of(folder, self._errors)
        levels = [*self._levels, own] if own else self._levels
        return Ignores(self._repository, levels, self._errors, self._fits(folder, True))

    def _fits(self, path: str, is_folder: bool) -> bool:
        if self._is_ignored:
            return True
        said = (level.last(os.fsencode(path), is_folder) for level in reversed(self._levels))
        rule = next(filter(None, said), None)
        return rule is not None and not rule.is_negative


class Repository:
    """A folder with a `.git` in it, which may also be a file that names another folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._git = _named(os.path.join(folder, ".git"), "gitdir:") or os.path.join(folder, ".git")

    def levels(self, errors: list[OSError]) -> Iterator[Level]:
        """The rules that stand outside of the tree: those of the user and those of this clone, the weakest first."""
        common = _named(os.path.join(self._git, "commondir")) or self._git
        yield Level(self._folder, _read_rules(_of_user(), errors))
        yield Level(self._folder, _read_rules(os.path.join(common, "info", "exclude"), errors))

    def tracks(self, path: str) -> bool:
        """Whether a file is in the index, or anything in a folder."""
        below = os.fsencode(path).removeprefix(os.path.join(os.fsencode(self._folder), b""))
        inside = below + b"/"
        return _next(self._tracked, below) == below or _next(self._tracked, inside).startswith(inside)

    @cached_property
    def _tracked(self) -> Sequence[bytes]:
        return list(_index(_contents(os.path.join(self._git, "index"), INDEX)))  # which git keeps in order


class Level:
    """The rules of one file for what lies below `folder`."""

    def __init__(self, folder: str, rules: Rules) -> None:
        self._top = len(os.path.join(os.fsencode(folder), b""))
        self._rules = rules

    @staticmethod
    def of(folder: str, errors: list[OSError]) -> Level:
        """The rules that stand in the folder; git follows no link there."""
        path = os.path.join(folder, ".gitignore")
        return Level(folder, NONE if os.path.islink(path) else _read_rules(path, errors))

    def __bool__(self) -> bool:
        return bool(self._rules)

    def last(self, path: bytes, is_folder: bool) -> Rule | None:
        """The last rule that fits a path below the folder: the one that counts."""
        return self._rules.last(path[self._top :], is_folder)


class Rules:
    """What the lines of a file say; of equal ones only the last counts."""

    def __init__(self, data: bytes) -> None:
        self._literal: dict[Key, Rule] = {}  # by the name that fits or, with a slash before it, by the path
        wild: dict[Key, Rule] = {}
        for pattern, rule in starmap(_rule, enumerate(_lines(data))):
            found = wild if globs.is_wild(pattern) else self._literal
            found.pop((pattern, rule.needs_folder), None)  # to come behind all others
            found[pattern, rule.needs_folder] = rule
        self.is_cut = len(wild) > WILD
        self._wild = list(_compiled(islice(wild.items(), WILD)))[::-1]

    def __bool__(self) -> bool:
        return bool(self._literal or self._wild)

    def last(self, below: bytes, is_folder: bool) -> Rule | None:
        """The last rule that fits a path: the one that counts."""
        names = below.split(b"/")
        keys = product((names[-1], b"/" + below), (False, True) if is_folder else (False,))
        literal = max(filter(None, map(self._literal.get, keys)), default=None)
        for pattern, is_path, rule in self._wild:
            if literal is not None and rule < literal:
                break
            if (is_folder or not rule.needs_folder) and globs.fits_path(pattern, names if is_path else names[-1:]):
                return rule
        return literal


def _compiled(rules: Iterable[tuple[Key, Rule]]) -> Iterator[tuple[globs.Path, bool, Rule]]:
    """Patterns with stars, each with whether it is the path that has to fit."""
    for (pattern, _), rule in rules:
        with suppress(globs.Hopeless):
            yield globs.path(pattern.removeprefix(b"/")), pattern.startswith(b"/"), rule


class Rule(NamedTuple):
    """What one line says of all that fits its pattern; `number` is that of the line."""

    number: int
    is_negative: bool
    needs_folder: bool


def _rule(number: int, line: bytes) -> tuple[bytes, Rule]:
    """A line as its pattern, which begins with a slash if it is one of paths, and the rest."""
    match = LINE.match(line)
    said = match[0] if match else line
    is_negative = said.startswith(b"!")
    pattern = said[is_negative:]
    bare = pattern.removesuffix(b"/")
    if b"/" in bare:
        bare = b"/" + bare.removeprefix(b"/")
    return bare, Rule(number, is_negative, pattern.endswith(b"/"))


def _lines(data: bytes) -> Iterator[bytes]:
    lines = (line.removesuffix(b"\r") for line in data.removeprefix(BOM).split(b"\n"))
    return (line for line in lines if line and not line.startswith(b"#"))


_rules = lru_cache(maxsize=64)(Rules)  # each walk comes by again
NONE = _rules(b"")


def _read_rules(path: str, errors: list[OSError]) -> Rules:
    """The rules in a file; `errors` gets why not all of them are followed."""
    try:
        rules = _rules(read(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):  # a path with a null byte in it
        return NONE
    except OSError as error:
        errors.append(error)
        return NONE
    if rules.is_cut:
        errors.append(OSError(errno.EFBIG, f"more than {WILD} patterns with stars: the others are not followed", path))
    return rules


def _contents(path: str, *limit: int) -> bytes:
    """The bytes of a file of git's; none where it cannot be read."""
    try:
        return read(path, *limit)
    except (OSError, ValueError):  # a path with a null byte in it
        return b""


def _named(path: str, before: str = "") -> str:
    """The folder whose path is what a file says, after the words `before`; empty if it says none."""
    said = os.fsdecode(_contents(path)).strip()
    folder = said.removeprefix(before).strip()
    return os.path.join(os.path.dirname(path), folder) if folder and said.startswith(before) else ""


def _of_user() -> str:
    """The file with what the user wants to be ignored everywhere (https://git-scm.com/docs/git-config, core)."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    config = b"\n".join(map(_contents, (os.path.join(home, "git", "config"), os.path.expanduser("~/.gitconfig"))))
    said = EXCLUDES_FILE.findall(config)
    return os.path.expanduser(os.fsdecode(said[-1].strip())) if said else os.path.join(home, "git", "ignore")


def _next(paths: Sequence[bytes], path: bytes) -> bytes:
    """The first of the sorted paths that is not before `path`; empty if there is none."""
    place = bisect_left(paths, path)
    return paths[place] if place < len(paths) else b""


def _index(data: bytes) -> Iterator[bytes]:
    """The paths in an index, as far as it can be read (https://git-scm.com/docs/index-format)."""
    count, is_short = int.from_bytes(data[8:12], "big"), data[4:8] == b"\0\0\0\4"
    place, path, room = 12, b"", INDEX
    while count and data.startswith(b"DIRC") and place + 62 < len(data) and room > 0:
        begin = place + (64 if data[place + 60] & EXTENDED else 62)
        dropped, begin = _number(data, begin) if is_short else (len(path), begin)
        end = data.find(b"\0", begin)
        path = path[: len(path) - dropped] + data[begin:end]
        yield path
        place = end + 1 if is_short else place + (end - place) // 8 * 8 + 8
        count, room = count - 1 if end >= 0 else 0, room - len(path)


def _number(data: bytes, place: int) -> tuple[int, int]:
    """The number at a place, seven bits a byte, the last byte below 128; and the place behind it."""
    number = -1
    while True:
        byte = data[place] if place < len(data) else 0
        number, place = (number + 1) * 128 + byte % 128, place + 1
        if byte < 128 or number > INDEX:
            return number, place
