"""What an expression stands for once names are followed: a small tree that the readings of this folder fold.

`External` is the outside world; what is accessed in it and made by it has a qualified name:
`pybit.unified_trading.HTTP().place_order`.
Nobody changes a term once it is made. They are not frozen because that doubles what it takes to make one.
"""

from __future__ import annotations

import ast
import operator as operators
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from bybit_lint.analysis import bounds
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.vocabulary import Span


@dataclass(eq=False, slots=True)
class Site:
    """Where an expression stands: the file, the node, and the scope in which it is evaluated."""

    module: Module
    node: ast.expr
    scope: Scope

    @property
    def span(self) -> Span:
        return self.module.source.span(self.node)

    @property
    def maker(self) -> str:
        """A name for the outermost function around it: closures and lambdas are part of the function they stand in."""
        scope: Scope | None = self.scope
        line = 0
        while scope is not None:
            line = getattr(scope.node, "lineno", 0) if scope.is_function else line
            scope = scope.parent
        return f"{self.module.source.path}:{line}"


@dataclass(eq=False, slots=True)
class Expression:
    """An expression where it is written, and what it stands for."""

    site: Site
    term: Term


@dataclass(eq=False, slots=True)
class Constant:
    value: object
    site: Site | None = None


@dataclass(eq=False, slots=True)
class External:
    """Something imported from outside the project, or a builtin."""

    name: str


@dataclass(eq=False, slots=True)
class Access:
    """An attribute (`.name`) or item (`['key']`, `[0]`, `[]` for an unknown one) of something."""

    base: Term
    key: str
    site: Site | None = None


@dataclass(eq=False, slots=True)
class Invocation:
    """A call of something that is not a function of the project."""

    callee: Term
    positional: tuple[Expression, ...]
    keywords: Mapping[str, Expression]
    is_closed: bool
    site: Site


@dataclass(eq=False, slots=True)
class Operation:
    """An operator and its operands; comparisons and `not` are operations too."""

    operator: type[ast.AST]
    operands: tuple[Term, ...]
    site: Site


@dataclass(eq=False, slots=True)
class Formatted:
    """Text with expressions in it; `spec` is the format of a single one (`.3f`)."""

    parts: tuple[Term, ...]
    spec: str
    site: Site


@dataclass(eq=False, slots=True)
class DictTerm:
    """A dict whose keys are text, so far as they are known."""

    entries: Mapping[str, Expression]
    is_closed: bool
    site: Site


@dataclass(eq=False, slots=True)
class ListTerm:
    """A list or tuple; not closed if there may be more of the same."""

    items: tuple[Expression, ...]
    is_closed: bool
    site: Site


@dataclass(eq=False, slots=True)
class Element:
    """What a loop takes from something."""

    base: Term


@dataclass(eq=False, slots=True)
class Function:
    """A function of the project; `owner` is what it was taken from, if that was an instance."""

    node: FunctionNode
    module: Module
    owner: Term | None = None


