"""The bundle of certificates is one that its maintainers would still sign for."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Dependency, Finding

RULE = Rule("BYB802", __name__, severity="warning")


@RULE.on(Dependency)
def check(dependency: Dependency) -> Iterator[Finding]:
    defect = dependency.defect
    if defect is not None and defect.concern == "certificates":
        message = f"with {dependency.asked} {defect.effect}{defect.instead}"
        yield Finding(dependency.span, message, **dependency.raise_floor(defect))
