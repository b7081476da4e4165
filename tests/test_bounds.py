"""What stands for more than a machine can hold, and what never ends, is unknown; all else in the file is still judged.

Each piece of code is judged in a process of its own, so that one that hangs is killed and hangs no tests.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bybit_lint import checks, engine, facts
from bybit_lint.analysis import bounds
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values.memo import Memo
from bybit_lint.analysis.values.terms import Constant, Term, Unknown, alternatives, union
from bybit_lint.vocabulary import Kind, Order, Request

SECONDS, MEMORY = 30, 512 << 20
"""Of CPU time, generously: each takes less than two. Of address space, in bytes."""
HANGING = 3
"""After so many that hang the others are not tried."""

HEAD = """\
import datetime
import math
import time
import urllib.parse
from decimal import Decimal

import ccxt
import requests
import tenacity
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
"""
ORDER = 'session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty={})\n'
TAIL = ORDER.format("money / price")
URL = 'requests.get("https://api.bybit.com/v5/" + {}, timeout=3)\n'

JUDGE = """
import json, os, resource, sys
from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source

seconds, memory, most, *_ = map(int, sys.argv[1:])
rules = checks.load()
for number, code in enumerate(json.load(sys.stdin)):
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        outcome = engine.check([Source("bot.py", code.encode())], rules)
        told = sorted({f.code for f in outcome.findings}), list(outcome.problems)
        print(json.dumps([number, *told]), flush=True)
        os._exit(0)
    most -= os.waitpid(child, 0)[1] != 0
    if most == 0:
        break
