"""The files of a run, code and manifests: finding them, reading them, and putting new text in their place at once."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator

from bybit_lint.filenames import manifest

SUFFIXES = (".py", ".pyw")
CACHES = {".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".pytype", ".ruff_cache", "__pycache__"}
ENVIRONMENTS = {".direnv", ".nox", ".tox", ".venv", "__pypackages__", "node_modules", "site-packages", "venv"}
SKIPPED = {".git", ".hg", ".svn", ".eggs", "build", "dist", *CACHES, *ENVIRONMENTS}


def find(names: Iterable[str]) -> tuple[list[str], list[OSError]]:
    """The files that `names` stand for, sorted, each once, and what could not be looked into.

    A file is taken whatever it is called. A directory is walked: git's ignored files, environments, caches and linked
    directories in it are left out, but never the directory that was named.
    """
    found: set[str] = set()
    errors: list[OSError] = []
    for name in names:
        path = absolute(name)
        if os.path.isdir(path):
            found.update(_walk(os.path.realpath(path), errors))
        elif os.path.lexists(path):
            found.add(path)
        else:
            errors.append(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path))
    return sorted(_without_twins(found)), sorted(errors, key=lambda error: str(error.filename))


def shown(path: str) -> str:
    """How the user is told of a file: relative to the working directory where it lies in it, with forward slashes."""
    base = os.path.join(os.getcwd(), "")
    return path.removeprefix(base).replace(os.sep, "/")


def absolute(name: str) -> str:
    """The absolute path of a file, seen through every link but itself."""
    folder, last = os.path.split(os.path.abspath(name))
    return os.path.join(os.path.realpath(folder), last)


def _without_twins(paths: Iterable[str]) -> Iterator[str]:
    """Each file once, under its own name rather than that of a link to it."""
    seen = set()
    for is_link, path in sorted((os.path.islink(path), path) for path in paths):
        target = os.path.realpath(path) if is_link else path
        if target not in seen:
            seen.add(target)
            yield path


def _walk(top: str, errors: list[OSError]) -> Iterator[str]:
    folders = [(top, _ignored(top) if _has_repository_above(top) else frozenset())]
    while folders:
        folder, ignored = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            errors.append(error)
            continue
        if any(entry.name == ".git" for entry in entries):
            ignored |= _ignored(folder)
        for entry in entries:
            if entry.path in ignored:
                continue
            if entry.is_dir(follow_symlinks=False):
                if not _is_skipped(entry):
                    folders.append((entry.path, ignored))
            elif (entry.name.endswith(SUFFIXES) or manifest(entry.path)) and entry.is_file():
                yield entry.path


def _is_skipped(folder: os.DirEntry[str]) -> bool:
    return folder.name in SKIPPED or os.path.exists(os.path.join(folder.path, "pyvenv.cfg"))


def _has_repository_above(folder: str) -> bool:
    parent = os.path.dirname(folder)
    return parent != folder and (os.path.exists(os.path.join(parent, ".git")) or _has_repository_above(parent))


def _ignored(folder: str) -> frozenset[str]:
    """The files and directories under `folder` that git ignores; none where there is no git to ask."""
    import subprocess

    command = ["git", "-C", folder, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"]
    # inside a git hook these variables point git at the repository of the hook, whatever folder it is asked about
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        answer = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    entries = (os.fsdecode(entry) for entry in answer.split(b"\0"))
    return frozenset(os.path.normpath(os.path.join(folder, entry)) for entry in entries if entry not in ("", "./"))


def read(path: str) -> bytes:
    """The bytes of a file. Raises OSError, which names the file."""
    with open(path, "rb") as file:
        return file.read()


def replace(path: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old`. Raises OSError if the file is a link, or is not what was read any more."""
    if os.path.islink(path):
        raise OSError(errno.ELOOP, f"a link to {os.path.realpath(path)}: name that file to have it fixed", path)
    if read(path) != old:
        raise OSError(errno.EBUSY, "changed while it was being fixed: left as it is, run again", path)
    write(path, new)


def write(path: str, data: bytes) -> None:
    """Write a file at once or not at all, keeping the owner and mode of the one it replaces. Raises OSError."""
    if os.path.islink(path) or (os.path.exists(path) and not os.path.isfile(path)):
        with open(path, "wb") as device:  # /dev/stdout, a pipe: there is no file to put in its place
            device.write(data)
        return
    draft = os.path.join(os.path.dirname(path), f".bybit-lint-{os.getpid()}.tmp")
    try:
        with open(draft, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            _keep_owner_and_mode(path, draft)
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.unlink(draft)
        raise


def _keep_owner_and_mode(path: str, draft: str) -> None:
    status = os.stat(path)
    if os.name == "posix" and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        os.chown(draft, status.st_uid, status.st_gid)
    os.chmod(draft, status.st_mode)
