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


# --- nothing of it stops the rest -------------------------------------------------------------------------------------


ENCODINGS = [
    "rot13",
    "hex",
    "base64",
    "zlib",
    "undefined",
    "punycode",
    "unicode_escape",
    "utf_7",
    "utf-16",
    "nope",
    "mbcs",
]


def left(kind: str) -> list[str]:
    """The lines of a check that are about the bot, and those that are not."""
    code, out, err = lint()
    assert code == 2
    assert "Traceback" not in err
    assert [line for line in out.splitlines() if line.startswith("bot.py")], f"{kind}: the rest was not told of"
    return [line for line in out.splitlines() if not line.startswith("bot.py")]


def test_encodings_in_which_no_code_is_written_are_named(here: Path) -> None:
    for name in ENCODINGS:
        (here / f"in_{name}.py").write_text(f"# coding: {name}\nimport pybit\n")
    (here / "wide.py").write_bytes("import pybit\n".encode("utf-16"))
    told = left("encodings")
    assert len(told) == len(ENCODINGS) + 1
    assert all(" BYB001 this file was not checked: " in line for line in told)


def test_links_in_a_circle_and_pipes_are_named_and_never_read(here: Path) -> None:
    (here / "loop.py").symlink_to("loop.py")
    (here / "requirements.txt").symlink_to("requirements.txt")
    os.mkfifo("walked.py")
    assert [line.partition(":")[0] for line in left("links")] == ["loop.py", "requirements.txt"]
    os.mkfifo(here.parent / "other")
    os.symlink(here.parent / "other", "link.py")
    code, out, _ = lint("bot.py", "walked.py", "link.py", "/dev/zero")
    assert code == 2
    assert out.count("BYB001") == 3
    assert out.count("not checked: a pipe, not a file") == 2
    assert out.count("not checked: a device, not a file") == 1


def test_pipes_where_a_config_or_rules_are_looked_for_are_never_waited_for(here: Path) -> None:
    os.mkdir(".git")
    os.mkfifo(".gitignore")
    os.mkfifo("pyproject.toml")
    os.mkfifo("setup.cfg")
    assert [line.partition(": ")[2] for line in left("pipes")] == [
        "BYB001 this file was not checked: a pipe, not a file"
    ]
    code, _, err = lint("--config", "pyproject.toml")
    assert (code, "a pipe, not a file" in err) == (2, True)


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="there are no such links")
def test_links_to_open_files_are_read_only_if_these_are_files(here: Path) -> None:
    os.symlink("/proc/self/fd/0", "stdin.py")
    os.symlink("/proc/self/fd/1", "requirements.txt")
    code, out, err = lint("bot.py", "stdin.py", "requirements.txt", stdin=MISTAKE.encode())
    assert (code, err, out.count("not checked: a pipe, not a file"), out.count("BYB105")) == (2, "", 2, 1)


STRANGE = {
    "null.py": b"# bybit\0\nx = 1\n",
    "surrogate.py": b"x = 'bybit \xed\xa0\x80'\n",
    "null/requirements.txt": b"pybit==5.0\0\n",
}
ODD = {
    "feed.py": MISTAKE.replace("\n\n", "\n\f\n").encode(),
    "escaped.py": (MISTAKE + "x = '\\ud800 \\0'\n").encode(),
    "returns.py": MISTAKE.replace("\n", "\r").encode(),
    "feed/requirements.txt": b"\f\r\x0b\r# \x85\r",
    "feed/setup.cfg": b"\r[options]\r\finstall_requires =\r\f",
}


def test_null_bytes_and_lone_surrogates_are_named_and_odd_line_ends_are_none(here: Path) -> None:
    for name, data in {**STRANGE, **ODD}.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_bytes(data)
    named = [line.partition(":")[0] for line in left("strange") if "BYB001" in line]
    assert named == sorted(STRANGE)
    told = [line.partition(": ")[0] for line in lint()[1].splitlines() if "BYB105" in line]
    assert told == [f"{name}:3:24" for name in ("bot.py", "escaped.py", "feed.py", "returns.py")]


DEEP = {
    "lists.toml": "[tool.bybit-lint]\nselect = " + "[" * 50_000 + "]" * 50_000,
    "tables.toml": "[tool.bybit-lint]\nselect = " + "{a = " * 50_000 + "}" * 50_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_a_config_that_is_nested_too_deeply_is_refused_in_a_line(name: str, here: Path) -> None:
    (here / name).write_text(DEEP[name])
    assert lint("--config", name) == (2, "", f"Error: {name}: not valid TOML: nested too deeply\n")
    (here / "pyproject.toml").write_text(DEEP[name])
    assert lint("--isolated")[0] == 1


def test_a_file_that_is_too_large_for_a_program_is_named_unless_it_is_data_that_a_walk_comes_upon(here: Path) -> None:
    for name, beginning in (("large.py", b"import pybit\n"), ("poetry.lock", b""), ("data.py", b"x = [")):
        with (here / name).open("wb") as file:
            file.write(beginning)
            file.truncate(4_000_000_000)
    told = left("large")
    assert [line.partition(":")[0] for line in told] == ["large.py", "poetry.lock"]
    assert {line.partition("checked: ")[2] for line in told} == {"larger than 10 MB"}
    code, out, _ = lint("data.py", "bot.py")
    assert code == 2
    assert "data.py:1:1: BYB001 this file was not checked: larger than 10 MB" in out


def test_folders_may_be_nested_as_deep_as_they_like(here: Path) -> None:
    try:
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("bot.py").write_text(MISTAKE)
        os.chdir(here)
        code, out, err = lint()
    finally:
        subprocess.run(["rm", "-rf", str(here / "d")], check=True)  # pytest cannot take it away
    assert (code, err) == (1, "")
    assert out.count("BYB105") == 2


def test_a_folder_that_no_path_is_long_enough_for_is_named(here: Path) -> None:
    try:
        for _ in range(30):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("bot.py").write_text(MISTAKE)
        os.chdir(here)
        told = left("long")
    finally:
        subprocess.run(["rm", "-rf", str(here / ("d" * 200))], check=True)  # pytest cannot take it away
    assert len(told) == 1
    assert told[0].endswith(":1:1: BYB001 this file was not checked: File name too long")


def test_a_deleted_working_directory_is_told_and_what_has_a_whole_path_is_checked(here: Path) -> None:
    script = f"mkdir gone; cd gone; rmdir ../gone; exec {sys.executable} -m bybit_lint --format concise -q "
    for names, expected in (("", ".:1:1: BYB001"), (f"{here}/bot.py", "BYB105")):
        ran = subprocess.run(
            ["sh", "-c", script + names],
            capture_output=True,
            timeout=LIMIT,
            check=False,
            env={**os.environ, "PYTHONPATH": str(HOME)},
        )
        assert expected in ran.stdout.decode()
        assert b"Traceback" not in ran.stderr


def test_a_line_of_blanks_takes_no_time(here: Path) -> None:
    (here / "requirements.txt").write_text("a" + " " * 200_000 + "b\n" + "a[" * 100_000 + "\n")
    (here / "text.py").write_text('"""bybit\n' + "from a import (\n" * 12_000 + '"""\n')
    assert lint()[0] == 1
