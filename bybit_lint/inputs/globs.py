"""Patterns with stars as git reads them (https://git-scm.com/docs/gitignore#_pattern_format), for names and for paths.

Only the last star that was met is ever made longer, so that no pattern takes long: a regular expression that is made of
`*a*a*a*a*b` takes minutes for a single name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import contains
from typing import TypeAlias, TypeVar

from bybit_lint.patterns import regex

Name: TypeAlias = tuple[bytes | None, ...]
"""The pattern of a name: for each of its bytes those that may stand there; None is a star."""
Path: TypeAlias = tuple[Name | None, ...]
"""The pattern of a path by its names; None stands for any number of folders."""

P = TypeVar("P")
T = TypeVar("T")

WILD = regex(rb"[*?[\\]")
PIECE = regex(rb"(\*+)|(\?)|\[|\\(.)|([^\\])", re.DOTALL)
MEMBER = regex(rb"\[:([^\]]{0,20}):\]|\\?(.)", re.DOTALL)
UPTO = regex(rb"-(?!\])\\?(.)", re.DOTALL)
ALL = frozenset(range(256)) - frozenset(b"/")
ANY = bytes(ALL)


class Hopeless(Exception):
    """A pattern that fits nothing: a bracket is left open, its class is unknown, or nothing is behind a backslash."""


def is_wild(pattern: bytes) -> bool:
    """Whether more than one text may fit, or another than the pattern's own."""
    return WILD.search(pattern) is not None


def name(pattern: bytes) -> Name:
    """The pattern of a name, in which there is no slash. Raises Hopeless."""
    return tuple(_tokens(pattern))


def path(pattern: bytes) -> Path:
    """The pattern of a path, without a slash before it. Raises Hopeless."""
    names: list[list[bytes | None]] = [[]]
    for token in _tokens(pattern):
        if token == b"/":
            names.append([])
        else:
            names[-1].append(token)
    found = [None if each == [None, None] else tuple(each) for each in names]
    return (*found, (None,)) if found[-1] is None else tuple(found)  # `a/**` is what lies in `a`, and not `a`


def fits_name(pattern: Name, text: bytes) -> bool:
    """Whether a name is one of the pattern's."""
    last = pattern[-1] if pattern else b""
    if text and last is not None and text[-1] not in last:
        return False  # so it is for most, and seen at once
    return _fits(pattern, text, contains)


def fits_path(pattern: Path, names: Sequence[bytes]) -> bool:
    """Whether a path is one of the pattern's."""
    return (len(pattern) == len(names) or None in pattern) and _fits(pattern, names, fits_name)


def _fits(pattern: Sequence[P | None], items: Sequence[T], fits: Callable[[P, T], bool]) -> bool:
    at = place = begun = 0
    star = -1
    while place < len(items):
        one = pattern[at] if at < len(pattern) else None
        if at < len(pattern) and one is None:
            star, begun, at = at, place, at + 1
        elif one is not None and fits(one, items[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            begun += 1
            at, place = star + 1, begun
        else:
            return False
    return all(one is None for one in pattern[at:])


def _tokens(pattern: bytes) -> Iterator[bytes | None]:
    """For each byte those that may stand there; None for a star, twice for two and more."""
    place = 0
    while place < len(pattern):
        piece = PIECE.match(pattern, place)
        if piece is None:
            raise Hopeless
        stars, any_one, escaped, plain = piece.groups()
        place = piece.end()
        if stars:
            yield from [None, None][: len(stars)]
        elif any_one:
            yield ANY
        elif escaped or plain:
            yield escaped or plain
        else:
            is_negated = pattern[place : place + 1] in (b"!", b"^")
            members, place = _members(pattern, place + is_negated)
            yield bytes(ALL - members if is_negated else ALL & members)


def _members(pattern: bytes, place: int) -> tuple[set[int], int]:
    """What stands in a bracket from a place on, and the place behind the bracket."""
    found: set[int] = set()
    first: int | None = None  # from which a range may go on
    while not found or pattern[place : place + 1] != b"]":
        if first is not None and (upto := UPTO.match(pattern, place)):
            found.update(range(first, upto[1][0] + 1))
            first, place = None, upto.end()
            continue
        member = MEMBER.match(pattern, place)
        if member is None:
            raise Hopeless
        place = member.end()
        if member[1] is None:
            first = member[2][0]
            found.add(first)
        else:
            first = None
            found.update(_of_class(member[1].decode("latin-1")))
    return found, place + 1


def _of_class(name: str) -> bytes:
    if name not in _classes():
        raise Hopeless
    return _classes()[name].encode()


@cache
def _classes() -> Mapping[str, str]:
    import string  # which compiles a pattern of its own; hardly anybody names a class

    return {
        "alnum": string.ascii_letters + string.digits,
        "alpha": string.ascii_letters,
        "blank": " \t",
        "cntrl": "".join(map(chr, range(32))) + "\x7f",
        "digit": string.digits,
        "graph": string.ascii_letters + string.digits + string.punctuation,
        "lower": string.ascii_lowercase,
        "print": string.ascii_letters + string.digits + string.punctuation + " ",
        "punct": string.punctuation,
        "space": string.whitespace,
        "upper": string.ascii_uppercase,
        "xdigit": string.hexdigits,
    }
