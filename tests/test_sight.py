"""How far the tool sees: each reason why a link of a call's chain is not known, beside the same bot where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bybit_lint import facts
from bybit_lint.analysis import bounds
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.inputs import config
from bybit_lint.vocabulary.sight import Blind, Candidate, Foreign, Gap, Link, Seen

HTTP = "from pybit.unified_trading import HTTP\n"
SESSION = HTTP + "session = HTTP(testnet=True)\n"
ORDER = 'place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty='

BUYING = "class Bot:\n    def buy(self, client):\n        client.get_positions()\n"
HOLDING = "    def buy(self):\n        self.client.get_positions()\n"
ASKING = "import requests\ndef ask(path):\n    return requests.get('https://api.bybit.com' + path)\n"
UNCALLED = "it is a parameter of a function that nobody is seen to call"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with no config remembered."""
    config.forget()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def candidates(code: str, path: str = "bot.py", **others: str) -> list[Candidate]:
    """The candidates of one file, which may have others beside it."""
    sources = [Source(name, f"# bybit\n{text}".encode()) for name, text in {path: code, **others}.items()]
    part = next(part for part in Project(sources).parts if path in part.modules)
    return facts.candidates(sources[0], part)


def only(code: str) -> Candidate:
    (found,) = [one for one in candidates(code) if one.foreign is None]
    return found


def link(code: str, wanted: Link, name: str = "") -> Seen:
    (found,) = [seen for seen in only(code).links if seen.link is wanted and (not name or seen.name == name)]
    return found


def gap(code: str, wanted: Link, name: str = "") -> Gap | None:
    blind = link(code, wanted, name).blind
    return blind and blind.gap


def passed_on(times: int) -> str:
    """A client that so many functions hand to the next one before it is asked."""
    outer = "".join(f"def buy{i + 1}(client):\n    buy{i}(client)\n" for i in range(times))
    return f"def buy0(client):\n    client.get_positions()\n{outer}buy{times}(session)\n"


RECEIVERS: dict[str, tuple[Gap, str, str]] = {
    "a parameter of a function nobody calls": (
        Gap.UNCALLED,
        "def buy(client):\n    client.get_positions()\n",
        SESSION + "def buy(client):\n    client.get_positions()\nbuy(session)\n",
    ),
    "a function called on something that is not known": (
        Gap.UNRESOLVED_CALLERS,
        BUYING + "def run(bot, client):\n    bot.buy(client)\n",
        SESSION + BUYING + "Bot().buy(session)\n",
    ),
    "a function that a library calls": (
        Gap.CALLBACK,
        "import schedule\ndef buy(client):\n    client.get_positions()\nschedule.every().day.do(buy)\n",
        SESSION + "import schedule\ndef buy():\n    session.get_positions()\nschedule.every().day.do(buy)\n",
    ),
    "a parameter that is left to its caller": (
        Gap.UNPASSED,
        "def buy(symbol, *, client):\n    client.get_positions()\nbuy('BTCUSDT', **settings)\n",
        SESSION + "def buy(symbol, *, client):\n    client.get_positions()\nbuy('BTCUSDT', client=session)\n",
    ),
    "all that is given": (
        Gap.SPREAD,
        "def buy(**all):\n    all['client'].get_positions()\n",
        SESSION + "def buy(**all):\n    session.get_positions()\n",
    ),
    "a constructor nobody calls": (
        Gap.UNMADE,
        "class Bot:\n    def __init__(self, client):\n        self.client = client\n" + HOLDING,
        SESSION
        + "class Bot:\n    def __init__(self, client):\n        self.client = client\n"
        + HOLDING
        + "Bot(session)\n",
    ),
    "an attribute that nobody assigns": (
        Gap.UNASSIGNED,
        "class Bot:\n" + HOLDING,
        HTTP + "class Bot:\n    def start(self):\n        self.client = HTTP(testnet=True)\n" + HOLDING,
    ),
    "None": (
        Gap.NOTHING,
        "client = None\ndef buy():\n    client.get_positions()\n",
        HTTP + "client = None\ndef start():\n    global client\n    client = HTTP(testnet=True)\ndef buy():\n"
        "    client.get_positions()\n",
    ),
    "an annotation that says nothing": (
        Gap.ANNOTATED,
        "from typing import Any\nclass Bot:\n    client: Any\n" + HOLDING,
        HTTP + "class Bot:\n    client = HTTP(testnet=True)\n" + HOLDING,
    ),
    "a method that is only declared": (
        Gap.DECLARED,
        "class Client:\n    def get_positions(self): ...\ndef buy(client: Client):\n    client.get_positions()\n",
        HTTP + "def buy(client: HTTP):\n    client.get_positions()\n",
    ),
    "what an external function returns": (
        Gap.RETURNED,
        "import desk\ndesk.client().get_positions()\n",
        HTTP + "def client():\n    return HTTP(testnet=True)\nclient().get_positions()\n",
    ),
    "what is taken from a library": (
        Gap.LIBRARY,
        "import desk\ndesk.client.get_positions()\n",
        HTTP + "import desk\nHTTP(testnet=desk.is_test).get_positions()\n",
    ),
    "a client without a model": (
        Gap.UNMODELLED,
        "import bybit\nbybit.desk(testnet=True).get_open_orders()\n",
        "import bybit_p2p\nbybit_p2p.P2P(testnet=True).get_orders()\n",
    ),
    "a class that is chosen": (
        Gap.DYNAMIC,
        "import ccxt\ndef buy(name):\n    getattr(ccxt, name)().fetch_positions()\n",
        "import ccxt\ngetattr(ccxt, 'bybit')().fetch_positions()\n",
    ),
    "an unknown key": (
        Gap.CONTAINER,
        SESSION + "clients = {}\ndef buy(name):\n    clients[name].get_positions()\n",
        SESSION + "clients = {'a': session}\ndef buy():\n    clients['a'].get_positions()\n",
    ),
    "a key that is not there": (
        Gap.ABSENT,
        SESSION + "clients = {'a': session}\nclients['b'].get_positions()\n",
        SESSION + "clients = {'b': session}\nclients['b'].get_positions()\n",
    ),
    "a name that nobody binds": (
        Gap.UNBOUND,
        "client.get_positions()\n",
        SESSION + "client = session\nclient.get_positions()\n",
    ),
    "an expression that is not followed": (
        Gap.EXPRESSION,
        SESSION + "(1 and session).get_positions()\n",
        SESSION + "(None or session).get_positions()\n",
    ),
    "a method that is handed on": (
        Gap.HANDED,
        SESSION + "def again(do):\n    return do\nagain(session.get_positions)\n",
        SESSION + "import asyncio\nasyncio.to_thread(session.get_positions)\n",
    ),
    "a parameter that many functions pass on": (
        Gap.BOUND,
        SESSION + passed_on(times=7),
        SESSION + passed_on(times=2),
    ),
    "an object of no class that is known": (
        Gap.RETURNED,
        "object().get_positions()\n",
        HTTP + "HTTP(testnet=True).get_positions()\n",
    ),
    "what is only said to be of a type": (
        Gap.ANNOTATED,
        "import typing\ndef buy(rows):\n    typing.cast(dict, rows)['a'].get_positions()\n",
        HTTP + "def buy(client: HTTP):\n    client.get_positions()\n",
    ),
    "an exchange that may be any": (
        Gap.ANNOTATED,
        "import ccxt\nccxt.Exchange().fetch_positions()\n",
        "import ccxt\nccxt.bybit().fetch_positions()\n",
    ),
    "a function that does not send": (
        Gap.UNSENT,
        "import desk\ndef ask(path):\n    return desk.http.get(path)\nask('/v5/order/create')\n",
        ASKING + "ask('/v5/market/tickers')\n",
    ),
}


