"""HTML that is safe by how it is made: a child that is not markup by its type is text, which is masked and escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from typing import TypeAlias

from bybit_lint.report import printable

Hide: TypeAlias = Callable[[str], str]
"""Gives a text with an asterisk for each character of a key."""
TAB = "    "
VOID = ("meta",)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


class Tag:
    """Makes elements. Each text is hidden and escaped by itself: a key that is called `article` hides no tag."""

    def __init__(self, hide: Hide) -> None:
        self._text = cache(lambda text: escape(printable(hide(text).replace("\t", TAB))))

    def __call__(self, name: str, /, *children: str, **attributes: str) -> Markup:
        """An element. Names of attributes have `_` for `-`, and one behind a word of Python's: `class_`.

        Values of attributes are shown as they are: they are ours, and never a text of the bot's.
        """
        written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(said)}"' for key, said in attributes.items())
        if name in VOID:
            return Markup(f"<{name}{written}>")
        return Markup(f"<{name}{written}>{self.text(*children)}</{name}>")

    def text(self, *children: str) -> Markup:
        """Elements and texts one after the other."""
        return Markup("".join(child if isinstance(child, Markup) else self._text(child) for child in children))
