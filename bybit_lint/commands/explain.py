"""`bybit-lint explain`: the page of a rule, or what Bybit means by a code and which rules prevent it."""

from __future__ import annotations

from bybit_lint import checks, knowledge, pages
from bybit_lint.selection import did_you_mean


def render(what: str) -> str:
    """The page or the meaning. Raises LookupError, with a guess, for what is neither."""
    if what.lstrip("-").isdecimal():
        return _ret_code(int(what))
    page = pages.find(what)
    if page is None:
        guess = did_you_mean(what, [word for page in pages.all() for word in (page.code, page.name)])
        raise LookupError(f"{what!r} is neither a rule's code or name nor a retCode{guess}")
    return page.text


def _ret_code(code: int) -> str:
    row = knowledge.ret_code(code)
    if row is None:
        raise LookupError(f"{code} is in no table here; https://bybit-exchange.github.io/docs/v5/error lists them all")
    lines = [
        f"{row.channel} {row.code}: {row.meaning}",
        "",
        f"Cause: {row.cause}",
        f"Retry: {row.retry}",
        f"Source: {row.source} ({row.date})",
    ]
    rules = [rule for rule in checks.load() if code in rule.ret_codes]
    if rules:
        lines += ["", "Prevented by:", *(f"  {rule.code} {rule.name}: {_summary(rule.code)}" for rule in rules)]
    return "".join(f"{line}\n" for line in lines)


def _summary(code: str) -> str:
    page = pages.find(code)
    return page.summary if page else ""
