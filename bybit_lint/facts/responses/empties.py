"""Texts that may be empty, where a bot makes a number of them."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from bybit_lint.analysis.flow.exception_handlers import enclosing_attempts, enclosing_suppressions
from bybit_lint.analysis.syntax.guards import tests
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, walk
from bybit_lint.analysis.traffic.asked_fields import asks_if_empty
from bybit_lint.analysis.values.terms import qualified_name
from bybit_lint.facts.responses.fields import Fields, Read, field_name
from bybit_lint.vocabulary import Reading, Replace

NUMBERS = {
    "builtins.float": "a ValueError",
    "builtins.int": "a ValueError",
    "decimal.Decimal": "an InvalidOperation",
}
"""What makes a number of a text, and what is raised of an empty one."""
NAMES = {name.rpartition(".")[2] for name in NUMBERS}
SPECIFIC = ("ValueError", "InvalidOperation", "ArithmeticError", "DecimalException")
CHOSEN = ("orderId", "orderLinkId", "orderStatus")
"""Whoever asks for a certain order mostly knows that it is filled."""


class Empties(Fields):
    """Fields that may be an empty text."""

    def of(self, read: Read) -> Iterator[Reading]:
        """A text that may be empty and is made a number without a look at it."""
        is_one_order = read.field.way[-1] == "avgPrice" and not all(read.answer.request.lacks(name) for name in CHOSEN)
        for number in () if is_one_order else self._numbers(read.node):
            if not self._is_looked_at(read.node, number) and not self._is_caught(number):
                yield self.reading(read).replace(
                    empty=read.field.detail,
                    error=self._error(number),
                    repair="take 0 for an empty text",
                    corrector=self._or_zero(read, number),
                    not_fixed="it is always empty: read totalAvailableBalance, or the coin's walletBalance",
                )

    def _numbers(self, node: ast.expr) -> Iterator[ast.Call]:
        """The calls that make a number of what stands at a node, or of the name that it is bound to."""
        match self.names.parents.get(node):
            case ast.Call(args=[first]) as call if first is node and self._error(call):
                yield call
            case ast.Assign(targets=[ast.Name(id=name)], value=value) as binder if value is node:
                for load in self.names.loads(self.names.scope(binder).function.node, name):
                    if self.names.follows(load, binder):
                        yield from self._numbers(load)

    def _error(self, call: ast.Call) -> str:
        """What a call raises of an empty text, if it makes a number of it."""
        return NUMBERS.get(qualified_name(self.program.evaluator.evaluate(self.module, call.func)) or "", "")

    def _or_zero(self, read: Read, number: ast.Call) -> Replace | None:
        argument = number.args[0]
        if read.field.detail.startswith(("always", "for every")):
            return None
        return Replace(self.span(argument), "", f"{self.module.source.text(argument)} or 0")

    def _is_looked_at(self, node: ast.expr, number: ast.Call) -> bool:
        """True if the function asks anywhere about the text: the field, the name that holds it, or what tells of it.

        Or its callers do the latter, all of them, before they hand it on.
        """
        argument = number.args[0]
        name = argument.id if isinstance(argument, ast.Name) else ""
        function = self.names.scope(number).function.node
        words = {field_name(node), name} - {""}
        if any(self._speaks_of(test, words, number) for test in tests(function)):
            return True
        if asks_if_empty(self.names, function, field_name(node)):
            return True
        sites = self.program.callers.sites(function) if isinstance(function, FUNCTIONS) else []
        around = [(site.module.names, site.scope.function.node) for site in sites]
        return bool(around) and all(asks_if_empty(*place, field_name(node)) for place in around)

    def _speaks_of(self, test: ast.expr, words: set[str], number: ast.Call) -> bool:
        """True if a test has one of the words in it, but for the number that fails before it is asked about.

        Whether a row has the field at all is another question: it is there, and empty.
        """
        keys = (n.left for n in walk(test) if isinstance(n, ast.Compare) and _asks_for_key(n))
        numbers = (n for n in walk(test) if isinstance(n, ast.Call) and _is_bare_number(n))
        unasked = (n for n in numbers if self._says_nothing(test, n, number))
        within = {*walk(number), *keys, *(node for other in unasked for node in walk(other))}
        for node in walk(test):
            match node:
                case ast.Constant(value=str() as word) | ast.Name(id=word) if word in words and node not in within:
                    return True
        return False

    def _says_nothing(self, test: ast.expr, other: ast.Call, number: ast.Call) -> bool:
        """True for another number of the same text that is made behind the first, or not made on each way to it."""
        place = self.names.parents[test]
        if isinstance(place, ast.comprehension):
            place = self.names.parents[place]
        if self.names.holds(place, number) and not self.names.holds(test, number):
            return False  # what the test decides of
        around = itertools.takewhile(lambda node: not isinstance(node, ast.stmt), self.names.ancestors(other))
        is_perhaps = any(isinstance(a, ast.BoolOp) and not self.names.holds(a.values[0], other) for a in around)
        return self.names.follows(other, number) or (is_perhaps and not self.names.holds(test, number))

    def _is_caught(self, number: ast.Call) -> bool:
        """True if the error that an empty text makes is expected where it arises."""
        tried = ((a.body, _caught(a)) for a in enclosing_attempts(self.names, number) if a.handlers)
        suppressed = ((block.body, manager.args) for block, manager in enclosing_suppressions(self.names, number))
        return any(_expects_no_number(body, caught) for body, caught in (*tried, *suppressed))


def _is_bare_number(call: ast.Call) -> bool:
    """True for what makes a number of a text as it is: `float(text or 0)` has a look at it."""
    return called_name(call.func) in NAMES and not any(isinstance(a, (ast.BoolOp, ast.IfExp)) for a in call.args)


def _asks_for_key(test: ast.Compare) -> bool:
    return isinstance(test.left, ast.Constant) and isinstance(test.ops[0], (ast.In, ast.NotIn))


def _expects_no_number(body: list[ast.stmt], caught: list[ast.expr]) -> bool:
    """True if what is caught is what makes no number: it says so, or little else could go wrong."""
    if any(called_name(kind) in SPECIFIC for kind in caught):
        return True
    return len(body) == 1 and not any(isinstance(n, (ast.For, *FUNCTIONS)) for n in body)


def _caught(attempt: ast.Try) -> list[ast.expr]:
    """The exceptions that the handlers name."""
    types = [handler.type for handler in attempt.handlers if handler.type]
    return [kind for t in types for kind in (t.elts if isinstance(t, ast.Tuple) else [t])]