"""


def doubled(first: str, joined: str, times: int = 32) -> str:
    """`v0 = first`, and so many names more, each of which is `joined` of two of the last: `{0} + {0}`."""
    return f"v0 = {first}\n" + "".join(f"v{n + 1} = {joined.format(f'v{n}')}\n" for n in range(times))


def used(code: str, name: str = "v32") -> str:
    """The code, and its last name as all kinds of things."""
    uses = ORDER.format(name), URL.format(name), f"session.get_kline(category={name}, symbol={name}, limit={name})\n"
    waits = "while True:\n    try:\n        session.get_positions(category='linear', symbol='B')\n        break\n"
    return code + "".join(uses) + f"{waits}    except Exception:\n        time.sleep({name})\n"


REFUSED_BY_THE_COMPILER = {
    "global in a module": "global session\nglobal money, session\nsession = session\n",
    "global in a module, of an import": "global requests\nimport requests\nglobal requests\nfrom pybit import *\n",
    "global in a module, of parts": "global d\nd.a = d\nd['a'] = 1\nd.update(a=1)\nd.append(d)\nglobal d\n",
    "global in a branch of a module": "if money:\n    global money\n    money += 1\n",
    "global in a loop, of its name": "for a in b:\n    global a\n",
    "global of a function in a module": "global f\ndef f():\n    return f()\n",
    "global of a walrus": "global y\n[y := 1 for x in z]\n",
    "global in a class": "class A:\n    global money\n    money = 1\n    global money\n",
    "global after use": "def f():\n    money = 1\n    global money\n    global money\n    money = 2\n",
    "global of a parameter": "def f(a):\n    global a\n    a = 1\n",
    "nested globals": "def f():\n    global a\n    def g():\n        global a\n        nonlocal b\n        a = b = 1\n",
    "nonlocal in a module": "nonlocal session\nsession = session\n",
    "nonlocal in a class": "class A:\n    nonlocal x\n    x = 1\n",
    "nonlocal without outer": "def f():\n    nonlocal y\n    y = 1\n",
    "return outside": "return session\n",
    "await outside": "await session\n[i async for i in session]\n",
    "async outside": "def f():\n    async with session as y:\n        async for i in y:\n            await i\n",
    "yield outside": "class A:\n    x = yield\nyield session\nx = yield from session\n",
    "return of a value in a generator": "async def f():\n    yield 1\n    return 2\n",
    "break outside": "break\ncontinue\n",
    "a parameter twice": "def f(a, a, *, b, **b):\n    return a\nf(1, 2)\nlambda a, a: a\n",
    "a keyword twice": "f(a=1, a=2)\nsession.get_positions(category='linear', symbol='B', symbol='C')\n",
    "a star alone": "*session\n*a, *b = session\n",
    "assignment to __debug__": "__debug__ = 1\ndef f(__debug__): pass\nf(__debug__=1)\n",
    "no such future": "from __future__ import nonsense\n",
    "star import in a function": "def f():\n    from pybit import *\n    return HTTP()\n",
    "bare except before others": "try:\n    pass\nexcept:\n    pass\nexcept ValueError:\n    pass\n",
    "a pattern that takes all": "match session:\n    case x: pass\n    case [a, *a] | {'a': 1, 'a': 2}: pass\n",
}
NUMBERS = {
    "power of powers": "(((((9**20)**20)**20)**20)**20)**20",
    "power of a power": "9**9**9",
    "power past floats": "10.5**10000",
    "negative power of zero": "0 ** -1",
    "root of a negative": "(-8) ** 0.5",
    "division by zero": "1 / 0 + 1 // 0 + 1 % 0",
    "shift": "1 << 10**10",
    "negative shift": "1 << -1",
    "infinity": "price * 1e999",
    "infinity by folding": "price * (1e308 * 10)",
    "no number": "price * (1e999 - 1e999)",
    "past floats": "price * 10**400",
    "decimals past floats": f"math.floor(price * 1{'0' * 400}) / 1{'0' * 400}",
    "decimals of infinity": "math.floor(price * 1e999) / 1e999",
    "decimals below floats": "round(price / 1e-320) * 1e-320",
    "many digits": "price * 0x" + "f" * 5000,
    "many digits as text": f"int('{'9' * 5000}')",
    "complex": "round(price * 1j) / 1j",
    "rounded to very few": "round(price, -(10**9))",
    "rounded to very many": "round(price, 0x" + "f" * 5000 + ")",
    "exponent": 'Decimal("1e999999999").quantize(Decimal("1e-99999999999999999999"))',
    "width of an f-string": "f'{price:999999999}'",
    "width past integers": f"f'{{price / 3:.{'9' * 5000}f}}'",
    "width in percent": f"'%999999999d' % 1 + '%.{'9' * 5000}f' % price",
    "width in format": f"'{{:999999999}}'.format(1) + format(price, '.{'9' * 5000}f')",
    "repeated text": "'x' * 10**10 + ('x'.ljust(10**10)).zfill(10**10).center(10**10)",
    "repeated list": "([1] * 10**10)[10**400] + (1,) * 10**12",
    "range": "list(range(10**12))[-(10**30)]",
    "slice": "'abc'[: 10**400] + price[-(10**30) : 10**30 : 10**9]",
    "character": "chr(10**10) + '\\ud800'",
    "key infinity": "d[1e999] + d.get(1e999) + {1e999: 1}[1e999]",
    "key of another kind": "d[...] + d[1j] + d[1e999j] + d[None] + d[b'a'] + d[1, 2]",
    "key of many digits": "d[0x" + "f" * 5000 + "] + d[-0x" + "f" * 5000 + "]",
}
DOUBLED = {
    "text": ("'ab'", "{0} + {0}"),
    "f-string": ("'ab'", "f'{{{0}}}{{{0}}}'"),
    "percent": ("'ab'", "'%s%s' % ({0}, {0})"),
    "format": ("'ab'", "'{{}}{{}}'.format({0}, {0})"),
    "join": ("'ab'", "''.join([{0}, {0}])"),
    "call": ("'ab'", "urllib.parse.urljoin({0}, {0})"),
    "method": ("'ab'", "{0}.strip() + {0}.encode()"),
    "choice": ("'ab'", "{0} if money else {0} + 'b'"),
    "or": ("money", "{0} or ({0} + 'x')"),
    "function": ("1.5", "(lambda z: z + z)({0})"),
    "smallest": ("1.5", "min({0}, {0} / 3)"),
    "product": ("1.5", "{0} * {0}"),
    "list": ("1.5", "[{0}, {0}]"),
    "tuple": ("1.5", "({0}, {0})"),
    "dict": ("1.5", "{{'a': {0}, 'b': {0}}}"),
    "item": ("'ab'", "{0}[{0}]"),
    "walrus": ("'ab'", "(w := {0}) + w"),
}
CIRCLES = {
    "a sum in a loop": "a = 'x'\nwhile money:\n    a = a + a\n    f(a)\n" + ORDER.format("a"),
    "functions that call each other": "def f(a):\n    return g(a) + g(a)\ndef g(a):\n    return f(a) * f(a)\n"
    + ORDER.format("f(1)"),
    "a default that is the function": "def f(a=f):\n    return a(f)\n" + ORDER.format("f()"),
    "a function given to itself": ORDER.format("(lambda x: x(x) + x(x))(lambda x: x(x) + x(x))"),
    "functions within functions": "def f(f):\n    def f(f):\n        return f(f)(f)\n    return f(f)(f)\n"
    + ORDER.format("f(f)(f)(f)"),
    "a fixed point": "Y = lambda f: (lambda x: f(x(x)))(lambda x: f(x(x)))\n"
    + ORDER.format("Y(lambda r: lambda n: r(n))(3)"),
    "classes in a circle": "class A(B):\n    pass\nclass B(A):\n    def m(self):\n        return super().m().n\n"
    + ORDER.format("A().m()"),
    "a class that is its base": "class A(A):\n    def m(self):\n        return self.m() + self.x\n"
    + ORDER.format("A().m()"),
    "decorators in a circle": "@f\ndef g(a):\n    return a\n@g\ndef f(b):\n    return g(b)\n" + ORDER.format("g(f(1))"),
    "properties in a circle": "class A:\n    @property\n    def a(self):\n        return self.b + self.b\n"
    "    @property\n    def b(self):\n        return self.a + self.a\n" + ORDER.format("A().a"),
    "a dict in itself": "d = {}\nd['a'] = d\nd.update(d)\n"
    + ORDER.format("d['a']['a']")
    + "session.place_order(**d)\n",
    "a list in itself": "x = [x]\nx.append(x)\nfor x in x:\n    x = x[0]\n" + ORDER.format("x"),
    "an object in itself": "class A:\n    def __init__(self, a):\n        self.a = A(self)\n        self.a = self.a.a\n"
    + ORDER.format("A(A(1)).a.a"),
}
LONG = {
    "thirty joins": "x = 'a'\n"
    + "".join(f"if c{n}:\n    x = x + 'a'\nelse:\n    x = 'b' + x\n" for n in range(30))
    + used("", "x"),
    "thirty functions that call twice": "def f0(a):\n    return a\n"
    + "".join(f"def f{n + 1}(a):\n    return f{n}(a) + f{n}(a)\n" for n in range(30))
    + used("", "f30(1.5)"),
    "thirty wrappers with two callers": f"def f0(a):\n    {ORDER.format('a')}"
    + "".join(f"def f{n + 1}(a):\n    f{n}(a)\n    f{n}(a)\n" for n in range(30)),
    "a thousand branches": "if y == 0:\n    x = 0\n"
    + "".join(f"elif y == {n}:\n    x = {n}\n" for n in range(1, 1000))
    + ORDER.format("x"),
    "a sum of 900": ORDER.format(" + ".join(f"a{n}" for n in range(900))),
    "500 attributes": ORDER.format("a" + ".b" * 500),
    "a sum line by line": "x = 1\n" + "x = x + y\n" * 2000 + used("", "x"),
    "a dict of 10,000 lines": "d = {\n" + "".join(f"    'k{n}': {{'qty': {n}}},\n" for n in range(10000)) + "}\n"
    "for key, value in d.items():\n    " + ORDER.format("value['qty']"),
    "a list of 10,000 lines": "d = [\n" + "".join(f"    ('k{n}', {n}),\n" for n in range(10000)) + "]\n"
    "for key, value in d:\n    " + ORDER.format("value"),
    "90 lists in each other": ORDER.format("[" * 90 + "1" + "]" * 90 + "[0]" * 90),
    "90 functions in each other": ORDER.format("lambda: " * 90 + "1"),
    "90 calls in each other": "def f(a):\n    return a + a\n" + ORDER.format("f(" * 90 + "1" + ")" * 90),
}


def entangled(head: str, first: str, second: str = "pass", times: int = 40) -> str:
    """Two functions with these bodies, each of which calls itself and the other in so many places besides."""
    turns = "    f(x)\n    g(x)\n" * times
    return f"{head}\ndef f(x):\n    {first}\n{turns}\ndef g(x):\n    {second}\n{turns}f(price)\n"


STREAM = "from pybit.unified_trading import WebSocket\nws = WebSocket(testnet=True, channel_type='linear')\n"
OPENED = "websocket.create_connection('wss://stream.bybit.com/v5/public/linear')"
ENTANGLED = {
    "waits": entangled("", "time.sleep(price)", "time.sleep(5)\n    session.get_tickers(category='spot')"),
    "a stream's callbacks": STREAM + "ws.kline_stream(5, 'BTCUSDT', lambda x: f(x))\n" + entangled("", ORDER.format(1)),
    "a callback": entangled(STREAM, ORDER.format("x['data'][0]['close']")) + "ws.kline_stream(5, 'BTCUSDT', f)\n",
    "fields of messages": entangled(STREAM, "return x['data']['b'][0], x['data']['markPrice']")
    + "ws.ticker_stream('BTCUSDT', f)\nws.orderbook_stream(50, 'BTCUSDT', f)\n",
    "a stream that the program ends behind": entangled(STREAM, "ws.ticker_stream('BTCUSDT', print)"),
    "look-ups": entangled(
        "",
        "rows = session.get_instruments_info(category='linear', symbol=x)['result']['list']\n    if not rows:\n"
        "        return 0.1\n    if money:\n        return float(rows[0]['lotSizeFilter']['qtyStep'])",
    )
    + ORDER.format("str(round(price / f(y)) * f(y))"),
    "sockets": "import websocket\n"
    f"def f():\n    if money:\n        return {OPENED}\n"
    + "    if money:\n        return f()\n    if price:\n        return g()\n" * 40
    + "def g():\n"
    + "    if money:\n        return f()\n    if price:\n        return g()\n" * 40
    + "ws = f()\nwhile True:\n    print(ws.recv())\n",
}
HEADERS = 'requests.post("https://api.bybit.com/v5/order/create", headers={}, timeout=3)\n'
WRITTEN = {
    "wait of many digits": f"@tenacity.retry(wait=tenacity.wait_fixed(0x{'f' * 5000}))\n"
    "def f():\n    session.get_tickers()\n",
    "window of many digits": HEADERS.format(
        f"{{'X-BAPI-TIMESTAMP': now, 'X-BAPI-SIGN': sign, 'X-BAPI-RECV-WINDOW': '{'9' * 3000}'}}"
    )
    + f"HTTP(testnet=True, recv_window='{'9' * 3000}')\nccxt.bybit({{'options': {{'recvWindow': '{'9' * 3000}'}}}})\n",
}
CODES = {
    **{f"refused by the compiler: {name}": code for name, code in REFUSED_BY_THE_COMPILER.items()},
    **{f"number: {name}": used("", code) for name, code in NUMBERS.items()},
    **{
        f"of a caller: {name}": f"def go(d, price):\n    {ORDER.format(code)}go(e, 1)\n"
        for name, code in NUMBERS.items()
    },
    **{f"written: {name}": code for name, code in WRITTEN.items()},
    **{f"doubled: {name}": used(doubled(*how)) for name, how in DOUBLED.items()},
    **{f"circle: {name}": code for name, code in CIRCLES.items()},
    **{f"long: {name}": code for name, code in LONG.items()},
    **{f"entangled: {name}": code for name, code in ENTANGLED.items()},
}


@pytest.fixture(scope="module")
def judged() -> dict[str, tuple[list[str], list[str]]]:
    """By name of a piece of code: the codes that are found in it, and the problems. Those that hang are not there."""
    pytest.importorskip("resource")
    codes = [HEAD + code + TAIL for code in CODES.values()]
    command = [sys.executable, "-c", JUDGE, str(SECONDS), str(MEMORY), str(HANGING)]
    run = subprocess.run(command, input=json.dumps(codes).encode(), capture_output=True, check=True)
    names = list(CODES)
    return {names[number]: told for number, *told in map(json.loads, run.stdout.splitlines())}


@pytest.mark.parametrize("name", CODES)
def test_the_mistake_behind_it_is_found(name: str, judged: dict[str, tuple[list[str], list[str]]]) -> None:
    assert name in judged, "it hangs, or takes more memory than it may, or comes after others that do"
    codes, problems = judged[name]
    assert not problems
    assert "BYB201" in codes


def test_an_endless_wait_is_left_as_it_is() -> None:
    code = (
        f"{HEAD}\n@tenacity.retry(wait=tenacity.wait_fixed({{}}))\ndef f():\n    session.get_tickers(category='spot')\n"
    )
    outcome = engine.fix([Source("bot.py", code.format("1e999").encode())], checks.load(), unsafe=True)
    assert outcome.sources[0].data == code.format("1e999").encode()
    finite = engine.fix([Source("bot.py", code.format("5").encode())], checks.load(), unsafe=True)
    assert b"wait_random(2.5, 5)" in finite.sources[0].data


FIRST = Constant("first")


class Chain:
    """Values each of which is made of the one before it, by name or by a call; the first one is known."""

    def __init__(self, *, is_of_calls: bool = False) -> None:
        self.memo = Memo(lambda term: term)
        self.is_of_calls = is_of_calls
        self.worked_out: list[int] = []

    def value(self, number: int) -> Term:
        return self.memo.once(number, self._work, number)

    def _work(self, number: int) -> Term:
        self.worked_out.append(number)
        if number == 0:
            return FIRST
        return self.memo.applied(lambda: self.value(number - 1)) if self.is_of_calls else self.value(number - 1)


@pytest.mark.parametrize(
    ("is_of_calls", "most"), [(False, bounds.MAX_NESTED_VALUES), (True, bounds.MAX_NESTED_APPLICATIONS)]
)
def test_what_is_too_far_from_one_place_is_seen_from_a_nearer_one(is_of_calls: bool, most: int) -> None:
    chain = Chain(is_of_calls=is_of_calls)
    assert isinstance(chain.value(most + 1), Unknown)
    assert chain.value(most) == FIRST
    assert chain.value(most + 1) == FIRST, "what it is made of is known by now"


def test_what_is_known_is_not_worked_out_again() -> None:
    chain = Chain()
    assert chain.value(1) == chain.value(1) == chain.value(0) == FIRST
    assert chain.worked_out == [1, 0]


def test_what_is_too_far_is_worked_out_a_few_times() -> None:
    chain, far = Chain(), bounds.MAX_NESTED_VALUES + 1
    assert all(isinstance(chain.value(far), Unknown) for _ in range(bounds.MAX_RECOMPUTATIONS + 2))
    assert chain.worked_out.count(far) == bounds.MAX_RECOMPUTATIONS


def test_what_was_given_up_far_in_is_found_from_half_as_far() -> None:
    chain, far, near = Chain(), bounds.MAX_NESTED_VALUES + 1, 10
    assert all(isinstance(chain.value(far), Unknown) for _ in range(bounds.MAX_RECOMPUTATIONS))
    just_as_far = far - near
    assert isinstance(asked_within(chain, just_as_far, near), Unknown), "nothing has come nearer"
    assert chain.worked_out.count(near) == bounds.MAX_RECOMPUTATIONS
    assert chain.value(near) == FIRST
    assert chain.worked_out.count(near) == bounds.MAX_RECOMPUTATIONS + 1


def asked_within(chain: Chain, depth: int, number: int) -> Term:
    """A value, asked for the sake of so many others."""
    if not depth:
        return chain.value(number)
    return chain.memo.once(f"within {depth}", lambda: asked_within(chain, depth - 1, number))


def test_what_is_found_inside_a_circle_is_only_a_part_of_the_truth() -> None:
    memo, one, two = Memo(lambda term: term), Constant(1), Constant(2)

    def odd() -> Term:
        return memo.once("odd", lambda: union([even(), one]))

    def even() -> Term:
        return memo.once("even", lambda: union([odd(), two]))

    assert {*alternatives(odd())} == {*alternatives(even())} == {one, two}


def test_one_value_is_made_by_so_many_calls_and_the_next_one_by_as_many() -> None:
    memo = Memo(lambda term: term)

    def made_by(calls: int) -> Term:
        return memo.applied(lambda: [memo.applied(lambda: FIRST) for _ in range(calls - 1)][-1])

    assert made_by(bounds.MAX_APPLICATIONS) == FIRST
    assert isinstance(made_by(bounds.MAX_APPLICATIONS + 1), Unknown)
    assert made_by(bounds.MAX_APPLICATIONS) == FIRST


CALL = "def call(f, x):\n    return f(x)\n"


def test_any_number_of_calls_is_followed_if_none_leads_to_another() -> None:
    orders = "".join(ORDER.format(f"call(half, price + {n})") for n in range(bounds.MAX_APPLICATIONS + 1))
    found = quantities(f"{CALL}def half(x):\n    return float(x) / 2\n{orders}")
    assert found == [[Kind.ARITHMETIC]] * (bounds.MAX_APPLICATIONS + 1)


WRAPPED = """class Desk:
    def get(self, path, params):
        return requests.get("https://api.bybit.com" + path, params=params)
