"""What the placeholders of a template stand for, put into its trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from spellings.program import Scope, clone, fresh

MANY = ("ARGS", "FIELDS", "NAMED", "EACH")
"""Placeholders that stand for any number of arguments."""


class Filling(ast.NodeTransformer):
    """Puts what the placeholders stand for into the trees of a template."""

    def __init__(self, expressions: Mapping[str, ast.expr], arguments: ast.arguments, is_awaited: bool) -> None:
        self.expressions, self.arguments, self.is_awaited = expressions, arguments, is_awaited
        self.fields = ast.Call(ast.Name("fields", ast.Load()), [], [])
        self.body: list[ast.stmt] = []
        self.rest: list[ast.stmt] = []
        self.method = ""
        self.is_inside = False
        self.owner = fresh("owner", {argument.arg for argument in arguments.args})

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.expressions:
            return node
        found = clone(self.expressions[node.id])
        renamed: ast.expr = Renamed(self.owner).visit(found) if self.is_inside else found
        return renamed

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        node.attr = self.method if node.attr == "METHOD" else node.attr
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if node.value == "TYPE":
            return ast.Constant(ast.unparse(self.expressions["TYPE"]))
        return ast.Constant(self.method) if node.value == "METHOD" else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "AWAIT":
            awaited: ast.expr = self.visit(node.args[0])
            return ast.Await(awaited) if self.is_awaited else awaited
        if name == "SINK":
            sent: ast.expr = Given(self.visit(node.args[0])).visit(self.visit_Name(ast.Name("SINK", ast.Load())))
            return sent
        self.spread(node.args, node.keywords)
        return self.generic_visit(node)

    def visit_List(self, node: ast.List) -> ast.AST:
        self.spread(node.elts, [])
        return self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        self.spread(node.elts, [])
        return self.generic_visit(node)

    def spread(self, places: list[ast.expr], keywords: list[ast.keyword]) -> None:
        """Arguments in the place of the name that stands for them all."""
        at = next((n for n, node in enumerate(places) if isinstance(node, ast.Name) and node.id in MANY), None)
        if at is not None:
            name = places[at]
            taken = clone(passed(self.arguments) if ast.unparse(name) == "ARGS" else self.fields)
            taken = Renamed(self.owner).visit(taken) if self.is_inside else taken
            places[at : at + 1] = taken.args
            keywords += taken.keywords
            self.spread(places, keywords)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        for name in ("ARGS", "PARAMS"):
            if any(argument.arg == name for argument in node.args):
                join(node, name, Renamed(self.owner).visit(clone(self.arguments)))
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        """BODY and REST are statements."""
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name in ("BODY", "REST"):
            return [clone(node) for node in self.body] if name == "BODY" else self.rest
        return self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self.inside(node, node.args)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.inside(node, node.args)

    def inside(self, node: ast.AST, arguments: ast.arguments) -> ast.AST:
        """A function that has the local names for parameters: there `self` has another name."""
        before = self.is_inside
        self.is_inside |= any(argument.arg == "ARGS" for argument in arguments.args)
        self.generic_visit(node)
        self.is_inside = before
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.inside(node, node.args)
        if any(is_awaiting(child) for child in own_statements(node)):
            return ast.AsyncFunctionDef(**{name: getattr(node, name) for name in node._fields})
        return node


class Renamed(ast.NodeTransformer):
    """The object that a method belongs to has another name where it is handed on."""

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.owner, node.ctx) if node.id == "self" else node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.owner, node.annotation) if node.arg == "self" else node


class Given(ast.NodeTransformer):
    """Puts what is given into the place of GIVEN."""

    def __init__(self, given: ast.expr) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.given if node.id == "GIVEN" else node


def own_statements(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes that belong to a function and not to one in it."""
    nodes: list[ast.AST] = list(function.body)
    while nodes:
        node = nodes.pop()
        yield node
        if not isinstance(node, Scope):
            nodes += ast.iter_child_nodes(node)


def is_awaiting(node: ast.AST) -> bool:
    return isinstance(node, (ast.Await, ast.AsyncWith, ast.AsyncFor))


def passed(arguments: ast.arguments) -> ast.Call:
    """A call with what the parameters of a function hold."""
    names: list[ast.expr] = [ast.Name(a.arg, ast.Load()) for a in [*arguments.posonlyargs, *arguments.args]]
    if arguments.vararg:
        names.append(ast.Starred(ast.Name(arguments.vararg.arg, ast.Load()), ast.Load()))
    keywords = [ast.keyword(a.arg, ast.Name(a.arg, ast.Load())) for a in arguments.kwonlyargs]
    if arguments.kwarg:
        keywords.append(ast.keyword(None, ast.Name(arguments.kwarg.arg, ast.Load())))
    return ast.Call(ast.Name("passed", ast.Load()), names, keywords)


def join(node: ast.arguments, name: str, among: ast.arguments) -> None:
    """Parameters in the place of the one that names them all."""
    place = next(n for n, argument in enumerate(node.args) if argument.arg == name)
    node.args[place : place + 1] = [*among.posonlyargs, *among.args]
    node.defaults = [*among.defaults, *node.defaults]
    node.vararg, node.kwarg = node.vararg or among.vararg, node.kwarg or among.kwarg
    node.kwonlyargs, node.kw_defaults = [*node.kwonlyargs, *among.kwonlyargs], [*node.kw_defaults, *among.kw_defaults]


def parameters(names: list[str]) -> ast.arguments:
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
