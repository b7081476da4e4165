"""Every value is one that Bybit has for its parameter."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misvalued, Related, of_categories

RULE = Rule("BYB212", __name__, severity="error", ret_codes=(10001, 110017, 170115, 170116, 170117, 170121))

SPOT = {"timeInForce": 170115, "orderType": 170116, "side": 170117, "symbol": 170121}
"""What orders on spot are refused with."""


LONGEST = 40
"""Characters of a value that a message repeats."""


@RULE.on(Misvalued)
def check(value: Misvalued) -> Iterator[Finding]:
    related = (Related(value.sent, "sent here"),) if value.sent else ()
    yield Finding(value.span, message(value), related, ret_codes=codes(value), **value.correct())


def message(value: Misvalued) -> str:
    if value.category:
        asked = value.values[0]
        return f"{value.said} is a symbol of {value.category}, but the category here is {asked}; change one of the two"
    if value.most:
        asked = f"{value.written or value.name}={value.code or value.said}"
        return (
            f"{asked} is more than Bybit gives at once: what is beyond {value.most} is missing; ask again for the rest"
        )
    if value.against:
        return (
            f"{value.name}={value.said} and {value.against} differ, and Bybit takes only equal ones; send two requests"
        )
    if value.reduced_by:
        return (
            f"positionIdx={value.said} is the position that a {value.reduced_by} makes larger: with reduceOnly Bybit "
            f"refuses it; change the index or the side"
        )
    *others, last = value.values or ("",)
    listed = f"{', '.join(others)} or {last}" if others else last
    name = value.written or value.name
    if value.is_of_others:
        return f"{shown(value)} is not a value of {name} here: {value.endpoint} has {listed} only"
    instead = value.right or listed
    remedy = f"; write {instead}" if instead else f", with {value.flaw}; it takes {value.shape}" if value.shape else ""
    return f"{shown(value)} is not a value of {name}{remedy}"


def shown(value: Misvalued) -> str:
    """The value as it is written, or what it begins with."""
    code = value.code or value.said
    return code if len(code) <= LONGEST else f"{code[: LONGEST - 1]}…"


def codes(value: Misvalued) -> tuple[int, ...]:
    """What is not documented for spot alone may be answered as anywhere else."""
    if value.most:
        return ()
    if value.reduced_by:
        return (110017,)
    if value.unblocks_orders and value.name in SPOT:
        return of_categories((10001, SPOT[value.name]), [value.market])
    return (10001,)
