"""What an expression stands for once names are followed: a small tree that the readings of this folder fold.

`External` is the outside world; what is accessed in it and made by it has a qualified name:
`pybit.unified_trading.HTTP().place_order`.
Nobody changes a term once it is made. They are not frozen because that doubles what it takes to make one, and no
dataclasses because these compile methods for each class at every start.
"""

from __future__ import annotations

import ast
import operator as operators
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import Any, ClassVar, TypeAlias

from bybit_lint.analysis import bounds
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode
from bybit_lint.analysis.syntax.scopes import NO_NAMES, Scope
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Span


class Site:
    """Where an expression stands: the file, the node, and the scope in which it is evaluated."""

    __slots__ = ("module", "node", "scope")

    def __init__(self, module: Module, node: ast.expr, scope: Scope) -> None:
        self.module, self.node, self.scope = module, node, scope

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
        return intern(f"{self.module.source.path}:{line}")  # the same for all that is made in it, and long


class Expression:
    """An expression where it is written, and what it stands for."""

    __slots__ = ("site", "term")

    def __init__(self, site: Site, term: Term) -> None:
        self.site, self.term = site, term


NO_KEYWORDS: Mapping[str, Expression] = {}
"""Those of all calls that have none, half of all."""
Pair: TypeAlias = tuple[Expression, Expression]
"""A key and what is held under it."""


class Measure(NamedTuple):
    """How large a term is, see `bounds`, the parameters it depends on, and the functions they are of."""

    size: int = 1
    joined: int = 1
    levels: int = 1
    parameters: frozenset[Parameter] = frozenset()
    functions: frozenset[FunctionNode] = frozenset()

    @property
    def is_bounded(self) -> bool:
        return (
            self.size <= bounds.MAX_PARTS
            and self.joined <= bounds.MAX_JOINED_PARTS
            and self.levels <= bounds.MAX_LEVELS
        )


LEAF = Measure()
"""That of a term without parts, as most are."""


class Atom:
    """A term that is made of no others and depends on nobody."""

    __slots__ = ()
    measure: ClassVar[Measure] = LEAF


class Compound:
    """A term that is made of others, or that callers fill."""

    __slots__ = ("measure",)
    measure: Measure | None
    """What `Parameters` found once it was asked. A dict of measures would keep every term there ever was."""


class Constant(Atom):
    __slots__ = ("site", "value")

    def __init__(self, value: object, site: Site | None = None) -> None:
        self.value, self.site = value, site


class External(Atom):
    """Something imported from outside the project, or a builtin."""

    __slots__ = ("name",)
    __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Access(Compound):
    """An attribute (`.name`) or item (`['key']`, `[0]`, `[]` for an unknown one) of something."""

    __slots__ = ("base", "key", "site")
    __match_args__ = ("base", "key")

    def __init__(self, base: Term, key: str, site: Site | None = None) -> None:
        self.base, self.key, self.site, self.measure = base, key, site, None


class Spread:
    """`**more` in a dict or a call, as long as nobody has said what it brings.

    It may replace the entries `over` which it stands, and brings none of those that are `taken` out of it on the way.
    """

    __slots__ = ("held", "over", "taken")

    def __init__(self, held: Expression, over: frozenset[str], taken: frozenset[str] = NO_NAMES) -> None:
        self.held, self.over, self.taken = held, over or NO_NAMES, taken or NO_NAMES


