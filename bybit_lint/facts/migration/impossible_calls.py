"""Calls of the bot's own functions that cannot succeed, on the way to Bybit: mostly left behind by a change elsewhere.

Only closed cases: what is called is known on each way through the code, and nothing may make it something else.
"""

from __future__ import annotations

import ast
import builtins
import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import defaults, positional_parameters
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name, is_static
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.parameters import header
from bybit_lint.analysis.values.terms import Class, Constant, Function, Instance, ProjectModule, Term, qualified_name
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import ImpossibleCall, Related, Span

PLAIN = {"staticmethod", "classmethod", "abstractmethod", "override"}
"""Decorators under which a function takes what it says."""
OPEN = {"__getattr__", "__getattribute__", "__new__", "__call__", "__init_subclass__"}
"""What may give an object methods that nobody sees, or make something else of a call."""
FILLING = {"globals", "setattr", "exec"}
"""What may give a file names that nobody sees."""
COMMON = frozenset(name for kind in (dict, list, set, str, bytes) for name in dir(kind))
"""The methods of containers and texts, which most of what is called by their names is."""
BUILTINS = frozenset(dir(builtins))
RAISED = {"TypeError": ("TypeError",), "AttributeError": ("AttributeError", "hasattr", "getattr")}
BARE = {"builtins.object", "abc.ABC"}


