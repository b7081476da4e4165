"""Calls of methods and functions that an object or a file of the bot's has not."""

from __future__ import annotations

import ast
import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name, is_property
from bybit_lint.analysis.values.terms import Class, Instance, ProjectModule, Term
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.migration.project_code import ProjectCode, is_expected, is_none
from bybit_lint.facts.migration.speakers import Speakers
from bybit_lint.vocabulary import ImpossibleCall, Related, Span

FILLING = {"globals", "setattr", "exec"}
"""What may give a file names that nobody sees."""


class MissingNames:
    """The calls of one project of what is not there."""

    def __init__(self, analysis: Analysis, code: ProjectCode, speakers: Speakers) -> None:
        self.program, self.traffic = analysis.program, analysis.traffic
        self.evaluator, self.project = analysis.program.evaluator, analysis.program.project
        self.code, self.speakers = code, speakers

    def of(self, module: Module) -> Iterator[ImpossibleCall]:
        """Those in one file."""
        for calls in self._without_class(module):
            for call, function in calls:
                if function.attr not in self.code.set_names and not function.attr.startswith("__"):
                    holders = self._holders(module, function)
                    if not holders:
                        break  # what a name stands for there is the same kind of thing, mostly
                    yield from self._missing(module, call, function, holders)

    def _without_class(self, module: Module) -> Iterator[list[tuple[ast.Call, ast.Attribute]]]:
        """The calls on what goes by the name of an object that speaks to Bybit, by where the name means one thing.

        Left out is what some class has all of that is called on such a name in the file, but for the class that calls:
        one that hands on what it is asked for has methods of the same names.
        """
        called: dict[str, set[str]] = defaultdict(set)
        calling: dict[str, set[ast.ClassDef]] = defaultdict(set)
        found: dict[tuple[ast.AST, str], list[tuple[ast.Call, ast.Attribute]]] = defaultdict(list)
        for function, calls in module.names.calls_in.items():
            around = module.names.parents.get(function)
            own = module.names.scopes[around].bindings if isinstance(around, ast.ClassDef) else None
            for call in calls:
                if isinstance(call.func, ast.Attribute):
                    receiver = called_name(call.func.value)
                    if receiver == "self":
                        if own is not None and call.func.attr not in own:
                            found[function, receiver].append((call, call.func))
                    elif self._may_be_known(module, call.func.value, receiver):
                        called[receiver].add(call.func.attr)
                        calling[receiver] |= {around} if isinstance(around, ast.ClassDef) else set()
                        holder = around if around is not None and _is_of_self(call.func.value) else function
                        found[holder if receiver else call, receiver].append((call, call.func))
        having = {receiver: [of for of, held in self._held if names <= held] for receiver, names in called.items()}
        known = {receiver for receiver, classes in having.items() if self._others(module, classes, calling[receiver])}
        return (calls for (_, receiver), calls in found.items() if receiver not in known)

    def _others(self, module: Module, classes: list[ast.ClassDef], calling: set[ast.ClassDef]) -> bool:
        """True if any of some classes is neither one that calls nor what that inherits from."""
        if not classes:
            return False
        hierarchy = self.evaluator.hierarchy
        own = {each.node for node in calling for each in hierarchy.lineage(hierarchy.of_node(node, module))}
        return not own.issuperset(classes)

    def _may_be_known(self, module: Module, held: ast.expr, name: str) -> bool:
        """True for the name of an object that speaks to Bybit, or of such a file, and for what one may be made by."""
        if name:
            return name in self._receivers or self._may_be_file(module, name)
        match held:
            case ast.Constant() | ast.JoinedStr() | ast.BinOp() | ast.Dict() | ast.List() | ast.Set():
                return False
            case ast.Call(func=func) if called := called_name(func):
                return "" in self._receivers and self.project.binds(called)
        return "" in self._receivers

    @cached_property
    def _held(self) -> list[tuple[ast.ClassDef, frozenset[str]]]:
        """What each class that speaks to Bybit has itself."""
        scopes = (item for module in self.project.readable for item in module.names.scopes.items())
        return [
            (n, frozenset(s.bindings)) for n, s in scopes if isinstance(n, ast.ClassDef) and n in self.speakers.classes
        ]

    @cached_property
    def _receivers(self) -> frozenset[str]:
        """The last names of what methods are called on of classes that speak to Bybit, and of what is made of them."""
        called = (
            called_name(call.func.value)
            for module in self.project.readable
            for name in self.speakers.methods & module.names.calls_named.keys()
            for call in module.names.calls_named[name]
            if isinstance(call.func, ast.Attribute)
        )
        classes = {node.name for node in self.speakers.classes}
        made = (
            name
            for module in self.project.readable
            for of in classes & module.names.calls_named.keys()
            for call in module.names.calls_named[of]
            for name in _names_of_made(module, call)
        )
        return frozenset((*called, *made))

    def _may_be_file(self, module: Module, name: str) -> bool:
        """True for a name that is imported, if the last of what it stands for is that of such a file."""
        found = (b.extra for b in module.names.module.bindings.get(name, ()) if b.how == "import")
        dotted = (str(extra[2] or extra[1]) for extra in found if isinstance(extra, tuple))
        return any(each.rpartition(".")[2] in self.speakers.files for each in dotted)

    def _holders(self, module: Module, function: ast.Attribute) -> list[Term]:
        """What a method is called on, if it is known to be nothing but objects or files of the project's."""
        held = self.program.callees.of(self.evaluator.evaluate(module, function.value))
        terms = [term for term in held if not is_none(term)]
        kinds = {type(term) for term in terms}
        return terms if kinds <= {Instance} or kinds <= {ProjectModule} else []

    def _missing(
        self, module: Module, call: ast.Call, function: ast.Attribute, holders: Sequence[Term]
    ) -> Iterator[ImpossibleCall]:
        if is_expected(module, call, "AttributeError"):
            return
        objects = [term for term in holders if isinstance(term, Instance)]
        if objects:
            yield from self._missing_on(objects, module, call, function.attr)
        else:
            files = [term.module for term in holders if isinstance(term, ProjectModule)]
            yield from self._missing_in(files, module, call, function.attr)

    def _missing_on(
        self, objects: Sequence[Instance], module: Module, call: ast.Call, name: str
    ) -> Iterator[ImpossibleCall]:
        """A method that objects of the bot's have not."""
        if any(self.speakers.speaks(each.of) for each in objects) and all(self._lacks(each, name) for each in objects):
            where = Related(_name_of(objects[0].of), "its class")
            said = f"is no method of {objects[0].of.node.name}"
            yield ImpossibleCall(module.source.span(call), f"{name}()", said, "AttributeError", where)

    def _missing_in(
        self, files: Sequence[Module], module: Module, call: ast.Call, name: str
    ) -> Iterator[ImpossibleCall]:
        """A function that a file of the bot's has not, nor any other file of that name."""
        meant = [each for file in files for each in (file, *self.code.beside(file))]
        if not all(self._has_not(each, name) for each in meant):
            return
        if all(self.traffic.bybit_calls.isdisjoint(each.names.calls) for each in files):
            return
        source, first = files[0].source, next(iter(files[0].source.tree.body), None)
        if first is not None:
            said = f"is not in {posixpath.basename(source.path)}"
            where = Related(source.span(first), "which begins here")
            yield ImpossibleCall(module.source.span(call), f"{name}()", said, "AttributeError", where)

    def _has_not(self, file: Module, name: str) -> bool:
        """True if a file is read whole, and nothing may give it a name but what is written in it."""
        if not file.is_readable or not FILLING.isdisjoint(file.names.calls_named):
            return False
        return {name, "*", "__getattr__"}.isdisjoint(file.names.module.bindings)

    def _lacks(self, each: Instance, name: str) -> bool:
        """True if neither the class of an object has a name nor what that inherits, nor what it may be instead."""
        hierarchy = self.evaluator.hierarchy
        heirs = hierarchy.heirs(each.of) if each.made is None else []
        inherited = (hierarchy.lineage(of) for of in (each.of, *heirs, *self._twins(each.of)))
        family = [of for lineage in inherited for of in lineage]  # what is mixed in finds what its object inherits
        return all(
            self.code.is_known(each) and name not in each.module.names.scopes[each.node].bindings for each in family
        )

    def _twins(self, of: Class) -> list[Class]:
        """Classes of the same name in files of the same name: which of them is imported depends on where it is run."""
        found = ((module, node) for module in self.code.beside(of.module) for node in module.names.scopes)
        return [
            self.evaluator.hierarchy.of_node(node, module)
            for module, node in found
            if isinstance(node, ast.ClassDef) and node.name == of.node.name
        ]


def _names_of_made(module: Module, call: ast.Call) -> Iterator[str]:
    """The last names that an object is given where it is made, and that of the property that gives it."""
    match module.names.parents.get(call):
        case ast.Assign(targets=targets):
            yield from map(called_name, targets)
        case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
            yield called_name(target)
        case ast.Return():
            function = module.names.scope(call).function.node
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and is_property(function):
                yield function.name


def _is_of_self(node: ast.expr) -> bool:
    """True for an attribute of the object whose method it stands in."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _name_of(of: Class) -> Span:
    source, whole = of.module.source, of.module.source.span(of.node)
    return source.span_of(whole.start, whole.start + len(f"class {of.node.name}"))
