"""Calls that ccxt itself refuses or misunderstands, or that no exchange of its has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bybit_lint.clients import ArgumentView, CallView, entries_of
from bybit_lint.clients.arguments import says_nothing, taken_for
from bybit_lint.clients.ccxt.endpoints import endpoint_meant, is_strange, path_of, squeezed
from bybit_lint.clients.ccxt.markets import category_of, is_contract
from bybit_lint.clients.ccxt.names import CLASSES, LEGS, LIBRARY, METHODS, is_known
from bybit_lint.knowledge import dialects
from bybit_lint.knowledge import parameters as tables
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Break, BrokenCall, Fix, Missing, Rewrite, Span

NESTED = ("params", "orders", "order", "symbols", "codes", "ids", "clientOrderIds")
"""What may be a dict, or a list of them."""
MOST_ROWS = 100_000
"""More rows than anybody asks for, and less than the ms of two minutes."""
ID = regex(r"(?:.*_)?(?:id|oid|uuid)|.*(?:Id|ID)|.*\[.(?:id|orderId|order_id).\]")
"""How an order's id is called, `order["id"]` among others."""
SYMBOL = regex(r"(?:.*[_.])?(?:symbol|pair|market|ticker|instrument)")


def unknown(call: CallView) -> Iterator[BrokenCall]:
    """A call of a method that no exchange has."""
    made, _, name = call.path.partition("().")
    is_method = made in CLASSES and name.isidentifier() and not name.startswith("_")
    if is_method and call.is_only and call.sent is None and is_strange(name):
        meant = taken_for(name, METHODS) if path_of(name) is None else endpoint_meant(name)
        yield BrokenCall(call.own_span, LIBRARY, name, Break.UNKNOWN, meant)


def outdated(call: CallView) -> Iterator[BrokenCall]:
    """A call of an endpoint by a name that ccxt has no more."""
    made, _, name = call.path.partition("().")
    if made in CLASSES and call.is_only and call.sent is None:
        yield BrokenCall(call.own_span, LIBRARY, name, Break.UNKNOWN)


def misplaced(call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView]) -> Iterator[BrokenCall]:
    """The dict that was meant for `params` and stands a place too early."""
    for name, held in fields.items() if call.sent is None else ():
        if name not in NESTED and held.entries is not None:
            is_free = name == "price" and is_market(method, fields) and "params" not in fields
            fix = named_params(held) if is_free else None
            flaw = Break.PRICED if name == "price" else Break.MISPLACED
            yield BrokenCall(held.span, LIBRARY, method.name, flaw, name, fix)


def named_params(params: ArgumentView) -> Fix | None:
    """Name the dict that stands in the place of the price, which a market order does not have."""
    if params.is_named:
        return None
    here = Span(*params.span[:3], *params.span[1:3], params.span.start, params.span.start)
    return Fix("name the params", (Rewrite(here, "params="),))


def lacking(
    call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView], is_closed: bool
) -> Iterator[Missing]:
    """What ccxt itself refuses to go without."""
    needs = tables.ccxt_needs(method.name) if call.is_only and call.sent is None else ()
    params = fields.get("params")
    more = entries_of(params)
    is_whole = is_closed and (params is None or params.is_closed)
    own = dialects.ccxt_methods()[LEGS.get(method.name, method.name)].arguments
    for need in needs:
        is_own = need.name in own
        held = fields if is_own else {**fields, **more}
        if not (is_closed if is_own and not need.unless else is_whole) or not is_nothing(held.get(need.name)):
            continue
        cause = next((cause for cause in need.because if is_met(cause, method, fields, more)), "")
        is_due = bool(cause) or not need.because
        is_other = not {*fields, *more}.isdisjoint(need.unless)
        if is_due and not is_other and (not need.is_of_contracts or is_contract(fields)):
            yield Missing(
                call.span, method.endpoint, (need.name,), cause, is_order=True, otherwise=need.otherwise, who=LIBRARY
            )


