"""The recv_window is a number, and is set where somebody reads it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Window, WindowPlace

RULE = Rule("BYB404", __name__, severity="error", ret_codes=(10002,))

READ = {WindowPlace.METHOD: "give it to the client itself", WindowPlace.NOBODY: "put it into the client's options"}


@RULE.on(Window)
def check(window: Window) -> Iterator[Finding]:
    if window.is_text:
        yield Finding(
            window.span,
            "this recv_window is text, to which the client adds a number: the first late request ends in a TypeError",
            fix=window.as_number(),
            not_fixed="" if window.number else "the number is not written here: make an int of it",
            ret_codes=(),
        )
    elif window.is_misplaced:
        yield Finding(
            window.span,
            f"nobody reads a recv_window here: late requests are refused as if it were not set; {READ[window.place]}",
            fix=window.leave_out(),
            not_fixed="" if window.remover else "move it to where the client reads it",
        )