"""


def test_the_callers_of_a_get_are_not_lost_among_those_of_dicts() -> None:
    """More than a bound of others are called by the same name: those that are no dict's are looked at first."""
    dicts = "rows.get('symbol')\nnames.get(key)\nnames.items()\n" * bounds.MAX_CALL_SITES
    source = Source("bot.py", f"{HEAD}{WRAPPED}{dicts}Desk().get('/v5/market/tickers', {{}})\n{dicts}".encode())
    found = [noun.endpoint for noun in facts.of(source, Project([source])) if isinstance(noun, Request)]
    assert "/v5/market/tickers" in found


def test_of_many_callers_those_that_are_near_are_asked() -> None:
    wide, deep = bounds.MAX_FAR_VIEWS - 20, 3
    lines = ["def place(qty):\n    session.place_order(category='linear', symbol='BTCUSDT', qty=qty)"]
    for n in range(wide):
        lines += [f"def near{n}(qty):\n    place(qty)", f"near{n}(price / {n + 3})"]
        lines += [f"def far{n}(qty):\n    near{n}(qty)", f"def farther{n}(qty):\n    far{n}(qty)"]
        lines += [f"farther{n}(price / {n + 3})"] * deep
    source = Source("bot.py", (HEAD + "\n".join(lines)).encode())
    found = [f for f in engine.check([source], checks.load()).findings if f.code == "BYB201"]
    told = [source.lines[finding.span.line - 1] for finding in found]
    assert sum(line.startswith("near") for line in told) == wide
    assert not any(line.startswith("farther") for line in told), "who stands behind so many near ones was asked"


