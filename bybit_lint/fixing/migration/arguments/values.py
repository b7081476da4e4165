"""What becomes of the value of an argument: a new word, text for numbers, milliseconds for seconds, flags for hosts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains.strings import is_text
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, parameters
from bybit_lint.analysis.values.terms import Constant, Term, alternatives
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import made_once, operand, text
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

HOST = regex(r"(?:https|wss)://(?:api|stream)(-testnet|-demo)?\.(bybit|bytick)\.(com|nl|kz|eu|com\.hk)/?")
SECONDS = 1000
SIMPLE = (ast.Name, ast.Attribute, ast.Constant, ast.Subscript, ast.BinOp, ast.UnaryOp)
PURE = (*SIMPLE, ast.operator, ast.unaryop, ast.expr_context)
ROUNDING = ("str", "float", "int", "round", "abs")
MAINNET = "//api.bybit.com"
MAINNETS = (("testnet", "False"),)
"""What selects mainnet itself: not for what callers give, of whom the next one may give another host."""
TRUTHS = (True, False)


class Value(NamedTuple):
    """A value as it is written, and what it stands for."""

    module: Module
    node: ast.expr
    ways: Sequence[Term]
    """What it may be, as all callers make it."""

    @property
    def source(self) -> Source:
        return self.module.source

    @property
    def constant(self) -> object:
        """The literal that it is proven to be, else None."""
        return self.ways[0].value if len(self.ways) == 1 and isinstance(self.ways[0], Constant) else None

    @property
    def ending(self) -> str:
        """The text that it ends with, whatever stands before: `USDT` of `coin + "USDT"`; empty where none is seen."""
        node = self.node
        if isinstance(node, ast.Name):
            try:
                node = made_once(self.module, node)[1]
            except Undecided:
                return ""
        match node:
            case ast.BinOp(op=ast.Add(), right=ast.Constant(value=str(text))):
                return text
            case ast.JoinedStr(values=[*_, ast.Constant(value=str(text))]):
                return text
        return ""

    @property
    def is_constant(self) -> bool:
        return len(self.ways) == 1 and isinstance(self.ways[0], Constant)

    @property
    def is_parameter(self) -> bool:
        """True for what callers give, be it the same by all of today."""
        function = self.module.names.scope(self.node).function.node
        given = parameters(function) if isinstance(function, FUNCTIONS) else ()
        return isinstance(self.node, ast.Name) and any(argument.arg == self.node.id for argument in given)

    @property
    def repeated(self) -> str:
        """Its text, where that may be written twice. Raises Undecided."""
        code = text(self.source, self.node)
        if not all(map(_is_pure, ast.walk(self.node))):
            raise Undecided(f"`{brief(self.source.text(self.node))}` would be worked out twice: give it a name first")
        return code


class Values:
    """Makes new values of old ones; what is written elsewhere and changes with them is in `elsewhere`."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.elsewhere: dict[Source, list[Edit]] = {}

    def value(self, module: Module, node: ast.expr) -> Value:
        term = self.program.evaluator.evaluate(module, node)
        filled = self.program.callers.in_all_contexts(term)
        return Value(module, node, list(dict.fromkeys(o for way in filled for o in alternatives(way))))

    def converted(self, how: str, value: Value) -> str:
        """The new text of a value, empty where it stays as it is. Raises Undecided."""
        known = HOWS.get(how)
        if known is not None:
            return known(value)
        return self._renamed(migrations.values(how), value) if how else ""

    def _renamed(self, meant: Mapping[object, object], value: Value) -> str:
        """Another word for the same, where that is known from a table."""
        if isinstance(value.node, ast.Constant) or (value.is_constant and not value.is_parameter):
            said = value.constant
            found = [new for old, new in meant.items() if old == said and type(old) is type(said)]
            return code_of(found[0]) if found else ""
        if all(option in TRUTHS for option in meant):
            return f"{code_of(meant[True])} if {operand(value.source, value.node)} else {code_of(meant[False])}"
        said = [option.value for option in value.ways if isinstance(option, Constant)]
        if len(said) == len(value.ways) and not any(option in meant for option in said):
            return ""
        known = [old for old in meant if old in said or len(said) < len(value.ways)]
        pairs = ", ".join(f"{code_of(old)}: {code_of(meant[old])}" for old in known)
        return f"{{{pairs}}}.get({value.repeated}, {value.repeated})"


