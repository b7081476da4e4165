"""Syntax trees in less than half the memory: nodes with slots, where each of `ast` has a dictionary.

A dictionary is made with room for thirty attributes (https://github.com/python/cpython/blob/3.11/Objects/dictobject.c,
`SHARED_KEYS_MAX_SIZE`), and an expression has eight. Syntax trees are half of a run's memory.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from sys import intern
from typing import Any, TypeVar

from bybit_lint.tuples import NamedTuple

T = TypeVar("T")
TreeT = TypeVar("TreeT", bound=ast.AST)
PLAIN = {"arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level", "module", "name"}
PLAIN |= {"op", "ops", "rest", "simple", "str", "type_comment", "type_ignores"}
"""Fields in which there is nothing to be made compact: texts, numbers, and marks such as `Load()`, which are shared."""

UNREAD = {"kind", "type_comment"}
"""Fields that nobody reads, and that say None for all nodes of a kind: `u` before a text, and comments that are not
asked for. Names and constants are most of a tree, and without them each takes a seventh less."""


class ByKind(dict[type, T]):
    """What is said of kinds of nodes, and so of their compact ones; of all others `default`."""

    def __init__(self, known: Mapping[type[ast.AST], T], default: T) -> None:
        super().__init__(known)
        self._default = default

    def __missing__(self, kind: type) -> T:
        found: T = next((self[base] for base in kind.__mro__ if base in self), self._default)
        self[kind] = found
        return found


class _Kind(NamedTuple):
    """How nodes of one kind are made compact."""

    made: type[ast.AST]
    fields: tuple[str, ...]
    inner: tuple[str, ...]
    """Those of the fields in which other nodes stand."""
    is_placed: bool
    """Whether they stand in a line."""


class _Kinds(dict[type, "_Kind | None"]):
    """The kinds of nodes that were met so far; None for what has no fields, of which there is one object each."""

    def __missing__(self, kind: type[ast.AST]) -> _Kind | None:
        fields = tuple(name for name in kind._fields if name not in UNREAD)
        names = [name for name in (*fields, *kind._attributes) if kind is not ast.Name or name != "end_lineno"]
        made: Any = type(kind.__name__, (kind,), {"__slots__": (*names, "parent"), "__module__": kind.__module__})
        if kind is ast.Name:
            made.end_lineno = made.lineno  # a name ends in the line that it begins in, and takes one slot for both
        inner = tuple(name for name in fields if name not in PLAIN)
        self[kind] = found = _Kind(made, fields, inner, bool(kind._attributes)) if kind._fields else None
        return found


_KINDS = _Kinds()
_NOTHING: list[Any] = []
"""The list of every node that has nothing in one: two of five lists of a tree are empty, and none ever grows."""


def compact(tree: TreeT) -> TreeT:
    """The same tree of nodes that take less room, and can be told their parent, but nothing else. `tree` is used up."""
    waiting: list[tuple[Any, tuple[str, ...]]] = []
    new: Callable[[type[ast.AST]], Any] = ast.AST.__new__
    once = dict[int, int]().setdefault  # the parser makes a number of its own for each node in a line

    def copied(node: Any) -> Any:
        found = _KINDS[type(node)]
        if found is None:
            return node
        kind, fields, inner, is_placed = found
        made = new(kind)
        for name in fields:
            setattr(made, name, getattr(node, name))
        if is_placed:
            first, last = node.lineno, node.end_lineno
            made.lineno = first = once(first, first)
            made.end_lineno = first if last == first else once(last, last)
            made.col_offset, made.end_col_offset = node.col_offset, node.end_col_offset
        if inner:
            waiting.append((made, inner))
        return made

    top: TreeT = copied(tree)
    while waiting:
        node, inner = waiting.pop()
        for name in inner:
            value = getattr(node, name)
            if type(value) is list and not value:
                setattr(node, name, _NOTHING)
            elif type(value) is list:
                value[:] = [copied(item) if isinstance(item, ast.AST) else item for item in value]
            elif isinstance(value, ast.AST):
                setattr(node, name, copied(value))
            elif type(value) is str:
                setattr(node, name, intern(value))  # two of three texts are written elsewhere, too
    return top
