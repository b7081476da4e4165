"""What the language server judges again and what it keeps, and when: without an editor."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from pygls.workspace import PositionCodec

from bybit_lint import facts
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.traffic.asked_reads import AskedReads
from bybit_lint.cli import main
from bybit_lint.commands.lsp.actions import Actions
from bybit_lint.commands.lsp.places import Places
from bybit_lint.commands.lsp.projects import Checked, Found, Projects
from bybit_lint.commands.lsp.runs import Checkpoint, Runs, Stale
from bybit_lint.inputs import config
from bybit_lint.vocabulary import Reading
from bybit_lint.vocabulary.failed_reads import EmptyRead, UncheckedNone

CLIENT = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


def buy(qty):
    session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=qty)
"""
STRATEGY = "from client import buy\n\n\ndef step(money, price):\n    buy(money / price)\n"
FILES = 40


def nothing() -> None:
    """Go on."""


class Bot:
    """A bot whose files are all connected, in an editor in which one of them is open."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.projects = str(folder), Projects()
        self.early: list[Checked] = []
        (folder / "client.py").write_text(CLIENT)
        for number in range(FILES - 1):
            (folder / f"strategy_{number}.py").write_text(STRATEGY)
        self.edited = str(folder / "strategy_7.py")

    def run(self, text: str = "", checkpoint: Checkpoint = nothing) -> Found:
        texts = {self.edited: text.encode()} if text else {}
        return self.projects.run([self.folder], texts, checkpoint, self.told)

    def told(self, checked: Checked, sources: Mapping[str, Source]) -> None:
        assert checked.source.path in sources
        self.early.append(checked)

    def codes(self, found: Found) -> list[str]:
        return [finding.code for finding in found.files[self.edited].findings]


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return Bot(tmp_path.resolve())


def test_only_what_was_changed_is_parsed_again(bot: Bot) -> None:
    assert bot.run().parsed == FILES
    assert bot.early == [], "nothing is open"
    found = bot.run(STRATEGY + "# edited\n")
    assert (found.judged, found.parsed) == (FILES, 1)
    assert bot.codes(found) == ["BYB201"]
    found = bot.run(STRATEGY + "# edited\n")
    assert (found.judged, found.parsed) == (0, 0), "nothing has changed"
    assert bot.codes(found) == ["BYB201"]
    found = bot.run()
    assert (found.judged, found.parsed) == (FILES, 1), "what is on the disk again"


def test_the_edited_file_is_told_of_before_the_others_are_judged(bot: Bot) -> None:
    class Enough(BaseException):
        pass

    def enough(checked: Checked, sources: Mapping[str, Source]) -> None:
        raise Enough

    bot.run()
    found = bot.run(STRATEGY + "buy(1 / 3)  # bybit-lint: ignore[BYB301] nothing\n")
    (early,) = bot.early
    assert early.source.path.endswith("strategy_7.py")
    whole = found.files[bot.edited].findings
    assert [f for f in whole if f.code != "BYB002"] == list(early.findings)
    assert "BYB002" in bot.codes(found), "that a comment is not needed is said when all is known"
    with pytest.raises(Enough):
        bot.projects.run([bot.folder], {bot.edited: STRATEGY.encode() + b"#"}, nothing, enough)
    assert bot.codes(bot.run(STRATEGY)) == ["BYB201"]


def test_what_is_found_early_is_true_and_disturbs_nothing() -> None:
    sources = [Source(path.name, path.read_bytes()) for path in sorted(Path("tests/seeded/naive").glob("[b-d]*.py"))]
    whole = {source.path: facts.of(source, part) for source, part in Project(sources).units}
    units = list(Project(sources).units)
    for source, part in units:
        early = facts.early(source, part)
        assert all(noun in whole[source.path] for noun in early)
    assert {source.path: facts.of(source, part) for source, part in units} == whole


READS = """\
from pybit.unified_trading import HTTP
session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)
def price(symbol):
    try:
        return session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]
    except Exception as error:
        print(error)
def positions():
    try:
        return session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    except Exception as error:
        print(error)