def _text(value: Value) -> str:
    node = value.node
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return code_of(str(node.value))
    is_written = isinstance(node, ast.JoinedStr) or _called(node) in ("str", "format")
    if is_written or all(is_text(way) or _is_text_or_none(way) for way in value.ways):
        return ""
    made = f"str({text(value.source, node)})"
    return f"None if {value.repeated} is None else {made}" if any(map(_is_none, value.ways)) else made


def _is_text_or_none(way: Term) -> bool:
    return _is_none(way) or (isinstance(way, Constant) and isinstance(way.value, str))


def _is_none(way: Term) -> bool:
    """True for no value at all, which stays none."""
    return isinstance(way, Constant) and way.value is None


def _only_conditional(value: Value) -> str:
    """A function of messages, called with what the stream of conditional orders told: one of them after the other."""
    called = operand(value.source, value.node)
    told = '{**message, "data": [order]}'
    return f'lambda message: [{called}({told}) for order in message["data"] if order["stopOrderType"]]'


def _milliseconds(value: Value) -> str:
    node = value.node
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return str(int(node.value * SECONDS))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isdecimal():
        return str(int(node.value) * SECONDS)
    written = text(value.source, node)
    return f"{written} * {SECONDS}" if _called(node) == "int" else f"int({written}) * {SECONDS}"


def _is_pure(node: ast.AST) -> bool:
    """True for a part of an expression that may be worked out twice: names, numbers and sums of them."""
    if isinstance(node, ast.Call):
        is_taken = isinstance(node.func, ast.Attribute) and node.func.attr == "get" and _is_key(node.args[:1])
        return is_taken or (isinstance(node.func, ast.Name) and node.func.id in ROUNDING)
    return isinstance(node, PURE)


def _is_key(args: Sequence[ast.expr]) -> bool:
    return any(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in args)


def code_of(value: object) -> str:
    """A literal as it is written."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def brief(written: str) -> str:
    """A piece of code on one short line."""
    line = " ".join(written.split())
    return line if len(line) <= 40 else f"{line[:37]}..."


def _called(node: ast.expr) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
    return ""


HOWS: Mapping[str, Callable[[Value], str]] = {"text": _text, "ms": _milliseconds, "stops": _only_conditional}


# --- hosts ------------------------------------------------------------------------------------------------------------


def network(value: Value) -> dict[str, str]:
    """The arguments that select the host that a base URL is.

    Where that is known only at run time it is asked then: what is not mainnet's own address is never mainnet.
    """
    hosts = [_host(way) for way in value.ways]
    named = {tuple(_selecting(host).items()) for host in hosts if host is not None}
    if len(named) == 1 and None not in hosts and not (value.is_parameter and named == {MAINNETS}):
        return dict(named.pop())
    if len(named) > 1 and None not in hosts and {frozenset(dict(pairs)) for pairs in named} == {frozenset({"testnet"})}:
        return {"testnet": f'"testnet" in {operand(value.source, value.node)}'}
    return {"testnet": f'"{MAINNET}" not in str({text(value.source, value.node)})'}


class Host(NamedTuple):
    """A base URL of Bybit's; none is mainnet."""

    kind: str
    domain: str
    tld: str


def _host(way: Term) -> Host | None:
    if not isinstance(way, Constant):
        return None
    if way.value is None:
        return Host("", "bybit", "com")
    match = HOST.fullmatch(way.value) if isinstance(way.value, str) else None
    return Host(match[1] or "", match[2], match[3]) if match else None


def _selecting(host: Host) -> dict[str, str]:
    flag = {"": {"testnet": "False"}, "-testnet": {"testnet": "True"}, "-demo": {"demo": "True"}}[host.kind]
    domain = {"domain": code_of(host.domain)} if host.domain != "bybit" else {}
    return flag | domain | ({"tld": code_of(host.tld)} if host.tld != "com" else {})
