"""A flag that selects the network is true or false, not text."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Session, TextFlag

RULE = Rule("BYB105", __name__, severity="error", ret_codes=(10003,))


@RULE.on(Session)
def check(session: Session) -> Iterator[Finding]:
    for flag in session.text_flags:
        fix = flag.spell_out()
        yield Finding(flag.span, consequence(flag), fix=fix, not_fixed="" if fix else reason(flag))


def consequence(flag: TextFlag) -> str:
    """What the text does to the account."""
    where = flag.network.value
    if not flag.is_heard:
        return f"this client trades real money, whatever the text says: only True selects {where}, and no text is True"
    if flag.text:
        return f"this client talks to {where}, whatever the text says: any text that is not empty is true"
    if flag.text is not None:
        return f"this client does not talk to {where}: empty text is false"
    return f"this client talks to {where} even where the text says false, and trades real money where it is empty"


def reason(flag: TextFlag) -> str:
    """Why nobody but the bot's owner can mend it."""
    if not flag.is_heard:
        return "env_flag() reads it by its meaning"
    return "env_flag() reads it by its meaning, but text that selects the test now may not then"
