"""Exchange objects: how they are made, and which network they are sent to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bybit_lint.clients import ArgumentView, CallView, entries_of, windows
from bybit_lint.clients.arguments import squeezed
from bybit_lint.clients.ccxt.markets import TYPES
from bybit_lint.clients.ccxt.names import LIBRARY
from bybit_lint.clients.setup import is_set, text_flags, written
from bybit_lint.vocabulary import (
    Fix,
    Flaw,
    MarketMistake,
    Misfit,
    Mistake,
    Named,
    Network,
    Noun,
    Rename,
    Replace,
    Rewrite,
    Session,
    TextFlag,
    Verb,
)

READ = {"apiKey": ("apiKey", "api_key"), "secret": ("secret",)}
"""How the keys are called in a config, and spelt: of `api_key` ccxt makes `apiKey` (4.5.90, `base/exchange.py`)."""
MEANT = {"apikey": "apiKey", "apisecret": "secret", "secretkey": "secret"}
"""What bots call them, in small letters and without underlines."""
SANDBOX = {"set_sandbox_mode": "enable_demo_trading", "setSandboxMode": "enableDemoTrading"}
"""How an exchange is sent to testnet, and the twin that sends it to demo trading."""


def made_with(call: CallView) -> Iterator[Noun]:
    """An exchange object. `sandbox` or `testnet` in its config is testnet; later calls of it may select another."""
    entries = entries_of(call.get("config", 0))
    options = entries_of(entries.get("options"))
    name, flag = next(((n, p[n]) for p in (entries, options) for n in ("sandbox", "testnet") if n in p), ("", None))
    network = Network.TESTNET if flag and is_set(flag, True) else None
    span, texts = flag.span if flag else None, text_flags({name: flag}, is_heard=False)  # ccxt's safe_bool
    unread = tuple(misspelt(call, entries))
    yield Session(call.own_span, LIBRARY, network, span, None, credentials(entries), text_flags=texts, misfits=unread)
    yield from windows.of_config(entries, options)
    yield from unheard(call, entries)


def misspelt(call: CallView, entries: Mapping[str, ArgumentView]) -> Iterator[Misfit]:
    """Keys under names that ccxt does not read, where none stands under the one that it reads."""
    config = call.get("config", 0) if call.sent is None else None
    for name, held in entries.items() if config is not None and config.is_closed else ():
        right = MEANT.get(squeezed(name), name)
        if right != name and entries.keys().isdisjoint(READ[right]) and name not in READ[right]:
            yield Misfit(held.span, Flaw.UNHEARD, name, (Rename(held.span, right),))


def unheard(call: CallView, entries: Mapping[str, ArgumentView]) -> Iterator[MarketMistake]:
    """A `defaultType` where ccxt takes no notice of it, that is not what it takes without one."""
    kind = entries.get("defaultType") if call.is_only and call.sent is None else None
    if kind is None or TYPES.get(str(kind.constant), "linear") == "linear":
        return
    meant = f'"options": {{"defaultType": "{kind.constant}"}}'
    verb = Rewrite(kind.span, f'{{"defaultType": "{kind.constant}"}}')
    fix = Fix("put it into the options", (Rename(kind.span, "options"), verb)) if "options" not in entries else None
    yield MarketMistake(kind.span, str(kind.constant), Mistake.UNHEARD, meant=meant, fix=fix)


def credentials(entries: Mapping[str, ArgumentView]) -> tuple[Named, ...]:
    """The names of the keys in a config that speak of a network."""
    keys = [key for name in ("apiKey", "secret") if (key := entries.get(name))]
    return tuple(named for key in keys for named in key.networks)


def rehearsing(call: CallView, name: str) -> Iterator[Session]:
    """The exchange once it is sent to testnet, which its own config did not do, or once text decides about that."""
    enable, entries = call.get("enabled", 0), entries_of(call.maker("config", 0))
    if enable is None or not call.is_only or not {"sandbox", "testnet"}.isdisjoint(entries):
        return
    flag = TextFlag(enable.span, name, Network.TESTNET, written(enable), is_called=True)
    texts = (flag,) if enable.is_text else ()  # `if enabled`, whatever the type (ccxt 4.5.90, `base/exchange.py`)
    if not is_set(enable, True):
        if texts:
            yield Session(call.own_span, LIBRARY, None, enable.span, None, credentials(entries), text_flags=texts)
        return
    renamed = [Rename(enable.span, "enable")] if call.get("enabled") else []
    demo: tuple[Verb, ...] = (Replace(call.called, "", f"{call.receiver}.{SANDBOX[name]}"), *renamed)
    switches = {Network.DEMO: demo} if call.receiver else {}
    yield Session(
        *(call.own_span, LIBRARY, Network.TESTNET, enable.span, None, credentials(entries)),
        switches=switches,
        text_flags=texts,
    )
