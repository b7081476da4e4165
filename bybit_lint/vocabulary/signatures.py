"""Signed requests and logins."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Signature(Noun):
    """A signed request or socket login, and the clock its timestamp was read from."""

    span: Span
    """Where the timestamp is read."""
    signed: Span
    """Where it goes into what is signed."""
    is_local: bool
    """Proven: the clock is this machine's, with no offset from Bybit's."""
    is_login: bool = False
    """True for a socket's login, which says when it expires; a request says when it was made."""
    corrector: Verb | None = None
    is_misread: bool = False
    """Proven: whatever the clock, what is made of it is no moment in milliseconds, or is not of this moment."""
    is_lasting: bool = False
    """Proven: it is good for so long that no clock is behind by that."""

    def ask_server(self) -> Fix | None:
        """Take the timestamp from Bybit's clock."""
        return Fix("take the timestamp from Bybit's clock", (self.corrector,), is_safe=True) if self.corrector else None

    def words(self) -> Iterator[str]:
        yield "local" if self.is_local else "perhaps corrected"
        yield "for a login" if self.is_login else ""
        yield "good for hours" if self.is_lasting else ""
