"""A folder that somebody else made is checked without running any of it, and without waiting for any of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import bybit_lint

HOME = Path(bybit_lint.__file__).parent.parent
SCRIPT = Path(sys.executable).parent / "bybit-lint"
MISTAKE = "from pybit.unified_trading import HTTP\n\nsession = HTTP(testnet='False')\n"
LIMIT = 60  # seconds: what ends at all, ends in a few


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a bot in which something is found."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "bot.py").write_text(MISTAKE)
    return folder


def lint(*arguments: str, cwd: Path | str = ".", stdin: bytes = b"", how: Sequence[str] = ()) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a check with the mere findings."""
    command = how or (sys.executable, "-m", "bybit_lint")
    environment = {**os.environ, "PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [*command, "--format", "concise", "-q", *arguments],
        cwd=cwd,
        input=stdin,
        env=environment,
        capture_output=True,
        timeout=LIMIT,
        check=False,
    )
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()


def found(*arguments: str, **options: object) -> list[str]:
    """`file code` of each finding, in order."""
    _, out, err = lint(*arguments, **options)  # type: ignore[arg-type]
    assert not err
    return [f"{line.partition(':')[0]} {line.split(' ')[1].rstrip(':')}" for line in out.splitlines()]


# --- nothing of it is run ---------------------------------------------------------------------------------------------


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def trap(config: Path, ran: Path) -> None:
    """Make git start a program as soon as it asks this repository what is new."""
    with config.open("a") as file:
        file.write(
            f'[core]\n\tfsmonitor = "touch {ran}; false"\n\thooksPath = .\n[alias]\n\tls-files = "!touch {ran}"\n'
        )


def own_repository(folder: Path, ran: Path) -> None:
    git("init", "-q", str(folder))
    trap(folder / ".git/config", ran)


def carried_as_files(folder: Path, ran: Path) -> None:
    """A bare repository in a repository, as plain files that a clone brings along."""
    git("init", "-q", str(folder))
    git("init", "-q", "--bare", str(folder / "bot"))
    trap(folder / "bot/config", ran)
    (folder / "bot/config").write_text((folder / "bot/config").read_text().replace("bare = true", "worktree = ."))
    (folder / "bot/bot.py").write_text(MISTAKE)


def nested_repository(folder: Path, ran: Path) -> None:
    git("init", "-q", str(folder))
    (folder / "bot").mkdir()
    own_repository(folder / "bot", ran)
    (folder / "bot/bot.py").write_text(MISTAKE)


def named_elsewhere(folder: Path, ran: Path) -> None:
    """A `.git` that is a file and names the repository."""
    carried_as_files(folder, ran)
    (folder / ".git").rename(folder / "own")
    (folder / ".git").write_text("gitdir: bot\n")


@pytest.mark.parametrize("make", [own_repository, carried_as_files, nested_repository, named_elsewhere])
@pytest.mark.parametrize("way", ["named", "inside", "file", "stdin"])
def test_no_repository_decides_what_is_run(here: Path, make: object, way: str) -> None:
    ran = here.parent / "ran"
    make(here, ran)  # type: ignore[operator]
    folder = here / "bot" if (here / "bot").is_dir() else here
    ran.unlink(missing_ok=True)
    if way == "named":
        assert "BYB105" in lint(str(folder))[1]
    elif way == "inside":
        assert "BYB105" in lint(cwd=folder)[1]
    elif way == "file":
        assert "BYB105" in lint("bot.py", cwd=folder)[1]
    else:
        assert "BYB105" in lint("-", "--stdin-filename", "new.py", cwd=folder, stdin=MISTAKE.encode())[1]
    assert not ran.exists()


MODULES = ("ast", "click", "decimal", "difflib", "fnmatch", "json", "libcst", "tokenize", "tomllib", "hmac")


@pytest.mark.parametrize("how", [(sys.executable, "-m", "bybit_lint"), (str(SCRIPT),)], ids=["module", "script"])
def test_no_module_of_the_working_directory_is_imported(here: Path, how: Sequence[str]) -> None:
    for name in MODULES:
        (here / name).mkdir()
        (here / name / "__init__.py").write_text(f"open({str(here.parent / 'ran')!r}, 'a').write({name!r})\n")
    _, out, err = lint("--diff", "--unsafe-fixes", how=how)
    assert "+session = HTTP(testnet=True)" in out, err
    assert not (here.parent / "ran").exists()