@pytest.mark.parametrize("case", RECEIVERS)
def test_why_a_receiver_is_not_known(case: str) -> None:
    reason, blind, seeing = RECEIVERS[case]
    assert gap(blind, Link.RECEIVER) is reason
    seen = [one for one in candidates(seeing) if one.foreign is None]
    assert [one.links[0].is_known for one in seen] == [True] * len(seen) != []


WHOSE: dict[str, Gap | Foreign] = {
    "buy = lambda client: client.get_positions()": Gap.CALLBACK,
    "class Bot:\n    pass\nBot.client.get_positions()": Gap.UNASSIGNED,
    "class Bot:\n    other: int\n    def buy(self):\n        self.client.get_positions()": Gap.UNASSIGNED,
    "class Bot:\n    client: int\n    def buy(self):\n        self.client.get_positions()": Gap.ANNOTATED,
    "class Bot:\n    def buy(self):\n        self['client'].get_positions()": Gap.CONTAINER,
    "class Bot:\n    @property\n    def buy(self):\n        self.client.get_positions()": Gap.UNASSIGNED,
    "def buy(clients):\n    for client in clients:\n        client.get_positions()": Gap.UNCALLED,
    "import desk\nfor client in [desk.client]:\n    client.get_positions()": Gap.LIBRARY,
    "import requests\nrequests.get('https://a.example').get_positions()": Gap.ANSWER,
    "def buy(client):\n    client.strip().get_positions()": Gap.UNCALLED,
    "def buy(client):\n    abs(client).get_positions()": Gap.UNCALLED,
    "def buy(client):\n    (client + 1).get_positions()": Foreign.VALUE,
    "def buy(client):\n    f'{client}'.get_positions()": Foreign.VALUE,
    "'a'.get_positions()": Foreign.VALUE,
    "class get_positions:\n    pass\nget_positions()": Foreign.OWN,
    "class Bot:\n    @staticmethod\n    def buy(client):\n        client.get_positions()": Gap.UNCALLED,
    "import desk\n@desk.on('a')\ndef buy(client):\n    client.get_positions()": Gap.CALLBACK,
    "def buy(client):\n    client.get_positions()\nkept = buy": Gap.UNCALLED,
    f"{BUYING}    def run(self, given):\n        given(self.buy)": Gap.CALLBACK,
    "def buy(client=None):\n    client.get_positions()\nbuy()": Gap.NOTHING,
    "def buy(client):\n    client.get_positions()\nbuy(None)": Gap.NOTHING,
    "class Client:\n    def get_positions(self):\n        return 1\nClient().get_positions()": Foreign.OWN,
    "class Client:\n    def get_positions(self):\n        'Ask.'\nClient().get_positions()": Gap.DECLARED,
    "class Client:\n    def get_positions(self):\n        raise OSError\nClient().get_positions()": Gap.DECLARED,
    "def get_positions():\n    pass\nget_positions()": Foreign.OWN,
    "def buy(client):\n    client.get_positions()\nclass Desk:\n    def buy(self): pass\nDesk().buy()": Gap.UNCALLED,
    "import desk\ndef buy(client):\n    client.get_positions()\ndesk.buy(1)": Gap.UNCALLED,
    "def buy(client):\n    client.get_positions()\ndef run(desk):\n    desk.buy(1)": Gap.UNRESOLVED_CALLERS,
    "class Client:\n    get_positions = lambda self: 3\nClient().get_positions()": Foreign.OWN,
    "import binance\nbinance.Client().get_open_orders()": Foreign.EXCHANGE,
    "import alpaca\nalpaca.Client().place_order()": Foreign.LIBRARY,
    "import time\ntime.place_order()": Foreign.LIBRARY,
    "import desk\ndesk.get('/v5/order/create')": Gap.UNMODELLED,
    "import os\nos.environ.get('/v5/order/create')": Foreign.LIBRARY,
    "held = {}\nheld.get('/v5/order/create')": Foreign.VALUE,
    "def ask(path):\n    inner(path)\ndef inner(path):\n    x.post(path)\nask('/v5/order/create')": Gap.UNSENT,
    "def ask(path):\n    inner(path)\ndef inner(path):\n    ask(path)\nask('/v5/order/create')": Foreign.OWN,
}


