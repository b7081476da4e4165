"""An order that is sent over a socket says who hears of it when Bybit refuses it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Dispatch, Finding

RULE = Rule("BYB507", __name__, severity="warning")


@RULE.on(Dispatch)
def check(dispatch: Dispatch) -> Iterator[Finding]:
    if dispatch.is_error_lost:
        yield Finding(
            dispatch.span,
            f"nobody hears of it when Bybit refuses this {dispatch.method}: without error_callback the refusal is "
            "logged and dropped",
        )
