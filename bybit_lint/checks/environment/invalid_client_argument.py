"""A client is made with the arguments it takes."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Flaw, Misfit, Session

RULE = Rule("BYB106", __name__, severity="error", ret_codes=(10003,))

CONSEQUENCES = {
    Flaw.NO_DEMO_ORDERS: "no order is ever placed",
    Flaw.NO_DEMO_PRICES: "no price ever arrives",
    Flaw.TESTNET_DEMO: "Bybit knows neither the keys of testnet nor those of demo trading here",
}
NOT_FIXED = {
    Flaw.POSITIONAL: "give each argument its name",
    Flaw.NO_NETWORK: "only you know whether this is for testnet",
    Flaw.NO_DEMO_PRICES: "take the public stream of mainnet: no fix selects mainnet for you",
}


@RULE.on(Session)
def check(session: Session) -> Iterator[Finding]:
    for misfit in session.misfits:
        fix = session.refit(misfit)
        not_fixed = "" if fix else NOT_FIXED.get(misfit.flaw, "nothing else does what this argument was meant to do")
        yield Finding(misfit.span, message(misfit), fix=fix, not_fixed=not_fixed)


def message(misfit: Misfit) -> str:
    """What happens, then why."""
    name = f" {misfit.name}" if misfit.flaw is Flaw.UNKNOWN else ""
    return f"{CONSEQUENCES.get(misfit.flaw, 'the bot stops with a TypeError')}: {misfit.flaw.value}{name}"
