"""What git ignores is left out just as git says it, and git is never run for it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bybit_lint.inputs import files

NAMES = ["a", "b", "ab", "abc", "a-b", "A", "[a]", "a b", "a ", "ü", "a\\b", "!a", "#a", "a*", "x.y"]
FOLDERS = ["", "a/", "b/", "a/b/", "a/b/c/", "ab/a/", "b/a/b/", "ü/", "c d/"]
PIECES = [
    "a",
    "b",
    "c",
    "x",
    "*",
    "**",
    "?",
    "/",
    "/",
    "**/",
    "/**",
    ".py",
    ".py",
    "\\",
    "!",
    "#",
    " ",
    "-",
    "\r",
    "\\ ",
]
PIECES += ["[", "]", "ü", "[ab]", "[!a]", "[^b-c]", "[a-]", "[]a]", "[a\\-c]", "[[:alpha:]]"]
PIECES += ["[[:upper:][:space:]b]", "[[:no:]]"]


def git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def home() -> Iterator[None]:
    """No rules of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", "/nowhere")
        patch.setenv("XDG_CONFIG_HOME", "/nowhere")
        yield


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, home: None) -> Path:
    """Files of all sorts of names in all sorts of folders, of which some are tracked."""
    top = tmp_path_factory.mktemp("repository")
    git(top, "init", "-q")
    git(top, "config", "core.ignorecase", "false")
    for folder in FOLDERS:
        (top / folder).mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (top / f"{folder}{name}.py").touch()
    git(top, "add", "b/a/b/a.py", "ab/a/ü.py", "a b.py")
    return top


def shown_by_git(top: Path) -> list[str]:
    listed = git(top, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split(b"\0")
    return sorted({os.fsdecode(os.path.join(os.fsencode(top), name)) for name in listed if name.endswith(b".py")})


lines = st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join), max_size=4)


def is_documented(line: str) -> bool:
    """False where git does not do what its pages say.

    In `a**/b` these should be mere stars, but the first of them crosses folders; and behind them a slash that has a
    backslash before it is not quite a slash.
    """
    bare = line.removeprefix("!").removeprefix("/")
    start = next((place for place, letter in enumerate(bare) if letter in "*?[\\"), 0)
    return "\\/" not in line and not (
        start and bare[start:].startswith("**") and "/" in bare and bare[start - 1] != "/"
    )


@settings(max_examples=100)
@given(top=lines, inner=lines, deeper=lines, own=lines)
def test_the_same_is_left_out_as_by_git(
    repository: Path, top: list[str], inner: list[str], deeper: list[str], own: list[str]
) -> None:
    rules = {".gitignore": top, "a/.gitignore": inner, "a/b/.gitignore": deeper, ".git/info/exclude": own}
    for name, said in rules.items():
        text = "\n".join(filter(is_documented, said))
        (repository / name).write_bytes(text.encode())
    assert files.find([str(repository)]) == (shown_by_git(repository), [])


# --- what is tracked --------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: None) -> Path:
    """A repository in which all files are ignored."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    make(tmp_path, "made.py", "sub/made.py", "sub/dir/made.py", "sub.py", "other/made.py")
    (tmp_path / ".gitignore").write_text("*.py\nsub\nother\n")
    return tmp_path


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")


def found(*names: str) -> list[str]:
    paths, errors = files.find(names)
    assert not errors
    return [files.shown(path) for path in paths]


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("tracked", [["sub/dir/made.py"], ["made.py", "sub/made.py", "sub.py"]])
def test_what_is_tracked_is_found_in_each_form_of_the_index(here: Path, version: str, tracked: list[str]) -> None:
    git(here, "add", "-f", *tracked)
    git(here, "update-index", "--index-version", version)
    assert found(".") == sorted(tracked)


def test_what_is_only_meant_to_be_added_is_tracked_too(here: Path) -> None:
    git(here, "add", "-f", "-N", "sub/made.py", "sub/dir/made.py")  # these entries have more flags than others
    assert (here / ".git/index").read_bytes()[4:8] == b"\0\0\0\3"
    assert found(".") == ["sub/dir/made.py", "sub/made.py"]


def test_a_folder_that_is_ignored_but_for_what_is_tracked_may_be_named(here: Path) -> None:
    git(here, "add", "-f", "sub/made.py")
    assert found("sub") == ["sub/made.py"]
    assert found("other") == ["other/made.py"], "nothing there is tracked: its user wants to see it all"


@pytest.mark.parametrize("size", [0, 4, 12, 40, 71, 75, 100, -10, -30])
def test_an_index_that_was_cut_off_is_read_as_far_as_it_goes(here: Path, size: int) -> None:
    git(here, "add", "-f", "made.py", "sub.py")
    index = here / ".git/index"
    index.write_bytes(index.read_bytes()[:size])
    assert set(found(".")) <= {"made.py", "sub.py"}


def test_an_index_of_any_content_does_no_harm(here: Path) -> None:
    for version in (2, 3, 4):
        (here / ".git/index").write_bytes(b"DIRC" + bytes([0, 0, 0, version]) + b"\xff" * 100_000)
        assert found(".") == []


# --- where the rules stand --------------------------------------------------------------------------------------------


def test_a_worktree_has_the_rules_and_the_index_of_its_own_and_of_its_clone(here: Path) -> None:
    git(here, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "first")
    git(here, "worktree", "add", "-q", "--detach", "tree")
    (here / ".git/info/exclude").write_text("own.py\n")
    make(here, "tree/own.py", "tree/bot.py", "tree/dir/own.py")
    git(here / "tree", "add", "-f", "dir/own.py")
    assert found("tree") == ["tree/bot.py", "tree/dir/own.py"]


@pytest.mark.parametrize(
    ("config", "rules"),
    [
        ("", ".config/git/ignore"),
        ("[core]\n\texcludesfile = ~/mine\n", "mine"),
        ('[user]\n\tname = a\n[Core]\n  ExcludesFile="~/my rules"\n', "my rules"),
    ],
)
def test_what_its_user_wants_ignored_everywhere_is_ignored_as_by_git(
    here: Path, monkeypatch: pytest.MonkeyPatch, config: str, rules: str
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(here / "home"))
    (here / ".gitignore").write_text("home\n!made.py\n")
    make(here, "home/.gitconfig", f"home/{rules}")
    (here / "home/.gitconfig").write_text(config)
    (here / "home" / rules).write_text("made.py\nsub\n")
    assert found(".") == ["made.py", "other/made.py", "sub.py"]
    assert [os.path.join(here, name) for name in found(".")] == shown_by_git(here)


def test_git_follows_no_link_called_gitignore_and_neither_do_we(here: Path) -> None:
    (here / ".gitignore").rename(here / "rules")
    (here / ".gitignore").symlink_to("rules")
    assert len(found(".")) == len(shown_by_git(here)) == 5


# --- nothing hangs, nothing runs --------------------------------------------------------------------------------------


def test_no_pattern_takes_long(here: Path) -> None:
    stars, path = "*a" * 60 + "*q", "/".join(["a" * 60] * 20)
    (here / ".gitignore").write_text("\n".join([stars, f"/{stars}", "**/a*/" * 40 + "q", "*" * 100_000 + "q"]))
    make(here, f"{path}/{'a' * 200}.py")
    assert len(found(".")) == 6  # or it is still busy when the sun has burnt out
