"""Logins and subscriptions on raw sockets whose answer nobody reads."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from bybit_lint.analysis.domains.literals import mapping_of
from bybit_lint.analysis.domains.strings import texts
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import preceding
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.syntax.nodes import called_name, literal_key, unawaited, walk
from bybit_lint.analysis.traffic.messages import SENDERS
from bybit_lint.analysis.traffic.receptions import RECEIVERS
from bybit_lint.analysis.values.terms import Access, Invocation, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.stream_messages import opening_of
from bybit_lint.facts.sockets.subscriptions import OPENERS
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import UnreadAnswer

LOGIN, SUBSCRIPTION = "auth", "subscribe"
OPS = (LOGIN, SUBSCRIPTION)
ANSWERS = {"success", "ret_msg", "retCode", "retMsg", "ret_code"}
"""What an answer says of itself: `success` and `ret_msg`, on the trade socket `retCode`."""
OP = regex(r"""["']op["']\s*:\s*["'](auth|subscribe)["']""")


@extracts(UnreadAnswer)
class UnreadAnswers:
    """The answers that one project leaves unread."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.sockets = analysis.program.evaluator, analysis.traffic.sockets

    def facts(self, module: Module) -> Iterator[UnreadAnswer]:
        openers = [*module.names.called(*OPENERS)]
        if not openers or not all(call in self.sockets for call in openers):
            return  # another exchange's messages may look alike
        yield from self._dropped(module)
        yield from self._passed_over(module)

    def _passed_over(self, module: Module) -> Iterator[UnreadAnswer]:
        """The branches for an answer in which nobody looks at it: `if message["op"] == "auth": continue`."""
        for node in module.names.items.get("op", ()):
            test = next((a for a in module.names.ancestors(node) if isinstance(a, ast.Compare)), None)
            branch = next((a for a in module.names.ancestors(node) if isinstance(a, ast.If)), None)
            op = _op_of_test(test) if test is not None else ""
            if op and branch is not None and module.names.holds(branch.test, node) and _is_idle(branch):
                yield UnreadAnswer(module.source.span(branch.test), op)

    # A message that is taken and thrown away --------------------------------------------------------------------------

    def _dropped(self, module: Module) -> Iterator[UnreadAnswer]:
        """The statements that take the message behind a login or a subscription, and keep nothing of it."""
        for call in module.names.called(*RECEIVERS):
            statement = module.names.statement(call)
            taken = statement.value if isinstance(statement, ast.Expr) else None
            if unawaited(taken) is not call or not self._is_bybits(module, call):
                continue
            op = self._asked_before(module, statement)
            if op:
                yield UnreadAnswer(module.source.span(call), op, is_thrown_away=True)

    def _asked_before(self, module: Module, statement: ast.stmt | None) -> str:
        """What the statement right before asks for."""
        before = preceding(module.names.parents[statement], statement)[-1:] if statement else []
        inside = (node for last in before for node in walk(last))
        calls = (node for node in inside if isinstance(node, ast.Call) and called_name(node.func) in SENDERS)
        return next((op for call in calls if (op := self._op_of(module, call))), "")

    def _op_of(self, module: Module, call: ast.Call) -> str:
        if not call.args:
            return ""
        sent = self.evaluator.evaluate(module, call.args[0])
        message = mapping_of(sent)
        op = message.entries.get("op") if message is not None else None
        found = texts(op.term) if op is not None else ()
        return _op_in(texts(sent)) or next((text for text in found if text in OPS), "")

    def _is_bybits(self, module: Module, call: ast.Call) -> bool:
        made = [
            opening_of(option.callee.base)
            for option in alternatives(self.evaluator.evaluate(module, call))
            if isinstance(option, Invocation) and isinstance(option.callee, Access)
        ]
        return bool(made) and all(node in self.sockets for node in made)


def _op_in(found: Iterable[str]) -> str:
    """What a message in JSON asks for."""
    return next((match[1] for text in found if (match := OP.search(text))), "")


def _op_of_test(test: ast.Compare) -> str:
    """What a message is asked to be the answer to: `== "auth"`, `in ("auth", "subscribe")`."""
    if not isinstance(test.ops[0], (ast.Eq, ast.In)):
        return ""
    said = [literal_key(n) for n in walk(test) if isinstance(n, ast.Constant)]
    return next((op for op in OPS if op in said), "")


def _is_idle(branch: ast.If) -> bool:
    """True if a branch goes on, or only writes down that there was an answer, and asks nothing beside what it is to."""
    said = {literal_key(n) for n in walk(branch.test) if isinstance(n, ast.Constant)}
    return ANSWERS.isdisjoint(said) and not branch.orelse and all(map(_does_nothing, branch.body))


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Expr(value=ast.Call() as call):
            words = {literal_key(n) for n in walk(call) if isinstance(n, ast.Constant)}
            return only_logs(statement) and ANSWERS.isdisjoint(words)
    return False