@pytest.mark.parametrize("code", WHOSE)
def test_whose_a_call_is_or_why_nobody_knows(code: str) -> None:
    found = [one.foreign or (one.links[0].blind and one.links[0].blind.gap) for one in candidates(f"{code}\n")]
    assert found[:1] == [WHOSE[code]]


def test_the_links_behind_an_unknown_receiver_are_lost_for_the_same_reason() -> None:
    found = only(f"def buy(client):\n    client.{ORDER}1)\n".replace('category="linear", ', ""))
    assert {seen.link for seen in found.links} == {Link.RECEIVER, Link.ENDPOINT, Link.NETWORK, Link.QUANTITY}
    assert {seen.blind and seen.blind.sentence for seen in found.gaps()} == {
        "`client` is a parameter of a function that nobody is seen to call"
    }


def test_a_parameter_that_only_a_test_passes() -> None:
    code = "class Bot:\n    def buy(self, client):\n        client.get_positions()\n"
    test = "import pytest\nfrom bot import Bot\ndef test_buy():\n    Bot().buy(None)\n"
    found = [one.links[0].blind for one in candidates(code, **{"test_bot.py": test})]
    assert [blind and blind.gap for blind in found] == [Gap.TESTED]


def test_a_name_that_is_not_in_the_file_it_is_imported_from() -> None:
    code = "from desk import client\nclient.get_positions()\n"
    (unseen,) = candidates(code, **{"desk.py": "x = 1\n"})
    assert unseen.links[0].blind == Blind(Gap.NOT_IN_MODULE)
    (seen,) = candidates(code, **{"desk.py": SESSION + "client = session\n"})
    assert seen.links[0].is_known


def test_a_name_of_a_file_that_does_not_parse() -> None:
    (found,) = candidates("from desk import client\nclient.get_positions()\n", **{"desk.py": "def (\n"})
    assert found.links[0].blind == Blind(Gap.UNREADABLE)


def test_a_file_that_is_not_found_where_it_is_imported_from() -> None:
    code = "from desk.client import Client\nClient().get_positions()\n"
    (unseen,) = candidates(code, **{"other/desk/client.py": f"{HTTP}class Client(HTTP): pass\n"})
    assert unseen.links[0].blind == Blind(Gap.MISPLACED, "desk.client.Client().get_positions")
    (seen,) = candidates(code, **{"desk/client.py": f"{HTTP}class Client(HTTP): pass\n"})
    assert seen.links[0].is_known


