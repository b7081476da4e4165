"""A call of an older client as one of V5: its method, its arguments, what is added. Whole, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.statements import behind
from bybit_lint.fixing.migration.arguments import positions
from bybit_lint.fixing.migration.arguments.categories import CLIENTS, category
from bybit_lint.fixing.migration.arguments.completeness import check
from bybit_lint.fixing.migration.arguments.directions import direction
from bybit_lint.fixing.migration.arguments.entries import (
    Entries,
    Entry,
    by_source,
    cut,
    dict_entries,
    joined,
    named,
    text,
)
from bybit_lint.fixing.migration.arguments.forces import FLAG, FORCES, MAKING, POST_ONLY, SLIP, is_post_only
from bybit_lint.fixing.migration.arguments.lists import Lists
from bybit_lint.fixing.migration.arguments.states import LIVE, STATUS, sought
from bybit_lint.fixing.migration.arguments.values import Value, Values, code_of
from bybit_lint.fixing.migration.calls.callees import Callee
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.steps import Changes, Level, Step, Undecided
from bybit_lint.knowledge import availability, endpoint_of, migrations, parameters
from bybit_lint.knowledge.migrations import MANUAL, REVIEW, Migration, Parameter, Way

OF_A_LEG = ("$direction", "$leg")
"""What is added to each order of a batch."""
COINS = {"usdt_perpetual": "USDT", "usdc_perpetual": "USDC"}
"""What the clients of one coin settle in."""
SETTLING = {"symbol", "settleCoin", "baseCoin"}
IDS = {"orderId", "orderLinkId"}
ACTIVE = '"Order"'
"""The orders that wait for nothing: V5 lists those that do, and the stops of positions, in the same answer."""
LIMIT = "limit"
PAGE = "V5 tells {} at once at most, and {} were asked for: the others come with nextPageCursor"
LEVERAGE = "leverage"
"""What goes, and is set by a call of its own."""
BELOW_ONE = "V5 takes no leverage below 1; if cross margin is meant, that is /v5/account/set-margin-mode"
ALL_OF_THEM = "get_instruments_info"
ONLY_MARKET = "all else that the bot asks for is {}"
ONLY_SYMBOL = "V5 needs the symbol, too: {} is that of all orders that the bot places"
TOGETHER = "the orders of a batch are put together elsewhere"
MOST_LEGS = "V5 takes 20 orders of contracts at once at most, and 10 of spot"
PLACING, AMENDING, CANCELLING = ("place_order", "place_batch_order"), "amend_order", "cancel_order"
UNTAKEN = "{} goes, which it never took: see that it is set elsewhere"
FROM_THEN = "V5 tells of {} days from startTime on, and no longer of all that came since"
WINDOWS = ("recvWindow", "recv_window")
WINDOW = "{} goes: see that the client is made with one that is long enough for all of its requests"
TEXTS = ("qty", "price", "triggerPrice", "takeProfit", "stopLoss")
"""What the client makes text of by itself, but not in a batch."""


class Calls:
    """Rewrites the calls of one project."""

    def __init__(self, program: Program, is_hedged: bool) -> None:
        self.program, self.is_hedged = program, is_hedged
        self.values = Values(program)
        self.markets: set[str] = set()
        """The categories of all that was rewritten so far."""
        self.ordered: set[str] = set()
        """The symbols of all orders that were seen so far; empty for one that is known only at run time."""
        self.has_seen_all = False
        """True once each call was looked at."""

    def step(self, sighting: Sighting, rewrite: type[Rewriting]) -> Step:
        """What becomes of one call."""
        known = migrations.migrations().get((sighting.client, sighting.method))
        step = self._step(sighting, rewrite, known)
        if known is not None and known.v5_method in PLACING and step.is_left:
            self.ordered.add("")
        return step

    def _step(self, sighting: Sighting, rewrite: type[Rewriting], known: Migration | None) -> Step:
        meant = known.v5_method if known else ""
        step = Step(sighting.span, sighting.name, meant, Level.LEFT)
        if sighting.doubt:
            return step.left(sighting.doubt)
        if known is None:
            return step.left("no older client is known to have had it")
        if known.level == MANUAL:
            return step.left(known.because)
        try:
            rewriting = rewrite(self, sighting, known)
            changes = rewriting.changes()
        except (Undecided, Refused) as error:
            return step.left(str(error))
        self.markets |= {rewriting.category} - {""}
        if known.v5_method in PLACING:
            self.ordered.add(rewriting.ordered)
        level = Level.REVIEW if known.level == REVIEW else Level.CERTAIN
        reasons = (known.because,) if known.because else ()
        made = step._replace(level=level, reasons=reasons, changes=changes, meant=rewriting.meant)
        return made.doubted(*rewriting.doubts)


class Rewriting:
    """One call on its way."""

    def __init__(self, calls: Calls, sighting: Sighting, known: Migration) -> None:
        self.calls, self.sighting, self.known = calls, sighting, known
        self.module, self.node = sighting.module, sighting.node
        self.source, self.method = self.module.source, known.v5_method
        self.doubts: list[str] = []
        self.category = ""
        self.edits: list[tuple[Source, Edit]] = []
        self._read()

    def _read(self) -> None:
        """What it is given, by name."""
        skip = deferred_callee(self.node)[1]
        names = positional(self.known) if self.sighting.positional is None else self.sighting.positional
        self.entries = Entries(self.calls.program, self.module, self.node, names, skip)
        self.by_name = {entry.name: entry for entry in reversed(self.entries.all)}

    @property
    def meant(self) -> str:
        """What it is in V5: a method of pybit's, or the path that is asked for without a client."""
        endpoint = endpoint_of(self.method) if self.sighting.address else None
        return endpoint.path if endpoint else self.method

    def changes(self) -> Changes:
        """All edits. Raises Undecided."""
        self._choose_orders()
        names, gone = self._arguments(self.entries.all)
        added = self._added(names)
        self._check(names | added)
        given = [f"{name}={value}" for name, value in added.items()]
        callee = Callee(self.calls.program, self.sighting, self.method)
        own = [*self.entries.insertion(given, gone), *callee.edits(), *callee.helper(), *self._leverage()]
        edits = [*((self.source, edit) for edit in own), *callee.elsewhere, *self.edits, *self.entries.removal(gone)]
        return {source: joined(found) for source, found in by_source(edits).items()}

    def _choose_orders(self) -> None:
        """Live orders and finished ones are asked for by two methods: a state that is named says which is meant."""
        entry = self.by_name.get(STATUS)
        if self.method == "get_order_history":
            said = (
                {*str(self._constant(entry) or "").split(",")}
                if entry is not None
                else sought(self.calls.program, self.module, self.node)
            )
            if said and said <= LIVE:
                self.method = "get_open_orders"

    # --- what goes with it --------------------------------------------------------------------------------------------

    def _leverage(self) -> Iterator[Edit]:
        """A statement behind the call's own, for the leverage that it has set too."""
        given = [entry for entry in self.entries.all if self._way(entry.name).only == LEVERAGE]
        if not given:
            return
        statement = self.module.names.parents.get(self.node)
        function, symbol = self.node.func, self.by_name.get("symbol")
        is_alone = isinstance(statement, (ast.Expr, ast.Assign)) and isinstance(function, ast.Attribute)
        if not is_alone or symbol is None or len(given) < len(positions.SIDES):
            raise Undecided("it sets the leverage too, which is a call of its own in V5: set_leverage")
        assert isinstance(function, ast.Attribute)
        assert isinstance(statement, (ast.Expr, ast.Assign))
        values = {"category": code_of(self._category()), "symbol": text(self.source, symbol.value)}
        for entry in given:
            name = "buyLeverage" if entry.name.startswith("buy") else "sellLeverage"
            values[name] = self._converted(entry, "text") or text(self.source, entry.value)
        listed = ", ".join(f"{name}={value}" for name, value in values.items())
        yield behind(self.source, statement, f"{text(self.source, function.value)}.set_leverage({listed})")

    # --- what is given ------------------------------------------------------------------------------------------------

    def _arguments(self, entries: Sequence[Entry]) -> tuple[dict[str, str], list[Entry]]:
        """The V5 names of what is given, with the values that are known, and what goes."""
        names: dict[str, str] = {}
        old: dict[str, str] = {}
        gone = []
        for entry in entries:
            way = self._way(entry.name)
            if not way.new or (self.method == "get_open_orders" and entry.name == STATUS):
                self._let_go(entry, way)
                gone.append(entry)
                continue
            new = self._post_only(entry) or {p.name: self._converted(entry, self._how(p)) for p in way.new}
            for name, value in new.items():
                if old.setdefault(name, entry.name) != entry.name:
                    raise Undecided(f"{name} would be given twice")
                names[name] = "" if name in names else value or self._written(entry)
            self.edits += ((entry.source, edit) for edit in self._renaming(entry, new))
        return names, gone

    def _renaming(self, entry: Entry, new: Mapping[str, str]) -> Iterator[Edit]:
        """The edits that give an argument its new names and values."""
        yield from named(entry, new)

    def _how(self, parameter: Parameter) -> str:
        return parameter.how

    def _post_only(self, entry: Entry) -> dict[str, str]:
        """What becomes of a type of order that is a time in force in V5, or of the one beside `post_only=True`."""
        if entry.name in FORCES:
            return {"timeInForce": POST_ONLY} if self._is_post_only else {}
        if self._constant(entry) != "LIMIT_MAKER" or self.by_name.keys() & FORCES:
            return {}
        return {"orderType": '"Limit"', "timeInForce": POST_ONLY}

    @property
    def _is_post_only(self) -> bool:
        """True if it says so by a word of its own. Raises Undecided."""
        said = {name: self._constant(entry) for name, entry in self.by_name.items()}
        return self.method in PLACING and is_post_only(said)

    def _way(self, name: str) -> Way:
        found = self.known.arguments.get(name) or self.known.arguments.get(name.rstrip("_"))
        if found is not None:
            return found
        endpoint = endpoint_of(self.method)
        known = parameters.parameters(endpoint.path) if endpoint else {}
        same = Way(name, (Parameter(name, ""),), "")
        usual = same if name in known else migrations.usual().get(name, same)
        if name not in ("page", "order", "side", "direction") and all(p.name in known for p in usual.new):
            return usual
        raise Undecided(f"{name} has no counterpart")

    def _let_go(self, entry: Entry, way: Way) -> None:
        if entry.name == FLAG and self.method not in (*PLACING, AMENDING):
            raise Undecided(f"{entry.name} has no counterpart")
        if entry.name == FLAG and self._is_post_only:
            self.doubts.append(MAKING)
        elif way is migrations.usual().get(entry.name):
            self.doubts.append((WINDOW if entry.name in WINDOWS else UNTAKEN).format(entry.name))
        if way.only not in ("", LEVERAGE) and str(self._constant(entry)) != way.only:
            raise Undecided(f"{entry.name} has no counterpart")

    def _converted(self, entry: Entry, how: str) -> str:
        """The new text of a value; empty for as it is."""
        if how in ("place_active_order", "place_conditional_order") or how.startswith(("cancel_", "replace_")):
            return self._legs(entry, how)
        if how == "tif" and (meant := migrations.values("slip").get(self._constant(entry))):
            self.doubts.append(SLIP.format(self._constant(entry), meant))
            return code_of(meant)
        if how == "text" and self._constant(entry) in (0, "0") and LEVERAGE in entry.name:
            raise Undecided(BELOW_ONE)
        return self._most(entry) or self.calls.values.converted(how, self._value(entry))

    def _most(self, entry: Entry) -> str:
        """The largest limit that V5 has, in the place of a larger one."""
        endpoint, said = endpoint_of(self.method), self._constant(entry)
        known = parameters.parameters(endpoint.path).get(LIMIT) if endpoint and entry.name == LIMIT else None
        if known is None or not known.most or known.allows(said):
            return ""
        self.doubts.append(PAGE.format(known.most, said))
        return str(known.most)

    def _value(self, entry: Entry) -> Value:
        return self.calls.values.value(entry.module, entry.value)

    def _constant(self, entry: Entry) -> object:
        return self._value(entry).constant

    def _written(self, entry: Entry) -> str:
        constant = self._constant(entry)
        return code_of(constant) if constant is not None else ""

    # --- what is added ------------------------------------------------------------------------------------------------

    def _added(self, names: Mapping[str, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.known.added.items():
            if name in names and not value.startswith("$dir"):
                continue
            made = self._found(value, names) if value.startswith("$") else plain(value)
            if made:
                found[name] = made
        if "timeInForce" not in names and self._is_post_only:
            found["timeInForce"] = POST_ONLY
        if self.method == CANCELLING and not {"symbol"} & {*names, *found}:
            found |= self._only_symbol()
        return found

    def _only_symbol(self) -> dict[str, str]:
        """The symbol of an order that is cancelled by its id alone, where all orders have the same one."""
        if not self.calls.has_seen_all or len(self.calls.ordered) != 1 or self.calls.ordered == {""}:
            return {}
        only = next(iter(self.calls.ordered))
        self.doubts.append(ONLY_SYMBOL.format(only))
        return {"symbol": code_of(only)}

    @property
    def ordered(self) -> str:
        """The symbol that it is for; empty for one that is known only at run time."""
        symbol = self.by_name.get("symbol") or self.by_name.get("symbolId")
        said = self._constant(symbol) if symbol else None
        return said if isinstance(said, str) else ""

    def _found(self, value: str, names: Mapping[str, str]) -> str:
        match value:
            case "$category":
                return code_of(self._category())
            case "$position":
                return self._position(names) or "0"
            case "$side":
                return self._position(names)
            case "$leg":
                return self._leg_of_order(names)
            case "$direction":
                return self._direction()
            case "$filter":
                return "" if names.keys() & IDS else ACTIVE
            case "$settle":
                return "" if names.keys() & SETTLING else code_of(COINS[self.sighting.client])
        raise Undecided(f"{value} is not known")

    def _category(self) -> str:
        if not self.category:
            symbol = self.by_name.get("symbol") or self.by_name.get("symbolId")
            held = self._value(symbol) if symbol else None
            coins = [self._constant(self.by_name[name]) for name in ("settleCoin", "coin") if name in self.by_name]
            is_linear = held is None and any(coin in COINS.values() for coin in coins)
            self.category = "linear" if is_linear else self._only_market(held) or self._market(held)
        return self.category

    def _market(self, symbol: Value | None) -> str:
        return category(self.sighting.client, symbol, is_public=self._is_public)

    def _only_market(self, symbol: Value | None) -> str:
        """The category of all else that the bot asks for, where it asks for all contracts there are."""
        is_of_all = symbol is None and self.method == ALL_OF_THEM and self.sighting.client not in CLIENTS
        if not is_of_all or not self.calls.has_seen_all or len(self.calls.markets) != 1:
            return ""
        only = next(iter(self.calls.markets))
        self.doubts.append(ONLY_MARKET.format(only))
        return only

    @property
    def _is_public(self) -> bool:
        endpoint = endpoint_of(self.method)
        return endpoint is not None and not endpoint.needs_auth

    def _position(self, names: Mapping[str, str]) -> str:
        """The leg of a position in hedge mode, which `side` selected; empty in one-way mode."""
        side = self.by_name.get("side")
        if "positionIdx" in names or not self.calls.is_hedged:
            return ""
        if side is None:
            raise Undecided("the bot trades in hedge mode, and side does not say which position is meant")
        return positions.of_side(side, self._constant(side))

    def _leg_of_order(self, names: Mapping[str, str]) -> str:
        """The position in hedge mode that an order is for; an old order said it by its side and whether it closes."""
        side, closing = self.by_name.get("side"), self.by_name.get("reduce_only")
        if "positionIdx" in names or not self.calls.is_hedged or side is None:
            return ""
        is_closing = self._constant(closing) if closing else False
        return positions.of_order(side, self._constant(side), closing, is_closing)

    def _direction(self) -> str:
        trigger = next((e for n, e in self.by_name.items() if self._becomes(n, "triggerPrice")), None)
        return direction(self.calls.values, trigger, self.by_name.get("base_price") or self.by_name.get("basePrice"))

    def _becomes(self, name: str, new: str) -> bool:
        way = self.known.arguments.get(name)
        return way is not None and any(parameter.name == new for parameter in way.new)

    # --- batches ------------------------------------------------------------------------------------------------------

    def _legs(self, entry: Entry, method: str) -> str:
        """Rewrite the orders of a batch where they are written; the list stays as it is."""
        known = migrations.migrations().get((self.sighting.client, method))
        if known is None:
            raise Undecided("what the orders of a batch consist of is not known")
        if not isinstance(entry.value, ast.List):
            self.doubts.append(MOST_LEGS)
        for leg in Lists(self.module, TOGETHER).dicts(entry.value):
            self.edits += Leg(self, known, leg).made()
        return ""

    def _same(self, found: str) -> str:
        if self.category not in ("", found):
            raise Undecided("the orders of the batch are of several categories")
        return found

    def _check(self, names: Mapping[str, str]) -> None:
        """Raise Undecided where V5 needs more than there is, or knows no such value."""
        check(self.method, names)
        endpoint = endpoint_of(self.method)
        days = availability.longest_range(endpoint.path) if endpoint else None
        if days and "startTime" in names and "endTime" not in names and "days" not in self.known.because:
            self.doubts.append(FROM_THEN.format(days))


class Leg(Rewriting):
    """One order of a batch."""

    def __init__(self, whole: Rewriting, known: Migration, leg: ast.Dict) -> None:
        self.calls, self.sighting, self.known = whole.calls, whole.sighting, known
        self.module, self.node, self.source, self.method = whole.module, whole.node, whole.source, known.v5_method
        self.whole, self.leg, self.doubts = whole, leg, whole.doubts
        self.given = list(dict_entries(self.module, leg))
        self.by_name = {entry.name: entry for entry in self.given}
        self.category = ""
        self.edits = []

    def made(self) -> list[tuple[Source, Edit]]:
        """Its edits. Raises Undecided."""
        names, gone = self._arguments(self.given)
        if gone:
            starts = {entry.start for entry in gone}
            siblings = sorted((entry.start, entry.end) for entry in self.given)
            self.edits += ((self.source, edit) for edit in cut(self.source, siblings, starts))
        added = {name: self._found(value, names) for name, value in self.known.added.items() if value in OF_A_LEG}
        added["timeInForce"] = POST_ONLY if self._is_post_only else ""
        start = self.given[0].start if self.given else 0
        text_of = "".join(f'"{name}": {value}, ' for name, value in added.items() if value and name not in names)
        if text_of:
            self.edits.append((self.source, Edit(start, start, text_of)))
        self.whole.category = self.whole._same(self._category())
        return self.edits

    def _how(self, parameter: Parameter) -> str:
        return parameter.how or ("text" if parameter.name in TEXTS else "")


def positional(known: Migration) -> Sequence[str]:
    """The names of the arguments that could be given without them."""
    if known.method in ("HTTP", "WebSocket") or known.method.endswith("_stream"):
        return [*known.arguments]
    first = next(iter(known.arguments), "")
    return [first] if first == "orders" or known.method == "close_position" else []


def plain(value: str) -> str:
    """A value of the table as code."""
    return value if value.isdecimal() else code_of(value)


def edits_of(steps: Collection[Step]) -> dict[Source, list[Edit]]:
    """The edits of several steps by file."""
    return by_source((source, edit) for step in steps for source, edits in step.changes.items() for edit in edits)
