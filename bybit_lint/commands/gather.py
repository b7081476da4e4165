"""From the paths and options of a run to the sources that are judged, with their projects and configs."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cache
from typing import TypeAlias

from bybit_lint.analysis.project import concerns_bybit
from bybit_lint.analysis.source import Source
from bybit_lint.commands.options import Choice
from bybit_lint.inputs import config, files, reading, roots, selection
from bybit_lint.inputs.config import BadConfig, Config
from bybit_lint.inputs.filenames import is_notebook
from bybit_lint.inputs.reading import TooLarge
from bybit_lint.inputs.roots import Root
from bybit_lint.inputs.selection import Unknown
from bybit_lint.judging.verdict import unreadable
from bybit_lint.rule import Rule
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding
from bybit_lint.vocabulary.record import Record


class Project(NamedTuple):
    """The files of one project that were named, and all its others, which are read with them."""

    named: Sequence[Source]
    others: Sequence[Source] = ()


class Group(Record):
    """The sources of one project for which one config holds, the rules it leaves, and the project's other sources."""

    config: Config
    rules: Sequence[Rule]
    sources: Sequence[Source]
    context: Sequence[Source]


ConfigOf: TypeAlias = Callable[[str], Config]
Opener: TypeAlias = Callable[[str, str], Source]
"""Gives the file at an absolute path, which lies at a place in its project. Raises OSError."""


def config_of(choice: Choice) -> ConfigOf:
    """What finds the config that holds for a path. Raises BadConfig, and so does what it returns."""
    if choice.config is None and not choice.is_isolated:
        return config.nearest
    only = Config() if choice.config is None else config.at(choice.config)
    return lambda _path: only


def data_of(path: str) -> bytes:
    """The bytes of a file. Raises OSError."""
    return reading.read(path, reading.NOTEBOOK_LIMIT) if is_notebook(path) else reading.read(path)


def opened(path: str, place: str) -> Source:
    """The file at a path, which lies at `place` in its project. Raises OSError."""
    return Source.of_file(files.shown(path), data_of(path), place)


def read(names: Sequence[str], configs: ConfigOf, open_: Opener = opened) -> tuple[list[Project], list[Finding]]:
    """The files that the names stand for, without the excluded ones, and a finding for each that cannot be read.

    An excluded file is not judged, but what is in it still counts for those that are.
    """
    walk = cache(files.walk)
    paths, errors = files.find(names, walk)
    wanted = [path for path in paths if not configs(path).excludes(path)]
    said = {files.absolute(name) for name in names if not os.path.isdir(name)} if wanted else set()
    projects = [_project(root, said, errors, open_) for root in roots.roots(wanted, names, walk)]
    return projects, [_unreadable(error) for error in errors]


def piped(name: str, data: bytes, configs: ConfigOf) -> list[Project]:
    """The code from the standard input, in the place of the file `name` of its project; as `-` it is alone."""
    if configs(name).excludes(name):
        return []
    source = Source.of_file(name, data)
    if name == "-":
        return [Project([source])]
    path = files.absolute(name)
    (root,) = roots.roots([path], ())
    others = _sources(root, [other for other in root.files if other != path], [])
    return [Project([Source.of_file(name, data, _place(root, path))], list(others))]


def _project(root: Root, said: Container[str], errors: list[OSError], open_: Opener) -> Project:
    others = [path for path in root.files if path not in root.named]
    failed: list[OSError] = []
    named = list(_sources(root, sorted(root.named), failed, open_))
    errors += (error for error in failed if error.filename in said or not _is_data(error))
    # who does not name a file does not want to hear that it cannot be read
    return Project(named, list(_sources(root, others, [], open_)))


def _is_data(error: OSError) -> bool:
    """Whether a file that cannot be read is too large for code and, as far as it was read, none of our concern."""
    if not isinstance(error, TooLarge):
        return False
    return Source(error.filename, error.beginning).is_code and not concerns_bybit(error.beginning)


def _sources(root: Root, paths: Iterable[str], errors: list[OSError], open_: Opener = opened) -> Iterator[Source]:
    for path in paths:
        try:
            yield open_(path, _place(root, path))
        except OSError as error:
            errors.append(error)


def _place(root: Root, path: str) -> str:
    above = os.path.join(root.folder, "")
    place = path[len(above) :] if path.startswith(above) else os.path.relpath(path, root.folder)  # which takes long
    return place.replace(os.sep, "/")


def _unreadable(error: OSError) -> Finding:
    return unreadable(files.shown(str(error.filename)), error.strerror or str(error))


def groups(projects: Iterable[Project], configs: ConfigOf, choice: Choice, rules: Sequence[Rule]) -> list[Group]:
    """The named sources by config. Raises BadConfig, and Unknown for words of the command line that no rule goes by."""
    chosen = _narrower(choice, rules)
    found = []
    for project in projects:
        for settings in dict.fromkeys(configs(source.path) for source in project.named):
            own = [source for source in project.named if configs(source.path) == settings]
            context = [source for source in project.named if configs(source.path) != settings]
            found.append(Group(settings, chosen(_configured(settings, rules)), own, [*context, *project.others]))
    return found


def _configured(settings: Config, rules: Sequence[Rule]) -> Sequence[Rule]:
    try:
        return _narrower(settings, rules)([rule for rule in rules if rule.is_default])
    except Unknown as error:
        raise BadConfig(f"{files.shown(settings.path)}: [{config.TABLE}]: {error}") from error


def _narrower(layer: Config | Choice, rules: Sequence[Rule]) -> Callable[[Sequence[Rule]], Sequence[Rule]]:
    """What a config or the command line makes of the rules that were left so far. Raises Unknown."""
    select = None if layer.select is None else selection.chosen(layer.select, rules)
    more, fewer = selection.chosen(layer.extend_select, rules), selection.every(layer.ignore, rules)

    def narrowed(left: Sequence[Rule]) -> Sequence[Rule]:
        start = {rule.code for rule in left} if select is None else select
        return [rule for rule in rules if rule.code in (start | more) - fewer]

    return narrowed
