"""Versions of packages, as Python orders them (https://packaging.python.org/en/latest/specifications/version-specifiers)."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

from bybit_lint.patterns import regex
from bybit_lint.vocabulary.record import Record

Key: TypeAlias = tuple[int, tuple[int, ...], tuple[int, int], int, float]
Cut: TypeAlias = tuple[Key, int]
"""A place in the order of all versions: right before one (0) or right after it (1)."""

VERSION = regex(
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<number>\d*))?"
    r"(?:[-_.]?(?:post|rev|r)[-_.]?(?P<post>\d*)|-(?P<bare>\d+))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<build>\d*))?(?:\+[a-z0-9._-]+)?",
    re.IGNORECASE,
)
LONGEST = 200
"""Characters of a version; int() refuses what has some thousand digits."""
STAGES = {"a": 0, "b": 1, "c": 2, "p": 2, "r": 2}
FINAL = (3, 0)


@cache
def key(version: str) -> Key | None:
    """What a version is ordered by; None for what is no version."""
    match = VERSION.fullmatch(version.strip()) if len(version) <= LONGEST else None
    if match is None:
        return None
    release = tuple(int(part) for part in match["release"].split("."))
    while len(release) > 1 and not release[-1]:
        release = release[:-1]
    post = -1 if match["post"] is None and match["bare"] is None else int(match["post"] or match["bare"] or 0)
    dev = int(match["build"] or 0) if match["dev"] else float("inf")
    stage = (STAGES[match["pre"][0].lower()], int(match["number"] or 0)) if match["pre"] else FINAL
    if match["dev"] and not match["pre"] and post < 0:
        stage = (-1, 0)
    return int(match["epoch"] or 0), release, stage, post, dev


def _cut(version: str, side: int = 0) -> Cut:
    found = key(version)
    if found is None:
        raise ValueError(f"{version!r} is no version")
    return found, side


class Versions(Record):
    """The versions of a package that may be installed: all between two cuts, without an end where that is None."""

    low: Cut | None = None
    high: Cut | None = None

    def is_from(self, version: str) -> bool:
        """Proven: it is `version` or a later one."""
        return self.low is not None and self.low >= _cut(version)

    def is_below(self, version: str) -> bool:
        """Proven: it is an earlier one than `version`."""
        return self.high is not None and self.high <= _cut(version)

    def is_within(self, first: str, below: str) -> bool:
        """Proven: it is `first`, or a later one that is earlier than `below`."""
        return self.is_from(first) and self.is_below(below)

    @property
    def is_one(self) -> bool:
        """Proven: it is one version and no other."""
        return self.low is not None and self.high == (self.low[0], 1) and self.low[1] == 0

    @property
    def is_known(self) -> bool:
        return self.low is not None or self.high is not None

    def both(self, other: Versions) -> Versions:
        """Those that are among these and among the others."""
        lows = [cut for cut in (self.low, other.low) if cut is not None]
        highs = [cut for cut in (self.high, other.high) if cut is not None]
        return Versions(max(lows, default=None), min(highs, default=None))

    def either(self, other: Versions) -> Versions:
        """Those from the earliest of any to the latest of any."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Versions(low, high)

    def __str__(self) -> str:
        if self.is_one:
            return _text(self.low)
        low = f"{'>' if self.low[1] else '>='}{_text(self.low)}" if self.low else ""
        high = f"{'<=' if self.high[1] else '<'}{_text(self.high)}" if self.high else ""
        return ",".join(filter(None, [low, high])) or "any"


ANY = Versions()


def _text(cut: Cut | None) -> str:
    if cut is None:
        return ""
    _, release, (stage, number), _, _ = cut[0]
    return ".".join(map(str, release)) + (f"{'abr'[stage]}{number}" if 0 <= stage < FINAL[0] else "")