FORMS = """class Api:
    def send(self, verb, path, fields, is_short=True):
        text = urlencode(fields) if verb == "get" else json.dumps(fields) if is_short else json.dumps(fields, indent=1)
        return requests.post("https://api.bybit.com" + path, data=text.encode())
    def buy(self, way, price):
        held = float(price) / 3
{0}        fields = {{"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": held}}
        self.send(way, "/v5/order/create", fields)
Api().send("get", "/v5/market/tickers", {{"category": "linear"}})
"""


def test_a_body_is_no_larger_for_the_texts_that_are_made_of_it() -> None:
    sums = "".join(f"        held += held * {n}\n" for n in range(2, 13))  # doubles each time
    code = f"import json\nfrom urllib.parse import urlencode\n{FORMS}"
    assert quantities(code.format(sums)) == [[Kind.COMPUTED]]
    assert quantities(code.format(sums * 2)) == [[Kind.UNKNOWN]], "it is too large as it is"


SIGNED = """def send(path, fields):
    sign = json.dumps(fields) + json.dumps(fields) + json.dumps(fields)
    return requests.post("https://api.bybit.com" + path, json=fields, headers={{"sign": sign}})
def dare():
    held = float(ask()) / 3
{0}    send("/v5/position/set-leverage", {{"category": "linear", "symbol": "BTCUSDT", "buyLeverage": held}})
send("/v5/position/list", {{"category": "linear"}})
"""


