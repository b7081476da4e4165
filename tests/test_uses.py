"""What becomes of a value, here of what `ask()` gives: which parts are read, asked about, or lost sight of.

`it` is the value itself and `*` any item; a part that is demanded is taken by its key, so that it has to be there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest
from evaluating import Written

from bybit_lint.analysis.bounds import MAX_CALL_SITES, MAX_KEYS, MAX_USES
from bybit_lint.analysis.flow.uses import Uses, UseTracker
from bybit_lint.analysis.values.key_paths import KeyPath

GIVEN = "import asyncio, json, logging\nfrom contextlib import contextmanager\nfrom outside import ask, other\n"


def used(code: str) -> Uses:
    bot = Written(GIVEN + code)
    (call,) = bot.calls("ask")
    return UseTracker(bot.program).of(bot.module, call)


def inside(body: str) -> str:
    """What becomes of a value that a function asks for."""
    return told(used("async def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())))


def told(uses: Uses) -> str:
    said = {
        "read": ways(uses.read),
        "demanded": ways(uses.demanded),
        "tested": ways(uses.tested),
        "words": sorted(uses.words),
        "lost": ways(uses.escaped),
        "caught": [""] * uses.is_caught,
        "shown": [""] * uses.is_shown,
    }
    return "; ".join(f"{word} {', '.join(found)}".strip() for word, found in said.items() if found)


def ways(found: Iterable[KeyPath]) -> list[str]:
    return sorted(".".join(map(str, way)) or "it" for way in found)


PARTS_THAT_ARE_TAKEN = {
    "ask()": "read it",
    "ask()['a']['b']": "read a.b; demanded a, a.b",
    "ask().get('a')": "read a",
    "ask().get('a', {}).get('b')": "read a.b",
    "ask().get()": "read it",
    "ask().pop('a')": "read a",
    "ask()[x]['a']": "read *.a; demanded *, *.a",
    "ask()[1:]['a']": "read a; demanded a, it",
    "x[ask()]": "read it; lost it",
    "del ask()['a']": "read a; demanded a; lost a",
    "for y in ask(): y['a']": "read *, *.a; demanded *.a",
    "for y in x: ask()['a']": "read a; demanded a",
    "for ask()['a'] in x: pass": "read a; demanded a; lost a",
    "[y['a'] for y in ask()['list']]": "read list.*, list.*.a; demanded list, list.*.a; lost list.*.a",
    "for k, v in ask().items(): v['a']": "read *.*, *.*.0, *.*.1, *.*.1.a; demanded *.*.1.a",
    "ask().keys()": "read *",
    "try:\n    ask()['a']\nexcept KeyError:\n    pass": "read a; demanded a; caught",
    "try:\n    ask().get('a')\nexcept KeyError:\n    pass": "read a",
    "try:\n    ask().get('a', [])[0]\nexcept IndexError:\n    pass": "read a.0; demanded a.0; caught",
    "try:\n    ask().get('a', [{}])[0]\nexcept IndexError:\n    pass": "read a.0; demanded a.0",
}


@pytest.mark.parametrize("code", PARTS_THAT_ARE_TAKEN)
def test_parts_that_are_taken(code: str) -> None:
    assert inside(code) == PARTS_THAT_ARE_TAKEN[code]


THE_VALUE_BY_OTHER_NAMES = {
    "x = ask()\nx['a']": "read a, it; demanded a",
    "x = ask()\nx = 3\nx['a']": "read it",
    "if x:\n    x = ask()\nx['a']": "read a, it; demanded a; tested it",
    "x = 3\nif x:\n    x = ask()\nx['a']": "read a, it; demanded a",
    "x: dict = ask()\nx['a']": "read a, it; demanded a",
    "x, y = ask()\nx['a']\ny['b']": "read 0, 0.a, 1, 1.b; demanded 0.a, 1.b",
    "x, y = ask(), 1\nx['a']\ny['b']": "read a, it; demanded a",
    "x = y = ask()\nx['a']": "read it; lost it",
    "x.y = ask()\nx.y['a']": "read it; lost it",
    "x['k'] = ask()\nx['k']['a']": "lost it",
    "global g\ng = ask()\ng['a']": "read it; lost it",
    "(x := ask())['a']\nx['b']": "read a, b, it; demanded a, b",
    "y = ask() if x else None\ny['a']": "read a, it; demanded a",
    "y = x or ask()\ny['a']": "read a, it; demanded a",
    "y = ask() or {}\ny['a']": "read a, it; demanded a; tested it",
    "y = ask()['a'] or {}\ny['b']": "read a, a.b; demanded a, a.b",
    "for y in ask().get('a') or []: y['b']": "read a.*, a.*.b; demanded a.*.b",
    "y = ask()['a'] or list()\nif not y: pass": "read a; demanded a; tested a",
    "y = ask()['a'] or None": "read a; demanded a",
    "y = ask()['a'] or other()": "read a; demanded a; tested a",
    "y = ask()['a'] or {} or []": "read a; demanded a",
    "y = ask()['a'] or x": "read a; demanded a; tested a",
    "y = ask()['a'] or list(x)": "read a; demanded a; tested a",
    "y = ask()['a'] or [1]": "read a; demanded a; tested a",
    "y = ask()['a'] or set()": "read a; demanded a; tested a",
    "y = ask()['a'] or tuple()": "read a; demanded a",
    "y = ask()['a'] or ()": "read a; demanded a",
    "y = ask()['a'] or 0": "read a; demanded a",
    "y = ask()['a'] or 1": "read a; demanded a; tested a",
    "y = ask()['a'] or ''": "read a; demanded a",
    "y = ask()['a'] and {}": "read a; demanded a; tested a",
    "y = ask()['a'] or {} or other()": "read a; demanded a; tested a",
    "y = ask()['a'] and []": "read a; demanded a; tested a",
    "y = await ask()\ny['a']": "read a, it; demanded a",
    "with ask() as y: y['a']": "read a, it; demanded a",
    "with ask(): pass": "read it",
    "with ask() as x.y: x.y['a']": "read it; lost it",
}


@pytest.mark.parametrize("code", THE_VALUE_BY_OTHER_NAMES)
def test_the_value_by_other_names(code: str) -> None:
    assert inside(code) == THE_VALUE_BY_OTHER_NAMES[code]


WHAT_HOLDS_THE_VALUE = {
    "[ask()][0]['a']": "read a; demanded a",
    "[ask()][1]['a']": "",
    "[ask()][-1]['a']": "read a; demanded a",
    "[1, ask()][-1]['a']": "read a; demanded a",
    "[1, ask()][-2]['a']": "",
    "[1, ask()][x]['a']": "read a; demanded a",
    "[1, ask()][0:2][0]['a']": "read a; demanded a",
    "[*x, ask()][5]['a']": "read a; demanded a",
    "[*x, ask()][-1]['a']": "read a; demanded a",
    "{ask(), 1}.pop()['a']": "read a; demanded a",
    "(1, ask())[1]['a']": "read a; demanded a",
    "y = [ask()]\ny[0] = 3": "",
    "{'k': ask()}['k']['a']": "read a; demanded a",
    "{'k': ask()}['l']['a']": "",
    "{x: ask()}['l']['a']": "read a; demanded a",
    "{**ask()}['a']": "read a; demanded a",
    "{ask(): 1}": "read it; lost it",
    "{'k': ask()['a']}['k']['b']": "read a; demanded a; lost a",
    "[ask()['a']][0]['b']": "read a; demanded a; lost a",
    "[[ask()]][0][0]['a']": "read a; demanded a",
    "[[ask()], 1][1][0]['a']": "",
    "for y in [ask()]: y['a']": "read a, it; demanded a",
    "for y in {'k': ask()}: y['a']": "",
    "for k, y in {'k': ask()}.items():\n    y['a']\n    k['b']": "read a, it; demanded a",
    "for y in {'k': ask()}.values(): y['a']": "read a, it; demanded a",
    "for y in {'k': [ask()]}.values(): y[0]['a']": "read a; demanded a",
    "for k, y in {'k': [ask()]}.items(): y[0]['a']": "read a; demanded a",
    "for y in {'k': ask()}.items():\n    y[-1]['a']\n    y[-2]['b']": "read a; demanded a",
    "y = []\nfor y in x: pass\ny.append(ask())": "lost it",
    "[ask() for y in x][0]['a']": "read a; demanded a",
    "[y['a'] for y in [ask()]]": "read a, it; demanded a; lost a",
    "[y for y in [ask()] if y['a']]": "read a, it; demanded a; tested a",
    "[ask()] == x": "",
    "y = [ask()]\ny.append(1)\ny.clear()\ny[0]['a']": "read a; demanded a",
    "y = [ask()]\ny.index(1)": "lost it",
    "y = [ask()]\nprint(y)": "shown",
    "y = {'k': ask()}\ny.keys()\ny.get('k')['a']": "read a; demanded a",
    "y = {'k': ask()}\ny.get('l')['a']": "",
    "y = [ask()]\ny.pop()['a']": "read a; demanded a",
    "y = [ask()]\ny.popleft()['a']": "read a; demanded a",
    "y = [ask()]\ny.copy()[0]['a']": "read a; demanded a",
    "next([ask()])['a']": "read a; demanded a",
    "next(ask())['a']": "read a; demanded a",
    "max([ask()], key=len)['a']": "read a; demanded a",
    "min([ask()], key=len, default=None)['a']": "read a; demanded a",
    "max([ask()])['a']": "lost it",
    "min([ask()], default=x)['a']": "lost it",
    "max({'k': ask()}, key=len)['a']": "",
    "sorted([1, ask()])[0]['a']": "read a; demanded a",
    "list([1, ask()])[0]['a']": "",
    "list([1, ask()])[1]['a']": "read a; demanded a",
    "y = []\ny.append(ask())\ny[0]['a']": "read a; demanded a",
    "y = []\ny.append(ask()['a'])\ny[0]['b']": "read a; demanded a; lost a",
    "y = {}\ny['k'] = ask()\ny['k']['a']\ny['l']['b']": "read a; demanded a",
    "x.append(ask())\nx[0]['a']": "lost it",
    "x.y.append(ask())\nx.y[0]['a']": "lost it",
    "append(ask())": "read it; lost it",
    "global g\ng = []\ng.append(ask())": "lost it",
    "y = []\nx(y)\ny.append(ask())": "lost it",
    "a, b = await asyncio.gather(ask(), other())\na['a']\nb['b']": "read a, it; demanded a",
    "a, b = await asyncio.gather(other(), ask())\na['a']\nb['b']": "read b, it; demanded b",
    "asyncio.gather(other(), x=ask())": "read it; lost it",
}


@pytest.mark.parametrize("code", WHAT_HOLDS_THE_VALUE)
def test_what_holds_the_value(code: str) -> None:
    assert inside(code) == WHAT_HOLDS_THE_VALUE[code]


CONDITIONS_ABOUT_IT = {
    "ask() or 3": "read it; tested it",
    "3 or ask()": "read it",
    "1 if ask() else 2": "read it; tested it",
    "if ask()['a']: pass": "read a; demanded a; tested a",
    "while ask()['a']: pass": "read a; demanded a; tested a",
    "assert ask()": "read it; tested it",
    "not ask()['a']": "read a; demanded a; tested a",
    "[y for y in x if ask()]": "read it; tested it",
    "ask() == 3": "read it; tested it",
    "ask()['a'] == 3": "read a; demanded a; tested a",
    "3 == ask()['a']": "read a; demanded a; tested a",
    "1 < ask()['a'] < 3": "read a; demanded a; tested a",
    "'a' in ask()": "read it; tested it; words a",
    "'a' not in ask()['b']": "read b; demanded b; tested b; words a",
    "'a' == ask()": "read it; tested it",
    "'a' in ask() in x": "read it; tested it",
    "'result' in ask()": "words result",
    "'result' in ask()['a']": "read a; demanded a; tested a; words result",
    "ask()['a'] in (1, 2)": "read a; demanded a; tested a",
    "ask()['a'] == 10006": "demanded a",
    "ask()['a'] == '10016'": "demanded a",
    "ask()['a'] != 10006": "read a; demanded a; tested a",
    "ask()['a'] in (10006, '10016')": "demanded a",
    "ask()['a'] in [10002, 1]": "read a; demanded a; tested a",
    "ask()['a'] in {10006, 10002}": "demanded a",
    "ask()['a'] in (10006, x)": "read a; demanded a; tested a",
    "ask()['a'] not in (10006, 10002)": "read a; demanded a; tested a",
}


@pytest.mark.parametrize("code", CONDITIONS_ABOUT_IT)
def test_conditions_about_it(code: str) -> None:
    assert inside(code) == CONDITIONS_ABOUT_IT[code]


NUMBERS_THAT_ARE_MADE_OF_IT = {
    "ask()['a'] + 1": "read a; demanded a",
    "ask() + 1": "read it; lost it",
    "[ask()] + x": "lost it",
    "if ask()['a'] * 2: pass": "read a; demanded a; tested a",
    "if (ask()['a'] * 2 - 1) / 3: pass": "read a; demanded a; tested a",
    "while ask()['a'] - 1: pass": "read a; demanded a; tested a",
    "y = ask()['a'] * 2\nif y: pass": "read a; demanded a; tested a",
    "y = ask()['a'] * 2\nnot y and print(y)": "read a; demanded a; tested a",
    "y = ask()['a'] * 2\nprint(y)": "read a; demanded a",
    "if float(ask()['a']): pass": "read a; demanded a; tested a",
    "if int(float(ask()['a']) + 1): pass": "read a; demanded a; tested a",
    "if float(ask()['a']) > 2: pass": "read a; demanded a",
    "if other(float(ask()['a'])): pass": "read a; demanded a",
    "float(ask())": "read it; lost it",
}


@pytest.mark.parametrize("code", NUMBERS_THAT_ARE_MADE_OF_IT)
def test_numbers_that_are_made_of_it(code: str) -> None:
    assert inside(code) == NUMBERS_THAT_ARE_MADE_OF_IT[code]


WHAT_IT_IS_ASKED_OR_GIVEN_TO = {
    "ask().status_code": "",
    "ask().text": "read it",
    "ask().text['a']": "read a; demanded a",
    "ask().json()['a']": "read a; demanded a",
    "ask().json['a']": "lost it",
    "ask()['a'].other": "demanded a; lost a",
    "ask().other": "lost it",
    "ask().other()": "read it",
    "ask().a.b": "lost it",
    "ask().append(1)": "read it; lost it",
    "ask().update(x)": "read it; lost it",
    "[ask()].append(1)": "",
    "print(ask())": "read it; shown",
    "print(ask()['a'])": "read a; demanded a",
    "logging.info('%s', ask())": "read it; shown",
    "f'{ask()}'": "read it; shown",
    "f\"{ask()['a']}\"": "read a; demanded a",
    "len(ask())": "read it; shown",
    "sorted(ask())[0]": "read 0; demanded 0",
    "json.loads(ask())['a']": "read a; demanded a",
    "json.dumps(ask())": "read it; lost it",
    "(await asyncio.wait_for(ask(), 3))['a']": "read a; demanded a",
    "other(ask())": "read it; lost it",
    "other(key=ask())": "read it; lost it",
    "other(**ask())": "read it; lost it",
    "other(*ask())": "read it; lost it",
    "return ask()": "read it; lost it",
    "lambda: ask()": "read it; lost it",
    "yield ask()['a']": "read a; demanded a; lost a",
}


@pytest.mark.parametrize("code", WHAT_IT_IS_ASKED_OR_GIVEN_TO)
def test_what_it_is_asked_or_given_to(code: str) -> None:
    assert inside(code) == WHAT_IT_IS_ASKED_OR_GIVEN_TO[code]


FUNCTIONS_THAT_TAKE_OR_RETURN_IT = {
    "def asked():\n    return ask()\nf = lambda: asked()['a']\nasked()['b']": "read a, b; demanded a, b; lost a",
    "def asked():\n    yield ask()\nfor y in asked():\n    y['a']": "read a, it; demanded a",
    "@contextmanager\ndef asked():\n    yield ask()\nwith asked() as y:\n    y['a']": "read a, it; demanded a",
    "def take(x, y, *, z=None):\n    y['a']\n    y = 3\n    z[y['b']]\ntake(1, ask())": "read a, it; demanded a",
    "def take(x, y, *, z=None):\n    y['a']\n    z['c']\ntake(1, 2, z=ask())": "read c, it; demanded c",
    "@contextmanager\ndef asked():\n    yield [ask()]\nwith asked() as y:\n    y[0]['a']": "read a; demanded a",
    "def again(y):\n    again(y)\n    y['a']\nagain(ask())": "read a, it; demanded a",
    "def take(*y):\n    y['a']\ntake(ask())": "read it; lost it",
    "def take(y):\n    if other():\n        y = 3\n    y['a']\ntake(ask())": "read a, it; demanded a",
    "class Bot:\n    def take(self, y):\n        y['a']\nBot().take(ask())": "read a, it; demanded a",
    "def f():\n    y = asyncio.to_thread(lambda: ask())\n    y['a']": "read a, it; demanded a",
    "f = lambda: ask()\nf()['a']": "read a; demanded a",
    "other(lambda: ask())['a']": "read it; lost it",
    "f = lambda y: y['a']\nf(ask())": "read a, it; demanded a",
    "y = None\ndef f():\n    global y\n    y = ask()\ndef g():\n    y['a']": "read it; lost it",
    "def f():\n    y = None\n    def g():\n        nonlocal y\n        y = ask()\n    y['a']": "read it; lost it",
    "y = ask()\ndef f():\n    y['a']": "read a, it; demanded a",
    "class Bot:\n    y = ask()\n    def f(self):\n        self.y['a']": "read it; lost it",
    "match ask():\n    case 1:\n        pass": "read it; lost it",
}


@pytest.mark.parametrize("code", FUNCTIONS_THAT_TAKE_OR_RETURN_IT)
def test_functions_that_take_or_return_it(code: str) -> None:
    assert told(used(code)) == FUNCTIONS_THAT_TAKE_OR_RETURN_IT[code]


def test_what_is_followed_has_a_bound() -> None:
    assert "lost" not in told(used("y = ask()\n" + "y\n" * (MAX_USES - 1)))
    assert "lost it" in told(used("y = ask()\n" + "y\n" * MAX_USES))
    assert "lost" not in told(used("ask()" + "['a']" * MAX_KEYS))
    assert "lost it" in told(used("ask()" + "['a']" * (MAX_KEYS + 1)))


def test_a_function_that_is_called_from_too_many_places_is_followed_to_none() -> None:
    asking = "def asked():\n    return ask()\n\n"
    assert "lost" not in told(used(asking + "asked()\n" * (MAX_CALL_SITES - 1)))
    assert "lost it" in told(used(asking + "asked()\n" * MAX_CALL_SITES))


def test_where_a_part_is_taken_first() -> None:
    taken = used("y = ask()\ny['a']\ny['a']['b']\ny.get('a')\n").taken
    assert {way: site.node.lineno - GIVEN.count("\n") - 1 for way, site in taken.items()} == {("a",): 2, ("a", "b"): 3}


def test_the_functions_that_return_it_are_told_innermost_first() -> None:
    code = "def inner():\n    return ask()\ndef outer():\n    return inner()\nouter()['a']\n"
    assert [getattr(function, "name", "") for function in used(code).returned] == ["inner", "outer"]


def test_a_function_of_the_route_returns_it_to_that_one_caller() -> None:
    bot = Written(GIVEN + "def asked():\n    return ask()\nasked()['a']\nasked()['b']\n")
    (call,), first = bot.calls("ask"), min(bot.calls("asked"), key=lambda asked: asked.lineno)
    function = bot.module.names.scope(call).node
    assert isinstance(function, ast.FunctionDef)
    uses = UseTracker(bot.program, {function: bot.at(first).site}).of(bot.module, call)
    assert (told(uses), uses.returned) == ("read a; demanded a", [])
