"""How a request was signed before V5: which of the code around it brings key, time and signature, and goes.

The signature was one of the parameters: `params["sign"] = hmac.new(...)` over all of them, sorted and joined. A
function or a file's own body is read as a `Part`: what is sent, by which names it went there, and what was put into it
only to sign. Whatever else is done with what is sent makes it undecided.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name, literal_key
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.terms import Function
from bybit_lint.clients.rest import VERBS
from bybit_lint.fixing.migration.bodies import PURE, QUOTING, SAME, TEXTS, Body, Secret
from bybit_lint.fixing.migration.entries import Entry, Form, dict_entries, keyword_entry, place
from bybit_lint.fixing.migration.leftovers import Leftovers
from bybit_lint.fixing.migration.steps import Undecided

KEY, TIME, SIGN = "api_key", "timestamp", "sign"
WINDOWS = ("recv_window", "recvWindow")
SIGNING = frozenset({KEY, TIME, SIGN, "signature", "sign_type", *WINDOWS})
"""Parameters of before V5 that are headers now."""
ELSEWHERE = "its parameters are put together elsewhere"
SOMETIMES = "it is signed on some ways only"


class Part(Body):
    """What one function, or a file's own body, has to do with what is sent. Raises Undecided."""

    def __init__(self, program: Program, module: Module, scope: Scope) -> None:
        super().__init__(program, module, scope)
        self.payloads: set[str] = set()
        """The names of what is sent."""
        self.parameter = ""
        """The parameter of the function that brings it."""
        self.roots: list[ast.expr] = []
        """The dicts in which it is written here: one, or one on each way."""
        self.said: dict[str, ast.expr] = {}
        """What it is signed with, by name."""
        self.entries: list[Entry] = []
        self.gone: set[ast.AST] = set()
        """Statements, and values of entries, that go."""
        self.cuts: dict[ast.AST, set[int]] = defaultdict(set)
        """The entries of dicts that go, by where they begin."""
        self.signers: dict[ast.Call, Part] = {}
        """The calls of functions that sign, which give what they are given."""
        self.beside: set[ast.Call] = set()
        """Other calls that send the same."""
        self.stripped: dict[ast.expr, ast.expr] = {}
        """What goes around what is sent: a function that signs it, or makes text of it."""
        self.bound: set[Binding] = set()
        """What gives what is sent its names."""
        self._seen: set[ast.expr] = set()
        self._texts: list[tuple[str, set[ast.AST]]] = []

    # --- what is sent -------------------------------------------------------------------------------------------------

    def sent(self, expr: ast.expr) -> ast.expr:
        """Read what is sent; what is left of the expression once nothing signs it any more."""
        left = self._sent(expr)
        if left is not expr and not isinstance(expr, (ast.Name, ast.IfExp)) and hasattr(expr, "lineno"):
            self.stripped[expr] = left
        return left

    def _sent(self, expr: ast.expr) -> ast.expr:
        self._seen.add(expr)
        match expr:
            case ast.Name():
                return self._named(expr)
            case ast.Dict():
                self._dict(expr)
            case ast.BoolOp(op=ast.Or(), values=[first, ast.Dict(keys=[])]):
                self.sent(first)
            case ast.IfExp(body=body, orelse=ast.Constant(value=None) | ast.Dict(keys=[])):
                return self.sent(body)
            case ast.IfExp(body=ast.Constant(value=None) | ast.Dict(keys=[]), orelse=orelse):
                return self.sent(orelse)
            case ast.DictComp(generators=[ast.comprehension(iter=rows)]) if (inner := _rows_of(rows)) is not None:
                self.sent(inner)
            case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[]):
                self.sent(inner)
            case ast.Call():
                return self._call(expr)
            case ast.JoinedStr() | ast.BinOp():
                return self._text(expr)
            case _:
                raise Undecided(ELSEWHERE)
        return expr

    def _call(self, expr: ast.Call) -> ast.expr:
        name = called_name(expr.func)
        if name in (*TEXTS, *QUOTING) and expr.args:
            return self.sent(_rows_of(expr.args[0]) or expr.args[0])
        if name == "dict":
            self._dict_call(expr)
            return expr
        if name == "join" and len(expr.args) == 1 and isinstance(expr.args[0], (ast.GeneratorExp, ast.ListComp)):
            rows = _rows_of(expr.args[0].generators[0].iter)
            if rows is not None:
                return self.sent(rows)
        if name in SAME and len(expr.args) == 1 and not expr.keywords:
            self.sent(_rows_of(expr.args[0]) or expr.args[0])
            return expr
        return self._signed_by(expr)

    def _text(self, expr: ast.expr) -> ast.expr:
        """Text of parameters with the signature behind it: `f"{query}&sign={signature}"`."""
        match pieces_of(expr):
            case [ast.expr() as first, str(sign), ast.expr() as signature] if sign in ("&sign=", "&signature="):
                self._say(SIGN, signature)
                return self.sent(first)
        raise Undecided(ELSEWHERE)

    def _named(self, name: ast.Name) -> ast.expr:
        holder = self.module.names.scope(name).holder(name.id)
        if holder is not self.scope or name.id in self.scope.outer_names:
            raise Undecided(ELSEWHERE)
        if (text := self._text_of(name)) is not None or (text := self._built(name)) is not None:
            return text
        self.payloads.add(name.id)
        found = self.reaching(name)
        if not found:
            raise Undecided(ELSEWHERE)
        for binding in found:
            if binding not in self.bound:
                self.bound.add(binding)
                self._bound(name.id, binding)
        return name

    def _bound(self, name: str, binding: Binding) -> None:
        """What a name of what is sent is given."""
        value = binding.value
        if binding.how in ("parameter", "rest"):
            self.parameter = name
            return
        if binding.how != "assign" or value is None or binding.index:
            raise Undecided(ELSEWHERE)
        is_empty = isinstance(value, ast.Dict) and not value.keys and self._is_beside(binding)
        if is_empty or (isinstance(value, ast.Constant) and value.value is None):  # if params is None: params = {}
            self._seen.add(value)
            return
        left = self.sent(value)
        is_itself = isinstance(left, ast.Name) and left.id == name
        if is_itself or (isinstance(left, ast.Dict) and self._is_only_itself(left, name)):
            self.gone.add(binding.statement)

    def _is_beside(self, binding: Binding) -> bool:
        """True for what stands in where a parameter brings nothing."""
        others = self.scope.bindings.get(binding.path, ())
        return any(other.how in ("parameter", "rest") for other in others)

    def _is_only_itself(self, left: ast.Dict, name: str) -> bool:
        """True for `params = {**params}`, once what signs is taken out."""
        kept = [(key, value) for key, value in zip(left.keys, left.values, strict=True) if value not in self.gone]
        return len(kept) == 1 and kept[0][0] is None and getattr(kept[0][1], "id", "") == name

    def _text_of(self, name: ast.Name) -> ast.expr | None:
        """What text of parameters is made of that has a name; the name goes with what makes it."""
        bindings = self.reaching(name)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].how == "assign" else None
        is_made = isinstance(value, ast.Call) and called_name(value.func) in (*TEXTS, "join")
        if value is None or not (is_made or isinstance(value, (ast.JoinedStr, ast.BinOp))):
            return None
        self._seen.add(value)
        self._goes_as_text(name, {bindings[0].statement})
        return self.sent(value)

    def _built(self, name: ast.Name) -> ast.expr | None:
        """What text is made of that a loop puts together: `for key in sorted(params): text += ...`."""
        bindings = [*self.reaching(name)]
        for binding in bindings:
            for node in ast.walk(binding.statement):
                if isinstance(node, ast.Name) and node.id == name.id:
                    bindings += [b for b in self.reaching(node) if b not in bindings]
        loops = [self.module.names.parents.get(b.statement) for b in bindings if b.how == "augmented"]
        others = [b.value for b in bindings if b.how != "augmented"]
        loop = loops[0] if len(loops) == 1 else None
        if not isinstance(loop, ast.For) or any(b.how not in ("assign", "augmented") for b in bindings):
            return None
        if not all(isinstance(v, ast.Constant) or _is_of_itself(v, name.id) for v in others):
            return None
        read = [n for n in ast.walk(loop.iter) if isinstance(n, ast.Name) and n.id not in SAME]
        if len(read) != 1 or not self.is_pure(loop):
            return None
        self._goes_as_text(name, {loop, *(b.statement for b in bindings if b.how == "assign")})
        return self.sent(read[0])

    def _goes_as_text(self, name: ast.Name, statements: set[ast.AST]) -> None:
        """Text of parameters goes with all that makes it, if nobody else asks for it."""
        self.gone |= statements
        self._seen.add(name)
        self._texts.append((name.id, statements))

    def _check_texts(self, left: Leftovers) -> None:
        """Raise Undecided where text that goes is asked for by something that stays."""
        for name, statements in self._texts:
            inside = {node for statement in statements for node in ast.walk(statement)}
            for load in self.loads_of(name):
                is_asked = load not in self._seen and not left.is_gone(load)
                if is_asked and any(binding.statement in inside for binding in self.reaching(load)):
                    raise Undecided(f"{name}, which is sent, is used for something else too")

    # --- dicts --------------------------------------------------------------------------------------------------------

    def _dict(self, expr: ast.Dict) -> None:
        spreads = [value for key, value in zip(expr.keys, expr.values, strict=True) if key is None]
        own = ast.Dict(
            keys=[key for key in expr.keys if key is not None],
            values=[value for key, value in zip(expr.keys, expr.values, strict=True) if key is not None],
        )
        entries = [entry._replace(group=expr) for entry in dict_entries(self.module, own)]
        self._filled(expr, entries, spreads)

    def _dict_call(self, expr: ast.Call) -> None:
        entries = [keyword_entry(self.module, k, expr, Form.KEYWORD) for k in expr.keywords if k.arg is not None]
        spreads = [*expr.args, *(k.value for k in expr.keywords if k.arg is None)]
        self._filled(expr, entries, [_rows_of(each) or each for each in spreads])

    def _filled(self, expr: ast.expr, entries: list[Entry], spreads: list[ast.expr]) -> None:
        """A dict of entries and of what others bring."""
        others = []
        for entry in entries:
            if entry.name in SIGNING:
                self._say(entry.name, entry.value)
                self.cuts[expr].add(entry.start)
            else:
                others.append(entry)
        bringing = [each for each in spreads if not self._is_signature(expr, each)]
        if not bringing:
            self._is_root(expr)
            self.entries += others
            return
        if others:
            raise Undecided(f"{others[0].name} is put in beside what comes from elsewhere")
        if len(bringing) > 1:
            raise Undecided(ELSEWHERE)
        self.sent(bringing[0])

    def _is_root(self, expr: ast.expr) -> None:
        if self.parameter or not all(self._is_other_way(expr, root) for root in self.roots):
            raise Undecided(ELSEWHERE)
        self.roots.append(expr)

    def _is_other_way(self, expr: ast.expr, root: ast.expr) -> bool:
        """True for two dicts that are the branches of one `if`."""
        one, other = self.module.names.statement(expr), self.module.names.statement(root)
        around = self.module.names.parents.get(one)
        if around is not self.module.names.parents.get(other) or not isinstance(around, ast.If):
            return False
        return (one in around.body) is not (other in around.body)

    def _is_signature(self, expr: ast.expr, spread: ast.expr) -> bool:
        """True for a dict of nothing but what signs, which goes: `**{"sign": sign}`."""
        written = spread
        if isinstance(spread, ast.Name):
            holder = self.module.names.scope(spread).holder(spread.id)
            bindings = holder.bindings[spread.id] if holder else []
            value = bindings[0].value if len(bindings) == 1 else None
            written = value if isinstance(value, ast.Dict) else spread
        if not isinstance(written, ast.Dict) or not written.keys:
            return False
        keys = [literal_key(key) if key else None for key in written.keys]
        if not all(key in SIGNING for key in keys):
            return False
        for key, value in zip(keys, written.values, strict=True):
            self._say(str(key), value)
        self.gone.add(spread)
        around = self.module.names.parents.get(spread)
        head = around if isinstance(around, ast.keyword) else spread
        self.cuts[expr].add(self._item_start(expr, head))
        return True

    def _item_start(self, group: ast.expr, item: ast.AST) -> int:
        start = place(self.source, item)[0]
        return start if isinstance(group, ast.Call) else self.source.body.rindex(b"**", 0, start)

    def _say(self, name: str, value: ast.expr) -> None:
        self.said.setdefault({"signature": SIGN, WINDOWS[1]: WINDOWS[0]}.get(name, name), value)
        self.gone.add(value)

    # --- by a function that signs -------------------------------------------------------------------------------------

    def _signed_by(self, call: ast.Call) -> ast.expr:
        """What a function is given that gives it back signed."""
        function = self.function_of(call)
        if function is None or isinstance(function.node, ast.Lambda):
            raise Undecided(ELSEWHERE)
        inner = Part(self.program, function.module, function.module.names.scopes[function.node])
        returns = [node for node in ast.walk(function.node) if isinstance(node, ast.Return)]
        if len(returns) != 1 or returns[0].value is None:
            raise Undecided(ELSEWHERE)
        inner.sent(returns[0].value)
        inner.finish()
        if inner.roots or not inner.parameter or SIGN not in inner.said:
            raise Undecided(ELSEWHERE)
        self.signers[call] = inner
        return self._given(call, function, inner)

    def _given(self, call: ast.Call, function: Function, inner: Part) -> ast.expr:
        """What a function that signs is given to sign."""
        rest = function.node.args.kwarg
        offset = self.program.evaluator.parameters.offset(function)
        bound = bind_call(function.node, call, offset)
        if rest is None or rest.arg != inner.parameter:
            given = bound.named.get(inner.parameter)
            if given is None:
                raise Undecided(ELSEWHERE)
            return self.sent(given)
        spread = [keyword for keyword in call.keywords if keyword.arg is None]
        if spread and len(call.keywords) == len(spread) == 1 and not call.args:
            return self.sent(spread[0].value)
        if spread or bound.named or call.args:
            raise Undecided(ELSEWHERE)
        self._is_root(call)
        self.entries += [keyword_entry(self.module, keyword, call, Form.KEYWORD) for keyword in call.keywords]
        return call

    # --- what else is done with it ------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Look at all else that is done with what is sent; what only signs goes. Raises Undecided."""
        for load in list(self._loads()):
            self._store(load)
        left = Leftovers(self, self.gone, self.payloads | self._kept)
        left.add()
        self._check_texts(left)
        for load in self._loads():
            if not left.is_gone(load) and not self._is_plain(load):
                raise Undecided(f"{load.id}, which is sent, is used for something else too")

    def _loads(self) -> Iterator[ast.Name]:
        for name in sorted(self.payloads):
            for load in self.loads_of(name):
                found = self.reaching(load)
                if not found or not self.bound.isdisjoint(found):
                    yield load

    def _store(self, load: ast.Name) -> None:
        """What is put into it by its name."""
        parents = self.module.names.parents
        around = parents.get(load)
        outer = parents.get(around)
        match around, outer:
            case ast.Subscript(slice=ast.Constant(value=str(key)) as said, ctx=ast.Store()), ast.Assign(
                targets=[stored], value=value
            ):
                if key in SIGNING:
                    self._say(key, value)
                    self._drop(outer)
                else:
                    start, end = place(self.source, stored)
                    entry = Entry(key, value, self.module, Form.STORE, place(self.source, said), start, end, stored)
                    self.entries.append(entry)
                self._seen.add(load)
            case ast.Attribute(attr="update"), ast.Call(args=args, keywords=keywords) if isinstance(
                parents.get(outer), ast.Expr
            ):
                self._updated(outer, [*args, *(k.value for k in keywords if k.arg is None)])
                self._seen.add(load)

    def _updated(self, call: ast.Call, spreads: list[ast.expr]) -> None:
        statement = self.module.names.parents[call]
        entries = [keyword_entry(self.module, k, call, Form.KEYWORD) for k in call.keywords if k.arg is not None]
        for each in list(spreads):
            if isinstance(each, ast.Dict):
                entries += dict_entries(self.module, each)
            elif not self._is_signature(call, each):
                raise Undecided(ELSEWHERE)
        for entry in entries:
            if entry.name in SIGNING:
                self._say(entry.name, entry.value)
                self.cuts[entry.group].add(entry.start)
        if all(entry.name in SIGNING for entry in entries):
            for group in (call, *spreads):
                self.cuts.pop(group, None)
            self._drop(statement)
        self.entries += [entry for entry in entries if entry.name not in SIGNING]

    def _drop(self, statement: ast.AST) -> None:
        around = self.module.names.parents.get(statement)
        if around is not self.scope.node and not isinstance(
            around, (ast.Try, ast.With, ast.While, ast.For, ast.Module)
        ):
            raise Undecided(SOMETIMES)
        self.gone.add(statement)

    def _is_plain(self, load: ast.Name) -> bool:
        """True for a use that neither reads nor changes it: it is sent, shown, or asked whether it is there."""
        if load in self._seen:
            return True
        parents = self.module.names.parents
        around = parents.get(load)
        outer = parents.get(around)
        match around:
            case (
                ast.Compare(ops=[ast.Is() | ast.IsNot()]) | ast.UnaryOp(op=ast.Not()) | ast.If() | ast.FormattedValue()
            ):
                return not isinstance(around, ast.FormattedValue) or _is_shown(parents.get(parents.get(around)))
            case ast.Call():
                return _is_shown(around) or (called_name(around.func) in ("dumps", "str") and _is_shown(outer))
            case ast.keyword(arg="params" | "data" | "json") if isinstance(outer, ast.Call) and is_sending(outer):
                self.beside.add(outer)
                return True
            case ast.Attribute(attr="items" | "keys"):
                return self._is_cleaned(outer)
            case ast.Subscript(ctx=ast.Del()):
                return not isinstance(around.slice, ast.Constant)
        return False

    def _is_cleaned(self, rows: ast.AST | None) -> bool:
        """True for a loop over it that takes out what is None."""
        around = self.module.names.parents.get(rows)
        while isinstance(around, ast.Call) and called_name(around.func) in SAME:
            around = self.module.names.parents.get(around)
        if isinstance(around, ast.comprehension):
            return self.module.names.parents.get(around) in self._seen
        return isinstance(around, ast.For) and any(isinstance(node, ast.Delete) for node in ast.walk(around))

    # --- what it is signed with ---------------------------------------------------------------------------------------

    @cached_property
    def secret(self) -> Secret | None:
        """What signs, and in whose words that is said."""
        if SIGN not in self.said:
            return None
        gone = [node for each in self.gone for node in ast.walk(each)]
        return self.secret_in(gone) or self.secret_in([*nodes_in(self.scope.node)])

    def unsigned_by(self) -> Mapping[ast.Call, Body]:
        """The calls of functions that sign which go, or become what they are given."""
        calls = [node for each in self.gone for node in ast.walk(each) if isinstance(node, ast.Call)]
        hashing = ((call, self.function_of(call)) for call in calls)
        found = {call: self.within(function) for call, function in hashing if function is not None}
        signing = {call: body for call, body in found.items() if body.secret_in([*ast.walk(body.scope.node)])}
        return {**self.signers, **signing}

    @cached_property
    def _kept(self) -> set[str]:
        """The names that the new signature is made with."""
        kept = [self.said.get(KEY), self.secret and self.secret.said]
        return {node.id for expr in kept if expr is not None for node in ast.walk(expr) if isinstance(node, ast.Name)}


