"""The recv_window is long enough for the way to Bybit, and too short for a price to be gone."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Window

RULE = Rule("BYB405", __name__, severity="warning", ret_codes=(10002,))

NOT_FIXED = "the number stands elsewhere, or in the signed text too"


@RULE.on(Window)
def check(window: Window) -> Iterator[Finding]:
    fix = window.reset()
    not_fixed = "" if fix else NOT_FIXED
    if window.is_long:
        seconds = f"{(window.milliseconds or 0) / 1000:g} s"
        message = f"what is sent may be taken {seconds} late, an order at a price that is gone"
        yield Finding(window.span, f"{message}: recv_window is that long", fix=fix, not_fixed=not_fixed)
    elif window.is_short:
        message = f"a request that takes longer than {window.milliseconds} ms is refused"
        yield Finding(window.span, f"{message}: recv_window is that short", fix=fix, not_fixed=not_fixed)
