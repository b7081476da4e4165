"""What a value depends on, how large it is, and which parameters callers fill."""

from __future__ import annotations

import ast
from typing import TypeAlias

from bybit_lint.analysis.syntax.argument_binding import defaults, positional_parameters
from bybit_lint.analysis.syntax.nodes import FunctionNode, is_classmethod, is_static
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import (
    HUGE,
    LEAF,
    Access,
    Class,
    Compound,
    DictTerm,
    External,
    Function,
    Instance,
    Invocation,
    ListTerm,
    Measure,
    Parameter,
    Term,
    Union,
    children,
)
from bybit_lint.vocabulary import Span

BESIDE = (ListTerm, DictTerm, Instance)
"""What holds its parts side by side, each of which is large or not by itself."""
Dependence: TypeAlias = tuple[frozenset[Parameter], frozenset[FunctionNode]]
"""The parameters that a term depends on, and the functions they are of."""


class Parameters:
    """Answers the evaluator's questions about parameters: who depends on them, and what fills them."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._alike: dict[Measure, Measure] = {}
        """One measure for all terms that are as large and depend on the same."""
        self._dependences: dict[frozenset[Parameter], Dependence] = {}
        """One pair of sets for all that depend on the same."""
        self._functions: dict[frozenset[FunctionNode], frozenset[FunctionNode]] = {}
        """One set for all whose parameters are of the same functions."""

    def of(self, term: Term) -> frozenset[Parameter]:
        """The parameters a term depends on."""
        return self.measured(term).parameters

    def measured(self, term: Term) -> Measure:
        """How large a term is, and what it depends on."""
        return term.measure or self._measure(term)

    def _measure(self, term: Compound) -> Measure:
        if isinstance(term, Parameter):
            term.measure = Measure(1, 1, 1, *self._dependence(frozenset((term,))))
            return term.measure
        term.measure = LEAF
        size, joined, levels, found, functions = 1, 0, 0, LEAF.parameters, LEAF.functions
        is_beside = isinstance(term, BESIDE) or (isinstance(term, Union) and _is_of_others(term))
        for child in children(term):
            inner = child.measure or self._measure(child)
            if inner is LEAF:
                size += 1
                joined = (joined or 1) if is_beside else joined + 1
                levels = levels or 1
                continue
            size += inner[0]
            joined = max(joined, inner[1]) if is_beside else joined + inner[1]
            levels = max(levels, inner[2])
            if inner[3] is not found and inner[3] and not found >= inner[3]:  # most depend on the same, one set of it
                found, functions = inner[3:] if found <= inner[3] else self._dependence(found | inner[3])
        if size > 1:
            made = Measure(size, joined + 1, levels + 1, found, functions)
            term.measure = self._alike.setdefault(made, made)
        return term.measure

    def _dependence(self, found: frozenset[Parameter]) -> Dependence:
        """Some parameters, and the functions they are of."""
        known = self._dependences.get(found)
        if known is None:
            functions = frozenset(parameter.function for parameter in found)
            known = self._dependences[found] = found, self._functions.setdefault(functions, functions)
        return known

    def bounded(self, term: Term) -> Term:
        """The term itself, if it is not too large."""
        return term if self.measured(term).is_bounded else HUGE

    def default(self, parameter: Parameter) -> Term | None:
        """What a parameter is where nothing is passed for it."""
        node = defaults(parameter.function.args).get(parameter.name)
        return self.evaluation.evaluate(parameter.module, node) if node is not None else None

    @staticmethod
    def offset(function: Function) -> int:
        """1 where the first parameter is filled by what the function is taken from: a class gives methods no object."""
        node = function.node
        is_method = isinstance(function.module.names.parents.get(node), ast.ClassDef) and not is_static(node)
        is_bound = function.owner is not None and (not isinstance(function.owner, Class) or is_classmethod(node))
        return 1 if is_method and is_bound else 0


def _is_of_others(choice: Union) -> bool:
    """True for a choice between what holds its parts side by side, or texts of it."""
    for option in choice.terms:
        if isinstance(text_of(option) if isinstance(option, Invocation) else option, BESIDE):
            return True
    return False


def text_of(term: Term) -> Term:
    """What a text is made of, as `json.dumps(order).encode()` is of the order; the term itself if it is no text."""
    while isinstance(term, Invocation):
        callee, given = term.callee, term.positional
        if isinstance(callee, Access) and isinstance(callee.base, Invocation):
            term = callee.base
        elif len(given) == 1 and isinstance(callee, (Access, External)):
            term = given[0].term
        else:
            break
    return term


def header(function: Function) -> Span:
    """The parameters of a function as they are written; all of it where it has none."""
    source, taken = function.module.source, positional_parameters(function.node.args)
    if not taken:
        return source.span(function.node)
    return source.span_of(source.span(taken[0]).start, source.span(taken[-1]).end)
