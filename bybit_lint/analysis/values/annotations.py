"""What annotations say: of parameters, variables and what functions return, where nothing else says more."""

from __future__ import annotations

import ast

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, is_property, is_stub, parameters
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.name_lookup import NameLookup
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.terms import (
    Access,
    Again,
    Class,
    Constant,
    Element,
    External,
    Function,
    Instance,
    Invocation,
    Parameter,
    Site,
    Term,
    Union,
    Unknown,
    alternatives,
    qualified_name,
    union,
)

GENERAL = {"builtins.object", "typing.Any", "ccxt.Exchange", "ccxt.async_support.Exchange", "ccxt.pro.Exchange"}
"""Classes that say less of a value than what is passed."""
KINDS = (
    "builtins.",
    "collections.abc.",
    "decimal.",
    *(f"typing.{name}[" for name in ("Dict", "List", "Mapping", "MutableMapping", "Sequence", "Set", "Tuple")),
)
"""The classes of texts, numbers and containers."""
QUEUES = ("queue.", "collections.deque", *(f"asyncio.{name}Queue" for name in ("", "Priority", "Lifo")))
ANNOTATED = {"typing.Annotated", "typing_extensions.Annotated"}
PLAIN = ("builtins.", "typing.", "collections.abc.", "decimal.", "argparse.Namespace", *QUEUES)
"""Where classes come from that say what kind of value it is, and not which."""


class Annotations:
    """Answers the evaluator's questions about what is annotated. An annotation adds to what is passed."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy, names: NameLookup, passed: Parameters) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.names = names
        self.passed = passed

    def instance(self, parameter: Parameter) -> Term | None:
        """An instance of the class a parameter is annotated with, if the annotation names one."""
        argument = next((a for a in parameters(parameter.function) if a.arg == parameter.name), None)
        around = parameter.module.names.scopes[parameter.function].parent
        return self._instance(parameter.module, argument.annotation, around) if argument is not None else None

    def is_plain(self, parameter: Parameter) -> bool:
        """True for a number, a text, a container: what kind of value it is, and not which."""
        held = self.instance(parameter)
        return held is not None and (qualified_name(held) or "").startswith(KINDS)

    def attribute(self, parameter: Parameter, key: str) -> Term | None:
        """What an attribute of a parameter is whoever passes it: something of its class, not what an object keeps."""
        held = self.instance(parameter)
        if held is None or (qualified_name(held) or "").startswith(PLAIN):
            return None
        if isinstance(held, Instance) and self.hierarchy.field(held.of, key[1:]) is not None:
            return None
        found = self.evaluation.access(held, key, None)
        is_told = isinstance(held, Instance) and self._is_property(held.of, key[1:])
        return found if is_told or not all(_depends_on_object(held, option) for option in alternatives(found)) else None

    def _is_property(self, of: Class, name: str) -> bool:
        """True for what the class works out, be it from what its objects keep."""
        scopes = (ancestor.module.names.scopes[ancestor.node] for ancestor in self.hierarchy.lineage(of))
        found = (binding.statement for scope in scopes for binding in scope.bindings.get(name, ()))
        return any(isinstance(node, FUNCTIONS) and is_property(node) and not is_stub(node) for node in found)

    def beside(self, module: Module, annotation: ast.expr | None, term: Term) -> Term:
        """A value with what its annotation says, where the value itself comes from somewhere that is not seen."""
        held = self._instance(module, annotation) if any(map(self._is_foreign, alternatives(term))) else None
        name = qualified_name(held) if held is not None else None
        if held is None or (name or "").startswith(PLAIN) or any(_is_of(name, t) for t in alternatives(term)):
            return term
        is_passed = bool(self.passed.of(term))
        return union([term, held], is_certain=False) if is_passed or isinstance(term, Union) else held

    def _is_foreign(self, term: Term) -> bool:
        """True for what comes from somewhere that is not seen: a parameter, a framework's state, another library."""
        if isinstance(term, Parameter):
            return self.instance(term) is None  # else its own annotation says what it is where nobody passes it
        return isinstance(term, (Unknown, Access, Invocation, Element))

    def _instance(self, module: Module, annotation: ast.expr | None, around: Scope | None = None) -> Term | None:
        """An instance of what an annotation names in a scope: the module's, or that of a function around."""
        if annotation is None:
            return None
        scope = around if around is not None and around.is_function else module.names.module
        found = self.evaluation.memo.once(("annotation", annotation), self._annotation, module, annotation, scope)
        return None if isinstance(found, Unknown) else found

    def _annotation(self, module: Module, annotation: ast.expr, scope: Scope) -> Term:
        term = self._class_named(module, annotation, scope)
        if isinstance(term, Class):
            return Instance(term)
        named = qualified_name(term)
        return Access(term, "()") if named and named not in GENERAL else Unknown("annotation")

    def _class_named(self, module: Module, node: ast.expr, scope: Scope) -> Term:
        """The class an annotation names; `Optional[X]`, `X | None` and `"X"` name X."""
        match node:
            case ast.Constant(value=str() as text):
                found = module.names.module.bindings
                return self.names.global_name(module, text) if text in found else Unknown("annotation")
            case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
                return self._class_named(module, inner, scope)
            case ast.BinOp(left=inner, op=ast.BitOr(), right=ast.Constant(value=None)):
                return self._class_named(module, inner, scope)
        return self._annotated(self.evaluation.term(Site(module, node, scope)))

    def _annotated(self, term: Term) -> Term:
        """The class that `Annotated[HTTP, Depends(connect)]` names, be it by a name of its own, as FastAPI's are."""
        match term:
            case Access(base=External(name=name), site=Site(node=ast.Subscript(slice=ast.Tuple(elts=[inner, *_])))):
                if name in ANNOTATED and term.site is not None:
                    return self._class_named(term.site.module, inner, term.site.scope)
        return term


def _depends_on_object(held: Term, term: Term) -> bool:
    """True for what the class alone does not say: a field, a default, a method that only heirs fill in."""
    match term:
        case Function(node=node, owner=Instance(of=of)):
            return is_stub(node) or (isinstance(held, Instance) and of.node is not held.of.node)
        case Unknown() | Constant() | Again() | Access(base=Instance()):
            return True
    return False


def _is_of(name: str | None, term: Term) -> bool:
    """True for something that the class of this name makes, or its library."""
    own = qualified_name(term)
    return own is not None and name is not None and own.partition(".")[0] == name.partition(".")[0]
