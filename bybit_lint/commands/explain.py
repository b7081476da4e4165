"""`bybit-lint explain`: the page of a rule, what Bybit means by a code or a text, or what an endpoint takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bybit_lint import checks, knowledge
from bybit_lint.commands import endpoint
from bybit_lint.decoding.causes import preventing
from bybit_lint.inputs.selection import did_you_mean
from bybit_lint.knowledge import RetCode, messages
from bybit_lint.knowledge.messages import Message
from bybit_lint.report import pages
from bybit_lint.rule import Rule

MOST = 5
"""As many texts and codes are explained at once; of more only the words are shown."""
SEEN_AT_RUN_TIME = {
    403: "bybit-lint doctor",
    429: "bybit-lint doctor",
    10002: "bybit-lint doctor",
    **dict.fromkeys((10003, 10004, 10005, 10010, 33004, -2015), "bybit-lint doctor --private"),
}
"""What looks at the cause of a code where no source shows it."""
LINES = "; bybit-lint decode reads several lines, as of a traceback or a log"
NOWHERE = "{} is in no table here; https://bybit-exchange.github.io/docs/v5/error lists them all"


def render(what: str) -> str:
    """The page or the meaning. Raises LookupError, with a guess, for what is none of these."""
    if what.lstrip("-").isdecimal():
        return _text(_ret_code(int(what)))
    if page := pages.find(what):
        return page.text
    if path := endpoint.find(what):
        concerned = (rule for rule in checks.load() if endpoint.concerns(rule, path))
        return _text([*endpoint.render(path), *_rules("Rules about it", concerned)])
    if lines := list(_line(what)):
        return _text(lines)
    words = (word for page in pages.all() for word in (page.code, page.name))
    guess = LINES if "\n" in what else did_you_mean(what, [*words, *endpoint.names(), *messages.texts()])
    raise LookupError(f"{what!r} is no rule's code or name, no retCode, no endpoint and no text of Bybit's{guess}")


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


# --- a line of somebody's log -----------------------------------------------------------------------------------------


def _line(line: str) -> Iterator[str]:
    """What a line says, by the texts in it, or else by its retCode, or else by the words of a code."""
    found: list[Iterator[str]] = [_message(message) for message in messages.messages(line)]
    if not found and (code := messages.ret_code_in(line)):
        found = [_ret_code(code)]
    known = messages.codes(line) if not found else ()
    if len(known) > MOST:
        yield from (f"{row.code}: {row.said}" for row in known)
        return
    for number, lines in enumerate(found or [_ret_code(row.code) for row in known]):
        yield from ("", "") if number else ()
        yield from lines


def _message(message: Message) -> Iterator[str]:
    yield from (f"{message.channel}, {message.text!r}: {message.meaning}", "", f"What to do: {message.do}")
    yield from _causes(message.cause)
    yield from _rules("Prevented by", (rule for rule in checks.load() if rule.code in message.rules))
    yield from ("", f"Source: {message.source} ({message.date})")


# --- a code -----------------------------------------------------------------------------------------------------------


def _ret_code(code: int) -> Iterator[str]:
    row, said = knowledge.ret_code(code), messages.documented(code)
    if row is None and said is None:
        raise LookupError(NOWHERE.format(code))
    yield from _known(row) if row else ()
    yield from (*([""] if row else []), f"Bybit's words for {code}: {said.said}") if said else ()
    yield from _rules("Prevented by", preventing(code))
    if looks := SEEN_AT_RUN_TIME.get(code):
        yield from ("", f"What no source shows of it: {looks}")
    sources = dict.fromkeys(f"{each.source} ({each.date})" for each in (row, said) if each)
    yield from ("", f"Source: {', '.join(sources)}")


def _known(row: RetCode) -> Iterator[str]:
    yield from (f"{row.channel} {row.code}: {row.meaning}", "", f"Retry: {row.retry}")
    yield from _causes(row.cause)


def _causes(causes: str) -> Iterator[str]:
    yield from ("", "Likely causes:")
    yield from (f"  {number}. {cause}" for number, cause in enumerate(messages.causes(causes), start=1))


def _rules(title: str, rules: Iterable[Rule]) -> Iterator[str]:
    found = [f"  {rule.code} {rule.name}: {_summary(rule.code)}" for rule in rules]
    yield from ("", f"{title}:", *found) if found else ()


def _summary(code: str) -> str:
    page = pages.find(code)
    return page.summary if page else ""
