"""Only what stands on changed lines: of branches, renames and what is not committed yet, and when git has no answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from fakes import fakes

from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.inputs import changes, config
from bybit_lint.inputs import git as asked
from bybit_lint.inputs.changes import Changes, new_lines
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Noun, Related, Span

__all__ = ["fakes"]
pytestmark = [
    pytest.mark.usefixtures("fakes", "here"),
    pytest.mark.skipif(shutil.which("git") is None, reason="needs git"),
]

LINES = [f"x{number} = bad\n" for number in range(8)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository as the working directory, and no config of this machine's."""
    config.forget()
    changes._top.cache_clear()
    asked.program.cache_clear()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    git("init", "-q", "-b", "main")
    return tmp_path


def git(*words: str, folder: str = ".") -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    return subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True, text=True).stdout


def write(lines: list[str] | str, path: str = "bot.py") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("# bybit\n" + "".join(lines))


def commit(message: str = "x") -> str:
    git("add", "-A")
    git("commit", "-qm", message)
    return git("rev-parse", "HEAD").strip()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def new(revision: str, *arguments: str) -> list[str]:
    """`path:line` of what is reported."""
    result = run("--format", "json", "--since", revision, *arguments)
    assert result.exit_code in (0, 1), result.output
    return [f"{f['path']}:{f['line']}" for f in json.loads(result.stdout)["findings"]]


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.removeprefix("Error: ").strip()


# --- lines ------------------------------------------------------------------------------------------------------------


def test_what_stands_on_a_changed_line_is_reported_and_nothing_else() -> None:
    write(LINES)
    commit()
    write([*LINES[:3], "y = bad\n", *LINES[3:6], "x6 = bad, 1\n", LINES[7]])
    assert new("HEAD") == ["bot.py:5", "bot.py:9"]
    shown = run("--since", "HEAD", "--format", "concise").stdout
    assert "7 findings are on lines that have not changed." in shown
    commit()
    assert new("HEAD") == []
    assert run("--since", "HEAD").exit_code == 0
    assert new("HEAD~1") == ["bot.py:5", "bot.py:9"]


def test_a_finding_counts_with_each_of_its_lines_and_with_the_place_that_explains_it() -> None:
    text = "one\ntwo\nthree\nfour\n"
    write(text)
    write(text, "other.py")
    commit()
    write(text.replace("two", "2"))
    write(text, "other.py")
    found = Changes("HEAD", ["bot.py"])
    sources = {path: Source(path, Path(path).read_bytes()) for path in ("bot.py", "other.py")}

    def touches(line: int, end_line: int, path: str = "bot.py", related: int = 0) -> bool:
        places = (Related(Span("bot.py", related, 1, related, 2, 0, 0), "here"),) if related else ()
        return found.touch(Finding(Span(path, line, 1, end_line, 2, 0, 0), "", places), sources)

    assert [touches(line, line) for line in range(1, 5)] == [False, False, True, False]
    assert touches(2, 4), "somewhere in it"
    assert touches(1, 1, "other.py", related=3)
    assert not touches(3, 3, "other.py", related=2)
    assert not touches(3, 3, "gone.py")


