"""An instrument's step and minimum are Bybit's, and no number stands for them where the look-up fails."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, GuessedStep, of_categories

RULE = Rule("BYB207", __name__, severity="warning", ret_codes=(10001, 170134, 170137))


@RULE.on(GuessedStep)
def check(guess: GuessedStep) -> Iterator[Finding]:
    yield Finding(
        guess.span,
        f"{guess.code} stands for {guess.stead} of any symbol if the look-up fails: "
        "the order may grow or be refused; let it fail",
        related=guess.related,
        ret_codes=of_categories(RULE.ret_codes, guess.categories),
        not_fixed="only you know what is to be done while the instrument is not known",
    )
