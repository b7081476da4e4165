"""What a rule is: a code, a name taken from its module, and one judge on one noun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from bybit_lint import vocabulary
from bybit_lint.vocabulary import Finding, Noun, Severity

NounT = TypeVar("NounT", bound=Noun)
Judge = Callable[[NounT], Iterator[Finding]]


class Rule:
    """A rule as its check declares it. `module` is the check's `__name__`, whose last part is the rule's name.

    One of which only this and the name of its noun are known finds its check with `declared`, once it has to judge.
    """

    def __init__(
        self,
        code: str,
        module: str,
        severity: Severity,
        ret_codes: tuple[int, ...] = (),
        is_default: bool = True,
        noun_name: str = "",
        declared: Callable[[str], Rule] | None = None,
    ) -> None:
        self.code, self.module, self.severity, self.ret_codes = code, module, severity, ret_codes
        self.is_default = is_default
        """False for a rule that needs its user's judgement: it is asked only where its own code or name selects it."""
        self.noun_name = noun_name
        self._declared = declared

    @cached_property
    def noun(self) -> type[Noun] | None:
        """What it judges; None for the tool's own rules, which judge no noun."""
        return getattr(vocabulary, self.noun_name) if self.noun_name else None

    @cached_property
    def judge(self) -> Callable[[Any], Iterator[Finding]] | None:
        """What it has to say about one of them."""
        return self._declared(self.module).judge if self._declared and self.noun_name else None

    @property
    def name(self) -> str:
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def family(self) -> str:
        return self.module.split(".")[-2]

    def on(self, noun: type[NounT]) -> Callable[[Judge[NounT]], Judge[NounT]]:
        """Make the decorated function this rule's judge of each `noun`."""

        def register(judge: Judge[NounT]) -> Judge[NounT]:
            self.noun_name, self.noun, self.judge = noun.__name__, noun, judge
            return judge

        return register

    def findings(self, fact: object) -> Iterator[Finding]:
        """What the rule has to say about one fact."""
        if self.noun is not None and isinstance(fact, self.noun) and self.judge is not None:
            for finding in self.judge(fact):
                yield finding.replace(code=self.code)
