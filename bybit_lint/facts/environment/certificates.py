"""Where the check of Bybit's certificate is switched off: in a call, in the client that makes it, or for all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.flow.prepared_requests import made_for
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.running_sockets import is_run_by
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Expression,
    Invocation,
    Site,
    Term,
    alternatives,
    qualified_name,
)
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import RemoveArgument, RemoveStatement, Unchecked

SWITCHES = ("verify", "ssl", "verify_ssl", "sslopt", "ssl_context", "context")
"""Arguments that say whether, or with what, certificates are checked."""
MARKS = (b"verify", b"CERT_NONE", b"ssl", b"disable_warnings")
NOTHING = "ssl.CERT_NONE"
UNVERIFIED = "ssl._create_unverified_context"
OPTIONS = {"cert_reqs", "check_hostname"}
CLIENTS = ("pybit.unified_trading.HTTP().client", "ccxt.bybit()", "ccxt.async_support.bybit()", "ccxt.pro.bybit()")
"""What speaks to Bybit alone and has a `verify` of its own."""


@extracts(Unchecked, words="verify CERT_NONE ssl disable_warnings")
class CertificateChecks:
    """Answers what is checked of the connections of one project."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.evaluator = analysis.program.project, analysis.program.evaluator
        self.bybit_calls, self.sockets = analysis.traffic.bybit_calls, analysis.traffic.sockets
        self._told: set[ast.stmt] = set()

    def facts(self, module: Module) -> Iterator[Unchecked]:
        """Every such place in a module; none in the folders of tests."""
        if module.is_among_tests or not any(mark in module.source.data for mark in MARKS):
            return
        found = [*self.in_calls(module), *self.after_failures(module), *self.in_attributes(module)]
        yield from found
        yield from self.everywhere(module)
        yield from self.unheard(module) if found else ()

    def in_calls(self, module: Module) -> Iterator[Unchecked]:
        """Arguments of the requests to Bybit, of the sockets, and of the clients that make them."""
        for call in module.names.calls:
            what = self._carries(module, call)
            for keyword in call.keywords if what else ():
                if keyword.arg in SWITCHES and self._is_off(self.evaluator.evaluate(module, keyword.value)):
                    yield Unchecked(module.source.span(keyword), what, False, self._remover(module, call, keyword))

    def after_failures(self, module: Module) -> Iterator[Unchecked]:
        """`VERIFY = False` in an `except`, which calls to Bybit are given from then on: each is told once."""
        for call in module.names.calls:
            switches = [keyword.value for keyword in call.keywords if keyword.arg in SWITCHES]
            is_told = bool(switches and self._carries(module, call))
            for site in (site for switch in switches if is_told for site in self._fallbacks(module, switch)):
                statement = site.module.names.statement(site.node)
                if statement is not None and statement not in self._told:
                    self._told.add(statement)
                    yield Unchecked(site.module.source.span(statement), "what follows a failure", is_fallback=True)

    def _fallbacks(self, module: Module, switch: ast.expr) -> Iterator[Site]:
        """Where a handler turns a switch off that is on otherwise."""
        term = self.evaluator.evaluate(module, switch)
        for option in () if self._is_off(term) else alternatives(term):
            site: Site | None = getattr(option, "site", None)
            around = site.module.names.ancestors(site.node) if site else ()
            if site and self._is_one_off(option) and any(isinstance(node, ast.ExceptHandler) for node in around):
                yield site

    def _carries(self, module: Module, call: ast.Call) -> str:
        """What a call to Bybit is, in a few words; empty if it is not proven to be one."""
        if call in self.sockets or is_run_by(self.evaluator, module, call, self.sockets):
            return "this stream"
        if call in self.bybit_calls or not self.bybit_calls.isdisjoint(made_for(self.evaluator, module, call)):
            return "this request"
        return "all that goes through this client" if call in self._makers else ""

    @cached_property
    def _makers(self) -> set[ast.AST]:
        """The calls that make what requests to Bybit go through, connectors included."""
        found: set[ast.AST] = set()
        for module in self.project.readable:
            for call in module.names.calls:
                if call in self.bybit_calls and isinstance(call.func, ast.Attribute):
                    found |= self._made(module, call.func.value)
        connectors = {
            inner.site.node
            for module in self.project.readable
            for call in module.names.calls
            if call in found
            for keyword in call.keywords
            if keyword.arg in ("connector", "transport")
            for inner in alternatives(self.evaluator.evaluate(module, keyword.value))
            if isinstance(inner, Invocation)
        }
        return found | connectors

    def _made(self, module: Module, node: ast.expr) -> set[ast.AST]:
        """The calls that may have made an object, but for one of a class that takes its arguments in its own way."""
        options = alternatives(self.evaluator.evaluate(module, node))
        return {t.site.node for t in options if isinstance(t, Invocation)}

    def _is_off(self, term: Term) -> bool:
        """True if nothing is checked with this, whichever way it came about."""
        options = alternatives(term)
        return bool(options) and all(map(self._is_one_off, options))

    def _is_one_off(self, term: Term) -> bool:
        match term:
            case Constant(value=value):
                return value is False
            case DictTerm(entries=entries):
                held = entries.get("cert_reqs")
                return held is not None and self._is_off(held.term)
            case Invocation(site=site):
                return qualified_name(term) == f"{UNVERIFIED}()" or site.node in self._blind
            case Access():
                return qualified_name(term) == NOTHING
        return False

    @cached_property
    def _blind(self) -> set[ast.AST]:
        """The calls that make a context which is told later to check nothing."""
        return {
            node
            for module in self.project.readable
            for target, held in self._assigned(module, "verify_mode")
            if qualified_name(held.term) == NOTHING
            for node in self._made(module, target)
        }

    def _assigned(self, module: Module, name: str) -> Iterator[tuple[ast.expr, Expression]]:
        """Every `x.name = value` of a module, as x and the value."""
        for binding in module.names.attributes.get(name, ()):
            if isinstance(binding.statement, ast.Assign) and binding.value is not None:
                for target in binding.statement.targets:
                    if isinstance(target, ast.Attribute):
                        yield target.value, self.evaluator.at(module, binding.value)

    def _remover(self, module: Module, call: ast.Call, keyword: ast.keyword) -> RemoveArgument | None:
        """The verb that takes the argument out, where it says nothing else."""
        term = self.evaluator.evaluate(module, keyword.value)
        is_more = isinstance(term, DictTerm) and not (term.is_closed and term.entries.keys() <= OPTIONS)
        return None if is_more or keyword.arg is None else RemoveArgument(module.source.span(call), keyword.arg)

    def in_attributes(self, module: Module) -> Iterator[Unchecked]:
        """`client.verify = False` of something that speaks to Bybit."""
        for target, held in self._assigned(module, "verify"):
            is_bybit = bool(self._made(module, target) & self._makers) or any(
                qualified_name(option) in CLIENTS for option in alternatives(self.evaluator.evaluate(module, target))
            )
            if is_bybit and self._is_off(held.term):
                yield self._statement(module, held, "all that goes through this client")

    def everywhere(self, module: Module) -> Iterator[Unchecked]:
        """The standard library's own switch for the whole program."""
        for _, held in self._assigned(module, "_create_default_https_context"):
            if qualified_name(held.term) == UNVERIFIED:
                yield self._statement(module, held, "every urllib request of the program")

    def unheard(self, module: Module) -> Iterator[Unchecked]:
        """The warnings about requests that nobody checks."""
        for call in module.names.calls:
            statement = module.names.parents.get(call)
            if called_name(call.func) == "disable_warnings" and isinstance(statement, ast.Expr):
                span = module.source.span(statement)
                yield Unchecked(span, "", True, RemoveStatement(span))

    def _statement(self, module: Module, held: Expression, what: str) -> Unchecked:
        statement = module.names.statement(held.site.node)
        span = module.source.span(statement) if statement else held.site.span
        return Unchecked(span, what, False, RemoveStatement(span))
