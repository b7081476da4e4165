"""One signed request as one of V5: path, parameters, how it is sent, and what signs it. Whole, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.values.terms import Constant, Site, Unknown
from bybit_lint.fixing.editing.blocks import block_of
from bybit_lint.fixing.editing.edits import Edit, overlaps
from bybit_lint.fixing.editing.lines import newline
from bybit_lint.fixing.migration import calls
from bybit_lint.fixing.migration.bodies import Body
from bybit_lint.fixing.migration.categories import of_symbol
from bybit_lint.fixing.migration.clearing import NAMELESS, items_of, out, stripped, without_query
from bybit_lint.fixing.migration.entries import Entry, Form, by_source, cut, joined, operand, place, text
from bybit_lint.fixing.migration.journeys import UNSIGNED, Journey
from bybit_lint.fixing.migration.parts import Part
from bybit_lint.fixing.migration.passages import CARRYING, Passage
from bybit_lint.fixing.migration.signatures import KEY, SOMETIMES, TIME, WINDOWS
from bybit_lint.fixing.migration.signers import SIGNER, signer
from bybit_lint.fixing.migration.steps import Changes, Undecided
from bybit_lint.knowledge import endpoint_of, migrations
from bybit_lint.knowledge.migrations import Parameter

POSITION, WHOLE = "positionIdx", "int"
"""What is a number in JSON, which the client makes of texts by itself."""
OF_BOTH = ("get_tickers", "get_public_trade_history")
"""What was asked of two markets by one path, and is answered alike for both."""
EMPTIED = ("time_in_force", "timeInForce")
"""What is given as an empty text, for the usual one, and has no such value in V5."""
AT_RUN_TIME = "its symbol decides the category when it runs: USDT contracts are linear, all others inverse"
NEVER_GIVEN = "{} has no counterpart, and goes: nobody gives it"
NO_TIME = "its timestamp came from elsewhere, and comes from this machine's clock now"


class Rewriting(calls.Rewriting):
    """One request on its way."""

    def _read(self) -> None:
        assert self.sighting.address is not None
        assert self.sighting.passage is not None
        self.address, self.passage = self.sighting.address, self.sighting.passage
        self.sender = self.passage.sender
        self.journey = Journey(self.calls.program, self.passage)
        self.by_name = {entry.name: entry for entry in self.journey.entries}

    @property
    def said_in(self) -> Source:
        """The file that says the path."""
        return (self.address.module or self.module).source

    @property
    def meant(self) -> str:
        endpoint = endpoint_of(self.method)
        assert endpoint is not None
        return endpoint.path

    def changes(self) -> Changes:
        """All edits. Raises Undecided."""
        entries = self.journey.entries
        given = [(entry.group, entry.name) for entry in entries]
        if twice := [name for group, name in given if given.count((group, name)) > 1]:
            raise Undecided(f"{twice[0]} is given twice")
        if self._is_public and "symbol" in self.known.arguments and "symbol" not in self.by_name:
            raise Undecided("without a symbol it answers for all of them")
        self._choose_orders()
        names, gone = self._arguments(entries)
        added = self._added(names)
        self._check(names | added)
        self._check_market()
        cuts = self._cuts(gone)
        edits = [
            *self.edits,
            (self.said_in, self._path()),
            *((self.source, edit) for edit in self._put(added, gone)),
            *self._verb(),
            *self._sending(),
            *cuts,
            *self._unsigned(),
        ]
        found = {source: joined(held) for source, held in by_source(edits).items()}
        for held in found.values():
            if any(overlaps(*pair) for pair in combinations(dict.fromkeys(held), 2)):
                raise Undecided("what is put in and what goes are in each other's way")
        return found

    # --- parameters ---------------------------------------------------------------------------------------------------

    def _how(self, parameter: Parameter) -> str:
        made = WHOLE if parameter.name == POSITION else "text" if parameter.name in calls.TEXTS else ""
        return parameter.how or made

    def _converted(self, entry: Entry, how: str) -> str:
        value = self._value(entry)
        if how == WHOLE:
            written = text(entry.source, entry.value)
            if isinstance(entry.value, ast.Constant) and str(value.constant).isdecimal():
                return str(value.constant) if isinstance(value.constant, str) else ""
            return "" if all(type(getattr(way, "value", None)) is int for way in value.ways) else f"int({written})"
        if value.constant in migrations.values(how) and not isinstance(entry.value, ast.Constant):
            value = value._replace(ways=[Unknown()])  # who calls it next may say another word
            return self.calls.values.converted(how, value)
        made = super()._converted(entry, how)
        is_left_out = self._may_be_none(entry)
        is_told = not made or how != "text" or made.startswith("None if ")
        return f"None if {value.repeated} is None else {made}" if is_left_out and not is_told else made

    def _may_be_none(self, entry: Entry) -> bool:
        """True for what is None on some way, or unless the function around is given another, whoever may call that."""
        if any(isinstance(way, Constant) and way.value is None for way in self._value(entry).ways):
            return True
        scope = entry.module.names.scope(entry.value).function
        default = (
            defaults(scope.node.args).get(getattr(entry.value, "id", "")) if isinstance(scope.node, FUNCTIONS) else None
        )
        return isinstance(default, ast.Constant) and default.value is None

    def _way(self, name: str) -> migrations.Way:
        if name in EMPTIED and self._constant(self.by_name[name]) == "" and self._is_never_given(name):
            return migrations.Way(name, (), "")
        try:
            return super()._way(name)
        except Undecided:
            if not self._is_never_given(name):
                raise
            return migrations.Way(name, (), "")

    def _is_never_given(self, name: str) -> bool:
        """True for a parameter that is None, as all callers make it; a person is told that it goes."""
        entry = self.by_name.get(name)
        ways = self._value(entry).ways if entry else []
        nothing = (None, "") if name in EMPTIED else (None,)
        is_never = bool(ways) and all(isinstance(way, Constant) and way.value in nothing for way in ways)
        self.doubts += [NEVER_GIVEN.format(name)] if is_never else []
        return is_never

    def _found(self, value: str, names: Mapping[str, str]) -> str:
        try:
            return super()._found(value, names)
        except Undecided:
            symbol = self.by_name.get("symbol")
            if value != "$category" or self.method not in OF_BOTH or symbol is None:
                raise
            self.doubts.append(AT_RUN_TIME)
            return f'"linear" if {operand(symbol.source, symbol.value)}.endswith("USDT") else "inverse"'

    def _let_go(self, entry: Entry, way: migrations.Way) -> None:
        if way.only == calls.LEVERAGE:
            raise Undecided("it sets the leverage too, which is a request of its own in V5: /v5/position/set-leverage")
        if not way.only or not self._is_never_given(entry.name):
            super()._let_go(entry, way)

    def _added(self, names: Mapping[str, str]) -> dict[str, str]:
        made = migrations.asked_at().get(self.address.path)
        usual = made.added if made is not None and self.passage.verb == "GET" else {}
        return super()._added(names) | {name: value for name, value in usual.items() if name not in names}

    def _check_market(self) -> None:
        """Raise Undecided where the symbol is of another market than the path was for."""
        symbol = self.by_name.get("symbol")
        said = self._constant(symbol) if symbol else None
        own = self.category if self.category in ("linear", "inverse") else ""
        market = of_symbol(said) if isinstance(said, str) else ""
        if own and market and own != market:
            raise Undecided(f"{said} is none of the {own} contracts that {self.address.path} was for")

    def _put(self, added: Mapping[str, str], gone: Sequence[Entry]) -> Iterator[Edit]:
        """The edits that put new parameters before the others."""
        if not added:
            return
        source = self.source
        if self.journey.absent is not None:
            call, name = self.journey.absent
            pairs = ", ".join(f'"{key}": {value}' for key, value in added.items())
            listed = f"{name}={{{pairs}}}" if name else ", ".join(f"{key}={value}" for key, value in added.items())
            at = place(source, call)[1] - 1
            yield Edit(at, at, f", {listed}" if call.args or call.keywords else listed)
            return
        if not self.journey.roots:
            raise Undecided("its parameters are put together elsewhere")
        for root in self.journey.roots:
            is_dict = isinstance(root, ast.Dict)
            pairs_of = [f'"{key}": {value}' if is_dict else f"{key}={value}" for key, value in added.items()]
            kept = [e.start for e in self.journey.entries if e.group is root and e not in gone]
            written = [start for start, _ in items_of(source, root)]
            at = min(kept or written, default=place(source, root)[1] - 1)
            yield Edit(at, at, apart(source, pairs_of, at) if kept else ", ".join(pairs_of))

    def _cuts(self, gone: Sequence[Entry]) -> Iterator[tuple[Source, Edit]]:
        """Without the entries that go, and those that signed."""
        for entry in gone:
            if entry.form is Form.STORE:
                raise Undecided(f"{entry.name} goes, and is {entry.form.value}")
        for part in self.journey.parts:
            own = {group: set(starts) for group, starts in part.signature.cuts.items()}
            if part is self.journey.parts[-1]:
                for entry in gone:
                    own.setdefault(entry.group, set()).add(entry.start)
            for group, starts in own.items():
                if not self._goes(part, group):
                    siblings = sorted(items_of(part.source, group))
                    for edit in cut(part.source, siblings, starts):
                        yield part.source, edit

    def _goes(self, part: Part, node: ast.AST) -> bool:
        """True for what stands in a statement that goes as a whole."""
        here: ast.AST | None = node
        while here is not None:
            if here in part.signature.gone and isinstance(here, ast.stmt):
                return True
            here = part.module.names.parents.get(here)
        return False

    # --- path and verb ------------------------------------------------------------------------------------------------

    def _path(self) -> Edit:
        path, said, source = self.address.path, self.address.said, self.said_in
        start, end = place(source, said)
        at = source.body.find(path.encode(), start, end)
        if at < 0 or source.body.count(path.encode(), start, end) > 1:
            raise Undecided("its path is not written plainly")
        at_end = at + len(path.encode())
        at_end += source.body.startswith(b"/", at_end)
        return Edit(at, at_end, self.meant)

    @property
    def _wanted(self) -> str:
        endpoint = endpoint_of(self.method)
        assert endpoint is not None
        return endpoint.verb

    def _verb(self) -> Iterator[tuple[Source, Edit]]:
        """Another verb, where V5 asks by another."""
        if self._wanted == self.passage.verb:
            return
        if not self.sender.is_any:
            end = place(self.sender.source, self.sender.node.func)[1]
            yield self.sender.source, Edit(end - len(self.sender.name), end, self._wanted.lower())
            return
        said = [node for node in _given(self.passage.saying) if str(node.value).upper() == self.passage.verb]
        if len(said) != 1:
            raise Undecided("its verb is written elsewhere")
        source = self.passage.saying.module.source
        start, end = place(source, said[0])
        yield source, Edit(start + 1, end - 1, self._wanted)

    # --- sending ------------------------------------------------------------------------------------------------------

    def _sending(self) -> Iterator[tuple[Source, Edit]]:
        """The request as V5 takes it: what is sent as a query or as JSON, and what signs it."""
        auth = self._auth()
        if self.sender.left is None:
            if auth:
                raise Undecided("what signs it is not seen")
            return
        way = self._behind_address if self.sender.query is not None else self._in_place
        yield from ((self.sender.source, edit) for edit in (self._split if self.sender.is_split else way)(auth))

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

    def _behind_address(self, auth: str) -> Iterator[Edit]:
        """What was a part of the address, as an argument."""
        sender = self.sender
        if self._carrying:
            raise Undecided("its parameters are written in two places")
        yield from without_query(sender.source, sender.address)
        at = max(place(sender.source, each)[1] for each in (*sender.node.args, *sender.node.keywords))
        yield Edit(at, at, f", {self._as(self._sent)}{auth}")

    def _in_place(self, auth: str) -> Iterator[Edit]:
        """What is sent in the place of what was sent, without what stood around it."""
        source, left = self.sender.source, self.sender.left
        first, *others = self._carrying
        for name in others:
            yield from self._without(name)
        start, end = self._argument(first)
        assert left is not None
        inner = place(source, left)
        if self._is_both() or not start <= inner[0] < inner[1] <= end:
            yield Edit(start, end, f"{self._as(self._sent)}{auth}")
        elif self._leaves_none_out(first):
            given = "{name: value for name, value in "
            yield Edit(start, inner[0], f"json={given}")
            yield Edit(inner[1], end, f".items() if value is not None}}{auth}")
        else:
            yield Edit(start, inner[0], "params=" if self._wanted == "GET" else "json=")
            yield Edit(inner[1], end, auth)

    def _leaves_none_out(self, name: str) -> bool:
        """True for a dict that becomes JSON, of which a query or a form left out what is None."""
        is_dict = isinstance(self.sender.arguments[name], ast.Name) and name in ("params", "data")
        if self._wanted == "GET" or not is_dict or self.sender.arguments[name] is not self.sender.left:
            return False
        return any(map(self._may_hold_none, self.sender.passages))

    def _may_hold_none(self, passage: Passage) -> bool:
        try:
            given = Journey(self.calls.program, passage).entries
        except Undecided:
            return False
        return any(self._may_be_none(entry) for entry in given)

    def _split(self, auth: str) -> Iterator[Edit]:
        """Query and body stay what they are; the body is JSON now."""
        name = next(name for name in self._carrying if name != "params")
        start, end = self._argument(name)
        yield Edit(start, place(self.sender.source, self.sender.arguments[name])[0], "json=")
        yield Edit(end, end, auth)

    def _is_both(self) -> bool:
        """True if what is sent here is a query or JSON, as the verb has it."""
        return self.sender.is_any and len({passage.verb == "GET" for passage in self.sender.passages}) > 1

    def _as(self, code: str) -> str:
        """What is sent, as a query or as JSON."""
        if not self._is_both():
            return f"params={code}" if self._wanted == "GET" else f"json={code}"
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

    # --- signature ----------------------------------------------------------------------------------------------------

    def _auth(self) -> str:
        """What signs it, as an argument; empty for what needs no key."""
        signing = self.journey.signing
        if signing is None:
            if not self._is_public:
                raise Undecided(UNSIGNED)
            return ""
        said = self.journey.said
        if KEY not in said or TIME not in said or signing.signature.secret is None:
            raise Undecided("not all is seen that it is signed with")
        part, time = said[TIME]
        if not part.is_of_this_machine(time):
            self.doubts.append(NO_TIME)
        key, secret = self._code(*said[KEY]), self._code(*signing.signature.secret)
        window = self._window()
        return f", auth={SIGNER}({key}, {secret}{window})"

    def _window(self) -> str:
        held = self.journey.said.get(WINDOWS[0])
        if held is None:
            return ""
        part, value = held
        if isinstance(value, ast.Constant):
            return "" if str(value.value) == "5000" else f', "{value.value!s}"'
        return f", str({self._code(part, value)})"

    def _code(self, part: Body, expr: ast.expr) -> str:
        """What is written in one part of the way, as it can be written beside the sending. Raises Undecided."""
        plain = all(_is_plain(node) for node in ast.walk(expr))
        if not plain or isinstance(expr, ast.Constant):
            raise Undecided("what it is signed with is worked out or written out there: give it a name first")
        for node in ast.walk(expr):
            if isinstance(node, ast.Name) and not self._means_the_same(node.id, part):
                raise Undecided(f"{node.id}, which it is signed with, means something else where it is sent")
        written = expr if part.module.names.parents.get(expr) is not None else None
        return text(part.source, written) if written is not None else ast.unparse(expr).replace("'", '"')

    def _means_the_same(self, name: str, part: Body) -> bool:
        own = part.scope.holder(name)
        sent_in = self.sender.part.scope
        if own is None or own is sent_in:
            return True
        if own is part.scope and own.is_function:
            one, other = part.scope, sent_in
            is_of_one_class = one.parent is other.parent and isinstance(one.parent and one.parent.node, ast.ClassDef)
            firsts = [scope.parameters[0].arg if scope.parameters else "" for scope in (one, other)]
            return is_of_one_class and firsts == [name, name]
        return part.module is self.sender.module and sent_in.holder(name) is own

    def _unsigned(self) -> Iterator[tuple[Source, Edit]]:
        """Without what made the old signature, and with what makes the new one."""
        for part in self.journey.parts:
            yield from ((part.source, edit) for edit in self._without_signing(part))
        if self.journey.signing is not None:
            yield from ((self.sender.source, edit) for edit in signer(self.sender))

    def _without_signing(self, part: Part) -> Iterator[Edit]:
        source = part.source
        gone = [
            node
            for node in part.signature.gone
            if isinstance(node, ast.stmt) and not self._goes(part, _around(part, node))
        ]
        for block in {id(found): found for found in (block_of(source, node) for node in gone)}.values():
            if all(statement in gone for statement in block):
                raise Undecided(SOMETIMES)
        yield from (out(source, node) for node in gone)
        arguments = [*self.sender.node.args, *(k.value for k in self.sender.node.keywords)]
        arguments += [self.sender.address] if self.sender.query is not None else []
        for outer, left in part.stripped.items():
            if self._goes(part, outer) or any(outer is node for each in arguments for node in ast.walk(each)):
                continue
            yield from stripped(source, outer, left)
        for call in part.signers:
            if call in part.roots and not self._goes(part, call):
                yield Edit(*place(source, call.func), "dict")


def _given(site: Site) -> list[ast.Constant]:
    """The literals that a call is given."""
    assert isinstance(site.node, ast.Call)
    given = [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
    return [node for node in given if isinstance(node, ast.Constant)]


def _around(part: Part, node: ast.AST) -> ast.AST:
    return part.module.names.parents.get(node) or node


def _is_plain(node: ast.AST) -> bool:
    match node:
        case ast.Name() | ast.Attribute() | ast.Constant() | ast.Subscript() | ast.expr_context() | ast.keyword():
            return True
        case ast.Call(
            func=ast.Attribute(attr="encode" | "get" | "getenv") | ast.Name(id="bytes" | "bytearray" | "str")
        ):
            return True
    return False


def apart(source: Source, given: Sequence[str], at: int) -> str:
    """New items before the one at an offset, each on its own line if that stands on one."""
    before_it = source.body[:at].decode()
    line = before_it[before_it.rfind("\n") + 1 :]
    if "\n" in before_it and not line.strip(" \t"):
        return "".join(f"{item},{newline(source)}{line}" for item in given)
    return "".join(f"{item}, " for item in given)