@pytest.mark.parametrize("named", [".", "bot.py"])
def test_the_place_that_explains_it_may_stand_in_a_file_that_is_not_named(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(found: Rule, noun: object) -> list[Finding]:
        path = noun.span.path if isinstance(noun, Noun) else ""
        places = (Related(Span("sizes.py", 2, 1, 2, 2, 0, 0), "here"),)
        is_told = found.code == "BYB801" and path == "bot.py"
        return [Finding(Span(path, 2, 1, 2, 4, 0, 0), "told", places, code="BYB801")] if is_told else []

    monkeypatch.setattr(Rule, "findings", judged)
    write("import sizes, bad\nbad\n")
    write("y = 1\n", "sizes.py")
    commit()
    assert new("HEAD", named) == []
    write("y = 2\n", "sizes.py")
    assert new("HEAD", named) == ["bot.py:2"]


def test_staged_and_untracked_changes_count_and_new_files_are_new() -> None:
    write(LINES)
    commit()
    write([*LINES, "y = bad\n"])
    git("add", "-A")
    write(LINES[:2], "new.py")
    assert new("HEAD") == ["bot.py:10", "new.py:2", "new.py:3"]


@pytest.mark.parametrize("revision", ["main", "v1", "HEAD~2", "@{-1}", "main~0", "HEAD@{0}"])
def test_a_revision_is_whatever_git_takes_for_one(revision: str) -> None:
    write(LINES)
    commit()
    git("tag", "v1", "-m", "annotated")
    git("switch", "-qc", "feature")
    for number in range(2):
        write([*LINES, "y = bad\n" * (number + 1)])
        commit()
    expected = [] if revision == "HEAD@{0}" else ["bot.py:10", "bot.py:11"]
    assert new(revision) == expected


# --- histories --------------------------------------------------------------------------------------------------------


def test_what_others_have_done_on_the_branch_since_is_no_change_of_ours() -> None:
    write(LINES)
    commit()
    git("switch", "-qc", "feature")
    write([*LINES, "mine = bad\n"])
    commit()
    git("switch", "-q", "main")
    write(["theirs = bad\n", *LINES])
    commit()
    git("switch", "-q", "feature")
    assert new("main") == ["bot.py:10"], "against the place where the branches part"


def test_in_a_repository_with_merges_both_ways() -> None:
    write(LINES)
    commit()
    git("switch", "-qc", "feature")
    write(["mine = bad\n", *LINES])
    commit()
    git("switch", "-q", "main")
    write([*LINES, "theirs = bad\n"])
    commit()
    git("switch", "-q", "feature")
    git("merge", "-q", "--no-edit", "main")
    assert len(run("--format", "concise", "-q").stdout.splitlines()) == 10
    assert new("main") == ["bot.py:2"], "what was merged is known to main"
    git("switch", "-q", "main")
    git("merge", "-q", "--no-ff", "--no-edit", "feature")
    assert new("HEAD~1") == ["bot.py:2"], "the first parent of a merge"
    assert new("HEAD^2") == []
    write([*LINES, "theirs = bad\n"])
    assert new("main") == []


def test_a_file_that_is_called_otherwise_is_compared_with_what_it_was() -> None:
    write(LINES)
    commit()
    Path("desk").mkdir()
    git("mv", "bot.py", "desk/grid.py")
    write([*LINES[:4], "y = bad\n", *LINES[4:]], "desk/grid.py")
    git("add", "-A")
    assert new("HEAD") == ["desk/grid.py:6"]
    commit()
    assert new("HEAD~1") == ["desk/grid.py:6"]


def test_of_a_notebook_the_lines_of_code_in_its_cells_are_compared() -> None:
    def save(*cells: list[str]) -> None:
        found = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
        Path("grid.ipynb").write_text(json.dumps({"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    save(["# bybit"], LINES)
    commit()
    save(["# bybit"], ["z = 1"], [*LINES, "y = bad"])
    result = json.loads(run("--format", "json", "--since", "HEAD").stdout)
    assert [(found["cell"], found["line"]) for found in result["findings"]] == [(3, 9)]


def test_it_does_not_matter_from_which_folder_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    write(LINES, "a/b/bot.py")
    commit()
    write([*LINES, "y = bad\n"], "a/b/bot.py")
    monkeypatch.chdir("a")
    assert new("HEAD") == ["b/bot.py:10"]
    assert new("HEAD", "b/bot.py") == ["b/bot.py:10"]
    monkeypatch.chdir("/")
    config.forget()


def test_a_worktree_of_another_branch_and_two_repositories_at_once(here: Path) -> None:
    write(LINES)
    commit()
    git("worktree", "add", "-q", "../tree", "-b", "feature")
    write([*LINES, "y = bad\n"], "../tree/bot.py")
    write(["z = bad\n", *LINES])
    assert [place.rpartition("/")[2] for place in new("main", "../tree", ".")] == ["bot.py:10", "bot.py:2"]


# --- strange files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\n".join, b"\r\n".join),
        (b"\r\n".join, b"\n".join),
        (b"\n".join, lambda lines: b"\xef\xbb\xbf" + b"\n".join(lines)),
    ],
    ids=["to CRLF", "to LF", "with a BOM"],
)
def test_line_ends_are_no_change(before, after) -> None:  # type: ignore[no-untyped-def]  # two ways to join lines
    lines = [b"# bybit", b"x = bad", b"y = bad", b""]
    Path("bot.py").write_bytes(before(lines))
    commit()
    Path("bot.py").write_bytes(after([*lines[:2], b"z = bad", *lines[2:]]))
    assert new("HEAD") == ["bot.py:3"]


def test_a_file_that_could_not_be_read_then_is_new_and_one_that_cannot_be_read_now_is_told() -> None:
    Path("bot.py").write_bytes(b"\xff\xfebad")
    write(LINES, "other.py")
    commit()
    write(LINES[:1])
    assert new("HEAD") == ["bot.py:2"]
    write("def (\n")
    result = run("--since", "HEAD")
    assert result.exit_code == 2
    assert "BYB001" in result.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="no such names there")
def test_strange_names_are_found() -> None:
    names = ["b\udcff.py", "R100", "a b.py", "q\"'.py", "l\nf.py"]
    for name in names:
        write(LINES, name)
    commit()
    git("mv", "R100", "R100.py")
    git("mv", "a b.py", "R099.py")
    for name in ("b\udcff.py", "R100.py", "R099.py", "q\"'.py", "l\nf.py"):
        write([*LINES, "y = bad\n"], name)
    assert len(new("HEAD")) == 5


# --- no answer --------------------------------------------------------------------------------------------------------


def test_a_revision_that_there_is_not() -> None:
    write(LINES)
    commit()
    assert refusal("--since", "gone") == "--since gone: there is no such revision"
    assert refusal("--since", "HEAD:bot.py") == "--since HEAD:bot.py: there is no such revision", "that is a file"
    assert refusal("--since", "HEAD~5").startswith("--since HEAD~5: there is no such revision")


@pytest.mark.parametrize("word", ["", "--output=x", "-", "a\nb"])
def test_what_is_no_revision_at_all(word: str) -> None:
    write(LINES)
    commit()
    assert refusal(f"--since={word}").endswith("this is no revision; name a commit, branch or tag such as main")
    assert sorted(os.listdir()) == [".git", "bot.py"]


def test_a_repository_without_a_commit() -> None:
    write(LINES)
    assert refusal("--since", "main").startswith("--since: this repository has no commit yet")


def test_branches_that_have_nothing_in_common() -> None:
    write(LINES)
    commit()
    git("switch", "-q", "--orphan", "other")
    write(LINES)
    commit("another beginning")
    assert refusal("--since", "main") == "--since main: it has no commit in common with what is checked out"


def test_a_shallow_clone_says_how_to_get_the_history(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(LINES)
    first = commit()
    write([*LINES, "y = bad\n"])
    commit()
    git("clone", "-q", "--depth", "1", f"file://{Path.cwd()}", "../shallow")
    monkeypatch.chdir("../shallow")
    said = "this clone is shallow, and its history ends before; fetch it first (git fetch --unshallow"
    assert said in refusal("--since", first)
    assert said in refusal("--since", "HEAD~1")
    assert new("HEAD") == [], "what can be had is had"
    git("fetch", "-q", "--unshallow")
    assert new(first) == ["bot.py:10"]


def test_two_ends_of_a_shallow_history_have_nothing_in_common(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(LINES)
    commit()
    git("switch", "-qc", "feature")
    write([*LINES, "y = bad\n"])
    commit()
    git("switch", "-q", "main")
    write(["z = bad\n", *LINES])
    commit()
    git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{Path.cwd()}", "../shallow")
    monkeypatch.chdir("../shallow")
    assert "no commit in common with what is checked out: this clone is shallow" in refusal("--since", "origin/feature")


def test_a_clone_without_its_blobs_asks_nobody_for_them(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(LINES)
    first = commit()
    write([*LINES, "y = bad\n"])
    commit()
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "-q", "--filter=blob:none", f"file://{Path.cwd()}", "../partial")
    monkeypatch.chdir("../partial")
    assert refusal("--since", first).startswith("--since: this clone has not all of its files' history; fetch it first")


def test_no_repository(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    shutil.rmtree("repository/.git")
    write(LINES)
    assert refusal("--since", "main", "bot.py") == (
        "--since: bot.py is in no git repository; leave --since out, or use a baseline"
    )


def test_no_git(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(LINES)
    commit()
    (here / "folder" / "git").mkdir(parents=True)
    (here / "plain").mkdir()
    (here / "plain" / "git").write_text("#!/bin/sh\ntouch started\n")
    Path("git").write_text("#!/bin/sh\ntouch started\n")
    Path("git").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "gone", str(here / "folder"), str(here / "plain")]))
    assert refusal("--since", "HEAD").startswith("--since needs git, which is not installed here")
    assert not Path("started").exists()


# --- a repository that is not to be trusted ---------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="the programs are scripts")
def test_nothing_that_stands_in_the_repository_is_run(here: Path) -> None:
    write(LINES)
    commit()
    trap = here / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {here}/sprung\ncat\n")
    trap.chmod(0o755)
    Path(".gitattributes").write_text("* filter=trap diff=trap\n")
    for key in (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "diff.external"),
        *("filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "diff.trap.textconv", "diff.trap.command"),
        *("credential.helper", "uploadpack.packObjectsHook", "alias.merge-base", "alias.diff-index"),
    ):
        git("config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    hooks = here / "hooks"
    hooks.mkdir()
    git("config", "core.hooksPath", str(hooks))
    for name in ("post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(trap, hooks / name)
    write([*LINES, "y = bad\n"])
    assert new("HEAD") == ["bot.py:10"]
    assert not (here / "sprung").exists()
    git("status")
    assert (here / "sprung").exists(), "the trap is none"


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_no_repository_is_heeded_that_hides_in_a_folder_of_another_name(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q", "--bare", "../bare")
    monkeypatch.chdir("../bare")
    write(LINES)
    assert "is in no git repository" in refusal("--since", "main", "bot.py")


def test_what_a_hook_is_told_of_its_repository_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    write(LINES)
    commit()
    write([*LINES, "y = bad\n"])
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert new("HEAD") == ["bot.py:10"]


# --- together with others ---------------------------------------------------------------------------------------------


def test_only_what_is_reported_is_fixed() -> None:
    write(LINES)
    commit()
    write([*LINES[:4], "y = bad\n", *LINES[4:]])
    assert run("--since", "HEAD", "--fix").exit_code == 0
    text = Path("bot.py").read_text()
    assert text.count("bad") == 8
    assert "y = jitter(0)" in text


def test_with_a_baseline_a_finding_has_to_pass_both() -> None:
    write(LINES[:2])
    commit()
    Path("pyproject.toml").write_text('[tool.bybit-lint]\nbaseline = "known.json"\n')
    assert CliRunner().invoke(main, ["baseline"]).exit_code == 0
    write([*LINES[:1], *LINES[:1], LINES[1]])
    assert new("HEAD") == ["bot.py:3"]
    git("mv", "bot.py", "grid.py")
    assert new("HEAD") == ["grid.py:3"]


# --- what is a new line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "abc", []),
        ("", "ab", [1, 2]),
        ("ab", "", []),
        ("abc", "axbc", [2]),
        ("abc", "ac", []),
        ("abc", "cab", [1]),
        ("aaaa", "aaaaa", [5]),
        ("abcabc", "abcxabc", [4]),
        ("abcd", "dcba", [1, 2, 3]),
        ("abcd", "axbyczd", [2, 4, 6]),
        ("aabbaabb", "aabbxaabb", [5]),
        ("aabbaab", "abxab", [3]),
    ],
)
def test_new_lines(before: str, after: str, expected: list[int]) -> None:
    assert list(new_lines(before, after)) == expected


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_without_the_new_lines_was_there_before_in_that_order(seed: int) -> None:
    chance = Random(seed)
    before = [chance.choice("abcdefgh") * chance.randint(1, 2) for _ in range(60)]
    after = [line for line in before if chance.random() < 0.8]
    for _ in range(8):
        after.insert(chance.randrange(len(after) + 1), chance.choice("xyz"))
    new = set(new_lines(before, after))
    rest = iter(before)
    assert all(line in rest for number, line in enumerate(after, start=1) if number not in new)
    assert {number for number, line in enumerate(after, start=1) if line in "xyz"} <= new
    assert len(new) < 40, "most of it is taken over"


def test_a_long_file_in_another_order_takes_no_long_time() -> None:
    before = [str(number) for number in range(20_000)]
    assert len(list(new_lines(before, before[::-1]))) == 19_999
    assert len(list(new_lines(["a", "b"] * 10_000, ["b", "a"] * 10_000))) <= 20_000
