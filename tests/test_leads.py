"""Which calls could speak to Bybit by their own words, and what says so."""

from __future__ import annotations

import ast

import pytest
from evaluating import Written

from bybit_lint.analysis.traffic.sight.evidence import Evidence, Leads

GIVEN = "import asyncio, threading, requests, logging\nfrom outside import client, host, path, Order, wanted\n"


def leads(code: str) -> list[tuple[str, str, Evidence]]:
    """The calls, by what they call in the end."""
    bot = Written(GIVEN + code)
    found = Leads(bot.program.evaluator, bot.module).all()
    return sorted((ast.unparse(lead.call), ast.unparse(lead.func), lead.evidence) for lead in found)


@pytest.mark.parametrize(
    ("code", "func", "evidence"),
    [
        ("client.place_order()", "client.place_order", Evidence.NAME),
        ("client.createOrder()", "client.createOrder", Evidence.NAME),
        ("client.private_post_v5_order_create()", "client.private_post_v5_order_create", Evidence.NAME),
        ("client.privatePostV5OrderCreate()", "client.privatePostV5OrderCreate", Evidence.NAME),
        ("asyncio.to_thread(client.place_order, qty=1)", "client.place_order", Evidence.NAME),
        ("threading.Thread(target=client.place_order)", "client.place_order", Evidence.NAME),
        ("wanted(client.place_order)", "client.place_order", Evidence.HANDED),
        ("wanted(1, of=client.place_order)", "client.place_order", Evidence.HANDED),
        ("wanted('/v5/order/create')", "wanted", Evidence.PATH),
        ("wanted(host + '/v5/order/create')", "wanted", Evidence.PATH),
        ("wanted('/v5/order/create' + host)", "wanted", Evidence.PATH),
        ("wanted(f'{host}/v5/order/create')", "wanted", Evidence.PATH),
        ("wanted(f'/v5/order/{path}')", "wanted", Evidence.PATH),
        ("wanted(1, path='/v5/order/create')", "wanted", Evidence.PATH),
        ("wanted('https://api.bybit.com')", "wanted", Evidence.PATH),
        ("client.get('/v5/order/create')", "client.get", Evidence.PATH),
        ("wanted(category='linear')", "wanted", Evidence.SHAPE),
        ("wanted({'category': 'spot'})", "wanted", Evidence.SHAPE),
        ("wanted(1, {'a': 2}, {'category': 'spot'})", "wanted", Evidence.SHAPE),
        ("wanted(symbol=path, side='Buy', qty=1)", "wanted", Evidence.SHAPE),
        ("wanted({'symbol': path, 'side': 'Buy', 'amount': 1, path: 2})", "wanted", Evidence.SHAPE),
    ],
)
def test_a_call_that_could_speak_to_bybit(code: str, func: str, evidence: Evidence) -> None:
    assert leads(f"{code}\n") == [(code, func, evidence)]


@pytest.mark.parametrize(
    "code",
    [
        "URL = '/v5/order/create'\nwanted(URL)",
        "def f():\n    url = host + '/v5/order/create'\n    wanted(1, url)",
        "class Paths:\n    order = '/v5/order/create'\nrequests.post(Paths.order)",
        "def address():\n    return '/v5/order/create'\nurl = address()\nrequests.post(url)",
        "def address():\n    return '/v5/order/create'\nurl = address()\nrequests.post(json, url)",
        "url = host + path + '/v5/order/create'\nclient.get(url)",
    ],
)
def test_a_call_that_is_given_an_address_by_its_name(code: str) -> None:
    (lead,) = leads(f"{code}\n")
    assert lead[2] is Evidence.PATH


@pytest.mark.parametrize(
    "code",
    [
        "client.withdraw()",
        "client.send_message()",
        "client.private_post()",
        "client.private_nothing()",
        "wanted(client.other)",
        "wanted(place_order)",
        "logging.info(client.place_order)",
        "logging.info('/v5/order/create')",
        "[].append('/v5/order/create')",
        "get('/v5/order/create')",
        "wanted('/v6/order/create')",
        "wanted('see /v5/order/create')",
        "wanted('/v5/')",
        "wanted(host - '/v5/order/create')",
        "wanted(category='other')",
        "wanted(category=path)",
        "wanted(symbol=path, side='Buy')",
        "wanted(symbol=path, qty=1)",
        "wanted({path: 'linear'})",
        "wanted({1: 'linear'})",
        "Order(category='linear')",
        "client.get(path, category='linear')",
        "[].append({'category': 'linear'})",
        "url = '/v4/order/create'\nwanted(url)",
        "def f():\n    url = wanted() or 1\n    wanted(url)",
        "def address():\n    return '/v5/order/create'\nurl = address()\nwanted(url)",
        "def address():\n    return '/v5/order/create'\nurl = address()\nclient.get('a', url)",
        "requests.post(path)",
    ],
)
def test_a_call_that_says_nothing_of_bybit(code: str) -> None:
    assert not leads(f"{code}\n")
