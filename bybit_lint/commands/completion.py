"""What the shell completes: the words for rules, one after the other behind commas."""

from __future__ import annotations

from collections.abc import Iterator

from click.shell_completion import CompletionItem

from bybit_lint import checks


def rules(incomplete: str, *, with_families: bool) -> list[CompletionItem]:
    """The codes, names and, where they stand for rules too, families that the last word may become."""
    head, comma, last = incomplete.rpartition(",")
    begun = last.strip().lower()
    found = (pair for pair in _words(with_families) if pair[0].lower().startswith(begun))
    return [CompletionItem(f"{head}{comma}{word}", help=text) for word, text in found]


def _words(with_families: bool) -> Iterator[tuple[str, str]]:
    known = checks.load()
    yield from ((rule.code, rule.name) for rule in known)
    yield from ((rule.name, rule.code) for rule in known)
    if with_families:
        yield from ((family, "all of this family") for family in dict.fromkeys(rule.family for rule in known))
