"""No regular expression of ours takes more than a time in proportion to the text, whatever that is."""

from __future__ import annotations

import ast
import importlib
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import bybit_lint
from bybit_lint.patterns import Deferred

parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
PACKAGE = Path(bybit_lint.__file__).parent
LENGTH = 200_000
LIMIT = 4  # seconds of the processor's time, however busy the machine: linear takes milliseconds, quadratic minutes
MOST = 10  # characters of a pattern, those first that are neither letters nor digits
SHORT, SUSPICIOUS = 20_000, 0.1  # most are done much sooner and need no longer trial
METHODS = {"search", "match", "fullmatch", "split", "findall", "finditer", "sub"}


class Use(NamedTuple):
    """A pattern, where it stands, and what is done with it."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


class Text(NamedTuple):
    """A text that may be hard for a pattern: a start, and what is repeated after it."""

    start: str
    repeated: str

    def long(self, length: int) -> str:
        return self.start + self.repeated * (length // len(self.repeated)) + "\0"


def uses() -> Iterator[Use]:
    """Every pattern of the package: those that modules hold, and those that stand where they are used."""
    texts = {path: path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    calls: dict[object, set[str]] = defaultdict(set)
    for path, text in texts.items():
        for name, method in re.findall(r"\b([A-Z][A-Z_0-9]+|pattern)(?:\[\w+\])?\.(\w+)", text):
            calls[path, name].add(method)
            calls[name].add(method)
    for path, text in sorted(texts.items()):
        where = path.relative_to(PACKAGE.parent).with_suffix("").as_posix()
        for name, pattern in held(importlib.import_module(where.removesuffix("/__init__").replace("/", "."))):
            used = [calls[path, name] & METHODS, calls[path, "pattern"] & METHODS, calls[name] & METHODS, METHODS]
            yield Use(f"{where}: {name}", pattern, frozenset(next(filter(None, used))))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("re.") in METHODS:
                first = node.args[0] if node.args and ast.unparse(node.func).startswith("re.") else None
                if isinstance(first, ast.Constant):
                    pattern = re.compile(first.value)
                    yield Use(f"{where}: {first.value!r}", pattern, frozenset({ast.unparse(node.func)[3:]}))


def held(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in vars(module).items():
        values = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else [value]
        patterns = (each.compiled() if isinstance(each, Deferred) else each for each in values)
        yield from ((name, each) for each in patterns if isinstance(each, re.Pattern))


USES = list({(use.pattern.pattern, use.pattern.flags): use for use in uses()}.values())


def test_the_patterns_are_found() -> None:
    named = {use.where.partition(": ")[2] for use in USES}
    assert {"REQUIREMENT", "TOKEN", "OWN", "NAMES", "PATTERNS"} <= named
    assert len(USES) > 80


# --- texts that may be hard for a pattern -----------------------------------------------------------------------------


def starts(items: Iterable[Any]) -> set[str]:
    """A shortest text before each repetition in a pattern: what leads up to where it begins."""
    found = {""}
    before = ""
    for item in items:
        found.update(before + start for start in starts_of(item))
        before += example([item])
    return found


def starts_of(item: Any) -> set[str]:
    operation, argument = item
    name = str(operation)
    if "REPEAT" in name:
        inner = argument[2]
        return starts(inner) | {example(inner)}
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return starts(argument[-1] if name == "SUBPATTERN" else argument)
    if name == "BRANCH":
        return set().union(*map(starts, argument[1]))
    return set()


def example(items: Iterable[Any]) -> str:
    """A short text that fits, as far as looking around is left aside."""
    return "".join(map(example_of, items))


def example_of(item: Any) -> str:
    operation, argument = item
    name = str(operation)
    if name == "LITERAL":
        return chr(argument)
    if name == "NOT_LITERAL":
        return "a" if argument != ord("a") else "b"
    if name == "ANY":
        return "a"
    if name == "IN":
        return next(iter(members(argument)), "")
    if "REPEAT" in name:
        return str(example(argument[2])) * int(argument[0])
    if name == "SUBPATTERN":
        return str(example(argument[-1]))
    if name == "BRANCH":
        return str(min(map(example, argument[1]), key=len))
    if name == "ASSERT" and argument[0] < 0:
        return example(argument[1])
    return ""


CATEGORIES = {"DIGIT": "0", "WORD": "a", "SPACE": " ", "NOT_DIGIT": "a", "NOT_WORD": " ", "NOT_SPACE": "a"}


def members(items: Any) -> list[str]:
    """Some characters of a class."""
    found: list[str] = []
    negated = str(items[0][0]) == "NEGATE"
    for operation, argument in items:
        name = str(operation)
        if name == "LITERAL":
            found.append(chr(argument))
        elif name == "RANGE":
            found.append(chr(argument[0]))
        elif name == "CATEGORY":
            found.append(CATEGORIES[str(argument).removeprefix("CATEGORY_")])
    return [letter for letter in "a 0_-.\t" if letter not in found] if negated else found


def alphabet(items: Iterable[Any]) -> set[str]:
    """The characters that a pattern names, and one of each of its classes."""
    found: set[str] = set()
    for operation, argument in items:
        name = str(operation)
        if name in ("LITERAL", "NOT_LITERAL"):
            found.add(chr(argument))
        elif name == "IN":
            found.update(members(argument))
        elif "REPEAT" in name:
            found |= alphabet(argument[2])
        elif name == "SUBPATTERN":
            found |= alphabet(argument[-1])
        elif name in ("ASSERT", "ASSERT_NOT"):
            found |= alphabet(argument[1])
        elif name == "BRANCH":
            found |= set().union(*map(alphabet, argument[1]))
    return found


def texts(use: Use) -> Iterator[Text]:
    """Each character and each pair of them, after each start, and each start, to be repeated."""
    parsed = parser.parse(use.pattern.pattern, use.pattern.flags & ~re.DEBUG)
    letters = [*sorted(alphabet(parsed) | {" ", "\n", "a"}, key=str.isalnum)[:MOST]]
    begun = sorted(starts(parsed), key=len)[:8]
    yield from (Text(start, letter) for start in begun for letter in letters)
    yield from (Text("", first + second) for first, second in combinations(letters, 2))
    yield from (Text("", start) for start in begun if len(start) > 1)


# --- trying them ------------------------------------------------------------------------------------------------------


class TooLong(Exception):
    """The pattern is still busy."""


def run(pattern: re.Pattern[Any], method: str, text: str) -> None:
    subject = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
    nothing = b"" if isinstance(subject, bytes) else ""
    if method == "sub":
        pattern.sub(nothing, subject)
    elif method == "finditer":
        sum(1 for _ in pattern.finditer(subject))
    else:
        getattr(pattern, method)(subject)


def busy(*_: object) -> None:
    raise TooLong


def is_done(use: Use, method: str, text: str, limit: float) -> bool:
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        run(use.pattern, method, text)
    except TooLong:
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return True


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer of the processor's time")
@pytest.mark.parametrize("use", USES, ids=lambda use: use.where)
def test_a_pattern_takes_a_time_in_proportion_to_the_text(use: Use) -> None:
    before = signal.signal(signal.SIGPROF, busy)
    try:
        for method, text in product(sorted(use.methods), texts(use)):
            is_quick = is_done(use, method, text.long(SHORT), SUSPICIOUS)
            assert is_quick or is_done(use, method, text.long(LENGTH), LIMIT), f"{method} of {text}, and so on"
    finally:
        signal.signal(signal.SIGPROF, before)
