"""`bybit-lint explain`: the page of a rule, what Bybit means by a code, or what an endpoint takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bybit_lint import checks, knowledge, pages
from bybit_lint.commands import endpoint
from bybit_lint.rule import Rule
from bybit_lint.selection import did_you_mean


def render(what: str) -> str:
    """The page or the meaning. Raises LookupError, with a guess, for what is none of these."""
    if what.lstrip("-").isdecimal():
        return _text(_ret_code(int(what)))
    if page := pages.find(what):
        return page.text
    if path := endpoint.find(what):
        concerned = (rule for rule in checks.load() if endpoint.concerns(rule, path))
        return _text([*endpoint.render(path), *_rules("Rules about it", concerned)])
    guess = did_you_mean(what, [*(word for page in pages.all() for word in (page.code, page.name)), *endpoint.names()])
    raise LookupError(f"{what!r} is no rule's code or name, no retCode and no endpoint{guess}")


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _ret_code(code: int) -> Iterator[str]:
    row = knowledge.ret_code(code)
    if row is None:
        raise LookupError(f"{code} is in no table here; https://bybit-exchange.github.io/docs/v5/error lists them all")
    yield from (f"{row.channel} {row.code}: {row.meaning}", "", f"Retry: {row.retry}", "", "Likely causes:")
    yield from (f"  {number}. {cause}" for number, cause in enumerate(re.split(r", (?:or )?", row.cause), start=1))
    yield from _rules("Prevented by", (rule for rule in checks.load() if code in rule.ret_codes))
    yield from ("", f"Source: {row.source} ({row.date})")


def _rules(title: str, rules: Iterable[Rule]) -> Iterator[str]:
    found = [f"  {rule.code} {rule.name}: {_summary(rule.code)}" for rule in rules]
    yield from ("", f"{title}:", *found) if found else ()


def _summary(code: str) -> str:
    page = pages.find(code)
    return page.summary if page else ""
