"""Verbs become the text a careful person would have written, and every other byte stays."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import libcst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marks import (
    Asked,
    fixed,
    fixed_code,
    jittered,
    marked,
    new_text,
    ping_behind,
    ping_inside,
    refusal,
    removing,
    renaming,
    rounded,
    rows,
    seconds,
    spot,
    timestamp,
    to_testnet,
)

from bybit_lint.analysis.compact import compact
from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editor import Refused, edits, plan, splice
from bybit_lint.vocabulary import CallFirst, Fix, Replace, Span, Unwrap, Wrap

# --- Wrap -------------------------------------------------------------------------------------------------------------

WRAPPED = {
    "a name": ("order(qty=«qty»)\n", rounded, 'order(qty=round_qty(session, "linear", qty))\n'),
    "without other arguments": ("time.sleep(«5»)\n", jittered, "time.sleep(jitter(5))\n"),
    "with arguments behind": (
        "order(qty=«usd»)\n",
        spot,
        'order(qty=round_qty(session, "spot", usd, unit="quoteCoin"))\n',
    ),
    "beside a text with the same quotes": (
        'order("BTCUSDT", qty=«qty»)\n',
        rounded,
        'order("BTCUSDT", qty=round_qty(session, "linear", qty))\n',
    ),
    "a sum": ("time.sleep(«2 ** n + 1»)\n", jittered, "time.sleep(jitter(2 ** n + 1))\n"),
    "inside a larger expression": ("x = 2 * «n» ** 2\n", jittered, "x = 2 * jitter(n) ** 2\n"),
    "inside its own parentheses": ("x = («a + b») * 2\n", jittered, "x = (jitter(a + b)) * 2\n"),
    "several lines without own parentheses": (
        "order(\n    qty=«usd  # all of it\n        / price»,  # in coins\n)\n",
        rounded,
        'order(\n    qty=round_qty(session, "linear", usd  # all of it\n        / price),  # in coins\n)\n',
    ),
    "a backslash": ("x = «a + \\\n    b»\n", jittered, "x = jitter(a + \\\n    b)\n"),
    "texts over two lines": ('x = f(«"a"\n  "b"»)\n', jittered, 'x = f(jitter("a"\n  "b"))\n'),
    "a text that Python warns of": ("x = f(«'\\d'»)\n", jittered, "x = f(jitter('\\d'))\n"),
    "a generator as the only argument": (
        "x = sum«(n for n in sizes)»\n",
        jittered,
        "x = sum(jitter((n for n in sizes)))\n",
    ),
    "a generator with its own parentheses": (
        "x = sum(«(n for n in sizes)», 1)\n",
        jittered,
        "x = sum(jitter((n for n in sizes)), 1)\n",
    ),
    "what a star unpacks": ("print(*«sizes»)\n", jittered, "print(*jitter(sizes))\n"),
    "what two stars unpack": ("order(**«params»)\n", jittered, "order(**jitter(params))\n"),
    "a lambda": ("x = f(«lambda: 0»)\n", jittered, "x = f(jitter(lambda: 0))\n"),
    "await": ("async def f():\n    x = «await g()»\n", jittered, "async def f():\n    x = jitter(await g())\n"),
    "what is awaited": ("async def f():\n    await «g()»\n", jittered, "async def f():\n    await jitter(g())\n"),
    "yield": ("def f():\n    x = «yield 1»\n", jittered, "def f():\n    x = jitter((yield 1))\n"),
    "a walrus": ("if («n := 5»):\n    pass\n", jittered, "if (jitter(n := 5)):\n    pass\n"),
    "a choice": ("x = f(«a if b else c»)\n", jittered, "x = f(jitter(a if b else c))\n"),
    "a bare tuple": ("x = «1, 2»\n", jittered, "x = jitter((1, 2))\n"),
    "a bare tuple with a star": ("x = «*a, 2»\n", jittered, "x = jitter((*a, 2))\n"),
    "a tuple in parentheses": ("x = «(1, 2)»\n", jittered, "x = jitter((1, 2))\n"),
    "right behind a word": ("x = a if b else«-c»\n", jittered, "x = a if b else jitter(-c)\n"),
    "right behind return": ("def f():\n    return«-c»\n", jittered, "def f():\n    return jitter(-c)\n"),
    "right behind a word that is not ASCII": ("x = é or«[1]»\n", jittered, "x = é or jitter([1])\n"),
    "behind text that is not ASCII": (
        "log('naïve → 大'); order(qty=«qty»)  # ü\n",
        rounded,
        "log('naïve → 大'); order(qty=round_qty(session, \"linear\", qty))  # ü\n",
    ),
    "on a line with a form feed": ("\x0cx = «5»\n\x0c\ny = 1\n", jittered, "\x0cx = jitter(5)\n\x0c\ny = 1\n"),
    "in an f-string": ('x = f"{«5»!r:>{w}}"\n', jittered, 'x = f"{jitter(5)!r:>{w}}"\n'),
    "in an f-string with other quotes": (
        "x = f'{«qty»}'\n",
        rounded,
        "x = f'{round_qty(session, \"linear\", qty)}'\n",
    ),
    "in an f-string's format": ('x = f"{a:{«5»}}"\n', jittered, 'x = f"{a:{jitter(5)}}"\n'),
    "in an f-string with three quotes": (
        'x = f"""{«qty»}"""\n',
        rounded,
        'x = f"""{round_qty(session, "linear", qty)}"""\n',
    ),
    "in a default": ("def f(x=«5»): ...\n", jittered, "def f(x=jitter(5)): ...\n"),
    "in a decorator": ("@retry(«5»)\ndef f(): ...\n", jittered, "@retry(jitter(5))\ndef f(): ...\n"),
    "a peeled call": (
        "order(qty=«str(usd / price)»)\n",
        rounded,
        'order(qty=round_qty(session, "linear", usd / price))\n',
    ),
    "a peeled call over several lines": (
        "order(qty=«str(\n    usd\n    / price,\n)»)\n",
        rounded,
        'order(qty=round_qty(session, "linear", usd\n    / price))\n',
    ),
    "a peeled call of a generator": (
        "x = «str(n for n in m)»\n",
        rounded,
        'x = round_qty(session, "linear", (n for n in m))\n',
    ),
    "only the outer of two calls that could be peeled": (
        "x = «str(str(n))»\n",
        rounded,
        'x = round_qty(session, "linear", str(n))\n',
    ),
    "another call": ("x = «float(n)»\n", rounded, 'x = round_qty(session, "linear", float(n))\n'),
    "a call with two arguments": (
        "x = «str(n, 'utf8')»\n",
        rounded,
        "x = round_qty(session, \"linear\", str(n, 'utf8'))\n",
    ),
    "a call with a keyword": (
        "x = «str(n, errors=e)»\n",
        rounded,
        'x = round_qty(session, "linear", str(n, errors=e))\n',
    ),
    "a call with a star": ("x = «str(*n)»\n", rounded, 'x = round_qty(session, "linear", str(*n))\n'),
    "a method of that name": ("x = «a.str(n)»\n", rounded, 'x = round_qty(session, "linear", a.str(n))\n'),
}


@rows(WRAPPED, "before", "verb", "after")
def test_an_expression_is_put_into_a_call(before: str, verb: Asked, after: str) -> None:
    assert fixed_code(before, verb) == after


# --- Unwrap -----------------------------------------------------------------------------------------------------------

UNWRAPPED = {
    "a call": ("f(«round(«x * y», 2)»)\n", "f(x * y)\n"),
    "in a product": ("z = 2 * «round(«x + y», 2)»\n", "z = 2 * (x + y)\n"),
    "an f-string": ("f(«f'{«x»:.2f}'»)\n", "f(x)\n"),
    "a method": ("f(«Decimal(x).quantize(y)»)\n".replace("Decimal(x)", "«Decimal(x)»"), "f(Decimal(x))\n"),
    "a format": ("f(«'%.2f' % («x / y»)»)\n", "f(x / y)\n"),
    "over two lines": ("f(«round(\n    «x\n    + y», 2)»)\n", "f(x\n    + y)\n"),
}


@pytest.mark.parametrize(("before", "after"), UNWRAPPED.values(), ids=UNWRAPPED)
def test_a_part_takes_the_place_of_the_whole(before: str, after: str) -> None:
    source, (whole, inner) = marked(before)
    assert splice(source, edits(source, Fix("fix it", (Unwrap(whole, inner),)))).decode() == after


def test_a_part_does_not_take_a_comment_away() -> None:
    source, (whole, inner) = marked("f(«round(\n    «x»,  # coins\n    2)»)\n")
    with pytest.raises(Refused, match="a comment stands in the expression"):
        edits(source, Fix("fix it", (Unwrap(whole, inner),)))


# --- Replace ----------------------------------------------------------------------------------------------------------

REPLACED = {
    "a whole value": ("t = «int(time.time() * 1000)»\n", timestamp, "t = server_timestamp()\n"),
    "an argument": ("t = str(«int(time.time() * 1000)»)\n", timestamp, "t = str(server_timestamp())\n"),
    "a factor, with a call": ("t = 2 * «now()»\n", timestamp, "t = 2 * server_timestamp()\n"),
    "where the new operator binds tighter": (
        "t = int((«time.time()» + 10) * 1000)\n",
        seconds,
        "t = int((server_timestamp() / 1000 + 10) * 1000)\n",
    ),
    "the first factor": ("t = «time.time()» * 1000\n", seconds, "t = server_timestamp() / 1000 * 1000\n"),
    "the second factor": ("t = 1000 * «time.time()»\n", seconds, "t = 1000 * (server_timestamp() / 1000)\n"),
    "a base": ("t = «time.time()» ** 2\n", seconds, "t = (server_timestamp() / 1000) ** 2\n"),
    "what has an attribute": ("t = «time.time()».real\n", seconds, "t = (server_timestamp() / 1000).real\n"),
    "a function": ("t = «now»(1)\n", seconds, "t = (server_timestamp() / 1000)(1)\n"),
    "an argument, with an operator": (
        "t = round(«time.time()», 3)\n",
        seconds,
        "t = round(server_timestamp() / 1000, 3)\n",
    ),
    "a dict's value": ("t = {'t': «time.time()»}\n", seconds, "t = {'t': server_timestamp() / 1000}\n"),
    "an index": ("t = x[«time.time()»]\n", seconds, "t = x[server_timestamp() / 1000]\n"),
    "in an f-string": ('t = f"{«time.time()»:.3f}"\n', seconds, 't = f"{server_timestamp() / 1000:.3f}"\n'),
    "right before a word": ("t = «now()»if a else 0\n", seconds, "t = server_timestamp() / 1000 if a else 0\n"),
    "over several lines": (
        "t = «int(\n    time.time()\n    * 1000\n)»  # ms\n",
        timestamp,
        "t = server_timestamp()  # ms\n",
    ),
    "a comparison, with a choice": (
        "if «late» == 1: pass\n",
        lambda span: Replace(span, "jitter", "{}() if a else 0"),
        "if (jitter() if a else 0) == 1: pass\n",
    ),
    "a list's item, with a tuple": (
        "x = [«1»]\n",
        lambda span: Replace(span, "jitter", "{}, 1"),
        "x = [(jitter, 1)]\n",
    ),
    "with braces of its own": (
        "x = «1»\n",
        lambda span: Replace(span, "jitter", "{}({}, {'a': f'{b}'})"),
        "x = jitter({}, {'a': f'{b}'})\n",
    ),
    "without a helper": ("order('x', «1»)\n", new_text("{'a': 2}"), "order('x', {'a': 2})\n"),
    "without a helper, in what binds tighter": ("x = «a» * 2\n", new_text("b + 1"), "x = (b + 1) * 2\n"),
}


@rows(REPLACED, "before", "verb", "after")
def test_an_expression_is_replaced_and_keeps_its_meaning_for_what_stands_around_it(
    before: str, verb: Asked, after: str
) -> None:
    assert fixed_code(before, verb) == after


# --- SetArgument ------------------------------------------------------------------------------------------------------

SET = {
    "none yet": ("s = «HTTP()»\n", "s = HTTP(testnet=True)\n"),
    "one line": ("s = «HTTP(a, k=b)»\n", "s = HTTP(a, k=b, testnet=True)\n"),
    "one line with a trailing comma": ("s = «HTTP(a, k=b,)»\n", "s = HTTP(a, k=b, testnet=True,)\n"),
    "one line with blanks": ("s = «HTTP( a , b )»\n", "s = HTTP( a , b, testnet=True )\n"),
    "a last argument in parentheses": ("s = «HTTP(k=(b))»\n", "s = HTTP(k=(b), testnet=True)\n"),
    "behind a star": ("s = «HTTP(*a)»\n", "s = HTTP(*a, testnet=True)\n"),
    "another value": ("s = «HTTP(testnet=False, k=b)»\n", "s = HTTP(testnet=True, k=b)\n"),
    "another value over several lines": (
        "s = «HTTP(\n    testnet = os.getenv(\n        'TESTNET'\n    ) == '1',  # net\n    k=b\n)»\n",
        "s = HTTP(\n    testnet = True,  # net\n    k=b\n)\n",
    ),
    "a value in parentheses": ("s = «HTTP(testnet=(False))»\n", "s = HTTP(testnet=(True))\n"),
    "another value beside **": ("s = «HTTP(testnet=False, **kw)»\n", "s = HTTP(testnet=True, **kw)\n"),
    "one argument a line": (
        "s = «HTTP(\n    a,\n    k=b,\n)»\n",
        "s = HTTP(\n    a,\n    k=b,\n    testnet=True,\n)\n",
    ),
    "one argument a line, no trailing comma": (
        "s = «HTTP(\n    a,\n    k=b\n)»\n",
        "s = HTTP(\n    a,\n    k=b,\n    testnet=True\n)\n",
    ),
    "a single argument on a line": ("s = «HTTP(\n    k=b,\n)»\n", "s = HTTP(\n    k=b,\n    testnet=True,\n)\n"),
    "comments at the ends of the lines": (
        "s = «HTTP(  # the session\n    a,  # the key\n    k=b,  # the secret\n)»  # done\n",
        "s = HTTP(  # the session\n    a,  # the key\n    k=b,  # the secret\n    testnet=True,\n)  # done\n",
    ),
    "comments, no trailing comma": (
        "s = «HTTP(\n    a,  # the key\n    k=b  # the secret\n)»\n",
        "s = HTTP(\n    a,  # the key\n    k=b,  # the secret\n    testnet=True\n)\n",
    ),
    "a comment on a line of its own": (
        "s = «HTTP(\n    a,\n    k=b,\n    # nothing else\n)»\n",
        "s = HTTP(\n    a,\n    k=b,\n    # nothing else\n    testnet=True,\n)\n",
    ),
    "an indented block, with tabs": (
        "if x:\n\ts = «HTTP(\n\t\tk=b,\n\t)»\n",
        "if x:\n\ts = HTTP(\n\t\tk=b,\n\t\ttestnet=True,\n\t)\n",
    ),
    "arguments in columns": (
        "s = «HTTP(a,\n         k=b)»\n",
        "s = HTTP(a,\n         k=b, testnet=True)\n",
    ),
    "arguments in columns and a bracket below": (
        "s = «HTTP(a,\n         k=b,\n         )»\n",
        "s = HTTP(a,\n         k=b,\n         testnet=True,\n         )\n",
    ),
    "a first argument below the bracket and the rest beside it": (
        "s = «HTTP(\n    a, k=b,\n)»\n",
        "s = HTTP(\n    a, k=b, testnet=True,\n)\n",
    ),
    "a bracket behind the last argument": (
        "s = «HTTP(\n    a,\n    k=b)»\n",
        "s = HTTP(\n    a,\n    k=b, testnet=True)\n",
    ),
    "a nested call, the outer one": ("s = «wrap(HTTP(k=b))»\n", "s = wrap(HTTP(k=b), testnet=True)\n"),
    "a nested call, the inner one": ("s = wrap(«HTTP(k=b)»)\n", "s = wrap(HTTP(k=b, testnet=True))\n"),
    "text that is not ASCII": ("s = «HTTP('é', k='大')»\n", "s = HTTP('é', k='大', testnet=True)\n"),
    "a method over several lines": (
        "s = («lib\n     .HTTP(k=b)»)\n",
        "s = (lib\n     .HTTP(k=b, testnet=True))\n",
    ),
}


@rows(SET)
def test_a_call_is_given_an_argument_in_the_layout_it_has(before: str, after: str) -> None:
    assert fixed(before, to_testnet) == after


# --- RemoveArgument ---------------------------------------------------------------------------------------------------

ARGUMENT_REMOVED = {
    "the only one": ("s = «HTTP(k=b)»\n", "s = HTTP()\n"),
    "the only one, with a comma": ("s = «HTTP(\n    k=b,\n)»\n", "s = HTTP()\n"),
    "the first": ("s = «HTTP(k=b, a=1)»\n", "s = HTTP(a=1)\n"),
    "one in between": ("s = «HTTP(a, k=b,c=1)»\n", "s = HTTP(a, c=1)\n"),
    "the last": ("s = «HTTP(a, k=b)»\n", "s = HTTP(a)\n"),
    "the last, with a comma": ("s = «HTTP(a, k=b,)»\n", "s = HTTP(a,)\n"),
    "blanks": ("s = «HTTP( a, k = b )»\n", "s = HTTP( a )\n"),
    "beside **": ("s = «HTTP(*a, k=b, **c)»\n", "s = HTTP(*a, **c)\n"),
    "a value in parentheses": ("s = «HTTP(k=(b\n  + c), a=1)»\n", "s = HTTP(a=1)\n"),
    "the first line": ("s = «HTTP(\n    k=b,\n    a=1,\n)»\n", "s = HTTP(\n    a=1,\n)\n"),
    "a line in between": (
        "s = «HTTP(\n    a,  # the key\n    k=b,\n    # the rest\n    c=1,\n)»\n",
        "s = HTTP(\n    a,  # the key\n    # the rest\n    c=1,\n)\n",
    ),
    "the last line": (
        "s = «HTTP(\n    a,  # the key\n    k=b,\n)»  # done\n",
        "s = HTTP(\n    a,  # the key\n)  # done\n",
    ),
    "the last line, no trailing comma": (
        "if x:\n\ts = «HTTP(\n\t\ta,  # the key\n\t\tk=b\n\t)»\n",
        "if x:\n\ts = HTTP(\n\t\ta  # the key\n\t)\n",
    ),
    "the last line, with the bracket": ("s = «HTTP(\n    a,\n    k=b)»\n", "s = HTTP(\n    a)\n"),
    "a comment above it": (
        "s = «HTTP(\n    a,\n    # net\n    k=b,\n    c=1,\n)»\n",
        "s = HTTP(\n    a,\n    # net\n    c=1,\n)\n",
    ),
    "at the end of a line": ("s = «HTTP(a, k=b,  # both\n    c=1)»\n", "s = HTTP(a,  # both\n    c=1)\n"),
    "at the beginning of a line": ("s = «HTTP(a,\n    k=b, c=1)»\n", "s = HTTP(a,\n    c=1)\n"),
    "arguments in columns, the first": ("s = «HTTP(k=b,\n         c=1)»\n", "s = HTTP(c=1)\n"),
    "arguments in columns, the last": ("s = «HTTP(a,\n         c=1,\n         k=b)»\n", "s = HTTP(a,\n         c=1)\n"),
    "a nested call": ("s = wrap(«HTTP('é', k=b)», k=1)\n", "s = wrap(HTTP('é'), k=1)\n"),
}


@rows(ARGUMENT_REMOVED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_argument_is_taken_out_of_a_call(before: str, after: str, end: str) -> None:
    assert fixed(before.replace("\n", end), removing("k")) == after.replace("\n", end)


# --- Rename -----------------------------------------------------------------------------------------------------------

RENAMED = {
    "a keyword argument": ("order(a, k=«x», b=1)\n", "order(a, new=x, b=1)\n"),
    "blanks and a comment": ("order(\n    k = # qty\n      «x»,\n)\n", "order(\n    new = # qty\n      x,\n)\n"),
    "a value in parentheses": ("order(k=(«x + 1»))\n", "order(new=(x + 1))\n"),
    "a value that is a call of its own": ("order(k=«f(k=1)»)\n", "order(new=f(k=1))\n"),
    "a dict's entry": ('p = {"a": 1, "k": «x»}\n', 'p = {"a": 1, "new": x}\n'),
    "a dict's entry in single quotes": ("p = {'é': 1, 'k' : «x»}\n", "p = {'é': 1, 'new' : x}\n"),
    "a dict made by a call": ("p = dict(k=«x»)\n", "p = dict(new=x)\n"),
    "a dict in a dict": ("p = {'k': {'k': «x»}}\n", "p = {'k': {'new': x}}\n"),
}


@rows(RENAMED)
def test_an_entry_is_given_another_name(before: str, after: str) -> None:
    assert fixed(before, renaming("new")) == after


# --- CallFirst --------------------------------------------------------------------------------------------------------

CALLED_FIRST = {
    "with": ("«with connect() as ws:\n    ws.send(1)»\n", "with connect() as ws:\n    heartbeat(ws)\n    ws.send(1)\n"),
    "async with": (
        "async def f():\n  «async with connect(\n      url,\n  ) as ws:  # raw\n    await ws.send(1)»\n",
        (
            "async def f():\n  async with connect(\n      url,\n  ) as ws:  # raw\n"
            "    heartbeat(ws)\n    await ws.send(1)\n"
        ),
    ),
    "if": ("«if ws:\n    run(ws)\nelse:\n    stop()»\n", "if ws:\n    heartbeat(ws)\n    run(ws)\nelse:\n    stop()\n"),
    "tabs": ("if a:\n\t«with c() as ws:\n\t\tf()»\n", "if a:\n\twith c() as ws:\n\t\theartbeat(ws)\n\t\tf()\n"),
    "comments above the first statement": (
        "«with c() as ws:\n\n    # subscribe\n    # to all\n    f()»\n",
        "with c() as ws:\n\n    heartbeat(ws)\n    # subscribe\n    # to all\n    f()\n",
    ),
    "a comment above, and a blank line": (
        "«with c() as ws:\n    # it is up\n\n    f()»\n",
        "with c() as ws:\n    # it is up\n\n    heartbeat(ws)\n    f()\n",
    ),
    "a decorated function first": (
        "«with c() as ws:\n    @a\n    @b(\n        1)\n    def f(): ...»\n",
        "with c() as ws:\n    heartbeat(ws)\n    @a\n    @b(\n        1)\n    def f(): ...\n",
    ),
    "an end without a line end": ("«with c() as ws:\n    f()»", "with c() as ws:\n    heartbeat(ws)\n    f()"),
}


@rows(CALLED_FIRST)
def test_a_helper_is_called_first_in_a_block(before: str, after: str) -> None:
    assert fixed_code(before, ping_inside) == after


CALLED_BEHIND = {
    "a line": ("«ws = connect()»\nrun(ws)\n", "ws = connect()\nheartbeat(ws)\nrun(ws)\n"),
    "a comment behind it": (
        "«ws = connect()»  # raw; slow\nrun(ws)\n",
        "ws = connect()  # raw; slow\nheartbeat(ws)\nrun(ws)\n",
    ),
    "a semicolon behind it": ("«ws = connect()»;\nrun(ws)\n", "ws = connect();\nheartbeat(ws)\nrun(ws)\n"),
    "in a block": ("if a:\n    «ws = connect()»\nrun()\n", "if a:\n    ws = connect()\n    heartbeat(ws)\nrun()\n"),
    "with tabs": ("if a:\n\t«ws = connect()»\n\trun()\n", "if a:\n\tws = connect()\n\theartbeat(ws)\n\trun()\n"),
    "over several lines": (
        "if a:\n  «ws = connect(\n    url,\n  )»\n",
        "if a:\n  ws = connect(\n    url,\n  )\n  heartbeat(ws)\n",
    ),
    "at the end of a file without a line end": ("x = 1\n«ws = connect()»", "x = 1\nws = connect()\nheartbeat(ws)"),
    "a block": ("«with c() as ws:\n    f()»\nend()\n", "with c() as ws:\n    f()\nheartbeat(ws)\nend()\n"),
}


@rows(CALLED_BEHIND)
def test_a_helper_is_called_right_behind_a_statement(before: str, after: str) -> None:
    assert fixed_code(before, ping_behind) == after


# --- refusals ---------------------------------------------------------------------------------------------------------

COMMENT = "a comment stands in the expression"
BEFORE = "other code stands before the statement, on its line"
REFUSED = {
    "a comment in what is peeled": ("x = «str(\n    # all\n    n)»\n", rounded, COMMENT),
    "a comment in what is replaced": ("x = «int(\n    now()  # s\n)»\n", timestamp, COMMENT),
    "a comment in the value": ("s = HTTP(\n    «HTTP(testnet=a or  # why\n    b)»)\n", to_testnet, COMMENT),
    "a star": ("print(«*a»)\n", jittered, "the expression cannot be taken out of its place"),
    "a slice": ("x = a[«1:2»]\n", jittered, "the expression cannot be taken out of its place"),
    "a name that is assigned to": ("«x» = 1\n", jittered, "the expression cannot be taken out of its place"),
    "a span that is no node's": ("x = «a +» b\n", jittered, "what is to be changed was not found in its place"),
    "a statement where an expression should be": (
        "«pass»\n",
        jittered,
        "what is to be changed was not found in its place",
    ),
    "an expression where a call should be": (
        "x = «a»\n",
        to_testnet,
        "what is to be changed was not found in its place",
    ),
    "quotes in an f-string": (
        'x = f"{«qty»}"\n',
        rounded,
        "the expression stands in an f-string with the same quotes",
    ),
    "quotes in an f-string in an f-string": (
        "x = f\"{f'{«qty»}'}\"\n",
        rounded,
        "the expression stands in an f-string with the same quotes",
    ),
    "quotes in an f-string's format": (
        'x = f"{a:{«qty»}}"\n',
        rounded,
        "the expression stands in an f-string with the same quotes",
    ),
    "arguments that cannot be seen": (
        "s = «HTTP(**kw)»\n",
        to_testnet,
        "the arguments behind ** may set testnet already",
    ),
    "an argument that is not there": ("s = «HTTP(a, **k)»\n", removing("k"), "k is not among the arguments"),
    "a comment behind the argument": ("s = «HTTP(\n    k=b,  # b\n    c=1)»\n", removing("k"), COMMENT),
    "a comment behind the last argument": ("s = «HTTP(\n    a,\n    k=b,  # b\n)»\n", removing("k"), COMMENT),
    "a comment behind the only argument": ("s = «HTTP(\n    k=b,  # b\n)»\n", removing("k"), COMMENT),
    "a comment behind the argument before": ("s = «HTTP(a,  # a\n    k=b)»\n", removing("k"), COMMENT),
    "a comment in the argument": ("s = «HTTP(a, k=(b  # b\n))»\n", removing("k"), COMMENT),
    "a new name that is taken": ("order(k=«x», new=1)\n", renaming("new"), "new is given already"),
    "a new key that is taken": ("p = {'k': «x», 'new': 1}\n", renaming("new"), "new is given already"),
    "a new name beside **": (
        "order(k=«x», **kw)\n",
        renaming("new"),
        "the arguments behind ** may set new already",
    ),
    "a new key beside **": (
        "p = {'k': «x», **kw}\n",
        renaming("new"),
        "a key that is not written out may set new already",
    ),
    "a key that is no text": ("p = {1: «x»}\n", renaming("new"), "the key is not written as one plain text"),
    "a key in two pieces": ("p = {'a' 'b': «x»}\n", renaming("new"), "the key is not written as one plain text"),
    "a key with an escape": ("p = {'\\x6b': «x»}\n", renaming("new"), "the key is not written as one plain text"),
    "a name in letters that Python reads as others": (
        "order(\uff4b=«x»)\n",
        renaming("new"),
        "the name is not written as it is read",
    ),
    "a positional argument": ("order(«x»)\n", renaming("new"), "what is to be renamed has no name"),
    "what two stars hold": ("order(**«x»)\n", renaming("new"), "what is to be renamed has no name"),
    "a dict's key": ("p = {«'k'»: 1}\n", renaming("new"), "what is to be renamed has no name"),
    "a class's keyword": ("class A(k=«x»): ...\n", renaming("new"), "what is to be renamed has no name"),
    "a generator that leaves no place": ("s = «HTTP(a for a in b)»\n", to_testnet, "the result would not parse"),
    "a block on its header's line": ("«with c() as ws: f()»\n", ping_inside, BEFORE),
    "a block behind a backslash": ("«with c() as ws: \\\nf()»\n", ping_inside, BEFORE),
    "no block": ("«x = 1»\n", ping_inside, "the statement opens no block"),
    "a statement before it": ("a(); «ws = c()»\n", ping_behind, BEFORE),
    "a header before it": ("if a: «ws = c()»\n", ping_behind, BEFORE),
    "a statement behind it": ("«ws = c()»; a()\n", ping_behind, "other code stands behind the statement, on its line"),
    "a docstring that shares its line": (
        '"""Doc."""; sleep(«5»)\n',
        jittered,
        "the file's first statements share a line, so an import has no place",
    ),
    "a future that shares its line": (
        "from __future__ import annotations; sleep(«5»)\n",
        jittered,
        "the file's first statements share a line, so an import has no place",
    ),
    "a call right behind the last import": (
        "«import ws»\n",
        ping_behind,
        "the parts of the fix are in each other's way",
    ),
    "a new statement that is none": (
        "«x = 1»\n",
        lambda span: CallFirst(span, "heartbeat", "1 +"),
        "libcst cannot read the expression",
    ),
    "new text that is no expression": (
        "x = «a»\n",
        lambda span: Wrap(span, "jitter", ("1 +",)),
        "the result would not parse",
    ),
}


@rows(REFUSED, "code", "verb", "reason")
def test_a_fix_that_would_do_harm_is_refused_with_its_reason(code: str, verb: Asked, reason: str) -> None:
    assert refusal(code, verb) == reason


def test_a_value_that_is_nested_too_deeply_is_refused() -> None:
    assert refusal(f"x = «{'+'.join(['a'] * 1200)}»\n", jittered) == "the expression is nested too deeply"


def test_verbs_of_one_fix_that_are_in_each_others_way_are_refused() -> None:
    assert refusal("x = «a + «b»»\n", jittered, timestamp) == "the parts of the fix are in each other's way"


# --- several fixes at once --------------------------------------------------------------------------------------------


def planned(text: str, asked: Sequence[Asked]) -> tuple[str, list[int], dict[int, str], list[int]]:
    """The text after one round, and which of the fixes, one for each mark, were applied, refused and postponed."""
    source, spans = marked(text)
    fixes = [Fix("fix it", (verb(span),)) for verb, span in zip(asked, spans, strict=True)]
    result = plan(source, fixes)
    return splice(source, result.edits).decode(), result.applied, result.refused, result.postponed


def test_fixes_share_their_imports() -> None:
    text = "import os\nwait(«now()»)\norder(«a»)\norder(«b»)\nsleep(«c»)\nt = «now()»\n"
    after = (
        "import os\nfrom bybit_lint.shim import jitter, round_qty, server_timestamp\nfrom tenacity import wait_random\n"
        'wait(wait_random())\norder(round_qty(session, "linear", a))\norder(round_qty(session, "linear", b))\n'
        "sleep(jitter(c))\nt = server_timestamp()\n"
    )
    asked: list[Asked] = [lambda span: Replace(span, "wait_random", module="tenacity"), rounded, rounded, jittered]
    assert planned(text, [*asked, timestamp]) == (after, [0, 1, 2, 3, 4], {}, [])


def test_fixes_extend_one_import_together() -> None:
    text = "from bybit_lint.shim import (\n    heartbeat,\n)\norder(«a»)\nsleep(«c»)\n"
    after = (
        "from bybit_lint.shim import (\n    heartbeat,\n    jitter,\n    round_qty,\n)\n"
        'order(round_qty(session, "linear", a))\nsleep(jitter(c))\n'
    )
    assert planned(text, [rounded, jittered]) == (after, [0, 1], {}, [])


def test_a_fix_inside_another_waits_for_the_next_round() -> None:
    text = "import os\norder(«str(a * «now()»)», k=«b»)\n"
    after = (
        "import os\nfrom bybit_lint.shim import jitter, round_qty\n"
        'order(round_qty(session, "linear", a * now()), k=jitter(b))\n'
    )
    assert planned(text, [rounded, timestamp, jittered]) == (after, [0, 2], {}, [1])


def test_one_edit_that_two_fixes_ask_for_is_made_once() -> None:
    source, [span] = marked("t = «now()»\n")
    result = plan(source, [Fix("a", (timestamp(span),)), Fix("b", (timestamp(span),))])
    assert (result.applied, result.postponed) == ([0, 1], [])
    assert splice(source, result.edits) == b"from bybit_lint.shim import server_timestamp\n\nt = server_timestamp()\n"


def test_an_argument_inside_a_call_that_gets_another_one_is_fixed_in_the_same_round() -> None:
    after = "from bybit_lint.shim import jitter\n\ns = HTTP(t=jitter(5), testnet=True)\n"
    assert planned("s = «HTTP(t=«5»)»\n", [to_testnet, jittered]) == (after, [0, 1], {}, [])


def test_two_helpers_of_one_name_do_not_meet_in_one_round() -> None:
    def other(span: Span) -> Replace:
        return Replace(span, "jitter", module="other")

    after = "import os\nfrom bybit_lint.shim import jitter\na(jitter(1))\nb(c())\n"
    assert planned("import os\na(«1»)\nb(«c()»)\n", [jittered, other]) == (after, [0], {}, [1])


def test_a_refused_fix_leaves_the_others_alone() -> None:
    text = "import os\nprint(«*a»)\nsleep(«5»)\n"
    after = "import os\nfrom bybit_lint.shim import jitter\nprint(*a)\nsleep(jitter(5))\n"
    reason = "the expression cannot be taken out of its place"
    assert planned(text, [jittered, jittered]) == (after, [1], {0: reason}, [])


def test_a_fix_whose_result_would_not_parse_is_not_in_the_way_of_another() -> None:
    text = "import os\ns = «HTTP(a * «5» for a in b)»\ns = «HTTP()»\n"
    after = (
        "import os\nfrom bybit_lint.shim import jitter\ns = HTTP(a * jitter(5) for a in b)\ns = HTTP(testnet=True)\n"
    )
    assert planned(text, [to_testnet, jittered, to_testnet]) == (after, [1, 2], {0: "the result would not parse"}, [])


def test_a_fix_whose_import_has_no_place_is_not_in_the_way_of_another() -> None:
    reason = "the file's first statements share a line, so an import has no place"
    after = '"""Doc."""; sleep(5)\ns = HTTP(testnet=True)\n'
    assert planned('"""Doc."""; sleep(«5»)\ns = «HTTP()»\n', [jittered, to_testnet]) == (after, [1], {0: reason}, [])


def test_without_fixes_there_is_nothing_to_do() -> None:
    assert planned("x = 1\n", []) == ("x = 1\n", [], {}, [])


def test_libcst_reads_the_affected_expression_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = libcst.parse_expression

    def parse_expression(code: str) -> libcst.BaseExpression:
        read.append(code)
        return real(code)

    monkeypatch.setattr(libcst, "parse_expression", parse_expression)
    monkeypatch.setattr(libcst, "parse_module", lambda code: pytest.fail("a whole file was parsed"))
    fixed("import os\nbefore()\nx = 3 * («a + b»)\nafter()\n", jittered)
    assert set(read) == {"(a + b)", "(jitter(a + b))"}


# --- any expression ---------------------------------------------------------------------------------------------------

LEAVES = st.sampled_from(
    ["a", "(1)", "(-1)", "'é大'", "b'x'", "f'{a}'", "...", "a.b", "()", "[]", "{}", "1j", "('x'\n'y')"]
)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions in parentheses of their own where they need them, and often where they do not."""
    forms = [
        "({} + {})", "({}\n  if {} else {})", "(not {})", "f({}, *{})", "f({}, k={})", "({}  # note\n  or {})",
        "{}[{}]",
        "[{}, {}]", "({}, {})", "{{'k': {}, **{}}}", "(lambda x={}: {})", "(y := {})", "({} for z in {})", "{}.m({})",
        "[{} for z in {} if z]", "({} < {} < 3)", "({} ** -{})", "f({} for z in {})", "(await {})", "(yield {})",
        "str({})", "str(\n {} \n)",
    ]  # fmt: skip
    return st.sampled_from(forms).flatmap(
        lambda form: st.tuples(*[inner] * form.count("{}")).map(lambda x: form.format(*x))
    )


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=6)
PLACES = [
    "x = {}",
    "return {}",
    "f(1, {}, 2)",
    "f({})",
    "x = [{}]",
    "x = -{}",
    "x = {} ** 2",
    "f(k={})",
    "x = a if {} else 1",
]


