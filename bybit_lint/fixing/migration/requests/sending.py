"""How a request goes out in V5: by which verb, and what is sent as a query or as JSON, where it is sent."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values.terms import Site
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import cut, place, text
from bybit_lint.fixing.migration.passages.passages import CARRYING, HEADERS, Passage
from bybit_lint.fixing.migration.requests.authorisation import Signed
from bybit_lint.fixing.migration.requests.clearing import NAMELESS, items_of, without_query
from bybit_lint.fixing.migration.steps import Undecided


class Sending:
    """The edits of one sending, for one of the requests that go out by it."""

    def __init__(self, passage: Passage, wanted: str, may_hold_none: Callable[[Passage], bool]) -> None:
        self.passage, self.sender, self.wanted = passage, passage.sender, wanted
        self.may_hold_none = may_hold_none
        """True for a request of whose parameters one may be None."""

    def verb(self) -> Iterator[tuple[Source, Edit]]:
        """Another verb, where V5 asks by another."""
        if self.wanted == self.passage.verb:
            return
        if not self.sender.is_any:
            end = place(self.sender.source, self.sender.node.func)[1]
            yield self.sender.source, Edit(end - len(self.sender.name), end, self.wanted.lower())
            return
        said = [node for node in _given(self.passage.saying) if str(node.value).upper() == self.passage.verb]
        if len(said) != 1:
            raise Undecided("its verb is written elsewhere")
        source = self.passage.saying.module.source
        start, end = place(source, said[0])
        yield source, Edit(start + 1, end - 1, self.wanted)

    def edits(self, signed: Signed) -> Iterator[tuple[Source, Edit]]:
        """What is sent as a query or as JSON, with what signs it. Raises Undecided."""
        if self.sender.left is None:
            if signed != Signed():
                raise Undecided("what signs it is not seen")
            return
        way = self._behind_address if self.sender.query is not None else self._in_place
        if signed.before and HEADERS in self.sender.arguments:
            yield from ((self.sender.source, edit) for edit in self._without(HEADERS))
            headers = text(self.sender.source, self.sender.arguments[HEADERS])
            signed = signed._replace(behind=f", {HEADERS}={headers}{signed.behind}")
        yield from ((self.sender.source, edit) for edit in (self._split if self.sender.is_split else way)(signed))

    @property
    def _carrying(self) -> list[str]:
        """The arguments that have what is sent."""
        return [name for name in CARRYING if name in self.sender.arguments]

    @property
    def _sent(self) -> str:
        """The name of what is sent. Raises Undecided."""
        left = self.sender.left
        if not isinstance(left, ast.Name):
            raise Undecided(NAMELESS)
        return left.id

    def _behind_address(self, signed: Signed) -> Iterator[Edit]:
        """What was a part of the address, as an argument."""
        sender = self.sender
        if self._carrying:
            raise Undecided("its parameters are written in two places")
        yield from without_query(sender.source, sender.address)
        at = max(place(sender.source, each)[1] for each in (*sender.node.args, *sender.node.keywords))
        yield Edit(at, at, f", {signed.before}{self._as(self._sent)}{signed.behind}")

    def _in_place(self, signed: Signed) -> Iterator[Edit]:
        """What is sent in the place of what was sent, without what stood around it."""
        source, left = self.sender.source, self.sender.left
        first, *others = self._carrying
        for name in others:
            yield from self._without(name)
        start, end = self._argument(first)
        assert left is not None
        inner = place(source, left)
        if self._is_both() or not start <= inner[0] < inner[1] <= end:
            yield Edit(start, end, f"{signed.before}{self._as(self._sent)}{signed.behind}")
        elif self._leaves_none_out(first):
            given = "{name: value for name, value in "
            yield Edit(start, inner[0], f"{signed.before}json={given}")
            yield Edit(inner[1], end, f".items() if value is not None}}{signed.behind}")
        else:
            yield Edit(start, inner[0], signed.before + ("params=" if self.wanted == "GET" else "json="))
            yield Edit(inner[1], end, signed.behind)

    def _leaves_none_out(self, name: str) -> bool:
        """True for a dict that becomes JSON, of which a query or a form left out what is None."""
        is_dict = isinstance(self.sender.arguments[name], ast.Name) and name in ("params", "data")
        if self.wanted == "GET" or not is_dict or self.sender.arguments[name] is not self.sender.left:
            return False
        return any(map(self.may_hold_none, self.sender.passages))

    def _split(self, signed: Signed) -> Iterator[Edit]:
        """Query and body stay what they are; the body is JSON now."""
        if signed.before:
            raise Undecided("its query and its body stand apart")
        name = next(name for name in self._carrying if name != "params")
        start, end = self._argument(name)
        yield Edit(start, place(self.sender.source, self.sender.arguments[name])[0], "json=")
        yield Edit(end, end, signed.behind)

    def _is_both(self) -> bool:
        """True if what is sent here is a query or JSON, as the verb has it."""
        return self.sender.is_any and len({passage.verb == "GET" for passage in self.sender.passages}) > 1

    def _as(self, code: str) -> str:
        """What is sent, as a query or as JSON."""
        if not self._is_both():
            return f"params={code}" if self.wanted == "GET" else f"json={code}"
        method = self.sender.arguments.get("method")
        if not isinstance(method, (ast.Name, ast.Attribute)):
            raise Undecided("its verb has no name")
        asked = text(self.sender.source, method)
        is_upper = all(map(str.isupper, filter(None, map(self._said_verb, self.sender.passages))))
        is_get = f'{asked} == "GET"' if is_upper else f'{asked}.upper() == "GET"'
        return f"params={code} if {is_get} else None, json=None if {is_get} else {code}"

    def _said_verb(self, passage: Passage) -> str:
        """The verb as it is written."""
        return next((str(n.value) for n in _given(passage.saying) if str(n.value).upper() == passage.verb), "")

    def _argument(self, name: str) -> tuple[int, int]:
        """Where an argument of the sending stands, with its name."""
        value = self.sender.arguments[name]
        around = self.sender.module.names.parents.get(value)
        return place(self.sender.source, around if isinstance(around, ast.keyword) else value)

    def _without(self, name: str) -> Iterator[Edit]:
        siblings = sorted(items_of(self.sender.source, self.sender.node))
        return cut(self.sender.source, siblings, {self._argument(name)[0]})


def _given(site: Site) -> list[ast.Constant]:
    """The literals that a call is given."""
    assert isinstance(site.node, ast.Call)
    given = [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
    return [node for node in given if isinstance(node, ast.Constant)]
