"""Calls that hold up a coroutine: sleeps and synchronous requests that are not handed to a thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.callgraph.reachability import Reachability
from bybit_lint.analysis.flow.prepared_requests import made_for
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import misfit
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import COMPREHENSIONS, called_name, keeps_parameters
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.terms import Function, qualified_name
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.lone_calls import LoneCalls
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Blocking, Replace

VERBS = "(?:get|post|put|delete|patch|request|send)"
SYNCHRONOUS = regex(
    rf"pybit\.(?:\w+\.)*HTTP\(\)\.\w+|ccxt\.bybit(?:\.bybit)?\(\)\.\w+|urllib\.request\.(?:urlopen|build_opener\(\)\.open)"
    rf"|requests\.(?:[Ss]ession\(\)\.)?{VERBS}|httpx\.(?:Client\(\)\.)?{VERBS}"
)
"""What waits for an answer where it is called."""
HTTP = ("requests", "httpx")
OTHER_LOOPS = (b"trio", b"anyio", b"curio")
RUN = (b"asyncio.run(", b"run_until_complete(")
RUN_BY_NAME = (0, "asyncio", "run")
COMPANY = (
    *(b"create_task", b"gather", b"ensure_future", b"TaskGroup", b"as_completed", b"run_forever", b"start_server"),
    *(b"call_later", b"AsyncIOScheduler", b"uvicorn"),
)
"""What brings other tasks."""
SOCIABLE = ("websockets", "aiohttp", "fastapi", "aiogram", "telegram", "telethon", "discord")
"""Libraries that have some of their own."""
IDLE = regex(r"telegram\.(?!ext\b).*")
"""What of theirs brings none: python-telegram-bot begins its tasks in `telegram.ext`, and not in `telegram.Bot`."""


@extracts(Blocking, words="async")
class BlockingCalls:
    """The calls of a project that hold up a coroutine."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.callees = analysis.program.project, analysis.program.callees
        self.evaluator = analysis.program.evaluator
        self.bybit_calls, self.requests = analysis.traffic.bybit_calls, analysis.traffic.requests
        self.lone_calls = LoneCalls(analysis.program)
        self.waiting = Reachability(self.callees, self._waits, _runs_here)

    def facts(self, module: Module) -> Iterator[Blocking]:
        """Those in one module; one of each coroutine's calls that wait at the same place."""
        coroutines = [function for function in module.names.scopes if isinstance(function, ast.AsyncFunctionDef)]
        for function in () if coroutines and self._is_alone(module) else coroutines:
            calls = module.names.calls_in[function]
            told = sorted(
                (b for call in calls for b in self._told(module, call) if not self.lone_calls.has(module, call)),
                key=lambda b: b.span.start,
            )
            yield from {blocking.waits or blocking.span: blocking for blocking in reversed(told)}.values()

    def _is_alone(self, module: Module) -> bool:
        """True for the coroutines of a script, or of all of a bot, that run one after the other: nobody is held up."""
        return (_runs(module) and not self._brings_others(module)) or self._is_sequential

    @cached_property
    def _is_sequential(self) -> bool:
        """True if a file of the bot runs coroutines, and none brings a second task."""
        modules = [module for module in self.project.readable if not module.is_among_tests]
        return any(map(_runs, modules)) and not any(map(self._brings_others, modules))

    def _brings_others(self, module: Module) -> bool:
        is_written = any(word in module.source.data for word in COMPANY)
        return is_written or any(self._has_company(module, *each) for each in module.imports)

    def _has_company(self, module: Module, level: int, dotted: str, name: str | None) -> bool:
        """True for an import of a library with tasks of its own, or of a module that is named after it and uses it."""
        named = [library for library in SOCIABLE if library in dotted]
        own = self.project.imported(module, level, dotted) if named else None
        if own is None:
            return bool(named) and not _is_idle(dotted, name)
        inside = {inner for _, inner, part in own.imports if not _is_idle(inner, part)}
        return any(library in inner for inner in inside for library in named)

    def _told(self, module: Module, call: ast.Call) -> Iterator[Blocking]:
        name = called_name(call.func)
        if name == "sleep" and self._paths(module, call) == {"time.sleep"}:
            yield self._pause(module, call)
        elif module.names.aliases.get(name, name) in self._names or self._waits(module, call):
            place = self.waiting.of(module, call)
            if place is not None and not isinstance(module.names.parents.get(call), ast.Await):
                yield self._wait(module, call, place)

    def _paths(self, module: Module, call: ast.Call) -> set[str | None]:
        return {qualified_name(term) for term in self.callees.terms(module, call)}

    def _waits(self, module: Module, call: ast.Call) -> bool:
        """True if a call waits for an answer itself, in the thread it is made in."""
        if deferred_callee(call)[0] is not call.func:
            return False
        match call.func:
            case ast.Attribute(value=ast.Name(id=name)) if name in HTTP:
                pass
            case _ if self.bybit_calls.isdisjoint((call, *made_for(self.evaluator, module, call))):
                return False
        if all(SYNCHRONOUS.fullmatch(found or "") for found in self._paths(module, call)):
            return True
        return isinstance(call.func, ast.Name) and call in self._handed_over

    @cached_property
    def _handed_over(self) -> set[ast.Call]:
        """The calls of what is handed over by too many to tell them apart, and waits at least for some of them."""
        calls = (call for found in self.requests.values() for call, _ in found)
        return {call.by.call for call in calls if call.by is not None and SYNCHRONOUS.fullmatch(call.path)}

    @cached_property
    def _names(self) -> set[str]:
        """The names of the functions that may wait, or lead to one that does."""
        found: set[str] = set()
        fresh = {
            name
            for module in self.project.readable
            for node, calls in module.names.calls_in.items()
            if (name := _name(node)) and any(self._waits(module, call) for call in calls)
        }
        for _ in range(MAX_CALLS_BETWEEN):
            found |= fresh
            calls = [place for name in fresh for place in self.project.calls_of(name)]
            fresh = {_name(module.names.scope(call).function.node) for module, call in calls} - found - {""}
        return found

    # What is told ----------------------------------------------------------------------------------------------------

    def _pause(self, module: Module, call: ast.Call) -> Blocking:
        reason = "another task may run while this one sleeps, and the code around it may not be ready for that"
        return Blocking(
            module.source.span(call),
            "time.sleep()",
            is_pause=True,
            verb=None if _holds_something(module, call) else _awaited(module, call, "asyncio.sleep"),
            reason=reason,
        )

    def _wait(self, module: Module, call: ast.Call, place: CallSite) -> Blocking:
        is_own = place[1] is call
        reason = "the function works on the bot's own data, and would do so in a thread beside everything else"
        return Blocking(
            module.source.span(call),
            f"{called_name(call.func)}()",
            is_pause=False,
            waits=None if is_own else place[0].source.span(place[1]),
            verb=_awaited(module, call, "asyncio.to_thread", module.source.text(call.func)) if is_own else None,
            reason="await cannot stand here" if is_own else reason,
        )


