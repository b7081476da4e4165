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
        seconds = f"{(window.milliseconds or 0) / 1000:.12g} s"
        message = f"with this recv_window an order may be taken {seconds} late, at a stale price; write {window.USUAL}"
        yield Finding(window.span, message, fix=fix, not_fixed=not_fixed, ret_codes=())
    elif window.is_short:
        message = f"with this recv_window what takes over {window.milliseconds} ms is refused; write {window.USUAL}"
        yield Finding(window.span, message, fix=fix, not_fixed=not_fixed)
