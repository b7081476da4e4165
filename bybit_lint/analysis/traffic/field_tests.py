"""Fields of answers and messages where they are compared or computed with literals, and what is wrong with that."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import LoopNode
from bybit_lint.analysis.syntax.nodes import literal_key, walk
from bybit_lint.knowledge.schemas import SchemaField
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Fix, ImpossibleTest, Noun, Replace, TextNumber, Wrap

ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
EQUALITIES = (ast.Eq, ast.NotEq)
SIZES = ("size", "contracts")
"""What says of a position whether there is any."""
SIGNS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}


MAKERS = ("float", "Decimal")
"""What makes a number by which no text can be repeated."""
QUOTES = ("lastPrice", "markPrice", "indexPrice", "bid1Price", "ask1Price", "prevPrice24h")
"""Prices of a ticker, which are written out with the decimals of the tick: `"16597.00"`."""
NUMERIC = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow)
"""What no text takes part in, whatever else does."""
OF_NUMBERS = ("abs", "round", "floor", "ceil", "fabs", "sqrt", "isnan")
"""What takes numbers only."""
ORDERING = ("sorted", "sort", "min", "max", "nlargest", "nsmallest")
WRITTEN = regex(
    r"price|qty|size|equity|usdValue|(\w*[a-z0-9])?(Price|Qty|Size|Pnl|PNL|Value|Fee|Rate|Pcnt|Balance|24h|Interest)"
)
"""Fields of type text that are numbers of any length; moments are of one length."""
TRUTHS = ("True", "False")
AS_NUMBER = regex(r"(.?[<>=^])?[+\- ]?#?0?\d*[,_]?(\.\d+)?[dneEfFgG%]")
"""How a number is written out in an f-string."""


class Use(NamedTuple):
    """Where a field, or a name of the bot's for it, is compared or computed with."""

    node: ast.expr
    cased: str = ""
    """`lower` or `upper`, if that is asked of it first."""
    read: ast.expr | None = None
    """Where a name of the bot's was given it."""

    @property
    def default(self) -> ast.expr | None:
        """What it is where the answer has no such field: `row.get("side", "None")`."""
        read = self.read or self.node
        given = read.args[1] if isinstance(read, ast.Call) and len(read.args) > 1 else None
        if self.cased and isinstance(given, ast.Constant) and isinstance(given.value, str):
            return ast.Constant(getattr(given.value, self.cased)())
        return given


def uses(module: Module, node: ast.expr) -> Iterator[Use]:
    """A field where something tells what it is taken for, or the names to which it is bound, where that does."""
    names = module.names
    held, cased = _cased(module, node)
    if _is_telling(module, held):
        yield Use(node, cased)
    match names.parents.get(held):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.NamedExpr(target=ast.Name(id=name)):
            scope = names.scope(node).function
            if not cased or len(scope.bindings[name]) == 1:
                for load in names.loads(scope.node, name):
                    if _is_telling(module, load):
                        yield Use(load, cased, node)


def impossible(
    module: Module, node: ast.expr, field: SchemaField, is_meant: Callable[[ast.expr], bool]
) -> Iterator[ImpossibleTest]:
    """The tests of a field that say the same each time, where it and the name that is compared are what is meant."""
    for use in uses(module, node):
        found = [noun for noun in judged(module, use, field) if isinstance(noun, ImpossibleTest)]
        if found and all(map(is_meant, {node, use.node})):
            yield from found


def judged(module: Module, use: Use, field: SchemaField) -> list[Noun]:
    """What is wrong with a field where it is used."""
    found = _judged(module, use, field)
    is_text = any(isinstance(noun, TextNumber) for noun in found) and not _may_be_remade(module, use.node, field.name)
    return [noun for noun in found if is_text or not isinstance(noun, TextNumber)]


def _may_be_remade(module: Module, node: ast.expr, name: str) -> bool:
    """True for a field that the file makes a number in place, in a loop that is over or in another function."""
    names = module.names
    for statement in (*names.remade.get(name, ()), *names.remade.get(None, ())):
        if names.scope(statement).function is not names.scope(node).function:
            return True
        loop = next((around for around in names.ancestors(statement) if isinstance(around, LoopNode)), None)
        if loop is not None and not names.holds(loop, node):
            return True
    return False


