"""Streams without a client: where a socket goes, and what is asked for on it.

`wss://stream.bybit.com/realtime_public`, and the topics in the same file, or in those that have the address from there.
Of a topic only the beginning changes, and what is tested for it goes along. What its messages say is for a person.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import by_source, place
from bybit_lint.fixing.migration.notes import note
from bybit_lint.fixing.migration.steps import Level, Step, Undecided
from bybit_lint.fixing.migration.streams.subscriptions import UNSEEN, Subscriptions, Topic
from bybit_lint.knowledge import legacy, migrations
from bybit_lint.patterns import regex

ADDRESS = regex(r"wss?://stream(?:-testnet)?\.by(?:bit|tick)\.com(?P<path>/[\w/]{1,60}?)/?(?:\?.*)?")
BOTH, PRIVATE = "/realtime", "/v5/private"
"""Where inverse contracts had public and private topics on one socket, and where all of V5 has the private ones."""
MESSAGES = "its messages have other names and places in V5, and numbers as texts: see what reads them"
SPLIT = "its topics have other parts, and are taken apart: `orderBookL2_25.BTCUSDT` is `orderbook.50.BTCUSDT` now"
TWO = "V5 has one socket for public topics, and one for private ones"
ONE = "orders of both kinds come by one topic of V5, which is asked for once"
LOGIN = "it logs in by its address: V5 takes a message with the op auth"
SAME_FILE = " is of the same file, and is left: "
UNNAMED = "a file that is not named subscribes on it: name that too"


def steps(project: Project, named: Collection[str]) -> Iterator[Step]:
    """What becomes of the streams without a client, each where its address is written."""
    for module in project.readable:
        if module.source.path in named and b"wss://stream" in module.source.body:
            yield from Feeds(project, module, named).steps()


class Feeds:
    """The streams of one file."""

    def __init__(self, project: Project, module: Module, named: Collection[str]) -> None:
        self.project, self.named = project, named
        self.module, self.source = module, module.source
        self.addresses = _addresses(module)

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
        reasons = [MESSAGES, *(SPLIT for asked in self.asked if asked.splits_topics)]
        made = step._replace(level=Level.REVIEW, meant=meant, reasons=tuple(dict.fromkeys(reasons)))
        edits: list[tuple[Source, Edit]] = [(self.source, self._moved(node, self.addresses[node], meant))]
        edits += ((self.source, edit) for edit in note(self.module, node, made))
        for asked in self.asked if is_first else ():
            edits += ((asked.source, edit) for edit in asked.renamed(is_private=meant == PRIVATE))
        return made._replace(changes=by_source(edits))

    def _meant_or_not(self, node: ast.Constant, path: str) -> str | Undecided:
        try:
            if f".com{path}" not in self.source.text(node):
                raise Undecided("its path is not written plainly")
            if "?" in str(node.value):
                raise Undecided(LOGIN)
            return self._meant(node, path)
        except Undecided as error:
            return error

    def _meant(self, node: ast.Constant, path: str) -> str:
        """The path in V5. Raises Undecided where a socket is asked for what V5 has on another."""
        room = self.rooms.get(node)
        kinds = {topic.is_private for topic in _topics([room] if room else self.asked)}
        own = legacy.paths()[path].v5_path
        beside = [each for each in self.addresses if self.rooms.get(each) is room]
        served = {legacy.paths()[self.addresses[each]].v5_path == PRIVATE for each in beside}
        if path == BOTH and True in kinds:
            own, served = PRIVATE, {True}
        if (own == PRIVATE) not in kinds:
            raise Undecided(UNSEEN)
        if not kinds <= served:
            raise Undecided(TWO)
        if own == PRIVATE and not any(asked.logs_in for asked in self.asked):
            raise Undecided(LOGIN)
        return own

    @cached_property
    def rooms(self) -> Mapping[ast.Constant, Subscriptions]:
        """The function around each address in which it is subscribed; none where that is not all of the file."""
        found: dict[ast.AST, Subscriptions] = {}
        for node in self.addresses:
            scope = self.module.names.scope(node).function
            found.setdefault(scope.node, Subscriptions(self.module, scope.node))
        said = {message for room in found.values() for message in room.asking}
        is_all = all(room.asking for room in found.values()) and said == {*Subscriptions(self.module).asking}
        return {node: found[self.module.names.scope(node).function.node] for node in self.addresses} if is_all else {}

    @cached_property
    def asked(self) -> list[Subscriptions]:
        """What is subscribed to in the file, or else in those that have its addresses from there. Raises Undecided."""
        own = Subscriptions(self.module)
        if own.asking:
            return [own]
        users = [module for module in self.project.around(self.module) if self._has_them_from_here(module)]
        if any(module.source.path not in self.named for module in users):
            raise Undecided(UNNAMED)
        return [Subscriptions(module) for module in sorted(users, key=lambda module: module.source.path)]

    def _has_them_from_here(self, module: Module) -> bool:
        """True for another file that says the name of an address. Raises Undecided if it has some of its own."""
        nodes = module.names.nodes() if module is not self.module and module.is_readable else ()
        is_user = any({getattr(node, "id", ""), getattr(node, "attr", "")} & self._names for node in nodes)
        if is_user and _addresses(module):
            raise Undecided(UNSEEN)
        return is_user

    @cached_property
    def _names(self) -> set[str]:
        """The names that the file gives to its addresses."""
        statements = (self.module.names.statement(node) for node in self.addresses)
        targets = (target for made in statements if isinstance(made, ast.Assign) for target in made.targets)
        return {target.id for target in targets if isinstance(target, ast.Name)}

    def _moved(self, node: ast.AST, path: str, meant: str) -> Edit:
        start, end = place(self.source, node)
        at = self.source.body.find(f".com{path}".encode(), start, end)
        return Edit(at + 4, at + 4 + len(path.encode()), meant)


def _topics(asked: Iterable[Subscriptions]) -> list[Topic]:
    """All that is subscribed to. Raises Undecided where not all of it is seen."""
    found = [topic for each in asked for topic in each.topics]
    if not found:
        raise Undecided(UNSEEN)
    own = {topic.begins for topic in found if topic.is_private}
    if len({migrations.topics()[name] for name in own}) < len(own):
        raise Undecided(ONE)
    return found


def _addresses(module: Module) -> dict[ast.Constant, str]:
    """The addresses of streams before V5 that a file says, with their paths."""
    texts = (node for node in module.names.nodes() if isinstance(node, ast.Constant))
    return {node: path for node in texts if (path := _path(node))}


def _path(node: ast.Constant) -> str:
    """The path of a stream before V5 that a text goes to; empty for any other."""
    found = ADDRESS.fullmatch(node.value) if isinstance(node.value, str) else None
    known = legacy.paths().get(found["path"]) if found else None
    return found["path"] if found and known and known.kind == "stream" else ""
