"""Streams without a client: where a socket goes, and the topics that are asked for on it.

Both are texts of one file: `wss://stream.bybit.com/realtime_public`, `{"op": "subscribe", "args": ["trade.BTCUSDT"]}`.
Of a topic only the beginning changes, and what is tested for it goes along. What its messages say is for a person.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bybit_lint.analysis.project import Module, Project
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.entries import made_once, place
from bybit_lint.fixing.migration.notes import note
from bybit_lint.fixing.migration.steps import Level, Step, Undecided
from bybit_lint.fixing.migration.texts import pieces_of
from bybit_lint.knowledge import legacy, migrations
from bybit_lint.patterns import regex

ADDRESS = regex(r"wss?://stream(?:-testnet)?\.by(?:bit|tick)\.com(?P<path>/[\w/]{1,60}?)/?(?:\?.*)?")
ARGS = regex(r'"op"\s{0,9}:\s{0,9}"subscribe"[^\[]{0,99}"args"\s{0,9}:\s{0,9}\[([^\[\]]{0,999})\]')
SAID = regex(r'"([^"]{1,99})"')
GAP = "\0"
BOTH, PRIVATE = "/realtime", "/v5/private"
"""Where inverse contracts had public and private topics on one socket, and where all of V5 has the private ones."""
MESSAGES = "its messages have other names and places in V5, and numbers as texts: see what reads them"
UNSEEN = "what is subscribed to on it is not seen in its file"
TWO = "V5 has one socket for public topics, and one for private ones"
ONE = "orders of both kinds come by one topic of V5, which is asked for once"
LOGIN = "it logs in by its address: V5 takes a message with the op auth"
SAME_FILE = " is of the same file, and is left: "
EVERY = "V5 has no topic for all symbols"


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


def steps(project: Project, named: Collection[str]) -> Iterator[Step]:
    """What becomes of the streams without a client, each where its address is written."""
    for module in project.readable:
        if module.source.path in named and b"wss://stream" in module.source.body:
            yield from Feeds(module).steps()


class Feeds:
    """The streams of one file."""

    def __init__(self, module: Module) -> None:
        self.module, self.source = module, module.source
        texts = (node for node in module.names.nodes() if isinstance(node, ast.Constant))
        self.addresses = {node: path for node in texts if (path := _path(node))}

    def steps(self) -> Iterator[Step]:
        """All streams of the file, or none: they are asked for the same topics."""
        found = {node: self._meant_or_not(node, path) for node, path in self.addresses.items()}
        stuck = next(((node, why) for node, why in found.items() if isinstance(why, Undecided)), None)
        carried: set[bool] = set()
        for node, meant in found.items():
            parent = self.module.names.parents.get(node)
            said = parent if isinstance(parent, ast.JoinedStr) else node
            step = Step(self.source.span(said), self.addresses[node], "", Level.LEFT)
            if isinstance(meant, Undecided):
                yield step.left(str(meant))
            elif stuck is not None:
                yield step.left(f"{self.addresses[stuck[0]]} in line {stuck[0].lineno}{SAME_FILE}{stuck[1]}")
            else:
                yield self._carried(step, node, meant, is_first=(meant == PRIVATE) not in carried)
                carried.add(meant == PRIVATE)

    def _carried(self, step: Step, node: ast.Constant, meant: str, *, is_first: bool) -> Step:
        """A stream at its address of V5, the first of its kind with the topics."""
        topics = self._renamed(meant == PRIVATE) if is_first else ()
        made = step._replace(level=Level.REVIEW, meant=meant, reasons=(MESSAGES,))
        moved = self._moved(node, self.addresses[node], meant)
        return made._replace(changes={self.source: [moved, *topics, *note(self.module, node, made)]})

    def _meant_or_not(self, node: ast.Constant, path: str) -> str | Undecided:
        try:
            if f".com{path}" not in self.source.text(node):
                raise Undecided("its path is not written plainly")
            if "?" in str(node.value):
                raise Undecided(LOGIN)
            return self._meant(path)
        except Undecided as error:
            return error

    def _meant(self, path: str) -> str:
        """The path in V5. Raises Undecided where a socket is asked for what V5 has on another."""
        kinds = {topic.is_private for topic in self.topics}
        own = legacy.paths()[path].v5_path
        served = {legacy.paths()[each].v5_path == PRIVATE for each in self.addresses.values()}
        if path == BOTH and True in kinds:
            own, served = PRIVATE, {True}
        if (own == PRIVATE) not in kinds:
            raise Undecided(UNSEEN)
        if not kinds <= served:
            raise Undecided(TWO)
        if own == PRIVATE and not any(map(_is_login, self.module.names.nodes())):
            raise Undecided(LOGIN)
        return own

    @property
    def topics(self) -> list[Topic]:
        """All that is subscribed to in the file. Raises Undecided where not all of it is seen."""
        found = [topic for node in self.module.names.nodes() for topic in self._asked_by(node)]
        if not found:
            raise Undecided(UNSEEN)
        own = {topic.begins for topic in found if topic.is_private}
        if len({migrations.topics()[name] for name in own}) < len(own):
            raise Undecided(ONE)
        return found

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

    def _moved(self, node: ast.AST, path: str, meant: str) -> Edit:
        start, end = place(self.source, node)
        at = self.source.body.find(f".com{path}".encode(), start, end)
        return Edit(at + 4, at + 4 + len(path.encode()), meant)

    def _renamed(self, is_private: bool) -> Iterator[Edit]:
        """The topics of one kind as V5 has them, and what is compared with them."""
        topics = [topic for topic in self.topics if topic.is_private is is_private]
        written = {topic.said for topic in topics}
        found = {edit: None for topic in topics for edit in self._beginning(topic.said, topic.begins)}
        for node in self.module.names.nodes():
            whole = _whole(node) if self._is_compared(node) and node not in written else ""
            for begins in {topic.begins for topic in topics if _is_one_of(whole, topic)}:
                found |= dict.fromkeys(self._beginning(node, begins))
        yield from found

    def _is_compared(self, node: ast.AST) -> bool:
        return isinstance(self.module.names.parents.get(node), (ast.Compare, ast.MatchValue))

    def _beginning(self, said: ast.AST, begins: str) -> Iterator[Edit]:
        """The edits of all topics in a text that begin so."""
        start, end = place(self.source, said)
        meant, sought, at = migrations.topics()[begins], begins.encode(), start
        while meant != begins and (at := self.source.body.find(sought, at, end)) >= 0:
            if self.source.body[at - 1 : at] in (b'"', b"'"):
                yield Edit(at, at + len(sought), meant)
            at += len(sought)


def _path(node: ast.Constant) -> str:
    """The path of a stream before V5 that a text goes to; empty for any other."""
    found = ADDRESS.fullmatch(node.value) if isinstance(node.value, str) else None
    known = legacy.paths().get(found["path"]) if found else None
    return found["path"] if found and known and known.kind == "stream" else ""


def _whole(node: ast.AST) -> str:
    """A text with what is put into it left open."""
    if not isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
        return GAP
    return "".join(piece if isinstance(piece, str) else GAP for piece in pieces_of(node))


def _begins(whole: str, name: str) -> bool:
    return name.endswith(".") and whole.startswith(name)


def _is_one_of(whole: str, topic: Topic) -> bool:
    """True for a text that names a topic."""
    return whole == topic.whole if topic.whole else _begins(whole, topic.begins)


def _is_login(node: ast.AST) -> bool:
    """True for a text of a message with the op `auth`."""
    said = node.value if isinstance(node, ast.Constant) else None
    return isinstance(said, str) and (said == "auth" or '"auth"' in said)
