"""What a request that was refused proves of the bot: it is judged by the rules that judge code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bybit_lint import checks, engine, knowledge
from bybit_lint.analysis.source import Source
from bybit_lint.decoding.requests import Request
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import (
    DemoRequest,
    Finding,
    Kind,
    LegacyUse,
    MarketMistake,
    Misnamed,
    Missing,
    Misvalued,
    OffGrid,
    Origin,
    Span,
    WideRange,
)

ASKED = (DemoRequest, LegacyUse, MarketMistake, Misnamed, Missing, Misvalued, WideRange)
"""The nouns that a request alone can be."""
SESSION = "from pybit.unified_trading import HTTP\nsession = HTTP({})\n"
NETWORKS = {"demo": "demo=True", "testnet": "testnet=True", "mainnet": "testnet=False"}
NUMBERS = {"qty": False, "price": True, "triggerPrice": True, "takeProfit": True, "stopLoss": True}
"""The numbers of orders that have to be on a grid, and whether it is the one of prices."""
ORDERS = ("/v5/order/", "/v5/position/trading-stop")
TAIL = 15
"""Digits that nobody writes, and that are left where floats were reckoned with."""
EXPONENT = regex(r"-?\d(?:\.\d+)?[eE][+-]?\d{1,3}")
REFUSED = 10001
PATH = regex(r"[A-Za-z0-9/._-]{1,200}")
NOWHERE = Span("request", 1, 1, 1, 1, 0, 0)


class Evidence(NamedTuple):
    """One thing that is wrong with a request, by the code of its rule; without a code it is our own remark."""

    code: str
    message: str
    explains: bool
    """True if what was answered is what this mistake is answered with."""


def evidence(request: Request, code: int | None, rules: frozenset[str]) -> list[Evidence]:
    """What is wrong with a request that was answered with `code`, or refused for what one of `rules` is about."""
    codes_of = {rule.code: rule.ret_codes for rule in checks.load()}
    found = dict.fromkeys((*_judged(request), *_off_grid(request)))
    told = []
    for finding in found:
        answered = codes_of[finding.code] if finding.ret_codes is None else finding.ret_codes
        told.append(Evidence(finding.code, finding.message, code in answered or finding.code in rules))
    told += [Evidence("", words, code == REFUSED) for words in (*_exponents(request), *_nothings(request))]
    return sorted(told, key=lambda one: not one.explains)


def _judged(request: Request) -> Iterator[Finding]:
    """What the rules say of a program that sends just this request."""
    rules = [rule for rule in checks.load() if rule.noun in ASKED and rule.is_default]
    code = _program(request)
    if code:
        found = engine.check([Source("request.py", code.encode("utf-8", "replace"))], rules).findings
        wanted = {rule.code for rule in rules}
        yield from (finding for finding in found if finding.code in wanted)  # and not that it is nested too deeply


def _program(request: Request) -> str:
    endpoint = knowledge.endpoint_at(request.path)
    if endpoint is None:
        code = f'import requests\nrequests.{request.verb.lower()}("https://api.bybit.com{request.path}", timeout=10)\n'
        return code if PATH.fullmatch(request.path) else ""
    if request.params is None:
        return ""
    return f"{SESSION.format(NETWORKS[request.network])}session.{endpoint.method}(**{dict(request.params)!r})\n"


def _off_grid(request: Request) -> Iterator[Finding]:
    """What the rules say of numbers that floats were reckoned to."""
    rules = [rule for rule in checks.load() if rule.noun is OffGrid and rule.is_default]
    for name, value, category in _numbers(request):
        if len(value.strip("-0").replace(".", "")) >= TAIL:
            origin = Origin(Kind.ARITHMETIC, NOWHERE)
            number = OffGrid(NOWHERE, f"{name}={value}", NUMBERS[name], origin, (), {}, (category,))
            yield from (finding for rule in rules for finding in rule.findings(number))


def _exponents(request: Request) -> Iterator[str]:
    for name, value, _ in _numbers(request):
        if EXPONENT.fullmatch(value):
            yield f"{name} is written {value}, which Bybit may not take for a number; write format(Decimal(x), 'f')"


def _nothings(request: Request) -> Iterator[str]:
    for name, value in (request.params or {}).items():
        if value == "None":
            yield f"{name} is the text None, as pybit before 5.10 sends a None; leave {name} out, or update pybit"


def _numbers(request: Request) -> Iterator[tuple[str, str, str]]:
    """The numbers of an order or of the orders of a batch as they were written, by name, with their category."""
    params = request.params or {}
    if not request.path.startswith(ORDERS):
        return
    legs = params.get("request")
    for leg in (params, *(legs if isinstance(legs, list) else ())):
        yield from (
            (name, str(leg[name]), str(params.get("category", "")))
            for name in NUMBERS
            if isinstance(leg, Mapping) and _is_number(leg.get(name))
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, (str, float, int)) and not isinstance(value, bool) and len(str(value)) <= 40
