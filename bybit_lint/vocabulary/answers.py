"""What a bot makes of Bybit's answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Replace, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span

LONGEST = 50
"""Characters of the bot's own text that a message repeats."""


class Dead(Enum):
    """Why a test for an error of Bybit's never finds one."""

    RAISED = "raised"
    """The client raises where retCode is not 0, so there is no such answer."""
    NO_ATTRIBUTE = "no such attribute"
    """The exception has no such attribute."""
    OTHER_EXCEPTION = "another exception"
    """The client raises another exception for this code."""
    UNSAID = "unsaid"
    """No text of the exception for this code says it."""


class ErrorTest(Noun):
    """A place where the bot asks for an error of Bybit's: a retCode it compares, an attribute of an exception."""

    what: str
    """What is asked, as it is written."""
    dead: Dead | None
    """Proven: the error never gets there. None if it may."""
    request: Span | None = None
    """The request that is answered."""
    corrector: Verb | None = None
    """How the attribute is called that the bot means."""
    closed: tuple[ErrorTest, ...] = ()
    """Further dead ones, in the branch that it keeps from running."""
    is_closed: bool = False
    """Proven: it stands in a branch that a dead one keeps from running."""

    def ask_rightly(self) -> Repair:
        """Ask the exception for the attribute that it has."""
        if self.corrector is None:
            return {"not_fixed": "this belongs into an except clause, which only you can place"}
        return {"fix": Fix("ask for the attribute that the exception has", (self.corrector,))}

    @property
    def right(self) -> str:
        """What is meant, as it has to be written; empty where that is not known."""
        return self.corrector.template if isinstance(self.corrector, Replace) else ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that are looked for, where they are written beside it."""
        return tuple(int(number) for test in (self, *self.closed) for number in re.findall(r"\d+", test.what))

    @property
    def asked(self) -> str:
        """What is asked, on one line and in short."""
        text = " ".join(self.what.split())
        return text if len(text) <= LONGEST else "this test"

    @property
    def related(self) -> tuple[Related, ...]:
        asked = (Related(self.request, "the answer comes from here"),) if self.request else ()
        return (*asked, *(Related(test.span, "never asked either") for test in self.closed))

    def words(self) -> Iterator[str]:
        yield self.what
        yield f"never, {self.dead.value}" if self.dead else "perhaps"
        yield "closed" if self.is_closed else ""


class Reading(Noun):
    """A field that the bot reads from the answer to a request, where it is not what the bot takes it for."""

    field: str
    """Its name, or `the first position`."""
    request: Span
    absent: str = ""
    """Why Bybit's answer never has it, if that is proven."""
    renamed: str = ""
    """What it is called in answers of the V5 API, if it is proven to be one."""
    empty: str = ""
    """When it is an empty text, if it is made a number without a look at that."""
    error: str = ""
    """What is raised then."""
    ambiguous: str = ""
    """Why another one may stand in its place."""
    others: tuple[Span, ...] = ()
    """Further fields of the same answer with the same fault."""
    repair: str = ""
    """What the repair does, in the words of a commit message."""
    corrector: Verb | None = None
    not_fixed: str = ""

    @property
    def related(self) -> tuple[Related, ...]:
        """The request, where it stands elsewhere, and the other fields."""
        asked = () if self.request.holds(self.span) else (Related(self.request, "the answer comes from here"),)
        return (*asked, *(Related(other, "the same here") for other in self.others))

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with it, and why."""
        told = {"absent": self.absent, "renamed": self.renamed, "empty": self.empty, "ambiguous": self.ambiguous}
        return {fault: why for fault, why in told.items() if why}

    def correct(self) -> Repair:
        """Read it as it is, or the reason why that cannot be done here."""
        if self.corrector is None:
            return {"not_fixed": self.not_fixed}
        return {"fix": Fix(self.repair, (self.corrector,))}

    def words(self) -> Iterator[str]:
        yield self.field
        yield from (f"{word}: {why}" for word, why in self.faults.items())


class CandleUse(Noun):
    """A place where the order of candles matters, and the order they have there."""

    what: str
    """What is done: `rolling()`, `[-1]`."""
    request: Span
    is_newest_first: bool
    """Proven: they stand as Bybit sends them, the newest first, and nobody has turned them round."""
    corrector: Verb | None = None
    frames: tuple[Span, ...] = ()
    """Where they were put into a frame or an array on the way, and can be turned round."""

    @property
    def is_for_the_past(self) -> bool:
        """True for the first one, by whoever calls it an old one."""
        return self.what == "[0]"

    def turn_round(self) -> Repair:
        """Turn the candles round where they are taken out of the answer."""
        if self.corrector is None:
            return {"not_fixed": "only you know where the candles are best turned round"}
        return {"fix": Fix("put the oldest candle first", (self.corrector,))}

    def words(self) -> Iterator[str]:
        yield self.what
        yield "newest first" if self.is_newest_first else "perhaps in order"
        yield from (f"in a frame made at {span.path}:{span.line}" for span in self.frames)


class Response(Noun, uncompared=("result",)):
    """The answer to a request, and whether the bot looks at what Bybit says about its success."""

    span: Span
    """The request."""
    library: str
    endpoint: str
    is_write: bool
    """True if the request changes something, and does not only ask."""
    is_unchecked: bool
    """Proven: nobody looks at the retCode, although the client does not either."""
    has_unread_failures: bool
    """Proven: nobody looks at what became of the single orders of a batch."""
    result: Span | None = None
    """Where its result is taken out, if somebody does that."""

    @property
    def code(self) -> str:
        """What an answer calls the code that tells of its success."""
        is_older = self.library == "bybit" or not self.endpoint.startswith("/v5/")
        return "ret_code" if is_older else "retCode"

    def words(self) -> Iterator[str]:
        yield self.endpoint
        yield "unchecked" if self.is_unchecked else "perhaps checked"
        yield from ("failures unread",) if self.has_unread_failures else ()