def test_what_is_too_large_to_be_filled_in_is_filled_in_by_no_other_caller() -> None:
    sums = "".join(f"    held += held * {n}\n" for n in range(2, 13))
    source = Source("bot.py", f"{HEAD}import json\n{SIGNED.format(sums)}".encode())
    told = [noun for noun in facts.of(source, Project([source])) if isinstance(noun, Request)]
    found = [noun.endpoint for noun in told if source.lines[noun.span.line - 1].startswith("send(")]
    assert found == ["/v5/position/list"]


def test_work_grows_no_faster_than_the_callers_of_a_wrapper_of_whom_so_many_are_looked_at() -> None:
    """Counted are the calls of Python's functions that a check takes: they do not depend on the machine."""
    _, _ = _counted(2)  # what is made once a process is made
    few, told = _counted(100)
    assert told == 100
    more, told = _counted(bounds.MAX_CALL_SITES)
    assert told == bounds.MAX_CALL_SITES
    assert more <= few * bounds.MAX_CALL_SITES / 100 * 1.15
    many, told = _counted(2_000)
    most, told_of_most = _counted(10_000)
    assert [told, told_of_most] == [bounds.MAX_CALL_SITES] * 2, "the bound is said in the README"
    assert most - many <= (many - more) * 8_000 / (2_000 - bounds.MAX_CALL_SITES) * 1.15


