"""A key that stands in a bot is shown by no format, no diff, no fix, no list of facts and no word about trouble."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from bybit_lint import config
from bybit_lint.cli import main
from bybit_lint.report.secrets import mask
from bybit_lint.rule import Rule

KEY, SECRET = "uB6yKd1SgM8hVq5CfR", "Wn3ZcH9xUe7KtP4aLb2RmF6qYs8DjG1vNo5T"

BOTS = {
    "in the call": f"""\
session = HTTP(testnet="False", api_key="{KEY}", api_secret="{SECRET}", request_timeout=3)
session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=10 / 3)
""",
    "in names": f"""\
API_KEY = '{KEY}'
API_SECRET = b'{SECRET}'
KEYS = {{"testnet": {{"apiKey": "{KEY}", "secret": "{SECRET}"}}}}
session = HTTP(testnet=True, api_key=KEYS["testnet"]["apiKey"], api_secret=API_SECRET.decode(), endpoint="https://x")
""",
    "as a default": f"""\
session = HTTP(testnet=False, api_key=os.getenv("TESTNET_KEY", "{KEY}"), api_secret=load("{SECRET}"), spot="{KEY}")
""",
    "on one line with everything": (
        f'session = HTTP("https://api.bybit.com", "{KEY}", "{SECRET}", testnet="{SECRET}"); sleep(5)  # was {KEY}\n'
    ),
    "where nothing else can be read": f'API_KEY = "{KEY}"\nAPI_SECRET = "{SECRET}\n',
}
HEAD = "import os\nfrom pybit.unified_trading import HTTP\n"
COMMANDS = [
    *(f"check {fix} --format {style}" for fix, style in product(("", "--edits"), ("json", "sarif"))),
    *(f"check --format {style}" for style in ("text", "concise", "github")),
    "check --diff --unsafe-fixes",
    "check --unsafe-fixes",
    "facts",
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config._nearest.cache_clear()
    monkeypatch.chdir(tmp_path)


def shown(command: str, code: str) -> str:
    Path("bot.py").write_text(HEAD + code, encoding="utf-8")
    return CliRunner().invoke(main, [*command.split(), "bot.py"]).output


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("bot", BOTS)
def test_no_command_shows_a_key(bot: str, command: str) -> None:
    output = shown(command, BOTS[bot])
    assert output
    assert not [text for text in (KEY, SECRET) if text[:12] in output or text[-12:] in output]


def test_the_keys_of_these_bots_are_found() -> None:
    for bot, code in BOTS.items():
        assert ("BYB103" in shown("check --format concise", code)) is (bot != "where nothing else can be read")


def test_a_crash_over_a_key_does_not_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Rule, __: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(Rule, "findings", crash)
    output = shown("check", BOTS["in the call"])
    assert "KeyError" in output
    assert mask(SECRET) in output
    assert SECRET not in output


def test_the_fix_takes_the_keys_out() -> None:
    shown("check --unsafe-fixes --select BYB103", BOTS["in the call"])
    assert [text for text in (KEY, SECRET) if text in Path("bot.py").read_text(encoding="utf-8")] == []
