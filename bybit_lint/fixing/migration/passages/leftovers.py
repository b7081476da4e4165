"""What is left over once nothing is signed the old way: statements whose names nobody asks for any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.fixing.migration.passages.bodies import COMPOUND, Body

BINDING = ("assign", "augmented", "for")


class Leftovers:
    """Finds them in one body, beside what is `gone` already; names that are `kept` stay."""

    def __init__(self, body: Body, gone: set[ast.AST], kept: set[str]) -> None:
        self.body, self.gone, self.kept = body, gone, kept

    def add(self) -> None:
        """Add to what goes all that is asked for by nothing else."""
        is_more = True
        while is_more:
            is_more = False
            for load in self._candidates():
                units = self._units(load)
                if units and not units <= self.gone and self._is_unneeded(units):
                    self.gone |= units
                    is_more = True

    def is_gone(self, node: ast.AST) -> bool:
        """True for what stands in something that goes."""
        here: ast.AST | None = node
        while here is not None and here is not self.body.scope.node:
            if here in self.gone:
                return True
            here = self.body.module.names.parents.get(here)
        return False

    def _candidates(self) -> list[ast.Name]:
        """What is read by something that goes."""
        read = (node for gone in self.gone for node in ast.walk(gone) if isinstance(node, ast.Name))
        return [node for node in read if isinstance(node.ctx, ast.Load) and node in self.body.loads_of(node.id)]

    def _units(self, load: ast.Name) -> set[ast.AST]:
        """The statements that make what is read, with all others that belong to these; none if not all can go."""
        found: set[ast.AST] = set()
        fresh = [*self.body.reaching(load)]
        seen: set[Binding] = set()
        while fresh:
            binding = fresh.pop()
            if binding in seen:
                continue
            seen.add(binding)
            if binding.how not in BINDING or not self._may_go(binding.path):
                return set()
            unit = self._unit(binding.statement)
            found.add(unit)
            fresh += self._within(unit)
        return found

    def _may_go(self, name: str) -> bool:
        if name in self.kept or name in self.body.scope.outer_names:
            return False
        others = (module for module in self.body.program.project.readable if module is not self.body.module)
        return self.body.function is not None or not any(name.encode() in other.source.body for other in others)

    def _within(self, unit: ast.AST) -> Iterator[Binding]:
        """All that a unit binds, and what binds the same names before it, where it reads them."""
        inside = {*ast.walk(unit)}
        bound = _bound_by({unit})
        for name in bound:
            bindings = self.body.scope.bindings.get(name, ())
            yield from (binding for binding in bindings if binding.statement in inside)
        for node in inside:
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                yield from self.body.reaching(node.target)
            elif isinstance(node, ast.Name) and node.id in bound and node in self.body.loads_of(node.id):
                yield from self.body.reaching(node)

    def _unit(self, node: ast.AST) -> ast.AST:
        """The statement around a node, with the loops and conditions around it that do nothing else."""
        names = self.body.module.names
        unit: ast.AST = names.statement(node) or node
        around = names.parents.get(unit)
        while isinstance(around, COMPOUND) and self.body.is_pure(around):
            unit, around = around, names.parents.get(around)
        return unit

    def _is_unneeded(self, units: set[ast.AST]) -> bool:
        inside = {node for unit in units for node in ast.walk(unit)}
        loads = (load for name in _bound_by(units) for load in self.body.loads_of(name))
        asked = (load for load in loads if load not in inside and not self.is_gone(load))
        is_asked = any(binding.statement in inside for load in asked for binding in self.body.reaching(load))
        return not is_asked and all(map(self.body.is_pure, units))


def _bound_by(units: set[ast.AST]) -> set[str]:
    nodes = (node for unit in units for node in ast.walk(unit))
    return {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
