"""The topics that one file subscribes to without a client, and what is tested for them.

`{"op": "subscribe", "args": ["trade.BTCUSDT"]}`; `topic == f"trade.{symbol}"`, `topic.startswith("trade.")`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from bybit_lint.analysis.project import Module
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import made_once, place
from bybit_lint.fixing.migration.passages.texts import pieces_of
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations
from bybit_lint.patterns import regex

ARGS = regex(r'"op"\s{0,9}:\s{0,9}"subscribe"[^\[]{0,99}"args"\s{0,9}:\s{0,9}\[([^\[\]]{0,999})\]')
SAID = regex(r'"([^"]{1,99})"')
GAP = "\0"
UNSEEN = "what is subscribed to on it is not seen in its file"
EVERY = "V5 has no topic for all symbols"
TOPIC = "topic"
"""What the expression says of which a part of a topic is looked for: `"trade" in message["topic"]`."""


class Topic(NamedTuple):
    """One topic that is asked for."""

    said: ast.expr
    """The text it is written in."""
    begins: str
    """What it begins with before V5."""
    whole: str
    """All of it, where that is written out; empty otherwise."""

    @property
    def is_private(self) -> bool:
        return not self.begins.endswith(".")


class Subscriptions:
    """What one file subscribes to."""

    def __init__(self, module: Module) -> None:
        self.module, self.source = module, module.source

    @property
    def topics(self) -> list[Topic]:
        """All topics. Raises Undecided where not all of them are seen."""
        return [topic for node in self.module.names.nodes() for topic in self._asked_by(node)]

    @property
    def is_any(self) -> bool:
        """True if something is subscribed to, be it not seen what."""
        try:
            return bool(self.topics)
        except Undecided:
            return True

    @property
    def logs_in(self) -> bool:
        """True for a file that says a message with the op `auth`."""
        return any(map(_is_login, self.module.names.nodes()))

    @property
    def splits_topics(self) -> bool:
        """True for a file that takes a topic apart of which V5 has more parts, or fewer. Raises Undecided."""
        known = migrations.topics()
        is_other = any(known[topic.begins].count(".") != topic.begins.count(".") for topic in self.topics)
        return is_other and any(TOPIC in ast.unparse(call) for call in self.module.names.called("split"))

    def _asked_by(self, node: ast.AST) -> Iterator[Topic]:
        match node:
            case ast.Dict(keys=keys, values=values):
                said = {k.value: v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant)}
                op = said.get("op")
                if isinstance(op, ast.Constant) and op.value == "subscribe":
                    yield from self._listed(said.get("args"))
            case ast.Constant() | ast.JoinedStr() | ast.BinOp() if not self._is_part(node):
                whole = _whole(node)
                if '"subscribe"' in whole and (found := ARGS.search(whole)):
                    yield from (self._topic(node, each) for each in SAID.findall(found[1]))

    def _is_part(self, node: ast.AST) -> bool:
        return isinstance(self.module.names.parents.get(node), (ast.JoinedStr, ast.BinOp, ast.FormattedValue))

    def _listed(self, args: ast.expr | None) -> Iterator[Topic]:
        """The topics of a list. Raises Undecided where one is not written out as far as its name."""
        args = self._made(args) if isinstance(args, ast.Name) else args
        if not isinstance(args, (ast.List, ast.Tuple)):
            raise Undecided(UNSEEN)
        for each in args.elts:
            said = self._made(each) if isinstance(each, ast.Name) else each
            yield self._topic(said, _whole(said))

    def _made(self, name: ast.Name) -> ast.expr:
        try:
            return made_once(self.module, name)[1]
        except Undecided as error:
            raise Undecided(UNSEEN) from error

    def _topic(self, said: ast.expr, whole: str) -> Topic:
        if whole.endswith(".*"):
            raise Undecided(EVERY)
        known = migrations.topics()
        name = whole if whole in known else next((each for each in known if _begins(whole, each)), "")
        if not name:
            raise Undecided(f"V5 has no topic for {whole.partition(GAP)[0]}" if whole[:1] != GAP else UNSEEN)
        return Topic(said, name, "" if GAP in whole else whole)

    # --- rewriting ----------------------------------------------------------------------------------------------------

    def renamed(self, *, is_private: bool) -> list[Edit]:
        """The topics of one kind as V5 has them, and what is tested for them."""
        topics = [topic for topic in self.topics if topic.is_private is is_private]
        written = {topic.said for topic in topics}
        found = {edit: None for topic in topics for edit in self._beginning(topic.said, topic.begins)}
        for node in self.module.names.nodes():
            for begins in {topic.begins for topic in topics if node not in written and self._tests(node, topic)}:
                found |= dict.fromkeys(self._beginning(node, begins))
        return [*found]

    def _tests(self, node: ast.AST, topic: Topic) -> bool:
        """True for a text that a topic is tested for, or its beginning."""
        around = self.module.names.parents.get(node)
        around = self.module.names.parents.get(around) if isinstance(around, ast.Tuple) else around
        match around:
            case ast.Call(func=ast.Attribute(attr="startswith")):
                whole = _whole(node)
                return _begins(whole, topic.begins) or whole == topic.begins.rstrip(".")
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[held]) if node is around.left:
                whole = _whole(node)
                return whole in (topic.begins, topic.begins.rstrip(".")) and TOPIC in ast.unparse(held)
            case ast.Compare() | ast.MatchValue():
                whole = _whole(node)
                return whole == topic.whole if topic.whole else _begins(whole, topic.begins)
        return False

    def _beginning(self, said: ast.AST, begins: str) -> Iterator[Edit]:
        """The edits of all topics in a text that begin so, or of a text that is no more than that."""
        start, end = place(self.source, said)
        meant, sought, at = migrations.topics()[begins], begins.encode(), start
        if isinstance(said, ast.Constant) and said.value == begins.rstrip("."):
            meant, sought = meant.rstrip("."), sought.rstrip(b".")
        while meant != begins and (at := self.source.body.find(sought, at, end)) >= 0:
            if self.source.body[at - 1 : at] in (b'"', b"'"):
                yield Edit(at, at + len(sought), meant)
            at += len(sought)


def _whole(node: ast.AST) -> str:
    """A text with what is put into it left open."""
    if not isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
        return GAP
    return "".join(piece if isinstance(piece, str) else GAP for piece in pieces_of(node))


def _begins(whole: str, name: str) -> bool:
    return name.endswith(".") and whole.startswith(name)


def _is_login(node: ast.AST) -> bool:
    """True for a text of a message with the op `auth`."""
    said = node.value if isinstance(node, ast.Constant) else None
    return isinstance(said, str) and (said == "auth" or '"auth"' in said)
