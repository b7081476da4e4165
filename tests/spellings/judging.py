"""Bots from the page, and what is said of their spellings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.report.pages.markdown import Fence, Section, parts, split
from bybit_lint.rule import Rule
from spellings.program import Program, parsed
from spellings.rewritings import rewritings
from spellings.running import Deeds, Files, deeds

PAGE = Path(__file__).parent / "bots.md"
REWRITINGS = rewritings()
RULES = [rule for rule in checks.load() if rule.is_default]


class Bot(NamedTuple):
    """A heading of the page."""

    name: str
    program: Program
    drive: str

    @property
    def code(self) -> str:
        return self.name.split()[0]

    def said(self, names: Sequence[str]) -> Program | None:
        """The bot after these rewritings, one after the other; None if one of them has no place."""
        program: Program | None = self.program
        for name in names:
            program = program and REWRITINGS[name].apply(program)
        return program


class Spelling:
    """A bot after some rewritings."""

    def __init__(self, bot: Bot, names: tuple[str, ...], program: Program) -> None:
        self.bot, self.names = bot, names
        self.texts = (program.text(), program.text(is_twin=True))
        """The files with the mistake, and those of the twin."""

    def faults(self) -> list[str]:
        """How it is not the same bot: what it does with its mistake, or as its twin."""
        pairs = zip(canonical(self.bot.name), (deeds(text, self.bot.drive) for text in self.texts), strict=True)
        return [f"{self}: {was} is now {now}" for was, now in pairs if not was.is_as(now)]

    def is_found(self) -> bool:
        own = [rule for rule in RULES if rule.code == self.bot.code]
        return self.bot.code in codes(self.texts[0], own)

    def cries(self) -> set[str]:
        """The rules that are not silent about the twin."""
        return codes(self.texts[1], RULES)

    def __str__(self) -> str:
        return f"{self.bot.name}: {' + '.join(self.names)}"


def bots() -> dict[str, Bot]:
    _, sections = split(parts(PAGE.read_text("utf-8"), PAGE.name), 2)
    return {section.title: bot(section) for section in sections}


def bot(section: Section) -> Bot:
    code, drive = (part for part in section.parts if isinstance(part, Fence))
    types = dict(pair.split("=") for pair in drive.info.split()[2:])
    return Bot(section.title, parsed("\n".join(code.lines), types), "\n".join(drive.lines))


@cache
def canonical(name: str) -> tuple[Deeds, Deeds]:
    """What the bot does as it is written, and what its twin does."""
    found = BOTS[name]
    return deeds(found.program.text(), found.drive), deeds(found.program.text(is_twin=True), found.drive)


def codes(files: Files, rules: Sequence[Rule]) -> set[str]:
    outcome = engine.check([Source(path, text.encode()) for path, text in sorted(files.items())], rules)
    assert not outcome.problems, outcome.problems
    return {finding.code for finding in outcome.findings}


BOTS = bots()
