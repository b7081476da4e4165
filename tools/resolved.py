"""Count how many calls that place orders can be followed to what they call, and say why not for the others.

usage: python tools/resolved.py FOLDER...   (each folder is read as one project; tests in it are left out)
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.terms import (
    Access,
    Class,
    Constant,
    Element,
    External,
    Function,
    Instance,
    Invocation,
    Parameter,
    Term,
    Union,
    Unknown,
    alternatives,
    qualified_name,
)

ORDERS = {
    "place_order",
    "create_order",
    "createOrder",
    "place_active_order",
    "create_market_order",
    "create_limit_order",
}
LIBRARIES = ("pybit.", "ccxt.")


def main(folders: list[str]) -> None:
    """Print the counts of all folders together."""
    counts = Counter(reason for folder in folders for reason in reasons(Path(folder)))
    resolved = sum(count for reason, count in counts.items() if reason.startswith("resolved"))
    total = sum(counts.values())
    print(f"{resolved} of {total} resolved ({resolved / total:.1%})" if total else "no order is placed here")
    for reason, count in counts.most_common():
        print(f"{count:6}  {reason}")


def reasons(folder: Path) -> Iterator[str]:
    """What became of each call that places an order."""
    files = [file for file in sorted(folder.rglob("*.py")) if "test" not in file.relative_to(folder).as_posix().lower()]
    project = Project([Source(file.as_posix(), file.read_bytes()) for file in files])
    program = Program(project)
    for module in project.readable:
        for call in module.names.calls:
            if called_name(call.func) in ORDERS and isinstance(call.func, ast.Attribute):
                yield outcome(program, module, call)


def outcome(program: Program, module: Module, call: ast.Call) -> str:
    """Whether one call is followed to a client's method or a function of the project, or what stands in the way."""
    callee = program.evaluator.at(module, call.func).term
    terms = [
        t
        for option in alternatives(callee)
        for found in program.callers.in_all_contexts(option)
        for t in alternatives(found)
    ]
    if any(isinstance(term, Function) for term in terms):
        return "resolved: a function of the project"
    for term in terms:
        name = qualified_name(term) or ""
        if name.startswith(LIBRARIES):
            return f"resolved: {name.partition('.')[0]}"
    return f"unknown: {why(terms[0])}" if terms else "unknown: never bound"


def why(term: Term) -> str:
    """What the receiver is, where that is as far as it can be followed."""
    while isinstance(term, (Access, Element)):
        term = term.base
    match term:
        case Parameter():
            return "a parameter that nobody is seen to fill"
        case Instance():
            return "no such attribute in a class of the project"
        case Invocation():
            return "the answer of a call that cannot be followed"
        case External(name=name):
            return f"a name that is bound nowhere ({name})" if name.startswith("builtins.") else name
        case Unknown(why=reason):
            return reason or "unknown"
        case Constant() | Union() | Class():
            return "a value without methods"
    return type(term).__name__.lower()


if __name__ == "__main__":
    main(sys.argv[1:])
