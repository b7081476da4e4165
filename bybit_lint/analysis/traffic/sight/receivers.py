"""What a candidate calls in the end: a client of Bybit's, something that is proven to be another's, or nobody knows."""

from __future__ import annotations

import ast
import builtins
import re
import sys

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.traffic.addresses import is_for_others
from bybit_lint.analysis.traffic.effects import LIBRARIES
from bybit_lint.analysis.traffic.sight.blindness import RAW, Blindness
from bybit_lint.analysis.traffic.sight.evidence import SENDERS, Evidence, Lead, reads_key
from bybit_lint.analysis.values.library_models import is_elsewhere
from bybit_lint.analysis.values.terms import (
    Access,
    Again,
    Class,
    Constant,
    DictTerm,
    Formatted,
    Function,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Site,
    Term,
    alternatives,
    qualified_name,
    spine,
)
from bybit_lint.clients import ccxt, pybit
from bybit_lint.knowledge import exchanges
from bybit_lint.knowledge.client_methods import client_method
from bybit_lint.patterns import regex
from bybit_lint.vocabulary.sight import Blind, Foreign, Gap

OTHER = regex("|".join(sorted(exchanges.names())), re.IGNORECASE)
SAFE = ("builtins", *sys.stdlib_module_names)
"""Modules of Python's own, whose functions do not speak to Bybit; what they hand out may."""
SENDING = ("websocket", "websockets", *(name.partition(".")[0] for name in RAW), "http", "socket")
STUBS = (ast.Pass, ast.Raise)


