"""The literals of a source that are keys, as they are written there and as they are meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from bybit_lint.analysis.compact import ByKind
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.analysis.syntax.argument_binding import defaults, positional_parameters
from bybit_lint.patterns import regex
from bybit_lint.redaction.shapes import RUN, hide, is_named
from bybit_lint.redaction.words import known

Node = ast.AST
KINDS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]
FIELDS: ByKind[tuple[str, ...]] = ByKind(
    {kind: tuple(field for field in kind._fields if field not in ("ctx", "op", "ops")) for kind in KINDS}, ()
)
IDENTIFIER = ByKind(
    {kind: field for kind in KINDS for field in ("id", "attr", "arg", "name") if field in kind._fields}, ""
)
TRIPLE = r'"""(?:\\.|[^\\])*?"""|' + r"'''(?:\\.|[^\\])*?'''"
SINGLE = r'"((?:\\.|[^"\\\n])*)"|' + r"'((?:\\.|[^'\\\n])*)'"
LITERAL = regex(rf"(?:{TRIPLE}|{SINGLE}|[\"']([^\n]*))", re.DOTALL)
FSTRING = regex(r"\{[^{}]*\}")
WRAPPERS = {"str", "bytes", "bytearray", "SecretStr", "SecretBytes", "b64decode", "unhexlify", "fromhex", "quote"}
"""Calls that make a key of a key."""
READERS = {"getenv", "get", "pop", "setdefault", "config", "env"}
"""Calls whose second argument is given for what is missing."""
PEM = "PRIVATE KEY-----"


NAMING = (
    ast.Assign,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.keyword,
    ast.Dict,
    ast.Tuple,
    ast.Compare,
    ast.arguments,
    ast.Call,
)
"""What can give a value a name, see `_named`."""
TEXTUAL = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Call)
"""What can be a text, see `_is_whole`."""


def nodes(source: Source) -> list[Node]:
    """What a source consists of, without marks such as `ast.Load`; nothing for a manifest and a broken file."""
    try:
        found: list[Node] = [source.tree] if source.is_code else []
    except (Unreadable, RecursionError):
        return []
    for node in found:  # which grows on the way
        for field in FIELDS[type(node)]:
            value = getattr(node, field, None)
            if isinstance(value, Node):
                found.append(value)
            elif type(value) is list:
                found += [item for item in value if isinstance(item, Node)]
    return found


def keys(source: Source, nodes: Sequence[Node]) -> Iterator[str]:
    """Each line of each key that stands in a source."""
    parameters = dict(_parameters(nodes))
    try:
        for node in nodes:
            if isinstance(node, NAMING):
                for name, value in _named(node, parameters):
                    yield from (key for text in _literals(value) for key in _given(name, text, source))
            if isinstance(node, TEXTUAL) and _is_whole(node):
                yield from _shaped(node, source)
    except RecursionError:
        return


def _given(name: str, literal: Node, source: Source) -> Iterator[str]:
    """A text that is called a key, all of it."""
    meant = _meant(literal)
    if is_named(name, meant):
        yield from meant.splitlines()
        yield from _written(literal, source)


def _shaped(node: Node, source: Source) -> Iterator[str]:
    """What in a text looks like a key once it is put together, and what every part of the text holds of that."""
    meant = _meant(node)
    if PEM in meant:
        yield from meant.splitlines()
        return
    hidden, cursor = hide(meant), 0
    if hidden == meant:
        return
    yield from _stretches(meant, hidden)
    for part in _written(node, source):
        start = meant.find(part, cursor)
        if start < 0:  # written with escapes
            yield part
        else:
            cursor = start + len(part)
            yield from _stretches(part, hidden[start:cursor])


def _stretches(text: str, hidden: str) -> Iterator[str]:
    return (text[found.start() : found.end()] for found in re.finditer(r"\*+", hidden))


def names(nodes: Iterable[Node]) -> set[str]:
    """The identifiers among some nodes."""
    found = {getattr(node, field, None) for node in nodes if (field := IDENTIFIER[type(node)])}
    return {name for dotted in found if isinstance(dotted, str) for name in dotted.split(".")}


def _written(node: Node, source: Source) -> Iterator[str]:
    """The lines of each part of a text, as they stand in the source."""
    assert isinstance(node, ast.expr)
    for found in LITERAL.finditer(source.text(node)):
        written = next((text for text in found.groups() if text is not None), found[0][3:-3])
        for part in FSTRING.split(written):
            yield from part.splitlines()


def _named(node: Node, parameters: dict[str, list[str]]) -> Iterator[tuple[str, Node]]:
    """The names that a node gives to values."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield from _assigned(target, value)
        case ast.keyword(arg=str() as name, value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            yield from ((_text(key), value) for key, value in zip(keys, values, strict=True))
        case ast.Tuple(elts=[ast.Constant(value=str() as name), value]):
            yield name, value
        case ast.Compare(left=left, comparators=others):
            yield from ((_name(left), other) for other in others)
        case ast.arguments():
            yield from defaults(node).items()
        case ast.Call(func=func, args=args):
            if len(args) > 1:
                yield _text(args[0]), args[1]
            yield from zip(parameters.get(_name(func), ()), args, strict=False)


def _assigned(target: Node, value: Node) -> Iterator[tuple[str, Node]]:
    match target, value:
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), (ast.Tuple(elts=values) | ast.List(elts=values))):
            for one, other in zip(targets, values, strict=False):
                yield from _assigned(one, other)
        case _:
            yield _name(target), value


