"""A bot as a program: its files lie in a folder of their own, and what drives it is a line or two of Python."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

CLIENTS = {"pybit", "ccxt", "websocket"}
SCRIPT = "import runpy; runpy.run_path('bot.py', run_name='__main__'); None"


def run(folder: Path, driver: str) -> int:
    """Run the bot, write to outcome.json with what value or exception its main thread ended; returns the exit code.

    Without a driver `bot.py` is the program. A driver's names are the bot's files and the modules that are imported
    already; it may use `await`, and the value of its last expression is the value of the run.
    """
    sys.path.insert(0, str(folder))
    hide(folder)
    outcome = folder / "outcome.json"
    try:
        value = drive(driver or SCRIPT)
    except SystemExit as left:
        outcome.write_text(json.dumps({}))
        return 0 if left.code is None else left.code if isinstance(left.code, int) else 1
    except BaseException as error:  # noqa: BLE001  as an interpreter does
        sys.excepthook(type(error), error, error.__traceback__)
        outcome.write_text(json.dumps({"problems": list(described(error))}, default=repr))
        return 1
    outcome.write_text(json.dumps({"value": value}, default=repr))
    return 0


def hide(folder: Path) -> None:
    """Forget the clients that were imported, if one of the bot's files goes by the name of one and so hides it."""
    if not CLIENTS.isdisjoint(path.stem for path in folder.glob("*.py")):
        for name in [name for name in sys.modules if name.partition(".")[0] in CLIENTS]:
            del sys.modules[name]


def drive(driver: str) -> Any:
    tree = ast.parse(driver)
    names = {name: module for name in sorted(names_of(tree)) if (module := module_of(name))}
    match tree.body[-1]:
        case ast.Expr(value) as last:
            tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("_value", ast.Store())], value), last)
    code: CodeType = compile(ast.fix_missing_locations(tree), "<driver>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if inspect.CO_COROUTINE & code.co_flags:
        asyncio.run(eval(code, names))
    else:
        exec(code, names)
    return names.get("_value")


def names_of(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def module_of(name: str) -> Any:
    """The module of this name, if it is the bot's or a client's."""
    if name in sys.modules or Path(f"{name}.py").exists():
        return importlib.import_module(name)
    return None


def described(error: BaseException) -> Iterator[tuple[Any, ...]]:
    """Type, bases, text and code of the exception and of those it came from, the last one first."""
    seen: BaseException | None = error
    while seen:
        bases = tuple(base.__name__ for base in type(seen).__mro__)
        yield bases[0], bases, str(seen), getattr(seen, "status_code", None)
        seen = seen.__cause__ or seen.__context__
