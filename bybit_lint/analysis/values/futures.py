"""Calls that are handed over, to a thread, an executor or an event loop, and what comes back of them."""

from __future__ import annotations

import ast

from bybit_lint.analysis.values.containers import element
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import (
    Access,
    Expression,
    External,
    Invocation,
    ListTerm,
    Site,
    Term,
    Union,
    qualified_name,
    union,
)

NOW = {"to_thread": 0, "run_in_executor": 1, "run_sync": 0}
"""What makes the call that it is given, and gives what comes of it: the place of the function."""
LATER = "submit"
"""What makes a call whose result is asked for later."""
TASKS = {"create_task", "ensure_future", "shield", "wait_for", "run_until_complete", "run_coroutine_threadsafe"}
RUNNERS = {"asyncio.run", "anyio.run", "trio.run"}
"""What is given a coroutine and, awaited or run, gives what comes of it."""
COMPLETED = {"asyncio.as_completed", "concurrent.futures.as_completed"}
GATHERED = "asyncio.gather"
MAPPED = {"builtins.map"}
WAITING = {"result", *NOW, *(path.rpartition(".")[2] for path in (*RUNNERS, *COMPLETED, *MAPPED))}
"""The last names of what makes calls or waits for them."""


class Futures:
    """Answers what comes of calls that others make."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def outcome(self, term: Term) -> Term:
        """What a future, a task or a coroutine gives in the end; a value that is there already is itself."""
        match term:
            case Union(terms=terms):
                return union([self.outcome(option) for option in terms], is_certain=term.is_certain)
            case Invocation(positional=[first, *rest]):
                name = called(term.callee)
                if name == LATER:
                    return self._call(first.term, tuple(rest), term)
                if name in TASKS or qualified_name(term.callee) in RUNNERS:
                    return self.outcome(first.term)
        return term

    def result(self, made: Invocation) -> Term | None:
        """What a call gives that makes another one, waits for some, or makes one for each of several things."""
        if isinstance(made.callee, Access) and made.callee.key == ".result" and not made.positional:
            found = self.outcome(made.callee.base)
            return None if found is made.callee.base else found
        name = called(made.callee)
        if name not in WAITING or not made.positional:
            return None
        first, *rest = made.positional
        qualified = qualified_name(made.callee)
        if name in NOW and len(made.positional) > NOW[name]:
            return self._call(made.positional[NOW[name]].term, made.positional[NOW[name] + 1 :], made)
        if qualified in RUNNERS:
            return self.outcome(first.term)
        if qualified in COMPLETED:
            return ListTerm((Expression(first.site, element(first.term)),), False, made.site)
        if rest and (qualified in MAPPED or (name == "map" and isinstance(made.callee, Access))):
            each = tuple(Expression(given.site, element(given.term)) for given in rest)
            return ListTerm((Expression(made.site, self._call(first.term, each, made)),), False, made.site)
        return None

    def gathered(self, site: Site, call: ast.Call) -> ListTerm:
        """What `asyncio.gather()` gives: what each of its arguments comes to."""
        items: list[Expression] = []
        for value in call.args:
            inner = self.evaluation.beside(site, value.value if isinstance(value, ast.Starred) else value)
            held = self.evaluation.term(inner)
            items.append(Expression(inner, self.outcome(element(held) if isinstance(value, ast.Starred) else held)))
        return ListTerm(tuple(items), not any(isinstance(value, ast.Starred) for value in call.args), site)

    def _call(self, callee: Term, positional: tuple[Expression, ...], made: Invocation) -> Term:
        return self.evaluation.apply(made.of(callee, positional))


def called(callee: Term) -> str:
    """The last name of what is called."""
    path = callee.key if isinstance(callee, Access) else callee.name if isinstance(callee, External) else ""
    return path.rpartition(".")[2]
