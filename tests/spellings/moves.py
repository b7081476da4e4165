"""Rewritings of a bot that move a part of it into another file."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from spellings.program import Program, clone, fresh, is_future, read

ENTRY = "trade"
Import = (ast.Import, ast.ImportFrom)


class Move(NamedTuple):
    """Statements that leave a module for another, and the names of theirs that are needed where they were."""

    program: Program
    module: ast.Module
    moved: list[ast.stmt]
    names: list[str]

    def file(self, *folders: str) -> str:
        """The name of a new module, in folders that are new too."""
        taken = self.program.names()
        parts = [fresh(name, taken) for name in (*folders, "orders")]
        self.program.files["/".join(parts) + ".py"] = ast.Module(self.moved, [])
        return ".".join(parts)

    def back(self, text: str) -> Program:
        """The program with an import in the place of what was moved."""
        first = next((n for n, node in enumerate(self.module.body) if not is_future(node)), 0)
        self.module.body[first:first] = ast.parse(text).body
        return self.program


Style: TypeAlias = Callable[[Move], "Program | None"]


def moved(program: Program, subject: str, style: Style) -> Program | None:
    """The program with the top-level statement that holds a subject, and what it needs, in another file."""
    made = program.copy()
    place, other = made.find(subject), made.find("CALL")
    if place is None or (subject != "CALL" and other and other.top is place.top):
        return None
    module = place.module
    closure = needed(module, place.top)
    names = {name for node in closure for name in defined(node)}
    left = [node for node in module.body if node not in closure]
    asked = {*read(*left), ENTRY, *imported(made)} & names
    imports = [clone(node) for node in left if isinstance(node, Import) and is_read(node, closure)]
    module.body = left
    return style(Move(made, module, [*imports, *closure], sorted(asked)))


def defined(node: ast.stmt) -> set[str]:
    """The names that a statement of a module defines for others."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.If):
        return {name for part in [*node.body, *node.orelse] for name in defined(part)}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return set()


def needed(module: ast.Module, start: ast.stmt) -> list[ast.stmt]:
    """The statement and all that it reads, and whoever reads what a function of theirs sets."""
    found = {start}
    while more := {node for node in module.body if node not in found and is_needed(node, found)}:
        found |= more
    return [node for node in module.body if node in found]


def is_needed(node: ast.stmt, found: Iterable[ast.stmt]) -> bool:
    shared = {
        name for part in found for inner in ast.walk(part) if isinstance(inner, ast.Global) for name in inner.names
    }
    own = {name for part in found for name in defined(part)}
    return bool(defined(node) & ({*read(*found), *shared} | own)) or bool(defined(node) and shared & set(read(node)))


def imported(program: Program) -> Iterator[str]:
    """The names that files ask each other for."""
    for node in (node for tree in program.files.values() for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr


def is_read(node: ast.stmt, readers: list[ast.stmt]) -> bool:
    assert isinstance(node, Import)
    names = {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return is_future(node) or "*" in names or bool(names & set(read(*readers)))


# --- the ways to get it back ------------------------------------------------------------------------------------------


def by_names(move: Move) -> Program | None:
    """It is imported from another module by its name."""
    return move.back(f"from {move.file()} import {', '.join(move.names)}")


def by_stars(move: Move) -> Program | None:
    """All of another module is imported."""
    return move.back(f"from {move.file()} import *")


def by_other_names(move: Move) -> Program | None:
    """It is imported under another name."""
    made = "; ".join(f"{name} = new_{name}" for name in move.names)
    names = ", ".join(f"{name} as new_{name}" for name in move.names)
    return move.back(f"from {move.file()} import {names}\n{made}")


def by_module(move: Move) -> Program | None:
    """The other module is imported, and it is an attribute of it."""
    return through(move, move.file(), "")


def by_module_with_a_name(move: Move) -> Program | None:
    """The other module is imported under another name."""
    return through(move, move.file(), " as work")


def through(move: Move, name: str, alias: str) -> Program | None:
    start = ast.parse(alias.removeprefix(" as ") or name, mode="eval").body
    nodes = [node for part in move.module.body for node in ast.walk(part)]
    if any(isinstance(n, ast.arg) and n.arg in move.names for n in nodes) or any(is_set(n, move.names) for n in nodes):
        return None
    Through(start, move.names).visit(move.module)
    asked = {*imported(move.program), ENTRY}
    kept = "\n".join(f"{each} = {ast.unparse(start)}.{each}" for each in move.names if each in asked)
    return move.back(f"import {name}{alias}\n{kept}")


def is_set(node: ast.AST, names: list[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names and not isinstance(node.ctx, ast.Load)


class Through(ast.NodeTransformer):
    """Names become attributes of a module."""

    def __init__(self, start: ast.expr, names: list[str]) -> None:
        self.start, self.names = start, names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Attribute(clone(self.start), node.id, node.ctx) if node.id in self.names else node


def by_package(move: Move) -> Program | None:
    """It stands in a package."""
    name = move.file("desk")
    empty(move, name)
    return move.back(f"from {name} import {', '.join(move.names)}")


def by_reexport(move: Move) -> Program | None:
    """A package hands on what stands in a module of it."""
    name = move.file("desk")
    package = name.split(".")[0]
    names = ", ".join(move.names)
    move.program.files[f"{package}/__init__.py"] = ast.parse(f"from .{name.split('.')[-1]} import {names}")
    return move.back(f"from {package} import {names}")


def by_deep_reexport(move: Move) -> Program | None:
    """Two packages hand it on, the outer one all that there is."""
    name = move.file("desk", "floor")
    outer, inner, _ = name.split(".")
    names = ", ".join(move.names)
    move.program.files[f"{outer}/{inner}/__init__.py"] = ast.parse(
        f"from {name} import {names}\n__all__ = {move.names}"
    )
    move.program.files[f"{outer}/__init__.py"] = ast.parse(f"from .{inner} import *")
    return move.back(f"from {outer} import {names}")


def by_attempt(move: Move) -> Program | None:
    """The import is tried in two ways."""
    name, names = move.file(), ", ".join(move.names)
    return move.back(f"try:\n    from {name} import {names}\nexcept ImportError:\n    from .{name} import {names}")


def by_folder(move: Move) -> Program | None:
    """It stands in a folder that the bot puts into its path."""
    name, names = move.file("lib"), ", ".join(move.names)
    folder, last = name.split(".")
    return move.back(f"import sys\nsys.path.append({folder!r})\nfrom {last} import {names}")


def by_late_import(move: Move) -> Program | None:
    """Each function imports it when it needs it."""
    name = move.file()
    functions = [node for node in move.module.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    rest = [node for node in move.module.body if node not in functions]
    if ENTRY in move.names or set(read(*rest)) & set(move.names):
        return None
    for function in functions:
        if wanted := sorted(set(read(*function.body)) & set(move.names)):
            function.body[0:0] = ast.parse(f"from {name} import {', '.join(wanted)}").body
    return move.program


def empty(move: Move, name: str) -> None:
    for folder in name.split(".")[:-1]:
        move.program.files[f"{folder}/__init__.py"] = ast.Module([], [])


STYLES: tuple[Style, ...] = (
    by_names,
    by_stars,
    by_other_names,
    by_module,
    by_module_with_a_name,
    by_package,
    by_reexport,
    by_deep_reexport,
    by_attempt,
    by_folder,
    by_late_import,
)
