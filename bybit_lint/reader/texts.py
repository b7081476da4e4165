"""Reading terms as text: every text an expression may be, with NUL in the place of what is not known."""

from __future__ import annotations

import ast
from itertools import product

from bybit_lint.reader.terms import Choice, Constant, Formatted, Invocation, Operation, Part, Term, path

HOLE = "\0"
LIMIT = 8
"""More alternatives than this are not told apart."""

JOINERS = {"urllib.parse.urljoin", "os.path.join", "posixpath.join"}
SAME = {"builtins.str", "builtins.repr", "yarl.URL", "httpx.URL"}
SAME_METHODS = (".strip", ".rstrip", ".lstrip", ".lower", ".upper", ".encode", ".decode", ".value")


def texts(term: Term) -> tuple[str, ...]:
    """The texts a term may be, without those of which nothing is known."""
    return tuple(text for text in dict.fromkeys(_texts(term)) if text.strip(HOLE))[:LIMIT]


def _texts(term: Term) -> list[str]:
    match term:
        case Constant(value=str() as value):
            return [value]
        case Constant(value=bytes() as value):
            return [value.decode("utf-8", "replace")]
        case Constant(value=bool() | None):
            return [HOLE]
        case Constant(value=value):
            return [str(value)]
        case Choice(terms=terms):
            return [text for option in terms for text in _texts(option)][:LIMIT]
        case Formatted(parts=parts):
            return _concatenated(*(_texts(part) for part in parts))
        case Operation(operator=ast.Add, operands=(left, right)):
            return _concatenated(_texts(left), _texts(right))
        case Operation(operator=ast.Mod, operands=(left, _)):
            return [_holes(text) for text in _texts(left)]
        case Invocation(callee=callee, positional=arguments):
            return _called(callee, [argument.term for argument in arguments])
        case Part(base=base, key=key) if key in SAME_METHODS:
            return _texts(base)
    return [HOLE]


def _called(callee: Term, arguments: list[Term]) -> list[str]:
    name = path(callee)
    if name in JOINERS and len(arguments) == 2:
        return _concatenated(*(_texts(argument) for argument in arguments))
    if name in SAME and arguments:
        return _texts(arguments[0])
    if isinstance(callee, Part) and callee.key == ".format":
        return [_holes(text) for text in _texts(callee.base)]
    if isinstance(callee, Part) and callee.key in SAME_METHODS:
        return _texts(callee.base)
    return [HOLE]


def _concatenated(*parts: list[str]) -> list[str]:
    return ["".join(texts) for texts in list(product(*parts))[:LIMIT]]


def _holes(template: str) -> str:
    """A template whose gaps, `{}` or `%s`, are not known."""
    result, depth = "", 0
    for character in template.replace("%s", "{}").replace("%d", "{}"):
        depth += character == "{"
        result += character if not depth else (HOLE if character == "{" else "")
        depth -= character == "}" and depth > 0
    return result
