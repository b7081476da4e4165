"""What is called, as the method of V5: its name, without the part of an older client that it was of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.values.terms import Access
from bybit_lint.clients import swagger
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.editing.imports import Imports
from bybit_lint.fixing.editing.names import Names
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.calls.dialects import PYBIT, root
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.steps import Undecided


class Callee:
    """What one call is of, and its `method` of V5. Raises Undecided."""

    def __init__(self, program: Program, sighting: Sighting, method: str) -> None:
        self.program, self.sighting, self.method = program, sighting, method
        self.module, self.node, self.source = sighting.module, sighting.node, sighting.module.source
        self.elsewhere: list[tuple[Source, Edit]] = []
        """Edits in other files, or where the part of its client got its name."""

    def edits(self) -> Iterator[Edit]:
        """The edits where it is called."""
        yield from self.named() if self.sighting.library == PYBIT else self.unparted()

    def named(self) -> Iterator[Edit]:
        function = deferred_callee(self.node)[0]
        if not isinstance(function, ast.Attribute):
            raise Undecided("it is called by another name than its own")
        end = place(self.source, function)[1]
        helper, _, method = self.method.rpartition(".")
        if helper:
            start, receiver_end = place(self.source, function.value)
            yield Edit(start, start, f"{helper}(")
            yield Edit(receiver_end, receiver_end, ")")
        if method != function.attr:
            yield Edit(end - len(function.attr.encode()), end, method)

    def unparted(self) -> Iterator[Edit]:
        """The method as one of the client itself, where it was one of a part of it, and without the fetching."""
        function, library = self.node.func, self.sighting.library
        if not isinstance(function, ast.Attribute) or "." in self.method:
            raise Undecided("it is called by another name than its own")
        if isinstance(function.value, ast.Attribute):
            client = root(library, function.value)
            yield Edit(place(self.source, client)[1], place(self.source, function)[1], f".{self.method}")
        else:
            term = self.program.evaluator.evaluate(self.module, function.value)
            site = term.site if isinstance(term, Access) else None
            if site is None:
                raise Undecided("which part of its client it is asked of is not written beside it")
            source = site.module.source
            cut_from = place(source, root(library, site.node))[1]
            self.elsewhere.append((source, Edit(cut_from, place(source, site.node)[1], "")))
            end = place(self.source, function)[1]
            yield Edit(end - len(function.attr.encode()), end, self.method)
        match self.module.names.parents.get(self.node):
            case ast.AnnAssign(target=target, annotation=annotation):  # as an answer of HTTP, which it is no more
                yield Edit(place(self.source, target)[1], place(self.source, annotation)[1], "")
        if library == swagger.LIBRARY:
            yield from self._fetched()

    def _fetched(self) -> Iterator[Edit]:
        """Without `.result()`, and without the HTTP answer that came beside."""
        parents = self.module.names.parents
        around = parents.get(self.node)
        call = parents.get(around) if around else None
        if isinstance(around, ast.Expr):
            return
        if isinstance(around, ast.Assign) and (shown := self._shown_later(around)):
            yield from shown
            return
        if not isinstance(around, ast.Attribute) or around.attr != "result" or not isinstance(call, ast.Call):
            raise Undecided("its answer is fetched elsewhere")
        yield Edit(place(self.source, self.node)[1], place(self.source, call)[1], "")
        match parents.get(call):
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name() as first, ast.Name() as second]) as both]):
                if self.module.names.loads(self.module.names.scope(second).function.node, second.id):
                    raise Undecided(f"{second.id}, the HTTP answer beside its own, is looked at")
                yield Edit(*place(self.source, both), first.id)

    def _shown_later(self, made: ast.Assign) -> list[Edit]:
        """The same where it is fetched by a name, to be shown only: `print(order.result())`; none for any other use."""
        target = made.targets[0]
        names, parents = self.module.names, self.module.names.parents
        if len(made.targets) > 1 or not isinstance(target, ast.Name):
            return []
        found = []
        for load in names.loads(names.scope(target).function.node, target.id):
            call = parents.get(parents.get(load))
            match call:
                case ast.Call(func=ast.Attribute(value=inner, attr="result"), args=[], keywords=[]) if inner is load:
                    statement = names.statement(load)
                    if not only_logs(statement) or parents.get(call) is not getattr(statement, "value", None):
                        return []
                    found.append(Edit(place(self.source, load)[1], place(self.source, call)[1], ""))
                case _:
                    return []
        return found

    def helper(self) -> Iterator[Edit]:
        """The import of a helper that takes the place of a method."""
        helper = self.method.rpartition(".")[0]
        if helper:
            imports = Imports(self.source, Names(self.source))
            written, needed = imports.local("pybit.helpers", helper, place(self.source, self.node)[0])
            if written != helper:
                raise Undecided(f"the name {helper} means something else in this file")
            yield from [imports.insertion([needed._replace(extends=None)])] if needed else []
