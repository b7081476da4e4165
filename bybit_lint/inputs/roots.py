"""Which project a file belongs to: the folder whose files are read together, whichever of them are named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from bybit_lint.inputs import config, files
from bybit_lint.inputs.config import BadConfig
from bybit_lint.tuples import NamedTuple

DISTRIBUTION = ("pyproject.toml", "setup.py", "setup.cfg")


class Root(NamedTuple):
    """The folder of a project, all its files, and those of them that were named."""

    folder: str
    files: Sequence[str]
    named: frozenset[str]


def roots(paths: Iterable[str], names: Iterable[str], walk: Callable[[str], files.Walk] = files.walk) -> list[Root]:
    """Files by the project they belong to, projects inside of others first; `names` is what they were named by."""
    walked = cache(lambda folder: frozenset(files.find([folder], walk)[0]))
    paths = list(paths)
    folders = [os.path.realpath(name) for name in names if paths and os.path.isdir(name)]
    marked = [_nearest_with((".git",)), _nearest_with(DISTRIBUTION)]
    candidates = cache(lambda folder: list(dict.fromkeys(_candidates(folder, folders, marked))))
    found: dict[tuple[str, str], set[str]] = {}
    for path in paths:
        folder = _root(path, candidates(os.path.dirname(path)), walked)
        stray = "" if path in walked(folder) else path  # is read with the others, but they are not read with it
        found.setdefault((folder, stray), set()).add(path)
    return [
        Root(folder, sorted(walked(folder) | named), frozenset(named))
        for (folder, _), named in sorted(found.items(), reverse=True)
    ]


def _root(path: str, candidates: Iterable[str], walked: Callable[[str], frozenset[str]]) -> str:
    """The first folder in which a walk comes upon the file: what git ignores does not belong to the repository."""
    found = next((root for root in candidates if path in walked(root)), "")
    if not found and not os.path.lexists(path):
        found = next(iter(candidates), "")  # it is new, and nobody has walked there
    return found or _package_top(os.path.dirname(path))


def _candidates(folder: str, named: Sequence[str], marked: Iterable[Callable[[str], str]]) -> Iterator[str]:
    """The folders that may be the project of the files in `folder`, the best first."""
    yield from filter(None, [_configured(folder), *(nearest(folder) for nearest in marked)])
    yield from sorted((name for name in named if _lies_in(folder, name)), key=len)


def _nearest_with(markers: Iterable[str]) -> Callable[[str], str]:
    """What finds the nearest folder, from one upwards, in which there is one of the markers; empty where there is none.

    Folders beside each other have the same ones above them, of which each is looked into once.
    """
    known: dict[str, str] = {}

    def nearest(folder: str) -> str:
        way = []
        for above in files.upwards(folder):
            if above not in known and any(os.path.exists(os.path.join(above, marker)) for marker in markers):
                known[above] = above
            if above in known:
                break
            way.append(above)
        found = known.get(above, "")
        known.update(dict.fromkeys(way, found))
        return found

    return nearest


def _configured(folder: str) -> str:
    """The folder of the config that holds for the files in `folder`; empty without one."""
    try:
        return os.path.dirname(config.nearest(os.path.join(folder, "any.py")).path)
    except BadConfig:  # whoever asks for the config hears of it there, and --isolated does not ask
        return ""


def _lies_in(folder: str, other: str) -> bool:
    return os.path.join(folder, "").startswith(os.path.join(other, ""))


def _package_top(folder: str) -> str:
    """The folder in which a package lies; `folder` if it is none."""
    return next(above for above in files.upwards(folder) if not os.path.exists(os.path.join(above, "__init__.py")))
