"""What becomes of a value: which parts of it are read, tested or shown, as long as all of that can be seen."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from bybit_lint.analysis.bounds import MAX_CALL_SITES, MAX_KEYS, MAX_USES
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.compact import ByKind
from bybit_lint.analysis.flow.exception_handlers import may_be_caught
from bybit_lint.analysis.flow.held_ways import each, held, is_held, is_whole, moved, taken
from bybit_lint.analysis.flow.prepared_requests import PREPARING, is_sent_by
from bybit_lint.analysis.flow.success_tests import asks_for_list, is_of_failed_http, tries_again
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name, literal_key
from bybit_lint.analysis.values.key_paths import ANY, KeyPath
from bybit_lint.analysis.values.terms import Constant, Function, Site, alternatives
from bybit_lint.tuples import NamedTuple

ITSELF = ("json", "copy", "raise_for_status", "read", "decode", "encode", "replace", "strip", "result", "prepare")
"""Methods whose result is the answer itself, or its text; or the request that is to be sent for it."""
ROWS = ("items", "values", "keys")
STATUS = ("status_code", "status", "ok", "reason", "headers", "elapsed", "url")
TEXT = ("text", "content", "data")
SHOWN = LOGGING | {"str", "repr", "len", "type", "bool", "isinstance", "pformat", "format", "id", "success", "echo"}
NUMBERS = ("float", "int", "Decimal")
TRUTHS = (ast.If, ast.While, ast.IfExp, ast.Assert, ast.UnaryOp, ast.BoolOp)
"""What asks whether a number is another than 0."""
RESULT = "result"
SAME = ("list", "dict", "tuple", "sorted", "reversed", "loads", "deepcopy", "next", "iter")
ORDERING = ("sorted", "reversed")
PICKING = ("max", "min")
FILLING = ("append", "appendleft", "add", "put", "put_nowait")
CHANGING = (*FILLING, "extend", "insert", "update", "setdefault", "sort", "reverse", "clear", "remove")
WAITING = ("create_task", "ensure_future", "wait_for", "shield")

NOWHERE: Mapping[FunctionNode, Site] = MappingProxyType({})


class Uses:
    """What becomes of a value. Ways are keys from the value to the part; of a raw answer, from its JSON."""

    def __init__(self) -> None:
        self.read: set[KeyPath] = set()
        """The parts that are read, tested and shown ones among them."""
        self.tested: set[KeyPath] = set()
        """The parts that a condition asks about."""
        self.words: set[str] = set()
        """Keys of which it is asked whether they are there."""
        self.is_caught = False
        """True if a part is taken by its key or position where an exception is caught: it is expected to be missing."""
        self.is_shown = False
        """True if the whole value is printed or logged: somebody may look at it."""
        self.escaped: set[KeyPath] = set()
        """The parts that go where they cannot be followed."""
        self.demanded: set[KeyPath] = set()
        """The parts that are taken by their key or position: where they are missing, the program stops."""
        self.spared: set[KeyPath] = set()
        """The parts that are taken by a `get`, be it once: where they are missing, the program goes on."""
        self.returned: list[FunctionNode] = []
        """The functions that return the value to all of their callers, innermost first."""
        self.taken: dict[KeyPath, Site] = {}
        """Where each part is taken out first."""

    @property
    def is_seen(self) -> bool:
        """False if the whole value goes where it cannot be followed."""
        return () not in self.escaped


class Use(NamedTuple):
    """Where a value stands, or the part of one that a way leads to."""

    module: Module
    node: ast.expr
    way: KeyPath


class UseTracker:
    """Follows one value through the project; a function of the `route` returns it to that one caller only.

    One that `is_arrived` is an answer with HTTP status 200: it is not followed to where the function that asks for it
    has found another one.
    """

    def __init__(
        self, program: Program, route: Mapping[FunctionNode, Site] = NOWHERE, *, is_arrived: bool = False
    ) -> None:
        self.program, self.route, self.is_arrived = program, route, is_arrived
        self._asking: ast.AST | None = None
        self.uses = Uses()
        self._met: set[tuple[ast.AST, KeyPath]] = set()

    def of(self, module: Module, node: ast.expr) -> Uses:
        if self.is_arrived and not is_of_failed_http(module.names, node):  # which is of another request's status
            self._asking = module.names.scope(node).function.node
        self._follow(module, node, ())
        return self.uses

    def _follow(self, module: Module, node: ast.expr, way: KeyPath) -> None:
        """What the code around a node does with it."""
        if (node, way) in self._met or not self.uses.is_seen:
            return
        self._met.add((node, way))
        if len(self._met) > MAX_USES or len(way) > MAX_KEYS:
            self.uses.escaped.add(())
            return
        is_here = self._asking is not None and self._asking is module.names.scope(node).function.node
        if is_here and is_of_failed_http(module.names, node):
            return
        parent = module.names.parents.get(node)
        FOLLOWING[type(parent)](self, Use(module, node, way), parent)

    # What stands around the value ------------------------------------------------------------------------------------

    def _lost(self, use: Use, _: ast.AST | None) -> None:
        self._lose(use.way)

    def _shown(self, use: Use, _: ast.FormattedValue) -> None:
        self._show(use.way)
        self._end(use.way)

    def _named(self, use: Use, around: ast.NamedExpr) -> None:
        self._follow(use.module, around, use.way)
        self._loads(use.module, around, around.target, use.way)

    def _chosen(self, use: Use, around: ast.IfExp) -> None:
        if use.node is around.test:
            self._test(use.way)
        else:
            self._follow(use.module, around, use.way)

    def _taken(self, use: Use, around: ast.Subscript) -> None:
        if use.node is not around.value:
            self._lose(use.way)
            return
        is_slice = isinstance(around.slice, ast.Slice)
        key = ANY if is_slice else self._key(use.module, around.slice)
        if is_held(use.way):
            if isinstance(around.ctx, ast.Load):
                self._take(use.module, around, moved(use.way) if is_slice else taken(use.way, key))
            return
        is_of_row = ANY in use.way  # a refusal has no rows: what is caught for each of them is not caught for it
        is_caught = not is_of_row and may_be_caught(use.module.names, around)
        self.uses.is_caught |= is_caught and not _has_stand_in(use.node)
        way = use.way if is_slice else (*use.way, key)
        self.uses.demanded.add(way)
        self._take(use.module, around, way)

    def _assigned(self, use: Use, around: ast.Assign) -> None:
        if len(around.targets) == 1:
            self._loads(use.module, around, around.targets[0], use.way)
        else:
            self._lose(use.way)

    def _entered(self, use: Use, around: ast.withitem) -> None:
        if around.optional_vars is None:
            self._end(use.way)
        else:
            way = use.way[1:] if is_held(use.way) else use.way
            self._loads(use.module, use.module.names.parents[around], around.optional_vars, way)

    def _iterated(self, use: Use, around: ast.For | ast.AsyncFor) -> None:
        if use.node is around.iter:
            self._each(use, around)
        else:
            self._lose(use.way)

    def _comprehended(self, use: Use, around: ast.comprehension) -> None:
        if use.node is around.iter:
            self._each(use, around)
        else:
            self._test(use.way)

    def _each(self, use: Use, around: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        way = each(use.way)
        if way is not None:
            self._end(way)
            self._loads(use.module, around, around.target, way)

    def _joined(self, use: Use, around: ast.BoolOp) -> None:
        if use.node is not around.values[-1] and not (use.way and _is_or_nothing(around)):
            self._test(use.way)
        self._follow(use.module, around, use.way)

    def _compared(self, use: Use, around: ast.Compare) -> None:
        if is_held(use.way):
            return
        if use.node is not around.left and len(around.ops) == 1 and isinstance(around.ops[0], (ast.In, ast.NotIn)):
            word = str(literal_key(around.left))
            self.uses.words.add(word)
            if word == RESULT and not use.way:  # every refusal has one, an empty one
                return
        elif tries_again(around):
            return
        self._test(use.way)

    def _computed(self, use: Use, around: ast.BinOp) -> None:
        if use.way and not is_held(use.way):
            self._number(use.module, around, use.way)
        else:
            self._lose(use.way)

    def _number(self, module: Module, node: ast.expr, way: KeyPath) -> None:
        """A part that a number is made of: to ask whether that is anything is to ask for the part."""
        self._end(way)
        parent = module.names.parents.get(node)
        while isinstance(parent, ast.BinOp) or (isinstance(parent, ast.Call) and called_name(parent.func) in NUMBERS):
            node, parent = parent, module.names.parents.get(parent)
        match parent:
            case ast.Assign(targets=[ast.Name(id=name)]):
                loads = module.names.loads(module.names.scope(node).function.node, name)
                is_asked = any(isinstance(module.names.parents.get(load), TRUTHS) for load in loads)
            case _:
                is_asked = isinstance(parent, TRUTHS)
        if is_asked:
            self._test(way)

    def _key(self, module: Module, key: ast.expr) -> object:
        """The text or number that a key is written as, or that its name stands for."""
        found = literal_key(key)
        if found is None and isinstance(key, (ast.Name, ast.Attribute)):
            term = self.program.evaluator.evaluate(module, key)
            found = term.value if isinstance(term, Constant) and isinstance(term.value, (str, int)) else None
        return ANY if found is None else found

    # What becomes of it ----------------------------------------------------------------------------------------------

    def _take(self, module: Module, node: ast.expr, way: KeyPath | None) -> None:
        """What is done with a part; None for one that the value is not in."""
        if way is not None:
            self.uses.taken.setdefault(way, Site(module, node, module.names.scope(node)))
            self._follow(module, node, way)

    def _lose(self, way: KeyPath) -> None:
        self._end(way)
        self.uses.escaped.add(() if is_whole(way) else way)

    def _end(self, way: KeyPath) -> None:
        if not is_held(way):
            self.uses.read.add(way)

    def _show(self, way: KeyPath) -> None:
        self.uses.is_shown |= is_whole(way)
        self._end(way)

    def _test(self, way: KeyPath) -> None:
        self._end(way)
        if not is_held(way):
            self.uses.tested.add(way)

    # What holds it ---------------------------------------------------------------------------------------------------

    def _listed(self, use: Use, around: ast.List | ast.Tuple | ast.Set) -> None:
        is_open = any(isinstance(item, ast.Starred) for item in around.elts)
        place = ANY if is_open or isinstance(around, ast.Set) else around.elts.index(use.node)
        self._hold(use, around, place, len(around.elts))

    def _mapped(self, use: Use, around: ast.Dict) -> None:
        if use.node not in around.values:
            self._lose(use.way)
            return
        key = around.keys[around.values.index(use.node)]
        if key is None:
            self._follow(use.module, around, use.way)
        else:
            self._hold(use, around, self._key(use.module, key))

    def _generated(self, use: Use, around: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._hold(use, around, ANY)

    def _hold(self, use: Use, holder: ast.expr, key: object, size: int = 0) -> None:
        """What is done with what holds the whole value; of its parts that is not asked."""
        if use.way and not is_held(use.way):
            self._lose(use.way)
        else:
            self._follow(use.module, holder, held(use.way, key, size))

    def _kept(self, module: Module, holder: ast.expr, way: KeyPath) -> None:
        """What is done with a list or a dict that a function has made itself, once the value is put into it."""
        if not is_whole(way):
            self._lose(way[1:])
            return
        scope = module.names.scope(holder).function
        bindings = scope.bindings.get(holder.id, ()) if isinstance(holder, ast.Name) else ()
        own = [binding for binding in bindings if binding.how != "update"]
        is_own = scope.is_function and own and all(binding.how == "assign" for binding in own)
        if not isinstance(holder, ast.Name) or not is_own or holder.id in scope.outer_names:
            self._lose(way)
            return
        for load in module.names.loads(scope.node, holder.id):
            self._follow(module, load, way)

    def _yielded(self, use: Use, _: ast.Yield) -> None:
        if use.way and not is_held(use.way):
            self._lose(use.way)
        else:
            self._returned(use.module.names.scope(use.node).function.node, held(use.way, ANY))

    def _attribute(self, use: Use, node: ast.Attribute) -> None:
        module, name, way = use.module, node.attr, use.way
        call = module.names.parents.get(node)
        if not isinstance(call, ast.Call) or call.func is not node:
            is_known = name in STATUS or name in TEXT
            self.uses.escaped |= set() if is_known else {way}
            if name in TEXT:
                self._follow(module, node, way)
        elif name in ("get", "pop") and call.args:
            part = taken(way, self._key(module, call.args[0]))
            self.uses.spared |= {part} if part is not None and name == "get" else set()
            self._take(module, call, part)
        elif is_held(way) and name in ("get", "pop", "popleft"):
            self._take(module, call, taken(way, ANY))
        elif is_held(way) and name in ("items", "values"):
            rows = held(way[1:], 1, 2) if name == "items" else way[1:]
            self._follow(module, call, held(rows, ANY))
        elif is_held(way) and name == "copy":
            self._follow(module, call, way)
        elif is_held(way):
            self.uses.escaped |= set() if name in (*CHANGING, "keys") else {()}
        elif name in ROWS:
            self._follow(module, call, (*way, ANY))
        elif name in ITSELF or name in TEXT:
            self._follow(module, call, way)
        elif name in ("append", "extend", "update", "setdefault"):
            self._lose(way)
        else:
            self._end(way)

    def _loads(self, module: Module, binder: ast.AST, target: ast.expr, way: KeyPath) -> None:
        """What is done with the name that a value is bound to."""
        if isinstance(target, ast.Tuple):
            for position, item in enumerate(target.elts):
                part = taken(way, position)
                if part is not None:
                    self._loads(module, binder, item, part)
            return
        if isinstance(target, ast.Subscript):
            self._kept(module, target.value, held(way, self._key(module, target.slice)))
            return
        if not isinstance(target, ast.Name):
            self._lose(way)
            return
        scope = module.names.scope(target)
        if target.id in scope.function.outer_names or isinstance(scope.node, ast.ClassDef):
            self._lose(way)
            return
        for load in module.names.loads(scope.node, target.id):
            reached = reaching.reaching(module.names, module.names.scope(load), target.id, load).bindings
            if not reached or any(b.statement is binder or isinstance(binder, ast.comprehension) for b in reached):
                self._follow(module, load, way)
        self._end(way)

    def _return(self, use: Use, around: ast.Return | ast.Lambda) -> None:
        """What the callers of a function do with what it returns."""
        module, way = use.module, use.way
        function = around if isinstance(around, ast.Lambda) else module.names.scope(use.node).function.node
        call = module.names.parents.get(function)
        if isinstance(call, ast.Call) and called_name(call.func) in DEFERRING:
            self._follow(module, call, way)
            return
        self._returned(function, way)

    def _returned(self, function: ast.AST, way: KeyPath) -> None:
        if not isinstance(function, FUNCTIONS):
            self._lose(way)
            return
        if (only := self.route.get(function)) is not None:
            self._follow(only.module, only.node, way)
            return
        self.uses.returned.append(function)
        sites = self.program.callers.sites(function)
        if not sites or len(sites) >= MAX_CALL_SITES:
            self._lose(way)
        for site in sites:
            self._follow(site.module, site.node, way)

    def _argument(self, use: Use, around: ast.Call | ast.keyword) -> None:
        """What a function does with an argument."""
        module, way = use.module, use.way
        call = module.names.parents[around] if isinstance(around, ast.keyword) else around
        if not isinstance(call, ast.Call):
            self._lose(way)
            return
        name = called_name(call.func)
        own = list(self._own(module, call))
        if own:
            for function in own:
                self._parameter(function, call, use.node, way)
        elif name in NUMBERS and way:
            self._number(module, call, way)
        elif name == "len" and isinstance(test := module.names.parents.get(call), ast.Compare):
            self._compared(Use(module, call, way), test)  # `len(rows) < 5` asks whether there are any
        elif way and asks_for_list(call):
            self._test(way)
        elif name in SHOWN:
            self._show(way)
        elif is_held(way) and (name == "next" or (name in PICKING and any(k.arg == "key" for k in call.keywords))):
            self._take(module, call, each(way))
        elif name in PREPARING or (use.node in call.args[:1] and is_sent_by(self.program.evaluator, module, call)):
            self._follow(module, call, way)
        elif name in SAME or name in WAITING:
            self._follow(module, call, moved(way) if name in ORDERING else way)
        elif name in FILLING and isinstance(call.func, ast.Attribute) and use.node in call.args:
            self._kept(module, call.func.value, held(way, ANY))
        elif name == "gather" and use.node in call.args:
            self._hold(use, call, call.args.index(use.node), len(call.args))
        else:
            self._lose(way)

    def _own(self, module: Module, call: ast.Call) -> Iterator[Function]:
        callee = self.program.evaluator.evaluate(module, call.func)
        yield from (t for t in alternatives(callee) if isinstance(t, Function))

    def _parameter(self, function: Function, call: ast.Call, node: ast.expr, way: KeyPath) -> None:
        offset = self.program.evaluator.parameters.offset(function)
        name = bind_call(function.node, call, offset).parameter_of(node)
        if name is None:
            self._lose(way)
            return
        names = function.module.names
        for load in names.loads(function.node, name):
            if not reaching.reaching(names, names.scope(load), name, load).is_complete:
                self._follow(function.module, load, way)
        self._end(way)


_FOLLOWING: Mapping[type[ast.AST], Callable[[UseTracker, Use, Any], None]] = {
    ast.FormattedValue: UseTracker._shown,
    ast.Expr: lambda self, use, _: self._end(use.way),
    ast.Await: lambda self, use, around: self._follow(use.module, around, use.way),
    ast.NamedExpr: UseTracker._named,
    ast.IfExp: UseTracker._chosen,
    ast.Attribute: UseTracker._attribute,
    ast.Subscript: UseTracker._taken,
    ast.Assign: UseTracker._assigned,
    ast.AnnAssign: lambda self, use, around: self._loads(use.module, around, around.target, use.way),
    ast.withitem: UseTracker._entered,
    ast.For: UseTracker._iterated,
    ast.AsyncFor: UseTracker._iterated,
    ast.comprehension: UseTracker._comprehended,
    ast.Return: UseTracker._return,
    ast.Lambda: UseTracker._return,
    ast.BoolOp: UseTracker._joined,
    ast.Compare: UseTracker._compared,
    ast.UnaryOp: lambda self, use, _: self._test(use.way),
    ast.If: lambda self, use, _: self._test(use.way),
    ast.While: lambda self, use, _: self._test(use.way),
    ast.Assert: lambda self, use, _: self._test(use.way),
    ast.Call: UseTracker._argument,
    ast.keyword: UseTracker._argument,
    ast.BinOp: UseTracker._computed,
    **dict.fromkeys((ast.List, ast.Tuple, ast.Set), UseTracker._listed),
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp), UseTracker._generated),
    ast.Dict: UseTracker._mapped,
    ast.Yield: UseTracker._yielded,
}
FOLLOWING = ByKind(_FOLLOWING, UseTracker._lost)
"""What each kind of node does with a value in it; with the others it goes where it cannot be followed."""


def _has_stand_in(node: ast.expr) -> bool:
    """True for `get("list", [{}])`: where there is no such part, an item of this is taken, and nothing is raised."""
    match node:
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, ast.List(elts=[_, *_]) | ast.Tuple(elts=[_, *_])]):
            return True
    return False


def _is_or_nothing(around: ast.BoolOp) -> bool:
    """True for `rows or []`: one nothing takes the place of another, and it goes on as before."""
    return isinstance(around.op, ast.Or) and all(map(_is_nothing, around.values[1:]))


def _is_nothing(node: ast.expr) -> bool:
    match node:
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]) | ast.Call(args=[], keywords=[]):
            return not isinstance(node, ast.Call) or called_name(node.func) in ("list", "dict", "tuple")
        case ast.Constant(value=value):
            return not value
    return False
