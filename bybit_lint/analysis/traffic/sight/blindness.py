"""Why a term is not followed any further, as one of a closed list of reasons."""

from __future__ import annotations

import ast
import builtins
import sys
from functools import cached_property

from bybit_lint.analysis.callgraph.callers import TOO_MANY
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import PARENT, FunctionNode, arguments, called_name, walk
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.leftovers import takes_rest
from bybit_lint.analysis.values.terms import (
    HUGE,
    ITEM_OR_DEFAULT,
    MISSING,
    Access,
    Again,
    Class,
    Constant,
    DictTerm,
    Element,
    External,
    Formatted,
    Function,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    Term,
    Union,
    Unknown,
    alternatives,
    qualified_name,
)
from bybit_lint.vocabulary.sight import Blind, Gap

UNKNOWN = {
    HUGE.why: Gap.BOUND,
    TOO_MANY.why: Gap.BOUND,
    "too far away": Gap.BOUND,
    "not passed": Gap.UNPASSED,
    "never bound": Gap.UNBOUND,
    "not in the module": Gap.NOT_IN_MODULE,
    "no such member": Gap.UNASSIGNED,
    "unreadable module": Gap.UNREADABLE,
    MISSING.why: Gap.ABSENT,
    "annotation": Gap.ANNOTATED,
    "field": Gap.FIELD,
    "a constructor that is not called": Gap.UNMADE,
}
"""By what the evaluator says of an unknown term; it names the kind of expression in all other cases."""
RAW = ("requests.", "httpx.", "aiohttp.", "urllib.request.", "urllib3.")
TEXTS = {"json.dumps", "orjson.dumps", "ujson.dumps", "urllib.parse.urlencode", *strings.SAME}
"""What makes a text of what it is given."""
TYPES = (
    "typing.",
    "collections.abc.",
    "builtins.dict",
    "builtins.str",
    "builtins.list",
    "builtins.float",
    "builtins.int",
)
"""Where annotations come from that say nothing of what a value holds."""
FIELDS = ("pydantic.Field", "pydantic.fields.Field", "dataclasses.field")
"""What stands in a class where objects have what they were given."""
KNOWN = {
    *sys.stdlib_module_names,
    "builtins",
    "pybit",
    "ccxt",
    "requests",
    "aiohttp",
    "httpx",
    "websocket",
    "websockets",
}
"""Modules that are what they are called, whatever files of the project are called."""
GETATTR = "builtins.getattr"
PLAIN = {"staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "override", "wraps"}
"""Decorators that give a function to nobody."""


class Blindness:
    """Answers why a term of one project is not known."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def of(self, term: Term) -> Blind:
        """The reason, where it is known that a term is not."""
        match term:
            case Union(terms=options):
                return self._first(options)
            case Access(base=Instance(of=owner), key=key):
                return self._unassigned(owner, key)
            case Access(base=Class() as owner, key=key):
                return self._unassigned(owner, key)
            case DictTerm() | ListTerm() | Access(base=DictTerm() | ListTerm()) | Element(base=DictTerm() | ListTerm()):
                return Blind(Gap.CONTAINER)
            case Parameter():
                return self._parameter(term)
            case Again() | Constant():
                return Blind(Gap.NOTHING)
            case Unknown(why=why):
                return Blind(UNKNOWN[why]) if why in UNKNOWN else Blind(Gap.EXPRESSION, why or "unknown")
            case External(name=name):
                return self._outside(name)
            case Invocation(callee=External(name=name)) if name == GETATTR:
                return Blind(Gap.DYNAMIC)
            case Invocation(callee=External(name=name)) if name == ITEM_OR_DEFAULT:
                return Blind(Gap.SPREAD)
        return self._inside(term)

    def _inside(self, term: Term) -> Blind:
        """The reason for something that is made of others or taken from them."""
        match term:
            case Invocation(callee=Access(base=base, key=key)) if key in strings.SAME_METHODS:
                return self.of(base)
            case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in TEXTS:
                return self.of(first.term)
        name = qualified_name(term)
        if name is not None and "()" in name and name.startswith((*TYPES, *FIELDS)):
            return Blind(Gap.ANNOTATED if name.startswith(TYPES) else Gap.FIELD)
        if name is not None and self.is_of_project(name):
            return Blind(Gap.MISPLACED, name)
        if name is not None and not name.startswith("builtins."):
            return Blind(Gap.ANSWER if name.startswith(RAW) else Gap.RETURNED if "()" in name else Gap.LIBRARY, name)
        match term:
            case Access(base=base) | Element(base=base):
                return self.of(base)
            case Invocation(callee=callee):
                return self._called(term, callee)
            case Operation(operands=parts) | Formatted(parts=parts):
                return self._first(parts)
        return Blind(Gap.EXPRESSION, type(term).__name__.lower())

    def _called(self, term: Invocation, callee: Term) -> Blind:
        """A builtin is as blind as what it is given; anything else as what is called."""
        if not isinstance(callee, External):
            return self.of(callee)
        blind = self._first([held.term for held in term.positional])
        return Blind(Gap.RETURNED, f"{callee.name.removeprefix('builtins.')}()") if blind.gap is Gap.NOTHING else blind

    def _first(self, terms: tuple[Term, ...] | list[Term]) -> Blind:
        """The reason for the first of several that has one beside being nothing."""
        found = [self.of(term) for term in terms if not isinstance(term, (Function, DictTerm, ListTerm))]
        return next((blind for blind in found if blind.gap is not Gap.NOTHING), Blind(Gap.NOTHING))

    def is_of_project(self, name: str) -> bool:
        """True for what is imported by the name of a file or folder of the project's, in large or small letters."""
        root = name.partition(".")[0]
        return root not in KNOWN and self.program.project.has_file(root)

    def _outside(self, name: str) -> Blind:
        if self.is_of_project(name):
            return Blind(Gap.MISPLACED, name)
        own = name.removeprefix("builtins.")
        is_unbound = own != name and not hasattr(builtins, own)
        return Blind(Gap.UNBOUND if is_unbound else Gap.LIBRARY, own)

    @staticmethod
    def _unassigned(owner: Class, key: str) -> Blind:
        if key[:1] != ".":
            return Blind(Gap.CONTAINER, owner.node.name)
        name = key[1:]
        annotated = (s.target for s in walk(owner.node) if isinstance(s, ast.AnnAssign) and s.value is None)
        is_annotated = any(called_name(target) == name for target in annotated)
        return Blind(Gap.ANNOTATED if is_annotated else Gap.UNASSIGNED, f"{owner.node.name}.{name}")

    # Parameters ------------------------------------------------------------------------------------------------------

    def _parameter(self, parameter: Parameter) -> Blind:
        function = parameter.function
        if takes_rest(parameter):
            return Blind(Gap.SPREAD)
        callers = self.program.callers.of(function)
        if callers:
            is_passed = any(call.fits(parameter) and call.argument(parameter) is not None for call in callers)
            return Blind(Gap.BOUND if is_passed else Gap.UNPASSED, parameter.name)
        return Blind(self._uncalled(function), parameter.name)

    def _uncalled(self, function: FunctionNode) -> Gap:
        """Why nobody is seen to call a function."""
        if isinstance(function, ast.Lambda):
            return Gap.CALLBACK
        around = getattr(function, PARENT, None)
        is_constructor = isinstance(around, ast.ClassDef) and function.name == INIT
        name = around.name if is_constructor and isinstance(around, ast.ClassDef) else function.name
        calls = self.program.project.calls_of(name)
        if calls and all(module.is_test for module, _ in calls):
            return Gap.TESTED
        if name in self._given_away or any(called_name(_function(d)) not in PLAIN for d in function.decorator_list):
            return Gap.CALLBACK
        if any(self._may_be_of_it(module, call) for module, call in calls):
            return Gap.UNRESOLVED_CALLERS
        return Gap.UNMADE if is_constructor else Gap.UNCALLED

    def _may_be_of_it(self, module: Module, call: ast.Call) -> bool:
        """True for a call of which nobody knows what it calls: what is called elsewhere by the same name is known."""
        called = alternatives(self.program.evaluator.evaluate(module, call.func))
        names = [qualified_name(option) for option in called if not isinstance(option, Function)]
        return any(name is None or self.is_of_project(name) for name in names)

    @cached_property
    def _given_away(self) -> set[str]:
        """The names that are used in the project as arguments, or kept, without being called."""
        found: set[str] = set()
        for module in self.program.project.readable:
            for call in module.names.calls:
                given = arguments(call)
                found.update(called_name(node) for node in given if isinstance(node, (ast.Name, ast.Attribute)))
        return found


def _function(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
