"""Whose answer is read: the calls of a project that ask, by what the evaluator makes of an answer."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.syntax.nodes import FunctionNode, parameters
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.analysis.values.terms import Function, Invocation, Parameter, Term, alternatives
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.passages.passages import Passage
from bybit_lint.fixing.migration.steps import Step
from bybit_lint.knowledge import migrations


class Askers:
    """The calls of one project that ask, each with what becomes of it."""

    def __init__(self, program: Program, responses: Responses, known: Mapping[ast.Call, tuple[Sighting, Step]]) -> None:
        self.program, self.responses, self.known = program, responses, known

    def call(self, term: object) -> ast.Call | None:
        """The call of an older client whose answer a term is, or whose stream sends it."""
        if isinstance(term, Parameter):
            return self._streams.get((term.function, term.name))
        node = term.site.node if isinstance(term, Invocation) else None
        if isinstance(term, Invocation) and isinstance(node, ast.Call) and (around := self._senders.get(node)):
            return self._sent.get((around, self.responses.path(term)))
        return node if isinstance(node, ast.Call) and node in self.known else None

    def calls(self, term: Term) -> list[ast.Call | None]:
        """The same; all for which it is sent, where the function that sends it looks at what comes back."""
        node = term.site.node if isinstance(term, Invocation) else None
        around = self._senders.get(node) if isinstance(node, ast.Call) else None
        if around is None or self.responses.path(term):
            return [self.call(term)]
        return [call for (function, _), call in self._sent.items() if function is around and not self._is_idle(call)]

    def asking(self, passage: Passage) -> ast.Call:
        """The call that asks for all that go to one path by the same function."""
        return self._sent[self._senders[passage.sender.node], passage.path]

    def _is_idle(self, call: ast.Call) -> bool:
        """True for a request that is left, and that nobody asks for."""
        return self.known[call][1].is_left and self._is_unasked(call)

    def _is_unasked(self, call: ast.Call) -> bool:
        """True for a request that nobody asks for."""
        passage = self.known[call][0].passage
        return passage is not None and bool(passage.idle)

    @cached_property
    def _senders(self) -> Mapping[ast.Call, ast.AST]:
        """The calls that send what others ask for, with the functions they stand in."""
        passages = [sighting.passage for sighting, _ in self.known.values() if sighting.passage is not None]
        return {passage.sender.node: passage.sender.view.site.scope.function.node for passage in passages}

    @cached_property
    def _sent(self) -> Mapping[tuple[ast.AST, str], ast.Call]:
        """The calls that ask, by the function that sends it and the path: one of its branches does, whichever."""
        found: dict[tuple[ast.AST, str], ast.Call] = {}
        for node, (sighting, _) in self.known.items():
            if (passage := sighting.passage) is not None:
                key = (self._senders[passage.sender.node], passage.path)
                known = found.get(key)
                if known is None or self._is_idle(known) or (self._is_unasked(known) and not passage.idle):
                    found[key] = node
        return found

    @cached_property
    def _streams(self) -> Mapping[tuple[FunctionNode, str], ast.Call]:
        """The calls that open streams, by what the messages of these are called; none that is called by several."""
        found: dict[tuple[FunctionNode, str], list[ast.Call]] = defaultdict(list)
        for node, (sighting, step) in self.known.items():
            held = (
                sighting.call.get("callback", 0) if sighting.method.endswith("_stream") and not step.is_left else None
            )
            for option in alternatives(held.term) if held is not None else ():
                if isinstance(option, Function):
                    taken = parameters(option.node)[self.program.evaluator.parameters.offset(option) :]
                    found[option.node, taken[0].arg if taken else ""].append(node)
        return {key: nodes[0] for key, nodes in found.items() if len({*map(self._answer_of, nodes)}) == 1}

    def _answer_of(self, node: ast.Call) -> str:
        sighting, _ = self.known[node]
        return migrations.migrations()[sighting.client, sighting.method].answer