def _is_idle(dotted: str, name: str | None) -> bool:
    return IDLE.fullmatch(f"{dotted}.{name}") is not None


def _runs(module: Module) -> bool:
    return RUN_BY_NAME in module.imports or any(word in module.source.data for word in RUN)


def _awaited(module: Module, call: ast.Call, helper: str, first: str = "") -> Replace | None:
    """The verb that awaits `helper(first, ...)` in the place of a call, with the call's own arguments."""
    if any(isinstance(node, (*COMPREHENSIONS, ast.JoinedStr)) for node in module.names.ancestors(call)):
        return None
    if any(word in module.source.data for word in OTHER_LOOPS):
        return None
    text, function = module.source.text(call), module.source.text(call.func)
    arguments = text[len(function) :].lstrip()[1:-1]
    if not text.startswith(function):
        return None
    comma = "" if not first or not arguments.strip() else "," if arguments[0].isspace() else ", "
    return Replace(module.source.span(call), helper, f"await {{}}({first}{comma}{arguments})")


def _holds_something(module: Module, call: ast.Call) -> bool:
    """True if something is held meanwhile that was not made to be held by a coroutine."""
    return any(isinstance(node, ast.With) for node in module.names.ancestors(call))


def _runs_here(place: CallSite, function: Function) -> bool:
    """True if a call runs a function where it stands; a coroutine or generator runs where it is awaited or asked."""
    is_plain = isinstance(function.node, ast.FunctionDef) and function.node not in function.module.names.generators
    return is_plain and deferred_callee(place[1])[0] is place[1].func and _takes(function, place[1])


def _takes(function: Function, call: ast.Call) -> bool:
    """False for a function that raises before it waits, since it does not take what it is given."""
    node = function.node
    is_wrapped = isinstance(node, ast.Lambda) or not keeps_parameters(node)
    return is_wrapped or not misfit(node, call, Parameters.offset(function))


def _name(node: ast.AST) -> str:
    """The name of a function that is not a coroutine."""
    return node.name if isinstance(node, ast.FunctionDef) else ""