"""
ALSO = "from reads import price\nprint(price('BTCUSDT'))\n"
TAKEN = "{}\n\ndef last(symbol):\n    return float({}(symbol)['lastPrice'])\n"
ALL = b"import reads_0, reads_1, reads_2\n"
ASKING = {
    "direct": {"asks.py": TAKEN.format("from reads import price", "price")},
    "renamed": {"asks.py": TAKEN.format("from reads import price as quote", "quote")},
    "out of a table": {"asks.py": TAKEN.format("import reads\nREADS = {'last': reads.price}", "READS['last']")},
    "by a variable": {"asks.py": TAKEN.format("import reads\nread = reads.price", "read")},
    "handed on": {
        "asks.py": TAKEN.format("from hands_on import quote", "quote"),
        "hands_on.py": "from reads import price\ndef quote(symbol):\n    return price(symbol)\n",
    },
    "holdings": {
        "asks.py": (
            "from reads import positions\ndef held():\n    rows = positions()\n    if rows is None:\n"
            "        return []\n    return rows\n"
        ),
        "orders.py": (
            "from reads import session\nfrom asks import held\ndef enter():\n    if not held():\n"
            "        session.place_order(category='linear', symbol='BTCUSDT', side='Buy', orderType='Market', qty=1)\n"
        ),
    },
    "what a parser keeps": {
        "asks.py": "from parses import placed\ndef enter(symbol, book):\n    book.entry(placed(symbol)['paid'])\n",
        "parses.py": (
            "import ccxt\nexchange = ccxt.bybit()\ndef parsed(order):\n    return {'paid': order['average']}\n"
            "def looked_up(number, symbol):\n    return parsed(exchange.fetch_closed_order(number, symbol))\n"
            "def placed(symbol):\n    return parsed(exchange.create_order(symbol, 'market', 'buy', 1))\n"
        ),
    },
}


@pytest.mark.parametrize("files", ASKING.values(), ids=ASKING)
def test_what_another_file_gives_is_known_early_whoever_asks_for_it(files: Mapping[str, str]) -> None:
    """Of one file only that is followed which it may ask for: by its name, by another one, through others."""
    sources = [Source(name, text.encode()) for name, text in {"reads.py": READS, "also.py": ALSO, **files}.items()]
    ((asks, part),) = ((source, part) for source, part in Project(sources).units if source.path == "asks.py")
    given = (UncheckedNone, EmptyRead, Reading)
    early = [noun for noun in facts.early(asks, part) if isinstance(noun, given)]
    assert len(early) == 1
    assert early == [noun for noun in facts.of(asks, part) if isinstance(noun, given)]


def test_who_calls_functions_of_one_name_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot has a `price()` in each of its strategies: with each of them all their callers would come once more."""
    asked: list[tuple[int, str]] = []
    usual = AskedReads._asking

    def asking(self: AskedReads[object], name: str) -> Iterator[Module | None]:
        asked.append((id(self), name))
        return usual(self, name)

    monkeypatch.setattr(AskedReads, "_asking", asking)
    sources = [Source(f"reads_{number}.py", (READS + ALSO.partition("\n")[2]).encode()) for number in range(3)]
    ((last, part),) = [unit for unit in Project([*sources, Source("all.py", ALL)]).units if unit[0].path == "all.py"]
    facts.early(last, part)
    assert {name for _, name in asked} == {"price"}
    assert len(set(asked)) == len(asked)


