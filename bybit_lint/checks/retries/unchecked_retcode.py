"""A bot that sends its requests itself looks at the retCode of each answer."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Response

RULE = Rule("BYB304", __name__, severity="error", ret_codes=(10006, 110007))


@RULE.on(Response)
def check(response: Response) -> Iterator[Finding]:
    if response.is_unchecked:
        then = "goes on as if it was done" if response.is_write else "goes on without data, or stops without the reason"
        yield Finding(
            response.span,
            f"nobody looks at {response.code} here: a refusal comes with HTTP status 200, and the bot {then}",
            related=(Related(response.result, "its result is taken here"),) if response.result else (),
            ret_codes=(),
        )
