"""A page for each code that Bybit answers with, and a list of them."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.commands.explain import SEEN_AT_RUN_TIME
from bybit_lint.decoding.causes import preventing
from bybit_lint.knowledge import messages
from reference import relations
from reference.markdown import code, items, link, numbered, prose, section, source, table


def all_pages() -> Iterator[tuple[str, str]]:
    yield "codes/index.md", _index()
    yield from ((relations.code_place(number), _page(number)) for number in relations.codes())


def title(number: int) -> str:
    row = knowledge.ret_code(number)
    return f"{row.channel if row else 'retCode'} {number}"


def meaning(number: int) -> str:
    """What a code means, in our words or else in Bybit's."""
    row, said = knowledge.ret_code(number), messages.documented(number)
    return row.meaning if row else said.said if said else ""


def _page(number: int) -> str:
    row, said = knowledge.ret_code(number), messages.documented(number)
    rules = [rule.code for rule in preventing(number)]
    parts = [f"---\ntitle: {title(number)}\n---\n# {title(number)}\n\n"]
    if row:
        parts += [f"{prose(row.meaning)}\n{{ .lead }}\n\n", f"Try again? **{prose(row.retry)}**\n"]
        parts.append(section("Likely causes", numbered(map(prose, messages.causes(row.cause)))))
    parts.append(section("Rules that prevent it", items(relations.rule_links(rules))))
    parts.append(section("Texts that come with it", items(_texts(number))))
    parts.append(section("Endpoints", items(_endpoints(number, rules))))
    if looks := SEEN_AT_RUN_TIME.get(number):
        body = f"{code(looks)} looks at what no source shows of it ([the doctor](/manual.md#{DOCTOR})).\n"
        parts.append(section("Where the bot runs", body))
    if said:
        parts.append(section("Bybit's words", items(map(prose, said.said.split("; ")))))
    parts += [source(*found) for found in dict.fromkeys((each.source, each.date) for each in (row, said) if each)]
    return "".join(parts)


DOCTOR = "what-no-source-shows-the-doctor"


def _texts(number: int) -> Iterator[str]:
    known = [*messages.messages_of(number), messages.message_of_trade(number)]
    yield from (link(code(m.text), relations.message_place(m)) + f": {prose(m.meaning)}" for m in known if m)


def _endpoints(number: int, rules: list[str]) -> Iterator[str]:
    """Where it means that nothing was to be done, and those on which the pages of its rules show it."""
    own = [path for path, answer in relations.unchanged().items() if answer == number]
    yield from (f"{relations.endpoint_link(path)} answers it for a setting that is made already" for path in own)
    shown = {p for rule, page in relations.rules() if rule.code in rules for p in relations.endpoints_of(page)}
    yield from (relations.endpoint_link(path) for path in relations.paths() if path in shown and path not in own)


def _index() -> str:
    known = [number for number in relations.codes() if knowledge.ret_code(number)]
    other = [number for number in relations.codes() if not knowledge.ret_code(number)]
    text = "What Bybit answers with where it refuses, and the HTTP statuses that stand before an answer.\n"
    return (
        f"---\ntitle: retCodes\n---\n# retCodes\n\n{text}"
        + section("With their causes", table(("code", "what it means"), map(_row, known)))
        + section("In Bybit's words", table(("code", "what Bybit says"), map(_row, other)))
    )


def _row(number: int) -> tuple[str, str]:
    return relations.code_link(number), prose(meaning(number))
