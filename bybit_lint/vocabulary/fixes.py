"""Repairs, said as verbs on places; the editor makes text of them."""

from __future__ import annotations

from typing import TypeAlias

from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.record import Record


class Wrap(Record):
    """Put `target` into a call of a helper: `helper(*leading, target)`; `peel` names a call around it that goes."""

    target: Span
    helper: str
    leading: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()
    peel: str = ""
    module: str = ""
    """Where the helper is imported from; the shim if empty."""


class Replace(Record):
    """Put a call of a helper in the place of `target`; `template` says how, its first `{}` is the helper's name.

    Without a helper the template is the new text itself. A dotted helper (`asyncio.sleep`) is reached through its
    module, which is imported whole.
    """

    target: Span
    helper: str
    template: str = "{}()"
    module: str = ""


class Unwrap(Record):
    """Put the part `inner` of an expression in the place of the whole, which is `target`."""

    target: Span
    inner: Span


class Rewrite(Record):
    """Put other text in the place of `target`, which is no expression: it stands in a manifest, or in a text."""

    target: Span
    text: str


class SetArgument(Record):
    """Give the call at `target` the keyword argument `name=value`, in place of the one it may have."""

    target: Span
    name: str
    value: str


class RemoveArgument(Record):
    """Take the keyword argument `name` out of the call at `target`."""

    target: Span
    name: str


class Rename(Record):
    """Give another name to the keyword argument, or another key to the entry of a dict, whose value is `target`."""

    target: Span
    name: str


class Bind(Record):
    """Bind `name` to what a helper returns, in a statement of its own right before the statement `target`."""

    target: Span
    name: str
    helper: str
    module: str = ""


class RemoveStatement(Record):
    """Take the statement `target` out; where its block would be empty, `pass` takes its place."""

    target: Span


class CallFirst(Record):
    """Call a helper in a statement of its own: right after the statement `target`, or first in the block it opens."""

    target: Span
    helper: str
    argument: str
    inside: bool = False


Verb: TypeAlias = (
    Wrap | Replace | Unwrap | Rewrite | SetArgument | RemoveArgument | Rename | Bind | RemoveStatement | CallFirst
)


class Fix(Record):
    """A repair: what it does in the words of a commit message, and the verbs that do it. Safe must be claimed."""

    title: str
    verbs: tuple[Verb, ...]
    is_safe: bool = False
    unblocks_orders: bool = False
    """True if Bybit used to reject the order and accepts it once this is applied."""
    is_partial: bool = False
    """True if a lesser finding of the same rule may stay in the place of the one that is fixed."""

    @property
    def deed(self) -> Fix:
        """What it does, whatever is claimed of it."""
        return self.replace(is_safe=False, unblocks_orders=False)

    def claimed_by(self, other: Fix) -> Fix:
        """The same deed, of which no more is claimed than is true for both."""
        unblocks = self.unblocks_orders or other.unblocks_orders
        return self.replace(is_safe=self.is_safe and other.is_safe, unblocks_orders=unblocks)
