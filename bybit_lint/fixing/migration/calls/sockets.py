"""A socket of an older client served all streams; of V5 there is one for each market, and one for what is private."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.statements import behind
from bybit_lint.fixing.migration.arguments.categories import CLIENTS
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.calls.clients import Makers
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations

IDLE = "nothing is subscribed to on it here: channel_type says which streams it is for, {} or private"
PRIVATE = frozenset({"position_stream", "execution_stream", "order_stream", "wallet_stream", "greek_stream"})
CHANNEL = "private"
SUFFIX = "_private"


class Sockets:
    """Rewrites the making of one socket, and whom its streams are asked of."""

    def __init__(self, makers: Makers, maker: Sighting, streams: Sequence[Sighting]) -> None:
        self.makers, self.maker, self.source = makers, maker, maker.module.source
        self.private = [s for s in streams if _v5_method(s) in PRIVATE]
        self.public = [s for s in streams if _v5_method(s) and s not in self.private and s.method != "is_connected"]

    def edits(self, local: str) -> dict[Source, list[Edit]]:
        """The edits by file; `local` is what the class is called there. Raises Undecided."""
        if not self.private and not self.public and not self._is_idle:
            raise Undecided("what it subscribes to is not seen: V5 wants to know it before")
        if self.private and not self.public:
            return {self.source: self.makers.edits(self.maker, CHANNEL)}
        market = CLIENTS.get(self.maker.client)
        if market is None:
            raise Undecided("which market it is for is not seen")
        found = {self.source: self.makers.edits(self.maker, market)}
        if not self.private and not self.public:
            self.makers.doubts.append(IDLE.format(market))
        if self.private:
            found[self.source].append(self._second(local))
            for sighting in self.private:
                found.setdefault(sighting.module.source, []).append(self._other_receiver(sighting))
        return found

    @property
    def _is_idle(self) -> bool:
        """True for one that has a name which nobody in the project ever says again: nothing is subscribed to on it."""
        module = self.maker.module
        match module.names.parents.get(self.maker.node):
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name) as target]):
                modules = self.makers.values.program.project.readable
                others = (node for each in modules for node in each.names.nodes() if node is not target)
                return not any(name in _said(node, target) for node in others)
        return False

    @property
    def _target(self) -> ast.Name | ast.Attribute:
        match self.maker.module.names.parents.get(self.maker.node):
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
                if self._name(target).encode() in self.source.body:
                    raise Undecided(f"{self._name(target)} means something already")
                return target
        raise Undecided("it becomes two, one of them for private streams: give it a name first")

    def _name(self, target: ast.Name | ast.Attribute) -> str:
        return f"{target.id if isinstance(target, ast.Name) else target.attr}{SUFFIX}"

    def _second(self, local: str) -> Edit:
        """The statement that makes the second socket."""
        statement = self.maker.module.names.statement(self.maker.node)
        end = place(self.source, self.maker.node)[1]
        head = place(self.source, self.maker.node.func)[1]
        body, done, pieces = self.source.body, head, []
        for edit in sorted(set(self.makers.edits(self.maker, CHANNEL))):
            pieces += [body[done : edit.start].decode(), edit.text]
            done = edit.end
        arguments = "".join([*pieces, body[done:end].decode()])
        target = self.source.text(self._target)
        if statement is None:
            raise Undecided("it is not made in a statement")
        try:
            return behind(self.source, statement, f"{target}{SUFFIX} = {local}{arguments}")
        except Refused as error:
            raise Undecided(str(error)) from error

    def _other_receiver(self, sighting: Sighting) -> Edit:
        function, target = sighting.node.func, self._target
        receiver = function.value if isinstance(function, ast.Attribute) else None
        is_same = (
            isinstance(receiver, ast.Name)
            and isinstance(target, ast.Name)
            and receiver.id == target.id
            and sighting.module is self.maker.module
        ) or (
            isinstance(receiver, ast.Attribute) and isinstance(target, ast.Attribute) and receiver.attr == target.attr
        )
        if not is_same or receiver is None:
            raise Undecided("it becomes two, and who asks for its private streams calls it by another name")
        end = place(sighting.module.source, receiver)[1]
        return Edit(end, end, SUFFIX)


def _said(node: ast.AST, target: ast.expr) -> tuple[object, ...]:
    """What a node says that may mean a target; an attribute may be asked for by a text, but not by a bare name."""
    bare = getattr(node, "id", None) if isinstance(target, ast.Name) else None
    return bare, getattr(node, "attr", None), getattr(node, "value", None)


def _v5_method(sighting: Sighting) -> str:
    known = migrations.migrations().get((sighting.client, sighting.method))
    return known.v5_method if known is not None and known.level != migrations.MANUAL else ""
