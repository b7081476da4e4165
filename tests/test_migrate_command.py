"""`bybit-lint migrate`: what it says, what it writes, and every exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.commands import writing
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration import plan

OLD = """\
from pybit import usdt_perpetual

session = usdt_perpetual.HTTP("https://api-testnet.bybit.com")
print(session.server_time()["time_now"])
"""
NEW = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
print((session.get_server_time()["time"] / 1000))
"""
DOUBTFUL = OLD + 'session.position_mode_switch(symbol="BTCUSDT", mode="BothSide")\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["migrate", *arguments])


def test_the_plan_changes_nothing() -> None:
    Path("bot.py").write_text(OLD)
    result = run("bot.py")
    assert result.exit_code == 1
    assert (
        "bot.py\n  3:11  HTTP -> HTTP  [certain]\n  4:7  server_time -> get_server_time  [certain]\n" in result.output
    )
    assert "Nothing was written" in result.output
    assert Path("bot.py").read_text() == OLD


def test_the_diff_changes_nothing() -> None:
    Path("bot.py").write_text(OLD)
    result = run("--diff")
    assert result.exit_code == 1
    assert "-session = usdt_perpetual.HTTP(" in result.stdout
    assert "+session = HTTP(testnet=True)" in result.stdout
    assert "certain" not in result.stdout
    assert Path("bot.py").read_text() == OLD


def test_what_is_written_is_done() -> None:
    Path("bot.py").write_text(OLD)
    result = run("--write", "bot.py")
    assert result.exit_code == 0, result.output
    assert Path("bot.py").read_text() == NEW
    again = run("--write", "bot.py")
    assert (again.exit_code, again.output) == (0, "Nothing of an older client was found.\n")
    assert Path("bot.py").read_text() == NEW


def test_what_is_to_review_is_told_until_its_comment_is_gone() -> None:
    Path("bot.py").write_text(DOUBTFUL)
    assert run("--write").exit_code == 1
    written = Path("bot.py").read_text()
    assert run("--write").exit_code == 1
    assert Path("bot.py").read_text() == written
    Path("bot.py").write_text("".join(line for line in written.splitlines(True) if "bybit-lint migrate" not in line))
    assert run().exit_code == 0


def test_all_files_are_written_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.py").write_text("from b import session\n\nprint(session.server_time())\n")
    Path("b.py").write_text(OLD)
    before = {path: Path(path).read_text() for path in ("a.py", "b.py")}
    replace = writing.replace

    def failing(path: str, old: bytes, new: bytes) -> None:
        if path == "b.py":
            raise PermissionError(13, "no", path)
        replace(path, old, new)

    monkeypatch.setattr(writing, "replace", failing)
    result = run("--write")
    assert result.exit_code == 2
    assert "nothing was written" in result.output
    assert {path: Path(path).read_text() for path in before} == before


def test_a_file_that_is_read_only_keeps_all_as_they_are() -> None:
    Path("a.py").write_text("from b import session\n\nprint(session.server_time())\n")
    Path("b.py").write_text(OLD)
    Path("b.py").chmod(0o444)
    assert run("--write").exit_code == 2
    assert "get_server_time" not in Path("a.py").read_text()


def test_a_client_that_other_files_use_is_left_unless_they_are_named() -> None:
    Path("a.py").write_text("from b import session\n\nprint(session.server_time())\n")
    Path("b.py").write_text(OLD)
    result = run("--write", "b.py")
    assert result.exit_code == 1
    assert "a file that is not named uses it" in result.output
    assert Path("b.py").read_text() == OLD


def test_of_files_that_are_not_named_nothing_is_said() -> None:
    Path("a.py").write_text("from pybit.unified_trading import HTTP\n\nprint(HTTP(testnet=True).get_server_time())\n")
    Path("b.py").write_text(OLD)
    result = run("a.py")
    assert result.exit_code == 0
    assert "b.py" not in result.output


READER = """\
from feed import position

print(position("BTCUSDT")["ret_msg"])
"""
FEED = """\
from pybit import usdt_perpetual

session = usdt_perpetual.HTTP("https://api-testnet.bybit.com")


def position(symbol):
    return session.my_position(symbol=symbol)
"""


