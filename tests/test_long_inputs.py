"""Nothing takes more than a time in proportion to what is read; what is too much is named, and all else is judged.

Each folder is checked in a process of its own with a limit of the processor's time, however busy the machine is: what
takes a second here takes minutes if it grows with the square of the length.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import NamedTuple

import pytest
from fakes import RULES

from bybit_lint.analysis.source import Source
from bybit_lint.inputs import selection, suppress

N = 200_000
SECONDS, MEMORY = 15, 2 << 30  # generously: each takes one or two; of address space, in bytes
WRONG = "HTTP(testnet='False')"  # BYB105
BOT = f"from pybit.unified_trading import HTTP\nsession = {WRONG}\n"
FOUND = "bot.py:2:24: BYB105"

CHECK = """
import json, os, resource, sys, tempfile
from pathlib import Path
import bybit_lint.commands.check, bybit_lint.facts, bybit_lint.report.concise
from bybit_lint import checks, cli

seconds, memory = map(int, sys.argv[1:])
checks.load()
for name, (files, style) in json.load(sys.stdin).items():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as told:
        for path, text in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(text, "utf-8")
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            os.chdir(folder)
            os.dup2(told.fileno(), 1)
            os.dup2(told.fileno(), 2)
            code = 99
            try:
                cli.main([".", "--format", style])
            except SystemExit as end:
                code = end.code
            sys.stdout.flush()
            os._exit(code)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        told.seek(0)
        print(json.dumps([name, status, told.read().decode(errors="replace")]), flush=True)
"""


class Case(NamedTuple):
    """A folder's files by their names, besides a bot with one finding, and what is said, and the exit code."""

    files: dict[str, str]
    said: str = FOUND
    code: int = 1
    style: str = "concise"


def numbered(text: str, count: int) -> str:
    return "".join(text.format(number) for number in range(count))


def config(lines: str, said: str, code: int = 2) -> Case:
    return Case({"pyproject.toml": f"[tool.bybit-lint]\n{lines}\n"}, said, code)


def pyproject(*lines: str) -> Case:
    return Case({"pyproject.toml": "\n".join(lines)})


def manifest(name: str, *lines: str) -> Case:
    return Case({name: "\n".join(lines) + "\n"})


FOLDERS = {f"folder{n}/bot.py": "" for n in range(50)}
LONG_LINE = BOT + f"{WRONG};" * 1000 + f"x = '{'a b ' * (N // 4)}'\n"