@extracts(ImpossibleCall)
class ImpossibleCalls:
    """The impossible calls of one project."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.effects, self.traffic = analysis.program, analysis.effects, analysis.traffic
        self.evaluator, self.project = analysis.program.evaluator, analysis.program.project

    def facts(self, module: Module) -> Iterator[ImpossibleCall]:
        if module.is_test or not self.traffic.bybit_calls:
            return
        for name, called in module.names.calls_named.items():
            for call in called if name in self._ours else ():
                if self._may_misfit(module, name, call):
                    yield from self._misfit(module, call)
        for calls in self._without_class(module):
            for call, function in calls:
                if function.attr not in self._set_names and not function.attr.startswith("__"):
                    holders = self._holders(module, function)
                    if not holders:
                        break  # what a name stands for there is the same kind of thing, mostly
                    yield from self._missing(module, call, function, holders)

    # What a function does not take ------------------------------------------------------------------------------------

    def _may_misfit(self, module: Module, name: str, call: ast.Call) -> bool:
        """True if some function that may be meant by a name does not take what a call gives."""
        if isinstance(call.func, ast.Attribute):
            if name in COMMON and called_name(call.func.value) not in self._objects_named:
                return False
        elif name in BUILTINS and name not in module.names.module.bindings:
            return False
        near = _near(module, name, call)
        return any(misfit(each, call, offset) for each, offset in near or self._functions[name])

    @cached_property
    def _objects_named(self) -> set[str]:
        """The last names of what methods are called on that only objects of the project have."""
        return {"self"}.union(
            called_name(call.func.value)
            for module in self.project.readable
            for name in (self._ours - COMMON) & module.names.calls_named.keys()
            for call in module.names.calls_named[name]
            if isinstance(call.func, ast.Attribute)
        )

    @cached_property
    def _ours(self) -> frozenset[str]:
        """The names of the project's functions that may lead to Bybit."""
        return self._asking & self._functions.keys()

    @cached_property
    def _asking(self) -> frozenset[str]:
        """The names of all that may lead to Bybit, whichever function of that name is called."""
        calling: dict[str, set[str]] = defaultdict(set)
        fresh = set()
        for module in self.project.readable:
            for function, calls in module.names.calls_in.items():
                around = module.names.parents.get(function)
                names = {getattr(function, "name", ""), around.name if isinstance(around, ast.ClassDef) else ""}
                for call in calls:
                    for handed in (call.func, *call.args):
                        calling[called_name(handed)] |= names
                    if call in self.traffic.bybit_calls:
                        fresh |= names
        found = set[str]()
        while fresh:
            found |= fresh
            fresh = {above for name in fresh for above in calling[name]} - found
        return frozenset(found - {""})

    @cached_property
    def _functions(self) -> dict[str, list[tuple[FunctionNode, int]]]:
        """The functions of the project by their names, constructors by those of their classes.

        With each stands how many parameters its object or class fills, where it is called as usual.
        """
        found: dict[str, list[tuple[FunctionNode, int]]] = defaultdict(list)
        for module in self.project.readable:
            for node in module.names.scopes:
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    around = module.names.parents.get(node)
                    offset = 1 if isinstance(around, ast.ClassDef) and not is_static(node) else 0
                    found[node.name].append((node, offset))
                    if node.name == INIT and isinstance(around, ast.ClassDef):
                        found[around.name].append((node, offset))
        return found

    def _misfit(self, module: Module, call: ast.Call) -> Iterator[ImpossibleCall]:
        if _is_expected(module, call, "TypeError"):
            return
        is_deferred = deferred_callee(call)[0] is not call.func  # then something else is called
        terms = [] if is_deferred else self.program.callees.handed(module, call)
        called = [self._constructor(term) if isinstance(term, Class) else term for term in terms if not _is_none(term)]
        functions = [each for each in called if isinstance(each, Function) and self._is_closed(each)]
        if not functions or len(functions) != len(called):
            return
        found = [misfit(f.node, call, self._offset(f)) for f in functions]
        found += [misfit(node, call, self._offset(f)) for f in functions for node in self._copies(f)]
        if all(found) and self._reaches_bybit(module, call, functions):
            function = functions[0]
            where = Related(header(function), "defined here")
            yield ImpossibleCall(module.source.span(call), f"{called_name(call.func)}()", found[0], "TypeError", where)

    def _copies(self, function: Function) -> Iterator[FunctionNode]:
        """What has the same name, in the same class, in files of the same name."""
        owner = getattr(function.module.names.parents.get(function.node), "name", "")
        for module in self._beside(function.module):
            for node, _ in self._functions.get(getattr(function.node, "name", ""), ()):
                if node in module.names.scopes and getattr(module.names.parents.get(node), "name", "") == owner:
                    yield node

    def _offset(self, function: Function) -> int:
        return 1 if getattr(function.node, "name", "") == INIT else self.evaluator.parameters.offset(function)

    def _constructor(self, of: Class) -> Term | None:
        """The constructor of a class all of whose ancestors are the project's."""
        if not self._is_known(of) or of.node.decorator_list:
            return None
        for ancestor in self.evaluator.hierarchy.lineage(of):
            found = [b.statement for b in ancestor.module.names.scopes[ancestor.node].bindings.get(INIT, ())]
            if found:
                node = found[0]
                return Function(node, ancestor.module) if isinstance(node, ast.FunctionDef) else None
        return None

    def _is_closed(self, function: Function) -> bool:
        """True if a function is what its name says: nothing wraps it or its class, replaces it, or stands beside it."""
        node, owner = function.node, self.evaluator.hierarchy.class_of(function.module, function.node)
        if owner is not None and _is_wrapped(owner):
            return False
        if isinstance(node, ast.Lambda) or any(called_name(d) not in PLAIN for d in node.decorator_list):
            return False
        names = function.module.names
        bindings = names.scope(node).bindings.get(node.name, ())
        return len(bindings) == 1 and node.name not in self._set_names and self._is_kept_by_heirs(function)

    @cached_property
    def _set_names(self) -> frozenset[str]:
        """The attributes that anything assigns to."""
        return frozenset(name for module in self.project.readable for name in module.names.attributes)

    def _is_kept_by_heirs(self, function: Function) -> bool:
        """True if no class that inherits a method has another one by its name."""
        owner = self.evaluator.hierarchy.class_of(function.module, function.node)
        name = getattr(function.node, "name", "")
        heirs = self.evaluator.hierarchy.heirs(owner) if owner and name != INIT else []
        return not any(name in heir.module.names.scopes[heir.node].bindings for heir in heirs)

    def _reaches_bybit(self, module: Module, call: ast.Call, functions: Sequence[Function]) -> bool:
        if self.effects.reaches_bybit(module, call):
            return True
        inits = [f for f in functions if getattr(f.node, "name", "") == INIT]
        owners = [self.evaluator.hierarchy.class_of(f.module, f.node) for f in inits]
        return any(owner is not None and owner.node in self._speaking for owner in owners)

    # What a class has not ---------------------------------------------------------------------------------------------

    def _without_class(self, module: Module) -> Iterator[list[tuple[ast.Call, ast.Attribute]]]:
        """The calls on what goes by the name of an object that speaks to Bybit, by where the name means one thing.

        Left out is what some class has all of that is called on such a name in the file.
        """
        called: dict[str, set[str]] = defaultdict(set)
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
                    elif receiver in self._receivers or self._may_be_file(module, receiver):
                        called[receiver].add(call.func.attr)
                        holder = around if around is not None and _is_of_self(call.func.value) else function
                        found[holder if receiver else call, receiver].append((call, call.func))
        known = {receiver for receiver, names in called.items() if any(names <= held for held in self._held)}
        return (calls for (_, receiver), calls in found.items() if receiver not in known)

    @cached_property
    def _held(self) -> list[frozenset[str]]:
        """What each class that speaks to Bybit has itself."""
        scopes = [s for m in self.project.readable for node, s in m.names.scopes.items() if node in self._speaking]
        return [frozenset(scope.bindings) for scope in scopes]

    @cached_property
    def _receivers(self) -> frozenset[str]:
        """The last names of what methods are called on of classes that speak to Bybit."""
        return frozenset(
            called_name(call.func.value)
            for module in self.project.readable
            for name in self._speaking_methods & module.names.calls_named.keys()
            for call in module.names.calls_named[name]
            if isinstance(call.func, ast.Attribute)
        )

    def _may_be_file(self, module: Module, name: str) -> bool:
        """True for a name that is imported, if the last of what it stands for is that of such a file."""
        found = (b.extra for b in module.names.module.bindings.get(name, ()) if b.how == "import")
        dotted = (str(extra[2] or extra[1]) for extra in found if isinstance(extra, tuple))
        return any(each.rpartition(".")[2] in self._speaking_files for each in dotted)

    @cached_property
    def _speaking_files(self) -> frozenset[str]:
        """The names of the files that ask Bybit for something themselves, as they are imported by."""
        speaking = (each for each in self.project.readable if not self.traffic.bybit_calls.isdisjoint(each.names.calls))
        return frozenset(posixpath.basename(each.source.path).removesuffix(".py") for each in speaking)

    @cached_property
    def _speaking_methods(self) -> set[str]:
        functions = (each for node in self._speaking for each in node.body)
        return {each.name for each in functions if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}

    @cached_property
    def _speaking(self) -> set[ast.ClassDef]:
        """The classes that ask Bybit for something themselves."""
        found = set()
        for module in self.project.readable:
            for call in module.names.calls:
                if call in self.traffic.bybit_calls:
                    owner = module.names.parents.get(module.names.scope(call).function.node)
                    if isinstance(owner, ast.ClassDef):
                        found.add(owner)
        return found

    def _holders(self, module: Module, function: ast.Attribute) -> list[Term]:
        """What a method is called on, if it is known to be nothing but objects or files of the project's."""
        held = self.program.callees.of(self.evaluator.at(module, function.value).term)
        terms = [term for term in held if not _is_none(term)]
        kinds = {type(term) for term in terms}
        return terms if kinds <= {Instance} or kinds <= {ProjectModule} else []

    def _missing(
        self, module: Module, call: ast.Call, function: ast.Attribute, holders: Sequence[Term]
    ) -> Iterator[ImpossibleCall]:
        if _is_expected(module, call, "AttributeError"):
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
        if any(self._speaks(each.of) for each in objects) and all(self._lacks(each, name) for each in objects):
            where = Related(_name_of(objects[0].of), "its class")
            said = f"is no method of {objects[0].of.node.name}"
            yield ImpossibleCall(module.source.span(call), f"{name}()", said, "AttributeError", where)

    def _missing_in(
        self, files: Sequence[Module], module: Module, call: ast.Call, name: str
    ) -> Iterator[ImpossibleCall]:
        """A function that a file of the bot's has not, nor any other file of that name."""
        meant = [each for file in files for each in (file, *self._beside(file))]
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

    def _speaks(self, of: Class) -> bool:
        return any(each.node in self._speaking for each in self.evaluator.hierarchy.lineage(of))

    def _lacks(self, each: Instance, name: str) -> bool:
        """True if neither the class of an object has a name nor what that inherits, nor what it may be instead."""
        hierarchy = self.evaluator.hierarchy
        heirs = hierarchy.heirs(each.of) if each.made is None else []
        inherited = (hierarchy.lineage(of) for of in (each.of, *heirs, *self._twins(each.of)))
        family = [of for lineage in inherited for of in lineage]  # what is mixed in finds what its object inherits
        return all(self._is_known(each) and name not in each.module.names.scopes[each.node].bindings for each in family)

    def _twins(self, of: Class) -> list[Class]:
        """Classes of the same name in files of the same name: which of them is imported depends on where it is run."""
        found = ((module, node) for module in self._beside(of.module) for node in module.names.scopes)
        return [
            self.evaluator.hierarchy.of_node(node, module)
            for module, node in found
            if isinstance(node, ast.ClassDef) and node.name == of.node.name
        ]

    def _beside(self, module: Module) -> list[Module]:
        """The other files of the same name."""
        return [each for each in self._namesakes[posixpath.basename(module.source.path)] if each is not module]

    @cached_property
    def _namesakes(self) -> dict[str, list[Module]]:
        """The files of the project by their names."""
        found: dict[str, list[Module]] = defaultdict(list)
        for module in self.project.readable:
            found[posixpath.basename(module.source.path)].append(module)
        return found

    def _is_known(self, of: Class) -> bool:
        """True if all that a class has is written in the project."""
        for each in self.evaluator.hierarchy.lineage(of):
            held = each.module.names.scopes[each.node].bindings
            is_open = not OPEN.isdisjoint(held) or each.node.keywords or "setattr" in each.module.names.calls_named
            bases = [*self.evaluator.hierarchy.bases(each)]
            if is_open or not all(isinstance(base, Class) or qualified_name(base) in BARE for base in bases):
                return False
        return not _is_wrapped(of)