def is_met(
    cause: str, method: dialects.Method, fields: Mapping[str, ArgumentView], params: Mapping[str, ArgumentView]
) -> bool:
    """Proven: an argument, or an entry of params, is there (`stopPrice`) and, if one is named, has a value."""
    name, _, value = cause.partition("=")
    if value:
        return name in fields and str(fields[name].constant).lower() == value
    name, _, place = name.partition(" in ")
    if place:
        return not is_nothing(params.get(name)) and not is_market(method, fields)
    held = {**fields, **params}.get(name)
    return held is not None and not says_nothing(held.literals)


def is_nothing(held: ArgumentView | None) -> bool:
    """Proven: no argument, or None."""
    return held is None or held.code == "None"


def is_market(method: dialects.Method, fields: Mapping[str, ArgumentView]) -> bool:
    """Proven: a market order, which has no price."""
    kind = fields.get("type")
    return kind.constant == "market" if kind else "market" in method.name.split("_")


def unexpected(call: CallView, method: dialects.Method) -> Iterator[BrokenCall]:
    """The arguments by names that a method does not have."""
    given = call.arguments() if call.is_only and call.sent is None else {}
    wrong = [name for name in given if name not in method.arguments and name != "params"]
    if not wrong:
        return
    free = [own for own in method.arguments if own not in given]
    meant = next(filter(None, (argument_meant(method, name, free) for name in wrong)), "")
    flaw = Break.OUTSIDE if not meant and any(map(is_known, wrong)) else Break.UNEXPECTED
    yield BrokenCall(given[wrong[0]].span, LIBRARY, method.name, flaw, meant, said=" and ".join(wrong))


def argument_meant(method: dialects.Method, name: str, free: Collection[str]) -> str:
    """The argument that a wrong name is taken for, by its own name or by Bybit's for it."""
    counterparts = [own for own in free for v5 in method.arguments[own] if squeezed(v5) == squeezed(name)]
    return next(iter(counterparts), "") or taken_for(name, free)


def exchanged(call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView]) -> Iterator[BrokenCall]:
    """An order's id and its symbol, each in the place of the other; told to whoever has exchanged them."""
    order, symbol = fields.get("id"), fields.get("symbol")
    if order is None or symbol is None or not call.is_only:
        return
    is_here = call.sent is None
    if is_here or (order.is_passed and symbol.is_passed and not _are_exchanged(order.code, symbol.code)):
        said, beside = (order.code, symbol.code) if is_here else (order.handed_code, symbol.handed_code)
        is_symbol = bool(order.texts) and all(category_of(text) for text in order.texts)
        is_no_symbol = not symbol.texts or not any(category_of(text) for text in symbol.texts)
        is_told = not ID.fullmatch(said or "") and is_no_symbol and (is_symbol or _are_exchanged(said, beside))
        if is_told:
            yield BrokenCall(call.own_span if is_here else order.handed, LIBRARY, method.name, Break.EXCHANGED)


def _are_exchanged(order: str | None, symbol: str | None) -> bool:
    """True if the names say that a symbol stands in an order's place and an id in a symbol's."""
    return bool(SYMBOL.fullmatch(order or "") and ID.fullmatch(symbol or ""))


def counted(call: CallView, method: dialects.Method, fields: Mapping[str, ArgumentView]) -> Iterator[BrokenCall]:
    """The number of rows where the moment belongs from which on they are wanted."""
    since = fields.get("since") if call.is_only and call.sent is None else None
    number = since.constant if since else None
    if since is None or isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= MOST_ROWS:
        return
    here = Span(*since.span[:3], *since.span[1:3], since.span.start, since.span.start)
    is_last = not since.is_named and "limit" in method.arguments and {*fields}.isdisjoint(("limit", "params"))
    fix = Fix("name the number of rows", (Rewrite(here, "limit="),)) if is_last else None
    yield BrokenCall(since.span, LIBRARY, method.name, Break.COUNTED, "limit", fix, str(number))
