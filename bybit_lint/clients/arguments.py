"""What is wrong with the arguments of a request, as far as the tables of what its endpoint takes prove it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.knowledge import endpoint_at
from bybit_lint.knowledge import parameters as tables
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Literal, Misnamed, Missing, Misvalued, Noun
from bybit_lint.vocabulary.record import Record
from bybit_lint.vocabulary.values import UNKNOWN

if TYPE_CHECKING:
    from decimal import Decimal

MISTAKES = (Misnamed, Misvalued, Missing)
SIGNING = {"api_key", "apiKey", "timestamp", "sign", "recv_window", "recvWindow"}
"""What a request may carry beside an endpoint's own parameters; other rules speak of it."""
IDLE = {"timeInForce": ("orderType", "Market")}
"""Arguments of which Bybit takes no notice beside others (https://bybit-exchange.github.io/docs/v5/order/create-order)."""
WRITES = ("/v5/order/create", "/v5/order/amend", "/v5/position/trading-stop", "/v5/position/set-leverage")
"""Where else a parameter may belong that an endpoint does not have."""
NOTHING = (None, "", "0", 0)
"""What stands for a price or a time that is not meant."""
SEPARATORS = regex(r"[/_ ]|:.*")
"""What stands in the symbols of others, and not in Bybit's: `BTC/USDT:USDT`."""
QUOTED = regex(r"(?:USD[TCE]?|PERP|BTC|ETH|EUR|DAI|BRL|TRY)(?:[HMUZ]\d{2})?$|-")
"""How the symbols of Bybit end, with the coin that is paid in and the month of a future, or what options have inside
(https://bybit-exchange.github.io/docs/v5/enum#symbol)."""
PLAIN = regex(r"\d{1,20}(?:\.\d{1,20})?")
"""A number as it is usually written."""
PYBIT = "pybit.unified_trading.HTTP"
SHORTEST = 5
"""Letters of a name that must be there before another with one letter changed is taken for it."""


def mistakes(
    call: CallView,
    path: str,
    fields: Mapping[str, ArgumentView],
    is_closed: bool,
    *,
    is_leg: bool = False,
    is_order: bool = False,
) -> Iterator[Noun]:
    """What is misnamed, misvalued or missing where an endpoint, or one order of its batch, is sent `fields`."""
    if call.is_only and endpoint_at(path) is not None:
        sent = Sent(call, path, fields, is_closed, is_leg, is_order)
        yield from sent.misnamed()
        yield from sent.misvalued()
        yield from sent.missing()


def is_query(path: str) -> bool:
    """True for an endpoint that only asks."""
    endpoint = endpoint_at(path)
    return endpoint is not None and endpoint.verb == "GET"


def misnamed(
    call: CallView,
    path: str,
    fields: Mapping[str, ArgumentView],
    own: Collection[str],
    *,
    is_leg: bool = False,
    is_order: bool = False,
    strangers: Mapping[str, str] = {},
) -> Iterator[Noun]:
    """What is misnamed among arguments that a client adds to its own; it knows the names in `own` itself."""
    if not call.is_only:  # what is no word of Bybit's may be one of the other exchange's
        fields = {name: held for name, held in fields.items() if held.is_for_bybit}
    yield from Sent(call, path, fields, False, is_leg, is_order, own, strangers).misnamed()


def unknown(path: str, names: Collection[str], own: Collection[str] = (), *, is_leg: bool = False) -> dict[str, str]:
    """The names that an endpoint does not know, each with the parameter it is taken for, or with nothing."""
    return dict(_unknown(path, tuple(names), tuple(own), is_leg))


@lru_cache(maxsize=1000)  # each caller of a wrapper is asked of, and nearly all send the same names
def _unknown(path: str, names: tuple[str, ...], own: tuple[str, ...], is_leg: bool) -> Mapping[str, str]:
    if not tables.is_complete(path):
        return {}
    known = tables.legs(path) if is_leg else tables.parameters(path)
    free = [name for name in known if name not in names]
    return {name: taken_for(name, free) for name in names if name not in {*known, *own, *SIGNING}}


def as_meant(path: str, fields: Mapping[str, ArgumentView], *, is_leg: bool = False) -> dict[str, ArgumentView]:
    """The fields under the names they are taken for, so that all that is wrong with them is seen at once."""
    taken = unknown(path, fields, is_leg=is_leg)
    return {taken.get(name) or name: held for name, held in fields.items()}


