"""What the line of a refusal and its request prove by themselves, beyond what their cause says of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bybit_lint.decoding import clocks, signatures
from bybit_lint.decoding.causes import RAISED
from bybit_lint.decoding.refusals import Refusal
from bybit_lint.decoding.requests import HOST, Request
from bybit_lint.knowledge import streams
from bybit_lint.patterns import regex

SAID = regex(r"(?i)ret_?Msg[\"']?\s?[:=]\s?(?:\"((?:\\.|[^\"\\]){1,600})|'((?:\\.|[^'\\]){1,600}))")
PYBIT = " (ErrCode: "
LONGEST_SAID = 300
PREFIX = regex(
    r"(?:RequestError: |(?:ERROR|WARNING|INFO|DEBUG|CRITICAL)[\s:|\]-]{1,9})(?:pybit\.[\w.]{1,60}[\s:|-]{1,4})?"
)
"""What loggers and tracebacks write before pybit's words."""
TOPIC = regex(r"topic:([\w-]{1,40}(?:\.[\w-]{1,40}){0,4})")
ELSEWHERE = regex(
    r"host='([\w.-]{1,100})'|Cannot connect to host ([\w.-]{1,100}):|for url: ?'?https?://([\w.-]{1,100})"
)
COLAB = "/content/"
FORBIDDEN, WRONG_SIGNATURE, SHORT_BALANCE = 403, 10004, 170131
ACCEPTED = regex(r"[\"']retCode[\"']:\s?0\b")
BATCH = "a leg of a batch: the batch itself is answered with retCode 0, so no client raises"
UNSIGNED = (
    "pybit signs the very text that it sends: the secret is not the one of this key, or it is an RSA key without "
    "rsa_authentication=True"
)
LIMIT = "this is a limit order, whose qty is in base coin: qty times price is more of the quote coin than is free"
BORROWS = "isLeverage=1 borrows only where margin trading is switched on and the coin is set as collateral"
CUT = "the request is cut off in this log, so that nothing can be said of what it held"


def prove(refusal: Refusal, text: str) -> None:
    """Note what a line proves: by its timestamps, by what was signed, by its topic, by whom it was asked."""
    for words, rules in _proven(refusal, text):
        refusal.notes.append(words)
        refusal.rules += rules


def note(refusal: Refusal, request: Request) -> None:
    """Note what its request says beyond what the rules say of that."""
    refusal.request = request
    if refusal.cause.code == WRONG_SIGNATURE and request.is_pybit:
        refusal.notes.append(UNSIGNED)
    if refusal.cause.code == SHORT_BALANCE:
        refusal.notes += _short_of(request.params or {})
    if request.is_cut:
        refusal.notes.append(CUT)


def said(text: str) -> str:
    """What Bybit or a client says in words, without what was signed."""
    if found := SAID.search(text):
        words = found[1] or found[2]
    elif PYBIT in text:
        words = text.partition(PYBIT)[0][-LONGEST_SAID:]
        words = words[max((prefix.end() for prefix in PREFIX.finditer(words)), default=0) :].strip()
    elif found := RAISED.search(text):
        words = found["words"][:LONGEST_SAID]
    else:
        return ""
    return signatures.without_origin(words.replace('\\"', '"').replace("\\u003e", ">"))


def _short_of(sent: Mapping[str, Any]) -> Iterator[str]:
    """What a spot order says of the balance that it is short of.

    Where isLeverage borrows: https://bybit-exchange.github.io/docs/v5/order/create-order
    """
    if (sent.get("orderType"), sent.get("side")) == ("Limit", "Buy"):
        yield LIMIT
    if str(sent.get("isLeverage")) == "1":
        yield BORROWS


def _proven(refusal: Refusal, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if "retExtInfo" in text and ACCEPTED.search(text):
        yield BATCH, ("BYB223",)
    if clock := clocks.story(text):
        yield clock
    if signed := signatures.story(text):
        yield signed[0], (signed[1],)
    if (found := TOPIC.search(text)) and (flaw := _flaw(found[1])):
        yield f"{found[1]}: {flaw}", ("BYB505",)
    if found := ELSEWHERE.search(text):
        host = next(filter(None, found.groups()))
        if not HOST.fullmatch(host):
            yield f"{host} is no host of Bybit's: this request of the bot went elsewhere", ()
    if ("ret_code" in text and "ext_code" in text) or "bravado" in text:
        yield "the answer is one of an API before V5: see bybit-lint migrate", ()
    if refusal.cause.code == FORBIDDEN and any(frame.path.startswith(COLAB) for frame in refusal.frames):
        yield "the bot ran in Google Colab, whose machines may stand in the USA: run it elsewhere", ()


def _flaw(topic: str) -> str:
    return streams.refusal(topic, None) or streams.no_topic(topic, "linear")
