"""Which constructors make an object, and what each is given, by whoever makes it or by an heir's constructor."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from bybit_lint.analysis.bounds import MAX_CONSTRUCTORS
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name, is_classmethod, parameters
from bybit_lint.analysis.values.dicts import Dicts
from bybit_lint.analysis.values.evaluation import CallArguments
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.substitution import Substituting, Substitution
from bybit_lint.analysis.values.terms import (
    Above,
    Access,
    Class,
    Expression,
    Function,
    Instance,
    Invocation,
    Parameter,
    Site,
    alternatives,
    qualified_name,
)

INIT = "__init__"


class Constructors:
    """Answers the questions about what objects are made with."""

    def __init__(self, evaluation: Substituting, hierarchy: Hierarchy, dicts: Dicts) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.dicts = dicts
        self._opened: dict[ast.ClassDef, Invocation] = {}

    def written(self, of: Class) -> FunctionNode | None:
        """The constructor that is written in a class itself."""
        found = of.module.names.scopes[of.node].bindings.get(INIT, ())
        nodes = [b.statement for b in found if isinstance(b.statement, (ast.FunctionDef, ast.AsyncFunctionDef))]
        return nodes[-1] if nodes else None

    def makers(self, of: Class) -> list[Class]:
        """The classes whose constructors get what an object is made with: several where one passes all of it on."""
        found = []
        for maker in self._among(self.hierarchy.lineage(of)):
            found.append(maker)
            if not self.passes_all_on(maker):
                break
        return found

    def passes_all_on(self, of: Class) -> bool:
        """True if a class's constructor takes just `*args` and `**kwargs`, and hands them on."""
        node = self.written(of)
        if node is None or len(parameters(node)) != 1 or not (node.args.vararg or node.args.kwarg):
            return False
        calls = [call for call in of.module.names.calls_in[node] if called_name(call.func) == INIT]
        given = [*(a for c in calls for a in c.args), *(k.value for c in calls for k in c.keywords if k.arg is None)]
        is_plain = not any(keyword.arg for call in calls for keyword in call.keywords)
        rest = [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
        is_all = len(given) == len(rest) and all(map(_is_rest, given, rest))
        return len(calls) == 1 and is_plain and is_all and self.is_above(of, calls[0])

    def is_above(self, of: Class, call: ast.Call) -> bool:
        """True for `super().__init__(...)`."""
        holder = call.func.value if isinstance(call.func, ast.Attribute) else None
        return holder is not None and isinstance(self.evaluation.evaluate(of.module, holder), Above)

    def arguments(self, owner: Instance, of: Class) -> list[Invocation]:
        """What the constructor of a class is given to make an object of it or an heir; nothing if it is not called."""
        lineage, makers = self.hierarchy.lineage(owner.of), self.makers(owner.of)
        given = owner.made or self._open(owner.of)
        if not makers or any(maker.node is of.node for maker in makers):
            return [given]
        ways = [(makers[-1], given)]
        found = []
        for _ in range(MAX_CONSTRUCTORS):
            if not ways:
                break
            maker, given = ways.pop()
            if maker.node is of.node:
                found.append(given)
            else:
                ways += self._handed_on(maker, given, lineage)
        return found

    def _among(self, lineage: Sequence[Class]) -> Iterator[Class]:
        """The classes that have a constructor of their own, be it one that is made of their fields."""
        return (c for c in lineage if self.written(c) is not None or is_dataclass(c))

    def _open(self, of: Class) -> Invocation:
        """The making of an object of a class by whoever makes one."""
        if of.node not in self._opened:
            maker = next(iter(self.makers(of)[-1:]), of)
            node = self.written(maker)
            site = Site(of.module, of.node.bases[0], of.module.names.scope(of.node))
            named = parameters(node)[1:] if node else []
            keywords = {a.arg: Expression(site, Parameter(node, a.arg, maker.module, of)) for a in named if node}
            self._opened[of.node] = Invocation(of, (), keywords, False, site)
        return self._opened[of.node]

    def _handed_on(
        self, maker: Class, given: Invocation, lineage: Sequence[Class]
    ) -> Iterator[tuple[Class, Invocation]]:
        """The constructors that a constructor calls for the object that it makes, and with what."""
        node = self.written(maker)
        for call in maker.module.names.calls_in[node] if node else ():
            if called_name(call.func) == INIT:
                found = self.target(maker, call, lineage)
                if found is not None:
                    target, skip = found
                    yield target, self.passed(maker, call, given, skip)

    def target(self, maker: Class, call: ast.Call, lineage: Sequence[Class]) -> tuple[Class, int] | None:
        """The class whose constructor a call of one calls, and how many arguments are not for it."""
        callees = alternatives(self.evaluation.evaluate(maker.module, call.func))
        if self.is_above(maker, call) and not any(map(qualified_name, callees)):
            nodes = [c.node for c in lineage]
            after = lineage[nodes.index(maker.node) + 1 :] if maker.node in nodes else ()
            return next(((of, 0) for of in self._among(after)), None)
        for callee in callees:
            match callee:
                case Function(owner=Class()):
                    owner = self.hierarchy.class_of(callee.module, callee.node)
                    return (owner, 1) if owner is not None else None
                case Access(base=Class() as base):
                    return next(((of, 1) for of in self._among(self.hierarchy.lineage(base))), None)
        return None

    def passed(self, maker: Class, call: ast.Call, given: CallArguments, skip: int) -> Invocation:
        """What a call in a constructor passes, where the constructor was given something."""
        node = self.written(maker)
        assert node is not None
        function = Function(node, maker.module, Instance(maker))
        fill = Substitution(self.evaluation, function, given)
        site = Site(maker.module, call, maker.module.names.scope(call))
        made = self.evaluation.made(site, call, function)
        return fill.invocation(made.of(function, made.positional[skip:]))


def hands_rest_on(node: FunctionNode, call: ast.Call) -> bool:
    """True if a call passes on the `*args` or the `**kwargs` of the function it stands in."""
    starred = any(_is_rest(value, node.args.vararg) for value in call.args)
    return starred or any(k.arg is None and _is_rest(k.value, node.args.kwarg) for k in call.keywords)


def is_of_class(owner: Instance) -> bool:
    """True for an object that is made by the name of its class, so that it is no object of an heir's."""
    return owner.made is not None and not is_made_by_cls(owner.made)


def is_made_by_cls(made: Invocation) -> bool:
    """True for `cls(...)` in a class method."""
    function = made.site.scope.function.node
    name = called_name(made.site.node.func) if isinstance(made.site.node, ast.Call) else ""
    given = parameters(function)[:1] if isinstance(function, FUNCTIONS) and is_classmethod(function) else []
    return any(argument.arg == name for argument in given)


def is_dataclass(of: Class) -> bool:
    """True for a class whose constructor is made of its fields."""
    decorators = (d.func if isinstance(d, ast.Call) else d for d in of.node.decorator_list)
    return any(called_name(decorator) in ("dataclass", "define", "attrs") for decorator in decorators)


def _is_rest(value: ast.expr, rest: ast.arg | None) -> bool:
    name = value.value if isinstance(value, ast.Starred) else value
    return rest is not None and isinstance(name, ast.Name) and name.id == rest.arg