def _is_of_self(node: ast.expr) -> bool:
    """True for an attribute of the object whose method it stands in."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _near(module: Module, name: str, call: ast.Call) -> list[tuple[FunctionNode, int]]:
    """The function that a file, or the class around, has by a name; with it, what its object fills."""
    function, scope, offset = call.func, module.names.module, 0
    if isinstance(function, ast.Attribute):
        around = module.names.parents.get(module.names.scope(call).function.node)
        if not isinstance(around, ast.ClassDef) or called_name(function.value) != "self":
            return []
        scope, offset = module.names.scopes[around], 1
    found = [binding.statement for binding in scope.bindings.get(name, ())]
    own = [node for node in found if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [(node, 0 if is_static(node) else offset) for node in own] if len(own) == len(found) else []


def misfit(function: FunctionNode, call: ast.Call, offset: int) -> str:
    """Why a function does not take the arguments of a call; empty if it may."""
    arguments = function.args
    taken = positional_parameters(arguments)[offset:]
    is_plain = not call.keywords and not arguments.kwonlyargs and len(call.args) <= len(taken)
    if is_plain and len(call.args) >= len(taken) - len(arguments.defaults):
        return ""  # as most are, however much a starred argument brings
    given = [value for value in call.args if not isinstance(value, ast.Starred)]
    is_whole = len(given) == len(call.args) and all(keyword.arg for keyword in call.keywords)
    keywords = [keyword.arg for keyword in call.keywords if keyword.arg]
    named = {argument.arg for argument in (*taken, *arguments.kwonlyargs) if argument not in arguments.posonlyargs}
    strange = [name for name in keywords if name not in named]
    if strange and arguments.kwarg is None:
        return f"takes no {strange[0]}"
    if len(given) > len(taken) and arguments.vararg is None:
        return f"takes {len(taken)} positional arguments, and is given {len(given)}"
    filled = {argument.arg for argument in taken[: len(given)]}
    twice = [name for name in keywords if name in filled]
    if twice and len(given) == len(call.args):
        return f"is given {twice[0]} twice"
    optional = defaults(arguments)
    needed = [argument.arg for argument in (*taken, *arguments.kwonlyargs) if argument.arg not in optional]
    lacking = [name for name in needed if name not in filled and name not in keywords]
    return f"needs {lacking[0]}" if lacking and is_whole else ""


def _is_wrapped(of: Class) -> bool:
    """True for a class of which a decorator may make another one."""
    return any(called_name(decorator) != "dataclass" for decorator in of.node.decorator_list)


def _is_none(term: Term | None) -> bool:
    return isinstance(term, Constant) and term.value is None


def _is_expected(module: Module, call: ast.Call, error: str) -> bool:
    """True if the code around a call says that it may fail so, or asks before."""
    words = RAISED[error]
    for around in module.names.ancestors(call):
        match around:
            case ast.Try(handlers=handlers):
                said = [ast.dump(h.type) for h in handlers if h.type]
            case ast.If(test=test) | ast.IfExp(test=test):
                said = [ast.dump(test)]
            case _:
                said = []
        if any(word in text for text in said for word in words):
            return True
    return False


def _name_of(of: Class) -> Span:
    source, whole = of.module.source, of.module.source.span(of.node)
    return source.span_of(whole.start, whole.start + len(f"class {of.node.name}"))