class Sent(Record):
    """What a request, or one order of a batch, is sent, beside what its endpoint takes.

    What is wrong with it is told once: to the caller who names or passes it, or where the request is written.
    """

    call: CallView
    path: str
    fields: Mapping[str, ArgumentView]
    is_closed: bool
    is_leg: bool
    is_order: bool = False
    own: Collection[str] = ()
    """Further names that the client knows by itself."""
    strangers: Mapping[str, str] = {}
    """Names of other exchanges, and what becomes of them at Bybit, in a few words."""

    @cached_property
    def known(self) -> Mapping[str, tables.Parameter]:
        return tables.legs(self.path) if self.is_leg else tables.parameters(self.path)

    @property
    def is_read(self) -> bool:
        """True if it only asks."""
        return is_query(self.path)

    # Names -----------------------------------------------------------------------------------------------------------

    def misnamed(self) -> Iterator[Misnamed]:
        """The arguments under names that the endpoint does not know."""
        for name, meant in self.unknown.items():
            held = self.fields[name]
            if self._is_told_here(held):
                yield Misnamed(
                    held.span,
                    self.path,
                    name,
                    meant,
                    target=held.span if held.is_named else None,
                    is_harmless=self.is_read or self.was_rejected,
                    unblocks_orders=self.is_order and self.was_rejected,
                    is_needed=self._may_be_needed(meant),
                    is_order=self.is_order and not self.path.startswith("/v5/position/"),
                    is_off=held.constant is False,
                    category=self._category,
                    elsewhere="" if meant else self._elsewhere(name),
                    instead=self.strangers.get(name, ""),
                    is_said_twice=self._is_said_twice(held, name),
                )

    def _may_be_needed(self, meant: str) -> bool:
        """True if Bybit may refuse the request for lack of a parameter: one source is enough to say so."""
        parameter = self.known.get(meant)
        asked = [need for need in self._needs() if meant in need.names and not self._has(need)]
        is_due = any(self._met(need) is not None for need in asked)
        return is_due or (parameter is not None and parameter.required != "no")

    def _elsewhere(self, name: str) -> str:
        """Another endpoint of orders and positions that knows a name."""
        return next((path for path in WRITES if path != self.path and name in tables.parameters(path)), "")

    @property
    def _category(self) -> str:
        category = self.fields.get("category")
        return str(category.constant or "") if category else ""

    @cached_property
    def unknown(self) -> dict[str, str]:
        """The names that the endpoint does not know, each with the parameter it is taken for."""
        return unknown(self.path, self.fields, self.own, is_leg=self.is_leg)

    @cached_property
    def was_rejected(self) -> bool:
        """Proven: Bybit cannot have accepted it, because something is missing that it cannot do without."""
        needs = (need for need in self._needs() if not need.conditions)
        return self.is_closed and any(not self._has(need) for need in needs)

    def _is_said_twice(self, held: ArgumentView, name: str) -> bool:
        """True beside a query that is signed and may be written out a second time."""
        return self.call.get("headers") is not None and held.is_in_text_beside(name)

    def _is_told_here(self, held: ArgumentView) -> bool:
        return self.call.sent is None or held.is_added

    # Values ----------------------------------------------------------------------------------------------------------

    def misvalued(self) -> Iterator[Misvalued]:
        """The literals that are none of their parameter's values, also where its name is wrong too."""
        for name, held in self.fields.items():
            parameter = self.known.get(self.unknown.get(name) or name)
            if parameter is not None and self._is_told_here(held) and not self._is_idle(parameter.name):
                for literal in wrong(parameter, held):
                    if parameter.most and self.call.around.turns_pages:
                        continue  # all comes, if in smaller pages
                    yield self._misvalued(parameter, held, literal, name if name != parameter.name else "")
        yield from self._foreign_symbol()
        yield from self._unequal()

    def _unequal(self) -> Iterator[Misvalued]:
        """Two literals that differ where Bybit takes only equal ones; told to whoever decides one of them."""
        for name, other, condition in tables.equals(self.path) if self.is_closed else ():
            held, beside = self.fields.get(name), self.fields.get(other)
            if held is None or beside is None or not held.is_beside(beside):
                continue  # what is put into a dict in two steps may be put there one instead of the other
            if not next(self._meeting(condition), ""):
                continue
            said, against = _quantity(held.constant), _quantity(beside.constant)
            is_told = self._is_news(held) or self._is_news(beside)
            if said and against and said != against and is_told:
                shown = f"{other}={beside.constant}"
                yield Misvalued(held.value.span, self.path, name, str(held.constant), against=shown)

    def _is_idle(self, name: str) -> bool:
        """True if perhaps nothing depends on what an argument says."""
        given, value = IDLE.get(name, ("", None))
        held = as_meant(self.path, self.fields, is_leg=self.is_leg).get(given)
        return held is not None and held.constant in (value, None)

    def _misvalued(self, parameter: tables.Parameter, held: ArgumentView, literal: Literal, written: str) -> Misvalued:
        known = known_of(literal)
        listed = tables.value_meant(parameter.name, known)
        return Misvalued(
            literal.span,
            self.path,
            parameter.name,
            known if known == str(literal.value) else literal.code,
            parameter.values,
            sent=None if held.span.holds(literal.span) else held.span,
            is_alone=held.is_name_of(literal),
            is_in_text=held.is_in_text,
            right=respelt(parameter, literal, listed),
            is_harmless=self.is_read or not listed,
            unblocks_orders=self.is_order,
            written=written,
            code=literal.code,
            market=self._category,
            most=parameter.most,
            flaw=parameter.flaw(known) if parameter.pattern else "",
            shape=parameter.shape,
            is_of_others=not listed and tables.is_value_somewhere(parameter.name, known),
            is_said_twice=self._is_said_twice(held, written or parameter.name),
        )

    def _foreign_symbol(self) -> Iterator[Misvalued]:
        """A symbol whose form belongs to another category."""
        category, symbol = self.fields.get("category"), self.fields.get("symbol")
        if category is None or symbol is None or not (self._is_news(category) or self._is_news(symbol)):
            return
        meant = tables.category_of(str(category.constant), str(symbol.constant))
        if meant:
            span, said, asked = symbol.value.span, str(symbol.constant), str(category.constant)
            sent = None if symbol.span.holds(span) else symbol.span
            is_order = self.is_order
            yield Misvalued(
                span, self.path, "symbol", said, (asked,), meant, sent, unblocks_orders=is_order, market=asked
            )

    def _is_news(self, held: ArgumentView) -> bool:
        return self._is_told_here(held) or held.is_passed

    # What is not there -----------------------------------------------------------------------------------------------

    def missing(self) -> Iterator[Missing]:
        """What the endpoint needs and the request is proven not to have."""
        told = partial(Missing, self.call.span, self.path, is_order=self.is_order, category=self._category)
        lacking = [need for need in self._needs() if self.is_closed and self._lacks(need)]
        always = tuple(name for need in lacking if need.is_plain and self._is_made_here(need) for name in need.names)
        if always:
            yield told(always)
        for need in lacking:
            if not need.is_plain and self._is_told_of(need):
                because = " and ".join(self._met(need) or ())
                yield told(need.names, because, need.is_choice, otherwise=need.otherwise)

    def _lacks(self, need: tables.Need) -> bool:
        """True if nothing of what is needed is there, not even under a wrong name."""
        return not self._has(need) and not {*self.unknown.values()}.intersection(need.names)

    def _needs(self) -> Iterator[tables.Need]:
        """What the endpoint needs; for an order of a batch what each of them needs."""
        for need in tables.needs(self.path):
            if need.names[0].startswith(tables.LEG) == self.is_leg:
                yield need.of_a_leg() if self.is_leg else need

    def _has(self, need: tables.Need) -> bool:
        return any(name in self.fields and not self._is_left_out(name) for name in need.names)

    def _is_left_out(self, name: str) -> bool:
        """True for None in pybit's methods, which send all but that (pybit 5.17.0, `_clean_query()`)."""
        held = self.fields[name]
        return self.call.path.startswith(PYBIT) and held.is_nothing and None in literal_values(held)

    def _is_made_here(self, need: tables.Need) -> bool:
        """True if whoever is looked at makes the request, or decides that what is needed is not sent."""
        return self._is_new or any(name in self.fields and self.fields[name].is_passed for name in need.names)

    @property
    def _is_new(self) -> bool:
        """True unless whoever is looked at here only passes values for what stands in the request already."""
        return self.call.sent is None or any(held.is_added for held in self.fields.values())

    def _is_told_of(self, need: tables.Need) -> bool:
        """True if the need's conditions are proven, and whoever is looked at here decides one of them."""
        met = self._met(need)
        if met is None:
            return False
        return self._is_made_here(need) or any(self._is_decided(*said.split("=")) for said in met)

    def _is_decided(self, name: str, *value: str) -> bool:
        """True if a caller decides whether something is there, or which value it has."""
        held = self.fields[name]
        return held.is_passed and (bool(value) or says_nothing(held.literals_of_all))

    def _met(self, need: tables.Need) -> tuple[str, ...] | None:
        """What meets a need's conditions, as `orderType=Limit`; None unless all of them are proven."""
        met = [next(self._meeting(condition), "") for condition in need.conditions]
        return tuple(met) if all(met) else None

    def _meeting(self, condition: tables.Condition) -> Iterator[str]:
        for name in condition.names:
            held = self.fields.get(name)
            if held is None:
                continue
            is_there = self.call.sent is None or held.is_named
            if not condition.values and is_there and not says_nothing(held.literals):
                yield name  # what is put into a dict later may be put there for other callers
            elif condition.values and str(held.constant) in condition.values:
                yield f"{name}={held.constant}"


