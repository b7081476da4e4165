"""Which files are named, and how, changes nothing in what is found in them: their whole project is read with them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bybit_lint import checks
from bybit_lint.cli import main
from bybit_lint.inputs import config

BOT = {
    "exchange/__init__.py": "from .client import Client\n",
    "exchange/session.py": """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=False, api_key=key, api_secret=secret)
""",
    "exchange/client.py": """\
from .session import session


class Client:
    def __init__(self):
        self.http = session

    def buy(self, symbol, amount):
        return self.http.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty=amount)
""",
    "strategy.py": """\
from exchange import Client

client = Client()


def enter(usdt: float, price: float):
    client.buy("BTCUSDT", str(usdt / price))


def leave(step: int):
    client.buy("BTCUSDT", str(step))
""",
    "jobs.py": """\
# Orders that the bot insists on.

import time

import strategy


def insist(step):
    while True:
        try:
            return strategy.leave(step)
        except Exception:
            time.sleep(5)
""",
    "stream.py": """\
import websockets


async def listen(handle):
    async with websockets.connect("wss://stream.bybit.com/v5/public/linear") as ws:
        async for message in ws:
            handle(message)
""",
    "feed.py": """\
import websockets


async def listen(handle):
    async with websockets.connect(ADDRESS) as ws:
        keep(ws)


ADDRESS = "wss://stream.bybit.com/v5/public/spot"
""",
    "keeper.py": """\
async def keep(ws):
    await ws.send('{"op": "ping"}')
""",
    "main.py": """\
import feed
import keeper
import jobs

feed.keep = keeper.keep
jobs.insist(2)
""",
    "site.py": "import math\n\nprint(math.pi / 2)\n",
    "broken.py": "def (\n",
}
FOUND = ["jobs.py:11 BYB221", "jobs.py:13 BYB301", "stream.py:5 BYB501", "strategy.py:7 BYB201"]
"""`feed.py` is quiet because `keeper.py` pings, and both are imported by `main.py`."""


@pytest.fixture(params=["git", "config", "distribution"])
def bot(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bot in the working directory, in a project that is marked in one way or another."""
    config.forget()
    for path, text in BOT.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    if request.param == "git":
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    elif request.param == "config":
        (tmp_path / "pyproject.toml").write_text("[tool.bybit-lint]\n")
    else:
        (tmp_path / "setup.cfg").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*arguments: str, stdin: str | None = None) -> list[str]:
    result = CliRunner().invoke(main, ["--format", "json", *arguments], input=stdin)
    return [f"{f['path']}:{f['line']} {f['code']}" for f in json.loads(result.stdout)["findings"]]


@pytest.mark.usefixtures("bot")
def test_a_full_run_sees_through_the_files() -> None:
    assert found(".") == sorted(FOUND)


@pytest.mark.usefixtures("bot")
def test_each_rule_alone_has_the_findings_of_a_full_run() -> None:
    alone = {rule.code: found(".", "--no-cache", "--select", rule.code) for rule in checks.load()}
    assert {code: told for code, told in alone.items() if told} == {each.split()[1]: [each] for each in FOUND}


@pytest.mark.usefixtures("bot")
def test_each_file_alone_has_the_findings_of_a_full_run() -> None:
    assert {path: found(path) for path in BOT} == {path: of(path) for path in BOT}


@pytest.mark.usefixtures("bot")
@settings(max_examples=30)
@given(paths=st.lists(st.sampled_from(["exchange", ".", *BOT]), min_size=1, max_size=5))
def test_any_files_in_any_order_have_the_findings_of_a_full_run(paths: list[str]) -> None:
    named = BOT if "." in paths else paths
    assert found(*paths) == sorted({finding for path in named for finding in of(path)})


@pytest.mark.usefixtures("bot")
def test_a_file_from_the_standard_input_is_judged_in_its_place() -> None:
    for path, text in BOT.items():
        assert found("-", "--stdin-filename", path, stdin=text) == of(path)
    calm = BOT["keeper.py"].replace("ping", "pong")
    assert found("-", "--stdin-filename", "keeper.py", stdin=calm) == []
    rounded = BOT["strategy.py"].replace("usdt / price", "round(usdt)")
    assert found("-", "--stdin-filename", "strategy.py", stdin=rounded) == []


@pytest.mark.usefixtures("bot")
def test_a_new_file_from_the_standard_input_is_judged_with_the_project_it_is_made_for() -> None:
    assert found("-", "--stdin-filename", "exchange/new.py", stdin=BOT["strategy.py"]) == ["exchange/new.py:7 BYB201"]


@pytest.mark.usefixtures("bot")
def test_code_from_the_standard_input_without_a_name_is_judged_alone() -> None:
    assert found("-", stdin=BOT["strategy.py"]) == []


def test_the_findings_are_the_same_from_wherever_the_user_stands(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bot / "exchange")
    assert found(str(bot)) == [f"{bot}/{finding}" for finding in sorted(FOUND)]
    assert found("../strategy.py") == [f"{bot}/strategy.py:7 BYB201"]


@pytest.mark.usefixtures("bot")
def test_without_configs_the_project_is_the_same() -> None:
    assert found("strategy.py", "--isolated") == of("strategy.py")


def test_what_a_config_excludes_is_not_judged_but_still_counts_for_the_rest(bot: Path) -> None:
    (bot / "pyproject.toml").write_text("[tool.bybit-lint]\nexclude = ['exchange', 'keeper.py', 'jobs.py']\n")
    assert found(".") == ["strategy.py:7 BYB201", "stream.py:5 BYB501"]


def of(path: str) -> list[str]:
    """What a full run finds in a file or folder."""
    return [finding for finding in FOUND if finding.startswith((f"{path}:", f"{path}/"))]
