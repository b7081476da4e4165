"""No version is asked for that is known to fail against Bybit."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Dependency, Finding

RULE = Rule("BYB801", __name__, severity="warning", ret_codes=(10006, 10002))


@RULE.on(Dependency)
def check(dependency: Dependency) -> Iterator[Finding]:
    defect = dependency.defect
    if defect is not None and defect.concern == "exchange":
        message = f"with {dependency.asked} {defect.effect}{defect.instead}"
        yield Finding(dependency.span, message, ret_codes=defect.ret_codes, **dependency.raise_floor(defect))
