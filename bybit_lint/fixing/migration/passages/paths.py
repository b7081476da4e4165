"""Where the path of a request is written: in the call that says it, or once for all under a name.

`CREATE = "/private/linear/order/create"`, be it of a file, a class or an object, or an entry of a dict. Such a name has
to be given once, and all that says it has to be among the requests that are carried over: they share the path.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.syntax.reaching import reaching
from bybit_lint.clients import rest
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations
from bybit_lint.tuples import NamedTuple

TEXTS = (ast.BinOp, ast.JoinedStr)


class Address(NamedTuple):
    """Where a request without a client goes."""

    path: str
    said: ast.expr
    """The text that has the path."""
    module: Module
    """The file that has the text."""
    has_query: bool = False
    """True if its parameters begin there."""
    use: ast.AST | None = None
    """What says the name of the path, where it has one."""

    @property
    def place(self) -> tuple[int, int]:
        """From where to where the path stands. Raises Undecided."""
        source, path = self.module.source, self.path.encode()
        start, end = place(source, self.said)
        at = source.body.find(path, start, end)
        if at < 0 or source.body.count(path, start, end) > 1:
            raise Undecided("its path is not written plainly")
        at_end = at + len(path)
        return at, at_end + source.body.startswith(b"/", at_end)


class NamedPath(NamedTuple):
    """A path with a name."""

    module: Module
    said: ast.expr
    uses: frozenset[ast.AST]
    """All that says the name, in whichever file."""
    has_query: bool
    """True if its parameters begin there."""


@answered_once
def named_paths(program: Program) -> NamedPaths:
    """The paths of a program that have names."""
    return NamedPaths(program.project)


class NamedPaths:
    """The paths of one project that have names."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @answered_once
    def asked(self) -> Mapping[ast.AST, tuple[str, NamedPath]]:
        """The names of all paths that are asked for without a key, by what says them."""
        found = ((path, self.of(path)) for path in migrations.asked_at())
        return {use: (path, named) for path, held in found for use, named in held.items() if not named.has_query}

    @answered_once
    def of(self, path: str) -> Mapping[ast.AST, NamedPath]:
        """The names of a path, by what says them."""
        found = (self._named(module, text) for module, text in self._texts().get(path, ()))
        return {use: named for named in found if named is not None for use in named.uses}

    @answered_once
    def _texts(self) -> Mapping[str, list[tuple[Module, ast.Constant]]]:
        """All texts that are a path, or an address at Bybit, by that path."""
        found = defaultdict(list)
        for module in self.project.readable:
            for node in module.names.nodes():
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value:
                    found[_path_of(node.value)].append((module, node))
        return found

    @answered_once
    def _names(self) -> Mapping[str, list[tuple[Module, ast.AST]]]:
        """All that says a name, or gives it to something, by that name."""
        found = defaultdict(list)
        for module in self.project.readable:
            for node in module.names.nodes():
                if name := _name_in(node):
                    found[name].append((module, node))
        return found

    def _named(self, module: Module, text: ast.Constant) -> NamedPath | None:
        """A text that is given a name; None for one without, or whose name is given something else, too."""
        parents = module.names.parents
        top: ast.AST = text
        while isinstance(parents.get(top), (*TEXTS, ast.FormattedValue)):
            top = parents[top]
        uses, around = self._uses(module, top), parents.get(text)
        said = around if isinstance(around, ast.JoinedStr) else text
        return NamedPath(module, said, frozenset(uses), "?" in str(text.value)) if uses else None

    def _uses(self, module: Module, top: ast.AST) -> set[ast.AST] | None:
        """All that says the name that a text is given."""
        parents = module.names.parents
        match parents.get(top):
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                return self._says(module, target)
            case ast.Dict(keys=keys, values=values) as held:
                key = next(literal_key(key) for key, value in zip(keys, values, strict=True) if value is top)
                match parents.get(held):
                    case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                        return self._items(module, target, key)
        return None

    def _says(self, module: Module, target: ast.expr) -> set[ast.AST] | None:
        """All that says what a name or an attribute is given here; None if it is given something else, too."""
        found: set[ast.AST] = set()
        for other, node in self._names().get(_name_in(target), ()):
            if node is not target and _may_mean(module, target, other, node):
                if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
                    return None
                found.add(node)
        return found

    def _items(self, module: Module, target: ast.expr, key: object) -> set[ast.AST] | None:
        """All that asks a dict with a name for one of its items; None where more is done with it."""
        dicts = self._says(module, target)
        found: set[ast.AST] = set()
        for other, node in self._names().get(_name_in(target), ()) if dicts is not None else ():
            if dicts and node in dicts:
                item, asked = _item(other, node)
                if item is None:
                    return None
                found |= {item} if asked == key else set()
        return found