def _judged(module: Module, use: Use, field: SchemaField) -> list[Noun]:
    own = _cased(module, use.node)[0] if use.cased else use.node
    node = _outer(module, own)
    match module.names.parents.get(node):
        case ast.Compare(left=left, ops=[operator], comparators=[right]) as test:
            other = right if left is node else left
            return [*_compared(module, test, node, field, operator, other, use)]
        case ast.Match(cases=cases):
            return [*_matched(module, field, cases, use)]
        case (
            ast.Subscript(value=ast.Dict() as table, slice=key)
            | ast.Call(func=ast.Attribute(value=ast.Dict() as table, attr="get"), args=[key, *_])
        ) if key is node:
            return [*_looked_up(module, node, field, table, use.cased)]
    if field.type != "string" or use.cased:
        return []
    misuse = _misused(module, node, field.name)
    if misuse is None:
        return []
    span, fix = module.source.span(misuse.node), _as_number(module, own, misuse.beside)
    return [TextNumber(span, field.name, misuse.operation, misuse.error, fix, misuse.is_order)]


class Misuse(NamedTuple):
    """What is done with a text as if it were a number."""

    node: ast.expr
    operation: str
    error: str
    """What is raised; empty where the text is repeated."""
    beside: ast.expr | None = None
    """Another field that it is computed with, which is text as well."""
    is_order: bool = False
    """True if texts are put in order, which go by their letters."""


def _misused(module: Module, node: ast.expr, name: str) -> Misuse | None:
    """What is computed of a text, or how it is written out, if a number is needed for that."""
    match module.names.parents.get(node):
        case ast.BinOp(left=left, op=operator, right=right) as sum_:
            other = right if left is node else left
            is_format = isinstance(operator, ast.Mod) and left is node
            is_number = _is_numeric(other) and not is_format and not isinstance(operator, ast.BitOr)
            beside = other if _are_beside(node, other) else None
            if beside is left:
                return None  # told there
            if is_number or isinstance(operator, NUMERIC) or (beside and isinstance(operator, ast.Mult)):
                is_repeat = isinstance(operator, ast.Mult) and isinstance(_number(other), int)
                said = _operation(name, SIGNS.get(type(operator), "?"), other, is_first=left is node)
                return Misuse(sum_, said, "" if is_repeat else "TypeError", beside)
        case (
            ast.Call(
                func=ast.Name(id=made) | ast.Attribute(value=ast.Name(id="math"), attr=made), args=[first, *_]
            ) as call
        ):
            if first is node and made in OF_NUMBERS and not call.keywords:
                return Misuse(call, f"{made}({name})", "TypeError")
            if first is node and made == "int" and len(call.args) == 1 and name in ("", *QUOTES):
                return Misuse(call, f"int({name})", "ValueError")
        case ast.FormattedValue(conversion=-1, format_spec=ast.JoinedStr(values=[ast.Constant(value=str() as form)])):
            if AS_NUMBER.fullmatch(form):
                return Misuse(node, f"{name}:{form}", "ValueError")
        case ast.AugAssign(target=target, op=operator) as sum_:
            if isinstance(operator, NUMERIC) or (isinstance(operator, ast.Add) and _counts(module, target)):
                said = f"{ast.unparse(target)} {SIGNS.get(type(operator), '?')}= {name}"
                return Misuse(sum_.target, said, "TypeError")
        case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each) as texts if each is node:
            match module.names.parents.get(texts):
                case ast.Call(func=ast.Name(id="sum"), args=[first, *starts]) as call if first is texts:
                    if all(map(_is_numeric, starts)):
                        return Misuse(call, f"sum({name})", "TypeError")
                case ast.Call(func=ast.Name(id="min" | "max" as made), args=[_]) as call if _is_written_number(name):
                    return Misuse(call, f"{made}()", "", is_order=True)
        case ast.Lambda(body=body) as key if body is node and _is_written_number(name):
            match module.names.parents.get(module.names.parents.get(key)):  # behind the keyword
                case ast.Call(func=ast.Name(id=made) | ast.Attribute(attr=made), keywords=[*named]) as call:
                    if made in ORDERING and any(each.arg == "key" and each.value is key for each in named):
                        return Misuse(call, f"{made}()", "", is_order=True)
    return None


def _counts(module: Module, target: ast.expr) -> bool:
    """True for a name that is a number before anything is added to it: `total = 0`."""
    if not isinstance(target, ast.Name):
        return False
    bound = module.names.scope(target).function.bindings.get(target.id, ())
    first = [b.value for b in bound if not isinstance(b.statement, ast.AugAssign)]
    return bool(first) and all(value is not None and _number(value) is not None for value in first)


