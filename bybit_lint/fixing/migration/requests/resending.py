"""One signed request as one of V5: path, parameters, how it is sent, and what signs it. Whole, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.values.terms import Constant, Unknown
from bybit_lint.fixing.editing.edits import Edit, overlaps
from bybit_lint.fixing.editing.lines import newline
from bybit_lint.fixing.migration.arguments.categories import of_symbol
from bybit_lint.fixing.migration.arguments.entries import Entry, Form, by_source, cut, joined, operand, place, text
from bybit_lint.fixing.migration.arguments.values import Value
from bybit_lint.fixing.migration.calls import calls
from bybit_lint.fixing.migration.passages.journeys import Journey
from bybit_lint.fixing.migration.passages.passages import Passage
from bybit_lint.fixing.migration.requests.authorisation import Authorisation
from bybit_lint.fixing.migration.requests.clearing import items_of
from bybit_lint.fixing.migration.requests.sending import Sending
from bybit_lint.fixing.migration.steps import Changes, Undecided
from bybit_lint.knowledge import endpoint_of, migrations
from bybit_lint.knowledge.migrations import Parameter

IN_JSON = {"positionIdx": "int", "reduceOnly": "bool", "closeOnTrigger": "bool"}
"""What is no text in JSON; a form had it as text."""
OF_BOTH = ("get_tickers", "get_public_trade_history")
"""What was asked of two markets by one path, and is answered alike for both."""
EMPTIED = ("time_in_force", "timeInForce")
"""What is given as an empty text, for the usual one, and has no such value in V5."""
AT_RUN_TIME = "its symbol decides the category when it runs: USDT contracts are linear, all others inverse"
NEVER_GIVEN = "{} has no counterpart, and goes: nobody gives it"


class Rewriting(calls.Rewriting):
    """One request on its way."""

    def _read(self) -> None:
        assert self.sighting.address is not None
        assert self.sighting.passage is not None
        self.address, self.passage = self.sighting.address, self.sighting.passage
        self.sender = self.passage.sender
        self.journey = Journey(self.calls.program, self.passage)
        self.authorisation = Authorisation(self.journey)
        self.by_name = {entry.name: entry for entry in self.journey.entries}

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
            (self.address.module.source, Edit(*self.address.place, self.meant)),
            *((self.source, edit) for edit in self._put(added, gone)),
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
        made = IN_JSON.get(parameter.name) or ("text" if parameter.name in calls.TEXTS else "")
        return parameter.how or made

    def _converted(self, entry: Entry, how: str) -> str:
        value = self._value(entry)
        if how == "int":
            return self._whole(entry, value)
        if how == "bool":
            return self._truth(entry, value)
        if value.constant in migrations.values(how) and not isinstance(entry.value, ast.Constant):
            value = value._replace(ways=[Unknown()])  # who calls it next may say another word
            return self.calls.values.converted(how, value)
        if how == "text" and all(isinstance(way, Constant) and way.value is None for way in value.ways):
            made = self.calls.values.converted(how, value._replace(ways=[Unknown()]))  # who calls it next gives one
        else:
            made = super()._converted(entry, how)
        is_left_out = made.startswith(("str(", "int(")) and self._may_be_none(entry)
        return f"None if {value.repeated} is None else {made}" if is_left_out else made

    def _whole(self, entry: Entry, value: Value) -> str:
        """A whole number, as JSON has it; empty for what is one."""
        if isinstance(entry.value, ast.Constant) and str(value.constant).isdecimal():
            return str(value.constant) if isinstance(value.constant, str) else ""
        is_whole = all(type(getattr(way, "value", None)) is int for way in value.ways)
        return "" if is_whole else f"int({text(entry.source, entry.value)})"

    def _truth(self, entry: Entry, value: Value) -> str:
        """A truth, as JSON has it; empty for what is one, or is not seen to be a text."""
        if isinstance(entry.value, ast.Constant) and isinstance(value.constant, str):
            return str(value.constant.lower() == "true")
        if not any(isinstance(way, Constant) and isinstance(way.value, str) for way in value.ways):
            return ""
        made = f'str({text(entry.source, entry.value)}).lower() == "true"'
        return f"None if {value.repeated} is None else {made}" if self._may_be_none(entry) else made

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
        for payload in self.journey.payloads:
            own = {group: set(starts) for group, starts in payload.signature.cuts.items()}
            if payload is self.journey.payloads[-1]:
                for entry in gone:
                    own.setdefault(entry.group, set()).add(entry.start)
            for group, starts in own.items():
                if not payload.goes(group):
                    siblings = sorted(items_of(payload.source, group))
                    for edit in cut(payload.source, siblings, starts):
                        yield payload.source, edit

    # --- the way out --------------------------------------------------------------------------------------------------

    @property
    def _wanted(self) -> str:
        endpoint = endpoint_of(self.method)
        assert endpoint is not None
        return endpoint.verb

    def _sending(self) -> Iterator[tuple[Source, Edit]]:
        """The request as V5 takes it: its verb, what is sent, and what signs it."""
        sending = Sending(self.passage, self._wanted, self._may_hold_none)
        signed = self.authorisation.signed(is_public=self._is_public)
        self.doubts += self.authorisation.doubts
        yield from sending.verb()
        yield from sending.edits(signed)

    def _unsigned(self) -> Iterator[tuple[Source, Edit]]:
        """Without what made the old signature, and with what makes the new one."""
        yield from self.authorisation.instead()

    def _may_hold_none(self, passage: Passage) -> bool:
        try:
            given = Journey(self.calls.program, passage).entries
        except Undecided:
            return False
        return any(self._may_be_none(entry) for entry in given)


def apart(source: Source, given: Sequence[str], at: int) -> str:
    """New items before the one at an offset, each on its own line if that stands on one."""
    before_it = source.body[:at].decode()
    line = before_it[before_it.rfind("\n") + 1 :]
    if "\n" in before_it and not line.strip(" \t"):
        return "".join(f"{item},{newline(source)}{line}" for item in given)
    return "".join(f"{item}, " for item in given)
