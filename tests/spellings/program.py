"""A bot as the trees of its files, in which marks say what may be said in another way."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar, cast

MARKS = ("CLIENT", "USE", "CALL", "VALUE")
PICK = "PICK"
Node = TypeVar("Node", bound=ast.AST)
Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
Comprehension = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Place(NamedTuple):
    """A marked expression in a file. `chain` leads from the module to it."""

    path: str
    chain: tuple[ast.AST, ...]

    @property
    def node(self) -> ast.expr:
        """The marked expression with its mark, and with the `await` before it."""
        mark, parent = self.chain[-1], self.chain[-2]
        found = parent if isinstance(parent, ast.Await) else mark
        assert isinstance(found, ast.expr)
        return found

    @property
    def module(self) -> ast.Module:
        assert isinstance(self.chain[0], ast.Module)
        return self.chain[0]

    @property
    def statement(self) -> ast.stmt:
        return next(node for node in reversed(self.chain) if isinstance(node, ast.stmt))

    @property
    def is_async(self) -> bool:
        scope = next((node for node in reversed(self.chain) if isinstance(node, Scope)), None)
        return isinstance(scope, ast.AsyncFunctionDef)

    @property
    def body(self) -> list[ast.stmt]:
        """The statements among which the statement stands."""
        parent = self.chain[self.chain.index(self.statement) - 1]
        bodies = (value for _, value in ast.iter_fields(parent) if isinstance(value, list))
        return next(body for body in bodies if any(node is self.statement for node in body))

    @property
    def top(self) -> ast.stmt:
        """The statement of the module that holds it."""
        assert isinstance(self.chain[1], ast.stmt)
        return self.chain[1]

    def locals(self) -> set[str]:
        """The names that the functions around it bind."""
        scopes = [node for node in self.chain if isinstance(node, (*Scope, *Comprehension, ast.ClassDef))]
        inner = scopes[-1:]  # a class is seen only from what stands in it directly
        return {
            name for scope in scopes if scope in inner or not isinstance(scope, ast.ClassDef) for name in bound(scope)
        }

    def bound_in_statement(self) -> set[str]:
        """The names that lambdas and comprehensions of the statement bind around it."""
        inside = self.chain[self.chain.index(self.statement) + 1 :]
        return {name for node in inside if isinstance(node, (ast.Lambda, *Comprehension)) for name in bound(node)}


class Program:
    """The files of a bot. `types` are the names of the types of what is marked."""

    def __init__(self, files: Mapping[str, ast.Module], types: Mapping[str, str]) -> None:
        self.files, self.types = dict(files), types

    def copy(self) -> Program:
        return Program({path: clone(tree) for path, tree in self.files.items()}, self.types)

    def text(self, is_twin: bool = False) -> dict[str, str]:
        """The files without marks: the bot with its mistake, or its twin."""
        trees = {path: Unmarked(is_twin).visit(clone(tree)) for path, tree in self.files.items()}
        return {path: ast.unparse(ast.fix_missing_locations(tree)) + "\n" for path, tree in trees.items()}

    def find(self, mark: str) -> Place | None:
        return next((place for path in self.files for place in self.marked(path, mark)), None)

    def marked(self, path: str, mark: str) -> Iterator[Place]:
        chains: list[tuple[ast.AST, ...]] = [(self.files[path],)]
        while chains:
            chain = chains.pop()
            if is_marked(chain[-1], mark):
                yield Place(path, chain)
            chains += [(*chain, child) for child in reversed(list(ast.iter_child_nodes(chain[-1])))]

    def names(self) -> set[str]:
        """All names in it, of whatever kind."""
        nodes = [node for tree in self.files.values() for node in ast.walk(tree)]
        fields = (getattr(node, field, None) for node in nodes for field in ("id", "name", "arg", "attr", "asname"))
        modules = {part for path in self.files for part in path.removesuffix(".py").split("/")}
        return {field for field in fields if isinstance(field, str)} | modules


class Unmarked(ast.NodeTransformer):
    """Takes the marks away, and takes one side of each choice."""

    def __init__(self, is_twin: bool) -> None:
        self.is_twin = is_twin

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if any(is_marked(node, mark) for mark in MARKS):
            return self.visit(node.args[0])  # type: ignore[no-any-return]
        if is_marked(node, PICK):
            return self.visit(node.args[self.is_twin])  # type: ignore[no-any-return]
        picks = [argument for argument in node.args if is_marked(argument, PICK) and not argument.args]  # type: ignore[attr-defined]
        node.args = [argument for argument in node.args if argument not in picks]
        node.keywords += [keyword for pick in picks if self.is_twin for keyword in pick.keywords]  # type: ignore[attr-defined]
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if isinstance(node.test, ast.Name) and node.test.id == PICK:
            return (node.orelse if self.is_twin else node.body) or [ast.Pass()]
        return node


def parsed(text: str, types: Mapping[str, str]) -> Program:
    """A program of one file. The type of its client is that which is called for it."""
    program = Program({"bot.py": ast.parse(text)}, types)
    if client := program.find("CLIENT"):
        made = inner(client.chain[-1])
        assert isinstance(made, ast.Call)
        program.types = {**types, "CLIENT": ast.unparse(made.func), "USE": ast.unparse(made.func)}
    return program


def clone(node: Node, swap: Mapping[int, ast.AST] = {}) -> Node:
    """A copy of a tree, without its places. In it nodes are swapped, by their identity."""

    def copied(value: object) -> object:
        if isinstance(value, list):
            return [copied(item) for item in value]
        return clone(value, swap) if isinstance(value, ast.AST) else value

    if id(node) in swap:
        return cast("Node", swap[id(node)])
    return type(node)(**{name: copied(getattr(node, name)) for name in node._fields if hasattr(node, name)})


def is_marked(node: ast.AST, mark: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == mark


def inner(node: ast.AST) -> ast.expr:
    """What stands in the marks."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        node = node.args[0]
    assert isinstance(node, ast.expr)
    return node


def mark(name: str, node: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [node], [])


def bound(scope: ast.AST) -> set[str]:
    """The names that a scope binds itself."""
    found: set[str] = set()
    away: set[str] = set()
    for node in own(scope):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            case ast.Global() | ast.Nonlocal():
                away |= set(node.names)
    return found - away


def own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without what stands in the scopes in it."""
    nodes = list(ast.iter_child_nodes(scope))
    while nodes:
        node = nodes.pop()
        yield node
        if not isinstance(node, (*Scope, ast.ClassDef)):
            nodes += ast.iter_child_nodes(node)


def read(*nodes: ast.AST) -> list[str]:
    """The names that are read in expressions or statements, in their order, each once."""
    names = [node for root in nodes for node in ast.walk(root) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Load)))


def has_await(nodes: Sequence[ast.AST]) -> bool:
    return any(isinstance(node, (ast.Await, ast.AsyncWith, ast.AsyncFor)) for root in nodes for node in ast.walk(root))


def fresh(word: str, taken: set[str]) -> str:
    numbers = (f"{word}{number}" for number in range(2, 99))
    return next(name for name in (word, *numbers) if name not in taken)


def is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
