"""Code with marks around what a verb is asked of, and the verbs that the tests ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editor import Refused, edits, splice
from bybit_lint.vocabulary import Bind, CallFirst, Fix, RemoveArgument, Rename, Replace, SetArgument, Span, Verb, Wrap

Asked = Callable[[Span], Verb]

HELPERS = "from bybit_lint.shim import heartbeat, jitter, round_qty, server_timestamp\n"


def marked(text: str, encoding: str = "utf-8", bom: bytes = b"") -> tuple[Source, list[Span]]:
    """The source without its marks « », and the spans they stood around, in the order they begin."""
    pieces = ""
    opened: list[tuple[int, int]] = []
    spans: list[tuple[int, int]] = []
    for character in text:
        if character == "«":
            opened.append((len(spans), len(pieces.encode())))
            spans.append((0, 0))
        elif character == "»":
            index, start = opened.pop()
            spans[index] = start, len(pieces.encode())
        else:
            pieces += character
    source = Source("bot.py", bom + pieces.encode(encoding))
    return source, [source.span_of(*span) for span in spans]


def fixed(text: str, *asked: Asked, shim: str = "bybit_lint.shim") -> str:
    """The text after one fix, whose verbs are asked of the marked spans in turn."""
    source, spans = marked(text)
    fix = Fix("fix it", tuple(verb(span) for verb, span in zip(asked, spans, strict=True)))
    return splice(source, edits(source, fix, shim)).decode()


def fixed_code(text: str, *asked: Asked) -> str:
    """The same for code in a file that has its imports already."""
    result = fixed(HELPERS + text, *asked)
    assert result.startswith(HELPERS)
    return result.removeprefix(HELPERS)


def refusal(text: str, *asked: Asked) -> str:
    with pytest.raises(Refused) as caught:
        fixed(text, *asked)
    return str(caught.value)


def rows(table: Mapping[str, str | tuple[object, ...]], *names: str) -> pytest.MarkDecorator:
    """A test for each row of a table, whose cells have these names: before and after, if none are given."""
    return pytest.mark.parametrize(", ".join(names) or "before, after", table.values(), ids=list(table))


def rounded(span: Span) -> Wrap:
    return Wrap(span, "round_qty", ("session", '"linear"'), peel="str")


def spot(span: Span) -> Wrap:
    return Wrap(span, "round_qty", ("session", '"spot"'), ('unit="quoteCoin"',), peel="str")


def jittered(span: Span) -> Wrap:
    return Wrap(span, "jitter")


def timestamp(span: Span) -> Replace:
    return Replace(span, "server_timestamp")


def seconds(span: Span) -> Replace:
    return Replace(span, "server_timestamp", "{}() / 1000")


def new_text(text: str) -> Asked:
    return lambda span: Replace(span, "", text)


def removing(name: str) -> Asked:
    return lambda span: RemoveArgument(span, name)


def renaming(name: str) -> Asked:
    return lambda span: Rename(span, name)


def link_id(span: Span) -> Bind:
    return Bind(span, "link_id", "jitter")


def to_testnet(span: Span) -> SetArgument:
    return SetArgument(span, "testnet", "True")


def ping_inside(span: Span) -> CallFirst:
    return CallFirst(span, "heartbeat", "ws", inside=True)


def ping_behind(span: Span) -> CallFirst:
    return CallFirst(span, "heartbeat", "ws")
