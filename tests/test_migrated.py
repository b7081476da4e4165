"""Runs tests/migrated/bots: bots of APIs before V5, before and after `bybit-lint migrate`, on the emulated exchange.

How a page is read says `migrated.page`, what is not there yet `migrated.slices`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from tokenize import COMMENT, generate_tokens
from typing import TypeVar

import pytest
from migrated.command import Migration, migrate, write
from migrated.page import Page, flaws, flaws_of, names, page
from migrated.slices import BOTS, awaiting, awaiting_bot
from packaging.requirements import Requirement
from proofs.bench import Bench
from proofs.verdicts import account
from seeing import seen

from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary import LegacyUse, Network, Noun, Session

PAGES = [page(name) for name in names()]
RUN = {"Requests", "Subscribes", "Orders", "Positions", "Prints"}
"""The sections that speak of what a bot does."""
HOST = re.compile(r"(?:api|stream)[\w.-]*\.(?:bybit|bytick)[\w.-]*\w")
SOUND = ("5.15.0", "5.16.1", "5.17.0", version("pybit"))
"""Versions of pybit for V5 in which no defect is known: those before them give up at a rate limit."""
Migrated = Callable[[Page], Migration]
_Noun = TypeVar("_Noun", bound=Noun)


def nothing(page: Page) -> tuple[pytest.MarkDecorator, ...]:
    return ()


def those(marks_of: Callable[[Page], tuple[pytest.MarkDecorator, ...]] = nothing) -> pytest.MarkDecorator:
    rows = [pytest.param(each, id=each.name, marks=[*marks_of(each), *sockets(each)]) for each in PAGES]
    return pytest.mark.parametrize("page", rows)


def of_client(page: Page) -> tuple[str, ...]:
    """The slices without which nothing of a bot is carried over."""
    return ("command", page.client)


def sockets(page: Page) -> list[pytest.MarkDecorator]:
    return [pytest.mark.sockets] if page.is_scaled else []


# --- the pages --------------------------------------------------------------------------------------------------------


@those()
def test_a_page_is_right_for_the_same_bot_by_hand(bench: Bench, page: Page, missed: list[str]) -> None:
    if found := patiently(bench, page, page.twin, missed):
        pytest.fail("\n".join(found), pytrace=False)


@those()
def test_every_line_of_a_page_counts(bench: Bench, page: Page) -> None:
    run = bench.run(page.job(page.twin), page.given)
    held = bench.exchange.positions
    for title in RUN & page.sections.keys():
        lines = page.lines(title)
        for changed in (lines[:-1], (*lines, lines[0])):
            other = page._replace(sections={**page.sections, title: changed})
            assert list(flaws_of(other, run, held)), (title, changed)
    assert list(flaws_of(page._replace(network="demo"), run, held))


@those()
def test_a_bot_of_before_does_not_even_start_or_is_refused(bench: Bench, page: Page) -> None:
    run = bench.run(page.job(page.files), page.given)
    is_refused = bool(run.answers or run.sockets) and all(answer.status == 404 for answer in run.answers)
    is_refused = is_refused and all(socket.ended == "refused" for socket in run.sockets)
    assert any("ImportError" in problem.bases for problem in run.problems) or is_refused, account(run)
    assert not run.orders


def test_there_are_twelve_bots_and_each_is_there_twice() -> None:
    assert len(PAGES) >= 12
    for each in PAGES:
        assert each.files.keys() == each.twin.keys(), each.name
        for title in ("Told", "Left"):
            assert len(list(each.told(title))) == len(each.lines(title))
    assert BOTS.keys() <= {each.name for each in PAGES}


def patiently(bench: Bench, page: Page, files: Mapping[str, str], missed: list[str]) -> list[str]:
    """As the proofs: scaled time can run ahead of a bot on a busy machine, so a miss is repeated once, slower."""
    found = flaws(page, bench, files)
    if found and page.is_scaled:
        missed.append(f"{page.name}\n" + "\n".join(found))
        found = flaws(page.slower(), bench, files)
    return found


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """The command at work on a copy of a bot, once for each."""

    @cache
    def carry(name: str) -> Migration:
        folder = tmp_path_factory.mktemp(name)
        write(page(name).files, folder)
        return migrate(folder, "--write")

    return lambda page: carry(page.name)


@those(lambda page: awaiting_bot(page.name))
def test_a_bot_does_what_it_was_meant_to(bench: Bench, page: Page, migrated: Migrated, missed: list[str]) -> None:
    migration = migrated(page)
    found = [*patiently(bench, page, migration.files, missed), *unfinished(page, migration)]
    if found:
        became = [f"--- {path}\n{text}" for path, text in migration.files.items() if text != page.files[path]]
        pytest.fail("\n".join([*found, migration.output, *became]), pytrace=False)


def unfinished(page: Page, migration: Migration) -> Iterator[str]:
    """What of a bot was not carried over although it can be, or was although it cannot, or is not told."""
    left = list(page.told("Left"))
    for each in left:
        if each.text not in migration.files[each.path]:
            yield f"this should have been left as it is: {each}"
    for each in (*left, *page.told("Told")):
        if not re.search(each.reason, migration.told(each.path, each.line)):
            yield f"this is not told with its reason: {each}"
    for noun in nouns(migration.files, LegacyUse):
        line = migration.files[noun.span.path].splitlines()[noun.span.line - 1]
        if not any(each.text in line for each in left):
            yield f"this was left: {noun.span.path}:{noun.span.line}: {line.strip()}"
    if left and migration.exit_code != 1:
        yield f"something is left, and the exit code is {migration.exit_code}"
    yield from old_pins(migration.files)


def old_pins(files: Mapping[str, str]) -> Iterator[str]:
    """The bot's requirements want the client that it uses now, in a version without known defects, and no older one."""
    for path, text in files.items():
        if path.endswith(".txt"):
            wanted = {one.name: one.specifier for one in map(Requirement, text.splitlines())}
            if "pybit" not in wanted or not any(map(wanted["pybit"].contains, SOUND)):
                yield f"{path} does not want any of pybit {SOUND}"
            elif wanted["pybit"].contains("2.4.1") or not wanted.keys().isdisjoint({"bybit", "pybybit"}):
                yield f"{path} lets a client of before V5 in"


