"""Fields of instruments that a bot reads where the instrument has none, or takes for a step that is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint import knowledge
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.responses import ResponsePart, Responses
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.orders.off_grid import OrderNumber, at_the_orders
from bybit_lint.facts.orders.off_grid import categories as categories_of
from bybit_lint.facts.orders.step_roundings import by_place
from bybit_lint.knowledge import InstrumentField
from bybit_lint.vocabulary import FilterField, Fix, Misrounding, Related, Repair, Replace, Span

INSTRUMENTS = "/v5/market/instruments-info"
STOPS = "this raises a KeyError"
GUESSES = "the bot goes on without it, or with a guess"
COARSE = "Bybit may refuse the price"


@extracts(FilterField)
class FilterFields:
    """The fields that are not what the bot takes them for."""

    def __init__(self, analysis: Analysis) -> None:
        self.traffic, self.responses = analysis.traffic, analysis.responses

    def facts(self, module: Module) -> Iterator[FilterField]:
        yield from self._scales(module)
        for field in knowledge.instrument_fields().values():
            for node in module.names.items.get(field.name, ()):
                yield from _absent(module, self.responses, field, node)

    @cached_property
    def _misrounded(self) -> dict[str, dict[tuple[Span, Misrounding], list[OrderNumber]]]:
        return by_place(self.traffic.orders)

    def _scales(self, module: Module) -> Iterator[FilterField]:
        """PriceScale taken for the decimals of a price."""
        for (span, how), uses in self._misrounded.get(module.source.path, {}).items():
            if how is Misrounding.SCALE:
                ordered = Related(uses[0].number.target, f"sent as {uses[0].number.title} here")
                repair = at_the_orders(module, uses)
                yield FilterField(
                    span, "priceScale", COARSE, how.value, ordered, repair, categories_of(uses), is_price=True
                )


def _absent(module: Module, answers: Responses, field: InstrumentField, node: ast.expr) -> Iterator[FilterField]:
    """A field that no instrument of the category has, where the bot does not read the other one as well."""
    others = module.names.items.get(field.instead, ())
    if any(module.names.scope(other).function is module.names.scope(node).function for other in others):
        return
    found = answers.of(module, node)
    categories = {_category(answer, field) for answer in found}
    if found and not categories & {None, *field.categories}:
        told = " and ".join(sorted(f"{category}" for category in categories))
        instead = _instead(field, categories)
        theirs = f", but {instead}" if instead else ""
        asked = next(Related(answer.made.site.span, "asked for here") for answer in found if answer)
        fault = f"{told} instruments have no {field.name}{theirs}"
        span = module.source.span(node)
        is_missed = isinstance(node, ast.Subscript)
        yield FilterField(
            span,
            field.name,
            STOPS if is_missed else GUESSES,
            fault,
            asked,
            _respelt(module, instead, node),
            tuple(sorted(f"{category}" for category in categories)),
            is_ordered=field.is_step and not is_missed,
        )


def _instead(field: InstrumentField, categories: set[object]) -> str:
    """The field that has its place in all of these categories, if there is one."""
    other = knowledge.instrument_fields().get(field.instead)
    return other.name if other and categories <= set(other.categories) else ""


def _category(answer: ResponsePart | None, field: InstrumentField) -> object:
    """The category that was asked for, if a field of the filter was read from the answer."""
    if answer is None or answer.request.endpoint != INSTRUMENTS or answer.way[-2:] != (field.filter, field.name):
        return None
    return answer.request.constant("category")


def _respelt(module: Module, instead: str, node: ast.expr) -> Repair:
    key = node.slice if isinstance(node, ast.Subscript) else node.args[0] if isinstance(node, ast.Call) else node
    text = module.source.text(key)
    if not instead or text[0] not in "'\"":
        return {"not_fixed": "no field of theirs says the same"}
    verb = Replace(module.source.span(key), "", f"{text[0]}{instead}{text[0]}")
    return {"fix": Fix(f"read {instead}", (verb,), unblocks_orders=True)}