def test_a_run_can_be_stopped_anywhere_and_the_next_one_is_whole(bot: Bot) -> None:
    def after(calls: int) -> Callable[[], None]:
        left = iter(range(calls))

        def checkpoint() -> None:
            if next(left, None) is None:
                raise Stale

        return checkpoint

    whole = bot.codes(bot.run(STRATEGY))
    for calls in (0, FILES // 2, FILES, FILES + 1, 3 * FILES, 9 * FILES):
        with pytest.raises(Stale):
            bot.run(STRATEGY + f"# {calls}\n", after(calls))
        found = bot.run(STRATEGY + f"# {calls}\n")
        assert bot.codes(found) == whole
        assert found.parsed <= 1, "what was read by then is kept"


# --- what is accepted -------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """The bot, with a baseline of all that is found in it."""
    monkeypatch.chdir(bot.folder)
    config.forget()
    Path("pyproject.toml").write_text('[tool.bybit-lint]\nbaseline = "known.json"\n')
    assert CliRunner().invoke(main, ["baseline"]).exit_code == 0
    return bot


def test_what_the_baseline_accepts_is_not_shown_and_what_is_new_is(accepted: Bot) -> None:
    assert {len(checked.findings) for checked in accepted.run().files.values()} == {0}
    assert accepted.codes(accepted.run("# moved\n" + STRATEGY)) == []
    assert [early.findings for early in accepted.early] == [[]]
    found = accepted.run(STRATEGY + "    buy(price / money)\n")
    assert [finding.span.line for finding in found.files[accepted.edited].findings] == [6]
    assert [[finding.span.line for finding in early.findings] for early in accepted.early] == [[], [6]]
    assert found.problems == []


def test_what_the_baseline_accepts_is_not_fixed_with_all_the_rest(accepted: Bot) -> None:
    order = 'session.place_order(category="linear", symbol="BTCUSDT", side="buy", orderType="Market", qty="1")\n'
    text = "from client import session\n\n" + order
    Path(accepted.edited).write_text(text)
    assert CliRunner().invoke(main, ["baseline"]).exit_code == 0
    checked = accepted.run(text + order.replace("buy", "sell")).files[accepted.edited]
    edit = Actions("file:///bot.py", checked, Places(PositionCodec())).all()
    ((made,),) = (edit.changes or {}).values()
    assert (made.range.start.line, made.new_text) == (3, "S"), "of sell, and not of the buy above it"


def test_a_baseline_that_cannot_be_used_is_told_and_all_is_shown(accepted: Bot) -> None:
    Path("known.json").unlink()
    found = accepted.run()
    assert accepted.codes(found) == ["BYB201"]
    assert found.problems == ["known.json: there is no such baseline; `bybit-lint baseline` writes it"]


# --- when -------------------------------------------------------------------------------------------------------------


def test_a_run_that_nobody_waits_for_any_more_is_stopped_and_the_last_word_counts() -> None:
    begun, told, texts = threading.Event(), list[str](), ["first"]

    def prepared() -> Callable[[Checkpoint], str]:
        text = texts[-1]

        def work(checkpoint: Checkpoint) -> str:
            begun.set()
            while text == "first":
                checkpoint()
            return text

        return work

    async def scenario() -> None:
        runs = Runs(prepared, told.append, print, nothing, pause=0)
        going = asyncio.get_running_loop().create_task(runs.go())
        runs.ask()
        await asyncio.to_thread(begun.wait)
        texts.append("second")
        runs.ask()
        await runs.settled()
        going.cancel()

    asyncio.run(scenario())
    assert told == ["second"]


def test_what_is_asked_for_at_once_is_done_once() -> None:
    told: list[int] = []
    done: list[int] = []

    def prepared() -> Callable[[Checkpoint], int]:
        done.append(len(done))
        return lambda checkpoint: len(done)

    async def scenario() -> None:
        runs = Runs(prepared, told.append, print, nothing, pause=0)
        going = asyncio.get_running_loop().create_task(runs.go())
        for _ in range(5):
            runs.ask()
        await runs.settled()
        going.cancel()

    asyncio.run(scenario())
    assert told == [1]


def test_what_a_run_leaves_is_tidied_up_once_nobody_waits_any_more() -> None:
    happened: list[str] = []
    is_tidy = threading.Event()

    def tidy() -> None:
        happened.append("tidied")
        is_tidy.set()

    async def scenario() -> None:
        runs = Runs(lambda: lambda checkpoint: "told", happened.append, print, tidy, pause=0)
        going = asyncio.get_running_loop().create_task(runs.go())
        for _ in range(2):
            runs.ask()
            await runs.settled()
            happened.append("settled")
            await asyncio.to_thread(is_tidy.wait)
            is_tidy.clear()
        going.cancel()

    asyncio.run(scenario())
    assert sorted(happened[:3]) == sorted(happened[3:]) == ["settled", "tidied", "told"]
    assert happened[0] == happened[3] == "told"


def test_what_is_worked_out_of_a_project_goes_with_the_run(bot: Bot) -> None:
    bot.run()
    held = [weakref.ref(one) for one in gc.get_objects() if isinstance(one, Project)]
    assert held
    bot.projects.tidy()
    assert not any(one() for one in held)


def test_a_crash_is_told_and_is_not_the_end() -> None:
    told: list[str] = []
    failed: list[Exception] = []
    crashes = [ZeroDivisionError("no such number")]

    def prepared() -> Callable[[Checkpoint], str]:
        def work(checkpoint: Checkpoint) -> str:
            if crashes:
                raise crashes.pop()
            return "done"

        return work

    async def scenario() -> None:
        runs = Runs(prepared, told.append, failed.append, nothing, pause=0)
        going = asyncio.get_running_loop().create_task(runs.go())
        runs.ask()
        await runs.settled()
        runs.ask()
        await runs.settled()
        going.cancel()

    asyncio.run(scenario())
    assert [str(error) for error in failed] == ["no such number"]
    assert told == ["done"]
