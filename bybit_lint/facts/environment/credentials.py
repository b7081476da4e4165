"""Keys and secrets that stand in the code: literals that look random and are called a key.

A name decides with the look: other services have keys of their own, and examples have placeholders.
"""

from __future__ import annotations

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call, defaults
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name
from bybit_lint.analysis.values.name_trails import words
from bybit_lint.analysis.values.terms import Class, Function, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.environment.handed_keys import HandedKeys, text_of
from bybit_lint.facts.environment.key_shapes import LONGEST, SHORTEST, is_of_letters, is_random
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import exchanges
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Credential

CALLED = {"key", "secret", "apikey", "apisecret"}
BESIDE = regex(
    r"a|api|access|account|acc|b|backup|bapi|bot|bybit|client|copy|default|demo|exchange|futures|hardcoded|http|id|key|"
    r"linear|live|main|mainnet|master|mirror|my|new|old|only|paper|perpetual|private|prod|production|public|pub|read|"
    r"real|sandbox|second|secondary|session|spot|sub|subaccount|test|testnet|trade|trader|trading|unified|usdt|user|v|"
    r"value|write|ws|x"
)
"""Words that leave open whose key it is. Any other word, as in `OPENAI_API_KEY`, says that it is not Bybit's."""
SERVICES = {
    *("bitstamp", "alpaca", "gemini", "openai", "telegram", "discord", "twitter", "google", "aws", "coingecko"),
    "cryptopanic",
}
"""Words for services that have keys of their own, beside other exchanges."""
READERS = {"getenv", "get", "config", "env", "str"}
"""Calls that are given a default for what is missing."""
POSITIONS = {"HTTP": ("endpoint", "api_key", "api_secret")}
"""What clients from outside the project call arguments without names: pybit before V5."""


@extracts(Credential)
class Credentials:
    """Every key that Bybit may have given out; none in the folders of tests."""

    def __init__(self, analysis: Analysis) -> None:
        self.program = analysis.program
        self._handed = cache(lambda: HandedKeys(analysis).by_module())

    def facts(self, module: Module) -> Iterator[Credential]:
        if module.is_among_tests:
            return
        handed = self._handed().get(module, {})
        quoted = set(filter(is_of_letters, _quoted(module.source.data)))
        proven = set(filter(is_random, quoted)) | {text_of(node) for node in handed}
        if not proven or not any(near.concerns_bybit for near in self.program.project.around(module)):
            return
        says_whose = _is_about_another(module)
        named = [
            (node, name)
            for node in module.names.nodes()
            if isinstance(node, ast.Constant)
            and text_of(node) in quoted | proven
            and (name := _called(self.program, module, node, says_whose) or handed.get(node, ""))
        ]
        owners = {_owner(name) for node, name in named if text_of(node) in proven}
        found = [(node, name) for node, name in named if text_of(node) in proven or _owner(name) in owners]
        texts = defaultdict(set)
        for node, name in found:
            texts[_variable(name)].add(text_of(node))
        for node, name in found:
            variable = _variable(name)
            target = _reader_of(module, node) or node
            yield Credential(
                module.source.span(node),
                variable if len(texts[variable]) == 1 else "",
                module.source.span(target),
                isinstance(node.value, bytes),
            )


def _quoted(data: bytes) -> Iterator[str]:
    """What stands between two quotes and may be a key; a pattern takes ten times as long."""
    for text in data.replace(b"'", b'"').split(b'"'):
        if SHORTEST <= len(text) <= LONGEST and text.isalnum():
            yield text.decode()


def _is_about_another(module: Module) -> bool:
    """True for a file that is called after another service: a key in it is Bybit's only if that is said."""
    return _is_other(os.path.splitext(os.path.basename(module.source.place))[0])


def _called(program: Program, module: Module, node: ast.Constant, says_whose: bool) -> str:
    """What a literal is called, if that is a key; the names around it may say that it is somebody else's."""
    names = [name for name in _names(program, module, node) if name]
    if not names or any(map(_is_other, names)):
        return ""
    own = words(names[0])
    is_key = any(word in CALLED for word in own) and all(word in CALLED or BESIDE.fullmatch(word) for word in own)
    return names[0] if is_key and (not says_whose or "bybit" in own) else ""


