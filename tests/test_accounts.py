"""What the config says of the account, down to the findings that depend on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.knowledge.accounts import Account

RULES = [rule for rule in checks.load() if rule.code == "BYB227"]
SILENT = """
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
session.place_order(category="linear", symbol="BTCUSDT", side="Sell", orderType="Market", qty="1", reduceOnly=True)
"""
SWITCHING = SILENT.replace("session.place", "session.switch_position_mode(coin='USDT', mode=3)\nsession.place")


@pytest.mark.parametrize(
    ("text", "mode", "lines"),
    [
        (SILENT, "", []),
        (SILENT, "hedge", [5]),
        (SILENT, "one-way", []),
        (SWITCHING, "", [6]),
        (SWITCHING, "hedge", [6]),
        (SWITCHING, "one-way", []),
    ],
)
def test_the_config_says_more_than_the_bot(text: str, mode: str, lines: list[int]) -> None:
    outcome = engine.check([Source("bot.py", text.encode())], RULES, account=Account(position_mode=mode))
    assert [finding.span.line for finding in outcome.findings] == lines


def test_a_fix_is_made_by_what_the_config_says() -> None:
    outcome = engine.fix([Source("bot.py", SILENT.encode())], RULES, unsafe=True, account=Account("hedge"))
    assert b"reduceOnly=True, positionIdx=1)" in outcome.sources[0].data
    assert outcome.findings == []


@pytest.mark.parametrize(("value", "code"), [("hedge", 1), ("both", 2)])
def test_a_wrong_account_is_a_sentence_and_exit_code_2(tmp_path: Path, value: str, code: int) -> None:
    (tmp_path / "bot.py").write_text(SILENT)
    (tmp_path / "pyproject.toml").write_text(f'[tool.bybit-lint]\naccount = {{position-mode = "{value}"}}\n')
    command = [sys.executable, "-m", "bybit_lint", "check", "bot.py", "--select", "BYB227"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == code
    assert ("account position-mode must be 'hedge' or 'one-way', not this text" in run.stderr) == (code == 2)
    assert ("which the config says" in run.stdout) == (code == 1)
    assert "Traceback" not in run.stderr
