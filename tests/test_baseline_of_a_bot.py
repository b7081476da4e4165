"""A bot with every mistake is accepted once, and stays accepted whatever a formatter makes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bybit_lint.cli import main
from bybit_lint.inputs import config

SEEDED = Path(__file__).parent / "seeded" / "naive"


def new(*paths: str) -> list[str]:
    shown = CliRunner().invoke(main, ["check", *paths, "--isolated", "--baseline", "known.json", "--format", "json"])
    return [f"{found['path']}:{found['line']} {found['code']}" for found in json.loads(shown.stdout)["findings"]]


def test_a_formatter_makes_nothing_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.forget()
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SEEDED, "bot")
    accepted = CliRunner().invoke(main, ["baseline", "bot", "--isolated", "--output", "known.json"])
    assert accepted.exit_code == 0, accepted.output
    before = Path("known.json").read_bytes()
    count = sum(row["count"] for row in json.loads(before)["findings"])
    assert count > 200
    for path in Path("bot").glob("*.py"):
        path.write_text("# laid out anew\n\n" + path.read_text())
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--isolated", "--line-length", "60", "bot"]
    subprocess.run(command, check=True)
    assert new("bot") == []
    assert new("bot/broker.py", "bot/ladders.py") == []
    shown = CliRunner().invoke(main, ["check", "bot", "--isolated", "--baseline", "known.json"]).stdout
    assert shown.splitlines()[1:] == [f"{count} findings are accepted by the baseline."], "and nothing is stale"
    assert CliRunner().invoke(main, ["baseline", "bot", "--isolated", "--output", "known.json"]).exit_code == 0
    assert Path("known.json").read_bytes() == before
