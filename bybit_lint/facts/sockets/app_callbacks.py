"""The functions that are given to a `WebSocketApp` of Bybit's, where it is made or later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.traffic.running_sockets import maker
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.terms import Expression, Instance, Term, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.knowledge.streams import app_handlers
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Socket

PACKAGE = "websocket-client"


class AppCallback(NamedTuple):
    """What an app is given, by the name of the event."""

    name: str
    held: Expression
    socket: Socket


class AppCallbacks:
    """The callbacks of a project's apps."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.sockets = analysis.program.evaluator, analysis.traffic.sockets

    def of(self, module: Module) -> Iterator[AppCallback]:
        """Those that one file hands over."""
        if any(socket.library == PACKAGE for socket in self.sockets.values()):
            yield from self._passed(module)
            yield from self._assigned(module)

    def _passed(self, module: Module) -> Iterator[AppCallback]:
        """What the apps of a module are made with."""
        for call in module.names.calls:
            if (socket := self._of_app(call)) is not None:
                for keyword in call.keywords:
                    if keyword.arg in app_handlers():
                        yield AppCallback(str(keyword.arg), self.evaluator.at(module, keyword.value), socket)

    def _assigned(self, module: Module) -> Iterator[AppCallback]:
        """What is hung on an app later: `app.on_close = on_close`."""
        for name in app_handlers():
            for binding in module.names.attributes.get(name, ()):
                targets = binding.statement.targets if isinstance(binding.statement, ast.Assign) else []
                for target in (t for t in targets if isinstance(t, ast.Attribute) and t.attr == name):
                    socket = self._owner(module, target.value)
                    if binding.value is not None and socket is not None:
                        yield AppCallback(name, self.evaluator.at(module, binding.value), socket)

    def _of_app(self, call: ast.AST | None) -> Socket | None:
        held = self.sockets.get(call) if isinstance(call, ast.Call) else None
        return held if held is not None and held.library == PACKAGE else None

    def _owner(self, module: Module, owner: ast.expr) -> Socket | None:
        """The app that an attribute is set on, if it is one whichever way the code goes."""
        terms = alternatives(self.evaluator.evaluate(module, owner))
        made = [self._of_app(maker(term)) or self._of_heir(term) for term in terms]
        return made[0] if made and all(made) else None

    def _of_heir(self, term: Term) -> Socket | None:
        """The app that an object of the bot's own class is, which says in its constructor where it connects."""
        lineage = self.evaluator.hierarchy.lineage(term.of) if isinstance(term, Instance) else ()
        calls = (node for each in lineage for node in walk(each.node) if isinstance(node, ast.Call))
        return next(
            (socket for call in calls if called_name(call.func) == INIT and (socket := self._of_app(call))), None
        )
