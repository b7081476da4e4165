"""The command line of `check` in the words of the run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple


class Choice(NamedTuple):
    """What the command line says about rules and their config; `select` and `config` are None where it says nothing."""

    select: tuple[str, ...] | None
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    config: str | None
    is_isolated: bool


class Options(NamedTuple):
    """Everything else. `paths` is `("-",)` for the standard input."""

    paths: tuple[str, ...]
    choice: Choice
    is_fixing: bool
    is_unsafe: bool
    is_dry: bool
    style: str
    output: str | None
    has_statistics: bool
    has_edits: bool
    is_lenient: bool
    is_quiet: bool
    stdin_filename: str
    jobs: int | None
    """How many processes may work at once; None for one a core."""
    cache: str | None
    """The folder in which findings are remembered; None for the usual one, empty for none."""

    @property
    def reads_stdin(self) -> bool:
        return self.paths == ("-",)

    @property
    def shows_code(self) -> bool:
        """Whether stdout is taken by a diff or by fixed code, so that everything else goes to stderr."""
        return self.is_dry or (self.is_fixing and self.reads_stdin)


def guessed_command(word: str, commands: Iterable[str]) -> str:
    """` (did you mean 'explain'?)` for a word that is no file and nearly a command, else nothing."""
    if not word.isalpha() or os.path.lexists(word):
        return ""
    from bybit_lint.inputs.selection import did_you_mean

    return did_you_mean(word, commands)
