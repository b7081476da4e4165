"""What Bybit is told of time: the moments behind a signature or a query, what is wrong with them and what mends it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.domains import clocks
from bybit_lint.analysis.domains.moments import MILLISECONDS, Moment, moments
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, number
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.terms import Expression, Site, alternatives
from bybit_lint.vocabulary import Replace, Reuse, Timestamp, Verb

CONVERSIONS = ("int", "round", "float")


def asked(callers: Callers, expression: Expression, name: str) -> Iterator[Timestamp]:
    """The start or end of a query, as each caller makes it."""
    own = moments(expression.term)
    for moment in _all(callers, expression):
        mender = _asked_mender(expression, moment) if moment in own and len(own) == 1 else None
        given = expression.site.span
        place = given if moment in own else _place(moment).span
        yield Timestamp(place, given, name, moment.unit, moment.is_naive, None, mender)


def signed(callers: Callers, expression: Expression, name: str, host: str | None) -> Iterator[Timestamp]:
    """The timestamp of a request or the expiry of a login, as each caller makes it."""
    own = moments(expression.term)
    for moment in _all(callers, expression):
        if moment.site.module.is_among_tests or (moment.is_literal and moment not in own):
            continue  # what a caller writes may never be sent
        reuse = _reuse(moment, expression.site)
        if reuse is None and len(alternatives(expression.term)) == 1 and _is_of_lasting_object(callers, moment):
            reuse = Reuse.OBJECT
        mender = None if reuse else _signed_mender(moment, host)
        given = expression.site.span
        yield Timestamp(_place(moment).span, given, name, moment.unit, moment.is_naive, reuse, mender)


def _all(callers: Callers, expression: Expression) -> list[Moment]:
    return list(dict.fromkeys(moment for term in callers.in_all_contexts(expression.term) for moment in moments(term)))


def _reuse(moment: Moment, given: Site) -> Reuse | None:
    """Why a moment is older than the signature it is in, where that is proven."""
    if moment.is_literal:
        return Reuse.LITERAL
    is_early = not isinstance(moment.site.scope.function.node, FUNCTIONS)
    is_late = isinstance(given.scope.function.node, FUNCTIONS)
    return Reuse.IMPORT if is_early and is_late else None


def _is_of_lasting_object(callers: Callers, moment: Moment) -> bool:
    """True for a moment that a constructor keeps, where the object is made for the whole program, or for another."""
    maker = moment.site.scope.function.node
    if not isinstance(maker, FUNCTIONS) or getattr(maker, "name", "") != INIT or not _is_kept(moment.site):
        return False
    return any(_is_kept(site) or not isinstance(site.scope.function.node, FUNCTIONS) for site in callers.sites(maker))


def _is_kept(site: Site) -> bool:
    """True for what becomes an attribute where it is made: `self.client = Client()`."""
    statement = site.module.names.statement(site.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Attribute) for target in targets)


def _place(moment: Moment) -> Site:
    """The whole calculation around the place where a clock is read."""
    return Site(moment.site.module, _climbed(moment.site, (ast.BinOp, ast.Call)), moment.site.scope)


def _climbed(site: Site, through: tuple[type[ast.expr], ...]) -> ast.expr:
    parents, node = site.module.names.parents, site.node
    while isinstance(parent := parents.get(node), through):
        if isinstance(parent, ast.Call) and not (_converts(parent) and parent.args == [node]):
            break
        assert isinstance(parent, ast.expr)
        node = parent
    return node


def _converts(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in CONVERSIONS and not call.keywords


# --- verbs ------------------------------------------------------------------------------------------------------------


def _asked_mender(expression: Expression, moment: Moment) -> Verb | None:
    if moment.unit and moment.is_naive:
        return None
    return _in_milliseconds(expression.site, moment) if moment.unit else _aware(moment)


def _in_milliseconds(site: Site, moment: Moment) -> Verb | None:
    """A number as it is given to Bybit, converted there; around it text may be made of it."""
    node = site.node
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args:
        node = node.args[0]
    text = site.module.source.text(node)
    if "\n" in text or "{" in text or isinstance(node, ast.JoinedStr):
        return None
    if isinstance(node, ast.Constant):
        value = node.value
        return Replace(site.module.source.span(node), "", str(value * 1000)) if type(value) is int else None
    operator = "*" if moment.per_second < MILLISECONDS else "//"
    factor = max(moment.per_second / MILLISECONDS, MILLISECONDS / moment.per_second)
    inner = f"({text})" if isinstance(node, (ast.BinOp, ast.IfExp)) else text
    whole = f"{inner} {operator} {int(factor):_}".replace("1_000", "1000", int(factor) == 1000)
    is_whole = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int"
    return Replace(site.module.source.span(node), "", whole if is_whole else f"int({whole})")


def _aware(moment: Moment) -> Verb | None:
    """Say of `utcnow()` that it is UTC, or read the clock without the detour over a broken-down time."""
    source = moment.site.module.source
    match moment.site.node:
        case ast.Call(func=ast.Attribute(value=base, attr="timestamp")):
            call = _utcnow(base)
            if call is not None and isinstance(call.func, ast.Attribute):
                return Replace(
                    source.span(call), "timezone", f"{source.text(call.func.value)}.now({{}}.utc)", "datetime"
                )
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr="mktime"), args=[ast.Call(func=inner)]):
            if isinstance(inner, ast.Attribute) and inner.attr == "gmtime":
                return Replace(moment.site.span, "", f"{module}.time()")
    return None


def _utcnow(node: ast.expr) -> ast.Call | None:
    """The call of `utcnow()` in what is calculated from it."""
    match node:
        case ast.Call(func=ast.Attribute(attr="utcnow")):
            return node
        case ast.BinOp(left=inner) | ast.Call(func=ast.Attribute(value=inner, attr="replace")):
            return _utcnow(inner)
    return None


def _signed_mender(moment: Moment, host: str | None) -> Verb | None:
    """Bybit's own clock in the place of a clock and its conversions; what is added in seconds is added in theirs."""
    if moment.is_naive and not moment.unit:
        name = "datetime.datetime.utcnow().timestamp"
        is_plain = isinstance(moment.site.node, ast.Call) and "utcnow()" in moment.site.module.source.text(
            moment.site.node
        )
        return clocks.correction(clocks.ClockRead(name, moment.site), host) if is_plain else None
    if moment.unit != "seconds":
        return None
    call = clocks.server_call(host)
    node = _climbed(moment.site, (ast.Call,))
    span = moment.site.module.source.span(node)
    match moment.site.module.names.parents.get(node):
        case ast.BinOp(left=left, op=ast.Add(), right=right) as sum_ if (
            left is node and (later := number(right)) is not None
        ):
            whole = _climbed(Site(moment.site.module, sum_, moment.site.scope), (ast.Call,))
            added = f"{later} * 1000" if isinstance(later, int) else str(round(later * 1000))  # a fraction is refused
            return Replace(moment.site.module.source.span(whole), "server_timestamp", f"{call} + {added}")
        case ast.BinOp():
            return None
    return Replace(span, "server_timestamp", call)
