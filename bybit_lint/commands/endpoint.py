"""What `bybit-lint explain` says of an endpoint: its parameters, what it needs, how often it may be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.knowledge import parameters
from bybit_lint.knowledge.limits import limits
from bybit_lint.knowledge.parameters import Parameter
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import BrokenCall, Misnamed, Missing, Misvalued, OffGrid, Order

REQUIRED = {"yes": "required", "docs": "required, says Bybit alone", "pybit": "required, says pybit alone", "no": ""}
ORDERS = ("/v5/order/create", "/v5/order/amend", "/v5/position/trading-stop")


def find(what: str) -> str | None:
    """The path of an endpoint by its path or by a method of pybit; None where no table knows it."""
    endpoint = knowledge.endpoint_of(what) or knowledge.endpoint_at(what)
    return endpoint.path if endpoint else None


def names() -> list[str]:
    """All words for endpoints."""
    methods = sorted(knowledge.method_names())
    return [*methods, *sorted({e.path for method in methods if (e := knowledge.endpoint_of(method))})]


def render(path: str) -> Iterator[str]:
    """The lines about one endpoint."""
    methods = [e for name in knowledge.method_names() if (e := knowledge.endpoint_of(name)) and e.path == path]
    yield f"{methods[0].verb} {path}{'' if methods[0].needs_auth else ' (needs no key)'}"
    yield from (f"pybit: {method.method}, since {method.since}" for method in methods)
    yield from ("", "Parameters:", *(list(_table(path)) or ["  none"]))
    yield from () if methods[0].is_complete else ("  and perhaps others",)
    yield from _section("Needs", requirements(path))
    yield from _section("Requests a second and account", rates(path))


def parameter(path: str, name: str) -> Iterator[str]:
    """The lines about one parameter of an endpoint; none where no table knows it."""
    found = parameters.parameters(path).get(name)
    if found is not None:
        yield f"{found.name} of {path}"
        yield from (f"  {said}" for said in values(found))
        yield from _section("Needs", (line for line in requirements(path) if name in re.findall(r"\w+", line)))


def concerns(rule: Rule, path: str) -> bool:
    """True if a rule judges calls of an endpoint."""
    is_asked = rule.noun in (Misnamed, Misvalued, Missing, BrokenCall)
    return is_asked or (rule.noun in (Order, OffGrid) and path.startswith(ORDERS))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = [f"  {line}" for line in lines]
    yield from ("", f"{title}:", *found) if found else ()


def _table(path: str) -> Iterator[str]:
    found = taken(path)
    width = max((len(p.name) for p in found), default=0)
    for p in found:
        yield f"  {p.name:{width}}  {'; '.join(values(p))}"


def taken(path: str) -> list[Parameter]:
    """The parameters of an endpoint as they are told: those that it needs first, those of a batch's orders last."""
    return sorted(parameters.parameters(path).values(), key=lambda p: (p.name.startswith(">"), p.required == "no"))


def values(p: Parameter) -> Iterator[str]:
    """What is known of a parameter's values."""
    shape = f"like {p.pattern}" if p.pattern else f"at most {p.most}" if p.most else ""
    return filter(None, (p.type, REQUIRED[p.required], ", ".join(p.values), shape))


def requirements(path: str) -> Iterator[str]:
    """What an endpoint cannot do without beside what it always needs, a sentence each."""
    for need in parameters.needs(path):
        if not need.is_plain:
            names = (" or " if need.is_choice else " and ").join(need.names)
            conditions = " and ".join(condition.words for condition in need.conditions)
            otherwise = f"; otherwise Bybit {need.otherwise}" if need.otherwise else ""
            yield f"{names}{f', with {conditions}' if conditions else ''}{otherwise}"


def rates(path: str) -> Iterator[str]:
    """How often it may be asked, by category, and where Bybit says so; nothing where it does not."""
    found = limits(path)
    if found is not None:
        named = {"linear and inverse": found.linear_inverse, "option": found.option, "spot": found.spot}
        yield from (f"{category}: {limit}" for category, limit in named.items() if limit != "-")
        yield f"({found.source}, {found.date})"
