"""The command line: what each option does, what is written where, and every exit code."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import fakes as made_up
import pytest
from click.testing import CliRunner, Result
from fakes import fakes
from marks import rows

import bybit_lint
from bybit_lint import __version__, checks, engine, facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.commands import writing
from bybit_lint.commands.arguments import FORMATS
from bybit_lint.inputs import config, reading
from bybit_lint.report import pages
from bybit_lint.vocabulary import Noun

__all__ = ["fakes"]
pytestmark = pytest.mark.usefixtures("fakes", "here")

HEAD = "# bybit\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with no config remembered."""
    config.forget()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str | bytes, path: str = "bot.py") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text if isinstance(text, bytes) else (HEAD + text).encode())


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def concise(*arguments: str) -> Result:
    return run("--format", "concise", "-q", *arguments)


def found(*arguments: str) -> list[str]:
    """`path:line code` of each finding."""
    return [f"{f['path']}:{f['line']} {f['code']}" for f in json_of(*arguments)]


def shell(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the tool as a program of its own, with the real facts and the real rules."""
    home = str(Path(bybit_lint.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": home, **options.pop("env", {})}
    command = [sys.executable, "-m", "bybit_lint", *arguments]
    return subprocess.run(command, env=environment, check=False, **{"capture_output": True, **options})


def json_of(*arguments: str) -> list[dict[str, object]]:
    findings: list[dict[str, object]] = json.loads(run("--format", "json", *arguments).stdout)["findings"]
    return findings


# --- the default command ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [["check", "bot.py", "-q"], ["bot.py", "-q"], ["-q", "bot.py"], ["-q"], ["check", "-q"], ["-q", "--", "bot.py"]],
)
def test_the_word_check_and_the_path_may_be_left_out(arguments: list[str]) -> None:
    write("bad\n")
    result = run(*arguments)
    assert "BYB801" in result.stdout
    assert result.exit_code == 1


def test_no_argument_at_all_checks_the_working_directory() -> None:
    write("bad\n", "deep/bot.py")
    assert "deep/bot.py:2:1" in run().stdout


def test_a_file_that_is_called_like_a_command_is_named_with_its_directory() -> None:
    write("bad\n", "rules")
    assert "BYB801" in run("./rules").stdout
    assert "BYB801" in run("check", "rules").stdout


def test_a_misspelt_command_is_not_taken_for_a_file_that_is_gone() -> None:
    result = run("explian", "BYB201")
    assert result.exit_code == 2
    assert "there is no command, file or directory called 'explian' (did you mean 'explain'?)" in result.stderr
    write("bad\n", "explian")
    assert "BYB801" in run("explian").stdout


def test_a_missing_file_that_is_like_no_command_is_reported_beside_the_others() -> None:
    write("bad\n")
    assert [place.split(":")[0] for place in found("gone", "bot.py")] == ["bot.py", "gone"]


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_shows_the_commands(option: str) -> None:
    result = run(option)
    assert result.exit_code == 0
    assert all(command in result.stdout for command in ("check", "explain", "rules", "facts", "shim"))
    assert "--unsafe-fixes" in run("check", option).stdout


def test_the_version_is_shown() -> None:
    assert run("--version").stdout == f"bybit-lint, version {__version__}\n"


# --- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("x = 1\n", "", 0),
        ("bad\n", "", 1),
        ("bad\n", "--exit-zero", 0),
        ("bad\n", "--fix", 0),
        ("bad\n", "--diff", 1),
        ("bad\n", "--diff --exit-zero", 0),
        ("odd\n", "--fix", 1),
        ("odd\n", "--unsafe-fixes", 0),
        ("lone\n", "--unsafe-fixes", 1),
        ("sticky\n", "--fix", 1),
        ("sticky\n", "", 1),
        ("boom\n", "", 2),
        ("boom\n", "--exit-zero", 2),
        ("deep\n", "", 2),
        ("def (\n", "", 2),
        ("def (\n", "--exit-zero", 2),
        ("bad\n", "--select BYB899", 2),
        ("bad\n", "--no-such-option", 2),
        ("bad\n", "--format xml", 2),
    ],
)
def test_the_exit_code_says_what_is_left_and_what_could_not_be_done(text: str, options: str, code: int) -> None:
    write(text)
    assert run("bot.py", *options.split()).exit_code == code


def test_a_fix_that_is_taken_back_is_told_and_not_offered() -> None:
    write("sticky\n")
    result = run("bot.py", "--fix")
    assert "bybit-lint: bot.py:2: the fix of BYB804 was taken back" in result.stderr
    assert "no fix: the fix was taken back" in result.stdout
    assert "fix: mend sticky" not in result.stdout


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    write("bad\n")
    monkeypatch.setattr(engine, "check", interrupted)
    result = run("bot.py")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr


def test_a_crash_of_the_tool_is_not_taken_for_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "load", lambda: 1 / 0)
    result = run("bot.py")
    assert result.exit_code == 2
    assert "ZeroDivisionError" in result.stderr
    assert "please report" in result.stderr


# --- fixing -----------------------------------------------------------------------------------------------------------

BEFORE = HEAD + "x = bad\ny = odd\n"
IMPORT = "from bybit_lint.shim import jitter\n\n"


def fixed(x: str, y: str, shim: str = "bybit_lint.shim") -> str:
    return f"{HEAD}from {shim} import jitter\n\nx = {x}\ny = {y}\n"


@pytest.mark.parametrize("argument", ["--fix", "--unsafe-fixes", "--fix --unsafe-fixes"])
def test_fix_makes_the_safe_fixes_and_unsafe_fixes_makes_all(argument: str) -> None:
    write("x = bad\ny = odd\n")
    run("bot.py", *argument.split())
    expected = "jitter(1)" if "unsafe" in argument else "odd"
    assert Path("bot.py").read_text().endswith(f"x = jitter(0)\ny = {expected}\n")


def test_the_config_may_ask_for_unsafe_fixes() -> None:
    write("x = bad\ny = odd\n")
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nunsafe-fixes = true\n")
    run("bot.py", "--fix")
    assert Path("bot.py").read_text().endswith("x = jitter(0)\ny = jitter(1)\n")


def test_a_second_fix_changes_nothing() -> None:
    write("x = bad\ny = odd\n")
    run("--fix")
    before = Path("bot.py").stat().st_mtime_ns
    result = run("--fix")
    assert Path("bot.py").stat().st_mtime_ns == before
    assert "Fixed" not in result.stdout


def test_checking_changes_nothing() -> None:
    write("x = bad\n")
    run("bot.py")
    run("bot.py", "--format", "json", "--edits")
    assert Path("bot.py").read_text() == HEAD + "x = bad\n"


def test_a_fix_says_once_how_the_bot_gets_the_helpers() -> None:
    write("x = bad\n", "one.py")
    write("x = bad\n", "two.py")
    result = run("--fix")
    assert result.stderr.count("pip install bybit-lint") == 1
    assert "bybit-lint shim --write src/bybit_shim.py" in result.stderr
    write("x = bad\n", "three.py")
    assert "pip install" not in run("--fix", "-q").stderr
    write("from bybit_lint.shim import jitter\nx = bad\n", "four.py")
    result = run("--fix")
    assert "Fixed 1" in result.stdout
    assert "pip install" not in result.stderr


def test_a_fix_imports_from_the_shim_of_the_config_and_says_how_to_make_it() -> None:
    write("x = bad\n")
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nshim = 'mybot.bybit_shim'\n")
    result = run("--fix")
    assert "from mybot.bybit_shim import jitter\n" in Path("bot.py").read_text()
    assert "bybit-lint shim --write mybot/bybit_shim.py" in result.stderr


@pytest.mark.parametrize("name", ["bot.py", "src/bot.py", "bot/__init__.py"])
def test_a_file_of_the_bot_is_not_taken_for_its_shim(name: str) -> None:
    write("x = bad\n", name)
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nshim = 'bot'\n")
    result = run("--fix")
    assert result.exit_code == 2
    assert f"{name}: it is no shim, but shim = 'bot' in the config says so" in result.stderr
    assert Path(name).read_text() == HEAD + "x = bad\n"
    run("shim", "--write", "shim_of_ours.py")
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nshim = 'shim_of_ours'\n")
    config.forget()
    assert run("--fix").exit_code == 0


def test_a_file_that_cannot_be_written_is_a_problem_and_its_findings_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(path: str, old: bytes, new: bytes) -> None:
        if path == "closed.py":
            raise PermissionError(13, "Permission denied", path)
        real(path, old, new)

    real = writing.replace
    monkeypatch.setattr(writing, "replace", replace)
    write("x = bad, lone\n", "closed.py")
    write("x = bad\n", "open.py")
    result = run("--fix")
    assert Path("open.py").read_text().endswith("x = jitter(0)\n")
    assert Path("closed.py").read_text() == HEAD + "x = bad, lone\n"
    assert result.stdout.count("= no fix: not fixed: Permission denied\n") == 1
    assert "Fixed 1." in result.stdout
    assert "Found 2 errors" in result.stdout
    assert "closed.py: not fixed: Permission denied" in result.stderr
    assert result.exit_code == 2


def test_a_link_is_not_fixed_but_named() -> None:
    write("x = bad\n", "elsewhere/real.py")
    Path("bot.py").symlink_to("elsewhere/real.py")
    result = concise("bot.py", "--fix")
    assert result.stdout == "bot.py:2:5: BYB801 bad is wrong\n"
    assert "bot.py: not fixed: a link to " in result.stderr
    assert Path("elsewhere/real.py").read_text() == HEAD + "x = bad\n"
    assert result.exit_code == 2


# --- diffs ------------------------------------------------------------------------------------------------------------


def test_a_diff_goes_to_stdout_alone_and_nothing_is_changed() -> None:
    write("x = bad\ny = lone\n")
    result = run("--diff")
    assert result.stdout.splitlines() == [
        "--- bot.py",
        "+++ bot.py",
        "@@ -1,3 +1,5 @@",
        " # bybit",
        "-x = bad",
        "+from bybit_lint.shim import jitter",
        "+",
        "+x = jitter(0)",
        " y = lone",
    ]
    assert "BYB803" in result.stderr
    assert "Would fix 1" in result.stderr
    assert Path("bot.py").read_text() == HEAD + "x = bad\ny = lone\n"


def test_a_diff_with_unsafe_fixes_shows_all_of_them_and_changes_nothing() -> None:
    write("y = odd\n")
    assert "+y = jitter(1)" in run("--diff", "--unsafe-fixes", "--fix").stdout
    assert Path("bot.py").read_text() == HEAD + "y = odd\n"


@pytest.mark.parametrize(
    "text",
    ["x = bad", "x = bad\r\ny = 1\r\n", "x = bad\ny = '\f'\n", "x = 'ü', bad\n", "# coding: latin-1\nx = 'ü', bad\n"],
)
def test_a_diff_can_be_applied_byte_for_byte(text: str) -> None:
    data = (HEAD + text).encode("latin-1" if "latin" in text else "utf-8")
    write(data)
    diff = run("--diff").stdout_bytes
    subprocess.run(["patch", "-p0", "--binary"], input=diff, check=True, capture_output=True)
    patched = Path("bot.py").read_bytes()
    write(data)
    run("--fix")
    assert Path("bot.py").read_bytes() == patched != data


def test_a_diff_hides_keys_and_says_so() -> None:
    key = "bAcDeF1234567890gHiJkLmNoP"
    write(f"x = bad, '{key}'\n")
    for options, does in (("", "--fix"), ("--unsafe-fixes", "--unsafe-fixes"), ("--add-ignores x", "--add-ignores")):
        result = run("--diff", *options.split())
        assert key not in result.output
        assert f"bot.py: a key is hidden in this diff, which therefore cannot be applied; {does}" in result.stderr


# --- stdin ------------------------------------------------------------------------------------------------------------


def test_code_from_stdin_is_judged_under_the_name_it_is_given() -> None:
    result = run("-", "--stdin-filename", "src/bot.py", "--format", "concise", "-q", stdin=HEAD + "bad\n")
    assert result.stdout == "src/bot.py:2:1: BYB801 bad is wrong [*]\n"
    assert result.exit_code == 1


def test_fixed_code_from_stdin_goes_to_stdout_and_the_report_to_stderr() -> None:
    result = run("-", "--fix", stdin=BEFORE)
    assert result.stdout == fixed("jitter(0)", "odd")
    assert "BYB802" in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize("code", [b"x = 1\n", b"# bybit\r\ndef (", b"\xef\xbb\xbfx = 1", b""])
def test_code_from_stdin_that_needs_no_fix_or_cannot_have_one_comes_back_byte_for_byte(code: bytes) -> None:
    assert run("-", "--fix", stdin=code).stdout_bytes == code


def test_the_config_for_stdin_is_that_of_its_name() -> None:
    write(b"[tool.bybit-lint]\nignore = ['BYB801']\n", "src/pyproject.toml")
    assert run("-", stdin=HEAD + "bad\n").exit_code == 1
    assert run("-", "--stdin-filename", "src/bot.py", stdin=HEAD + "bad\n").exit_code == 0


def test_stdin_comes_alone() -> None:
    result = run("-", "bot.py", stdin="")
    assert result.exit_code == 2
    assert "- is the only path when it is one" in result.stderr


# --- which rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ("", "801 802 803"),
        ("--select BYB801", "801"),
        ("--select byb801,odd-name", "801 802"),
        ("--select BYB801 --select BYB803", "801 803"),
        ("--select BYB8", "801 802 803"),
        ("--select names", "801 802 803"),
        ("--select BYB0", ""),
        ("--ignore BYB801,lone-name", "802"),
        ("--ignore BYB", ""),
        ("--select BYB8 --ignore odd-name", "801 803"),
        ("--select BYB0 --extend-select BYB803", "803"),
        ("--extend-select BYB803 --ignore BYB803", "801 802"),
        ("--select quiet-name", "806"),
        ("--extend-select byb806 --ignore BYB801", "802 803 806"),
        ("--extend-select BYB806 --ignore names", ""),
        ("--select BYB801 --extend-select BYB8", "801 802 803"),
    ],
)
def test_rules_are_chosen_by_code_prefix_name_and_family(options: str, codes: str) -> None:
    write("bad\nodd\nlone\nquiet\n")
    assert [place.removeprefix("bot.py:")[-3:] for place in found("bot.py", *options.split())] == codes.split()


@pytest.mark.parametrize(
    ("table", "options", "codes"),
    [
        ("select = ['BYB801']", "", "801"),
        ("select = ['BYB801']", "--select BYB802", "802"),
        ("select = ['BYB801']", "--extend-select BYB802", "801 802"),
        ("ignore = ['BYB801']", "", "802 803"),
        ("ignore = ['BYB801']", "--select BYB801", "801"),
        ("ignore = ['BYB801']", "--ignore BYB802", "803"),
        ("select = ['BYB801']\nextend-select = ['lone-name']", "", "801 803"),
        ("select = []", "", ""),
        ("ignore = ['BYB801']", "--isolated", "801 802 803"),
        ("select = ['BYB801']", "--config other.toml", "803"),
    ],
)
def test_the_command_line_has_the_last_word_on_what_the_config_chooses(table: str, options: str, codes: str) -> None:
    write("bad\nodd\nlone\n")
    write(f"[tool.bybit-lint]\n{table}\n".encode(), "pyproject.toml")
    write(b"[tool.bybit-lint]\nselect = ['BYB803']\n", "other.toml")
    assert [place[-3:] for place in found("bot.py", *options.split())] == codes.split()


def test_each_file_is_judged_by_the_config_nearest_to_it() -> None:
    write(b"[tool.bybit-lint]\nselect = ['BYB801']\n", "one/pyproject.toml")
    write(b"[tool.bybit-lint]\nselect = ['BYB803']\n", "two/pyproject.toml")
    for folder in (".", "one", "two"):
        write("bad\nlone\n", f"{folder}/bot.py")
    assert found() == ["bot.py:2 BYB801", "bot.py:3 BYB803", "one/bot.py:2 BYB801", "two/bot.py:3 BYB803"]


def test_files_with_another_config_are_seen_as_they_are_after_their_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    def facts_of(source: Source, project: Project, wanted: object = None) -> list[Noun]:
        if source.path == "bot.py":
            seen.append(project.modules["inner/bot.py"].source.data)
        return made_up.facts_of(source, project)

    seen: list[bytes] = []
    for folder, shim in ((".", "outer"), ("inner", "inner")):
        write(f"[tool.bybit-lint]\nselect = ['BYB8']\nshim = '{shim}'\n".encode(), f"{folder}/pyproject.toml")
        write("import inner.bot\nx = bad\n", f"{folder}/bot.py")
    monkeypatch.setattr(facts, "of", facts_of)
    run("--fix")
    assert seen
    assert all(b"from inner import jitter" in data for data in seen)


def test_what_the_config_excludes_is_left_out_even_if_it_is_named() -> None:
    write(b"[tool.bybit-lint]\nexclude = ['vendor']\n", "pyproject.toml")
    write("bad\n", "vendor/bot.py")
    write("bad\n")
    assert found("vendor/bot.py", ".") == ["bot.py:2 BYB801"]
    assert found("vendor/bot.py", "--isolated") == ["vendor/bot.py:2 BYB801"]


def test_what_the_config_excludes_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    write(b"[tool.bybit-lint]\nexclude = ['vendor', 'pyproject.toml']\n", "pyproject.toml")
    write("def (\n", "vendor/bot.py")
    real = reading.read
    monkeypatch.setattr(reading, "read", lambda path: real(path) if "vendor" not in path else 1 / 0)
    assert run().exit_code == 0


def test_excluded_code_from_stdin_comes_back_as_it_was() -> None:
    write(b"[tool.bybit-lint]\nexclude = ['vendor']\n", "pyproject.toml")
    assert run("-", "--fix", "--stdin-filename", "vendor/bot.py", stdin=HEAD + "bad\n").stdout == HEAD + "bad\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--select BYB899", "no rule is called 'BYB899' (did you mean 'BYB80"),
        ("--ignore bad-nmae", "no rule is called 'bad-nmae' (did you mean 'bad-name'?)"),
        ("--extend-select E501", "no rule is called 'E501'"),
        ("--select ,", "name at least one rule"),
        ("--config gone.toml", "gone.toml: cannot be read"),
        ("--config pyproject.toml --isolated", "--config and --isolated exclude each other"),
        ("--edits", "--edits needs --format json or sarif"),
    ],
)
@pytest.mark.parametrize("path", ["bot.py", "empty"])
def test_a_wrong_option_is_refused_whether_there_are_files_or_not(options: str, message: str, path: str) -> None:
    write("bad\n")
    Path("empty").mkdir()
    result = run(path, *options.split())
    assert result.exit_code == 2
    assert message in result.stderr
    assert not result.stdout


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("select = ['BYB899']", "pyproject.toml: [tool.bybit-lint]: no rule is called 'BYB899' (did you mean 'BYB80"),
        ("selct = []", "pyproject.toml: [tool.bybit-lint] has no key 'selct' (did you mean 'select'?)"),
        ("shim = 3", "pyproject.toml: [tool.bybit-lint] shim must be the dotted name of a module of the bot's own"),
        ("shim = ", "pyproject.toml: not valid TOML"),
    ],
)
def test_a_wrong_config_is_refused_before_anything_is_judged_or_changed(table: str, message: str) -> None:
    write("bad\n")
    write(f"[tool.bybit-lint]\n{table}\n".encode(), "pyproject.toml")
    result = run("bot.py", "--fix")
    assert result.exit_code == 2
    assert message in result.stderr
    assert Path("bot.py").read_text() == HEAD + "bad\n"


# --- the report -------------------------------------------------------------------------------------------------------


def test_the_output_does_not_depend_on_the_order_of_the_paths() -> None:
    for name in ("b/bot.py", "a.py", "c.py"):
        write("lone\nbad\n", name)
    paths = ["c.py", ".", "b", "a.py"]
    assert run(*paths).stdout == run(*reversed(paths)).stdout == run().stdout
    assert found(*paths) == [f"{p}:{line}" for p in ("a.py", "b/bot.py", "c.py") for line in ("2 BYB803", "3 BYB801")]


@pytest.mark.parametrize("style", ["text", "concise", "json", "github", "gitlab", "junit", "sarif"])
def test_every_format_shows_the_finding_and_the_unreadable_file(style: str) -> None:
    write("bad\n")
    write("def (\n", "broken.py")
    result = run("--format", style)
    assert result.exit_code == 2
    for word in ("bot.py", "BYB801", "bad is wrong", "broken.py", "BYB001", "not checked"):
        assert word in result.stdout


def test_a_report_can_be_written_to_a_file() -> None:
    write("bad\n")
    result = run("--format", "json", "--output", "report.json")
    assert result.stdout == ""
    assert json.loads(Path("report.json").read_text())["findings"][0]["code"] == "BYB801"
    assert result.exit_code == 1


def test_several_reports_can_be_written_at_once() -> None:
    write("bad\n")
    result = run("--output", "gitlab=gl.json", "--output", "sarif=out/../bot.sarif", "--format", "concise", "-q")
    assert result.exit_code == 2, "there is no folder called out"
    Path("out").mkdir()
    result = run("--output", "gitlab=gl.json", "--output", "sarif=out/bot.sarif", "--format", "concise", "-q")
    assert result.stdout == "bot.py:2:1: BYB801 bad is wrong [*]\n"
    assert json.loads(Path("gl.json").read_text())[0]["check_name"] == "BYB801 bad-name"
    assert json.loads(Path("out/bot.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "BYB801"
    result = run("--output", "text=a.txt", "--output", "b.json", "--format", "json")
    assert result.stdout == ""
    assert "Found 1 error" in Path("a.txt").read_text()
    assert json.loads(Path("b.json").read_text())["version"] == 1


def test_a_file_that_is_called_like_a_format_is_named_with_its_folder() -> None:
    write("bad\n")
    run("--output", "./json=x")
    assert Path("json=x").read_text().startswith("error[BYB801]")
    run("--output", "xml=x")
    assert Path("xml=x").is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--output a --output b", "--output names two files for one report; write --output FORMAT=b"),
        ("--output json=a --output ./a", "--output names a twice"),
        ("--output -", "without --output the report goes to the standard output; a file called so is ./-"),
        ("--output json=-", "without --output the report goes to the standard output"),
        ("--output gitlab=a --edits", "--edits needs --format json or sarif"),
        ("--fail-on error --exit-zero", "--exit-zero and --fail-on exclude each other"),
        ("--fail-on note", "Invalid value for '--fail-on'"),
    ],
)
def test_reports_that_contradict_each_other_are_refused(options: str, message: str) -> None:
    write("bad\n")
    result = run(*options.split())
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("a").exists()


def test_two_ways_to_one_file_are_one_file() -> None:
    write("bad\n")
    Path("report").write_text("")
    Path("link").symlink_to("report")
    result = run("--output", "json=report", "--output", "junit=link")
    assert result.exit_code == 2
    assert "--output names report twice" in result.stderr


def test_none_of_several_reports_is_written_over_a_file_that_is_checked() -> None:
    write("bad\n")
    result = run("--output", "json=new.json", "--output", "text=bot.py")
    assert result.exit_code == 2
    assert "bot.py: cannot be written: it is one of the files" in result.stderr
    assert not Path("new.json").exists()


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("bad\n", "--fail-on error", 1),
        ("bad\n", "--fail-on warning", 1),
        ("x = 1  # bybit-lint: ignore\n", "", 1),
        ("x = 1  # bybit-lint: ignore\n", "--fail-on warning", 1),
        ("x = 1  # bybit-lint: ignore\n", "--fail-on error", 0),
        ("bad  # bybit-lint: ignore\n", "--fail-on error", 1),
        ("bad\n", "--fail-on error --diff", 1),
        ("bad\n", "--fail-on error --fix", 0),
        ("boom\n", "--fail-on error", 2),
        ("def (\n", "--fail-on error", 2),
    ],
)
def test_fail_on_says_which_findings_count_for_the_exit_code(text: str, options: str, code: int) -> None:
    write(text)
    assert run(*options.split()).exit_code == code


def test_a_report_that_cannot_be_written_is_a_failure_that_names_the_file() -> None:
    write("x = 1\n")
    result = run("--output", "gone/report.txt")
    assert result.exit_code == 2
    assert "gone/report.txt: cannot be written: No such file" in result.stderr


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("bot.py", "it is one of the files that are checked"),
        ("link.py", "it is one of the files that are checked"),
        ("other/more.py", "it is one of the files that are checked"),
        ("folder", "Is a directory"),
        ("closed.txt", "the file is read-only"),
        ("gone/report.txt", "No such file"),
    ],
)
def test_a_report_is_not_written_over_what_would_be_lost(output: str, reason: str) -> None:
    write("x = bad\n")
    write("from bot import x\n", "other/more.py")
    Path("link.py").symlink_to("bot.py")
    Path("folder").mkdir()
    Path("closed.txt").write_text("mine")
    Path("closed.txt").chmod(0o444)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    result = run("bot.py", "other", "--fix", "--output", output)
    assert result.exit_code == 2
    assert f"{output}: cannot be written: {reason}" in result.stderr
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before or output[:4] == "gone"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device there")
@pytest.mark.parametrize(
    "how",
    [
        "check --isolated --output /dev/full bot.py",
        "check --isolated bot.py > /dev/full",
        "check --isolated bot.py >&-",
        "rules >&-",
        "--version > /dev/full",
        "--help > /dev/full",
    ],
)
def test_an_output_that_takes_nothing_is_a_failure_in_one_line(how: str) -> None:
    write("bad\n")
    command = f"{shlex.quote(sys.executable)} -m bybit_lint {how}"
    result = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=120)
    assert result.returncode == 2
    assert b"written: No space left" in result.stderr or b"the output is closed" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell with pipes")
def test_a_reader_who_goes_away_early_is_no_failure_worth_a_word() -> None:
    write("bad = 1\n" * 5000)
    command = f"{shlex.quote(sys.executable)} -m bybit_lint check --isolated bot.py | head -c 10 > /dev/null"
    result = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=120)
    assert result.stderr == b""


def test_a_read_only_file_is_not_fixed_and_everything_else_is() -> None:
    write("x = bad\n", "closed.py")
    write("x = bad\n", "open.py")
    Path("closed.py").chmod(0o444)
    result = run("--fix")
    assert result.exit_code == 2
    assert "closed.py: not fixed: the file is read-only" in result.stderr
    assert Path("closed.py").read_text() == HEAD + "x = bad\n"
    assert Path("open.py").read_text().endswith("x = jitter(0)\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
@pytest.mark.parametrize("style", ["text", "concise", "json", "github", "gitlab", "junit", "sarif"])
def test_a_line_end_in_a_name_makes_no_line_of_its_own(style: str) -> None:
    write("boom, bad\n", "a\n::error::b\r.py")
    result = run("--format", style)
    lines = (result.stdout + result.stderr).splitlines()
    assert any("BYB801" in line for line in lines)
    assert not [line for line in lines if line.startswith("::error::b")]
    diff = run("--diff").stdout
    assert '--- "a\\012::error::b\\015.py"' in diff.splitlines()


def test_statistics_count_by_rule() -> None:
    write("bad\nbad\nlone\n")
    assert run("--statistics", "-q").stdout == "2  BYB801 bad-name  [*]\n1  BYB803 lone-name\n"
    assert len(json.loads(run("--statistics", "--format", "json").stdout)["findings"]) == 3


def test_quiet_leaves_out_the_summary_but_no_finding_and_no_problem() -> None:
    write("bad\nboom\n")
    loud, quiet = run(), run("-q")
    assert "Found 1 error" in loud.stdout
    assert "Found" not in quiet.stdout
    assert "BYB801" in quiet.stdout
    assert "BYB805 boom-name crashed" in quiet.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_a_name_cannot_send_commands_to_the_terminal() -> None:
    write("boom\n", "\x1b[31mbot.py")
    write("bad\n", "\x1b[2Jbot.py")
    assert "\x1b" not in run("-q").output


def test_edits_are_in_the_report_only_if_they_are_asked_for() -> None:
    write("x = bad\n")

    def edits(*options: str) -> object:
        fix = json_of("bot.py", *options)[0]["fix"]
        assert isinstance(fix, dict)
        return fix["edits"]

    assert edits() is None
    expected = [{"start": 8, "end": 8, "text": IMPORT}, {"start": 12, "end": 15, "text": "jitter(0)"}]
    assert edits("--edits") == expected


def test_a_fix_that_cannot_be_made_is_not_offered_with_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    from bybit_lint.fixing import editor

    def refuse(*arguments: object) -> None:
        raise editor.Refused("a comment would be lost")

    write("x = bad\n")
    monkeypatch.setattr(editor, "edits_in", refuse)
    assert json_of("bot.py", "--edits")[0]["fix"] is None


def test_a_crash_of_the_editor_is_a_problem_of_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    from bybit_lint.fixing import editor

    write("x = bad\n")
    monkeypatch.setattr(editor, "edits_in", lambda *arguments: 1 / 0)
    result = run("--edits", "--format", "json")
    assert json.loads(result.stdout)["findings"][0]["code"] == "BYB801"
    assert "bot.py: the editor crashed (ZeroDivisionError" in result.stderr
    assert result.exit_code == 2


def test_there_is_no_colour_where_there_is_no_terminal() -> None:
    write("bad\n")
    assert "\x1b" not in run("bot.py").stdout


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("environment", "is_colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_has_colours_unless_its_user_wants_none(environment: dict[str, str], is_colored: bool) -> None:
    import pty

    write("def (\n")
    screen, terminal = pty.openpty()
    shell("bot.py", stdout=terminal, capture_output=False, env={"TERM": "xterm", "NO_COLOR": "", **environment})
    os.close(terminal)
    shown = os.read(screen, 100_000)
    os.close(screen)
    assert b"BYB001" in shown
    assert (b"\x1b[" in shown) is is_colored


def test_a_name_or_a_line_that_the_terminal_cannot_show_does_no_harm() -> None:
    write("def (  # \u20bf\n", "bot\udcff.py" if sys.platform == "linux" else "bot.py")
    write("def (  # \u20bf\n", "bot\u20bf.py")
    for style in FORMATS:
        result = shell("--format", style, env={"PYTHONIOENCODING": "ascii"})
        assert result.returncode == 2, result.stderr.decode()
        assert result.stdout.count(b"not checked") == (4 if style == "junit" else 2)  # its attribute and its text


# --- bad input --------------------------------------------------------------------------------------------------------

DEEP = b"(" * 50_000 + b")" * 50_000
BAD_FILES = {
    "a syntax error": (b"x = 1\ndef f(:\n", "2:"),
    "Python 2": (b'print "hello"\n', "1:"),
    "a null byte": (b"x = 1\ny = '\0'\n", ""),
    "bytes that are not UTF-8": (b"x = 1\ny = '\xff'\n", ""),
    "an unknown encoding": (b"# coding: nonsense\nx = 1\n", ""),
    "bytes that are not in the declared encoding": (b"# coding: ascii\nx = '\xe9'\n", ""),
    "deep brackets": (b"x = " + DEEP + b"\n", ""),
    "deep arithmetic": (b"x = " + b"-" * 100_000 + b"1\n", ""),
    "tabs and blanks mixed": (b"if x:\n\ty = 1\n        z = 1\n", "3:"),
    "half a text": (b"x = '''\n", ""),
}
if sys.version_info >= (3, 11):  # older parsers take it
    BAD_FILES["a deep chain"] = (b"x = y" + b".a" * 100_000 + b"\n", "")


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("fix", [[], ["--fix"]])
def test_a_file_that_cannot_be_read_is_named_with_its_place_and_the_others_are_judged(
    name: str, fix: list[str]
) -> None:
    body, line = BAD_FILES[name]
    write(body + b"# bybit\n", "broken.py")
    write("x = bad\n", "other.py")
    result = concise(*fix)
    assert result.exit_code == 2
    assert f"broken.py:{line}" in result.stdout
    assert "BYB001 this file was not checked: " in result.stdout
    assert ("BYB801" in result.stdout) is not bool(fix)
    assert ("jitter" in Path("other.py").read_text()) is bool(fix)
    assert Path("broken.py").read_bytes() == body + b"# bybit\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf# bybit\nx = bad\n",
        b"# bybit\r\nx = bad\r\n",
        b"# bybit\rx = bad\r",
        b"# bybit\nif 1:\n\tx = bad\n",
        b"# bybit\nx = bad",
        b"# coding: latin-1\n# bybit \xe9\nx = bad\n",
        b"# bybit\nx = bad\ny = '" + b"a" * 2_000_000 + b"'\n",
        b"# bybit\ny = '" + b"a" * 2_000_000 + b"'; x = bad\n",
        b"# bybit\n\x0cx = bad\n",
    ],
    ids=["BOM", "CRLF", "CR", "tab", "no line end", "latin-1", "long line", "long line with it", "form feed"],
)
def test_a_strange_file_is_judged_shown_and_fixed_with_all_its_other_bytes_kept(data: bytes) -> None:
    write(data)
    for style in ("text", "github", "sarif"):
        shown = run("bot.py", "--format", style).stdout
        assert "BYB801" in shown
        assert len(shown) < 200_000
    result = run("bot.py", "--fix")
    assert result.exit_code == 0, result.output
    after = Path("bot.py").read_bytes()
    assert b"x = jitter(0)" in after
    end = b"\r\n" if b"\r\n" in data else b"\r" if b"\r" in data else b"\n"
    line, blank = b"from bybit_lint.shim import jitter" + end, end
    assert data in (
        after.replace(line + blank, b"").replace(b"jitter(0)", b"bad"),
        after.replace(line, b"").replace(b"jitter(0)", b"bad"),
    )


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"# bybit", b"\x0c"])
def test_a_file_with_nothing_in_it_is_clean(data: bytes) -> None:
    write(data)
    result = run("bot.py", "--fix")
    assert result.exit_code == 0
    assert Path("bot.py").read_bytes() == data


def test_a_directory_without_python_is_said_to_be_empty() -> None:
    Path("docs").mkdir()
    Path("docs/bybit.md").write_text("bad")
    result = run("docs")
    assert result.exit_code == 0
    assert "No Python file was found" in result.stdout


def test_a_path_that_does_not_exist_is_named_and_the_others_are_judged() -> None:
    write("bad\n")
    result = concise("bot.py", "gone.py", "gone")
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "bot.py:2:1: BYB801 bad is wrong [*]",
        "gone:1:1: BYB001 this file was not checked: No such file or directory",
        "gone.py:1:1: BYB001 this file was not checked: No such file or directory",
    ]


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(13, "Permission denied"),
        FileNotFoundError(2, "No such file or directory"),
        OSError(5, "I/O error"),
    ],
)
def test_a_file_that_cannot_be_read_or_vanishes_meanwhile_is_named_and_the_others_are_judged(
    monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def read(path: str) -> bytes:
        if path.endswith("closed.py"):
            raise type(error)(error.errno, error.strerror, path)
        return real(path)

    real = reading.read
    monkeypatch.setattr(reading, "read", read)
    write("bad\n", "closed.py")
    write("bad\n", "open.py")
    result = concise()
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"closed.py:1:1: BYB001 this file was not checked: {error.strerror}",
        "open.py:2:1: BYB801 bad is wrong [*]",
    ]


def test_a_file_that_warns_when_it_is_parsed_does_not_disturb_the_report() -> None:
    write("x = '\\d'\ny = 1 is 1\n")
    result = shell("bot.py", env={"PYTHONWARNINGS": "default"})
    assert (result.returncode, result.stderr) == (0, b"")


# --- explain ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["BYB201", "byb201", "unrounded-quantity"])
def test_a_rule_is_explained_by_its_page(what: str) -> None:
    page = pages.find("BYB201")
    assert page
    assert run("explain", what).stdout == page.text


def test_a_ret_code_is_explained_with_the_rules_that_prevent_it() -> None:
    result = run("explain", "10001")
    assert result.exit_code == 0
    assert result.stdout.startswith("retCode 10001: a parameter is wrong\n")
    assert "Prevented by:\n  BYB801 bad-name" in result.stdout
    assert "Prevented by" not in run("explain", "10003").stdout


def test_the_causes_of_a_ret_code_stand_in_their_order() -> None:
    lines = run("explain", "10002").stdout.splitlines()
    first = lines.index("Likely causes:") + 1
    assert [line[:4] for line in lines[first : first + 3]] == ["  1.", "  2.", "  3."]
    assert lines[first] == "  1. a drifting local clock"
    assert any(line.startswith("Retry: ") for line in lines)


@pytest.mark.parametrize(("code", "channel"), [("403", "HTTP status"), ("10429", "WebSocket trade")])
def test_codes_of_all_channels_are_explained(code: str, channel: str) -> None:
    assert run("explain", code).stdout.startswith(f"{channel} {code}: ")


@pytest.mark.parametrize("what", ["place_order", "/v5/order/create"])
def test_an_endpoint_is_explained_by_its_parameters(what: str) -> None:
    said = run("explain", what).stdout
    assert said.startswith("POST /v5/order/create\npybit: place_order, since 5.0.0\n")
    assert re.search(r"^  side +string; required; Buy, Sell$", said, re.MULTILINE)
    assert re.search(r"^  reduceOnly +boolean$", said, re.MULTILINE)
    assert "  price or orderIv or bboSideType, with orderType=Limit\n" in said
    assert "  spot: 20\n" in said
    assert "and perhaps others" not in said


def test_what_is_not_known_of_an_endpoint_is_not_said() -> None:
    said = run("explain", "get_server_time").stdout
    assert said.startswith("GET /v5/market/time (needs no key)\n")
    assert "Requests a second" not in said
    assert "Needs:" not in said
    assert "and perhaps others" in run("explain", "get_coin_info").stdout


def test_an_endpoint_names_the_rules_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "load", lambda: REAL)
    orders, candles = run("explain", "place_order").stdout, run("explain", "get_kline").stdout
    assert "BYB201 unrounded-quantity: " in orders
    assert "BYB201" not in candles
    assert all("BYB211 unknown-parameter: " in said for said in (orders, candles))


def test_a_negative_ret_code_is_not_taken_for_an_option() -> None:
    assert run("explain", "-2015").stdout.startswith("retCode -2015: ")


@pytest.mark.parametrize("code", ["10019", "10032", "20003", "110061", "140007", "181001", "181010"])
def test_a_code_that_people_paste_is_explained_in_full(code: str) -> None:
    said = run("explain", code).stdout
    assert all(part in said for part in (f"{code}: ", "Retry: ", "Likely causes:\n  1. ", "Source: "))


def test_a_code_is_explained_by_bybits_words_and_by_the_rules_about_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "load", lambda: REAL)
    assert "Bybit's words for 3500402: Exchange Broker: Parameter verification" in run("explain", "3500402").stdout
    assert "BYB213 missing-parameter: " in run("explain", "10032").stdout


TEXTS = {
    "as it is": ("args size >10", "WebSocket, 'args size >{}': "),
    "as others write it": ("ARGS SIZE > 10", "WebSocket, 'args size >{}': "),
    "a part of it": ("handler not found", "WebSocket, 'error:handler not found{}': "),
    "in JSON": ('{"success":false,"ret_msg":"args size \\u003e10","op":"subscribe"}', "WebSocket, 'args size >{}': "),
    "behind words of pybit's": (
        "ERROR:pybit:Couldn't subscribe to topic.Error: error:handler not found,topic:orderbook.500.BTCUSDT.",
        "WebSocket, 'error:handler not found{}': ",
    ),
    "the longest of two": ("params error: symbol invalid", "retCode 10001, 'params error: {} invalid': "),
    "beside its code": ("Qty invalid (ErrCode: 10001) (ErrTime: 12:10:31).", "retCode 10001, 'Qty invalid': "),
    "only the code is known": ("Hm (ErrCode: 110061) (ErrTime: 12:10:31).", "retCode 110061: "),
    "no text of a socket's": ('{"retCode":10005,"retMsg":"params error"}', "retCode 10005: "),
    "the words of a code": ("Not allowed to have more than 20 TP/SLs under Partial tpSlMode", "retCode 110061: "),
}


@rows(TEXTS, "line", "said")
def test_a_line_of_a_log_is_explained(line: str, said: str) -> None:
    assert run("explain", line).stdout.startswith(said)


def test_a_text_is_explained_with_the_rules_that_prevent_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "load", lambda: REAL)
    said = run("explain", "args size >10").stdout
    assert all(part in said for part in ("What to do: ", "Likely causes:\n  1. ", "BYB505 invalid-subscription: "))


def test_words_of_several_texts_or_codes_name_them_all() -> None:
    both = run("explain", "already subscribed").stdout
    assert "'error:already subscribed,topic:{}': " in both
    assert "'You have already subscribed to this topic': " in both
    lines = run("explain", "insufficient").stdout.splitlines()
    assert "110004: UTA: Wallet balance is insufficient" in lines
    assert len(lines) > 20


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (
            "unrounded-quantty",
            "no retCode, no endpoint and no text of Bybit's (did you mean 'unrounded-quantity'?)",
        ),
        ("99999", "99999 is in no table here"),
        ('{"retCode":99999,"retMsg":"Hm"}', "99999 is in no table here"),
        ("zzz", "'zzz' is no rule's code or name, no retCode, no endpoint and no text of Bybit's\n"),
        ("args sise >10", "(did you mean 'args size >{}'?)"),
        ("plce_order", "(did you mean 'place_order'?)"),
        ("zzz\nzzz", "no text of Bybit's; bybit-lint decode reads several lines, as of a traceback or a log\n"),
        ("/v5/order/creat", "(did you mean '/v5/order/create'?)"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_a_guess(what: str, message: str) -> None:
    result = run("explain", what)
    assert result.exit_code == 2
    assert message in result.stderr


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_rules(fakes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = [rule for rule in REAL if rule.code in ("BYB001", "BYB201")]
    monkeypatch.setattr(checks, "load", lambda: tuple(real))


REAL = checks.load()


@pytest.mark.usefixtures("two_rules")
def test_the_rules_are_listed() -> None:
    lines = run("rules").stdout.splitlines()
    assert [line.split()[:5] for line in lines] == [
        ["code", "name", "severity", "default", "fix"],
        ["BYB001", "unreadable-file", "error", "on", "-"],
        ["BYB201", "unrounded-quantity", "error", "on", "safe"],
    ]
    page = pages.find("BYB201")
    assert page
    assert lines[2].endswith(page.summary)


@pytest.mark.usefixtures("two_rules")
def test_the_rules_are_listed_as_json() -> None:
    page = pages.find("BYB201")
    assert page
    assert json.loads(run("rules", "--format", "json").stdout)[1] == {
        "code": "BYB201",
        "name": "unrounded-quantity",
        "severity": "error",
        "default": "on",
        "fix": "safe",
        "summary": page.summary,
        "page": "rules/orders/unrounded-quantity.md",
    }


@pytest.mark.usefixtures("two_rules")
def test_the_rules_are_listed_as_markdown() -> None:
    header, line, _, row = run("rules", "--format", "markdown").stdout.splitlines()
    assert header == "| code | name | severity | default | fix | what it says |"
    assert line == "|---|---|---|---|---|---|"
    assert row.startswith("| [BYB201](rules/orders/unrounded-quantity.md) | unrounded-quantity | error | on | safe | ")


# --- facts ------------------------------------------------------------------------------------------------------------


def test_facts_are_shown_in_the_order_of_their_places() -> None:
    write("two = one\n", "b.py")
    write("bad\n", "a.py")
    assert run("facts", ".").stdout == "a.py:2:1  request bad\nb.py:2:1  request two\nb.py:2:7  request one\n"


def test_facts_of_a_file_that_cannot_be_read_are_missed_loudly() -> None:
    write("def (\n", "broken.py")
    write("deep\n", "deep.py")
    write("bad\n")
    write(b"one\n", "other.py")
    result = run("facts", ".", "gone.py")
    assert result.exit_code == 2
    assert result.stdout == "bot.py:2:1  request bad\n"
    for words in (
        "broken.py:2:",
        "deep.py: the analysis crashed (RecursionError",
        "gone.py: this file was not checked",
    ):
        assert words in result.stderr


def test_facts_need_a_path() -> None:
    assert run("facts").exit_code == 2


# --- shim -------------------------------------------------------------------------------------------------------------

SHIM = Path(bybit_lint.__file__).parent / "shim.py"


def test_the_shim_is_printed_and_written_byte_for_byte() -> None:
    assert run("shim").stdout_bytes == SHIM.read_bytes()
    result = run("shim", "--write", "bybit_shim.py")
    assert result.exit_code == 0
    assert Path("bybit_shim.py").read_bytes() == SHIM.read_bytes()


def test_an_older_shim_is_replaced() -> None:
    write(b"# bybit-lint shim 0.0.1\nold\n", "bybit_shim.py")
    assert run("shim", "--write", "bybit_shim.py").exit_code == 0
    assert Path("bybit_shim.py").read_bytes() == SHIM.read_bytes()


def test_another_file_is_never_replaced_by_the_shim() -> None:
    write("mine\n")
    result = run("shim", "--write", "bot.py")
    assert result.exit_code == 2
    assert "bot.py: this file is not a shim: it would be lost" in result.stderr
    assert Path("bot.py").read_text() == HEAD + "mine\n"


def test_a_directory_that_is_missing_is_named() -> None:
    result = run("shim", "--write", "src/mybot/bybit_shim.py")
    assert result.exit_code == 2
    assert "there is no directory" in result.stderr
    assert not Path("src").exists()