@pytest.mark.parametrize(
    "text", ["pybit==2.4.1", "pybit==5.12.0", "pybit", "pybit>=2", "bybit==0.2.12", "pybit>=5\nbybit", "requests"]
)
def test_requirements_of_before_are_noticed(text: str) -> None:
    assert len(list(old_pins({"requirements.txt": text}))) == 1


def test_what_the_report_says_of_a_line_goes_to_the_next_one() -> None:
    report = """bot.py
  3:1  server_time -> get_server_time  [certain]
  7:5  lcp_info  [left]
      nothing of V5

other.py
  7:1  x
"""
    migration = Migration(1, report, {})
    assert migration.told("bot.py", 3) == "  3:1  server_time -> get_server_time  [certain]"
    assert migration.told("bot.py", 7) == "  7:5  lcp_info  [left]\n      nothing of V5"
    assert migration.told("other.py", 7) == "  7:1  x"
    assert not migration.told("bot.py", 5)
    assert not migration.told("no.py", 7)


def test_requirements_of_v5_are_right() -> None:
    for text in ("pybit>=5.11\nrequests==2.32.0", "pybit==5.15.0", "pybit~=5.15"):
        assert not list(old_pins({"requirements.txt": text}))


@those(lambda page: awaiting("command"))
def test_every_file_parses_and_a_second_run_changes_nothing(page: Page, migrated: Migrated, tmp_path: Path) -> None:
    migration = migrated(page)
    assert migration.exit_code in (0, 1), migration.output
    assert migration.files.keys() == page.files.keys()
    for path, text in migration.files.items():
        if path.endswith(".py"):
            compile(text, path, "exec")
        assert not comments(page.files[path]) - comments(text)
    write(migration.files, tmp_path)
    assert migrate(tmp_path, "--write").files == migration.files


def comments(text: str) -> set[str]:
    """The comments of a file, which belong to whoever wrote them."""
    return {token.string for token in generate_tokens(StringIO(text).readline) if token.type == COMMENT}


@those(lambda page: awaiting("plan", *of_client(page)))
def test_the_plan_and_the_diff_change_nothing_and_name_every_file_that_will(
    page: Page, migrated: Migrated, tmp_path: Path
) -> None:
    write(page.files, tmp_path)
    changed = [path for path, text in migrated(page).files.items() if text != page.files[path]]
    assert changed
    for options in ((), ("--diff",)):
        planned = migrate(tmp_path, *options)
        assert planned.exit_code == 1
        assert planned.files == page.files
        for path in changed:
            assert path in planned.output, f"{options}: {planned.output}"


# --- real money -------------------------------------------------------------------------------------------------------


@those(lambda page: awaiting("networks", *of_client(page)))
def test_no_bot_is_nearer_to_real_money(page: Page, migrated: Migrated) -> None:
    after = migrated(page).files
    assert after != page.files
    assert networks(after) <= networks(page.files) | {Network.TESTNET}
    assert hosts(after) <= hosts(page.files)
    assert page.network == "mainnet" or not nearer(after)


@those()
def test_the_same_bots_by_hand_are_no_nearer_to_it(page: Page) -> None:
    assert networks(page.twin) | networks(page.files) <= {Network(page.network)}
    assert hosts(page.twin) <= hosts(page.files)
    assert page.network == "mainnet" or not nearer(page.twin)
    assert not list(nouns(page.twin, LegacyUse))


def networks(files: Mapping[str, str]) -> set[Network | None]:
    """Those that the bot's clients are proven to reach, None for one that nobody knows."""
    return {noun.network for noun in nouns(files, Session)}


def hosts(files: Mapping[str, str]) -> set[str]:
    return {host for text in files.values() for host in HOST.findall(text)}


def nearer(files: Mapping[str, str]) -> list[str]:
    """What selects mainnet in pybit's V5, by its text."""
    return [found for text in files.values() for found in re.findall(r"(?:testnet|demo)=False", text)]


def nouns(files: Mapping[str, str], kind: type[_Noun]) -> Iterator[_Noun]:
    sources = [Source(path, text.encode()) for path, text in files.items() if path.endswith(".py")]
    yield from (noun for noun in seen(sources) if isinstance(noun, kind))
