"""Finding the numbers that take the place of a step or minimum which could not be looked up, once a block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.values.terms import Constant, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.orders.answered_lookups import AnsweredLookups
from bybit_lint.facts.orders.owned_guesses import OwnedGuesses
from bybit_lint.vocabulary import Guess, GuessedStep, Order, Span

IGNORING = b"ignore_codes"
"""What a client of pybit is told where it is to return certain errors instead of raising them."""
LEAST = ("minOrderQty", "limits.amount.min")


@extracts(GuessedStep)
class GuessedSteps:
    """The guesses of a module with which a number of an order is made."""

    def __init__(self, analysis: Analysis) -> None:
        self.traffic, self.program = analysis.traffic, analysis.program
        self.lookups = AnsweredLookups(analysis.traffic, analysis.program.callees)
        self.owned = OwnedGuesses(analysis.program)
        self._written: dict[Span, bool] = {}

    @cached_property
    def _by_path(self) -> dict[str, dict[Guess, list[Order]]]:
        found: dict[str, dict[Guess, list[Order]]] = defaultdict(lambda: defaultdict(list))
        for order in self.traffic.orders:
            guesses = [*_guesses(order)]
            for guess in guesses if guesses and not self._is_for_written(order) else ():
                found[guess.span.path][guess].append(order)
        return found

    def facts(self, module: Module) -> Iterator[GuessedStep]:
        blocks: dict[Span, list[Guess]] = defaultdict(list)
        found = self._by_path.get(module.source.path, {})
        for guess in found:
            if not self._is_owned(module, guess) and not self._is_for_none(module, guess, found[guess]):
                blocks[guess.block].append(guess)
        for guesses in blocks.values():
            guesses.sort(key=lambda guess: (guess.field in LEAST, guess.span))
            first = guesses[0]
            orders = [order for guess in guesses for order in found[guess]]
            fields = tuple(dict.fromkeys(guess.field for guess in guesses))
            categories = tuple(dict.fromkeys(order.category for order in orders))
            yield GuessedStep(first.span, first.code, fields, orders[0].span, categories)

    def _is_owned(self, module: Module, guess: Guess) -> bool:
        """True for a guess that is told as one to callers who then make nothing with it."""
        literals = module.source.expressions_at(guess.span)
        return any(self.owned.is_owned(module, literal) for literal in literals)

    def _is_for_none(self, module: Module, guess: Guess, orders: list[Order]) -> bool:
        """True for a guess that stands for no instrument that Bybit has, so that it is in no order that it takes."""
        if self.program.project.says(IGNORING):
            return False
        literals = module.source.expressions_at(guess.span)
        categories = {order.category for order in orders}
        return any(self.lookups.gave_none(module, literal, categories) for literal in literals)

    def _is_for_written(self, order: Order) -> bool:
        """True for an order of instruments that somebody wrote down, and whose step may be known to whoever did."""
        symbol = order.arguments.get("symbol")
        if symbol is None or symbol.value.constant is not None:
            return symbol is not None
        if symbol.target not in self._written:
            self._written[symbol.target] = self._is_written(symbol.target)
        return self._written[symbol.target]

    def _is_written(self, target: Span) -> bool:
        module = self.program.project.modules[target.path]
        terms = [self.program.evaluator.evaluate(module, node) for node in module.source.expressions_at(target)]
        ways = [way for term in terms for way in self.program.callers.in_all_contexts(term)]
        return bool(ways) and all(isinstance(option, Constant) for way in ways for option in alternatives(way))


def _guesses(order: Order) -> Iterator[Guess]:
    for number in (*order.quantities(), *order.prices()):
        yield from number.value.guesses
