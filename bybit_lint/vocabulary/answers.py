"""What a bot makes of Bybit's answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.places import Related, Span


class Dead(Enum):
    """Why a test for an error of Bybit's never finds one."""

    RAISED = "raised"
    """The client raises where retCode is not 0, so there is no such answer."""
    NO_CODE = "no retCode"
    """The client makes an answer of its own, which has no retCode."""
    NO_ATTRIBUTE = "no such attribute"
    """The exception has no such attribute."""
    OTHER_EXCEPTION = "another exception"
    """The client raises another exception for this code."""


@dataclass(frozen=True)
class ErrorTest:
    """A place where the bot asks for an error of Bybit's: a retCode it compares, an attribute of an exception."""

    span: Span
    what: str
    """What is asked, as it is written."""
    dead: Dead | None
    """Proven: the error never gets there. None if it may."""
    request: Span | None = None
    """The request that is answered."""
    corrector: Verb | None = None
    """How the attribute is called that the bot means."""

    def ask_rightly(self) -> Repair:
        """Ask the exception for the attribute that it has."""
        if self.corrector is None:
            return {"not_fixed": "what is done here belongs into an except clause, which only you can place"}
        return {"fix": Fix("ask for the attribute that the exception has", (self.corrector,))}

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.request, "this is answered"),) if self.request else ()
