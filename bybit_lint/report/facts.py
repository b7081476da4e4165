"""One line for each noun that was found: what `bybit-lint facts` prints and what tests/facts/ is held against."""

from __future__ import annotations

from bybit_lint.vocabulary import Noun


def kind(noun: Noun) -> str:
    """The noun as a word: `order`, `retry`, `socket`."""
    return type(noun).__name__.lower()


def describe(noun: Noun) -> str:
    """What is proven of a noun, in one line that begins with its kind; `perhaps` is what is not proven."""
    return " ".join(" ".join([kind(noun), *noun.words()]).split())
