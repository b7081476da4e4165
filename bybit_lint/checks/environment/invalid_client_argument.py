"""A client is made with the arguments it takes."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Flaw, Misfit, Session

RULE = Rule("BYB106", __name__, severity="error", ret_codes=(10003,))

STOPS = "the bot stops with a TypeError"
MESSAGES = {
    Flaw.POSITIONAL: f"this client takes named arguments only: {STOPS}; give each its name",
    Flaw.UNKNOWN: f"{{}} is not an argument of this client: {STOPS}",
    Flaw.UNHEARD: "{} is nothing that this client reads: whatever needs a key stops with an AuthenticationError",
    Flaw.NO_NETWORK: f"testnet is missing: {STOPS}; write testnet=True, or False for real money",
    Flaw.NO_CHANNEL: (
        "there is no channel_type {}: the bot stops with an InvalidChannelTypeError; "
        "write linear, inverse, spot, option or private"
    ),
    Flaw.NO_DEMO_ORDERS: "demo trading has no orders over sockets: no order is ever placed; send them as requests",
    Flaw.NO_DEMO_PRICES: "demo trading has no public streams: no price ever arrives; take mainnet's, with its prices",
    Flaw.TESTNET_DEMO: (
        "demo trading on testnet is a network of its own, with its own keys: those of testnet or demo get 10003 there"
    ),
}
NOT_FIXED = {
    Flaw.POSITIONAL: "only you know which argument is which",
    Flaw.NO_NETWORK: "only you know whether this is for testnet",
    Flaw.NO_CHANNEL: "only you know which of them is meant",
    Flaw.NO_DEMO_PRICES: "take the public stream of mainnet: no fix selects mainnet for you",
    Flaw.NO_DEMO_ORDERS: "whatever takes their place has to be written anew",
    Flaw.TESTNET_DEMO: "only you know which of the two is meant",
}


@RULE.on(Session)
def check(session: Session) -> Iterator[Finding]:
    for misfit in session.misfits:
        fix = session.refit(misfit)
        not_fixed = "" if fix else NOT_FIXED.get(misfit.flaw, "nothing else does what this argument was meant to do")
        yield Finding(misfit.span, message(misfit), fix=fix, not_fixed=not_fixed, ret_codes=codes(misfit))


def codes(misfit: Misfit) -> tuple[int, ...]:
    return RULE.ret_codes if misfit.flaw is Flaw.TESTNET_DEMO else ()


def message(misfit: Misfit) -> str:
    """What is wrong, and what to write instead."""
    instead = f"; {misfit.instead}" if misfit.instead else ""
    return f"{MESSAGES[misfit.flaw].format(misfit.name)}{instead}"
