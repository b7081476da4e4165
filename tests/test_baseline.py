"""What was found once and is accepted: known again wherever its code goes, and nothing else with it."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import fakes

from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.inputs import config
from bybit_lint.inputs.fingerprints import fingerprint_of, statements
from bybit_lint.vocabulary import Finding

__all__ = ["fakes"]
pytestmark = pytest.mark.usefixtures("fakes", "here")

NAME = "bybit-lint-baseline.json"
BUY = "def buy(x):\n    if x:\n        send(x, bad)\n"
SELL = "def sell(x):\n    send(bad, x)\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory whose config names a baseline."""
    config.forget()
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(f'[tool.bybit-lint]\nbaseline = "{NAME}"\n')
    return tmp_path


def write(text: str, path: str = "bot.py") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("# bybit\n" + text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def new(*arguments: str) -> list[str]:
    """`path:line code` of what is reported."""
    result = run("check", "--format", "json", *arguments)
    assert result.exit_code in (0, 1), result.output
    return [f"{f['path']}:{f['line']} {f['code']}" for f in json.loads(result.stdout)["findings"]]


def accept(*arguments: str) -> str:
    result = run("baseline", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def entries() -> list[tuple[str, str, str, int]]:
    rows = json.loads(Path(NAME).read_text())["findings"]
    return [(row["rule"], row["path"], row["function"], row["count"]) for row in rows]


def notes(*arguments: str) -> list[str]:
    """What the report says besides what is found."""
    return run("check", *arguments).stdout.splitlines()[1:]


# --- a baseline over time ---------------------------------------------------------------------------------------------


def test_what_is_accepted_is_not_reported_and_what_comes_later_is() -> None:
    write(BUY)
    assert accept() == f"{NAME}: 1 finding in 1 file is accepted.\n"
    assert entries() == [("BYB801", "bot.py", "buy", 1)]
    assert run("check").output == "All clear: 2 files checked.\n1 finding is accepted by the baseline.\n"
    write(BUY + SELL)
    assert new() == ["bot.py:6 BYB801"]
    assert run("check").exit_code == 1


@pytest.mark.parametrize(
    "text",
    [
        f"import os\n\n\n{BUY}",
        BUY.replace("    ", "\t"),
        BUY.replace("send(x, bad)", "send(\n            x,\n            bad,  # why\n        )"),
        BUY.replace("send(x, bad)", "send(x, \\\n  bad)  # why"),
        f"{SELL.replace('bad', 'good')}\n{BUY}",
        BUY.replace("if x:", "while x:"),
        BUY.replace("def buy", "async def buy"),
    ],
    ids=["lower", "tabs", "spread", "continued", "behind another", "in another block", "made a coroutine"],
)
def test_code_that_only_moves_or_is_laid_out_otherwise_is_known_again(text: str) -> None:
    write(BUY)
    accept()
    write(text)
    assert new() == []
    assert notes() == ["1 finding is accepted by the baseline."]


@pytest.mark.parametrize(
    "text",
    [
        BUY.replace("send(x, bad)", "send(y, bad)"),
        BUY.replace("bad", "lone"),
        BUY.replace("bad)", "bad)\n        send(x, bad)"),
        BUY + BUY.replace("buy", "hold"),
        SELL,
    ],
    ids=["another statement", "another rule", "a second one beside it", "a copy of the function", "another function"],
)
def test_another_mistake_does_not_hide_behind_one_that_is_accepted(text: str) -> None:
    write(BUY)
    accept()
    write(text)
    assert len(new()) == 1


def test_of_several_that_are_alike_so_many_are_accepted_as_there_were() -> None:
    write("bad\nbad\n")
    accept()
    assert entries() == [("BYB801", "bot.py", "", 2)]
    write("x = 1\nbad\nbad\nbad\n")
    assert new() == ["bot.py:5 BYB801"]


def test_a_function_that_is_called_otherwise_takes_its_entry_along() -> None:
    write(BUY)
    accept()
    write(BUY.replace("buy", "purchase"))
    assert new() == []
    write(BUY.replace("buy", "purchase") + BUY)
    assert new() == ["bot.py:4 BYB801"], "the entry is where it always was, and the copy is new"


def test_a_function_that_moves_to_another_file_takes_its_entry_along() -> None:
    write(BUY + SELL)
    accept()
    write(BUY)
    write(SELL, "orders.py")
    assert new() == []
    assert new("orders.py") == [], "whichever files are named"
    write(BUY + SELL)
    assert new() == ["orders.py:3 BYB801"], "it was copied, not moved"
    assert new("orders.py") == ["orders.py:3 BYB801"]


def test_what_is_copied_from_a_notebook_that_is_not_named_is_new() -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": f"# bybit\n{BUY}"}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    Path("research.ipynb").write_text(json.dumps(notebook))
    accept()
    assert entries() == [("BYB801", "research.ipynb", "buy", 1)]
    assert new() == []
    write(BUY)
    assert new("bot.py") == ["bot.py:4 BYB801"]
    Path("research.ipynb").write_text(json.dumps(notebook | {"cells": []}))
    assert new("bot.py") == [], "it was moved"


def test_the_entries_of_a_file_that_is_called_otherwise_go_with_it() -> None:
    write(f"bad\n{BUY}")
    accept()
    Path("bot.py").rename("grid.py")
    assert new() == []
    assert new("grid.py") == []
    write(f"bad\n{BUY}", "copy.py")
    assert len(new()) == 2


def test_module_code_belongs_to_its_file_as_long_as_that_is_there() -> None:
    write("bad\n")
    accept()
    write("x = 1\n")
    write("bad\n", "grid.py")
    assert new() == ["grid.py:2 BYB801"]


def test_a_method_is_another_function_in_another_class() -> None:
    write("class A:\n    def buy(self):\n        bad\nclass B:\n    def buy(self):\n        pass\n")
    accept()
    assert entries() == [("BYB801", "bot.py", "A.buy", 1)]
    write("class A:\n    def buy(self):\n        bad\nclass B:\n    def buy(self):\n        bad\n")
    assert new() == ["bot.py:7 BYB801"]


# --- stale entries ----------------------------------------------------------------------------------------------------


def test_what_is_not_found_any_more_is_told_and_can_be_taken_out() -> None:
    write(BUY + SELL + "bad\nbad\nbad\n")
    accept()
    write(BUY)
    assert notes() == [
        "1 finding is accepted by the baseline.",
        f"4 entries are stale in {NAME}: bybit-lint baseline --prune takes them out.",
        "  BYB801 in bot.py (3 times)",
        "  BYB801 in bot.py, sell",
    ]
    assert accept("--prune") == f"{NAME}: 1 finding in 1 file is accepted (0 more, 4 less than before).\n"
    assert notes() == ["1 finding is accepted by the baseline."]
    assert accept("--prune") == f"{NAME}: nothing has changed.\n"


def test_of_many_stale_entries_some_are_shown() -> None:
    write("".join(f"def f{number}():\n    bad\n" for number in range(12)))
    accept()
    write("x = 1\n")
    assert len(notes()) == 12
    assert notes()[-1] == "  and 2 more"


def test_to_prune_accepts_nothing_new_and_takes_over_where_the_code_is_now() -> None:
    write(BUY)
    accept()
    Path("bot.py").rename("grid.py")
    write(BUY + SELL, "grid.py")
    accept("--prune")
    assert entries() == [("BYB801", "grid.py", "buy", 1)]
    assert new() == ["grid.py:6 BYB801"]


def test_a_second_run_accepts_what_is_new_and_forgets_what_is_gone() -> None:
    write(BUY)
    accept()
    assert accept() == f"{NAME}: nothing has changed.\n"
    write(SELL)
    assert accept() == f"{NAME}: 1 finding in 1 file is accepted (1 more, 1 less than before).\n"
    assert entries() == [("BYB801", "bot.py", "sell", 1)]


def test_only_of_files_that_are_named_is_it_known_whether_an_entry_is_stale() -> None:
    write(BUY)
    write(SELL, "other.py")
    accept()
    before = entries()
    write("x = 1\n")
    write("x = 1\n", "other.py")
    assert notes("other.py")[0].startswith("1 entry is stale")
    accept("other.py")
    assert entries() == before[:1]
    write("def (\n")
    assert run("baseline", "--prune").exit_code == 2
    assert entries() == before[:1], "what is in a file that cannot be read, nobody knows"
    Path("bot.py").unlink()
    accept("other.py", "--prune")
    assert entries() == []


def test_an_entry_of_a_rule_that_is_not_asked_is_not_stale() -> None:
    write(BUY)
    accept()
    assert notes("--select", "BYB803") == []
    assert notes("--select", "BYB801") == ["1 finding is accepted by the baseline."]


def test_what_crashed_says_nothing_of_stale_entries() -> None:
    write(BUY)
    accept()
    write("boom\n")
    assert not [line for line in notes() if "stale" in line]


# --- where it lies, and what it says ----------------------------------------------------------------------------------


def test_paths_count_from_the_folder_of_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    write(BUY, "src/bots/bot.py")
    accept()
    assert entries() == [("BYB801", "src/bots/bot.py", "buy", 1)]
    monkeypatch.chdir("src/bots")
    assert new() == []
    Path("../../pyproject.toml").write_text('[tool.bybit-lint]\nbaseline = "src/known.json"\n')
    config.forget()
    accept("bot.py")
    assert json.loads(Path("../known.json").read_text())["findings"][0]["path"] == "bots/bot.py"
    assert new() == []


def test_paths_are_written_with_forward_slashes_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source("src\\bot.py", b"bad\n")
    monkeypatch.setattr("bybit_lint.inputs.fingerprints.files.absolute", lambda path: f"/bot/{path}")
    monkeypatch.setattr("bybit_lint.inputs.fingerprints.os.sep", "\\")
    finding = Finding(source.span_of(0, 3), "", code="BYB801")
    assert fingerprint_of(finding, source, "/bot").path == "src/bot.py"


def test_without_a_config_it_says_what_to_write_there() -> None:
    Path("pyproject.toml").unlink()
    config.forget()
    write(BUY)
    assert accept().splitlines()[1:] == [
        "It is heeded once this stands in pyproject.toml under [tool.bybit-lint]:",
        "",
        "    [tool.bybit-lint]",
        f'    baseline = "{NAME}"',
        "",
    ]
    assert new() == ["bot.py:4 BYB801"]
    assert new("--baseline", NAME) == []
    assert new("--baseline", f"./{NAME}") == []


def test_a_config_with_a_table_is_told_only_the_line() -> None:
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nignore = []\n")
    write(BUY)
    assert accept().splitlines()[2:] == ["", f'    baseline = "{NAME}"', ""]


def test_the_command_line_has_the_last_word() -> None:
    write(BUY)
    accept("--output", "other.json")
    accept()
    write(BUY + SELL)
    accept()
    assert new() == []
    assert new("--baseline", "other.json") == ["bot.py:6 BYB801"]
    assert len(new("--no-baseline")) == len(new("--isolated")) == 2
    assert run("check", "--no-baseline", "--baseline", NAME).exit_code == 2


def test_each_config_has_its_own() -> None:
    Path("pyproject.toml").unlink()
    write(BUY, "one/bot.py")
    write(BUY, "two/bot.py")
    for folder in ("one", "two"):
        Path(folder, "pyproject.toml").write_text('[tool.bybit-lint]\nbaseline = "known.json"\n')
    accept("one")
    assert new("one") == []
    assert "two/known.json: there is no such baseline" in run("check").stderr
    accept()
    assert new() == []
    assert not Path(NAME).exists()


def test_it_holds_digests_and_no_code_and_no_key() -> None:
    key = "k3JxQ9vTz1LmW8bRyE"
    write(f'def buy():\n    send(bad, api_key="{key}")\n')
    accept()
    text = Path(NAME).read_text()
    assert key not in text
    assert "send" not in text
    write('def buy():\n    send(bad, api_key="q8Zk3XwV9pLx7Kq9Zp")\n')
    assert new() == [], "the key itself is no part of the digest: from a short one it could be guessed"


def test_an_unreadable_file_is_named_and_never_accepted() -> None:
    write("def (\n")
    write(BUY, "other.py")
    result = run("baseline")
    assert result.exit_code == 2
    assert "bot.py: this file was not checked: " in result.stderr
    assert "`exclude`" in result.stderr
    assert entries() == [("BYB801", "other.py", "buy", 1)]
    assert run("check").exit_code == 2


def test_nothing_to_accept_is_written_down_too() -> None:
    write("x = 1\n")
    assert accept() == f"{NAME}: 0 findings in 0 files are accepted.\n"
    assert new() == []
    write("bad\n")
    assert new() == ["bot.py:2 BYB801"]


# --- fixing -----------------------------------------------------------------------------------------------------------


def test_what_is_accepted_is_not_fixed_either() -> None:
    write(BUY)
    accept()
    write(BUY + SELL)
    assert run("check", "--fix").exit_code == 0
    text = Path("bot.py").read_text()
    assert text.count("bad") == 1
    assert BUY in text
    assert run("check", "--no-baseline", "--fix").exit_code == 0
    assert "bad" not in Path("bot.py").read_text()


# --- bad input --------------------------------------------------------------------------------------------------------

ENTRY: dict[str, Any] = {"rule": "BYB801", "path": "bot.py", "function": "", "code": f"sha256:{'0' * 16}", "count": 1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is no valid JSON; was there a conflict in a merge?"),
        ("<<<<<<< HEAD\n{}", "it is no valid JSON; was there a conflict in a merge?"),
        ("[" * 100_000, "it is no valid JSON"),
        (b"\xff", "it is no valid JSON"),
        ("[]", "it has no version"),
        ('{"findings": []}', "it has no version"),
        ('{"version": 2, "findings": []}', "it is of another version of bybit-lint"),
        ('{"version": 1}', "beside the version there must be the list `findings`, and nothing else"),
        ('{"version": 1, "findings": {}}', "the list `findings`"),
        ('{"version": 1, "findings": [], "more": 1}', "and nothing else"),
        *(
            (json.dumps({"version": 1, "findings": [ENTRY, ENTRY | change]}), "entry 2 is not as it was written")
            for change in (
                {"count": 0},
                {"count": True},
                {"count": "1"},
                {"code": "abc"},
                {"rule": "unrounded"},
                {"path": 1},
                {"path": "a\0b"},
                {"more": 1},
            )
        ),
        (json.dumps({"version": 1, "findings": ["x"]}), "entry 1 is not"),
        (json.dumps({"version": 1, "findings": [{"rule": "BYB801"}]}), "entry 1 is not"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_and_not_written_over(text: str | bytes, reason: str) -> None:
    write(BUY)
    Path(NAME).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = Path(NAME).read_bytes()
    for command in (["check"], ["check", "--fix"], ["baseline"], ["baseline", "--prune"]):
        result = run(*command)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {NAME}: cannot be used as a baseline: ")
        assert reason in result.stderr
        assert "take it away and run `bybit-lint baseline` to write it anew" in result.stderr
    assert Path(NAME).read_bytes() == before
    assert Path("bot.py").read_text() == "# bybit\n" + BUY


def test_entries_that_stand_there_twice_count_both() -> None:
    write("bad\nbad\nbad\n")
    accept()
    document = json.loads(Path(NAME).read_text())
    (row,) = document["findings"]
    document["findings"] = [row | {"count": 1}, row | {"count": 1}]
    Path(NAME).write_text(json.dumps(document))
    assert new() == ["bot.py:4 BYB801"]


def test_a_baseline_that_is_not_there_is_a_failure_that_says_how_it_is_made() -> None:
    write(BUY)
    for arguments in (["check"], ["check", "--baseline", NAME], ["baseline", "--prune"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert result.stderr == f"Error: {NAME}: there is no such baseline; `bybit-lint baseline` writes it\n"


@pytest.mark.parametrize(
    ("output", "reason"),
    [("folder", "Is a directory"), ("gone/x.json", "No such file"), ("bot.py", "cannot be used as a baseline")],
)
def test_what_cannot_be_written_or_would_be_lost_is_refused(output: str, reason: str) -> None:
    write(BUY)
    Path("folder").mkdir()
    result = run("baseline", "--output", output)
    assert result.exit_code == 2
    assert output in result.stderr
    assert reason in result.stderr
    assert Path("bot.py").read_text() == "# bybit\n" + BUY


@pytest.mark.parametrize(
    "table", ['baseline = ""', "baseline = 3", "baseline = ['a']", 'baseline = "."', 'baseline = "a\\nb"']
)
def test_a_config_that_names_no_file_is_refused(table: str) -> None:
    Path("pyproject.toml").write_text(f"[tool.bybit-lint]\n{table}\n")
    write(BUY)
    result = run("check")
    assert result.exit_code == 2
    assert "baseline must be the path of a file such as 'bybit-lint-baseline.json'" in result.stderr


def test_code_from_stdin_has_no_place_in_a_baseline_but_may_be_in_it() -> None:
    assert run("baseline", "-").exit_code == 2
    write(BUY)
    accept()
    text = f"# bybit\n{BUY}"
    assert CliRunner().invoke(main, ["check", "-", "--stdin-filename", "bot.py"], input=text).exit_code == 0
    assert CliRunner().invoke(main, ["check", "-", "--stdin-filename", "new.py"], input=text).exit_code == 1


def test_no_files_are_no_reason_to_write_one() -> None:
    Path("empty").mkdir()
    assert accept("empty") == "No Python file was found: there is nothing to accept.\n"
    assert not Path(NAME).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="no such names there")
def test_a_name_that_is_no_unicode_is_known_again() -> None:
    write(BUY, "b\udcff.py")
    accept()
    assert new() == []
    assert "\\udcff" in Path(NAME).read_text()


# --- statements -------------------------------------------------------------------------------------------------------


def codes(text: str) -> list[str]:
    return [statement.code for statement in statements(Source("bot.py", text.encode()))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(1, 2)", "f( 1,2 )"),
        ("f(1, 2)", "f(\n    1,\n    2,  # two\n)"),
        ("f('a')", 'f("a")'),
        ("x = f'{a} b'", 'x = f"{a}  b"'),
        ("x = 1", "x = \\\n  1  # one"),
        ("x = [1]", "x = [1,]"),
        ("x = a + b", "x = (\n    a\n    + b\n)"),
        ("x = f'''{a\n}'''", 'x = f"""{a}"""'),
    ],
)
def test_layout_comments_parentheses_and_quotes_do_not_make_another_statement(one: str, other: str) -> None:
    assert codes(one + "\n") == codes(other + "\n")
    assert len(codes(one + "\n")) == 1


def test_what_is_written_otherwise_is_another_statement() -> None:
    assert len(set(codes("f(1)\nf(2)\ng(1)\nf('1')\nf(1, 1)\nif f(1): pass\nreturn_ = f(1)\n"))) == 7


def test_a_digest_is_the_same_on_every_python() -> None:
    """F-strings are one token before 3.12, and several from then on: the digests are of the text."""
    text = 'x=f"{{a}}{b!r:>{c}}#nocomment"'
    assert codes("x = f'{{a}} {b!r:>{c}} # no comment' # one\n") == [f"sha256:{sha256(text.encode()).hexdigest()[:16]}"]


def test_the_head_of_a_block_is_a_statement_and_so_is_each_line_of_a_manifest() -> None:
    found = statements(Source("bot.py", b"@d\ndef f(\n    a,\n):\n    return a\n"))
    assert [(s.line, s.end_line, s.function) for s in found] == [(1, 1, ""), (2, 4, "f"), (5, 5, "f")]
    lines = statements(Source("requirements.txt", b"pybit==1\nccxt\n"))
    assert [(s.line, s.end_line, s.function) for s in lines] == [(1, 1, ""), (2, 2, ""), (3, 3, "")]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"def (\n", b"x = '''\n", b"\xff", b"if x:\n  a\n b\n", b""])
def test_what_cannot_be_read_has_lines_or_nothing(data: bytes) -> None:
    assert isinstance(statements(Source("bot.py", data)), list)


def test_many_statements_take_no_long_time() -> None:
    text = "class A:\n" + "".join(f"    def f{number}(self):\n        return {number}\n" for number in range(2000))
    found = statements(Source("bot.py", text.encode()))
    assert found[-1].function == "A.f1999"
    assert len({statement.code for statement in found}) == 4001


LAZY = """
import sys
from bybit_lint.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted(sys.modules), sep="\\n")
"""
NOT_NEEDED = {
    *(f"bybit_lint.commands.{name}" for name in ("baseline", "completion", "ignoring", "init", "sieve", "templates")),
    *(f"bybit_lint.inputs.{name}" for name in ("baseline", "changes", "fingerprints", "git", "ignores")),
    *(f"bybit_lint.report.{name}" for name in ("junit", "gitlab", "sarif", "html", "fingerprints")),
    *("xml", "html"),
}


def loaded(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", LAZY, "check", *arguments]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "bybit_lint.commands.check" in shown.stdout, shown.stderr
    return set(shown.stdout.splitlines())


def test_only_a_run_that_needs_a_baseline_loads_what_it_takes() -> None:
    write("x = 1\n")
    Path("pyproject.toml").write_text("[tool.bybit-lint]\n")
    assert loaded(".") & NOT_NEEDED == set()
    accept("--output", "known.json")
    assert {"bybit_lint.commands.sieve", "bybit_lint.inputs.baseline"} <= loaded("--baseline", "known.json")
