"""Writing a file whole or not at all, where it may be written, and leaving nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bybit_lint.commands import writing


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


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_with_its_mode(here: Path) -> None:
    make(here, "bot.py")
    Path("bot.py").chmod(0o754)
    writing.replace("bot.py", b"# bot.py\n", b"new\r\n")
    assert Path("bot.py").read_bytes() == b"new\r\n"
    assert stat.S_IMODE(Path("bot.py").stat().st_mode) == 0o754
    assert leftovers(here) == ["bot.py"]


def test_a_new_file_has_the_mode_of_any_new_file(here: Path) -> None:
    Path("other").touch()
    writing.write("new", b"text")
    assert Path("new").read_bytes() == b"text"
    assert Path("new").stat().st_mode == Path("other").stat().st_mode


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_write_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(
    here: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    make(here, "bot.py")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        writing.write("bot.py", b"new")
    assert Path("bot.py").read_text() == "# bot.py\n"
    assert leftovers(here) == ["bot.py"]


def test_the_file_is_whole_at_every_moment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, "bot.py")
    real: Callable[[str, str], None] = os.replace

    def replace(draft: str, path: str) -> None:
        assert Path(draft).read_bytes() == b"new"
        assert Path(path).read_text() == "# bot.py\n"
        real(draft, path)

    monkeypatch.setattr(os, "replace", replace)
    writing.write("bot.py", b"new")
    assert Path("bot.py").read_bytes() == b"new"


def test_a_link_is_not_replaced(here: Path) -> None:
    make(here, "real.py")
    Path("bot.py").symlink_to("real.py")
    with pytest.raises(OSError, match=r"a link to .*real\.py"):
        writing.replace("bot.py", b"# real.py\n", b"new")
    assert Path("bot.py").is_symlink()
    assert Path("real.py").read_text() == "# real.py\n"


@pytest.mark.parametrize("change", [lambda path: path.write_text("mine"), lambda path: path.unlink()])
def test_a_file_that_changed_or_vanished_meanwhile_is_not_replaced(
    here: Path, change: Callable[[Path], object]
) -> None:
    make(here, "bot.py")
    change(Path("bot.py"))
    before = leftovers(here)
    with pytest.raises(OSError, match=r"changed while|No such file"):
        writing.replace("bot.py", b"# bot.py\n", b"new")
    assert leftovers(here) == before


def test_a_pipe_is_written_to_and_stays_a_pipe(here: Path) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    writing.write("pipe", b"text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)


# --- drafts of runs that were killed ----------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from bybit_lint.commands import writing
from bybit_lint.cli import main
number = int(sys.argv[1])
# whoever runs the tests may have them ignore what ends a program, as nohup does, and a child inherits that
if number != signal.SIGKILL:
    signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
writing.os.fsync = lambda _: os.kill(os.getpid(), number)
sys.argv[1:] = ["check", "bot.py", "--fix", "--isolated"]
main()
"""
BOT = 'from pybit.unified_trading import HTTP\nsession = HTTP(testnet="False")\n'


def killed_while_writing(number: int) -> int:
    Path("bot.py").write_text(BOT)
    run = subprocess.run([sys.executable, "-c", KILLED, str(number)], capture_output=True, check=False, timeout=120)
    assert Path("bot.py").read_text() == BOT
    return run.returncode


@pytest.mark.skipif(os.name != "posix", reason="signals are another thing there")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_run_that_is_told_to_end_leaves_no_draft(here: Path, name: str) -> None:
    number = getattr(signal, name)
    assert killed_while_writing(number) == 128 + number
    assert leftovers(here) == ["bot.py"]


@pytest.mark.skipif(os.name != "posix", reason="no such signal there")
def test_the_draft_of_a_killed_run_is_in_nobodys_way_and_is_removed_when_it_is_old(here: Path) -> None:
    assert killed_while_writing(signal.SIGKILL) == -signal.SIGKILL
    (draft,) = here.glob(".bybit-lint-*.tmp")
    assert writing.OURS.fullmatch(draft.name)
    writing.write("bot.py", b"new")
    assert draft.exists(), "another run may be writing it at this moment"
    os.utime(draft, (0, 0))
    writing.write("bot.py", b"newer")
    assert leftovers(here) == ["bot.py"]


def test_nothing_but_an_old_draft_of_ours_is_removed(here: Path) -> None:
    old = [".bybit-lint-4711.tmp", f".bybit-lint-{'0af9' * 4}.tmp"]
    others = [".bybit-lint-notes.tmp", ".bybit-lint-.tmp", "bybit-lint-4711.tmp", ".bybit-lint-4711.tmp.bak"]
    make(here, *old, *others)
    (here / ".bybit-lint-1.tmp").mkdir()
    (here / ".bybit-lint-2.tmp").symlink_to("elsewhere")
    for path in here.iterdir():
        os.utime(path, (0, 0), follow_symlinks=False)
    writing.write("new", b"")
    assert leftovers(here) == sorted([*others, ".bybit-lint-1.tmp", ".bybit-lint-2.tmp", "new"])


def test_a_draft_of_another_user_is_left(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, ".bybit-lint-4711.tmp")
    os.utime(".bybit-lint-4711.tmp", (0, 0))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    writing.write("new", b"")
    assert leftovers(here) == [".bybit-lint-4711.tmp", "new"]


# --- what may not be written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("closed", "word"), [("bot.py", "the file"), (".", "its directory")])
def test_what_is_read_only_is_left_alone_by_the_superuser_too(here: Path, closed: str, word: str) -> None:
    make(here, "bot.py")
    Path(closed).chmod(0o555)
    try:
        with pytest.raises(PermissionError, match=f"{word} is read-only"):
            writing.replace("bot.py", b"# bot.py\n", b"new")
        assert leftovers(here) == ["bot.py"]
    finally:
        Path(closed).chmod(0o755)


def test_a_directory_is_not_written(here: Path) -> None:
    make(here, "folder/bot.py")
    with pytest.raises(IsADirectoryError):
        writing.write("folder", b"new")
