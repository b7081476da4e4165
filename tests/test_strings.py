"""The texts that an expression may be; `?` stands for what is not known."""

from __future__ import annotations

import pytest
from evaluating import term

from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.domains.strings import HOLE

GIVEN = """\
import os, posixpath, urllib.parse, yarl, httpx, decouple, dotenv, random
from pydantic import Field
from outside import thing, Part, settings
"""


def told(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.replace(HOLE, "?") for text in texts)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("'a'", ["a"]),
        ("b'a'", ["a"]),
        ("b'\\xff'", ["\N{REPLACEMENT CHARACTER}"]),
        ("3", ["3"]),
        ("None", []),
        ("True", []),
        ("thing", []),
        ("'a' if thing else 'b'", ["a", "b"]),
        ("'a' if thing else 'a'", ["a"]),
        ("'a' if thing else Part()", ["a"]),
        # put together
        ("'a' + 'b'", ["ab"]),
        ("'a' + thing", ["a?"]),
        ("'a' - thing", []),
        ("'a' + ('b' if thing else 'c')", ["ab", "ac"]),
        ("f'a{3}b'", ["a3b"]),
        ("f'a{thing}'", ["a?"]),
        ("f'a{3:.2f}'", ["a?"]),
        # by the operator for it
        ("'%s-%s' % ('a', 'b')", ["a-b"]),
        ("'%s%%' % 'a'", ["a%"]),
        ("'{%s}' % 'a'", ["{a}"]),
        ("'a%d' % 3", ["a?"]),
        ("'%s-%s' % thing", ["?-?"]),
        ("('%s/a' if thing else '%s/b') % 'c'", ["c/a", "c/b"]),
        # by format
        ("'{}-{}'.format('a', 'b')", ["a-b"]),
        ("'{1}-{0}'.format('a', 'b')", ["b-a"]),
        ("'{name}-{}'.format('a', name='b')", ["b-a"]),
        ("'{}-{}'.format('a')", ["a-?"]),
        ("'a{:>3}'.format('b')", ["a?"]),
        ("'a{!r}'.format('b')", ["a?"]),
        ("'a{'.format('b')", []),
        ("'{{a}}'.format('b')", ["{a}"]),
        # by what makes another text of it
        ("'aUSDC'.replace('USDC', 'USDT')", ["aUSDT"]),
        ("('a/b' if thing else 'c/d').replace('/', '')", ["ab", "cd"]),
        ("'abc'.removeprefix('a').removesuffix('c')", ["b"]),
        ("'a/b'.replace('/', '', 1)", []),
        ("'a/b'.replace('/')", []),
        ("f'{thing}a'.replace('a', 'b')", []),
        ("'a'.replace(thing, 'b')", []),
        ("thing.replace('a', 'b')", []),
        # by what joins or keeps it
        ("urllib.parse.urljoin('https://a', '/b')", ["https://a/b"]),
        ("os.path.join('a/', 'b')", ["a/b"]),
        ("posixpath.join('a/', 'b')", ["a/b"]),
        ("posixpath.join('a/', 'b/', 'c')", []),
        ("posixpath.split('a/', 'b')", []),
        ("str('a')", ["a"]),
        ("str()", []),
        ("repr('a')", ["a"]),
        ("yarl.URL('a')", ["a"]),
        ("httpx.URL('a')", ["a"]),
        ("thing('a')", []),
        ("'a'.strip()", ["a"]),
        ("'a'.encode().decode()", ["a"]),
        ("'A'.lower()", ["A"]),
        ("'a'.title()", []),
        ("os.getenv('A', 'b')", []),
    ],
)
def test_texts_that_an_expression_may_be(code: str, texts: list[str]) -> None:
    assert told(strings.texts(term(GIVEN + code))) == tuple(texts)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("os.getenv('A', 'b')", ["b"]),
        ("os.getenv('A', default='b')", ["b"]),
        ("os.environ.get('A', 'b')", ["b"]),
        ("settings.get('A', default='b')", ["b"]),
        ("decouple.config('A', 'b')", ["b"]),
        ("decouple.config('A', default='b')", ["b"]),
        ("getattr(settings, thing, 'b')", ["b"]),
        ("Field('b')", ["b"]),
        ("Field(default='b')", ["b"]),
        ("os.getenv('A')", []),
        ("getattr(settings, thing)", []),
        ("Field()", []),
        ("settings.pull('A', 'b')", []),
        ("thing('A', 'b')", []),
        ("thing('A', default='b')", []),
        ("'a/' + os.getenv('A', 'b').strip()", ["a/b"]),
        ("'a'", ["a"]),
    ],
)
def test_texts_where_nobody_has_set_the_setting(code: str, texts: list[str]) -> None:
    assert told(strings.defaults(term(GIVEN + code))) == tuple(texts)


@pytest.mark.parametrize(
    "code",
    [
        "'a'",
        "f'{thing}'",
        "'a' if thing else None",
        "'a' if thing else False",
        "os.environ['A']",
        "os.environ.copy()['A']",
        "dotenv.dotenv_values()['A']",
        "os.getenv('A')",
        "os.environ.get('A')",
        "dotenv.dotenv_values().get('A')",
        "input()",
        "str(thing)",
        "os.getenv('A').strip()",
        "bool('a')",
    ],
)
def test_is_text_wherever_it_is_anything(code: str) -> None:
    assert strings.is_text(term(GIVEN + code))


@pytest.mark.parametrize(
    "code",
    [
        "3",
        "True",
        "None",
        "None if thing else False",
        "'a' if thing else 3",
        "thing",
        "thing.part",
        "thing['A']",
        "os.environ.part",
        "thing('A')",
        "thing.strip()",
        "bool(thing)",
        "bool('a', 'b')",
        "'a'.split()",
    ],
)
def test_may_be_something_else_than_text(code: str) -> None:
    assert not strings.is_text(term(GIVEN + code))