class Invocation(Compound):
    """A call of something that is not a function of the project.

    `rest` is what `*rest` stands for at the end of the positional arguments, as long as nobody has said what that is.
    `is_whole` says that there is nothing else beside it and the spreads, `is_closed` that there are none either.
    """

    __slots__ = ("callee", "is_whole", "keywords", "positional", "rest", "site", "spreads")

    def __init__(
        self,
        callee: Term,
        positional: tuple[Expression, ...],
        keywords: Mapping[str, Expression],
        is_whole: bool,
        site: Site,
        rest: Expression | None = None,
        spreads: tuple[Spread, ...] = (),
    ) -> None:
        self.callee, self.positional, self.keywords = callee, positional, keywords or NO_KEYWORDS
        self.is_whole, self.site, self.rest, self.spreads = is_whole, site, rest, spreads
        self.measure = None

    @property
    def is_closed(self) -> bool:
        return self.is_whole and self.rest is None and not self.spreads

    def of(self, callee: Term, positional: tuple[Expression, ...] | None = None) -> Invocation:
        """The same call of something else, perhaps with other positional arguments."""
        first = self.positional if positional is None else positional
        return Invocation(callee, first, self.keywords, self.is_whole, self.site, self.rest, self.spreads)

    def left(self, callee: Term, skip: int, taken: frozenset[str], *, is_whole: bool) -> Invocation:
        """A call of something else with what is left of the arguments once the first and some others are taken out."""
        keywords = {name: held for name, held in self.keywords.items() if name not in taken}
        spreads = tuple(Spread(s.held, s.over - taken, s.taken | taken) for s in self.spreads)
        return Invocation(callee, self.positional[skip:], keywords, is_whole, self.site, self.rest, spreads)

    def after(self, first: Invocation) -> Invocation:
        """A call that was given its first arguments before."""
        keywords, is_whole = {**first.keywords, **self.keywords}, first.is_closed and self.is_whole
        positional = (*first.positional, *self.positional)
        return Invocation(first.callee, positional, keywords, is_whole, self.site, self.rest, self.spreads)


class Operation(Compound):
    """An operator and its operands; comparisons and `not` are operations too."""

    __slots__ = ("operands", "operator", "site")

    def __init__(self, operator: type[ast.AST], operands: tuple[Term, ...], site: Site) -> None:
        self.operator, self.operands, self.site, self.measure = operator, operands, site, None


class Formatted(Compound):
    """Text with expressions in it; `spec` is the format of a single one (`.3f`)."""

    __slots__ = ("parts", "site", "spec")

    def __init__(self, parts: tuple[Term, ...], spec: str, site: Site) -> None:
        self.parts, self.spec, self.site, self.measure = parts, spec, site, None


class DictTerm(Compound):
    """A dict: its entries by the text of their keys, the keys and values whose keys nobody knows, and its spreads.

    `is_whole` and `is_closed` are those of a call.
    """

    __slots__ = ("entries", "is_closed", "is_whole", "others", "site", "spreads")

    def __init__(
        self,
        entries: Mapping[str, Expression],
        is_whole: bool,
        site: Site,
        others: tuple[Pair, ...] = (),
        spreads: tuple[Spread, ...] = (),
    ) -> None:
        self.entries, self.is_whole, self.site, self.others, self.spreads = entries, is_whole, site, others, spreads
        self.is_closed = is_whole and not spreads
        self.measure = None


class ListTerm(Compound):
    """A list or tuple; not closed if there may be more of the same. The first items are known to stand first."""

    __slots__ = ("first", "is_closed", "items", "site")

    def __init__(self, items: tuple[Expression, ...], is_closed: bool, site: Site, first: int = 0) -> None:
        self.items, self.is_closed, self.site, self.measure = items, is_closed, site, None
        self.first = len(items) if is_closed else first
        """How many of the items stand where they do in the list."""


class Element(Compound):
    """What a loop takes from something."""

    __slots__ = ("base",)

    def __init__(self, base: Term) -> None:
        self.base, self.measure = base, None


class Function(Atom):
    """A function of the project; `owner` is what it was taken from, if that was an instance."""

    __slots__ = ("module", "node", "owner")

    def __init__(self, node: FunctionNode, module: Module, owner: Term | None = None) -> None:
        self.node, self.module, self.owner = node, module, owner


class Class(Atom):
    __slots__ = ("module", "node")

    def __init__(self, node: ast.ClassDef, module: Module) -> None:
        self.node, self.module = node, module


class Instance(Compound):
    """An object of a class of the project; `made` is the call that made it, where one did."""

    __slots__ = ("made", "of")

    def __init__(self, of: Class, made: Invocation | None = None) -> None:
        self.of, self.made, self.measure = of, made, None


class ProjectModule(Atom):
    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module


class Parameter(Compound):
    """Whatever a caller passes; for a constructor it may be said of which class, or of whose heir, the object is."""

    __slots__ = ("function", "module", "name", "of")

    def __init__(self, function: FunctionNode, name: str, module: Module, of: Class | None = None) -> None:
        self.function, self.name, self.module, self.of = function, name, module, of
        self.measure = None


