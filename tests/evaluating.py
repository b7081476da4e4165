"""What is known of the last line of a small file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values.terms import (
    Above,
    Access,
    Class,
    Constant,
    DictTerm,
    Element,
    Expression,
    External,
    Formatted,
    Function,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    ProjectModule,
    Site,
    Term,
    Union,
    Unknown,
)


class Written:
    """A file `bot.py` and those beside it, `name="its text"`."""

    def __init__(self, code: str, **others: str) -> None:
        texts = {"bot": code, **others}
        self.program = Program(
            Project([Source(f"{name}.py", f"# bybit\n{text}".encode()) for name, text in texts.items()])
        )
        self.module = self.program.project.modules["bot.py"]

    def last(self) -> Expression:
        """The expression that is the last line."""
        statement = self.module.source.tree.body[-1]
        assert isinstance(statement, ast.Expr)
        return self.at(statement.value)

    def calls(self, name: str) -> Iterator[ast.Call]:
        """The calls of a name, as they stand."""
        yield from self.module.names.calls_named.get(name, ())

    def at(self, node: ast.expr) -> Expression:
        site = Site(self.module, node, self.module.names.scope(node))
        return Expression(site, self.program.evaluator.term(site))


def term(code: str, **others: str) -> Term:
    """What the last line of a file evaluates to."""
    return Written(code, **others).last().term


# --- how a term is told -----------------------------------------------------------------------------------------------


def told(term: Term) -> str:
    match term:
        case Constant(value=value):
            return repr(value)
        case External(name=name):
            return name.removeprefix("builtins.").removeprefix("outside.")
        case Access(base=base, key=key):
            return f"{told(base)}{key}"
        case Invocation(callee=callee):
            return f"{told(callee)}({arguments(term)})"
        case Operation(operator=operator, operands=operands):
            return f"{operator.__name__}({', '.join(map(told, operands))})"
        case Formatted(parts=parts):
            return f"text of {', '.join(map(told, parts))}"
        case DictTerm(entries=entries, others=others):
            held = [f"{name}: {told(e.term)}" for name, e in entries.items()]
            spread = [f"**{told(spread.held.term)}" for spread in term.spreads]
            rest = [*(f"?: {told(e.term)}" for _, e in others), *spread, *([] if term.is_whole else ["..."])]
            return "{" + ", ".join([*held, *rest]) + "}"
        case ListTerm(items=items, is_closed=is_closed):
            return "[" + ", ".join([*(told(e.term) for e in items), *([] if is_closed else ["..."])]) + "]"
    return told_of_the_project(term)


def arguments(made: Invocation) -> str:
    given = [told(e.term) for e in made.positional]
    rest = [f"*{told(made.rest.term)}"] if made.rest is not None else []
    named = [f"{name}={told(e.term)}" for name, e in made.keywords.items()]
    spread = [f"**{told(spread.held.term)}" for spread in made.spreads]
    return ", ".join([*given, *rest, *named, *spread, *([] if made.is_whole else ["..."])])


def told_of_the_project(term: Term) -> str:
    match term:
        case Element(base=base):
            return f"each of {told(base)}"
        case Function(node=ast.FunctionDef(name=name)):
            return f"def {name}"
        case Class(node=node):
            return f"class {node.name}"
        case Instance(of=of, made=made):
            return f"{of.node.name}({arguments(made) if made else ''})"
        case ProjectModule(module=module):
            return f"module {module.source.path}"
        case Parameter(name=name):
            return name
        case Above(of=of):
            return f"above {of.node.name}"
        case Union(terms=options):
            return " or ".join(sorted(map(told, options)))
        case Unknown(why=why):
            return f"unknown: {why}" if why else "unknown"
    return "again"