def is_sending(call: ast.Call) -> bool:
    """True for what is called as requests are sent: `session.post`."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in (*VERBS, "request")


def _is_of_itself(value: ast.expr | None, name: str) -> bool:
    """True for what makes a text of the same text: `text[:-1]`, `quote_plus(text)`."""
    match value:
        case ast.Subscript(value=ast.Name(id=inner)) | ast.Call(args=[ast.Name(id=inner)]):
            return inner == name and (not isinstance(value, ast.Call) or called_name(value.func) in PURE)
    return False


def _rows_of(expr: ast.expr) -> ast.expr | None:
    """What `sorted(params.items())` are the rows of."""
    match expr:
        case ast.Call(func=ast.Attribute(value=inner, attr="items"), args=[]):
            return inner
        case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[rows, *_]):
            return _rows_of(rows)
    return None


def pieces_of(expr: ast.expr) -> list[str | ast.expr]:
    """What a text is put together of, in its order."""
    match expr:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*pieces_of(left), *pieces_of(right)]
        case ast.JoinedStr(values=values):
            return [piece for value in values for piece in pieces_of(value)]
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return [value]
    return [expr]


def _is_shown(call: ast.AST | None) -> bool:
    """True for a call that prints or logs."""
    return isinstance(call, ast.Call) and called_name(call.func) in {*LOGGING, "print", "pprint"}