NUMBERS: dict[str, tuple[Gap | None, str]] = {
    "a parameter": (Gap.UNCALLED, SESSION + f"def buy(size):\n    session.{ORDER}size)\n"),
    "a parameter that is passed": (None, SESSION + f"def buy(size):\n    session.{ORDER}size)\nbuy(10 / 3)\n"),
    "arithmetic, whatever it is made of": (None, SESSION + f"def buy(usd, at):\n    session.{ORDER}usd / at)\n"),
    "a setting": (None, SESSION + f"import os\nsession.{ORDER}os.environ['SIZE'])\n"),
    "a library": (Gap.RETURNED, SESSION + f"import desk\nsession.{ORDER}desk.size())\n"),
    "what is typed in": (None, SESSION + f"session.{ORDER}float(input()))\n"),
    "a field": (
        Gap.FIELD,
        SESSION + "from pydantic import BaseModel, Field\nclass Deal(BaseModel):\n    size: float = Field(gt=0)\n"
        f"session.{ORDER}Deal().size)\n",
    ),
    "an answer of the web's": (
        None,
        SESSION + f"import requests\nsession.{ORDER}requests.get('https://a.example').json()['size'])\n",
    ),
    "an answer of the client's": (None, SESSION + f"session.{ORDER}session.get_positions()['result']['size'])\n"),
    "what may stay on the grid": (
        Gap.UNDECIDED,
        SESSION + f"import os\nsession.{ORDER}os.getenv('A') + os.getenv('B'))\n",
    ),
    "a file": (None, SESSION + f"import json\nsession.{ORDER}json.load(open('a.json'))['size'])\n"),
    "a file that is decoded": (
        None,
        SESSION + f"import json\nsession.{ORDER}json.loads(open('a.json').read())['size'])\n",
    ),
    "a row of a database": (
        None,
        SESSION + f"import sqlite3\nsession.{ORDER}sqlite3.connect('a').execute('select 1').fetchone()[0])\n",
    ),
    "a module that stays with its owner": (None, SESSION + f"from config import SIZE\nsession.{ORDER}SIZE)\n"),
    "what a library makes a text of": (
        Gap.UNCALLED,
        SESSION + f"import json\ndef buy(n):\n    session.{ORDER}json.dumps(n))\n",
    ),
    "a module that is another's": (Gap.LIBRARY, SESSION + f"from desk import SIZE\nsession.{ORDER}SIZE)\n"),
    "a message to a handler": (
        None,
        SESSION + f"import telebot\nbot = telebot.TeleBot('')\n@bot.message_handler()\ndef buy(message):\n"
        f"    session.{ORDER}float(message.text))\n",
    ),
    "a message to a lambda": (
        None,
        SESSION + "from pybit.unified_trading import WebSocket\n"
        f"def buy(message):\n    session.{ORDER}float(message['size']))\n"
        "WebSocket(testnet=True, channel_type='private').order_stream(lambda message: buy(message))\n",
    ),
    "a message to a lambda of the bot's": (
        Gap.CALLBACK,
        SESSION + f"def later(do):\n    return do\nlater(lambda message: session.{ORDER}float(message['size'])))\n",
    ),
    "what only a call gives that Python takes": (
        None,
        SESSION + f"class Bybit:\n    def buy(self, size):\n        session.{ORDER}size)\n"
        "class Other:\n    def buy(self, qty):\n        pass\n"
        "def trade(kind, qty):\n    desk = Bybit() if kind else Other()\n"
        "    desk.buy(qty=qty)\n    desk.buy(size=10 / 3)\ntrade(1, 5)\n",
    ),
    "a part of what was kept before": (
        None,
        SESSION + "import json\nstates = {}\ndef load(symbol):\n    try:\n"
        "        states[symbol] = json.load(open(symbol))\n    except OSError:\n"
        "        states[symbol] = states.get(symbol, {'size': 0.5})\n"
        f"def buy(symbol):\n    session.{ORDER}states[symbol]['size'])\n",
    ),
    "what a method keeps beside what is in a file": (
        None,
        SESSION + "import json\nclass Book:\n    def __init__(self):\n        self.held = {}\n"
        "    def load(self, symbol):\n        self.held[symbol] = json.load(open(symbol))\n"
        "    def keep(self, symbol, size):\n        self.held[symbol] = {'size': size}\n"
        f"    def close(self, symbol):\n        session.{ORDER}self.held[symbol]['size'])\n"
        "book = Book()\nbook.keep('BTCUSDT', 10 / 3)\nbook.close('BTCUSDT')\n",
    ),
    "what the client of before V5 gives": (
        None,
        SESSION + "import bybit\nold = bybit.bybit(test=True)\n"
        f"session.{ORDER}old.Positions.Positions_myPosition().result()[0]['size'])\n",
    ),
    "a parameter of a decorated function of the bot's": (
        Gap.CALLBACK,
        SESSION + f"def twice(do):\n    return do\n@twice\ndef buy(message):\n    session.{ORDER}message)\n",
    ),
    "one of two that are told": (
        None,
        SESSION + f"import json\nd = json.load(open('a'))\nsession.{ORDER}d['a'] if d['b'] else float(input()))\n",
    ),
    "one of two that is not": (
        Gap.UNCALLED,
        SESSION + f"import json\ndef buy(size):\n    session.{ORDER}json.load(open('a'))['b'] if size else size)\n",
    ),
    "what is inside a text with a format": (
        Gap.UNCALLED,
        SESSION + f"def buy(size):\n    session.{ORDER}f'{{size:f}}')\n",
    ),
    "what is inside a conversion": (Gap.UNCALLED, SESSION + f"def buy(size):\n    session.{ORDER}str(float(size)))\n"),
    "the smaller of two": (Gap.UNCALLED, SESSION + f"def buy(size):\n    session.{ORDER}min(size, 5))\n"),
    "a text without its spaces": (Gap.UNCALLED, SESSION + f"def buy(size):\n    session.{ORDER}size.strip())\n"),
    "a number without its sign": (Gap.UNCALLED, SESSION + f"def buy(size):\n    session.{ORDER}abs(size))\n"),
    "what a library makes of a number": (
        Gap.RETURNED,
        SESSION + f"import desk\ndef buy(size):\n    session.{ORDER}desk.fit(size))\n",
    ),
    "what numpy makes of a number": (
        None,
        SESSION + f"import numpy\ndef buy(n):\n    session.{ORDER}numpy.floor(n))\n",
    ),
    "a size or nothing": (Gap.UNCALLED, SESSION + f"def buy(size):\n    session.{ORDER}size if size else None)\n"),
    "one of two settings": (
        None,
        SESSION + f"import os\nn = os.getenv('A') if os.getpid() else os.getenv('B')\nsession.{ORDER}n)\n",
    ),
    "the largest of several in a database": (
        None,
        SESSION + f"import redis\nrows = [float(redis.Redis().get(k)) for k in 'ab']\nsession.{ORDER}max(rows) + 1)\n",
    ),
    "the largest of several that nobody passes": (
        Gap.UNCALLED,
        SESSION + f"def buy(a, b):\n    session.{ORDER}max([a, b]))\n",
    ),
    "what ccxt fits": (
        None,
        "import ccxt\ndef buy(n):\n    ccxt.bybit().create_order('BTC/USDT', 'market', 'buy', n)\n",
    ),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_why_a_quantity_is_not_known(case: str) -> None:
    reason, code = NUMBERS[case]
    lines = [one for one in candidates(code) for seen in one.links if seen.link is Link.QUANTITY]
    found = [seen.blind and seen.blind.gap for one in lines for seen in one.links if seen.link is Link.QUANTITY]
    assert found == [reason]


def test_a_quantity_that_one_of_two_callers_is_known_to_pass() -> None:
    code = SESSION + f"def buy(size):\n    session.{ORDER}size)\nbuy(held / 3)\ndef all_in(size):\n    buy(size)\n"
    seen = link(code, Link.QUANTITY)
    assert (seen.is_partly_known, seen.found) == (True, ("float arithmetic",))


def test_a_function_that_calls_itself_once_more_hides_nobody() -> None:
    again = "def ask(path, body, again=True):\n"
    again += "    answer = requests.post('https://api.bybit.com' + path, json=body).json()\n"
    again += "    return ask(path, body, False) if again and answer['retCode'] == 10002 else answer\n"
    calls = "def buy(size, price=None):\n    ask('/v5/order/create', {'qty': size, 'price': price})\nbuy(10 / 3)\n"
    found = [seen for one in candidates(f"import requests\n{again}{calls}") for seen in one.links]
    assert [seen.blind for seen in found if seen.link in (Link.QUANTITY, Link.PRICE)] == [None] * 4
    other = [seen for one in candidates(f"import requests\n{again}{calls}buy(size)\n") for seen in one.links]
    assert [seen.is_known for seen in other if seen.link is Link.QUANTITY] == [False] * 2


AGAIN = """import requests
def ask(verb, path, body, again=True):
    verb = verb.upper()
    answer = requests.request(verb, 'https://api.bybit.com' + path, json=body).json()
    return ask(verb, path, {}, False) if again and answer['retCode'] == 10002 else answer
def buy(size):
    ask('post', '/v5/order/create', {{'orderType': 'Market', 'qty': size}})
buy(10 / 3)
"""


@pytest.mark.parametrize(("given", "is_known"), [("body", True), ("{**body, 'qty': more}", False)])
def test_who_tries_again_with_what_it_was_given_is_none_of_the_callers_that_are_asked(
    given: str, is_known: bool
) -> None:
    others = (f"ask('get', '/v5/market/tickers', {{'symbol': 'A{n}'}})\n" for n in range(bounds.MAX_FAR_VIEWS))
    found = [seen for one in candidates(AGAIN.format(given) + "".join(others)) for seen in one.links]
    assert {seen.is_known for seen in found if seen.link is Link.QUANTITY} == {is_known}


LEFT_OUT = """import requests
def buy(size, price=None, **options):
    order = {{"orderType": size.kind, "qty": "1"}}
    if price:
        order["price"] = str(price)
    requests.post("https://api.bybit.com/v5/order/create", json=order, **options)
buy(size{0})
"""


def test_a_price_that_no_caller_passes_is_left_out() -> None:
    prices = [seen for seen in only(LEFT_OUT.format("")).links if seen.link is Link.PRICE]
    assert [(seen.found, seen.blind) for seen in prices] == [(("constant",), None)]
    assert gap(LEFT_OUT.format(", at"), Link.PRICE) is Gap.UNBOUND


BODY = """import requests
class Api:
    def send(self, path, body=None, signed=False):
        if signed:
            body = body or {{}}
            body["timestamp"] = 1
        requests.post("https://api.bybit.com" + path, json=body)
    def buy(self, size, price=None, **more):
        order = {{"symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": {0}}}
        if price:
            order["price"] = str(price)
        self.send("/v5/order/create", order, signed=True)
Api().buy(held)
"""


def test_a_body_that_something_is_added_to_on_one_way_keeps_its_numbers() -> None:
    found = [seen for one in candidates(BODY.format("size / 7")) for seen in one.links if seen.link is Link.QUANTITY]
    assert {(seen.found, seen.blind) for seen in found} == {(("float arithmetic",), None)}
    other = [seen for one in candidates(BODY.format("more['qty']")) for seen in one.links]
    assert {seen.is_known for seen in other if seen.link is Link.QUANTITY} == {False}


DISPATCH = """def buy(plan):
    session.{0}plan['size'])
def look(plan):
    print(plan)
def run(plan):
    ways = {{'buy': buy, 'look': look}}
    ways[plan['do']](plan)
"""


@pytest.mark.parametrize(
    ("made", "words"), [("round(quantity, 3)", ["rounded to a fixed number of decimals"]), ("quantity", [])]
)
def test_a_quantity_is_known_to_whom_nothing_is_left_to_tell(made: str, words: list[str]) -> None:
    order = f"def trade(symbol, side, quantity):\n    quantity = {made}\n    session.{ORDER}quantity)\n"
    caller = "def close(rows):\n    trade(symbol='BTCUSDT', side='Buy', quantity=rows.size)\n"
    outer = candidates(SESSION + order + caller)[-1]
    (seen,) = [link for link in outer.links if link.link is Link.QUANTITY]
    assert [*seen.found] == words
    assert (seen.blind is None) == bool(words)


def test_whoever_has_not_what_an_order_asks_for_sends_none() -> None:
    code = SESSION + DISPATCH.format(ORDER) + "run({'do': 'look'})\n"
    assert gap(code, Link.QUANTITY) is Gap.ABSENT
    seen = link(f"{code}run({{'do': 'buy', 'size': 10 / 3}})\n", Link.QUANTITY)
    assert (seen.found, seen.blind) == (("constant",), None)


def test_an_order_whose_arguments_are_spread_lacks_its_numbers() -> None:
    code = SESSION + "def buy(order):\n    session.place_order(**order)\n"
    assert gap(code, Link.QUANTITY) is gap(code, Link.PRICE) is Gap.UNCALLED
    market = SESSION + "session.place_order(category='linear', orderType='Market', qty='1')\n"
    assert not [*only(market).gaps()]


@pytest.mark.parametrize(("sent", "gaps"), [("", []), (", json=fields", []), (", data=more", [Gap.UNCALLED] * 2)])
def test_a_request_without_a_body_hides_no_number(sent: str, gaps: list[Gap]) -> None:
    asking = "def ask(path, fields, more):\n    return requests.post('https://api.bybit.com' + path{})\n"
    order = "{'category': 'linear', 'orderType': 'Limit', 'qty': '1', 'price': '2'}"
    code = f"import requests\n{asking.format(sent)}\ndef buy(more):\n    ask('/v5/order/create', {order}, more)\n"
    links = [seen for one in candidates(code) for seen in one.links if seen.link in (Link.QUANTITY, Link.PRICE)]
    assert [seen.blind.gap for seen in links if seen.blind] == gaps * 2


LACKING = {
    "session.place_order(orderType='Limit', **more)": [Gap.SPREAD, Gap.SPREAD],
    "session.place_order(orderType='Market', **more)": [Gap.SPREAD],
    "session.place_order(qty='1', **more)": [Gap.SPREAD],
    "session.place_order(qty='1', price='2', **more)": [],
    "session.place_order(**({'qty': '1'} if more else one))": [Gap.SEVERAL, Gap.SEVERAL],
    "session.place_order(**one)": [Gap.UNCALLED, Gap.UNCALLED],
    "session.place_batch_order(category='linear', request=one)": [Gap.UNCALLED, Gap.UNCALLED],
    "session.amend_order(category='linear', **more)": [],
    "session.get_positions(category='linear', **more)": [],
}


@pytest.mark.parametrize("call", LACKING)
def test_what_an_order_may_lack_that_is_not_seen_whole(call: str) -> None:
    found = only(f"{SESSION}def buy(one, **more):\n    {call}\n").links
    gaps = [seen.blind and seen.blind.gap for seen in found if seen.link in (Link.QUANTITY, Link.PRICE)]
    assert [one for one in gaps if one] == LACKING[call]


NETWORKS = {
    "HTTP(testnet=True)": ("testnet",),
    "HTTP()": ("mainnet",),
    "HTTP(demo=True)": ("demo",),
    "HTTP(testnet=os.getenv('TEST') == 'yes')": ("by a setting",),
    "HTTP(demo=False, testnet=True)": ("testnet",),
    "HTTP(demo=True, testnet=False)": ("demo",),
    "HTTP(demo=False, testnet=False)": ("mainnet",),
    "HTTP(testnet=None)": ("mainnet",),
    "HTTP(testnet=bool(input()))": ("by a setting",),
    "HTTP(**os)": (),
}


@pytest.mark.parametrize("client", NETWORKS)
def test_the_network_of_a_client(client: str) -> None:
    assert link(f"import os\n{HTTP}{client}.get_positions()\n", Link.NETWORK).found == NETWORKS[client]


CALLERS = "class Desk:\n    def __init__(self, {0}):\n        self.client = {1}\n" + HOLDING
CLIENT = CALLERS.format("is_test", "HTTP(testnet=is_test)")
PASSED = CALLERS.format("client: HTTP", "client")
DESKS = {
    CLIENT + "Desk(True).buy()\n": ("testnet",),
    CLIENT + "Desk(True).buy()\nDesk(False).buy()\n": ("mainnet", "testnet"),
    CLIENT + "import json\nDesk(json.load(open('a'))['test']).buy()\n": ("by a setting",),
    CLIENT + "from config import TEST\nDesk(TEST).buy()\n": ("by a setting",),
    PASSED + "Desk(HTTP(testnet=True)).buy()\n": ("testnet",),
    PASSED + "HTTP()\nHTTP(demo=True)\nDesk(HTTP(testnet=True)).buy()\n": ("testnet",),
}


@pytest.mark.parametrize("desk", DESKS)
def test_a_network_that_callers_decide(desk: str) -> None:
    found = [one for one in candidates(HTTP + desk) if one.call == "self.client.get_positions"]
    assert [seen.found for one in found for seen in one.links if seen.link is Link.NETWORK] == [DESKS[desk]]


HOSTED = {
    "endpoint='https://api-testnet.bybit.com'": (("testnet",), None),
    "'https://api.bybit.com'": (("mainnet",), None),
    "endpoint=os.environ['HOST']": (("by a setting",), None),
    "endpoint=host": ((), Gap.UNCALLED),
    "**host": ((), Gap.SPREAD),
}


@pytest.mark.parametrize("host", HOSTED)
def test_a_network_that_is_a_client_s_host(host: str) -> None:
    code = (
        f"import os\nfrom pybit import usdt_perpetual\ndef run(host):\n    usdt_perpetual.HTTP({host}).my_position()\n"
    )
    seen = link(code, Link.NETWORK)
    assert (seen.found, seen.blind and seen.blind.gap) == HOSTED[host]


SWITCHED = {
    "exchange.set_sandbox_mode(enabled=True)": ("testnet",),
    "exchange.set_sandbox_mode(enabled=False)": ("mainnet",),
    "exchange.set_sandbox_mode(True)": ("testnet",),
    "exchange.enable_demo_trading(bool(1))": ("demo",),
    "exchange.set_sandbox_mode(os.getenv('TEST') == 'yes')": ("by a setting",),
    "pass": ("mainnet",),
    "mode = 'sandbox'": ("by a setting",),
    "exchange.set_sandbox_mode()": ("by a setting",),
}


@pytest.mark.parametrize("switch", SWITCHED)
def test_a_network_that_a_switch_selects(switch: str) -> None:
    code = f"import ccxt, os\nexchange = ccxt.bybit()\n{switch}\nexchange.fetch_positions()\n"
    assert link(code, Link.NETWORK).found == SWITCHED[switch]


def test_a_network_that_nobody_is_seen_to_decide() -> None:
    code = HTTP + "def run(is_test):\n    HTTP(testnet=is_test).get_positions()\n"
    assert gap(code, Link.NETWORK) is Gap.UNCALLED
    assert gap(code + "run(True)\n", Link.NETWORK) is None
    assert gap(HTTP + PASSED, Link.NETWORK) is Gap.ANNOTATED
    code = f"{HTTP}HTTP(demo=True)\n{{0}}def buy(client: HTTP):\n    client.get_positions()\n"
    assert link(code.format(""), Link.NETWORK).found == ("demo",), "there is no other"
    assert gap(code.format("HTTP(testnet=True)\n"), Link.NETWORK) is Gap.ANNOTATED


def test_a_network_that_is_one_of_two() -> None:
    code = HTTP + "import random\nis_test = True if random.random() else False\nHTTP(testnet=is_test).get_positions()\n"
    assert link(code, Link.NETWORK).found == ("mainnet", "testnet")


def test_the_network_of_a_raw_request_is_its_host_s() -> None:
    code = "import requests\nrequests.get('https://api-testnet.bybit.com/v5/market/time')\n"
    assert link(code, Link.NETWORK).found == ("testnet",)
    for call in (
        "get(url='https://api-testnet.bybit.com/v5/market/time')",
        "request('GET', 'https://api-testnet.bybit.com/v5')",
    ):
        assert link(f"import requests\nrequests.{call}\n", Link.NETWORK).found == ("testnet",)
    code = "import os, requests\nrequests.get(os.environ['HOST'] + '/v5/market/time')\n"
    assert link(code, Link.NETWORK).found == ("by a setting",)
    code = "import urllib.request\nurllib.request.Request('https://api-testnet.bybit.com/v5/market/time')\n"
    assert link(code, Link.NETWORK).found == ("testnet",)
    host = "import requests\ndef ask(base):\n    requests.get(base + '/v5/market/time')\n"
    assert gap(host, Link.NETWORK) is Gap.UNCALLED


def test_the_network_of_a_request_of_urllib_is_not_known_where_its_host_is_not() -> None:
    code = "import urllib.request\ndef ask(base):\n    urllib.request.Request(base + '/v5/market/time')\n"
    assert gap(code, Link.NETWORK) is Gap.UNCALLED


@pytest.mark.parametrize(("host", "found"), [("stream-testnet", ("testnet",)), ("stream.{name}", ())])
def test_the_network_of_a_socket(host: str, found: tuple[str, ...]) -> None:
    url = f"f'wss://{host}.bybit.com/v5/public/linear'"
    code = f"import websockets\nasync def run(name):\n    await websockets.connect({url})\n"
    seen = link(code, Link.NETWORK)
    assert (seen.found, seen.blind and seen.blind.gap) == (found, None if found else Gap.URL)


def test_an_endpoint_that_is_known_in_parts() -> None:
    code = "import requests\ndef ask(path):\n    requests.get('https://api.bybit.com' + path)\n"
    assert gap(code, Link.ENDPOINT) is Gap.UNCALLED
    both = [one for one in candidates(code + "ask('/v5/market/time')\n") if one.foreign is None]
    assert all(seen.is_known for one in both for seen in one.links if seen.link is Link.ENDPOINT)


ADDRESSES = {
    "'https://api.bybit.com/user/leverage'": ("/user/leverage",),
    "'https://api.bybit.com/v5/market/' + ('time' if a else 'tickers')": ("/v5/market/time", "/v5/market/tickers"),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_endpoint_is_what_is_written_out_behind_bybit_s_host(address: str) -> None:
    assert link(f"import requests\nrequests.get({address})\n", Link.ENDPOINT).found == ADDRESSES[address]


def test_an_endpoint_of_several_of_which_one_is_not_known() -> None:
    code = "import requests\ndef ask(path):\n    path = path or '/v5/market/time' or '/v5/market/kline'\n"
    assert gap(f"{code}    requests.get('https://api.bybit.com' + path)\n", Link.ENDPOINT) is Gap.UNCALLED


FOREIGN = {
    SESSION + "session.place_active_order(symbol='BTCUSDT')\n": Foreign.MISSING,
    "get_positions()\n": Foreign.NOBODY,
    "def place_order(): return 1\nplace_order()\n": Foreign.OWN,
    "class Desk:\n    def place_order(self): return 1\nDesk().place_order()\n": Foreign.OWN,
    "def keep(**trade): return 1\nkeep(symbol='BTCUSDT', side='Buy', qty=1)\n": Foreign.OWN,
    "import ccxt\nccxt.okx().create_order('BTC/USDT', 'market', 'buy', 1)\n": Foreign.EXCHANGE,
    "from binance.client import Client\nClient().create_order(symbol='BTCUSDT', side='BUY', quantity=1)\n": (
        Foreign.EXCHANGE
    ),
    "from alpaca.trading import Client\nClient().get_positions()\n": Foreign.LIBRARY,
    "import urllib.parse\nurllib.parse.urlsplit('https://api.bybit.com/v5/market/time')\n": Foreign.LIBRARY,
    "'text'.place_order()\n": Foreign.VALUE,
    "class Desk:\n    pass\nDesk().place_order()\n": Foreign.OWN,
    "class Desk:\n    pass\nDesk().client().place_order()\n": Foreign.OWN,
    "class Desk:\n    def __getattr__(self, name): return name\nDesk().client().place_order()\n": None,
    "import desk\nclass Desk(desk.Base):\n    pass\nDesk().client().place_order()\n": None,
    "class Desk:\n    client: object\nDesk().client().place_order()\n": None,
    "def sign(path): return len(path)\nsign('/v5/order/create')\n": Foreign.OWN,
}


def test_a_library_is_not_taken_for_a_folder_of_its_name() -> None:
    code = "from binance.client import Client\nClient().get_open_orders()\n"
    assert [one.foreign for one in candidates(code, **{"exchanges/binance/ws.py": "x = 1\n"})] == [Foreign.EXCHANGE]


@pytest.mark.parametrize("code", FOREIGN)
def test_whose_a_call_is_that_is_not_bybit_s(code: str) -> None:
    assert [one.foreign for one in candidates(code)] == [FOREIGN[code]]


def test_an_address_is_not_bybit_s_for_the_name_it_goes_by() -> None:
    code = "import requests\ndef {}():\n    url = 'https://{}/v5/market/time'\n    return requests.get(url)\n"
    found = candidates(code.format("ours", "api.bybit.com") + code.format("theirs", "www.okx.com/api"))
    assert [one.foreign for one in found] == [None, Foreign.HOST]


def test_calls_of_tests_are_counted_apart() -> None:
    code = "import pytest\ndef test_buy(client):\n    client.get_positions()\n"
    assert [one.foreign for one in candidates(code, "test_bot.py")] == [Foreign.TEST]


def test_what_is_no_candidate() -> None:
    code = (
        "chat.send(text='see https://www.bybit.com and https://api.bybit.com/v5/x')\nTrade(symbol=1, side=2, qty=3)\n"
    )
    code += "http.get(BASE + '/api/v5/market/time')\nd = {}\nd.get('symbol')\nprint('https://api.bybit.com/v5/market/time')\nd.withdraw()\n"
    assert candidates(SESSION + code + "rows.append({'symbol': 1, 'side': 2, 'qty': 3})\n") == []


def test_who_calls_and_what_becomes_of_the_answer() -> None:
    found = only(SESSION + "def look():\n    if session.get_positions()['retCode'] == 0:\n        return 1\nlook()\n")
    assert (found.callers, found.answer) == ("look(), called at 1", "tested, read")
    assert only(SESSION + "session.get_positions()\n").answer == "dropped"


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["facts", *arguments])


def sight(*arguments: str) -> dict[str, Any]:
    result = run("--sight", "--format", "json", *arguments)
    assert result.exit_code in (0, 2), result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


BOT = f"# bybit\n{SESSION}def buy(size, client):\n    session.{ORDER}size)\n    client.get_positions()\n"


def test_the_text_names_what_is_not_known_and_counts_it(here: Path) -> None:
    (here / "bot.py").write_text(BOT)
    (here / "other.py").write_text("print('nothing')\n")
    result = run("--sight", ".")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "bot.py:5:5  session.place_order: qty: `size` is a parameter of a function that nobody is seen to call",
            "bot.py:6:5  client.get_positions: `client` is a parameter of a function that nobody is seen to call",
            "",
            "files                 1 of 2 read; the others neither speak of Bybit nor are linked to one that does",
            "receivers             1 of 2 known (50%); 100% without 1 of code that nobody calls; pybit 1",
            "endpoints             1 of 2 known (50%); 100% without 1 of code that nobody calls",
            "quantities of orders  0 of 1 known (0%)",
            "prices of orders      0 of 0 known",
            "other arguments       4 of 4 known (100%)",
            "networks              1 of 2 known (50%); 100% without 1 of code that nobody calls; testnet 1",
            "not of Bybit          0 calls",
            "",
            "what is not known, the costliest reason first",
            f"     4  {UNCALLED}: 1 endpoints, 1 networks, 1 quantities of orders, 1 receivers",
        ],
    )