class Receivers:
    """Says of a candidate that is not proven to reach Bybit whose it is, or why that is not known."""

    def __init__(self, program: Program, blindness: Blindness) -> None:
        self.program, self.blindness = program, blindness

    def terms(self, module: Module, func: ast.expr) -> list[Term]:
        """What may be called, with parameters as their callers fill them."""
        term = self.program.evaluator.term(Site(module, func, module.names.scope(func)))
        callers = self.program.callers
        filled = (t for o in alternatives(term) for t in ([o] if qualified_name(o) else callers.in_all_contexts(o)))
        return list(dict.fromkeys(inner for term in filled for inner in alternatives(term)))

    def of(self, module: Module, lead: Lead) -> Foreign | Blind:
        """Whose a call is that is not proven to reach Bybit, or why nobody knows."""
        if module.is_test or module.is_among_tests:
            return Foreign.TEST
        if is_elsewhere(module.names, lead.call):
            return Foreign.EXCHANGE
        found = [self._whose(module, term, lead) for term in self.terms(module, lead.func) if not _is_nothing(term)]
        blind = [one for one in found if isinstance(one, Blind)]
        foreign = [one for one in found if isinstance(one, Foreign)]
        if foreign and all(one.gap is Gap.BOUND for one in blind):
            return foreign[0]  # what is past the bound is more of the same
        return next(iter(blind), Blind(Gap.NOTHING))

    def _whose(self, module: Module, term: Term, lead: Lead) -> Foreign | Blind:
        match term:
            case Function():
                return self._own(term, lead)
            case Class() | Instance():
                return Foreign.OWN
            case Access(base=Constant() | DictTerm() | ListTerm() | Formatted() | Operation()):
                return Foreign.VALUE
            case Access(base=Instance(of=of), key=key):
                return Foreign.OWN if self._is_closed(of) else Blind(Gap.DYNAMIC, key[1:])
        if any(self._is_missing(part) for part in spine(term)):
            return Foreign.OWN  # what would have given the receiver raises
        name = qualified_name(term)
        return self.blindness.of(term) if name is None else self._outside(module, term, name, lead)

    def _is_missing(self, term: Term) -> bool:
        """True for a call of a method that the class of its object has not."""
        match term:
            case Invocation(callee=Access(base=Instance(of=of) as called, key=key)):
                blind = self.blindness.of(Access(called, key))
                return self._is_closed(of) and blind.gap is Gap.UNASSIGNED
        return False

    def _is_closed(self, of: Class) -> bool:
        """True for a class that has no attributes but those that it is seen to have."""
        return self.program.evaluator.members.member(of, "__getattr__", None) is None

    def _own(self, function: Function, lead: Lead) -> Foreign | Blind:
        """A function of the bot's own; what it sends of what it is given is for its own calls to tell."""
        name = getattr(function.node, "name", "lambda")
        if _is_stub(function.node) and self._is_method(function):
            return Blind(Gap.DECLARED, name)
        is_sending = lead.evidence is Evidence.PATH and self._may_send(function)
        return Blind(Gap.UNSENT, name) if is_sending else Foreign.OWN

    @staticmethod
    def _is_method(function: Function) -> bool:
        """True for what heirs may have written; any other function without a body does nothing, and is there for it."""
        return isinstance(function.module.names.parents.get(function.node), ast.ClassDef)

    def _may_send(self, function: Function) -> bool:
        """True for a function that calls something by the name of what sends, itself or through others."""
        met, fresh = {function.node}, [function]
        while fresh:
            here = fresh.pop()
            for call in here.module.names.calls_in[here.node]:
                if called_name(call.func) in SENDERS and not reads_key(call):
                    return True
                inner = self.program.callees.functions(here.module, call)
                fresh += [called for called in inner if called.node not in met]
                met.update(called.node for called in inner)
        return False

    def _outside(self, module: Module, term: Term, name: str, lead: Lead) -> Foreign | Blind:
        """What comes from outside: a client without a model, another exchange's, or a library that is none at all."""
        root = name.partition(".")[0]
        if root == "builtins" and not hasattr(builtins, (own := name.split(".")[1].partition("(")[0])):
            return Foreign.NOBODY if isinstance(lead.func, ast.Name) else Blind(Gap.UNBOUND, own)
        method = name.removeprefix(pybit.HTTP)
        if method != name and method.isidentifier() and client_method("HTTP", method) is None:
            return Foreign.MISSING
        if name.partition("().")[0] in ccxt.CLASSES or root in LIBRARIES:
            if lead.evidence is Evidence.HANDED:
                return Blind(Gap.HANDED, name)
            return Blind(Gap.UNSUPPORTED if root in ("ccxt", "pybit", "pybybit", "bybit_p2p") else Gap.UNMODELLED, name)
        if OTHER.search(name):
            return Foreign.EXCHANGE
        if self.blindness.is_of_project(name):
            return self.blindness.of(term)
        if root.startswith("ccxt"):
            is_base = name.partition("()")[0].endswith(".Exchange")
            return Blind(Gap.ANNOTATED if is_base else Gap.DYNAMIC, name.partition("()")[0])
        return self._library(module, term, name, root, lead)

    def _library(self, module: Module, term: Term, name: str, root: str, lead: Lead) -> Foreign | Blind:
        is_sent = called_name(lead.func) in SENDERS
        if lead.evidence is Evidence.PATH:
            if not is_sent or name.rpartition(".")[0] in ("os.environ", "builtins.dict()"):
                return Foreign.LIBRARY
            if root not in SENDING:
                return Blind(Gap.UNMODELLED, name)
            return Foreign.HOST if is_for_others(self.program.evaluator, module, lead.call) else Blind(Gap.URL, name)
        if root in SAFE and not ("()" in name.rpartition(".")[0] or "[" in name):
            return Foreign.LIBRARY
        if lead.evidence is Evidence.SHAPE or _is_made_there(term):
            return Foreign.LIBRARY
        return self.blindness.of(term)


def _is_nothing(term: Term) -> bool:
    return isinstance(term, Again) or (isinstance(term, Constant) and term.value is None)


def _is_made_there(term: Term) -> bool:
    """True for the method of an object of a library's class: `alpaca.Client().place_order`."""
    match term:
        case Access(base=Invocation(callee=callee)) | Access(base=Access(base=callee, key="()")):
            name = qualified_name(callee) or ""
            return name.rpartition(".")[2][:1].isupper()
    return False


def _is_stub(function: FunctionNode) -> bool:
    """True for a function that is only declared: its body says nothing, or raises."""
    if isinstance(function, ast.Lambda):
        return False
    told = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return all(isinstance(statement, STUBS) for statement in told)