def targets(tree: ast.AST) -> list[ast.expr]:
    """The expressions that have a value of their own and, on every Python, a place of their own."""
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {node for text in texts for node in ast.walk(text) if node is not text}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.expr) and node not in inside]
    found = [node for node in found if not isinstance(node, (ast.Starred, ast.Slice))]
    return [node for node in found if isinstance(getattr(node, "ctx", ast.Load()), ast.Load)]


@given(EXPRESSIONS, st.sampled_from(PLACES), st.sampled_from(["\n", "\r\n"]), st.data())
def test_any_expression_can_be_wrapped_and_means_what_it_meant(
    expression: str, place: str, end: str, data: st.DataObject
) -> None:
    code = f"async def f():\n\tlog('ü'); {place.format(expression)}  # é\n\nlast = 1".replace("\n", end)
    source = Source("bot.py", code.encode())
    target = data.draw(st.sampled_from(targets(source.tree.body[0])))
    span = source.span(target)
    made = edits(source, Fix("wrap", (Wrap(span, "jitter", ("s",), ("k=1",)),)))
    result = Source("bot.py", splice(source, made))

    new = [node for node in ast.walk(result.tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "jitter"]
    assert [ast.dump(call.args[1]) for call in new] == [ast.dump(target)]
    replaced = TakeOut().visit(result.tree)
    assert ast.dump(ast.Module(replaced.body[1:], [])) == ast.dump(ast.Module(source.tree.body, []))
    assert result.body.startswith(b"from bybit_lint.shim import jitter" + 2 * end.encode() + source.body[: span.start])
    assert result.body.endswith(source.body[span.end :])


class TakeOut(ast.NodeTransformer):
    """Take what was wrapped out of its call."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return node.args[1] if ast.unparse(node.func) == "jitter" else node


@given(
    EXPRESSIONS, st.sampled_from(PLACES), st.sampled_from(["{}()", "{}() / 1000", "{}() or 1", "lambda: {}"]), st.data()
)
def test_any_expression_can_be_replaced_by_any_other(
    expression: str, place: str, template: str, data: st.DataObject
) -> None:
    source = Source("bot.py", f"async def f():\n\tlog('ü'); {place.format(expression)}  # é\n".encode())
    target = data.draw(st.sampled_from(targets(source.tree.body[0])))
    span = source.span(target)
    fix = Fix("replace", (Replace(span, "jitter", template),))
    if b"#" in source.body[span.start : span.end]:
        with pytest.raises(Refused, match="a comment stands in the expression"):
            edits(source, fix)
        return
    result = Source("bot.py", splice(source, edits(source, fix)))

    new = compact(ast.parse(template.format("jitter"), mode="eval")).body
    assert ast.dump(result.tree.body[1]) == ast.dump(Put(target, new).visit(source.tree.body[0]))


class Put(ast.NodeTransformer):
    """Put one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


SEPARATORS = [", ", ",", " , ", ",\n  ", ",  # é\n  ", "\n  ,", ",\n  # own line\n  "]
ENDS = ["", ",", "\n", ",\n", " # é\n", ", # é\n", ",\n  # own line\n", " \n\n"]


@given(
    st.sampled_from(["", " ", "\n  ", "  # é\n  "]),
    st.lists(st.tuples(st.sampled_from(["a", "(b)", "*c", "f(d)", "'大'"]), st.sampled_from(SEPARATORS)), max_size=4),
    st.sampled_from(ENDS),
)
def test_a_call_in_any_layout_gets_its_argument_and_keeps_its_comments(
    opening: str, arguments: list[tuple[str, str]], ending: str
) -> None:
    inside = "".join(name + separator for name, separator in arguments)
    code = f"s = «HTTP({opening}{inside}k=1{ending})»  # done\n"
    after = fixed(code, to_testnet)

    plain = code.replace("«", "").replace("»", "")
    expected = ast.parse(plain)
    call = expected.body[0].value  # type: ignore[attr-defined] # it is an assignment of a call
    call.keywords.append(ast.keyword("testnet", ast.Constant(True)))
    assert ast.dump(ast.parse(after)) == ast.dump(expected)
    assert [line.partition("#")[2] for line in after.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in plain.splitlines() if "#" in line
    ]


@given(
    st.sampled_from(["", " ", "\n  ", "  # é\n  "]),
    st.lists(st.tuples(st.sampled_from(["a", "(b)", "*c", "'大'"]), st.sampled_from(SEPARATORS)), max_size=2),
    st.sampled_from(["k=1", "k = (1)", "k=[\n1]"]),
    st.lists(st.tuples(st.sampled_from(SEPARATORS), st.sampled_from(["d=(2)", "**e", "g='é'"])), max_size=2),
    st.sampled_from(ENDS),
)
def test_a_call_in_any_layout_loses_its_argument_and_no_comment(
    opening: str, before: list[tuple[str, str]], argument: str, behind: list[tuple[str, str]], ending: str
) -> None:
    left, right = "".join(name + separator for name, separator in before), "".join(a + b for a, b in behind)
    source, [span] = marked(f"s = «HTTP({opening}{left}{argument}{right}{ending})»  # done\n")
    result = plan(source, [Fix("remove", (removing("k")(span),))])
    after = splice(source, result.edits).decode()

    expected = ast.parse(source.body)
    call = expected.body[0].value  # type: ignore[attr-defined] # it is an assignment of a call
    if result.refused:
        assert result.refused == {0: COMMENT}
        assert b"#" in source.body[: span.end]
    else:
        call.keywords = [keyword for keyword in call.keywords if keyword.arg != "k"]
    assert ast.dump(ast.parse(after)) == ast.dump(expected)
    assert re.findall("#.*", after) == re.findall("#.*", source.body.decode())