CASES = {
    "a dotted key in the config": config(f"select{'.a' * N} = 1", "line 2 has more than 100 dots"),
    "a dotted key in a table of the config": config(f"x = {{a{'.a' * N} = 1}}", "line 2 has more than 100 dots"),
    "a header of the config": config(f"[a{'.a' * N}]", "line 2 has more than 100 dots"),
    "lists in lists in the config": config(f"select = {'[' * N}{']' * N}", "nested too deeply"),
    "a word in the config": config(f"select = ['{'BYB1' * N}']", "BYB1BYB1..."),
    "a config of a MB": config("#" * 1_000_000, "pyproject.toml: larger than 1 MB"),
    "dots that are no key": config("#" + "." * N + "\nexclude = [" + "'a/..', " * 200 + "] # " + "." * N, FOUND, 1),
    "a pyproject.toml of a MB that is no config": pyproject("#" * 1_000_000),
    "excludes": Case(
        {"pyproject.toml": "[tool.bybit-lint]\nexclude = [" + numbered("'a{0}', '*a{0}/?b',", 12_000) + "]"} | FOLDERS
    ),
    "a header of blanks": pyproject("[project]", "[" + " " * N, "[ \t" + "\t " * N, "[" + '"' * N),
    "quotes in a text that is left open": pyproject("a = '\"" + '\\"' * N, "b = '" + "\\'" * N),
    "tables in tables": pyproject("a = {" * (N // 2) + "}" * N),
    "lists in lists": pyproject("a = " + "[" * N + "]" * N),
    "lists of texts in lists": pyproject("a = " + '["a",' * (N // 4)),
    "texts under a long header": pyproject(f"[{'a' * N}]", 'b = ""\n' * (N // 8)),
    "a long key of Poetry's": pyproject(f"[tool.poetry.dependencies{'.a' * N}]", 'b = "1"'),
    "pins of Poetry's": pyproject(
        "[tool.poetry.dependencies]", *(f'a{pin[:1]} = "{pin * 20_000}"' for pin in ("1.", ">=1,", "1||", "^"))
    ),
    "a requirement in a list": pyproject(
        f'[project]\ndependencies = ["{"a" * N}", "a{" " * N}b", "a=={"1." * N}", "a[{"b" * N}", "{"a." * N}"]'
    ),
    "a Pipfile": manifest("Pipfile", "[packages]", numbered('a{} = "*"\n', 2000) + '"' * N),
    "words behind pip install": manifest("Dockerfile", "RUN pip install " + "a " * 9000, "RUN " + "pip install " * 500),
    "blanks in a Dockerfile": manifest("Dockerfile", "RUN pip" + " " * N, "RUN pip" + "3." * N, " \t" * N + "#" * N),
    "continued lines in a Dockerfile": manifest("Dockerfile", "RUN pip install a " + "\\\n" * N, "# x\\\n" * (N // 4)),
    "environment in a Dockerfile": manifest("Dockerfile", "ENV " + "A=1 " * (N // 4), "ENV A 1\n" * (N // 8)),
    "quotes in a Dockerfile": manifest("Dockerfile", "RUN pip install " + "\"'" * 9000, "RUN pip install '" + '"' * N),
    "blanks in setup.cfg": manifest("setup.cfg", "[options]", "install_requires =" + " " * N + "x", "[" + " " * N),
    "brackets in setup.cfg": manifest("setup.cfg", "[" * N, "a" * N, "[options.extras_require]", "a=" * N),
    "options of a requirement": manifest(
        "requirements.txt", "a==1" + " --hash=sha256:abc" * 9000, "a==1" + " \\\n --hash=x" * 9000, "-r x\n" * 9000
    ),
    "blanks and signs in a requirement": manifest(
        "requirements.txt",
        "a" + " " * N + "b", "a" + " ," * N + "b", "a==" + "1," * N, "a[" * N, "# a" * N, "\\" * N,
    ),
    "a version of many digits": manifest("requirements.txt", f"a=={'9' * N}", f"a=={'1.' * N}", f"a~=1.{'9' * N}"),
    "dots in a name": Case({f"a{'.' * 200}.py": "", f"requirements{'.a' * 100}.txt": "x", f"b{'.a' * 100}.py": BOT}),
    "patterns in a .gitignore": Case(
        {".git/HEAD": "", ".gitignore": numbered("*a{}/?b\n", 50_000), **FOLDERS},
        ".gitignore:1:1: BYB001 this file was not checked: more than 5000 patterns with stars",
        2,
    ),
    "names in a .gitignore": Case({".git/HEAD": "", ".gitignore": numbered("a{}/b\n", 50_000) + "x/\n" * N} | FOLDERS),
    "signs in a .gitignore": Case(
        {
            ".git/HEAD": "",
            ".gitignore": "\n".join(sign * (N // 8) for sign in ("?", "[!a]", "[", "\\", " ", "**/", "*a")),
        }
    ),
    "suppressions in a line": Case({"more.py": BOT + "x = 'ü'  " + "# bybit-lint: ignore[BYB201] " * 2000}),
    "suppressions that are left open": Case({"more.py": BOT + "x = 1  " + "#bybit-lint:ignore[" * 5000}),
    "imports in a text": Case(
        {"more.py": f"# bybit\nx = '''\n{'from a import (' * (N // 16)}\n'''\nimport {'a, ' * 5000}b"}
    ),
    "findings in a line": Case({"more.py": LONG_LINE}, style="text", said="bot.py:2:24"),
    "findings in a line, in SARIF": Case({"more.py": LONG_LINE}, style="sarif", said='"startColumn": 24'),
}  # fmt: skip


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, str]]:
    """By name of a case: the exit code, which is negative for one that was killed, and what was said."""
    pytest.importorskip("resource")
    cases = {name: ({"bot.py": BOT, **case.files}, case.style) for name, case in CASES.items()}
    command = [sys.executable, "-c", CHECK, str(SECONDS), str(MEMORY)]
    run = subprocess.run(command, input=json.dumps(cases).encode(), capture_output=True, check=True)
    return {name: (code, said) for name, code, said in map(json.loads, run.stdout.splitlines())}


@pytest.mark.parametrize("name", CASES)
def test_what_is_long_is_judged_in_a_time_in_proportion_to_it(name: str, told: dict[str, tuple[int, str]]) -> None:
    code, said = told[name]
    assert code == CASES[name].code, said[-1000:]
    assert CASES[name].said in said, said[-1000:]
    assert "crashed" not in said


def test_places_in_a_long_line_are_found_at_once() -> None:
    text = "x = 'ü'; " + "f(a); " * 40_000
    source = Source("bot.py", text.encode())
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    assert {text[(span := source.span(call)).column - 1 : span.end_column - 1] for call in calls} == {"f(a)"}
    assert [source.span(calls[0]).column, source.span(calls[-1]).column] == [10, 10 + 6 * 39_999]


def test_only_for_some_unknown_words_it_is_guessed_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source("bot.py", b"".join(b"x = 1  # bybit-lint: ignore[q%d, r%d]\n" % (n, n) for n in range(500)))
    guessed = []
    monkeypatch.setattr(selection, "did_you_mean", lambda word, choices: guessed.append(word) if list(choices) else "")
    found = list(suppress.apply(source, [], RULES, set(), "2026-05-01"))
    assert len(found) == 1000
    assert len(guessed) == suppress.GUESSES
