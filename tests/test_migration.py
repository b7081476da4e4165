"""Runs tests/migrations/*.md: bots for clients before V5, and what `bybit-lint migrate` makes of them.

Each heading is one bot: its files as `python old` blocks, and as `python new` blocks those that change (`name.py`:
above a block names it). A `text report` block has what a person has to look at or to decide, a line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from seeing import seen

from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.fixing.migration.plan import Plan, plan
from bybit_lint.fixing.migration.steps import Level
from bybit_lint.knowledge import endpoint_of, legacy, migrations
from bybit_lint.report.pages.markdown import Fence, Section, parts, split
from bybit_lint.vocabulary import Network, Session

FOLDER = Path(__file__).parent / "migrations"


class Case(NamedTuple):
    """One bot of a page: its files before and after, and what is left to look at."""

    old: list[Source]
    new: dict[str, str]
    report: list[str]


def cases() -> Iterator[tuple[str, Case]]:
    for page in sorted(FOLDER.glob("*.md")):
        _, sections = split(parts(page.read_text("utf-8"), page.name), 2)
        yield from ((f"{page.stem}: {section.title}", case(section)) for section in sections)


def case(section: Section) -> Case:
    fences = [part for part in section.parts if isinstance(part, Fence)]
    old = {fence.path: text(fence) for fence in fences if fence.info in ("python old", "text old")}
    new = {fence.path: text(fence) for fence in fences if fence.info in ("python new", "text new")}
    report = [line for fence in fences if fence.info == "text report" for line in fence.lines]
    return Case([Source(path, code.encode()) for path, code in old.items()], old | new, report)


def text(fence: Fence) -> str:
    return "\n".join([*fence.lines, ""])


def told(made: Plan) -> Iterator[str]:
    """What a plan has to say beside what is certain."""
    for step in made.steps:
        if step.level is not Level.CERTAIN:
            yield f"{step.span.path}:{step.span.line} {step.name}, {step.level.value}: {'; '.join(step.reasons)}"


def migrated(sources: list[Source]) -> tuple[Plan, list[Source]]:
    made = plan(Project(sources), sources)
    after = {new.path: new for _, new in made.changed}
    return made, [after.get(source.path, source) for source in sources]


def networks(sources: list[Source]) -> set[Network | None]:
    """The networks of all clients that are made; None for one that is not known."""
    return {noun.network for noun in seen(sources) if isinstance(noun, Session)}


CASES = dict(cases())


@pytest.mark.parametrize("name", CASES)
def test_a_bot_is_migrated_as_its_page_says(name: str) -> None:
    case = CASES[name]
    made, after = migrated(case.old)
    assert {source.path: source.data.decode() for source in after} == case.new
    assert [*told(made)] == case.report


@pytest.mark.parametrize("name", CASES)
def test_a_second_run_changes_nothing_and_forgets_nothing(name: str) -> None:
    case = CASES[name]
    first, after = migrated(case.old)
    second, again = migrated(after)
    assert [source.data for source in again] == [source.data for source in after]
    rewritten = {source.path for source, _ in first.changed}
    is_open = any(step.level is not Level.CERTAIN and step.span.path in rewritten for step in first.steps)
    assert bool(second.steps) is (is_open or any(step.is_left for step in first.steps))


@pytest.mark.parametrize("name", CASES)
def test_no_bot_is_nearer_to_real_money(name: str) -> None:
    case = CASES[name]
    _, after = migrated(case.old)
    before = networks(case.old)
    risky = {Network.MAINNET, None}
    assert networks(after) & risky <= before & risky


@pytest.mark.parametrize("path", migrations.asked_at())
def test_what_a_path_was_is_asked_where_the_path_is_now_and_needs_no_key(path: str) -> None:
    client, _, method = migrations.asked_at()[path].v5_method.partition(".")
    endpoint = endpoint_of(migrations.migrations()[client, method].v5_method)
    assert endpoint is not None
    assert endpoint.path == legacy.paths()[path].v5_path
    assert not endpoint.needs_auth


@pytest.mark.parametrize("asked", migrations.signed_at(), ids=" ".join)
def test_what_a_signed_request_was_is_asked_where_its_path_is_now(asked: tuple[str, str]) -> None:
    client, _, method = migrations.signed_at()[asked].v5_method.partition(".")
    endpoint = endpoint_of(migrations.migrations()[client, method].v5_method)
    assert endpoint is not None
    is_fee = asked[1].endswith("/prev-funding")  # one's last funding fee is an entry of two lists
    assert is_fee or legacy.paths()[asked[1]].v5_path in (endpoint.path, "")
    assert asked[0] in ("GET", "POST", "DELETE")
    assert (asked[0] == "GET") is (endpoint.verb == "GET")