def _owner(name: str) -> tuple[str, ...]:
    """Whose a key is, by its name: a key beside a secret of the same owner is as real as that."""
    return tuple(word for word in words(name) if word not in CALLED | {"api"})


def _is_other(name: str) -> bool:
    return not (SERVICES | exchanges.names()).isdisjoint(words(name))


def _names(program: Program, module: Module, node: ast.AST) -> Iterator[str]:
    """The names a literal is given, nearest first: its argument, its key, its variable, and those around these."""
    statement = module.names.statement(node)
    while node is not statement and (parent := module.names.parents.get(node)) is not None:
        yield _name(program, module, parent, node)
        node = parent


def _name(program: Program, module: Module, parent: ast.AST, node: ast.AST) -> str:
    """What one node calls its child."""
    match parent:
        case ast.keyword(arg=str() as name):
            return name
        case ast.Dict(keys=keys, values=values) if node in values:
            key = keys[values.index(node)]
            return str(key.value) if isinstance(key, ast.Constant) else ""
        case ast.Call(args=[ast.Constant(value=str() as name), default]) if node is default:
            return name if called_name(parent.func) in READERS else _parameter(program, module, parent, default)
        case ast.Call(args=args) if node in args:
            return _parameter(program, module, parent, node)
        case ast.arguments():
            return _default_of(parent, node)
        case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
            return _target(target)
        case ast.Tuple(elts=values):
            return _unpacked(module, parent, values.index(node))  # type: ignore[arg-type]  # a child of its own
    return ""


def _target(target: ast.AST) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
    return ""


def _unpacked(module: Module, values: ast.Tuple, position: int) -> str:
    """The variable that an item of a tuple goes to."""
    match module.names.parents.get(values):
        case ast.Assign(targets=[ast.Tuple(elts=targets)]) if position < len(targets):
            return _target(targets[position])
    return ""


def _default_of(arguments: ast.arguments, node: ast.AST) -> str:
    """The parameter whose default a node is."""
    return next((name for name, default in defaults(arguments).items() if default is node), "")


def _parameter(program: Program, module: Module, call: ast.Call, node: ast.expr) -> str:
    """What the called function calls a positional argument."""
    for callee in alternatives(program.evaluator.evaluate(module, call.func)):
        if isinstance(callee, Function):
            offset = program.evaluator.parameters.offset(callee)
            return bind_call(callee.node, call, offset).parameter_of(node) or ""
        if (constructor := _constructor(callee)) is not None:
            return bind_call(constructor, call, offset=1).parameter_of(node) or ""
    known, position = POSITIONS.get(called_name(call.func), ()), call.args.index(node)
    return known[position] if position < len(known) else ""


def _constructor(callee: object) -> FunctionNode | None:
    statements = callee.node.body if isinstance(callee, Class) else []
    return next((s for s in statements if isinstance(s, FUNCTIONS) and getattr(s, "name", "") == "__init__"), None)


def _reader_of(module: Module, node: ast.AST) -> ast.expr | None:
    """What reads a setting and has the literal for its default, or takes it for the name of an environment variable."""
    match module.names.parents.get(node):
        case ast.Call(args=[ast.Constant(), default]) as call if node is default and called_name(call.func) in READERS:
            return call
        case ast.Call(func=ast.Name(id="getenv") | ast.Attribute(attr="getenv"), args=[first, *_]) as call:
            return call if first is node else None
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"), args=[first, *_]) as call:
            return call if first is node else None
        case ast.Subscript(value=ast.Attribute(attr="environ")) as item:
            return item
    return None


def _variable(name: str) -> str:
    """`apiKey` as an environment variable: `BYBIT_API_KEY`."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)
    joined = "_".join(part.upper() for part in parts if part.upper() not in ("X", "BAPI"))
    return joined if "BYBIT" in joined else f"BYBIT_{joined}"
