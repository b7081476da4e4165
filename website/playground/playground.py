"""What the page asks of bybit-lint: its commands, on one file that is nowhere but in the browser's memory."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from bybit_lint.cli import main
from bybit_lint.redaction import Redactor
from bybit_lint.report import pages

FOLDER, NAME = "pasted", "bot.py"
OPTIONS = (NAME, "--isolated", "--no-cache", "--exit-zero", "--jobs", "1")


def check(source: str, is_unsafe: bool) -> str:
    """The findings and the fixes of a file, as JSON: `report` is the page of the report, `diff` what the fixes change.

    `fixed` is the file with its fixes, as its owner would have it, and empty without any; `findings` are those of the
    JSON report and `pages` the pages of their rules, `problems` and `notes` what is said beside the reports, `seconds`
    is how long all of it took. Of a file that is no Python only `unreadable` is told, a sentence. Raises RuntimeError
    where the program has crashed.
    """
    if reason := _unreadable(source):
        return json.dumps({"unreadable": reason})
    start, home = time.perf_counter(), os.getcwd()
    os.makedirs(FOLDER, exist_ok=True)
    os.chdir(FOLDER)
    try:
        told = _told(source, ("--unsafe-fixes",) if is_unsafe else ())
    finally:
        os.chdir(home)
    return json.dumps({**told, "seconds": time.perf_counter() - start})


def _told(source: str, asked: Sequence[str]) -> dict[str, Any]:
    for left in os.listdir():  # by the check before, whose findings are not this one's
        os.unlink(left)
    _write(NAME, source)
    _, problems = _run(*OPTIONS, "--output", "json=report.json", "--output", "html=report.html")
    if not os.path.exists("report.html"):
        raise RuntimeError(problems.strip() or "there is no report")
    diff, _ = _run(*OPTIONS, "--diff", *asked)
    _, notes = _run(*OPTIONS, "--fix", *asked)
    findings = json.loads(_read("report.json"))["findings"]
    return {
        "report": _read("report.html"),
        "findings": findings,
        "pages": {found["code"]: page.path for found in findings if (page := pages.find(found["code"]))},
        "diff": diff,
        "fixed": _read(NAME) if diff else "",
        "problems": problems,
        "notes": notes,
    }


def masked(source: str) -> str:
    """A file without its keys."""
    return Redactor().hide(source)


def _unreadable(source: str) -> str:
    """Why a file cannot be read, also one that does not speak of Bybit, which the program would pass over."""
    try:
        ast.parse(source, NAME)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return ""


def _run(*arguments: str) -> tuple[str, str]:
    """What a command writes to the two outputs."""
    out, err = _Stream(), _Stream()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        main(["check", *arguments], standalone_mode=False)
    finally:
        sys.stdout, sys.stderr = before
    return out.told(), err.told()


class _Stream(io.TextIOWrapper):
    """Takes bytes too, as the real ones do."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def told(self) -> str:
        data: Any = self.buffer
        return str(data.getvalue().decode())


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def _read(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()
