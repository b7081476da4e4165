"""Work spread over processes comes to the same as work done in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bybit_lint
from bybit_lint.judging.processes import cores

HOME = str(Path(bybit_lint.__file__).parent.parent)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes have no twins here")

BOT = """from pybit.unified_trading import HTTP

def place(session: HTTP, money: float, price: float) -> None:
    session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=str(money / price))

SECRET_TOKEN = "{key}"
place(HTTP(testnet=False, api_key="{key}", api_secret=SECRET_TOKEN), 100.0, 7.0)
"""


def run(code: str) -> str:
    """What a program prints that is alone in its process: one with threads has no twins."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=HOME)
    return done.stdout.strip()


def test_each_task_is_done_in_another_process() -> None:
    code = """
import os
from bybit_lint.judging.processes import can_fork, results
assert can_fork()
found = list(results(lambda task: (task, os.getpid() != own), [1, 2, 3, 4, 5], 2)) if (own := os.getpid()) else []
print(sorted(found))
"""
    assert run(code) == "[(1, True), (2, True), (3, True), (4, True), (5, True)]"


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "1 / 0"])
def test_what_a_process_leaves_undone_is_done_here(end: str) -> None:
    code = f"""
import os
from bybit_lint.judging.processes import results
own = os.getpid()
def work(task):
    if task == 2 and os.getpid() != own:
        {end}
    return task * 10
print(sorted(results(work, [1, 2, 3], 2)))
"""
    assert run(code) == "[10, 20, 30]"


def test_what_cannot_be_pickled_is_done_here() -> None:
    code = """
from bybit_lint.judging.processes import results
print([f() for f in results(lambda task: (lambda: task), [7], 1)])
"""
    assert run(code) == "[7]"


def test_no_process_is_left_by_whoever_stops_listening() -> None:
    code = """
import os, time
from bybit_lint.judging.processes import results
own = os.getpid()
found = results(lambda task: task if task == 1 else time.sleep(600), [1, 2], 2)
print(next(found))
found.close()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("none left")
"""
    assert run(code).split("\n") == ["1", "none left"]


def test_threads_keep_a_process_from_being_split() -> None:
    code = """
import threading
from bybit_lint.judging.processes import can_fork
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(can_fork())
"""
    assert run(code) == "False"


def test_there_is_a_core() -> None:
    assert cores() >= 1


@pytest.fixture
def bots(tmp_path: Path) -> Path:
    """Bots that have nothing to do with each other, of a size that is worth several processes; one cannot be read."""
    for number in range(4):
        filling = "\n".join(f"# {'x' * 90} {line}" for line in range(3_000))
        key = f"aB3xK9pQ7rS{number}tU5vW"
        (tmp_path / f"bot{number}.py").write_text(f"{BOT.format(key=key)}{filling}\n")
    (tmp_path / "broken.py").write_text("import pybit\nprint(\n")
    return tmp_path


def test_without_twins_each_file_is_let_go_once_and_nothing_else_is_found() -> None:
    code = f"""
from collections import Counter
from bybit_lint import checks, engine, judging
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
bot = {BOT!r}
files = {{"a.py": "import b\\n" + bot, "b.py": bot, "c.py": bot}}
def found():
    sources = [Source(path, text.encode()) for path, text in files.items()]
    return [str(finding) for finding in engine.check(sources, checks.load()).findings]
expected = found()
gone, let_go = Counter(), Module.let_go
Module.let_go = lambda module: (gone.update([module.source.path]), let_go(module))
judging.MANY, judging.processes.can_fork = -1, lambda: False
print(found() == expected, len(expected), sorted(gone.items()))
"""
    assert run(code) == "True 3 [('a.py', 1), ('b.py', 1), ('c.py', 1)]"


def test_without_twins_the_largest_part_comes_last_when_all_others_were_let_go() -> None:
    code = f"""
from importlib import import_module
from bybit_lint import checks, engine, judging
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.judging import judge
bot = {BOT!r}
files = {{"a.py": bot, "b.py": "import c\\n" + bot, "c.py": bot, "d.py": bot + "#\\n"}}
done, verdict, let_go = [], judge.verdict, Module.let_go
judge.verdict = lambda source, *more: (done.append(source.path), verdict(source, *more))[1]
Module.let_go = lambda module: (done.append("no " + module.source.path), let_go(module))
import_module("bybit_lint.judging.parts").BATCH = 1
judging.SOME, judging.processes.can_fork = -1, lambda: False
engine.check([Source(path, text.encode()) for path, text in files.items()], checks.load(), jobs=1)
print(*done)
"""
    assert run(code) == "a.py no a.py d.py no d.py b.py c.py"


def tool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bybit_lint", ".", "--isolated", *arguments]
    environment = {**os.environ, "PYTHONPATH": HOME}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def report(*arguments: str, folder: Path) -> tuple[int, str]:
    done = tool(*arguments, folder=folder)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize("style", ["json", "text"])
def test_the_report_is_the_same_however_many_processes_work(bots: Path, style: str) -> None:
    alone = report("--format", style, "--jobs", "1", folder=bots)
    assert report("--format", style, "--jobs", "3", folder=bots) == alone
    assert report("--format", style, folder=bots) == alone
    assert alone[0] == 2, "one file cannot be read"
    for number in range(4):
        assert f"bot{number}.py" in alone[1]
    assert "aB3x" not in alone[1], "a key is shown"


def test_each_bot_is_told_what_is_wrong_with_it(bots: Path) -> None:
    _, told = report("--format", "json", "--select", "BYB201", "--jobs", "2", folder=bots)
    assert [(f["path"], f["line"]) for f in json.loads(told)["findings"] if f["code"] == "BYB201"] == [
        (f"bot{number}.py", 4) for number in range(4)
    ]


def test_a_run_has_at_least_one_process(tmp_path: Path) -> None:
    done = tool("--jobs", "0", folder=tmp_path)
    assert done.returncode == 2
    assert "0 is not in the range x>=1" in done.stderr
