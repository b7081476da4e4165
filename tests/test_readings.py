"""Runs tests/readings/*.md: what expressions evaluate to, and what their terms are read as, no noun involved.

A statement that is an expression says behind it what that is: `rows[0]  # is 1 or 2`. How it is said depends on the
page; `terms.md` tells terms as `evaluating.told` does, where `each of` says that each of several gets there on some way
and else it is one of them only. Each block is a file, with those beside it that have a name, and begins with what its
page begins with.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from evaluating import Written, told

from bybit_lint.analysis.callgraph.taken_branches import as_those_make_it
from bybit_lint.analysis.domains import (
    clocks,
    counts,
    delays,
    encodings,
    moments,
    number_origins,
    precision,
    queries,
    spans_of_time,
    strings,
    unset_variables,
)
from bybit_lint.analysis.domains.chats import Chats
from bybit_lint.analysis.domains.number_types import NumberTypes
from bybit_lint.analysis.domains.web_requests import WebRequests
from bybit_lint.analysis.flow import exception_handlers, termination
from bybit_lint.analysis.flow.executions import Executions
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import records
from bybit_lint.analysis.syntax.conditions import conditions
from bybit_lint.analysis.traffic.refusals import Refusals
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.analysis.traffic.sight.outside import Outside
from bybit_lint.analysis.values import library_models
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Expression, Parameter, Site, Union
from bybit_lint.facts.sockets import topic_tests
from bybit_lint.report.pages.markdown import DEFAULT_PATH, Fence, parts, split
from bybit_lint.vocabulary import Kind, Origin

FOLDER = Path(__file__).parent / "readings"
STATED = re.compile(r"  # is (.*)")


class Block(NamedTuple):
    """A file of a page, what stands before it, and the files beside it."""

    given: str
    fence: Fence
    others: dict[str, str]
    reading: str

    def stated(self) -> dict[int, str]:
        """By line of the page: what the expression there is."""
        found = ((line, STATED.search(text)) for line, text in enumerate(self.fence.lines, start=self.fence.line + 1))
        return {line: match[1] for line, match in found if match is not None}

    def seen(self) -> dict[int, str]:
        bot = Written("\n".join([self.given, *self.fence.lines, ""]), **self.others)
        offset = self.fence.line - self.given.count("\n") - 2  # of which one is the comment that all files begin with
        lines = self.stated()
        return {
            node.lineno + offset: READINGS[self.reading](bot, bot.at(node.value))
            for node in ast.walk(bot.module.source.tree)
            if isinstance(node, ast.Expr) and node.lineno + offset in lines
        }


# --- how an expression is read ----------------------------------------------------------------------------------------


def in_terms(_: Written, held: Expression) -> str:
    is_each = isinstance(held.term, Union) and held.term.is_certain
    return f"{'each of ' if is_each else ''}{told(held.term)}"


def as_number(bot: Written, held: Expression) -> str:
    """The origins, with a note of each and what it was cut to before (or `then`), `alone` if nothing else needs it."""
    return " or ".join(map(origin, number_origins.origins(bot.program.evaluator, held)))


def origin(found: Origin) -> str:
    note = f" ({found.note})" if found.note else ""
    then = "then " if found.cut and found.cut.kind is Kind.COARSENED else ""
    cut = f", {then}cut ({found.cut.note}){' alone' if found.cut.rounding else ''}" if found.cut else ""
    return f"{found.kind.name.lower()}{note}{cut}"


def as_unrounded(_: Written, held: Expression) -> str:
    """The number in a rounding, as it is written."""
    found = precision.unrounding(held.site)
    return (
        "not known" if found is None else held.site.module.source.data[found.number.start : found.number.end].decode()
    )


def as_moment(_: Written, held: Expression) -> str:
    """What each moment counts in, so many a second."""
    said = [
        f"{found.per_second:g}{', naive' if found.is_naive else ''}{', written' if found.is_literal else ''}"
        for found in moments.moments(held.term)
    ]
    return " or ".join(said) or "no moment"


def as_clock(_: Written, held: Expression) -> str:
    return " or ".join(read.name for read in clocks.local(held.term)) or "no clock of its own"


def as_delay(_: Written, held: Expression) -> str:
    return f"{delays.describe(held)}, {'the same for all' if delays.is_synchronised(held.term) else 'perhaps another'}"


def as_distance(_: Written, held: Expression) -> str:
    """How much later the second of a pair is than the first."""
    (start, end) = getattr(held.term, "items", (held, held))
    found = spans_of_time.between(start.term, end.term)
    return "not known" if found is None else f"{found:g}"


def as_told(bot: Written, held: Expression) -> str:
    return Outside(bot.program).word(held.term) or "the bot's own"


def as_sent(bot: Written, held: Expression) -> str:
    return "sent" if WebRequests(bot.program.evaluator).bring(held.term) else "not sent"


def as_count(bot: Written, held: Expression) -> str:
    """How many items a collection has at least."""
    return f"{counts.least(bot.program.evaluator, held.term)} at least"


def as_query(_: Written, held: Expression) -> str:
    found = queries.query(held)
    return "no query" if found is None else told(found)


def as_number_type(bot: Written, held: Expression) -> str:
    types = NumberTypes(bot.program.evaluator)
    decimal = "a Decimal" if types.is_proven_decimal(held.term) else "perhaps a Decimal"
    said = ["a float"] * types.is_float(held.term) + [decimal] * types.is_decimal(held.term)
    return " or ".join(said) or "a number"


def as_unset(_: Written, held: Expression) -> str:
    found = unset_variables.unset(held.term)
    return "not known" if found is None else f"{found.value!r} without {found.variable}"


def as_sample(_: Written, held: Expression) -> str:
    """The texts of the shape that a text has, with `?` for what is not known."""
    return " or ".join(text.replace(strings.HOLE, "?") for text in strings.shortest(held.term))


def as_run(bot: Written, held: Expression) -> str:
    """How often `ask()` is evaluated."""
    return "once" if Executions(bot.program.evaluator).runs_once(bot.module, asked(held).node) else "perhaps again"


def as_end(bot: Written, held: Expression) -> str:
    """What comes after `ask()`."""
    return "the end" if termination.ends_after(bot.program.callers, asked(held)) else "perhaps not the end"


def asked(held: Expression) -> Site:
    names = held.site.module.names
    (call,) = (call for call in names.calls_named["ask"] if names.holds(held.site.node, call))
    return Site(held.site.module, call, names.scope(call))


def as_held(bot: Written, held: Expression) -> str:
    """The tests that hold there, those that do not, and what a name is."""
    found = conditions(bot.module.names, held.site.node)
    said = {True: "{}", False: "not ({})"}
    told = [
        f"{test} {value!r}" if test.endswith("==") else said[value is True].format(test)
        for test, value in found.items()
    ]
    return ", ".join(told) or "known of nothing"


def as_decision(bot: Written, held: Expression) -> str:
    """The words that something is, each with what decides on it."""
    found = records.decisions(bot.module.names, held.site.node)
    return ", ".join(f"{d.word} where {ast.unparse(d.asked)} is {d.known}" for d in found) or "undecided"


def as_record(bot: Written, held: Expression) -> str:
    found = records.reads(bot.module.names, held.site.node)
    return ", ".join(f"{read.field} of {read.record}" for read in found) or "no field"


def as_exchange(bot: Written, held: Expression) -> str:
    """For which exchange the branch is that an expression stands in."""
    names, node = bot.module.names, held.site.node
    said = ["Bybit"] * library_models.is_here(names, node) + ["others"] * library_models.is_elsewhere(names, node)
    return f"for {' and '.join(said) or 'any'}"


def as_default(_: Written, held: Expression) -> str:
    """What a name is where nothing else is set."""
    return str(library_models.default(held.term) or "not known")


def as_failure(bot: Written, held: Expression) -> str:
    """What becomes of a failure of `ask()`: whether it may be caught, stays in its function, and what comes then."""
    call, evaluator = asked(held).node, bot.program.evaluator
    attempts = exception_handlers.enclosing_attempts(bot.module.names, call)
    taking = ([h for h in attempt.handlers if takes_lost(evaluator, bot.module, h)] for attempt in attempts)
    handlers = [found[0] for found in taking if found]
    said = {
        "caught": exception_handlers.may_be_caught(bot.module.names, call),
        "contained": exception_handlers.is_contained(bot.program, bot.module, call),
        "goes on": any(map(exception_handlers.continues, handlers)),
        "goes round": any(map(exception_handlers.goes_round, handlers)),
    }
    return ", ".join(word for word, is_so in said.items() if is_so) or "raised"


def takes_lost(evaluator: Evaluator, module: Module, handler: ast.ExceptHandler) -> bool:
    caught = exception_handlers.caught_exceptions(evaluator, module, handler.type)
    return exception_handlers.includes_lost_answer(caught)


def as_refusal(bot: Written, held: Expression) -> str:
    """Whether a test holds where Bybit has refused what it was asked for."""
    said = Refusals(Responses(bot.program)).holds(bot.module, held.site.node)
    return "not known" if said is None else str(said[0]).lower()


def as_made(bot: Written, held: Expression) -> str:
    """What a value is as the callers make it who get there."""
    ways = as_those_make_it(bot.program, held.site, held.term, lambda term: not isinstance(term, Parameter))
    return " or ".join(sorted(map(told, ways))) or "nobody's"


def as_signed(_: Written, held: Expression) -> str:
    """The pieces of what is signed, on each way."""
    ways = encodings.signed_ways(held.term)
    return " or ".join(sorted(", ".join(map(told, way)) for way in ways)) or "not read"


def as_style(_: Written, held: Expression) -> str:
    """How a payload is written, and whether it is hashed without a key."""
    found = encodings.style(held.term)
    hashed = ["hashed"] if encodings.plain_hash(held.term) else []
    return ", ".join([found.name if found else "not known", *hashed])


def as_topic(bot: Written, held: Expression) -> str:
    """Whether messages of a topic get to where an expression stands."""
    is_other = topic_tests.is_for_others(bot.module.names, held.site.node, "kline.5.BTCUSDT")
    return "for others" if is_other else "perhaps for this"


def as_written(bot: Written, held: Expression) -> str:
    """Whether somebody who sent it to the bot wrote a text."""
    return "written" if Chats(bot.program.evaluator).write(held.term) else "perhaps not"


READINGS: dict[str, Callable[[Written, Expression], str]] = {
    "terms": in_terms,
    "numbers": as_number,
    "floats": as_number,
    "roundings": as_unrounded,
    "outside": as_told,
    "requests": as_sent,
    "moments": as_moment,
    "clocks": as_clock,
    "delays": as_delay,
    "distances": as_distance,
    "counts": as_count,
    "queries": as_query,
    "number_types": as_number_type,
    "unset": as_unset,
    "samples": as_sample,
    "executions": as_run,
    "endings": as_end,
    "tests": as_held,
    "decisions": as_decision,
    "records": as_record,
    "exchanges": as_exchange,
    "failures": as_failure,
    "defaults": as_default,
    "chats": as_written,
    "topics": as_topic,
    "signatures": as_signed,
    "styles": as_style,
    "callers": as_made,
    "refusals": as_refusal,
}
"""By the name of the page."""


# --- the pages --------------------------------------------------------------------------------------------------------


def blocks(page: Path) -> Iterator[tuple[str, Block]]:
    """The blocks of a page by their titles."""
    before, sections = split(parts(page.read_text("utf-8"), page.name), 2)
    (given,) = ("\n".join(part.lines) for part in before if isinstance(part, Fence))
    for section in sections:
        others: dict[str, str] = {}
        for part in section.parts:
            if isinstance(part, Fence) and part.path != DEFAULT_PATH:
                others[part.path.removesuffix(".py")] = "\n".join([*part.lines, ""])
            elif isinstance(part, Fence):
                yield f"{page.name}:{part.line}: {section.title}", Block(given, part, others, page.stem)
                others = {}


BLOCKS = {title: block for page in sorted(FOLDER.glob("*.md")) for title, block in blocks(page)}


@pytest.mark.parametrize("title", BLOCKS)
def test_expressions_are_what_the_page_says(title: str) -> None:
    assert BLOCKS[title].seen() == BLOCKS[title].stated() != {}


def test_there_is_a_page_for_each_reading() -> None:
    assert {block.reading for block in BLOCKS.values()} == set(READINGS)
