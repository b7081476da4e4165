"""What is handed to a stream as a callback: a function, perhaps in a partial or in the shim's guard."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.argument_binding import defaults, positional_parameters
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.terms import Function, Invocation, Term, qualified_name
from bybit_lint.tuples import NamedTuple

PARTIALS = ("functools.partial", "functools.partialmethod")
GUARD = "bybit_lint.shim.guarded"
HARMLESS_DECORATORS = {"staticmethod", "classmethod"}


class HandedCallback(NamedTuple):
    """A function that a stream will call, and what it is given before that."""

    function: Function
    bound: int = 0
    """Positional arguments that a partial fills."""
    named: frozenset[str] = frozenset()
    """Keywords that a partial fills."""
    is_guarded: bool = False

    @property
    def filled(self) -> int:
        """How many positional parameters the stream does not fill: those of a partial, and the object's own."""
        return self.bound + Parameters.offset(self.function)

    @property
    def left(self) -> list[ast.arg]:
        """The positional parameters that the stream fills."""
        return positional_parameters(self.function.node.args)[self.filled :]

    def takes(self, count: int) -> bool:
        """False if it is proven that a call with so many positional arguments raises a TypeError."""
        arguments, optional = self.function.node.args, {*defaults(self.function.node.args), *self.named}
        if self.is_decorated:
            return True
        needed = sum(argument.arg not in optional for argument in (*self.left, *arguments.kwonlyargs))
        return needed <= count and (count <= len(self.left) or arguments.vararg is not None)

    @property
    def is_decorated(self) -> bool:
        """True if something wraps the function, which may change what it takes and catch what it raises."""
        decorators = getattr(self.function.node, "decorator_list", [])
        return any(called_name(decorator) not in HARMLESS_DECORATORS for decorator in decorators)


def handed_callback(term: Term) -> HandedCallback | None:
    """The function of the project that a stream is handed; None for anything else."""
    bound, named, is_guarded = 0, frozenset[str](), False
    while isinstance(term, Invocation) and term.positional and qualified_name(term.callee) in (*PARTIALS, GUARD):
        is_guarded |= qualified_name(term.callee) == GUARD
        bound += len(term.positional) - 1
        named |= term.keywords.keys()
        term = term.positional[0].term
    return HandedCallback(term, bound, named, is_guarded) if isinstance(term, Function) else None
