"""The way from a holder to a value in it, where a list, a tuple or a dict holds the value that is followed."""

from __future__ import annotations

from bybit_lint.analysis.values.key_paths import ANY, KeyPath
from bybit_lint.tuples import NamedTuple


class Held(NamedTuple):
    """What a holder has the value under: a key or a place, of so many where that is known."""

    key: object
    size: int = 0


def held(way: KeyPath, key: object, size: int = 0) -> KeyPath:
    """The way to a value once a holder has it."""
    return (Held(key, size), *way)


def is_held(way: KeyPath) -> bool:
    """True for a way that begins in a holder of the value."""
    return bool(way) and isinstance(way[0], Held)


def is_whole(way: KeyPath) -> bool:
    """True for a way to the value itself, in whatever holders, rather than to a part of it."""
    return all(isinstance(key, Held) for key in way)


def taken(way: KeyPath, key: object) -> KeyPath | None:
    """The way once a part is taken: out of the holder, or else out of the value; None if it is another part."""
    first = way[0] if way else None
    if not isinstance(first, Held):
        return (*way, key)
    place = key + first.size if isinstance(key, int) and key < 0 and first.size else key
    is_it = ANY in (first.key, key) or place == first.key or (isinstance(key, int) and key < 0 and not first.size)
    return way[1:] if is_it else None


def each(way: KeyPath) -> KeyPath | None:
    """The way once a loop goes over it; None for a dict, of which it takes the keys."""
    first = way[0] if way else None
    return None if isinstance(first, Held) and isinstance(first.key, str) and first.key != ANY else taken(way, ANY)


def moved(way: KeyPath) -> KeyPath:
    """The way once nobody knows in which place of the holder the value is."""
    return held(way[1:], ANY) if is_held(way) else way
