"""Keyword arguments and the entries of dicts, which are told by the value they hold."""

from __future__ import annotations

import ast

from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.places import Places


def renamed(places: Places, value: ast.expr, name: str) -> Edit:
    """Give the entry that holds a value another name."""
    match places.above(value):
        case [ast.keyword(arg=str(old)) as keyword, ast.Call() as call, *_]:
            check_free(call, name)
            return _put(places, places.source.span(keyword).start, old, name)
        case [ast.Dict() as entries, *_] if value in entries.values:
            check_free(entries, name)
            return _with_key(places, entries.keys[entries.values.index(value)], name)
    raise Refused("what is to be renamed has no name")


def check_free(holder: ast.Call | ast.Dict, name: str) -> None:
    """Raise Refused if a call or a dict has an entry of that name already, or may have one."""
    if isinstance(holder, ast.Call):
        names, unseen = [keyword.arg for keyword in holder.keywords], "the arguments behind **"
    else:
        names, unseen = [_written(key) for key in holder.keys], "a key that is not written out"
    if name in names:
        raise Refused(f"{name} is given already")
    if None in names:
        raise Refused(f"{unseen} may set {name} already")


def _written(key: ast.expr | None) -> str | None:
    return str(key.value) if isinstance(key, ast.Constant) else None


def _with_key(places: Places, key: ast.expr | None, name: str) -> Edit:
    match key:
        case ast.Constant(value=str(old)) if places.text(key)[1:-1] == old:
            return _put(places, places.source.span(key).start + 1, old, name)
    raise Refused("the key is not written as one plain text")


def _put(places: Places, start: int, old: str, new: str) -> Edit:
    end = start + len(old.encode())
    if places.source.body[start:end] != old.encode():
        raise Refused("the name is not written as it is read")
    return Edit(start, end, new)