@dataclass(eq=False, slots=True)
class Class:
    node: ast.ClassDef
    module: Module


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the project; `made` is the call that made it, where one did."""

    of: Class
    made: Invocation | None = None


@dataclass(eq=False, slots=True)
class ProjectModule:
    module: Module


@dataclass(eq=False, slots=True)
class Parameter:
    """Whatever a caller passes; for a constructor it may be said of which class, or of whose heir, the object is."""

    function: FunctionNode
    name: str
    module: Module
    of: Class | None = None


@dataclass(eq=False, slots=True)
class Above:
    """`super()` in a method of a class."""

    of: Class


@dataclass(eq=False, slots=True)
class Union:
    """One of several; `is_certain` if each of them really gets there, on some way through the code."""

    terms: tuple[Term, ...]
    is_certain: bool = True


@dataclass(eq=False, slots=True)
class Unknown:
    why: str = ""


@dataclass(eq=False, slots=True)
class Again:
    """The value itself, once more round a loop: says nothing new."""


Term: TypeAlias = (
    Constant
    | External
    | Access
    | Invocation
    | Operation
    | Formatted
    | DictTerm
    | ListTerm
    | Element
    | Function
    | Class
    | Instance
    | ProjectModule
    | Parameter
    | Above
    | Union
    | Unknown
    | Again
)

CYCLE = Again()
HUGE = Unknown("too large")
"""What is past the bounds of what is computed."""
ATOMS = frozenset({Constant, External, Function, Class, ProjectModule, Above, Unknown, Again})
"""The kinds of terms that are made of no others and depend on nobody."""


def union(terms: list[Term], *, is_certain: bool = True) -> Term:
    """One of `terms`, flat and without repetition."""
    if len(terms) == 1:
        return terms[0]
    flat: dict[Term, None] = {}
    for term in terms:
        if isinstance(term, Union) and term.is_certain == is_certain:
            flat.update(dict.fromkeys(term.terms))
        elif not isinstance(term, Again):
            flat[term] = None
    if not flat:
        return CYCLE if terms else Unknown("never bound")
    if len(flat) == 1:
        return next(iter(flat))
    return Union(tuple(flat), is_certain)


def element(term: Term) -> Term:
    """What a loop takes from a term."""
    if isinstance(term, ListTerm) and term.items:
        return union([item.term for item in term.items])
    return Element(term)


def alternatives(term: Term) -> tuple[Term, ...]:
    """The terms a choice is between; the term itself if there is no choice."""
    if isinstance(term, Union):
        return tuple(inner for option in term.terms for inner in alternatives(option))
    return (term,)


def children(term: Term) -> list[Term]:
    """The terms a term is made of."""
    match term:
        case Access(base=base) | Element(base=base):
            return [base]
        case Operation(operands=terms) | Formatted(parts=terms) | Union(terms=terms):
            return list(terms)
        case DictTerm(entries=entries):
            return [e.term for e in entries.values()]
        case ListTerm(items=items):
            return [e.term for e in items]
        case Invocation(callee=callee, positional=positional, keywords=keywords):
            return [callee, *(e.term for e in positional), *(e.term for e in keywords.values())]
        case Instance(made=Invocation() as made):
            return [made]
    return []


def qualified_name(term: Term) -> str | None:
    """The path of something foreign, else None: `requests.Session().post`, `os.environ['KEY']`."""
    match term:
        case External(name=name):
            return name
        case Access(base=base, key=key):
            inner = qualified_name(base)
            return inner and inner + key
        case Invocation(callee=External(name="builtins.getattr")):
            return None  # nobody knows yet which attribute it is
        case Invocation(callee=callee):
            inner = qualified_name(callee)
            return inner and inner + "()"
        case Element(base=base):
            inner = qualified_name(base)
            return inner and inner + "[]"
    return None


def paths(term: Term) -> set[str]:
    """The paths of all foreign alternatives."""
    return {found for option in alternatives(term) if (found := qualified_name(option))}


FOLDS: dict[type[ast.AST], Callable[..., object]] = {
    ast.Add: operators.add,
    ast.Sub: operators.sub,
    ast.Mult: operators.mul,
    ast.Div: operators.truediv,
    ast.Pow: bounds.power,
}


def folded(operation: Operation) -> Term:
    """The constant that an operation on two numbers is, within bounds; the operation itself otherwise."""
    values = [operand.value for operand in operation.operands if isinstance(operand, Constant)]
    work = FOLDS.get(operation.operator)
    if work is None or len(values) != 2 or not all(type(value) in (int, float) for value in values):
        return operation
    try:
        result = work(*values)
    except (ArithmeticError, ValueError):
        return operation
    return Constant(result, operation.site) if bounds.is_bounded(result) else operation


@lru_cache(maxsize=1024)
def key_of(item: str) -> object:
    """The key in `['key']` or `[0]`; None for `[]`."""
    return ast.literal_eval(item[1:-1]) if len(item) > 2 else None