def _counted(callers: int) -> tuple[int, int]:
    """How many calls it takes to check a wrapper with so many callers, and of how many of them is told."""
    wrapper = "def place(qty):\n    session.place_order(category='linear', symbol='BTCUSDT', side='Buy', qty=qty)\n"
    code = HEAD + wrapper + "".join(f"place(price / {number + 3})\n" for number in range(callers))
    source, rules, calls = Source("bot.py", code.encode()), checks.load(), 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    usual = sys.getprofile()
    sys.setprofile(count)
    try:
        found = engine.check([source], rules).findings
    finally:
        sys.setprofile(usual)
    return calls, sum(finding.code == "BYB201" for finding in found)


def quantities(code: str) -> list[list[Kind]]:
    """What is known of the quantity of each order, in turn."""
    source = Source("bot.py", (HEAD + code).encode())
    orders = [noun for noun in facts.of(source, Project([source])) if isinstance(noun, Order)]
    return [[origin.kind for origin in order.arguments["qty"].value.origins] for order in orders]


@pytest.mark.parametrize("name", ["unparsed", "dumped"])
def test_many_digits_crash_neither_analysis_nor_editor(name: str) -> None:
    digits = "0x" + "f" * 5000
    code = {
        "unparsed": f"def go():\n    answer = session.get_tickers(category='spot')\n"
        f"    if answer[{digits}]:\n        return float(answer['result']['list'][{digits}]['price'] or 0)\n",
        "dumped": f"class A:\n    ws = WebSocket(testnet={digits}, channel_type='linear')\n"
        "    ws.kline_stream(7, 'B', print)\n",
    }[name]
    head = "from pybit.unified_trading import HTTP, WebSocket\nsession = HTTP(testnet=True)\n"
    outcome = engine.fix([Source("bot.py", (head + code).encode())], checks.load(), unsafe=True)
    assert not outcome.problems