def test_the_same_as_json(here: Path) -> None:
    (here / "bot.py").write_text(BOT)
    found = sight(".")
    (file,) = found["files"]
    order, _ = file["calls"]
    assert (file["path"], order["line"], order["call"], order["not_of_bybit"]) == (
        "bot.py",
        5,
        "session.place_order",
        None,
    )
    assert [link for link in order["links"] if not link["is_known"]] == [
        {
            "link": "quantity",
            "name": "qty",
            "is_known": False,
            "found": [],
            "reason": "uncalled",
            "because": "`size` is a parameter of a function that nobody is seen to call",
        }
    ]
    assert found["summary"]["links"]["receiver"] == {
        "all": 2,
        "known": 1,
        "partly": 0,
        "dead": 1,
        "found": {"pybit": 1},
    }
    assert [reason["reason"] for reason in found["summary"]["reasons"]] == ["uncalled"]
    assert found["problems"] == []


def test_a_folder_without_a_bot(here: Path) -> None:
    (here / "empty").mkdir()
    result = run("--sight", "empty")
    assert result.exit_code == 0
    assert "files                 0 of 0 read\nreceivers             0 of 0 known\n" in result.stdout
    assert sight("empty")["summary"]["links"]["receiver"]["all"] == 0


def test_a_file_that_does_not_parse_is_named_and_the_others_are_told(here: Path) -> None:
    (here / "bot.py").write_text(BOT)
    (here / "broken.py").write_text("# bybit\ndef (\n")
    result = run("--sight", ".")
    assert result.exit_code == 2
    assert "broken.py:2:5: invalid syntax" in result.stderr
    assert "bot.py:6:5  client.get_positions" in result.stdout
    assert "files                 1 of 2 read" in result.stdout
    assert len(sight(".")["problems"]) == 1


def test_facts_as_json(here: Path) -> None:
    (here / "bot.py").write_text(BOT)
    found = json.loads(run("--format", "json", ".").stdout)
    assert found["facts"][0] == {"path": "bot.py", "line": 3, "column": 11, "kind": "session", "words": "pybit testnet"}
    text = run(".").stdout
    assert [
        f"{f['path']}:{f['line']}:{f['column']}  {f['kind']} {f['words']}" for f in found["facts"]
    ] == text.splitlines()
