"""What becomes of a time when it is put right: where it is asked for, and where it is signed."""

from __future__ import annotations

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source

RULES = {rule.code: rule for rule in checks.load()}
ASKED = """\
import calendar
import time
from datetime import datetime, timedelta, timezone

from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
session.get_executions(category="linear", startTime={})
"""
SIGNED = """\
import time
from datetime import datetime

import requests
from signing import KEY, sign


def ask(query):
    stamp = {}
    headers = {{
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": sign(stamp + KEY + "5000" + query),
    }}
    return requests.get("https://api.bybit.com/v5/position/list?" + query, headers=headers, timeout=9)
"""


def mended(code: str, rule: str) -> str:
    """The line of a small bot in which a time stands, once all is fixed that a rule finds."""
    (source,) = engine.fix([Source("bot.py", code.encode())], [RULES[rule]], unsafe=True).sources
    (line,) = (line for line in source.data.decode().splitlines() if "stamp = " in line or "startTime=" in line)
    return line.strip().removeprefix("stamp = ").partition("startTime=")[2].removesuffix(")") or line.strip()


@pytest.mark.parametrize(
    ("made", "right"),
    [
        ("time.time()", "int(time.time() * 1000)"),
        ("int(time.time())", "int(time.time()) * 1000"),
        ("round(time.time())", "int(round(time.time()) * 1000)"),
        ("str(int(time.time()))", "str(int(time.time()) * 1000)"),
        ("time.time() - 3600", "int((time.time() - 3600) * 1000)"),
        ("int(time.time() - 3600)", "int(time.time() - 3600) * 1000"),
        ("time.time_ns()", "int(time.time_ns() // 1_000_000)"),
        ("int(time.time_ns())", "int(time.time_ns()) // 1_000_000"),
        ("1700000000", "1700000000000"),
        ("str(1700000000)", "str(1700000000000)"),
        ("datetime.now().timestamp()", "int(datetime.now().timestamp() * 1000)"),
        ("datetime.utcnow().timestamp() * 1000", "datetime.now(timezone.utc).timestamp() * 1000"),
        (
            "(datetime.utcnow() - timedelta(days=1)).timestamp() * 1000",
            "(datetime.now(timezone.utc) - timedelta(days=1)).timestamp() * 1000",
        ),
        (
            "datetime.utcnow().replace(microsecond=0).timestamp() * 1000",
            "datetime.now(timezone.utc).replace(microsecond=0).timestamp() * 1000",
        ),
        ("time.mktime(time.gmtime()) * 1000", "time.time() * 1000"),
    ],
)
def test_a_time_that_is_asked_for(made: str, right: str) -> None:
    assert mended(ASKED.format(made), "BYB402") == right


@pytest.mark.parametrize(
    "made",
    [
        "'1700000000'",
        "f'{time.time()}'",
        "time.time() if session else time.time_ns()",
        "datetime.utcnow().timestamp()",
        "time.mktime(datetime.utcnow().timetuple()) * 1000",
        "calendar.timegm(time.localtime()) * 1000",
        "datetime.utcnow().astimezone(timezone.utc).timestamp() * 1000",
        "1700000000000",
        "int(time.time() * 1000)",
        "datetime.now(timezone.utc).timestamp() * 1000",
    ],
)
def test_a_time_that_is_left(made: str) -> None:
    assert mended(ASKED.format(made), "BYB402") == made


@pytest.mark.parametrize(
    ("made", "right"),
    [
        ("str(time.time())", "str(server_timestamp())"),
        ("str(int(time.time()))", "str(server_timestamp())"),
        ("str(round(time.time()))", "str(server_timestamp())"),
        ("str(int(time.time() + 5))", "str(server_timestamp() + 5 * 1000)"),
        ("str(int(time.time()) + 5)", "str(server_timestamp() + 5 * 1000)"),
        ("str(int(time.time() + 5.5))", "str(server_timestamp() + 5500)"),
        ("str(int(5 + time.time()))", "str(int(5 + time.time()))"),
        ("str(int(time.time() - 5))", "str(int(time.time() - 5))"),
        ("str(int(time.time()) + query)", "str(int(time.time()) + query)"),
        ("str(time.time_ns())", "str(time.time_ns())"),
        ("str(int(datetime.utcnow().timestamp() * 1000))", "str(server_timestamp())"),
        ("str(int(datetime.utcnow().timestamp()))", "str(server_timestamp())"),
        ("str(int(1000 * datetime.utcnow().timestamp()))", "str(server_timestamp())"),
    ],
)
def test_a_time_that_is_signed(made: str, right: str) -> None:
    assert mended(SIGNED.format(made), "BYB402") == f"stamp = {right}"


@pytest.mark.parametrize(
    ("made", "right"),
    [
        ("str(int(time.time() * 1000))", "str(server_timestamp())"),
        ("str(int(1000 * time.time()))", "str(server_timestamp())"),
        ("str(round(time.time() * 1e3))", "str(server_timestamp())"),
        ("str(int(time.time() / 0.001))", "str(server_timestamp())"),
        ("str(int(time.time() * 10 * 100))", "str(server_timestamp())"),
        ("str(int(time.time()) * 1000)", "str(server_timestamp())"),
        ("str(int(time.time() * 1000) + 5)", "str(server_timestamp() + 5)"),
        ("str(time.time_ns() // 1000000)", "str(server_timestamp())"),
        ("str(int(time.time_ns() / 1e6))", "str(server_timestamp())"),
        ("str(time.time_ns() // 10**6)", "str(server_timestamp() * 1_000_000 // 10**6)"),
        ("str(int(round(time.time(), 3) * 1000))", "str(int(round(server_timestamp() / 1000, 3) * 1000))"),
    ],
)
def test_this_machines_own_clock_gives_way_to_bybits(made: str, right: str) -> None:
    assert mended(SIGNED.format(made), "BYB401") == f"stamp = {right}"
