"""The benchmarks run whole processes, and write down what they took."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parent.parent


def test_one_command_compares_and_shows_growth_and_writes_it_down(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    words = ("--runs", "1", "--files", "3", "--most", "30", "--only", "cold", "--select", "BYB201", "--write")
    command = [sys.executable, "-m", "benchmarks", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    head, compared, *grown = done.stdout.split("\n\n")
    assert head.startswith("A made-up bot, 75 lines, rounds: 1, Python 3.")
    assert [row.split("|")[1].strip() for row in compared.splitlines()[2:]] == ["python -c pass", "ast.parse", "cold"]
    assert [[row.split("|")[1].strip() for row in table.splitlines()] for table in grown] == [
        ["files", "---:", "10", "30"],
        ["callers of one wrapper", "---:", "10", "30"],
    ]
    rows = [row.split("|")[3:6] for table in grown for row in table.splitlines()[2:]]
    assert all(float(seconds) > 0 and int(megabytes) > 0 for seconds, megabytes, _ in rows)
    # what a line takes is a difference of two runs, which may be nothing on a busy machine
    assert re.fullmatch(r" -?\d+\.\d{3} ", rows[-1][2])
    page = (tmp_path / "benchmarks" / "README.md").read_text()
    assert f"<!-- figures -->\n{done.stdout}<!-- /figures -->\n" in page
    assert page.startswith((ROOT / "benchmarks" / "README.md").read_text().partition("<!-- figures -->")[0])
    picture = ET.parse(tmp_path / "benchmarks" / "growth.svg")
    assert {"lines", "seconds of CPU", "megabytes at most", "files"} <= {"".join(e.itertext()) for e in picture.iter()}


def test_figures_and_picture_stand_in_the_repository() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text()
    assert "| cold |" in page
    assert "| 1000 |" in page
    assert (ROOT / "benchmarks" / "growth.svg").stat().st_size < 60_000
