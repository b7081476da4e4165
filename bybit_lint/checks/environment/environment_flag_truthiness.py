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
    """What the text is taken for, and what to write instead."""
    name, where = flag.name, flag.network.value
    if not flag.is_heard:
        return f"{name} is text here, and only True selects {where}: this client trades real money; write True"
    if flag.text:
        return (
            f"{name} is text here, which counts as True whatever it says: this client talks to {where}; "
            f"write {flag.yes}, or False for real money"
        )
    if flag.text is not None:
        return f"{name} is empty text here, which counts as False: this client does not talk to {where}"
    return (
        f'{name} is text from outside: even "false" selects {where}, and empty text trades real money; '
        "read it as env_flag() does"
    )


def reason(flag: TextFlag) -> str:
    """Why nobody but the bot's owner can mend it."""
    if not flag.is_heard:
        return "env_flag() reads text by its meaning"
    return "text that selects the test now may not do so once it is read by its meaning"
