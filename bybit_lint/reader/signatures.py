"""Signed requests and socket logins, found by what Bybit makes them carry.

A request is signed by its X-BAPI-TIMESTAMP header, a socket by the message `{"op": "auth", "args": [key, expires,
signature]}` (https://bybit-exchange.github.io/docs/v5/guide, https://bybit-exchange.github.io/docs/v5/ws/connect).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.project import Module
from bybit_lint.reader import clocks
from bybit_lint.reader.callers import Callers
from bybit_lint.reader.calls import enclosing_function
from bybit_lint.reader.resolve import Resolver
from bybit_lint.reader.terms import Constant, Expression, Mapping, Sequence, Site
from bybit_lint.vocabulary import Signature, Span

HEADER = "X-BAPI-TIMESTAMP"
LOGIN = "GET/realtime"


def signatures(
    resolver: Resolver, callers: Callers, module: Module, host: str | None, seen: set[Span]
) -> Iterator[Signature]:
    """One Signature per clock that is read for the signatures of a module, or per signature if no local one is.

    `seen` are the clocks that other modules of the project were told of.
    """
    for signed, timestamp, is_login in _timestamps(resolver, module):
        if not _is_for_bybit(callers, timestamp.site):
            continue
        readings = [reading for term in callers.expanded(timestamp.term) for reading in clocks.local(term)]
        if not readings:
            yield Signature(_made(timestamp).span, signed, False, is_login)
        for reading in readings:
            clock = clocks.place(reading).span
            if clock not in seen:
                seen.add(clock)
                yield Signature(clock, signed, True, is_login, clocks.correction(reading, host))


def _is_for_bybit(callers: Callers, site: Site) -> bool:
    """False where neither the file nor one that calls the function speaks of Bybit: other exchanges sign alike."""
    function = enclosing_function(site)
    using = [made.site.module for _, made in callers.of(function)] if function else []
    return any(module.concerns_bybit for module in (site.module, *using))


def _timestamps(resolver: Resolver, module: Module) -> Iterator[tuple[Span, Expression, bool]]:
    """Every timestamp a module signs: where it is put in, what it is, and whether it is a socket's login."""
    names = module.names
    for node in names.dicts:
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        if any(str(key).upper() == HEADER for key in keys) or "op" in keys or "api_key" in keys:
            yield from _in_dict(resolver.at(module, node))
    for call in names.calls:
        match call:
            case ast.Call(func=ast.Attribute(attr="add_header"), args=[ast.Constant(value=str() as name), value]):
                if name.upper() == HEADER:
                    yield module.source.span(value), resolver.at(module, value), False
    if LOGIN.encode() in module.source.data:
        yield from _in_logins(resolver, module)
    for scope in names.scopes.values():
        for path, bindings in scope.bindings.items():
            holder = path.removesuffix("['timestamp']")
            is_query = holder != path and {f"{holder}['api_key']", f"{holder}['sign']"} & scope.bindings.keys()
            if path.upper().endswith(f"['{HEADER}']") or is_query:
                for binding in bindings:
                    if binding.value is not None:
                        site = Site(module, binding.value, binding.scope)
                        yield site.span, resolver.expression(site), False


def _made(timestamp: Expression) -> Site:
    """Where a timestamp is put together."""
    site = getattr(timestamp.term, "site", None)
    return site if isinstance(site, Site) else timestamp.site


def _in_logins(resolver: Resolver, module: Module) -> Iterator[tuple[Span, Expression, bool]]:
    """The text a socket login signs: `GET/realtime` and the moment it expires."""
    for node in module.names.parents:
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str() as text), ast.FormattedValue(value=value)]):
                pass
            case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Add(), right=value):
                pass
            case _:
                continue
        if text.strip() == LOGIN:
            yield module.source.span(node), resolver.at(module, value), True


def _in_dict(expression: Expression) -> Iterator[tuple[Span, Expression, bool]]:
    term = expression.term
    if not isinstance(term, Mapping):
        return
    if {"api_key", "timestamp"} <= term.entries.keys():  # how requests were signed before V5
        entry = term.entries["timestamp"]
        yield entry.site.span, entry, False
    for name, entry in term.entries.items():
        if name.upper() == HEADER:
            yield entry.site.span, entry, False
    op, arguments = term.entries.get("op"), term.entries.get("args")
    if op is None or arguments is None or not isinstance(op.term, Constant) or op.term.value != "auth":
        return
    if isinstance(arguments.term, Sequence) and len(arguments.term.items) == 3:
        entry = arguments.term.items[1]
        yield entry.site.span, entry, True
