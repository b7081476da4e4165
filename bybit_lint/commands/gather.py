"""From the paths and options of a run to the sources that are judged, each with the config that holds for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from bybit_lint import config, files, judging, selection
from bybit_lint.commands.options import Choice
from bybit_lint.config import BadConfig, Config
from bybit_lint.rule import Rule
from bybit_lint.selection import Unknown
from bybit_lint.source import Source
from bybit_lint.vocabulary import Finding


class Group(NamedTuple):
    """The sources for which one config holds, and the rules it leaves."""

    config: Config
    rules: Sequence[Rule]
    sources: Sequence[Source]


ConfigOf: TypeAlias = Callable[[str], Config]


def config_of(choice: Choice) -> ConfigOf:
    """What finds the config that holds for a path. Raises BadConfig, and so does what it returns."""
    if choice.config is None and not choice.is_isolated:
        return config.nearest
    only = Config() if choice.config is None else config.at(choice.config)
    return lambda _path: only


def read(names: Iterable[str], configs: ConfigOf | None = None) -> tuple[list[Source], list[Finding]]:
    """The files that the names stand for, without the excluded ones, and a finding for each that cannot be read."""
    paths, errors = files.find(names)
    sources = []
    for path in paths:
        shown = files.shown(path)
        try:
            if configs is None or not configs(shown).excludes(shown):
                sources.append(Source(shown, files.read(path)))
        except OSError as error:
            errors.append(error)
    return sources, [_unreadable(error) for error in errors]


def _unreadable(error: OSError) -> Finding:
    return judging.unreadable(files.shown(str(error.filename)), error.strerror or str(error))


def groups(sources: Iterable[Source], configs: ConfigOf, choice: Choice, rules: Sequence[Rule]) -> list[Group]:
    """The sources by config. Raises BadConfig, and Unknown for words of the command line that no rule goes by."""
    chosen = _narrower(choice, rules)
    found: dict[Config, list[Source]] = {}
    for source in sources:
        found.setdefault(configs(source.path), []).append(source)
    return [Group(settings, chosen(_configured(settings, rules)), group) for settings, group in found.items()]


def _configured(settings: Config, rules: Sequence[Rule]) -> Sequence[Rule]:
    try:
        return _narrower(settings, rules)(rules)
    except Unknown as error:
        raise BadConfig(f"{files.shown(settings.path)}: [{config.TABLE}]: {error}") from error


def _narrower(layer: Config | Choice, rules: Sequence[Rule]) -> Callable[[Sequence[Rule]], Sequence[Rule]]:
    """What a config or the command line makes of the rules that were left so far. Raises Unknown."""
    select = None if layer.select is None else selection.every(layer.select, rules)
    more, fewer = selection.every(layer.extend_select, rules), selection.every(layer.ignore, rules)

    def narrowed(left: Sequence[Rule]) -> Sequence[Rule]:
        start = {rule.code for rule in left} if select is None else select
        return [rule for rule in rules if rule.code in (start | more) - fewer]

    return narrowed
