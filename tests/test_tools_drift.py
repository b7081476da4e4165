"""The script that compares our table with Bybit's page of errors sees what has come, gone and changed."""

from __future__ import annotations

from pathlib import Path

import drift
import pytest

DOCS = """\
## UTA
|Code |Description |
|:----:|:-----|
| 10001 |Request parameter error|
|~~10018~~|~~Exceeded the IP Rate Limit.~~ |
|[404](../pilot)|Cannot find &amp; path. <a href="x">Really</a>|

### Reward
| 10001 | **invalid** parameter|
"""
SAID = {
    404: "UTA: Cannot find & path. Really",
    10001: "UTA: Request parameter error; Reward: invalid parameter",
    10018: "UTA: Exceeded the IP Rate Limit. (struck out)",
}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bybit's page, of which a table is made."""
    page = tmp_path / drift.PAGE
    page.parent.mkdir(parents=True)
    page.write_text(DOCS)
    monkeypatch.setattr(drift, "TABLE", tmp_path / "table.tsv")
    assert drift.main([str(tmp_path), "--write", "2026-07-24"]) == 0
    return page


def test_a_table_is_made_of_the_page(page: Path) -> None:
    header, *rows = drift.TABLE.read_text().splitlines()
    assert header == "code\tsaid\tsource\tdate"
    assert rows == [f"{code}\t{said}\t{drift.SOURCE}\t2026-07-24" for code, said in SAID.items()]


def test_a_page_that_is_as_it_was_says_nothing(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drift.main([str(tmp_path)]) == 0
    assert not capsys.readouterr().out


def test_what_has_changed_is_told(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page.write_text(DOCS.replace("Request parameter error", "Bad").replace("10018", "10019"))
    assert drift.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"10001: {SAID[10001]} -> UTA: Bad; Reward: invalid parameter",
        f"10018: {SAID[10018]} -> gone",
        f"10019: new -> {SAID[10018]}",
    ]
