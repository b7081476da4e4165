"""Finding files, reading them, and writing them whole or not at all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bybit_lint.inputs import files


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def found(*names: str) -> list[str]:
    paths, errors = files.find(names)
    assert not errors
    return [files.shown(path) for path in paths]


# --- finding ----------------------------------------------------------------------------------------------------------


def test_a_directory_stands_for_the_python_files_in_it(here: Path) -> None:
    make(here, "bot.py", "gui.pyw", "deep/er/bot.py", "notes.md", "bot.pyc", "bot.py.bak", "py")
    assert found(".") == ["bot.py", "deep/er/bot.py", "gui.pyw"]


def test_a_named_file_is_taken_whatever_it_is_called(here: Path) -> None:
    make(here, "bot", "venv/lib/bot.py")
    assert found("bot", "venv/lib/bot.py") == ["bot", "venv/lib/bot.py"]


@pytest.mark.parametrize(
    "folder",
    ["venv", ".venv", "node_modules", "__pycache__", "site-packages", ".tox", ".nox", ".mypy_cache", "build", "dist"],
)
def test_environments_caches_and_products_are_left_out_unless_they_are_named(here: Path, folder: str) -> None:
    make(here, f"{folder}/bot.py", f"src/{folder}/bot.py", "bot.py")
    assert found(".") == ["bot.py"]
    assert found(folder) == [f"{folder}/bot.py"]


def test_a_virtual_environment_is_known_by_its_config_whatever_it_is_called(here: Path) -> None:
    make(here, "env/pyvenv.cfg", "env/lib/bot.py", "gym/env/bot.py")
    assert found(".") == ["gym/env/bot.py"]
    assert found("env") == ["env/lib/bot.py"]


def test_the_answer_does_not_depend_on_order_or_spelling_and_every_file_is_found_once(here: Path) -> None:
    make(here, "a.py", "b/c.py", "b/d.py")
    names = [".", "b", "./a.py", "b/../a.py", str(here / "a.py"), "b/c.py"]
    assert found(*names) == found(*reversed(names)) == ["a.py", "b/c.py", "b/d.py"]


def test_a_file_outside_the_working_directory_is_shown_by_its_whole_path(here: Path) -> None:
    make(here.parent, "other/bot.py")
    assert found("../other") == [(here.parent / "other/bot.py").as_posix()]


def test_a_path_that_does_not_exist_is_an_error_that_names_it(here: Path) -> None:
    make(here, "bot.py")
    paths, errors = files.find(["gone.py", "bot.py", "gone"])
    assert [files.shown(path) for path in paths] == ["bot.py"]
    assert [files.shown(str(error.filename)) for error in errors] == ["gone", "gone.py"]


def test_a_directory_that_cannot_be_looked_into_is_an_error_and_the_rest_is_found(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(here, "closed/bot.py", "open/bot.py")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    paths, errors = files.find(["."])
    assert [files.shown(path) for path in paths] == ["open/bot.py"]
    assert [(files.shown(str(error.filename)), error.strerror) for error in errors] == [("closed", "Permission denied")]


# --- links ------------------------------------------------------------------------------------------------------------


def test_linked_directories_are_not_followed_so_that_no_loop_can_be(here: Path) -> None:
    make(here, "src/bot.py")
    make(here.parent, "other/bot.py")
    (here / "src/loop").symlink_to(here)
    (here / "src/out").symlink_to(here.parent / "other")
    assert found(".") == ["src/bot.py"]


def test_a_linked_directory_that_is_named_is_walked_under_its_real_name(here: Path) -> None:
    make(here, "src/bot.py")
    (here / "link").symlink_to("src")
    assert found("link") == found("link", "src") == ["src/bot.py"]


def test_a_link_to_a_file_is_left_to_the_file_if_that_is_there_too(here: Path) -> None:
    make(here, "z.py")
    make(here.parent, "other/bot.py")
    (here / "a.py").symlink_to("z.py")
    (here / "out.py").symlink_to(here.parent / "other/bot.py")
    assert found(".") == ["out.py", "z.py"]
    assert found("a.py") == ["a.py"]


def test_a_link_to_nothing_is_passed_over_in_a_directory(here: Path) -> None:
    make(here, "bot.py")
    (here / ".#lock.py").symlink_to("nobody@nowhere")
    assert found(".") == ["bot.py"]


# --- git --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(here: Path) -> Path:
    git(here, "init", "-q")
    make(here, "bot.py", "src/bot.py", "src/made.py", "out/bot.py", "ü out/bot.py")
    (here / ".gitignore").write_text("out/\nmade.py\nü out\n")
    return here


def test_what_git_ignores_is_left_out(repository: Path) -> None:
    assert found(".") == ["bot.py", "src/bot.py"]
    assert found("src") == ["src/bot.py"]


def test_an_ignored_file_that_git_tracks_is_found(repository: Path) -> None:
    git(repository, "add", "-f", "src/made.py")
    assert found(".") == ["bot.py", "src/bot.py", "src/made.py"]


def test_what_is_ignored_is_found_where_it_is_named(repository: Path) -> None:
    assert found("out") == ["out/bot.py"]
    assert found("src/made.py") == ["src/made.py"]


def test_a_tracked_file_that_was_deleted_is_not_missed(repository: Path) -> None:
    git(repository, "add", "bot.py")
    (repository / "bot.py").unlink()
    assert found(".") == ["src/bot.py"]


def test_a_repository_inside_has_its_own_ignored_files(repository: Path) -> None:
    make(repository, "inner/bot.py", "inner/made.py", "inner/own.py")
    git(repository / "inner", "init", "-q")
    (repository / "inner/.gitignore").write_text("own.py\n")
    assert found(".") == ["bot.py", "inner/bot.py", "inner/made.py", "src/bot.py"]
    assert found("inner") == ["inner/bot.py", "inner/made.py"]


def test_the_environment_of_a_git_hook_does_not_mislead(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(repository.parent / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", "/dev/null")
    assert found(".") == ["bot.py", "src/bot.py"]


def test_git_is_not_needed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert found(".") == ["bot.py", "src/bot.py"]


def test_without_a_repository_nothing_is_ignored(here: Path) -> None:
    make(here, "bot.py", "made.py")
    Path(".gitignore").write_text("made.py\n")
    assert found(".") == ["bot.py", "made.py"]
