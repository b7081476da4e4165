"""A key is used on the network it was made for."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Named, Network, Related, Session

RULE = Rule("BYB101", __name__, severity="error", ret_codes=(10003,))


@RULE.on(Session)
def check(session: Session) -> Iterator[Finding]:
    key = session.foreign_key
    if key is not None and session.network is not None:
        yield Finding(
            session.flag or session.span,
            f"the key is called {key.name}, but this client talks to {session.network.value}: Bybit answers 10003; "
            f"{remedy(session, key.network)}",
            related=(Related(key.span, f"a key for {key.network.value}"),),
            **session.select(key.network),
        )
    elif session.flag is not None and session.flag_named is not None:
        yield from misfed(session.flag_named, session)


def remedy(session: Session, key: Network) -> str:
    """Toward mainnet it is the key that has to be another."""
    if key is Network.MAINNET and session.network is not None:
        return f"use a {session.network.value} key"
    written = session.written(key)
    return f"write {written}" if written else f"select {key.value}"


def misfed(named: Named, session: Session) -> Iterator[Finding]:
    """A testnet flag that is fed from a demo flag: demo trading is another network than testnet."""
    yield Finding(
        session.flag or session.span,
        f"{named.name} selects testnet here, but demo trading is another network with its own keys; "
        f"write {Network.DEMO.value}=... for it",
        related=(Related(named.span, "a flag for demo"),),
        not_fixed="only you know which of the two networks is meant",
    )