@pytest.mark.parametrize("option", ["--write", "--diff"])
def test_a_file_that_is_not_named_is_never_written(option: str) -> None:
    """What it reads of an answer would have to change with the call: then the call stays, and it is said why."""
    Path("feed.py").write_text(FEED)
    Path("bot.py").write_text(READER)
    before = {path.name: path.read_text() for path in Path().glob("*.py")}
    result = run(option, "feed.py")
    assert result.exit_code == 1
    assert "bot.py reads its answers: name that too" in result.output
    assert {path.name: path.read_text() for path in Path().glob("*.py")} == before
    assert "+" not in "".join(line[:1] for line in result.stdout.splitlines())
    assert run("--write", "feed.py", "bot.py").exit_code in (0, 1)
    assert "my_position" not in Path("feed.py").read_text()
    assert "retMsg" in Path("bot.py").read_text()


def test_a_file_that_does_not_parse_is_named() -> None:
    Path("bot.py").write_text(OLD)
    Path("broken.py").write_text("from pybit import HTTP\nprint 'hello'\n")
    result = run("--write")
    assert result.exit_code == 2
    assert "broken.py:2:" in result.output
    assert Path("bot.py").read_text() == NEW


def test_what_would_not_parse_any_more_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bot.py").write_text(OLD)
    Path("other.py").write_text(OLD)
    monkeypatch.setattr(plan, "requoted", _spoilt)
    result = run("--write")
    assert result.exit_code == 1
    assert result.output.count("[to decide]") == 2
    assert "a file of it could not be read any more: bot.py: " in result.output
    assert Path("bot.py").read_text() == OLD
    assert Path("other.py").read_text() == NEW


def _spoilt(source: Source, edits: Iterable[Edit]) -> list[Edit]:
    return [*edits, *([Edit(0, 0, ")")] if source.path == "bot.py" else [])]


def test_diff_and_write_exclude_each_other() -> None:
    assert run("--diff", "--write").exit_code == 2


def test_checking_does_not_pay_for_it(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(OLD)
    code = "import sys; from bybit_lint.cli import main; main(['check', '--isolated', 'bot.py'], standalone_mode=False)"
    code += "; print([name for name in sys.modules if 'migration' in name and 'fixing' in name])"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False, env={**os.environ}
    )
    assert made.stdout.decode().rstrip().endswith("[]"), made.stderr.decode()


def test_keys_are_shown_nowhere() -> None:
    key, secret = "Ab3dEf6hIj9lMn2pQr", "0123456789abcdefghijABCDEFGHIJ012345"
    Path("bot.py").write_text(OLD.replace('com")', f'com", api_key="{key}", api_secret="{secret}")'))
    for options in ((), ("--diff",)):
        result = run(*options)
        assert key not in result.output
        assert secret not in result.output
    told = "bot.py: a key is hidden in this diff, which therefore cannot be applied; --write does it"
    assert told in run("--diff").stderr


def test_raw_requests_to_older_paths_that_need_a_key_are_named_and_stay() -> None:
    raw = 'import requests\n\nprint(requests.get("https://api.bybit.com/v2/private/order/list?symbol=BTCUSD"))\n'
    Path("bot.py").write_text(raw)
    result = run("--write")
    assert result.exit_code == 1
    assert (
        "3:20  /v2/private/order/list  [to decide]\n      it is asked without a client; in V5 it is /v5/order/history"
        in result.output
    )
    assert Path("bot.py").read_text() == raw


def test_raw_requests_that_need_no_key_are_carried_over_and_told_once() -> None:
    raw = 'import requests\n\nprint(requests.get("https://api.bybit.com/v2/public/tickers?symbol=BTCUSD", timeout=5))\n'
    Path("bot.py").write_text(raw)
    planned = run()
    assert planned.output.count("3:20") == 1
    assert "3:20  /v2/public/tickers -> /v5/market/tickers  [certain]" in planned.output
    assert Path("bot.py").read_text() == raw
    assert run("--write").exit_code == 0
    new = raw.replace("/v2/public/tickers?", "/v5/market/tickers?category=inverse&")
    assert Path("bot.py").read_text() == new
    assert run("--write").exit_code == 0
    assert Path("bot.py").read_text() == new
