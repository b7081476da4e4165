"""What an editor shows of a rule, an endpoint or one of its parameters, as `bybit-lint explain` knows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands import endpoint
from bybit_lint.commands.lsp.projects import Asked, Checked
from bybit_lint.patterns import regex
from bybit_lint.report import pages
from bybit_lint.vocabulary import Span

CODE = regex(rb"BYB\d{3}")
STORY = "What happens to the account"


def at(checked: Checked, offset: int) -> str:
    """What is known of what stands at an offset of a file, as Markdown; empty if nothing is."""
    codes = dict.fromkeys([*_written(checked.source, offset), *_found(checked, offset)])
    told = [*filter(None, map(_rule, codes)), *filter(None, [_asked(checked, offset)])]
    return "\n\n---\n\n".join(told)


def _written(source: Source, offset: int) -> Iterator[str]:
    """The code that is written there, as in a comment that accepts a finding."""
    for match in CODE.finditer(source.body):
        if match.start() <= offset <= match.end():
            yield match[0].decode()


def _found(checked: Checked, offset: int) -> Iterator[str]:
    return (f.code for f in checked.findings if f.span.start <= offset <= f.span.end and f.span.end > f.span.start)


def _rule(code: str) -> str:
    page = pages.find(code)
    if page is None:
        return ""
    story = page.sections.get(STORY, "").strip()
    return f"**{page.code} {page.name}**: {page.summary}\n\n{story}\n\n`bybit-lint explain {code}`"


def _asked(checked: Checked, offset: int) -> str:
    """What is known of the endpoint that the call there asks, or of its parameter if the offset is in an argument."""
    call = _call(checked.source, checked.asked, offset)
    if call is None:
        return ""
    asked, node = call
    written = _argument(checked.source, node, offset)
    if written is None:
        return _block(endpoint.render(asked.endpoint)) if endpoint.find(asked.endpoint) else ""
    name = _parameter(asked, checked.source, written)
    return _block(endpoint.parameter(asked.endpoint, name)) if name else ""


def _call(source: Source, asked: Sequence[Asked], offset: int) -> tuple[Asked, ast.Call] | None:
    """The innermost call around an offset that asks an endpoint."""
    around = [each for each in asked if each.span.start <= offset <= each.span.end]
    for each in sorted(around, key=lambda each: each.span.end - each.span.start):
        try:
            calls = [node for node in source.expressions_at(each.span) if isinstance(node, ast.Call)]
        except Unreadable:
            return None
        if calls:
            return each, calls[0]
    return None


def _argument(source: Source, call: ast.Call, offset: int) -> ast.keyword | ast.expr | None:
    """The argument that an offset lies in."""
    every: list[ast.keyword | ast.expr] = [*call.keywords, *call.args]
    for node in every:
        span = source.span(node)
        if span.start <= offset <= span.end:
            return node
    return None


def _parameter(asked: Asked, source: Source, written: ast.keyword | ast.expr) -> str:
    """Bybit's name for what an argument gives."""
    span: Span = source.span(written.value if isinstance(written, ast.keyword) else written)
    return next((name for name, place in asked.arguments.items() if span.holds(place)), "")


def _block(lines: Iterator[str]) -> str:
    text = "\n".join(lines)
    return f"```text\n{text}\n```" if text else ""
