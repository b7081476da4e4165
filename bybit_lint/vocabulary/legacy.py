"""What a bot still uses of the times before V5."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from bybit_lint.vocabulary.places import Span


class Legacy(Enum):
    """What is used."""

    IMPORT = "import"
    CALL = "call"
    PATH = "path"
    STREAM = "stream"


@dataclass(frozen=True)
class LegacyUse:
    """One place that uses what is older than Bybit's V5 API."""

    TOGETHER: ClassVar = "arguments, answers and their order change with it: this is rewritten as a whole"

    span: Span
    what: Legacy
    name: str
    """The module, class, method or path: `pybit.HTTP`, `place_active_order`, `/v2/private/order/create`."""
    instead: str = ""
    """What V5 has for it: `place_order`, `/v5/order/create`; empty if that is not one thing, or nothing."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Arguments that are given here and are called otherwise in V5."""
    is_pinned: bool = False
    """Proven: the bot is installed with a client that still has it."""

    @property
    def successor(self) -> str:
        """What has become of it, in a few words."""
        if not self.instead:
            return f"{self.name} has no counterpart of its own there"
        if self.instead == self.name:
            return f"{self.name} is there, too, but takes and answers otherwise"
        renamed = "".join(f", {old} is {new}" for old, new in self.renamed)
        return f"{self.name} is {self.instead} there{renamed}"
