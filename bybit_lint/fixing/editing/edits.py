"""Edits of one file: what they are, when two of them get in each other's way, and how they are put in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from bybit_lint.analysis.source import Source
from bybit_lint.tuples import NamedTuple


class Edit(NamedTuple):
    """Put `text` in the place of the bytes from `start` to `end` of `Source.body`."""

    start: int
    end: int
    text: str


class Refused(Exception):
    """A fix cannot be made here; the message says why, to be shown to the user."""


def overlaps(one: Edit, other: Edit) -> bool:
    """True if only one of the two can be made. Equal edits are one edit; two insertions at one place have no order."""
    if one == other:
        return False
    return (one.start < other.end and other.start < one.end) or one[:2] == other[:2]


def splice(source: Source, edits: Iterable[Edit]) -> bytes:
    """The whole file with the edits made, in its own encoding and with its BOM. Raises ValueError if two overlap.

    Raises Refused if the file's encoding cannot hold the result.
    """
    ordered = sorted(set(edits))
    if any(overlaps(*pair) for pair in pairwise(ordered)):
        raise ValueError(f"{source.path}: edits overlap: {ordered}")
    pieces, done = [], 0
    for edit in ordered:
        pieces += [source.body[done : edit.start], edit.text.encode()]
        done = edit.end
    return _encoded(source, b"".join([*pieces, source.body[done:]]))


def difference(start: int, old: str, new: str) -> Edit:
    """The shortest edit that makes `new` of `old`, which stands at the offset `start`."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    place = start + len(old[:head].encode())
    return Edit(place, place + len(old[head : len(old) - tail].encode()), new[head : len(new) - tail])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (left, right) in pairs if left != right), min(len(one), len(other)))


def _encoded(source: Source, body: bytes) -> bytes:
    if source.body.decode().encode(source.encoding) != source.data:
        raise Refused(f"the file cannot be written back in {source.encoding} byte for byte")
    try:
        return body.decode().encode(source.encoding)
    except UnicodeEncodeError as error:
        raise Refused(f"the result cannot be written in the file's encoding, {source.encoding}") from error