def _quantity(said: object) -> Decimal:
    """The number that a literal is; 0 for none."""
    from decimal import Decimal

    is_plain = isinstance(said, (int, float, str)) and PLAIN.fullmatch(str(said))
    return Decimal(str(said)) if is_plain else Decimal()


def literal_values(held: ArgumentView) -> list[object]:
    """The literals that it may be, on whichever way."""
    return [literal.value for way in held.literals for literal in way]


def says_nothing(ways: Sequence[Sequence[Literal]]) -> bool:
    """True if an argument is None or empty on one of its ways, so that nothing is sent."""
    return any(literal.value in NOTHING for way in ways for literal in way)


def wrong(parameter: tables.Parameter, held: ArgumentView) -> Iterator[Literal]:
    """The literals that are no value of a parameter; none of those that the code may turn into one on the way."""
    if held.may_be_replaced:
        return
    ways = (*held.literals, *(held.composed if parameter.pattern else ())) if parameter.is_limited else ()
    for way in ways:
        said = [literal for literal in way if _says(literal)]
        if not any(allows(parameter, literal) for literal in said):
            yield from {literal.span: literal for literal in said}.values()
        else:
            yield from (each for each in said if each in held.picked and not allows(parameter, each))
    cased = held.cased if parameter.values else None
    if cased is not None and not any(value == getattr(value, str(cased.value))() for value in parameter.values):
        yield cased._replace(value=cased.code)


