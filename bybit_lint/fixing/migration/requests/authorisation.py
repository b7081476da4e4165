"""What signs a request of V5 in the place of what signed it before, and what of that goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.blocks import block_of
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import place, text
from bybit_lint.fixing.migration.passages.bodies import Body
from bybit_lint.fixing.migration.passages.journeys import UNSIGNED, Journey
from bybit_lint.fixing.migration.passages.payloads import Payload
from bybit_lint.fixing.migration.passages.signatures import KEY, SOMETIMES, TIME, WINDOWS
from bybit_lint.fixing.migration.requests.clearing import out, stripped
from bybit_lint.fixing.migration.requests.signers import AROUND, SIGNER, signer
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.tuples import NamedTuple

NO_TIME = "its timestamp came from elsewhere, and comes from this machine's clock now"


class Signed(NamedTuple):
    """What is written around what is sent, so that it goes out signed."""

    before: str = ""
    behind: str = ""


class Authorisation:
    """What signs one request, where it is sent."""

    def __init__(self, journey: Journey) -> None:
        self.journey, self.sender = journey, journey.passage.sender
        self.doubts: list[str] = []
        """What a person has to look at."""

    def signed(self, *, is_public: bool) -> Signed:
        """What signs it; nothing for what needs no key. Raises Undecided."""
        signing = self.journey.signing
        if signing is None:
            if not is_public:
                raise Undecided(UNSIGNED)
            return Signed()
        said = self.journey.said
        if KEY not in said or TIME not in said or signing.signature.secret is None:
            raise Undecided("not all is seen that it is signed with")
        payload, time = said[TIME]
        if not payload.is_of_this_machine(time):
            self.doubts.append(NO_TIME)
        condition = self._condition()
        key, secret = self._code(*said[KEY]), self._code(*signing.signature.secret)
        call = f"{SIGNER}({key}, {secret}{self._window()}"
        if self.sender.library not in AROUND:
            return Signed(behind=f", auth={call}){condition}")
        if condition:
            raise Undecided(SOMETIMES)
        return Signed(f"**{call}, ", ")")

    def _condition(self) -> str:
        """What says beside the signature whether there is one. Raises Undecided where that is said elsewhere."""
        said = {p.scope: p.signature.condition for p in self.journey.payloads if p.signature.condition is not None}
        condition = said.pop(self.sender.payload.scope, None)
        if said:
            raise Undecided(SOMETIMES)
        return f" if {condition.id} else None" if condition else ""

    def _window(self) -> str:
        held = self.journey.said.get(WINDOWS[0])
        if held is None:
            return ""
        payload, value = held
        if isinstance(value, ast.Constant):
            return "" if str(value.value) == "5000" else f', "{value.value!s}"'
        return f", str({self._code(payload, value)})"

    def _code(self, payload: Body, expr: ast.expr) -> str:
        """What is written in one function of the way, as it can be written beside the sending. Raises Undecided."""
        plain = all(_is_plain(node) for node in ast.walk(expr))
        if not plain or isinstance(expr, ast.Constant):
            raise Undecided("what it is signed with is worked out or written out there: give it a name first")
        for node in ast.walk(expr):
            if isinstance(node, ast.Name) and not self._means_the_same(node.id, payload):
                raise Undecided(f"{node.id}, which it is signed with, means something else where it is sent")
        written = expr if payload.module.names.parents.get(expr) is not None else None
        return text(payload.source, written) if written is not None else ast.unparse(expr).replace("'", '"')

    def _means_the_same(self, name: str, payload: Body) -> bool:
        own = payload.scope.holder(name)
        sent_in = self.sender.payload.scope
        if own is None or own is sent_in:
            return True
        if own is payload.scope and own.is_function:
            one, other = payload.scope, sent_in
            is_of_one_class = one.parent is other.parent and isinstance(one.parent and one.parent.node, ast.ClassDef)
            firsts = [scope.parameters[0].arg if scope.parameters else "" for scope in (one, other)]
            return is_of_one_class and firsts == [name, name]
        return payload.module is self.sender.module and sent_in.holder(name) is own

    def instead(self) -> Iterator[tuple[Source, Edit]]:
        """Without what made the old signature, and with what makes the new one."""
        for payload in self.journey.payloads:
            yield from ((payload.source, edit) for edit in self._without_signing(payload))
        if self.journey.signing is not None:
            yield from ((self.sender.source, edit) for edit in signer(self.sender))

    def _without_signing(self, payload: Payload) -> Iterator[Edit]:
        source = payload.source
        gone = [
            node
            for node in payload.signature.gone
            if isinstance(node, ast.stmt) and not payload.goes(_around(payload, node))
        ]
        for block in {id(found): found for found in (block_of(source, node) for node in gone)}.values():
            if all(statement in gone for statement in block):
                raise Undecided(SOMETIMES)
        yield from (out(source, node) for node in gone)
        arguments = [*self.sender.node.args, *(k.value for k in self.sender.node.keywords)]
        arguments += [self.sender.address] if self.sender.query is not None else []
        for outer, left in payload.stripped.items():
            if payload.goes(outer) or any(outer is node for each in arguments for node in ast.walk(each)):
                continue
            yield from stripped(source, outer, left)
        for call in payload.signers:
            if call in payload.roots and not payload.goes(call):
                yield Edit(*place(source, call.func), "dict")


def _around(payload: Payload, node: ast.AST) -> ast.AST:
    return payload.module.names.parents.get(node) or node


def _is_plain(node: ast.AST) -> bool:
    match node:
        case ast.Name() | ast.Attribute() | ast.Constant() | ast.Subscript() | ast.expr_context() | ast.keyword():
            return True
        case ast.Call(
            func=ast.Attribute(attr="encode" | "get" | "getenv") | ast.Name(id="bytes" | "bytearray" | "str")
        ):
            return True
    return False