def _name(node: Node) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=key):
            return _text(key)
    return _text(node)


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _parameters(nodes: Iterable[Node]) -> Iterator[tuple[str, list[str]]]:
    """What the functions and classes of a file call their arguments."""
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                yield name, _arguments(args)
            case ast.ClassDef(name=name, body=body):
                inits = (s for s in body if isinstance(s, ast.FunctionDef) and s.name == "__init__")
                yield from ((name, _arguments(init.args)) for init in inits)


def _arguments(args: ast.arguments) -> list[str]:
    named = [argument.arg for argument in positional_parameters(args)]
    return named[1:] if named[:1] in (["self"], ["cls"]) else named


def _literals(value: Node) -> Iterator[Node]:
    """The texts that a value may be made of, without those that only say where to look for it."""
    match value:
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
            yield value
        case ast.BinOp(left=left, right=right):
            yield from (literal for side in (left, right) for literal in _literals(side))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            yield from (literal for part in parts for literal in _literals(part))
        case ast.Dict(values=parts):
            yield from (literal for part in parts for literal in _literals(part))
        case ast.IfExp(body=body, orelse=other):
            yield from (literal for part in (body, other) for literal in _literals(part))
        case ast.Call(func=func, args=args):
            if isinstance(func, ast.Attribute):
                yield from _literals(func.value)
            wrapped = args[:1] if _name(func) in WRAPPERS else args[1:2] if _name(func) in READERS else []
            yield from (literal for part in wrapped for literal in _literals(part))


def _is_whole(node: Node) -> bool:
    """True for a text in one piece, or put together from several."""
    match node:
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr() | ast.BinOp(op=ast.Add()):
            return True
        case ast.Call(func=ast.Attribute(attr="join"), args=[ast.List() | ast.Tuple()]):
            return True
    return False


def _meant(node: Node) -> str:
    """The text of an expression, as far as it is known."""
    match node:
        case ast.Constant(value=bytes() as data):
            return data.decode("latin-1")
        case ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=left, right=right):
            return _meant(left) + _meant(right)
        case ast.JoinedStr(values=parts) | ast.Call(args=[ast.List(elts=parts) | ast.Tuple(elts=parts)]):
            return "".join(map(_meant, parts))
    return ""


def is_telling(key: str) -> bool:
    """True for a key, or a part of one, that can be looked for elsewhere without finding what it is not."""
    return sum(map(len, RUN.findall(key))) > 2 and key.lower() not in known()
