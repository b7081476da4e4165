"""Rules by the words a user has for them: a code, the beginning of one (`BYB2`), a name, a family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bybit_lint.rule import Rule

LONGEST = 60
"""Characters of a word that are repeated."""


class Misunderstood(Exception):
    """What the user asked for cannot be done as it was said; the message says why."""


class Unknown(Misunderstood):
    """No rule goes by this word; the message says so and which one may have been meant."""


def named(word: str, rules: Iterable[Rule]) -> frozenset[str]:
    """The codes of the rules that `word` stands for; empty if there is none."""
    code, name = word.upper(), word.lower()
    is_code = code.startswith("BYB")
    return frozenset(r.code for r in rules if name in (r.name, r.family) or (is_code and r.code.startswith(code)))


def chosen(words: Iterable[str], rules: Sequence[Rule]) -> frozenset[str]:
    """The codes of the rules that `words` select; one that is off by default only by its own name. Raises Unknown."""
    said = {word.lower() for word in words}
    quiet = {r.code for r in rules if not r.is_default and not said & {r.code.lower(), r.name}}
    return every(words, rules) - quiet


def every(words: Iterable[str], rules: Sequence[Rule]) -> frozenset[str]:
    """The codes of the rules that any of `words` stands for. Raises Unknown."""
    found: frozenset[str] = frozenset()
    for word in {word.lower(): word for word in words}.values():
        codes = named(word, rules)
        if not codes:
            raise Unknown(unknown(word, rules))
        found |= codes
    return found


def unknown(word: str, rules: Sequence[Rule]) -> str:
    """That no rule goes by this word, and which one may have been meant."""
    said = word if len(word) <= LONGEST else f"{word[:LONGEST]}..."
    return f"no rule is called {said!r}{did_you_mean(word, [name for r in rules for name in (r.code, r.name)])}"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """` (did you mean 'X'?)`, or nothing where no choice comes near."""
    import difflib

    by_lower = {choice.lower(): choice for choice in choices}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return f" (did you mean {by_lower[near[0]]!r}?)" if near else ""
