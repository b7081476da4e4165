"""The command line of `check` in the words of the run."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bybit_lint.vocabulary.findings import Severity
from bybit_lint.vocabulary.record import Record

FAIL_ON: dict[str | None, tuple[Severity, ...]] = {
    None: ("error", "warning", "note"),
    "warning": ("error", "warning"),
    "error": ("error",),
}
"""Findings of which severities make the exit code 1, by the word of --fail-on."""


class Choice(Record):
    """What the command line says about rules and their config; `select` and `config` are None where it says nothing."""

    select: tuple[str, ...] | None
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    config: str | None
    is_isolated: bool


class Output(Record):
    """One report: its format, and the file it goes to; None for the standard output."""

    style: str
    path: str | None = None


class Options(Record):
    """Everything else. `paths` is `("-",)` for the standard input."""

    paths: tuple[str, ...]
    choice: Choice
    is_fixing: bool = False
    is_unsafe: bool = False
    is_dry: bool = False
    outputs: tuple[Output, ...] = ()
    has_statistics: bool = False
    has_edits: bool = False
    fails_on: tuple[Severity, ...] = ()
    """Findings of which severities make the exit code 1."""
    is_quiet: bool = False
    stdin_filename: str = "-"
    jobs: int | None = None
    """How many processes may work at once; None for one a core."""
    cache: str | None = None
    """The folder in which findings are remembered; None for the usual one, empty for none."""

    baseline: str = ""
    """The baseline that holds instead of those of the configs."""
    ignores_baseline: bool = False
    since: str | None = None
    """The revision since which lines have to have changed to be reported."""

    reason: str | None = None
    """Why all that is found is to be accepted by comments; None if it is not."""

    def shows_edits(self, style: str) -> bool:
        """Whether the report in a format has what the fixes write."""
        return self.has_edits or style == "html"

    @property
    def needs_edits(self) -> bool:
        """Whether any report has it."""
        return any(self.shows_edits(output.style) for output in self.outputs)

    @property
    def writing(self) -> str:
        """The option that writes what a diff only shows."""
        if self.reason is not None:
            return "--add-ignores without --diff"
        return "--unsafe-fixes" if self.is_unsafe else "--fix"

    @property
    def changes_nothing(self) -> bool:
        """Whether no source becomes another, be it only to show it."""
        return not (self.is_fixing or self.is_dry or self.reason is not None)

    @property
    def reads_stdin(self) -> bool:
        return self.paths == ("-",)

    @property
    def shows_code(self) -> bool:
        """Whether stdout is taken by a diff or by fixed code, so that everything else goes to stderr."""
        return self.is_dry or (not self.changes_nothing and self.reads_stdin)


def guessed_command(word: str, commands: Iterable[str]) -> str:
    """` (did you mean 'explain'?)` for a word that is no file and nearly a command, else nothing."""
    if not word.isalpha() or os.path.lexists(word):
        return ""
    from bybit_lint.inputs.selection import did_you_mean

    return did_you_mean(word, commands)
