"""Runs tests/kinds/*.md: bots with a mistake that was once missed, and innocent ones beside which a rule once spoke.

A heading names what the mistake was lost by, the blocks under it are the files of one bot (`name.py`: above a block
names it). `# finding BYB201` at a line's end says what is found there; whatever else the same rules find is an error.
On the page of the innocent ones a paragraph says which rules are silent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.report.pages.markdown import Fence, Paragraph, Section, parts, split

FOLDER = Path(__file__).parent / "kinds"
MARK = re.compile(r" *# finding((?: BYB\d{3})+)$")
SILENT = re.compile(r"^Silent:((?: BYB\d{3})+)$")
RULES = checks.load()


class Bot(NamedTuple):
    """One bot of a page, and what is found in it: file, line and code."""

    sources: list[Source]
    found: Counter[tuple[str, int, str]]
    judged: set[str]
    """The rules that are asked about."""


def bots() -> Iterator[tuple[str, Bot]]:
    for page in sorted(FOLDER.glob("*.md")):
        _, sections = split(parts(page.read_text("utf-8"), page.name), 2)
        yield from ((f"{page.stem}: {section.title}", bot(section)) for section in sections)


def bot(section: Section) -> Bot:
    fences = [part for part in section.parts if isinstance(part, Fence)]
    said = [SILENT.match(part.text) for part in section.parts if isinstance(part, Paragraph)]
    silent = {code for match in said if match for code in match[1].split()}
    marks = [
        (fence.path, number, code)
        for fence in fences
        for number, line in enumerate(fence.lines, start=1)
        for match in [MARK.search(line)]
        for code in (match[1].split() if match else ())
    ]
    sources = [
        Source(fence.path, "\n".join([*(MARK.sub("", line) for line in fence.lines), ""]).encode()) for fence in fences
    ]
    return Bot(sources, Counter(marks), silent | {code for _, _, code in marks})


BOTS = dict(bots())


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_is_told_of_where_it_is_marked_and_nowhere_else(name: str) -> None:
    bot = BOTS[name]
    assert bot.judged, "mark what is found, or say which rules are silent"
    outcome = engine.check(bot.sources, [rule for rule in RULES if rule.code in bot.judged])
    assert outcome.problems == []
    assert Counter((f.span.path, f.span.line, f.code) for f in outcome.findings) == bot.found
