"""Facts and rules so simple that a test of what is around them depends on no real rule.

Every name in a file is a fact. `bad` can be fixed safely, `odd` unsafely, `lone` not at all; the fix of `sticky` does
not help; that of `coarse` leaves `worn`, which can be fixed unsafely; `boom` makes its check crash, `deep`
the analysis.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bybit_lint import checks, facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Fix, Noun, Replace, Request


def nouns(of: type[Noun] = Noun) -> Iterator[type[Noun]]:
    """All nouns there are, as far as they were imported."""
    for noun in of.__subclasses__():
        yield noun
        yield from nouns(noun)


def facts_of(source: Source, project: Project, wanted: object = None) -> list[Noun]:
    names = [node for node in ast.walk(source.tree) if isinstance(node, ast.Name)]
    if any(node.id == "deep" for node in names):
        raise RecursionError("maximum recursion depth exceeded")
    return [Request(source.span(node), "", node.id) for node in names]


def rule(code: str, name: str, template: str | None = None, *, is_safe: bool = True, is_default: bool = True) -> Rule:
    """A rule against one name, whose fix is `template` with `{}` for the shim's jitter."""
    made = Rule(code, f"fakes.names.{name}_name", "error", ret_codes=(10001,), is_default=is_default)

    @made.on(Request)
    def judge(fact: Request) -> Iterator[Finding]:
        if fact.endpoint == name:
            fix = template and Fix(f"mend {name}", (Replace(fact.span, "jitter", template),), is_safe)
            yield Finding(fact.span, f"{name} is wrong", fix=fix or None)

    return made


def partial(*names: str, template: str = "worn") -> Rule:
    """A rule whose safe fix of the first name leaves what `template` says, and whose unsafe fix of the second helps."""
    made = Rule("BYB807", "fakes.names.coarse_name", "warning")

    @made.on(Request)
    def judge(fact: Request) -> Iterator[Finding]:
        if fact.endpoint in names:
            is_first = fact.endpoint == names[0]
            fix = Fix(
                "mend", (Replace(fact.span, "", template if is_first else "fine"),), is_first, is_partial=is_first
            )
            yield Finding(fact.span, f"{fact.endpoint} is wrong", fix=fix)

    return made


def crashing() -> Rule:
    made = Rule("BYB805", "fakes.names.boom_name", "error")

    @made.on(Request)
    def judge(fact: Request) -> Iterator[Finding]:
        if fact.endpoint == "boom":
            raise ValueError("no such\nthing")
        yield from ()

    return made


TOOL = (
    Rule("BYB001", "fakes.tool.unreadable_file", "error"),
    Rule("BYB002", "fakes.tool.unused_suppression", "warning"),
    Rule("BYB003", "fakes.tool.suppression_without_code", "warning"),
    Rule("BYB004", "fakes.tool.unknown_code", "warning"),
    Rule("BYB005", "fakes.tool.expired_suppression", "warning"),
)
BAD, ODD, LONE = rule("BYB801", "bad", "{}(0)"), rule("BYB802", "odd", "{}(1)", is_safe=False), rule("BYB803", "lone")
STICKY, BOOM = rule("BYB804", "sticky", "{}(sticky)"), crashing()
QUIET = rule("BYB806", "quiet", is_default=False)
RULES = (*TOOL, BAD, ODD, LONE, STICKY, BOOM, QUIET)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fakes in place of the real facts and the real rules."""
    monkeypatch.setattr(checks, "load", lambda: RULES)
    monkeypatch.setattr(facts, "of", facts_of)
