"""What a bot reads from answers that is not there, or is something else than it is compared with."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span


class UnknownField(Noun):
    """A field that is read from an answer that has none of that name."""

    field: str
    endpoint: str
    request: Span
    meant: str = ""
    """The field that it is taken for; empty where there is none like it."""
    elsewhere: str = ""
    """Where the answer has it (`result.list.*`), though not where it is read; empty if it has none of that name."""
    is_silent: bool = False
    """True where nothing is raised, and it is None or a default each time."""
    fix: Fix | None = None
    is_pushed: bool = False
    """True for a field of a stream's message, which nobody has asked for."""

    @property
    def related(self) -> tuple[Related, ...]:
        comes = "its messages come" if self.is_pushed else "the answer comes"
        return () if self.request.holds(self.span) else (Related(self.request, f"{comes} from here"),)

    def words(self) -> Iterator[str]:
        yield f"{self.field} of {self.endpoint}"
        yield f"taken for {self.meant}" if self.meant else ""
        yield f"stands in {self.elsewhere}" if self.elsewhere else ""


class ImpossibleTest(Noun):
    """A comparison of a field with a value that it never has."""

    field: str
    said: str
    """The value as it is written."""
    values: tuple[str, ...]
    """All that the field may be; empty where it is text or a number of any kind."""
    is_number: bool = False
    """True if the field is a number, and compared with a text."""
    fix: Fix | None = None
    is_looked_up: bool = False
    """True if it is looked for among the keys of a table."""

    def words(self) -> Iterator[str]:
        yield f"{self.field} is never {self.said}"
        yield "among keys" if self.is_looked_up else ""


class TextNumber(Noun):
    """A number that comes as text, and is computed or compared with as if it were a number."""

    field: str
    operation: str
    """What is done: `size > 0`, `2 * size`."""
    error: str = ""
    """What is raised; empty for a comparison that is the same each time, and for a text that is repeated."""
    fix: Fix | None = None
    is_order: bool = False
    """True if texts are put in order, which go by their letters."""

    def words(self) -> Iterator[str]:
        yield self.operation
        yield f"raises {self.error}" if self.error else "by letters" if self.is_order else "says the same each time"
