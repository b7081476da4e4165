"""What the doctor says of the clients' certificates and proxies is what the installed clients do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from exchange import Exchange
from gates import gate

from bybit_lint.doctor.probes.certificates import OWN
from bybit_lint.doctor.probes.proxies import IGNORE
from bybit_lint.doctor.trust import CERTIFI, VARIABLES

SPEAK = """
import asyncio, json, socket, sys
port, own, real = int(sys.argv[1]), sys.argv[2], socket.getaddrinfo
def here(host, _port, *how, **named):
    is_bybit = "bybit" in str(host)
    return real("127.0.0.1" if is_bybit else host, port if is_bybit else _port, *how, **named)
socket.getaddrinfo = here
TIME, STREAM = "https://api.bybit.com/v5/market/time", "wss://stream.bybit.com/v5/public/linear"

def pybit():
    from pybit.unified_trading import HTTP
    session = HTTP(max_retries=1)
    if own:
        session.client.verify = own
    session.get_server_time()
def requests():
    import requests
    requests.get(TIME, timeout=10)
def ccxt():
    import ccxt
    ccxt.bybit({"requests_trust_env": bool(own)}).fetch_time()
def httpx():
    import httpx
    httpx.get(TIME)
def websocket_client():
    import websocket
    websocket.create_connection(STREAM, timeout=10).close()
def websockets():
    from websockets.sync.client import connect
    connect(STREAM, open_timeout=10).close()
def aiohttp():
    import aiohttp
    async def ask():
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session, session.get(TIME) as answer:
            await answer.read()
    asyncio.run(ask())

got = {}
for client in (pybit, requests, ccxt, httpx, websocket_client, websockets, aiohttp):
    try:
        client()
        got[client.__name__.replace("_", "-")] = ""
    except Exception as error:
        got[client.__name__.replace("_", "-")] = f"{type(error).__name__}: {error}"
print(json.dumps(got))
"""
CHOSEN = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "WEBSOCKET_CLIENT_CA_BUNDLE"}
PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


def spoken(exchange: Exchange, own: str = "", **told: str) -> dict[str, str]:
    """By client what went wrong, or nothing; a process of its own, because some read the variables at the start.

    `own` is a file with an authority that is told in the code where a client reads it nowhere else.
    """
    around = {name: value for name, value in os.environ.items() if name.upper() not in CHOSEN | PROXIES}
    command = [sys.executable, "-W", "ignore", "-c", SPEAK, str(exchange.port), own]
    run = subprocess.run(command, env={**around, **told}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    assert found.keys() == VARIABLES.keys()
    return found


VARIABLE = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "WEBSOCKET_CLIENT_CA_BUNDLE"]


@pytest.mark.parametrize("variable", VARIABLE)
def test_which_variable_tells_which_client_its_certificates(exchange: Exchange, variable: str) -> None:
    got = spoken(exchange, **{variable: str(exchange.ca), "no_proxy": "*"})
    expected = {
        client
        for client, variables in VARIABLES.items()
        if variable in variables or (variable == "SSL_CERT_FILE" and client not in CERTIFI)
    }
    assert {client for client, wrong in got.items() if not wrong} == expected, got


def test_which_clients_go_past_a_proxy(exchange: Exchange) -> None:
    certificates = dict.fromkeys(
        ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "WEBSOCKET_CLIENT_CA_BUNDLE"), str(exchange.ca)
    )
    with gate(exchange.port, 403) as proxy:
        got = spoken(exchange, https_proxy=f"http://{proxy.address}", **certificates)
    stopped = {client for client, wrong in got.items() if "403" in wrong}
    assert stopped == VARIABLES.keys() - set(IGNORE), got


def test_each_client_can_be_told_of_an_authority_of_ones_own_as_the_doctor_says(exchange: Exchange) -> None:
    named = {word.removesuffix("=PEM") for how in OWN.values() for word in how.split() if word.endswith("=PEM")}
    got = spoken(exchange, own=str(exchange.ca), no_proxy="*", **dict.fromkeys(named, str(exchange.ca)))
    assert got == dict.fromkeys(OWN, "")
