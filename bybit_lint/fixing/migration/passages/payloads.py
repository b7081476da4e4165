"""The parameters of a request in one function, or in a file's own body: what is sent, and what only signs it.

The signature of before V5 was one of the parameters: `params["sign"] = hmac.new(...)` over all of them, sorted and
joined. A `Payload` follows what is sent to the dict in which it is written, or to who brings it. Whatever else is done
with it makes it undecided.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.terms import Function
from bybit_lint.fixing.migration.arguments.entries import Entry, Form, dict_entries, keyword_entry, place
from bybit_lint.fixing.migration.passages.beside import Beside
from bybit_lint.fixing.migration.passages.bodies import QUOTING, SAME, TEXTS, Body
from bybit_lint.fixing.migration.passages.leftovers import Leftovers
from bybit_lint.fixing.migration.passages.signatures import SIGN, SIGNING, SOMETIMES, Signature
from bybit_lint.fixing.migration.passages.texts import Texts, pieces_of, rows_of
from bybit_lint.fixing.migration.steps import Undecided

ELSEWHERE = "its parameters are put together elsewhere"


class Payload(Body):
    """What one function, or a file's own body, has to do with what is sent. Raises Undecided."""

    def __init__(self, program: Program, module: Module, scope: Scope) -> None:
        super().__init__(program, module, scope)
        self.named: set[str] = set()
        """The names of what is sent."""
        self.parameter = ""
        """The parameter of the function that brings it."""
        self.roots: list[ast.expr] = []
        """The dicts in which it is written here: one, or one on each way."""
        self.entries: list[Entry] = []
        self.signature = Signature(self)
        self.signers: dict[ast.Call, Payload] = {}
        """The calls of functions that sign, which give what they are given."""
        self.stripped: dict[ast.expr, ast.expr] = {}
        """What goes around what is sent: a function that signs it, or makes text of it."""
        self.bound: set[Binding] = set()
        """What gives what is sent its names."""
        self._seen: set[ast.expr] = set()
        self._texts = Texts(self, self.signature.gone, self._seen)
        self.beside = Beside(self, self._seen)

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
            case ast.DictComp(generators=[ast.comprehension(iter=rows)]) if (inner := rows_of(rows)) is not None:
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
            return self.sent(rows_of(expr.args[0]) or expr.args[0])
        if name == "dict":
            self._dict_call(expr)
            return expr
        if name == "join" and len(expr.args) == 1 and isinstance(expr.args[0], (ast.GeneratorExp, ast.ListComp)):
            rows = rows_of(expr.args[0].generators[0].iter)
            if rows is not None:
                return self.sent(rows)
        if name in SAME and len(expr.args) == 1 and not expr.keywords:
            self.sent(rows_of(expr.args[0]) or expr.args[0])
            return expr
        return self._signed_by(expr)

    def _text(self, expr: ast.expr) -> ast.expr:
        """Text of parameters with the signature behind it: `f"{query}&sign={signature}"`."""
        match pieces_of(expr):
            case [ast.expr() as first, str(sign), ast.expr() as signature] if sign in ("&sign=", "&signature="):
                self.signature.say(SIGN, signature)
                return self.sent(first)
        raise Undecided(ELSEWHERE)

    def _named(self, name: ast.Name) -> ast.expr:
        self._hold(name)
        text = self._texts.source_of(name)
        return self._by_bindings(name) if text is None else self.sent(text)

    def _hold(self, name: ast.Name) -> None:
        """Raises Undecided for a name that is bound elsewhere, too."""
        holder = self.module.names.scope(name).holder(name.id)
        if holder is not self.scope or name.id in self.scope.outer_names:
            raise Undecided(ELSEWHERE)

    def _by_bindings(self, name: ast.Name) -> ast.expr:
        """A name of what is sent, by all that gives it one."""
        self.named.add(name.id)
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
            self.signature.let_go(binding.statement)

    def _is_beside(self, binding: Binding) -> bool:
        """True for what stands in where a parameter brings nothing."""
        others = self.scope.bindings.get(binding.path, ())
        return any(other.how in ("parameter", "rest") for other in others)

    def _is_only_itself(self, left: ast.Dict, name: str) -> bool:
        """True for `params = {**params}`, once what signs is taken out."""
        kept = [
            (key, value) for key, value in zip(left.keys, left.values, strict=True) if value not in self.signature.gone
        ]
        return len(kept) == 1 and kept[0][0] is None and getattr(kept[0][1], "id", "") == name

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
        self._filled(expr, entries, [rows_of(each) or each for each in spreads])

    def _filled(self, expr: ast.expr, entries: list[Entry], spreads: list[ast.expr]) -> None:
        """A dict of entries and of what others bring."""
        others = []
        for entry in entries:
            if entry.name in SIGNING:
                self.signature.say(entry.name, entry.value)
                self.signature.cuts[expr].add(entry.start)
            else:
                others.append(entry)
        bringing = [each for each in spreads if not self.signature.takes(expr, each)]
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

    # --- by a function that signs -------------------------------------------------------------------------------------

    def _signed_by(self, call: ast.Call) -> ast.expr:
        """What a function is given that gives it back signed."""
        function = self.function_of(call)
        if function is None or isinstance(function.node, ast.Lambda):
            raise Undecided(ELSEWHERE)
        inner = Payload(self.program, function.module, function.module.names.scopes[function.node])
        returns = [node for node in ast.walk(function.node) if isinstance(node, ast.Return)]
        if len(returns) != 1 or returns[0].value is None:
            raise Undecided(ELSEWHERE)
        inner.sent(returns[0].value)
        inner.finish()
        if inner.signature.condition:
            raise Undecided(SOMETIMES)
        if inner.roots or not inner.parameter or SIGN not in inner.signature.said:
            raise Undecided(ELSEWHERE)
        self.signers[call] = inner
        return self._given(call, function, inner)

    def _given(self, call: ast.Call, function: Function, inner: Payload) -> ast.expr:
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
        left = Leftovers(self, self.signature.gone, self.named | self.signature.kept)
        left.add()
        self.signature.close()
        self._texts.check(left)
        for load in self._loads():
            if not left.is_gone(load) and not self.beside.is_plain(load):
                raise Undecided(f"{load.id}, which is sent, is used for something else too")

    def _loads(self) -> Iterator[ast.Name]:
        for name in sorted(self.named):
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
                    self.signature.say(key, value)
                    self.signature.drop(outer)
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
            elif not self.signature.takes(call, each):
                raise Undecided(ELSEWHERE)
        for entry in entries:
            if entry.name in SIGNING:
                self.signature.say(entry.name, entry.value)
                self.signature.cuts[entry.group].add(entry.start)
        if all(entry.name in SIGNING for entry in entries):
            for group in (call, *spreads):
                self.signature.cuts.pop(group, None)
            self.signature.drop(statement)
        self.entries += [entry for entry in entries if entry.name not in SIGNING]

    def goes(self, node: ast.AST) -> bool:
        """True for what stands in a statement that goes as a whole."""
        here: ast.AST | None = node
        while here is not None:
            if here in self.signature.gone and isinstance(here, ast.stmt):
                return True
            here = self.module.names.parents.get(here)
        return False

    def unsigned_by(self) -> Mapping[ast.Call, Body]:
        """The calls of functions that sign which go, or become what they are given."""
        return {**self.signers, **self.signature.made_by()}
