"""Loops over tenacity's tries: `for attempt in Retrying(...)`, each of which is a `with attempt:`.

https://tenacity.readthedocs.io/en/latest/#retrying-code-block
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Invocation, qualified_name
from bybit_lint.tuples import NamedTuple

ITERATORS = ("Retrying", "AsyncRetrying")
MADE = {f"tenacity.{part}{name}" for part in ("", "asyncio.", "_asyncio.") for name in ITERATORS}


class TriedBlock(NamedTuple):
    """A block that is tried again as its loop says."""

    loop: ast.For | ast.AsyncFor
    block: ast.With | ast.AsyncWith
    made: ast.Call
    """The call that says how often and when, in the same file."""


def tried_blocks(evaluator: Evaluator, module: Module) -> Iterator[TriedBlock]:
    """The blocks of a file that tenacity tries again."""
    for node in module.names.nodes() if any(module.names.called(*ITERATORS)) else ():
        match node:
            case ast.For(target=ast.Name(id=name)) | ast.AsyncFor(target=ast.Name(id=name)):
                made = _made(evaluator, module, node.iter)
                blocks = (s for s in node.body if isinstance(s, (ast.With, ast.AsyncWith)) and _enters(s, name))
                yield from (TriedBlock(node, block, made) for block in blocks if made is not None)


def _made(evaluator: Evaluator, module: Module, taken: ast.expr) -> ast.Call | None:
    """The call in the same file that makes what a loop goes over, if it is one of tenacity's."""
    term = evaluator.evaluate(module, taken)
    is_tenacity = isinstance(term, Invocation) and qualified_name(term.callee) in MADE
    written = term.site if isinstance(term, Invocation) and is_tenacity else None
    return written.node if written and written.module is module and isinstance(written.node, ast.Call) else None


def _enters(block: ast.With | ast.AsyncWith, name: str) -> bool:
    return any(isinstance(item.context_expr, ast.Name) and item.context_expr.id == name for item in block.items)
