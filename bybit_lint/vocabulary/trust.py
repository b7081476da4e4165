"""Whether somebody makes sure that it is Bybit who answers."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun


class Unchecked(Noun):
    """A place where the check of Bybit's certificate is switched off, or its warning."""

    what: str
    """What is no longer checked there, in a few words: "this request"."""
    is_warning: bool = False
    """Only the warning about it is switched off."""
    remover: Verb | None = None
    is_fallback: bool = False
    """Only after something has failed; before that certificates are checked."""

    def check_again(self) -> Fix | None:
        """Take it out. Unsafe: what worked only because nobody checked, works no more."""
        return Fix("let the certificate be checked", (self.remover,)) if self.remover else None

    def words(self) -> Iterator[str]:
        yield "unheard" if self.is_warning else self.what
