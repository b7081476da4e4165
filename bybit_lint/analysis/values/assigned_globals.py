"""Globals that other files assign: `config.exchange = HTTP()`, once `config` is imported."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import Term


class AssignedGlobals:
    """Answers what the globals of a module are given from outside of it."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def of(self, home: Module, name: str) -> list[Term]:
        """What other files assign to a module's global; what tests assign is for tests only."""
        found = self._by_global.get((home, name), ())
        return [self.evaluation.bound(module, b) for module, b in found if home.is_test or not module.is_test]

    def has(self, home: Module, name: str) -> bool:
        """True if another file assigns something to a module's global."""
        return (home, name) in self._by_global

    @cached_property
    def _by_global(self) -> dict[tuple[Module, str], list[tuple[Module, Binding]]]:
        found: dict[tuple[Module, str], list[tuple[Module, Binding]]] = defaultdict(list)
        for module in self.evaluation.project.readable:
            for name, bindings in module.names.attributes.items():
                for binding in bindings:
                    home = self._home(module, binding, name)
                    if home is not None and home.is_readable:
                        found[home, name].append((module, binding))
        return found

    def _home(self, module: Module, binding: Binding, name: str) -> Module | None:
        """The module of the project whose global a binding assigns, if it is one's."""
        held = binding.path.removesuffix(f".{name}")
        scope = binding.scope.holder(held)
        for imported in scope.bindings[held] if scope is not None else ():
            if imported.how == "import" and isinstance(imported.extra, tuple):
                level, dotted, last = imported.extra
                return self.evaluation.project.imported(module, level, ".".join(filter(None, (dotted, last))))
        return None
