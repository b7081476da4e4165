"""Finding the numbers of orders that are off the instrument's grid, once each, and where they are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Argument, Kind, OffGrid, Order, Origin, Related, Repair, Span
from bybit_lint.vocabulary.values import UNROUNDED


class OrderNumber(NamedTuple):
    """A number of an order."""

    order: Order
    number: Argument


class OffGridNumber(NamedTuple):
    """A number of an order that is off the grid, and what put it there."""

    use: OrderNumber
    origin: Origin


class OffGridKey(NamedTuple):
    """Where strays are told as one."""

    span: Span
    name: str
    kind: Kind
    """Of what puts it off the grid; all that nobody has rounded is one."""


def by_place(orders: Sequence[Order]) -> dict[str, dict[OffGridKey, list[OffGridNumber]]]:
    """The numbers that are off the grid, by the file in which they are told, and the place."""
    found: dict[str, dict[OffGridKey, list[OffGridNumber]]] = defaultdict(lambda: defaultdict(list))
    for order in orders:
        for number, origin in order.off_grid():
            kind = UNROUNDED[0] if origin.kind in UNROUNDED else origin.kind
            place = OffGridKey(number.stand(origin), number.name, kind)
            found[place.span.path][place].append(OffGridNumber(OrderNumber(order, number), origin))
    return found


@extracts(OffGrid)
class OffGridNumbers:
    """The numbers off the grid that are told in a module."""

    def __init__(self, analysis: Analysis) -> None:
        self.traffic = analysis.traffic

    @cached_property
    def _by_path(self) -> dict[str, dict[OffGridKey, list[OffGridNumber]]]:
        return by_place(self.traffic.orders)

    def facts(self, module: Module) -> Iterator[OffGrid]:
        for place, found in self._by_number(module):
            strays = sorted(found, key=lambda stray: (stray.origin.span, stray.use.number.target))
            ends = dict.fromkeys(end for stray in strays for end in _other_ends(place, stray))
            is_cut = place.kind in (Kind.CUT, Kind.COARSENED)
            repair = uncut(module, strays) if is_cut else at_the_orders(module, [s.use for s in strays])
            names = dict.fromkeys(stray.use.number.title for stray in strays)
            kinds = categories([stray.use for stray in strays])
            is_price = place.name in Order.PRICES
            yield OffGrid(place.span, "/".join(names), is_price, strays[0].origin, tuple(ends), repair, kinds)

    def _by_number(self, module: Module) -> Iterator[tuple[OffGridKey, list[OffGridNumber]]]:
        """The same, but one number that is sent under two names is one: `tpSize` and `slSize` of what was bought."""
        one: dict[tuple[object, ...], tuple[OffGridKey, list[OffGridNumber]]] = {}
        for place, found in self._by_path.get(module.source.path, {}).items():
            made = frozenset(stray.origin.span for stray in found)
            number = (place.span, place.kind, place.name in Order.PRICES, made)
            one.setdefault(number, (place, []))[1].extend(found)
        yield from one.values()


def categories(uses: Sequence[OrderNumber]) -> tuple[str, ...]:
    """Those of the orders that numbers are for; one may be empty, which is not known."""
    return tuple(dict.fromkeys(use.order.category for use in uses))


def _other_ends(place: OffGridKey, stray: OffGridNumber) -> Iterator[Related]:
    """The places that explain what a number is: where it arose, where it is handed on, and where it is sent."""
    for origin in stray.use.number.value.alike(stray.origin):
        if not place.span.holds(origin.span):
            yield Related(origin.span, origin.here)
    yield from ways_out(place.span, stray.use, "sent here")


def ways_out(told: Span, use: OrderNumber, sent: str) -> Iterator[Related]:
    """Where a number that is told at one place is handed on, where it becomes part of an order, and who sends that."""
    handed, target, call = use.number.span, use.number.target, use.order.sent or use.order.span
    for step in (handed, *reversed(use.number.value.between)):
        if not any(end.holds(step) or step.holds(end) for end in (told, target)):
            yield Related(step, "handed on here")
    if not told.holds(target):
        yield Related(target, sent if call.holds(target) else "put into the order here")
    if not call.holds(target) and not call.holds(told):
        yield Related(call, sent)


def at_the_orders(module: Module, uses: Sequence[OrderNumber]) -> Repair:
    """Round where the numbers are sent, if that can be done for all of them in the module."""
    return _together(module, [order.rounding(number) for order, number in uses])


def uncut(module: Module, strays: Sequence[OffGridNumber]) -> Repair:
    """Take out what cuts the numbers beside their rounding, if that can be done for all of them in the module."""
    return _together(module, [stray.use.order.uncut(stray.origin) for stray in strays])


def _together(module: Module, repairs: Sequence[Repair]) -> Repair:
    reason = next((repair["not_fixed"] for repair in repairs if "not_fixed" in repair), "")
    fixes = [fix for repair in repairs if (fix := repair.get("fix"))]
    verbs = tuple(dict.fromkeys(verb for fix in fixes for verb in fix.verbs))
    if reason or any(verb.target.path != module.source.path for verb in verbs):
        return {"not_fixed": reason or "the orders that it is for stand in other files"}
    return {"fix": fixes[0].replace(verbs=verbs)}