def _is_written_number(name: str) -> bool:
    """True for a field that is a price, a quantity or money as text; empty where its name is asked later."""
    return not name or WRITTEN.fullmatch(name) is not None


def _outer(module: Module, node: ast.expr) -> ast.expr:
    """`(size := row["size"])` for what is given a name where it is used."""
    above = module.names.parents.get(node)
    return above if isinstance(above, ast.NamedExpr) and above.value is node else node


def _cased(module: Module, node: ast.expr) -> tuple[ast.expr, str]:
    """The call of `x.lower()` for `x`, and the method; `x` itself and nothing where that is not called."""
    parents = module.names.parents
    match parents.get(node):
        case ast.Attribute(attr="lower" | "upper" as cased) as method:
            call = parents.get(method)
            if isinstance(call, ast.Call) and call.func is method:
                return call, cased
    return node, ""


def _is_beside_size(module: Module, test: ast.Compare) -> bool:
    """True for `float(row["size"]) > 0 and row["side"] != "None"`: what is meant to be left out is left out already."""
    around = module.names.parents.get(test)
    if not isinstance(test.ops[0], ast.NotEq) or not isinstance(around, ast.BoolOp) or isinstance(around.op, ast.Or):
        return False
    asked = (value for value in around.values if value is not test and isinstance(value, ast.Compare))
    return any(
        node.value in SIZES if isinstance(node, ast.Constant) else getattr(node, "id", "") in SIZES
        for value in asked
        for node in walk(value.left)
    )


def _compared(
    module: Module,
    test: ast.Compare,
    node: ast.expr,
    field: SchemaField,
    operator: ast.cmpop,
    other: ast.expr,
    use: Use,
) -> Iterator[Noun]:
    """What a comparison with a literal makes of a field."""
    if _is_one_of_several(module, test, node) or _is_default(use, _members(other)):
        return
    span, number = module.source.span(test), _number(other)
    sign = SIGNS.get(type(operator), "")
    if field.type == "string" and number is not None and isinstance(operator, (*ORDERINGS, *EQUALITIES)):
        error = "TypeError" if isinstance(operator, ORDERINGS) else ""
        operation = _operation(field.name, sign, other, is_first=test.left is node)
        own = node.value if isinstance(node, ast.NamedExpr) else node
        yield TextNumber(span, field.name, operation, error, _as_number(module, own))
        return
    said, field = _texts(operator, other), _in_case(field, use.cased)
    is_closed = bool(field.values) or field.is_number or (field.is_truth and not use.cased)
    if said and is_closed and not any(map(field.may_be, said)) and not _is_beside_size(module, test):
        values = () if field.is_number else TRUTHS if field.is_truth else field.values
        fix = _respelt(module, other, field)
        yield ImpossibleTest(span, field.name, ast.unparse(other), values, field.is_number, fix)


def _in_case(field: SchemaField, cased: str) -> SchemaField:
    """A field whose values are asked for in small letters, or in capitals."""
    return field._replace(values=tuple(getattr(value, cased)() for value in field.values)) if cased else field


def _matched(module: Module, field: SchemaField, cases: list[ast.match_case], use: Use) -> Iterator[ImpossibleTest]:
    """The cases of a `match` that a field never is."""
    field = _in_case(field, use.cased)
    for case in cases:
        said = _patterns(case.pattern)
        values = [value.value for value in said if isinstance(value, ast.Constant)]
        is_never = values and len(values) == len(said) and field.values and not any(map(field.may_be, values))
        if is_never and not _is_default(use, said):
            shown = " or ".join(map(ast.unparse, said))
            fix = _respelt(module, said[0], field) if len(said) == 1 else None
            yield ImpossibleTest(module.source.span(said[0]), field.name, shown, field.values, fix=fix)


def _patterns(pattern: ast.pattern) -> list[ast.expr]:
    """The values that a pattern asks for; none where it may be anything else."""
    match pattern:
        case ast.MatchValue(value=value):
            return [value]
        case ast.MatchOr(patterns=patterns):
            found = [_patterns(inner) for inner in patterns]
            return [value for values in found for value in values] if all(found) else []
    return []


