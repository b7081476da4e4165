"""The recv_window is a number, and is set where somebody reads it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Window

RULE = Rule("BYB404", __name__, severity="error", ret_codes=(10002,))


@RULE.on(Window)
def check(window: Window) -> Iterator[Finding]:
    if window.is_text:
        yield Finding(
            window.span,
            "the first late request ends in a TypeError: the client adds to this recv_window, which is text",
            fix=window.as_number(),
            not_fixed="" if window.number else "what it should be is not written here",
        )
    elif window.is_misplaced:
        yield Finding(
            window.span,
            "late requests are refused as if this were not set: nobody reads a recv_window here, "
            "it is a setting of the client",
            fix=window.leave_out(),
            not_fixed="" if window.remover else "move it to the settings that are read",
        )
