"""A proof: a case of a page, run on the exchange as it stands on the page and as the fixer leaves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from exchange import Conditions

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.report import pages
from bybit_lint.report.pages import BlockKind, Case
from proofs.bench import VARIABLES, Bench, Job, Run
from proofs.verdicts import Verdict, account, sent


@dataclass(frozen=True)
class Proof:
    """What the bot of a `bad` block does on the exchange, and what it does after it was fixed."""

    case: str
    """The title of the case on its page."""
    driver: str
    """What makes the bot do its work, see `proofs.runner.program`; without one it is run as a program."""
    bad: Verdict
    fixed: Verdict
    given: Conditions = field(default_factory=Conditions)
    good: str = ""
    """Where the mistake has no fix: the title of the `good` case that does the work without it; `BYB201 rounded by the
    shim` where it stands on another page."""
    instead: str = ""
    """The driver of the good case, where it is another one."""
    either: tuple[str, ...] = ()
    """The switches of `Assumed` that matter here: all this is so in both positions of each."""
    depends: str = ""
    """The switch of `Assumed` on which it depends: in its other position the bad bot does not fail."""
    seconds: float | None = None
    """How long a bot that need not end is watched, by its own clock."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What else stands in the bot's environment."""

    is_deceived: bool = False
    """Whether somebody else answers under Bybit's names."""

    @property
    def is_scaled(self) -> bool:
        return self.given.scale != 1.0

    def slower(self) -> Proof:
        """The same with time passing at a quarter of the speed."""
        return replace(self, given=replace(self.given, scale=self.given.scale / 4))

    def conditions(self) -> Iterator[Conditions]:
        yield self.given
        for switch in self.either:
            yield turned(self.given, switch)

    def job(self, case: Case, kind: BlockKind) -> Job:
        """A bot of the case: the fixed one is what the fixer makes of the bad one, here and now."""
        files = {block.path: block.source for block in case.files("bad" if kind == "fixed" else kind)}
        if kind == "fixed":
            files = {**files, **fixed(tuple(files.items()))}
        driver = self.instead or self.driver if kind == "good" else self.driver
        return Job(files, driver, self.seconds, {**VARIABLES, **self.variables}, self.is_deceived)


def turned(conditions: Conditions, switch: str) -> Conditions:
    """The same conditions with a switch of what is assumed in its other position."""
    return replace(conditions, assumed=conditions.assumed.turned(switch))


@cache
def fixed(files: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What `--fix --unsafe-fixes` makes of some files. Raises ValueError where it could not do all of it."""
    outcome = engine.fix([Source(path, text.encode()) for path, text in files], checks.load(), unsafe=True)
    if problems := [*outcome.problems, *outcome.taken_back]:
        raise ValueError("\n".join(problems))
    return {source.path: source.data.decode() for source in outcome.sources}


def case(code: str, title: str) -> Case:
    """A case by its title. Raises LookupError where its page has none of that name."""
    page = pages.find(code)
    if page is None:
        raise LookupError(f"no page has the code {code}")
    found = next((case for case in page.cases if case.title == title), None)
    if found is None:
        raise LookupError(f"{page.path} has no case `{title}`: its cases are {[case.title for case in page.cases]}")
    return found


def good(code: str, title: str) -> Case:
    """A case of the same page, or of the one whose code stands before its title."""
    other, _, rest = title.partition(" ")
    return case(other, rest) if pages.find(other) else case(code, title)


NO_KEY = "sends no key, so that Bybit refuses it whatever else it says"


def cannot(why: str, code: str, *titles: str) -> dict[str, str]:
    """Why some cases of a page cannot be shown on an exchange, or the whole page."""
    return {f"{code} {title}": why for title in titles} or {code: why}


# --- the laws of a proof ----------------------------------------------------------------------------------------------


def flaws(code: str, proof: Proof, bench: Bench) -> list[str]:
    """Every way in which a proof does not hold."""
    bad = proof.job(case(code, proof.case), "bad")
    right = proof.job(good(code, proof.good), "good") if proof.good else proof.job(case(code, proof.case), "fixed")
    found = [
        flaw for given in proof.conditions() for flaw in flaws_of(proof, bench.run(bad, given), bench.run(right, given))
    ]
    if proof.depends:
        run = bench.run(bad, turned(proof.given, proof.depends))
        if proof.bad.is_true(run):
            found.append(f"the bad bot fails in both positions of {proof.depends}, so it does not depend on it")
    return found


def flaws_of(proof: Proof, bad: Run, right: Run) -> Iterator[str]:
    """Both bots do as is said of them, and neither does what is said of the other."""
    name = "the good bot" if proof.good else "the fixed bot"
    if not proof.bad.is_true(bad):
        yield f"the bad bot does not do this: {proof.bad.words}\n{account(bad)}"
    if not proof.fixed.is_true(right):
        yield f"{name} does not do this: {proof.fixed.words}\n{account(right)}"
    if proof.bad.is_true(right):
        yield f"what is said of the bad bot is true of {name} too: {proof.bad.words}\n{account(right)}"
    if proof.fixed.is_true(bad):
        yield f"what is said of {name} is true of the bad one too: {proof.fixed.words}\n{account(bad)}"
    if not proof.good:
        yield from strange_orders(bad, right)


def strange_orders(bad: Run, right: Run) -> Iterator[str]:
    """No fix sends an order that the bad bot did not send, on another network, or of more."""
    meant = list(attempts(bad))
    for order in attempts(right):
        if meant and not any(is_same(order, other) for other in meant):
            yield f"the fixed bot sends an order that the bad one did not mean: {order}, but {meant}"


WORDS = ("category", "symbol", "side", "orderType")


def said(word: object) -> str:
    """A word without what may be misspelt in it: capitals, and the slash of other exchanges' symbols."""
    return str(word or "").lower().replace("/", "")


def is_same(order: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one order is another one as it was meant: misspelt words count, a smaller quantity may be left."""
    words = ((said(order.get(name)), other.get(name)) for name in ("category", "symbol", "side", "orderType"))
    return (
        order["environment"] in (other["environment"], "testnet", "demo")
        and all(meant is None or word == said(meant) for word, meant in words)
        and bool(order.get("reduceOnly")) >= bool(other.get("reduceOnly"))
        and ("qty" not in other or Decimal(str(order["qty"])) <= Decimal(str(other["qty"])))
    )


def attempts(run: Run) -> Iterator[Mapping[str, Any]]:
    """The orders that a bot sent, whatever became of them."""
    for answer in run.answers:
        if answer.path in ("/v5/order/create", "/v5/order/create-batch"):
            order = sent(answer)
            for leg in order.pop("request", ({},)):
                yield {"environment": answer.environment, **order, **leg}
