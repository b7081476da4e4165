"""What is seen in the files of a bot."""

from __future__ import annotations

from collections.abc import Iterable

from bybit_lint import facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary import Noun


def seen(sources: Iterable[Source]) -> list[Noun]:
    """The facts of all files of a project, as far as they can have to do with Bybit."""
    return [noun for source, part in Project(sources).units for noun in facts.of(source, part)]
