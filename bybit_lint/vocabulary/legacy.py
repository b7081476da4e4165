"""What a bot still uses of the times before V5, and of V5 what Bybit has given up since."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import ClassVar

from bybit_lint.vocabulary.nouns import Noun


class Legacy(Enum):
    """What is used."""

    IMPORT = "import"
    CALL = "call"
    PATH = "path"
    STREAM = "stream"
    ENDPOINT = "endpoint"
    """An endpoint of V5 itself, which Bybit has given up."""


class LegacyUse(Noun):
    """One place that uses what is older than Bybit's V5 API."""

    TOGETHER: ClassVar = "arguments, answers and their order change with it, so that all of it has to be rewritten"

    what: Legacy
    name: str
    """The module, class, method or path: `pybit.HTTP`, `place_active_order`, `/v2/private/order/create`."""
    instead: str = ""
    """What V5 has for it: `place_order`, `/v5/order/create`; empty if that is not one thing, or nothing."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Arguments that are given here and are called otherwise in V5."""
    is_pinned: bool = False
    """Proven: the bot is installed with a client that still has it."""
    effect: str = ""
    """What becomes of a request to an endpoint that was given up, in a few words."""
    is_unknown: bool = False
    """True for a path of an older API that no table lists: what V5 has for it is not known either."""

    @property
    def package(self) -> str:
        """What it is imported from."""
        return self.name.partition(".")[0]

    @property
    def successor(self) -> str:
        """What has become of it, in a few words."""
        if self.is_unknown:
            return "look for its successor in Bybit's V5 documentation"
        if not self.instead:
            return "V5 has nothing for it alone"
        if self.what is Legacy.ENDPOINT:
            return f"use {self.instead}"
        if self.instead == self.name:
            return "V5 has one of this name, which takes and answers otherwise"
        return f"in V5 it is {self.instead}"

    @property
    def not_fixed(self) -> str:
        """Why it is not rewritten, and the new names of what is given to it."""
        renamed = ", ".join(f"{old} is {new}" for old, new in self.renamed)
        return f"{renamed}; {self.TOGETHER}" if renamed else self.TOGETHER

    def words(self) -> Iterator[str]:
        yield f"{self.what.value} {self.name}"
        yield f"now {self.instead}" if self.instead else ""
        yield from (f"{old}={new}" for old, new in self.renamed)
        yield "pinned" if self.is_pinned else ""