def _path_of(text: str) -> str:
    host = rest.HOST.match(text)
    return (text[host.end() :] if host else text).partition("?")[0].rstrip("/")


def _name_in(node: ast.AST) -> str:
    """The name that something says, or gives to something; empty for what does neither."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name, asname=str()):
            return name
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
    return ""


def _may_mean(module: Module, target: ast.expr, other: Module, node: ast.AST) -> bool:
    """True for what may mean by a name what a target of a file does."""
    if not isinstance(node, ast.Name):
        return True
    holder = other.names.scope(node).holder(node.id) if isinstance(target, ast.Name) else None
    if other is module:
        return holder is not None and holder is module.names.scope(target).function
    is_own = holder is not None and any(binding.how != "import" for binding in holder.bindings[node.id])
    return isinstance(target, ast.Name) and not is_own


def _item(module: Module, held: ast.AST) -> tuple[ast.AST | None, str]:
    """What asks a dict for an item, with its key: `paths["create"]`, `paths.get("create")`."""
    around = module.names.parents.get(held)
    match around, module.names.parents.get(around):
        case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Load()), _:
            return around, key
        case ast.Attribute(attr="get"), ast.Call(args=[ast.Constant(value=str(key)), *_]) as call:
            return call, key
    return None, ""


# --- at a call --------------------------------------------------------------------------------------------------------


def said_in(named: Mapping[ast.AST, NamedPath], module: Module, given: ast.AST, path: str) -> Iterator[Address]:
    """Where a path stands in what is given, or in what has a name there."""
    if given in named:
        known = named[given]
        yield Address(path, known.said, known.module, use=given)
    elif isinstance(given, ast.Name) and (made := _made_for(module, given)) is not None:
        yield from said_in(named, module, made, path)
    elif ends_with(given, path):
        parent = module.names.parents.get(given)
        said = parent if isinstance(parent, ast.JoinedStr) else given
        assert isinstance(said, ast.expr)
        yield Address(path, said, module)
    else:
        for inner in ast.iter_child_nodes(given):
            yield from said_in(named, module, inner, path)


def _made_for(module: Module, name: ast.Name) -> ast.expr | None:
    """What a name of a function is given that stands here only, be it given something else for others."""
    scope = module.names.scope(name).function
    holder = scope.holder(name.id)
    if holder is not scope or name.id in scope.outer_names:
        return None
    found = reaching(module.names, scope, name.id, name)
    made = found.bindings[0] if len(found.bindings) == 1 and found.is_complete else None
    if made is None or made.how != "assign" or made.index:
        return None
    others = (load for load in module.names.loads(holder.node, name.id) if load is not name)
    return None if any(made in reaching(module.names, scope, name.id, load).bindings for load in others) else made.value


def ends_with(node: ast.AST, path: str) -> bool:
    """True for a text that ends with a path, but for its query."""
    said = node.value if isinstance(node, ast.Constant) else None
    return isinstance(said, str) and said.partition("?")[0].rstrip("/").endswith(path)
