"""The files of a run, code and manifests: finding them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from bybit_lint.inputs.filenames import NOTEBOOK, manifest
from bybit_lint.inputs.gitignore import Ignores
from bybit_lint.tuples import NamedTuple

FILE, FOLDER = "file", "folder"
SUFFIXES = (".py", ".pyw", NOTEBOOK)
CACHES = {".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".pytype", ".ruff_cache", "__pycache__"}
ENVIRONMENTS = {".direnv", ".nox", ".tox", ".venv", "__pypackages__", "node_modules", "site-packages", "venv"}
SKIPPED = {".git", ".hg", ".svn", ".eggs", "build", "dist", *CACHES, *ENVIRONMENTS}


class Walk(NamedTuple):
    """The files that a walk over a directory came upon, each with whether it is a link; what could not be opened."""

    files: Mapping[str, bool]
    errors: Sequence[OSError]


def walk(top: str) -> Walk:
    """Git's ignored files, environments, caches and linked directories are left out, but never `top` itself."""
    errors: list[OSError] = []
    return Walk(dict(_walk(top, errors)), errors)


def find(names: Iterable[str], walk: Callable[[str], Walk] = walk) -> tuple[list[str], list[OSError]]:
    """The files that `names` stand for, sorted, each once, and what could not be looked into.

    A file is taken whatever it is called. A directory is walked, see `walk`.
    """
    found: dict[str, bool] = {}
    errors: list[OSError] = []
    for name in names:
        try:
            path = absolute(name)
        except FileNotFoundError:  # the working directory was deleted
            path = name if os.path.isabs(name) else ""
        if os.path.isdir(path):
            walked = walk(os.path.realpath(path))
            found.update(walked.files)
            errors += walked.errors
        elif os.path.lexists(path):
            found[path] = os.path.islink(path)
        else:
            errors.append(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path or name))
    return sorted(_without_twins(found)), sorted(errors, key=lambda error: str(error.filename))


def shown(path: str) -> str:
    """How the user is told of a file: relative to the working directory where it lies in it, with forward slashes."""
    try:
        base = os.path.join(os.getcwd(), "")
    except FileNotFoundError:  # it was deleted
        base = ""
    return path.removeprefix(base).replace(os.sep, "/")


def absolute(name: str) -> str:
    """The absolute path of a file, seen through every link but itself."""
    folder, last = os.path.split(os.path.abspath(name))
    return os.path.join(os.path.realpath(folder), last)


def _without_twins(found: Mapping[str, bool]) -> Iterator[str]:
    """Each file once, under its own name rather than that of a link to it."""
    seen = set()
    for path, is_link in sorted(found.items(), key=itemgetter(1, 0)):
        target = os.path.realpath(path) if is_link else path
        if target not in seen:
            seen.add(target)
            yield path


def upwards(folder: str) -> Iterator[str]:
    """A folder and those above it, the nearest first."""
    above = ""
    while folder != above:
        yield folder
        folder, above = os.path.dirname(folder), folder


def _walk(top: str, errors: list[OSError]) -> Iterator[tuple[str, bool]]:
    folders = [(top, _ignores(top, errors))]
    while folders:
        folder, ignores = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            errors.append(error)
            continue
        if folder != top and any(entry.name == ".git" for entry in entries):
            ignores = Ignores.at(folder, errors)
        for entry in entries:
            try:
                kind = _kind(entry)
            except OSError as error:  # a link in a circle
                errors.append(error)
                continue
            if kind and not (ignores and ignores.hides(entry.path, kind == FOLDER)):
                if kind == FILE:
                    yield entry.path, entry.is_symlink()
                else:
                    folders.append((entry.path, ignores and ignores.inside(entry.path)))


def _kind(entry: os.DirEntry[str]) -> str:
    """What an entry is to a walk: a folder, a file that may be judged, or nothing. Raises OSError."""
    if entry.is_dir(follow_symlinks=False):
        return "" if _is_skipped(entry) else FOLDER
    is_ours = entry.name.endswith(SUFFIXES) or manifest(entry.path)
    return FILE if is_ours and entry.is_file() else ""


def _is_skipped(folder: os.DirEntry[str]) -> bool:
    return folder.name in SKIPPED or os.path.exists(os.path.join(folder.path, "pyvenv.cfg"))


def _ignores(folder: str, errors: list[OSError]) -> Ignores | None:
    """What the repository above a folder ignores in it; nothing if it ignores the folder itself."""
    way = list(upwards(folder))
    depth = next((depth for depth, above in enumerate(way) if os.path.lexists(os.path.join(above, ".git"))), None)
    if depth is None:
        return None
    ignores = Ignores.at(way[depth], errors)
    for inner in reversed(way[:depth]):
        if ignores.hides(inner, True):
            return None
        ignores = ignores.inside(inner)
    return ignores