class Above(Atom):
    """`super()` in a method of a class."""

    __slots__ = ("of",)

    def __init__(self, of: Class) -> None:
        self.of = of


class Union(Compound):
    """One of several; `is_certain` if each of them really gets there, on some way through the code."""

    __slots__ = ("is_certain", "terms")

    def __init__(self, terms: tuple[Term, ...], is_certain: bool = True) -> None:
        self.terms, self.is_certain, self.measure = terms, is_certain, None


class Unknown(Atom):
    __slots__ = ("why",)

    def __init__(self, why: str = "") -> None:
        self.why = why


class Again(Atom):
    """The value itself, once more round a loop: says nothing new."""

    __slots__ = ()


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
ITEM_OR_DEFAULT = "bybit_lint.item_or_default"
"""What is called, in terms only, for an item of `*args`, given its place and what is there where it is not given."""
MISSING = Unknown("not there")
"""What a dict or a list is asked for that it has not."""

BUILTIN = (Constant, DictTerm, Formatted, ListTerm, Operation)
"""The kinds of terms that have the methods of a number, a text or a container, whatever their parts are."""


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


def one_there(ways: list[Term], *, is_certain: bool = True) -> Term:
    """What several give who are asked for the same; from one who has it not nothing comes, if another has it."""
    return union([way for way in ways if way is not MISSING] or ways, is_certain=is_certain)


def alternatives(term: Term) -> tuple[Term, ...]:
    """The terms a choice is between; the term itself if there is no choice."""
    if isinstance(term, Union):
        return tuple(inner for option in term.terms for inner in alternatives(option))
    return (term,)


def functions_among(terms: Iterable[Term]) -> set[FunctionNode]:
    """The functions of the project that terms may be."""
    return {option.node for term in terms for option in alternatives(term) if isinstance(option, Function)}


def children(term: Atom | Compound) -> list[Term]:
    """The terms a term is made of."""
    find = CHILDREN.get(type(term))
    return find(term) if find else []


def _children_of_dict(term: DictTerm) -> list[Term]:
    spread = [s.held.term for s in term.spreads]
    return [*[e.term for e in term.entries.values()], *[e.term for pair in term.others for e in pair], *spread]


def _children_of_invocation(term: Invocation) -> list[Term]:
    given = [e.term for e in term.positional]
    if term.keywords:
        given += [e.term for e in term.keywords.values()]
    if term.rest:
        given.append(term.rest.term)
    return [term.callee, *given, *[s.held.term for s in term.spreads]]


CHILDREN: Mapping[type, Callable[[Any], list[Term]]] = {
    Access: lambda term: [term.base],
    Element: lambda term: [term.base],
    Operation: lambda term: list(term.operands),
    Formatted: lambda term: list(term.parts),
    Union: lambda term: list(term.terms),
    DictTerm: _children_of_dict,
    ListTerm: lambda term: [e.term for e in term.items],
    Invocation: _children_of_invocation,
    Instance: lambda term: [term.made] if term.made else [],
}


def spine(term: Term) -> Iterator[Term]:
    """A term, what it is taken from or called of, and so on inward."""
    while True:
        yield term
        match term:
            case Access(base=inner) | Element(base=inner) | Invocation(callee=inner):
                term = inner
            case _:
                return


def read_key(term: Term) -> str:
    """The name a field is read by, in `row["size"]` and `row.get("size")`; empty for what is no field."""
    match term:
        case Access(key=key) if key.startswith("["):
            return str(key_of(key) or "")
        case Invocation(callee=Access(key=".get"), positional=[first, *_]) if isinstance(first.term, Constant):
            return str(first.term.value)
    return ""


def qualified_name(term: Term) -> str | None:
    """The path of something foreign, else None: `requests.Session().post`, `os.environ['KEY']`."""
    if isinstance(term, External):
        return term.name
    if isinstance(term, Access):
        inner = qualified_name(term.base)
        return inner and inner + term.key
    if isinstance(term, Invocation):
        inner = qualified_name(term.callee)
        return inner and inner + "()" if inner != "builtins.getattr" else None  # nobody knows yet which attribute it is
    if isinstance(term, Element):
        inner = qualified_name(term.base)
        return inner and inner + "[]"
    return None


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
