"""The topics that one file subscribes to without a client, and what is tested for them.

`{"op": "subscribe", "args": ["trade.BTCUSDT"]}`; `topic == f"trade.{symbol}"`, `topic.startswith("trade.")`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.arguments.lists import Lists
from bybit_lint.fixing.migration.passages.texts import pieces_of
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations, streams
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

ARGS = regex(r'"op"\s{0,9}:\s{0,9}"subscribe"[^\[]{0,99}"args"\s{0,9}:\s{0,9}\[([^\[\]]{0,999})\]')
SAID = regex(r'"([^"]{1,99})"')
GAP = "\0"
UNSEEN = "what is subscribed to on it is not seen in its file"
EVERY = "V5 has no topic for all symbols"
TOPIC = "topic"
"""What the expression says of which a part of a topic is looked for: `"trade" in message["topic"]`."""


class Topic(NamedTuple):
    """One topic that is asked for."""

    said: ast.AST
    """The text it is written in."""
    begins: str
    """What it begins with before V5."""
    whole: str
    """All of it, where that is written out; empty otherwise."""

    @property
    def is_private(self) -> bool:
        return not self.begins.endswith(".")

    def may_be(self, whole: str) -> bool:
        """True for a text that says this topic, or one of its kind where either is put together at run time."""
        return whole == self.whole or ((GAP in whole or not self.whole) and _begins(whole, self.begins))


class Subscriptions:
    """What one file subscribes to, or a class or a function of it."""

    def __init__(self, module: Module, within: ast.AST | None = None) -> None:
        self.module, self.source = module, module.source
        self.within = within or module.names.tree

    @property
    def topics(self) -> list[Topic]:
        """All topics. Raises Undecided where not all of them are seen."""
        return [topic for node in nodes_in(self.within) for topic in self._asked_by(node)]

    @property
    def asking(self) -> list[ast.AST]:
        """The messages that subscribe to something, be it not seen to what."""
        return [node for node in nodes_in(self.within) if self._args(node) is not None]

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
        args = self._args(node)
        if isinstance(args, str):
            yield from (self._topic(node, each) for each in SAID.findall(args))
        elif args is not None:
            yield from (self._topic(each, _whole(each)) for each in Lists(self.module, UNSEEN).items(args[0]))

    def _args(self, node: ast.AST) -> str | tuple[ast.expr | None] | None:
        """What a message subscribes to, as its text or its list has it; None for what is no such message."""
        match node:
            case ast.Dict(keys=keys, values=values):
                return _args_of({k.value: v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant)})
            case ast.Call(func=ast.Name(id="dict"), keywords=given):
                return _args_of({keyword.arg: keyword.value for keyword in given})
            case ast.Constant() | ast.JoinedStr() | ast.BinOp() if not self._is_part(node):
                whole = _whole(node)
                found = ARGS.search(whole) if '"subscribe"' in whole else None
                return found[1] if found else None
        return None

    def _is_part(self, node: ast.AST) -> bool:
        return isinstance(self.module.names.parents.get(node), (ast.JoinedStr, ast.BinOp, ast.FormattedValue))

    def _topic(self, said: ast.AST, whole: str) -> Topic:
        if whole.endswith(".*"):
            raise Undecided(EVERY)
        known = migrations.topics()
        name = whole if whole in known else next((each for each in known if _begins(whole, each)), "")
        if not name:
            raise Undecided(f"V5 has no topic for {whole.partition(GAP)[0]}" if whole[:1] != GAP else UNSEEN)
        if refusal := streams.refusal(known[name] + whole.removeprefix(name), None):
            raise Undecided(refusal)
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
        """True for a text that a topic is tested for, its beginning, or by which something is kept for it."""
        parents = self.module.names.parents
        around = parents.get(node)
        around = parents.get(around) if isinstance(around, (ast.Tuple, ast.List, ast.Set)) else around
        match around:
            case ast.Call(func=ast.Attribute(attr="startswith")):
                whole = _whole(node)
                return _begins(whole, topic.begins) or whole == topic.begins.rstrip(".")
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[held]) if node is around.left:
                whole = _whole(node)
                return whole in (topic.begins, topic.begins.rstrip(".")) and TOPIC in ast.unparse(held)
            case ast.Compare() | ast.MatchValue():
                return topic.may_be(_whole(node))
            case ast.Dict(keys=keys):
                return node in keys and topic.may_be(_whole(node))
            case (
                ast.Subscript(slice=key)
                | ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault"), args=[key, *_])
            ):
                return node is key and topic.may_be(_whole(node))
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


def _args_of(said: Mapping[object, ast.expr]) -> tuple[ast.expr | None] | None:
    """The list of a message with the op `subscribe`; None for another message."""
    op = said.get("op")
    return (said.get("args"),) if isinstance(op, ast.Constant) and op.value == "subscribe" else None


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