def _looked_up(
    module: Module, node: ast.expr, field: SchemaField, table: ast.Dict, cased: str
) -> Iterator[ImpossibleTest]:
    """A table none of whose keys a field ever is: `{"buy": "sell", "sell": "buy"}[side]`."""
    field, keys = _in_case(field, cased), [key for key in table.keys if isinstance(key, ast.Constant)]
    if keys and len(keys) == len(table.keys) and field.values and not any(field.may_be(key.value) for key in keys):
        shown = " or ".join(map(ast.unparse, keys))
        yield ImpossibleTest(module.source.span(node), field.name, shown, field.values, is_looked_up=True)


def _operation(name: str, sign: str, other: ast.expr, *, is_first: bool) -> str:
    """What is done with a field and something else, in the order in which it is written."""
    said = ast.unparse(other)
    return f"{name} {sign} {said}" if is_first else f"{said} {sign} {name}"


def _is_one_of_several(module: Module, test: ast.Compare, node: ast.expr) -> bool:
    """True if the same is compared with something else beside it: `side == "Buy" or side == "long"`."""
    above = module.names.parents.get(test)
    if not isinstance(above, ast.BoolOp):
        return False
    said = ast.unparse(node)
    others = (value for value in above.values if value is not test and isinstance(value, ast.Compare))
    return any(ast.unparse(side) == said for other in others for side in (other.left, *other.comparators))


def _is_default(use: Use, others: list[ast.expr]) -> bool:
    """True if it is compared with what it is where it is missing: `row.get("size", 0) == 0`."""
    return use.default is not None and ast.unparse(use.default) in map(ast.unparse, others)


def _members(node: ast.expr) -> list[ast.expr]:
    """What is compared, each by itself: `in ("", "None")`."""
    return node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]


def _is_telling(module: Module, node: ast.expr) -> bool:
    """True where it may be seen, without asking what it is, that something else is taken for a field."""
    held = _outer(module, node)
    match module.names.parents.get(held):
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return any(_number(side) is not None or bool(_texts(operator, side)) for side in (left, right))
        case ast.Match(subject=subject):
            return subject is held
        case (
            ast.Subscript(value=ast.Dict(), slice=key)
            | ast.Call(func=ast.Attribute(value=ast.Dict(), attr="get"), args=[key, *_])
        ):
            return key is held
    return _misused(module, held, "") is not None


def _is_numeric(node: ast.expr) -> bool:
    """True for a number that is written out, and for what makes one."""
    made = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return _number(node) is not None or made in MAKERS


def _are_beside(node: ast.expr, other: ast.expr) -> bool:
    """True for two fields of the same: `row["size"] * row["price"]`."""
    match node, other:
        case ast.Subscript(value=base, slice=ast.Constant()), ast.Subscript(value=same, slice=ast.Constant()):
            return ast.unparse(base) == ast.unparse(same)
    return False


def _number(node: ast.expr) -> int | float | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
    return None


def _texts(operator: ast.cmpop, node: ast.expr) -> list[object]:
    """The literals that a field is compared with; none where one of them is something else."""
    match operator, node:
        case ((ast.Eq() | ast.NotEq()), ast.Constant(value=str() | int() as value)):
            return [] if isinstance(value, bool) else [value]
        case ((ast.In() | ast.NotIn()), ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items)):
            found: list[object] = [literal_key(item) for item in items]
            return found if all(isinstance(item, ast.Constant) for item in items) else []
    return []


def _as_number(module: Module, *nodes: ast.expr | None) -> Fix:
    """Read texts as numbers."""
    texts = [node for node in nodes if node is not None]
    wraps = tuple(Wrap(module.source.span(node), "float", module="builtins") for node in texts)
    return Fix("read it as a number" if len(texts) == 1 else "read both as numbers", wraps)


def _respelt(module: Module, other: ast.expr, field: SchemaField) -> Fix | None:
    """The value in Bybit's spelling, where it is one of them in other letters, or a number as text."""
    if not isinstance(other, ast.Constant):
        return None
    if field.is_number:
        is_one = isinstance(other.value, str) and other.value.isdecimal()
        right = str(other.value) if is_one else ""
    elif field.is_truth:
        right = next((truth for truth in TRUTHS if truth.lower() == str(other.value).lower()), "")
    else:
        found = [value for value in field.values if value.lower() == str(other.value).lower()]
        right = f'"{found[0]}"' if found else ""
    return Fix(f"write {right}", (Replace(module.source.span(other), "", right),)) if right else None
