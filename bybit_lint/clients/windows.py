"""Where clients are told a recv_window, and whether they listen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bybit_lint.analysis.bounds import whole
from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.vocabulary import RemoveArgument, Replace, Verb, Window, WindowPlace
from bybit_lint.vocabulary.windows import DEFAULT

NAMES = ("recv_window", "recvWindow")


def of_client(call: CallView, client: str) -> Iterator[Window]:
    """What one of pybit's clients is made with: it adds to the number after each request that came late."""
    held = call.get("recv_window", 0 if client == "WebSocketTrading" else None)
    if held is not None and client != "WebSocket":
        number, is_text = milliseconds(held), held.is_text
        verb = Replace(held.span, "", _number(held, number)) if is_text and number is not None and held.code else None
        yield Window(held.span, WindowPlace.CLIENT, number, is_text, verb, setter=_setter(held))


def of_method(call: CallView) -> Iterator[Window]:
    """What a method of pybit's is given: it becomes one more parameter of the request, which Bybit does not know."""
    for name, held in call.arguments().items():
        if name in NAMES:
            remover = RemoveArgument(call.own_span, name)
            yield Window(held.span, WindowPlace.METHOD, milliseconds(held), remover=remover)


def of_config(config: Mapping[str, ArgumentView], options: Mapping[str, ArgumentView]) -> Iterator[Window]:
    """What a ccxt exchange is made with: it looks for the number in its `options`.

    https://github.com/ccxt/ccxt/blob/v4.5.90/python/ccxt/bybit.py
    """
    if held := options.get("recvWindow"):
        yield Window(held.span, WindowPlace.CONFIG, milliseconds(held), setter=_setter(held))
    elif held := config.get("recvWindow"):
        yield Window(held.span, WindowPlace.NOBODY, milliseconds(held))


def milliseconds(held: ArgumentView) -> int | None:
    """The number it is proven to be, as text or not."""
    return next((number for text in held.texts if (number := whole(text)) is not None), None)


def _number(held: ArgumentView, number: int | None) -> str:
    code = held.code or ""
    return str(number) if code.startswith(("'", '"')) else f"int({code})"


def _setter(held: ArgumentView) -> Verb | None:
    """Writes the default over a number that stands right here."""
    is_literal = (held.code or "").strip("'\"").replace("_", "").isdecimal()
    return Replace(held.span, "", str(DEFAULT)) if is_literal else None