def allows(parameter: tables.Parameter, literal: Literal) -> bool:
    """True unless it is proven that Bybit has no such value."""
    known = known_of(literal)
    is_whole = known == str(literal.value)
    return parameter.allows(literal.value) if is_whole else parameter.allows_around(known)


def known_of(literal: Literal) -> str:
    """A literal as text, without what is not known of it."""
    return str(literal.value).replace(UNKNOWN, "")


def _says(literal: Literal) -> bool:
    return literal.value not in (None, "") and not isinstance(literal.value, bool)


def taken_for(name: str, choices: Collection[str]) -> str:
    """The parameter that a name is taken for: the same in another spelling, its usual translation, or a near miss."""
    said = squeezed(name)
    spelt = [choice for choice in choices if squeezed(choice) == said]
    usual = [meant for meant in tables.meant_by(name) if meant in choices]
    slips = [choice for choice in choices if is_slip(name, choice)]
    return next(iter((*spelt, *usual, *slips)), "")


def is_slip(name: str, meant: str) -> bool:
    """True if one letter of a name is wrong, too many or missing, or two have changed places."""
    if abs(len(name) - len(meant)) > 1 or min(len(name), len(meant)) < SHORTEST:
        return False
    start = alike(name, meant)
    end = alike(name[start:][::-1], meant[start:][::-1])
    said, right = name[start : len(name) - end], meant[start : len(meant) - end]
    return max(len(said), len(right)) == 1 or (len(said) == 2 and said == right[::-1])


def alike(first: str, second: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = zip(first, second, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def respelt(parameter: tables.Parameter, literal: Literal, listed: str) -> str:
    """The source of a literal with the value that it is taken for, or that is listed for it; empty where none is."""
    known = known_of(literal)
    is_around = known != str(literal.value)
    meant = listed or taken_for_value(parameter, known)
    if parameter.name == "symbol" and not is_around and QUOTED.search(meant) is None:
        return ""  # another word altogether: the name of an account
    is_separator = parameter.name == "symbol" and not SEPARATORS.sub("", known)
    is_meant = bool(meant) or (is_separator and literal.code.startswith("f"))
    is_written = isinstance(literal.value, str) and (not is_around or literal.code.count(known) == 1)
    return literal.code.replace(known, meant) if is_meant and is_written else ""


def taken_for_value(parameter: tables.Parameter, said: str) -> str:
    """The value that a text is another spelling of; empty where there is none."""
    if parameter.name == "symbol":
        found = SEPARATORS.sub("", said).upper()
        return found if parameter.allows(found) else ""
    spelt = [value for value in parameter.values if squeezed(value) == squeezed(said) and len(value) > 1]
    return spelt[0] if spelt else ""


def squeezed(name: str) -> str:
    """What `reduce_only`, `reduceOnly` and `REDUCE-ONLY` have in common."""
    return re.sub(r"[_ -]", "", name).lower()