@pytest.mark.parametrize("stored", ["order['a']['b'] = 1", "order[key] = 1", "order['x'].append(1)", "order[0] = 1"])
def test_whatever_is_stored_in_what_callers_pass_crashes_nothing(stored: str) -> None:
    code = f"def buy(order, key):\n    {stored}\n    session.place_order(category='linear', qty=1.5 / 3.7, **order)\n"
    outcome = engine.check([Source("bot.py", (HEAD + code).encode())], checks.load())
    assert not outcome.problems


@pytest.mark.parametrize(
    ("value", "is_bounded"),
    [
        (2**1000 - 1, True),
        (2**1000, False),
        (-(2**1000), False),
        (1.5, True),
        (float("inf"), False),
        (float("nan"), False),
        (complex("infj"), False),
        ("9" * 4000, True),
        ("9" * 4001, False),
        (b"9" * 4001, False),
        (None, True),
        (..., True),
    ],
)
def test_what_is_computed_with(value: object, is_bounded: bool) -> None:
    assert bounds.is_bounded(value) is is_bounded


def test_a_text_of_digits_is_a_number_within_bounds() -> None:
    assert [bounds.whole(text) for text in ("5000", "", "-1", "1.5", "9" * 400, "9" * 5000)] == [5000, *[None] * 5]


def test_powers_are_worked_out_within_bounds() -> None:
    assert (bounds.power(10, -3), bounds.power(2, 64), bounds.power(1.5, 2)) == (0.001, 2**64, 2.25)
    for base, exponent in ((10, 10**10), (10**300, 10), (10.5, 10**4), (2, 10**400)):
        with pytest.raises(OverflowError):
            bounds.power(base, exponent)
