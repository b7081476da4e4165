"""All rewritings: each says the same thing in another way, or None where there is nothing to say in that way."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from spellings import moves, templates
from spellings.program import Program

FOLDER = Path(__file__).parent
SUBJECTS = {"keep": ("VALUE", "CLIENT"), "pass": ("VALUE", "USE"), "call": ("CALL",), "make": ("CLIENT",)}
"""What the templates of a page are about."""


class Rewriting(NamedTuple):
    """A name, a sentence that says what it does, and the change itself."""

    name: str
    sentence: str
    apply: Callable[[Program], Program | None]


def rewritings() -> dict[str, Rewriting]:
    """All there are, by their names."""
    found = [*of_expressions(), *of_functions(), *of_files(), Rewriting(*LATE, late_hints)]
    assert len({rewriting.name for rewriting in found}) == len(found)
    return {rewriting.name: rewriting for rewriting in found}


def of_expressions() -> Iterator[Rewriting]:
    for page, subjects in SUBJECTS.items():
        for template in templates.page(FOLDER / f"{page}.md"):
            for subject in subjects:
                apply = partial(templates.rewritten, template, subject=subject)
                yield Rewriting(f"{subject} {template.name}", template.sentence, apply)


def of_functions() -> Iterator[Rewriting]:
    for template in templates.page(FOLDER / "functions.md"):
        yield Rewriting(f"function {template.name}", template.sentence, partial(templates.wrapped, template))


def of_files() -> Iterator[Rewriting]:
    for style in moves.STYLES:
        for subject in ("CALL", "VALUE", "CLIENT"):
            name = f"file of {subject} {style.__name__.replace('_', ' ')}"
            yield Rewriting(name, style.__doc__ or "", partial(moves.moved, subject=subject, style=style))


LATE = ("late hints", "Hints are not evaluated.")


def late_hints(program: Program) -> Program:
    made = program.copy()
    for tree in made.files.values():
        tree.body[0:0] = ast.parse("from __future__ import annotations").body
    return made
