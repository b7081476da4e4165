"""Keys and secrets that stand in the code."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Replace
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Credential(Noun):
    """A literal that looks like a key or secret of Bybit's, and is called one. What it says is never told."""

    variable: str
    """The environment variable that it could come from; empty where two different ones would share it."""
    target: Span
    """What would be replaced: the literal, or the call whose default it is."""
    is_bytes: bool = False

    def from_environment(self) -> Repair:
        """Read it from the environment. Unsafe: the bot stops until the variable is set."""
        if not self.variable:
            return {"not_fixed": "several keys of this name stand in the file, and one variable cannot hold them all"}
        template = f'{{}}["{self.variable}"]' + (".encode()" if self.is_bytes else "")
        return {"fix": Fix(f"read it from {self.variable}", (Replace(self.target, "os.environ", template),))}

    def words(self) -> Iterator[str]:
        yield f"for {self.variable}" if self.variable else "one of several"
