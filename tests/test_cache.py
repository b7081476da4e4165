"""What is remembered between runs: the same is found as without it, it holds no word of a bot, and breaks nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.inputs import config, days
from bybit_lint.judging import cache as caching
from bybit_lint.judging import judge
from bybit_lint.judging.cache import Cache, usual_folder
from bybit_lint.judging.rules import rules
from bybit_lint.knowledge.accounts import HEDGE, UNKNOWN, Account

CLIENT = """from pybit.unified_trading import HTTP
session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)
"""
WRAPPER = """from client import session
def buy(qty):
    session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty={qty})
"""
UNROUNDED = "from wrapper import buy\ndef go(money, price):\n    buy(money / price)\n"
WHOLE = "from wrapper import buy\nbuy('1')\n"
PLAIN, AS_TEXT = WRAPPER.format(qty="qty"), WRAPPER.format(qty="'0.001'")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache; the working directory beside it is empty."""
    config.forget()
    monkeypatch.setenv("BYBIT_LINT_NO_CACHE", "")
    monkeypatch.setenv("BYBIT_LINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "bot").mkdir()
    monkeypatch.chdir(tmp_path / "bot")
    return tmp_path / "cache"


def write(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.py").write_text(text)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["check", ".", *arguments])
    return done.exit_code, done.output


def found(*arguments: str) -> list[str]:
    """`path:line code` of each finding."""
    told = json.loads(run("--format", "json", *arguments)[1])
    return [f"{finding['path']}:{finding['line']} {finding['code']}" for finding in told["findings"]]


def entries(folder: Path) -> list[Path]:
    """What is remembered of bots."""
    return [entry for entry in folder.glob("*") if not entry.name.startswith("rules-")]


def table(folder: Path) -> Path:
    """The table of the rules that is remembered."""
    (found,) = folder.glob("rules-*")
    return found


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that were judged, and not remembered."""
    paths: list[str] = []
    verdict = judge.verdict

    def told(source: Source, *rest: Any) -> Any:
        paths.append(source.path)
        return verdict(source, *rest)

    monkeypatch.setattr(judge, "verdict", told)
    return paths


def test_what_has_not_changed_is_not_judged_again(judged: list[str]) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    first = found()
    assert "bot.py:3 BYB201" in first
    assert judged == ["bot.py", "client.py", "wrapper.py"]
    assert found() == first
    assert len(judged) == 3


def test_parts_that_nothing_connects_are_remembered_apart(judged: list[str]) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED, other=CLIENT)
    first = found()
    judged.clear()
    write(other=CLIENT + "session.place_order(category='linear', symbol='BTCUSDT', side='buy', qty='1')\n")
    assert set(found()) - set(first) == {"other.py:3 BYB212", "other.py:3 BYB213"}
    assert judged == ["other.py"]


@pytest.mark.parametrize(
    "edit", [{"wrapper": AS_TEXT}, {"bot": WHOLE}, {"client": "session = None\n"}], ids=["callee", "caller", "client"]
)
def test_a_change_in_any_file_of_a_part_is_seen_in_all(edit: Mapping[str, str]) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    assert "bot.py:3 BYB201" in found()
    write(**edit)
    assert "bot.py:3 BYB201" not in found()
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    assert "bot.py:3 BYB201" in found()


def test_a_file_that_is_only_looked_into_counts_too() -> None:
    """Nobody imports `desk.sizes`; who asks the package for it is told what is in it nevertheless."""
    Path("desk").mkdir()
    Path("desk/__init__.py").write_text("")
    Path("desk/sizes.py").write_text("def size(money, price):\n    return money / price\n")
    write(bot=CLIENT + "import desk\n" + PLAIN.partition("\n")[2] + "def go(a, b):\n    buy(desk.sizes.size(a, b))\n")
    before = found()
    assert any("BYB201" in one for one in before)
    Path("desk/sizes.py").write_text("def size(money, price):\n    return '1'\n")
    assert not any("BYB201" in one for one in found())
    Path("desk/sizes.py").unlink()
    assert not any("BYB201" in one for one in found())
    Path("desk/sizes.py").write_text("def size(money, price):\n    return money / price\n")
    assert found() == before


def test_a_new_file_can_change_what_an_import_means() -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    before = found()
    Path("wrapper").mkdir()
    Path("wrapper/__init__.py").write_text("def buy(qty):\n    pass\n")  # Python prefers it to wrapper.py
    assert "bot.py:3 BYB201" not in found()
    Path("wrapper/__init__.py").unlink()
    assert found() == before


def test_a_file_counts_by_being_there() -> None:
    """Nobody imports the `__init__.py`, but the folder of a package is not where a script finds its modules."""
    write(bot="from pybit.unified_trading import HTTP\n", pybit="")
    assert found() == ["bot.py:1 BYB803"]
    Path("__init__.py").write_text("")
    assert found() == []
    Path("__init__.py").unlink()
    assert found() == ["bot.py:1 BYB803"]


def test_a_manifest_counts() -> None:
    write(bot=CLIENT)
    assert found() == []
    Path("requirements.txt").write_text("pybit==5.2.0\n")
    assert found() == ["requirements.txt:1 BYB801"]


def test_other_rules_are_asked_anew() -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    assert found("--select", "BYB4") == []
    assert found("--select", "BYB2") == ["bot.py:3 BYB201"]
    assert found("--select", "BYB4") == []


def test_what_the_config_says_of_the_account_counts(tmp_path: Path) -> None:
    sources = [Source("bot.py", CLIENT.encode())]
    cache = Cache(str(tmp_path / "accounts"))
    for account in (UNKNOWN, Account(HEDGE), UNKNOWN):
        engine.check(sources, checks.load(), account=account, jobs=1, cache=cache)
    assert len(os.listdir(cache.folder)) == 2


def test_a_suppression_ends_though_the_file_has_not_changed(monkeypatch: pytest.MonkeyPatch, judged: list[str]) -> None:
    left = ["2026-05-02", "2026-05-01", "2026-04-30"]
    monkeypatch.setattr(days, "today", lambda: left[-1])
    accepted = UNROUNDED.replace("price)\n", "price)  # bybit-lint: ignore[BYB201] until=2026-05-01\n")
    write(client=CLIENT, wrapper=PLAIN, bot=accepted)
    assert found() == []
    judged.clear()
    left.pop()
    assert found() == []
    assert judged == [], "one day after the other means nothing as long as none of the file's is over"
    left.pop()
    assert found() == ["bot.py:3 BYB201", "bot.py:3 BYB005"]
    assert "bot.py" in judged


def test_a_file_alone_finds_what_the_whole_bot_found_and_the_other_way_round(judged: list[str]) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    alone = CliRunner().invoke(main, ["check", "bot.py", "--format", "concise"]).output
    assert "bot.py:3" in alone
    judged.clear()
    assert "bot.py:3 BYB201" in found()
    assert judged == []


@pytest.mark.parametrize("style", ["text", "concise", "json", "sarif", "github", "gitlab", "junit"])
def test_every_report_is_the_same_as_without_a_cache(style: str) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED + CLIENT, broken="import pybit\nprint(\n")
    expected = run("--format", style, "--no-cache")
    assert run("--format", style) == expected
    assert run("--format", style) == expected
    assert "BYB201" in expected[1]


def test_what_is_accepted_is_sifted_out_of_what_is_remembered(judged: list[str]) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    assert found() == ["bot.py:3 BYB201"]
    assert CliRunner().invoke(main, ["baseline", "--output", "known.json"]).exit_code == 0
    judged.clear()
    assert found("--baseline", "known.json") == found("--baseline", "known.json", "--no-cache") == []
    assert judged.count("bot.py") == 1, "once, without the cache"
    assert found() == ["bot.py:3 BYB201"], "and nothing of it is in the cache"


def test_fixes_are_made_of_what_was_only_remembered() -> None:
    write(bot=CLIENT + PLAIN.partition("\n")[2] + UNROUNDED.partition("\n")[2])
    edits = run("--edits", "--format", "json", "--no-cache")
    assert found() == ["bot.py:6 BYB201"]
    assert run("--edits", "--format", "json") == edits
    assert "round_qty" in run("--diff")[1]
    assert "Fixed 1" in run("--fix")[1]
    assert found() == []


# --- the table of the rules -------------------------------------------------------------------------------------------


def test_a_rule_that_is_remembered_is_the_one_that_its_check_declares(folder: Path) -> None:
    cache = Cache(str(folder))
    assert rules(cache) is checks.load()
    found = rules(cache)
    assert len(found) == len(checks.load())
    for remembered, declared in zip(found, checks.load(), strict=True):
        assert remembered is not declared
        for what in ("code", "module", "severity", "ret_codes", "is_default", "name", "family", "noun", "judge"):
            assert getattr(remembered, what) == getattr(declared, what), f"{what} of {declared.code}"


@pytest.mark.parametrize("words", [[], ["--select", "orders"], ["--ignore", "BYB201"], ["--select", "guessed-step"]])
def test_the_rules_that_are_remembered_are_selected_by_all_their_words(words: Sequence[str]) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED + "import pybit\nsession.place_order(qty=0.1)\n")
    expected = run(*words, "--no-cache")
    run("--select", "BYB001")
    assert run(*words) == expected, "found anew by the rules that are remembered"
    assert run(*words) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "7", "\0\xff", "[" * 100_000, '{"BYB201": "error"}', '["BYB201"]', "[[]]", "[7]"),
        *('[["BYB201", "a.b", "error", [10001]]]', '[["BYB201", "a.b", "fatal", [], true]]'),
        *('[["BYB201", "a.b", "error", ["1"], true]]', '[["BYB201", "a.b", "error", 7, true]]'),
        *('[["BYB201", "a.b", "error", [], "yes"]]', '[[201, "a.b", "error", [], true]]'),
        *('[["BYB201", null, "error", [], true]]', '[["BYB201", "a.b", [], [], true]]'),
    ],
)
def test_a_broken_or_foreign_table_is_written_anew(folder: Path, text: str) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    expected = run("--no-cache")
    run()
    good = table(folder).read_text()
    table(folder).write_text(text, encoding="latin-1")
    assert run() == expected
    assert table(folder).read_text() == good


def test_a_check_that_is_edited_is_asked_anew(tmp_path: Path) -> None:
    """As it is where the tool is installed as its own checkout."""
    package = Path(checks.__file__).parent.parent
    shutil.copytree(package, tmp_path / "tool" / "bybit_lint")
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)

    def told() -> str:
        run = subprocess.run(
            [sys.executable, "-m", "bybit_lint", "check", ".", "--format", "concise"],
            env={**os.environ, "PYTHONPATH": str(tmp_path / "tool")},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return run.stdout

    assert "Found 1 error in" in told()
    assert "Found 1 error in" in told()
    check = tmp_path / "tool/bybit_lint/checks/orders/unrounded_quantity.py"
    check.write_text(check.read_text().replace('severity="error"', 'severity="note"'))
    assert "Found 1 note in" in told()


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "7", "\0\xff", "[" * 100_000, '{"findings": 1}'),
        '{"findings": {}, "keys": {}, "beyond": []}',
        '{"findings": {"bot.py": [["BYB201"]]}, "keys": {}, "beyond": {}}',
    ],
)
def test_a_broken_or_foreign_entry_is_written_anew(folder: Path, text: str) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    expected = run("--no-cache")
    run()
    (entry,) = entries(folder)
    good = entry.read_text()
    entry.write_text(text, encoding="latin-1")
    assert run() == expected
    assert entry.read_text() == good


def test_a_folder_that_cannot_be_written_means_no_cache(folder: Path) -> None:
    folder.write_text("no folder")
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    assert run() == run("--no-cache")
    assert folder.read_text() == "no folder"


def test_without_a_place_for_caches_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYBIT_LINT_CACHE_DIR")
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert usual_folder() == ""
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    assert run() == run("--no-cache")
    assert CliRunner().invoke(main, ["clean"]).output == (
        "There is no folder for caches here: nothing was remembered.\n"
    )


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [("linux", "XDG_CACHE_HOME", "bybit-lint"), ("win32", "LOCALAPPDATA", "bybit-lint")],
)
def test_the_usual_folder_is_where_the_platform_has_it(
    platform: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert usual_folder() == str(tmp_path / expected)


def test_two_runs_at_once_do_not_disturb_each_other(folder: Path) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    _, expected = run("--no-cache", "--format", "json")
    command = [sys.executable, "-m", "bybit_lint", "check", ".", "--format", "json"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0] for process in runs] == [expected] * 4
    assert [entry.suffix for entry in entries(folder)] == [".json"]
    assert table(folder).suffix == ".json"


def test_what_crashed_is_tried_again(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    with monkeypatch.context() as patched:
        patched.setattr(checks.load()[10], "findings", lambda noun: 1 / 0)
        patched.setattr(checks.load()[10], "noun", object)
        assert run()[0] == 2
    assert entries(folder) == []
    assert run()[0] == 1


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_no_key_and_no_source_is_written_down(folder: Path) -> None:
    key, secret = "aB3xK9pQ7rS0tU5vW", "Zq8Lw2Nd6Vb4Xc1Mf7Gh"
    write(
        client=CLIENT.replace("KEY", repr(key)).replace("SECRET", repr(secret)),
        wrapper=PLAIN,
        bot=f"{UNROUNDED}# {secret}\nprint('{key}')\n",
    )
    expected = run("--no-cache")
    assert run() == run() == expected
    written = "".join(entry.read_text() for entry in folder.iterdir())
    assert "BYB201" in written
    for text in (key, secret, "place_order(", "buy(", "money / price"):
        assert text not in written, text
    assert key not in expected[1]
    assert secret not in expected[1]


def test_a_key_that_a_message_shows_is_not_written_down(folder: Path) -> None:
    key = "aB3xK9pQ7rS0tU5vW"
    write(bot=f"{CLIENT}session.get_tickers(category='{key}')\n")
    expected = run("--no-cache")
    assert "category='****" in expected[1]
    assert run() == run() == expected
    assert entries(folder) == []


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_what_was_used_longest_ago_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(str(tmp_path / "full"))
    for number in range(10):
        cache.keep(str(number), "x" * 100)
        os.utime(tmp_path / "full" / f"{number}.json", (number, number))
    assert cache.find("0") == "x" * 100  # and so is used again
    monkeypatch.setattr(caching, "LIMIT", 1000)
    cache.tidy()
    left = {entry.stem for entry in (tmp_path / "full").iterdir()}
    assert left == {"0", "7", "8", "9"}
    cache.tidy()
    assert len(left) == 4


def test_clean_takes_away_what_was_remembered_and_nothing_else(folder: Path) -> None:
    write(client=CLIENT, wrapper=PLAIN, bot=UNROUNDED)
    run()
    (folder / "mine.txt").write_text("mine")
    clean = ["clean"]
    assert CliRunner().invoke(main, clean).output == f"Removed 2 entries from {folder}.\n"
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]
    (folder / "mine.txt").unlink()
    assert CliRunner().invoke(main, clean).output == f"Removed 0 entries from {folder}.\n"
    assert not folder.exists()
    assert CliRunner().invoke(main, clean).exit_code == 0


# --- any project, edited at random ------------------------------------------------------------------------------------

CONTENTS = {
    "client.py": [CLIENT, CLIENT.replace("True", "False"), "session = None\n"],
    "wrapper.py": [PLAIN, AS_TEXT, "from client import session\ndef buy(qty):\n    print(qty)\n"],
    "bot.py": [UNROUNDED, WHOLE, "import wrapper\ndef go(a, b):\n    wrapper.buy(a / b)\n", "import pybit\nprint(\n"],
    "extra/__init__.py": ["", "from wrapper import buy\ndef go(lots):\n    buy(lots * 0.1)\n"],
    "extra/wrapper.py": ["def buy(qty):\n    return qty\n", PLAIN],
    "requirements.txt": ["pybit==5.2.0\n", "pybit>=5.11\n"],
}
STATES = st.fixed_dictionaries({name: st.sampled_from([None, *texts]) for name, texts in CONTENTS.items()})


def findings(state: Mapping[str, str | None], cache: Cache | None) -> list[str]:
    sources = [Source(name, text.encode()) for name, text in state.items() if text is not None]
    outcome = engine.check(sources, checks.load(), jobs=1, cache=cache)
    return [f"{finding.span} {finding.code} {finding.message} {finding.related}" for finding in outcome.findings]


@settings(max_examples=60)
@given(st.lists(STATES, min_size=2, max_size=5))
def test_any_number_of_edits_leaves_the_findings_what_they_are_without_a_cache(
    states: Sequence[Mapping[str, str | None]],
) -> None:
    with TemporaryDirectory() as folder:
        for state in (*states, states[0]):
            assert findings(state, Cache(folder)) == findings(state, None)
