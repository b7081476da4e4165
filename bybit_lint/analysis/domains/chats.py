"""What chat libraries hand to a bot: texts that somebody has sent to it, or written in a channel that it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode, arguments
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Invocation,
    Parameter,
    Term,
    Union,
    functions_among,
    qualified_name,
)

LIBRARIES = ("aiogram.", "telebot.", "telegram.", "telethon.", "pyrogram.", "discord.")
REGISTRARS = (
    *("CommandHandler", "MessageHandler", "add_event_handler", "register", "register_message_handler"),
    *("register_channel_post_handler", "register_next_step_handler"),
)
"""What is given the function that handles messages among its arguments."""
TEXTS = {".text", ".caption", ".args", ".raw_text", ".message", ".content"}
"""What of a message is written by whoever sent it; buttons send what the bot has given them."""
TAKEN = {".strip", ".split", ".rsplit", ".partition", ".replace", ".removeprefix", ".lstrip", ".rstrip", ".join"}
"""Methods that take a text out of a text."""


class Chats:
    """Answers whether a text was written by somebody who sent it to the bot."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def write(self, term: Term) -> bool:
        """True for the text of a message, and for what is cut out of it."""
        match term:
            case Union(terms=terms):
                held = [each for each in terms if not (isinstance(each, Constant) and not each.value)]
                return bool(held) and all(map(self.write, held))
            case Access(base=base, key=key) if key in TEXTS and self._are_told(base):
                return True
            case Invocation(callee=Access(base=base, key=key)) if key in TAKEN:
                return self.write(base)
            case Access(base=base, key=key) if key.startswith("["):
                return self.write(base)
        return False

    def _are_told(self, term: Term) -> bool:
        """True for a message, an event or an update: what a handler gets, or is annotated so."""
        while isinstance(term, Access) and term.key.startswith(".") and qualified_name(term) is None:
            term = term.base
        if (qualified_name(term) or "").startswith(LIBRARIES):
            return True
        if not isinstance(term, Parameter):
            return False
        written = self.evaluator.annotations.instance(term)
        is_named = written is not None and (qualified_name(written) or "").startswith(LIBRARIES)
        return is_named or self._handles(term.module, term.function)

    def _handles(self, module: Module, function: FunctionNode) -> bool:
        if function in self._registered:
            return True
        decorators = [] if isinstance(function, ast.Lambda) else function.decorator_list
        ways = (self.evaluator.evaluate(module, d.func) for d in decorators if isinstance(d, ast.Call))
        return any((qualified_name(way) or "").startswith(LIBRARIES) for way in ways)

    @cached_property
    def _registered(self) -> set[FunctionNode]:
        """The functions that are given to a library by name."""
        return functions_among(self._given())

    def _given(self) -> Iterator[Term]:
        project, at = self.evaluator.project, self.evaluator.at
        for module, call in (found for name in REGISTRARS for found in project.calls_of(name)):
            if (qualified_name(at(module, call.func).term) or "").startswith(LIBRARIES):
                yield from (at(module, node).term for node in arguments(call))
