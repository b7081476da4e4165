"""Which project a file belongs to, and which files are read with it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bybit_lint.inputs import config, files
from bybit_lint.inputs.roots import roots

TABLE = "[tool.bybit-lint]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with no config remembered."""
    config.forget()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("")


def git(folder: str, ignored: str = "") -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)
    Path(folder, ".gitignore").write_text(ignored)


def found(*names: str) -> list[str]:
    """`folder: named | others` of each project."""
    base = f"{Path.cwd()}/"
    paths, errors = files.find(names)
    assert not errors
    return [
        f"{(root.folder + '/').removeprefix(base) or './'}: {' '.join(shown(path) for path in sorted(root.named))}"
        f" | {' '.join(shown(path) for path in root.files if path not in root.named)}".rstrip()
        for root in roots(paths, names)
    ]


def shown(path: str) -> str:
    return Path(path).relative_to(Path.cwd()).as_posix()


pytestmark = pytest.mark.usefixtures("here")


def test_the_folder_of_the_config_is_the_project() -> None:
    git(".")
    make("bots/a/src/bot.py", "bots/a/client.py", "bots/b/bot.py", "bots/a/src/setup.py")
    Path("bots/a/pyproject.toml").write_text(TABLE)
    assert found("bots/a/src/bot.py") == [
        "bots/a/: bots/a/src/bot.py | bots/a/client.py bots/a/pyproject.toml bots/a/src/setup.py"
    ]


def test_without_a_config_the_repository_is_the_project() -> None:
    git("bot")
    make("bot/a/bot.py", "bot/a/pyproject.toml", "bot/client.py", "other.py", "pyproject.toml")
    assert found("bot/a/bot.py") == ["bot/: bot/a/bot.py | bot/a/pyproject.toml bot/client.py"]


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.py", "setup.cfg"])
def test_without_a_repository_the_distribution_is_the_project(marker: str) -> None:
    make(f"bot/{marker}", "bot/src/a/bot.py", "bot/src/client.py", "other.py")
    assert found("bot/src/a/bot.py")[0].startswith("bot/: bot/src/a/bot.py | ")
    assert "other.py" not in found("bot/src/a/bot.py")[0]


def test_without_any_sign_the_folder_that_was_named_is_the_project() -> None:
    make("bots/a/bot.py", "bots/client.py", "other.py")
    assert found("bots") == ["bots/: bots/a/bot.py bots/client.py |"]
    assert found("bots/a", "bots", "bots/a/bot.py") == ["bots/: bots/a/bot.py bots/client.py |"]


def test_a_file_alone_is_read_with_the_folder_of_its_package() -> None:
    make("bots/a/__init__.py", "bots/a/b/__init__.py", "bots/a/b/bot.py", "bots/client.py", "other.py")
    assert found("bots/a/b/bot.py") == [
        "bots/: bots/a/b/bot.py | bots/a/__init__.py bots/a/b/__init__.py bots/client.py"
    ]
    assert found("bots/client.py")[0].startswith("bots/: bots/client.py | bots/a/__init__.py")


def test_files_of_several_projects_are_read_apart_and_inner_projects_first() -> None:
    git(".")
    make("bot.py", "inner/bot.py", "inner/client.py")
    Path("inner/pyproject.toml").write_text(TABLE)
    assert found(".") == [
        "inner/: inner/bot.py inner/client.py inner/pyproject.toml |",
        "./: bot.py | inner/bot.py inner/client.py inner/pyproject.toml",
    ]


def test_what_git_ignores_does_not_belong_to_the_repository() -> None:
    git(".", "old/\n")
    make("bot.py", "old/bot.py", "old/client.py")
    assert found("bot.py") == ["./: bot.py |"]
    assert found("old/bot.py") == ["old/: old/bot.py | old/client.py"]
    assert found("old") == ["old/: old/bot.py old/client.py |"]


def test_a_file_that_no_walk_would_find_is_read_with_the_others_but_they_are_not_read_with_it() -> None:
    git(".")
    make("bot", "client.py", "other.py")
    assert found("client.py", "bot") == ["./: bot | client.py other.py", "./: client.py | other.py"]


def test_a_file_that_is_not_there_yet_belongs_where_it_will_be() -> None:
    git(".")
    make("client.py", "a/other.py")
    (root,) = roots([files.absolute("a/new.py")], ())
    assert root.folder == str(Path.cwd())


def test_a_broken_config_makes_no_project_and_is_no_error_here() -> None:
    git(".")
    make("a/bot.py", "client.py")
    Path("a/pyproject.toml").write_text("[tool.bybit-lint\n")
    assert found("a/bot.py") == ["./: a/bot.py | a/pyproject.toml client.py"]


def test_the_same_files_are_read_from_wherever_the_user_stands(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(".")
    make("a/bot.py", "client.py")
    monkeypatch.chdir(here / "a")
    (root,) = roots([str(here / "a/bot.py")], ["."])
    assert root.folder == str(here)
    assert root.files == [str(here / "a/bot.py"), str(here / "client.py")]
