"""The judges: one rule a file, by family, found by walking this folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import cast

from bybit_lint.patterns import regex
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Severity

DECLARED = regex(
    rb'^RULE = Rule\("(BYB\d{3})", __name__, severity="(error|warning)"'
    rb"(?:, ret_codes=\(([\d, ]+)\))?(, is_default=False)?\)$",
    re.MULTILINE,
)
JUDGING = regex(rb"^@RULE\.on\((\w+)\)$", re.MULTILINE)


@cache
def load() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes; a check is imported once it has to judge.

    What a rule declares is read in its file, as to import all of them takes longer than the work on a small bot.
    """
    return tuple(sorted((read(path, module) for path, module in _files()), key=lambda rule: rule.code))


def declared(module: str) -> Rule:
    """The rule of a module as its check declares it; now it is imported."""
    return cast("Rule", import_module(module).RULE)


def _files() -> Iterator[tuple[str, str]]:
    """The file of each check, and the name of its module."""
    for family in os.scandir(os.path.dirname(__file__)):
        for file in os.scandir(family) if family.is_dir() else ():
            stem, _, kind = file.name.rpartition(".")
            if kind == "py" and stem != "__init__":
                yield file.path, f"{__name__}.{family.name}.{stem}"


def read(path: str, module: str) -> Rule:
    """The rule that a file declares, which is imported where that is written in another way than usual."""
    with open(path, "rb", buffering=0) as file:
        text = file.read()
    written, judging = DECLARED.search(text), JUDGING.findall(text)
    if written is None or len(judging) != text.count(b"RULE.on("):
        return declared(module)
    code, severity, ret_codes, is_quiet = written.groups()
    known = tuple(int(ret_code) for ret_code in (ret_codes or b"").split(b",") if ret_code.strip())
    noun_name = b"".join(judging[:1]).decode()
    return Rule(code.decode(), module, cast("Severity", severity.decode()), known, not is_quiet, noun_name, declared)
