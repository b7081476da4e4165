"""Runs every page of rules/: each case is judged and fixed by the whole engine, with all rules on."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from bybit_lint import checks, engine, knowledge
from bybit_lint.analysis.project import concerns_bybit
from bybit_lint.analysis.source import Source
from bybit_lint.engine import Outcome
from bybit_lint.report import pages
from bybit_lint.report.pages import Block, Case, Page
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Fix, Replace, Span

PAGES = pages.all()
RULES = checks.load()
CASES = {f"{page.code} {page.name} / {case.title}": case for page in PAGES for case in page.cases}


class Engine(NamedTuple):
    """What judges a case: it finds, and it fixes all that can be fixed."""

    check: Callable[[Sequence[Source]], Outcome]
    fix: Callable[[Sequence[Source]], Outcome]


# --- the laws of a case -----------------------------------------------------------------------------------------------


def faults(case: Case, judge: Engine) -> list[str]:
    """Every way in which a case is not what its page says."""
    bad, fixed = texts(case.files("bad")), texts(case.files("fixed"))
    return [
        *wrong_marks(case.files("bad"), judge),
        *wrong_fixes("bad", bad, {**bad, **fixed}, judge),
        *unexpected_offers(bad, fixed, judge),
        *(unclean("fixed", {**bad, **fixed}, judge, case.files("fixed")) if fixed else ()),
        *(wrong_fixes("fixed", {**bad, **fixed}, {**bad, **fixed}, judge) if fixed else ()),
        *unclean("good", texts(case.files("good")), judge),
    ]


def texts(blocks: Sequence[Block]) -> dict[str, str]:
    return {block.path: block.source for block in blocks}


def sources(files: Mapping[str, str]) -> list[Source]:
    return [Source(path, text.encode()) for path, text in files.items()]


def wrong_marks(blocks: Sequence[Block], judge: Engine) -> Iterator[str]:
    """Marks and findings are the same, line by line, code by code."""
    first_lines = {block.path: block.line for block in blocks}
    outcome = judge.check(sources(texts(blocks)))
    found = Counter((f.span.path, f.span.line, f.code) for f in outcome.findings)
    marked = Counter((block.path, marker.line, marker.code) for block in blocks for marker in block.markers)
    yield from outcome.problems
    for path, line, code in sorted((found - marked).elements()):
        yield f"page line {first_lines[path] + line - 1}: {code} is found here, but not marked"
    for path, line, code in sorted((marked - found).elements()):
        yield f"page line {first_lines[path] + line - 1}: {code} is marked here, but not found"


def unclean(kind: str, files: Mapping[str, str], judge: Engine, blocks: Sequence[Block] = ()) -> Iterator[str]:
    """What is found that is not marked as left, and what is marked so and not found."""
    marked = Counter((block.path, marker.line, marker.code) for block in blocks for marker in block.markers)
    for finding in judge.check(sources(files)).findings:
        place = (finding.span.path, finding.span.line, finding.code)
        if place not in marked - Counter():
            yield f"{kind} {finding.span.path}:{finding.span.line} is not clean: {finding.code} {finding.message}"
        marked[place] -= 1
    for path, line, code in (+marked).elements():
        yield f"{kind} {path}:{line}: {code} is marked as left, but not found"


def unexpected_offers(files: Mapping[str, str], fixed: Mapping[str, str], judge: Engine) -> Iterator[str]:
    """A bad file without its fixed twin is offered no fix."""
    for finding in judge.check(sources(files)).findings:
        if finding.fix and (unshown := {verb.target.path for verb in finding.fix.verbs} - fixed.keys()):
            yield f"{finding.code} in line {finding.span.line} offers a fix that no fixed block of {min(unshown)} shows"


def wrong_fixes(kind: str, files: Mapping[str, str], expected: Mapping[str, str], judge: Engine) -> Iterator[str]:
    """Fixing gives what the page shows, byte for byte."""
    outcome = judge.fix(sources(files))
    yield from (*outcome.problems, *outcome.taken_back)
    for source in outcome.sources:
        shown, after = expected[source.path], source.data.decode()
        if after != shown:
            lines = difflib.unified_diff(shown.splitlines(True), after.splitlines(True), "page", "fixed")
            yield f"fixing the {kind} {source.path} does not give what the page shows:\n" + "".join(lines)


# --- the pages --------------------------------------------------------------------------------------------------------


def check(files: Sequence[Source]) -> Outcome:
    return engine.check(files, RULES)


def fix(files: Sequence[Source]) -> Outcome:
    return engine.fix(files, RULES, unsafe=True)


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_what_its_page_says(name: str) -> None:
    if found := faults(CASES[name], Engine(check, fix)):
        pytest.fail("\n".join([name, *found]), pytrace=False)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.noun], ids=lambda rule: rule.code)
def test_a_rule_alone_finds_what_it_finds_among_all(rule: Rule) -> None:
    """Only what a rule wants to know of is looked for; what others ask for must not be needed for that."""
    (page,) = (page for page in PAGES if page.code == rule.code)
    bots = [sources(texts(case.files("bad"))) for case in page.cases if case.files("bad")]
    alone = [engine.check(bot, [rule]).findings for bot in bots]
    assert alone == [[f for f in engine.check(bot, RULES).findings if f.code == rule.code] for bot in bots]


def test_every_rule_has_its_page_and_every_page_its_rule() -> None:
    rules = {f"{rule.code} {rule.family}/{rule.name}" for rule in RULES}
    texts = {f"{page.code} {page.family}/{page.name}" for page in PAGES}
    assert not rules - texts, f"write rules/<family>/<name>.md for {sorted(rules - texts)}"
    assert not texts - rules, f"write checks/<family>/<name>.py for {sorted(texts - rules)}, or correct the title"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_stands_where_its_title_says(page: Page) -> None:
    assert page.path == f"rules/{page.family}/{page.name}.md", f"rename {page.path} or its title: {page.name}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.family != "tool"], ids=lambda page: page.code)
def test_a_page_shows_one_mistake_and_two_innocents(page: Page) -> None:
    kinds = Counter(kind for case in page.cases for kind in ("bad", "good") if case.files(kind))
    assert kinds["bad"] >= 1, f"{page.path}: show the mistake in a `python bad` block"
    assert kinds["good"] >= 2, f"{page.path}: show the right way and its nearest innocent twin in `python good` blocks"


@pytest.mark.parametrize("page", [page for page in PAGES if page.family != "tool"], ids=lambda page: page.code)
def test_a_page_shows_nothing_that_the_engine_never_looks_at(page: Page) -> None:
    projects = [case.files(kind) for case in page.cases for kind in ("bad", "good") if case.files(kind)]
    unread = [files[0].line for files in projects if not any(concerns_bybit(b.source.encode()) for b in files)]
    assert not unread, f"{page.path}: the blocks at lines {unread} prove nothing: no file of theirs speaks of Bybit"


UNSAFE = {
    "BYB202": {"pybit: two decimals before the step"},
    "BYB204": {"pybit: two decimals before the tick"},
    "BYB211": {
        "pybit: an order that can open what it should close",
        "pybit: a wrong value under a wrong name",
        "pybit: a slip of the keyboard in a dict that becomes the arguments",
        "pybit: an order of a batch",
        "ccxt: an entry of params",
    },
    "BYB212": {"pybit: words of the time before V5"},
    "BYB214": {
        "ccxt: the dict stands where the price belongs",
        "ccxt: the number of candles stands where the moment belongs",
    },
    "BYB305": {
        "pybit: a request",
        "requests",
        "httpx: the synchronous client",
        "ccxt: the synchronous exchange",
    },
    "BYB404": {"pybit: given to a method"},
    "BYB503": {"websocket-client: handlers that do not take what they are called with"},
    "BYB508": {
        "pybit: a single try",
        "pybit: no restart, in a class",
        "pybit: pings faster than their answers may be",
    },
    "BYB704": {
        "pybit: the contracts' step of a spot instrument",
        "pybit: a guess in its place",
        "pybit: spot's step of a contract, asked for by a coroutine",
        "requests: the contracts' step of a spot instrument",
        "ccxt: an endpoint called by its own name",
    },
}
"""The cases whose fix is unsafe, on the pages whose other fixes are safe."""


@pytest.mark.parametrize("page", [page for page in PAGES if page.safety == "safe"], ids=lambda page: page.code)
def test_a_fix_is_safe_except_where_it_is_known_to_be_unsafe(page: Page) -> None:
    found = {case.title: check(sources(texts(case.files("bad")))).findings for case in page.cases}
    fixes = {title: [f.fix for f in findings if f.fix and f.code == page.code] for title, findings in found.items()}
    unsafe = {title for title, of_case in fixes.items() if not all(fix.is_safe for fix in of_case)}
    assert unsafe == UNSAFE.get(page.code, set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_fix_safety_of_a_page_is_that_of_its_fixes(page: Page) -> None:
    findings = [finding for case in page.cases for finding in check(sources(texts(case.files("bad")))).findings]
    said = {finding.fix.is_safe for finding in findings if finding.code == page.code and finding.fix}
    best = "none" if not said else "safe" if True in said else "unsafe"
    assert page.safety == best, f"{page.path}: Fix safety claims {page.safety}, the best fix of its cases is {best}"
    if said == {True, False}:
        words = page.sections["Fix safety"].lower()
        assert "unsafe" in words, f"{page.path}: some fixes of its cases are unsafe; say under Fix safety when"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_ret_codes_of_a_rule_are_known_and_on_its_page(rule: Rule) -> None:
    page = pages.find(rule.code)
    for code in rule.ret_codes:
        assert knowledge.ret_code(code), f"{rule.code}: add {code} to knowledge/ret_codes.tsv"
        assert str(code) in getattr(page, "text", ""), f"{rule.code}: its page never says {code}"


# --- the machinery ----------------------------------------------------------------------------------------------------

SMALL = """\
# BYB999 small-mistake

A mistake is not made.

## What happens to the account

Nothing.

## Cases

### one mistake

```python bad
first()
mistake(1)  # finding
```

```python fixed
first()
right(1)
```

### none

```python good
right(2)
```

## Fix safety

Safe: nothing is sent.

## Not seen

Nothing.

## Sources

None.
"""


def pretend_check(files: Sequence[Source]) -> Outcome:
    """A mistake is BYB999 and can be fixed, a riddle is BYB998 and cannot."""
    found = []
    for source in files:
        for line, text in enumerate(source.data.decode().splitlines(), start=1):
            span = Span(source.path, line, 1, line, 2, 0, 1)
            repair = Fix("make it right", (Replace(span, "right"),), is_safe=True)
            found += [Finding(span, "a mistake", fix=repair, code="BYB999")] * text.count("mistake(")
            found += [Finding(span, "a riddle", code="BYB998")] * text.count("riddle(")
    return Outcome(files, found)


def pretend_fix(files: Sequence[Source]) -> Outcome:
    return Outcome([Source(source.path, source.data.replace(b"mistake(", b"right(")) for source in files], ())


def faults_of(text: str) -> list[str]:
    page = pages.parse(text, "rules/small/small-mistake.md")
    return [fault for case in page.cases for fault in faults(case, Engine(pretend_check, pretend_fix))]


def test_what_the_engine_could_not_do_is_a_fault() -> None:
    def crash(files: Sequence[Source]) -> Outcome:
        return pretend_check(files).replace(problems=["a check crashed"])

    (case, _) = pages.parse(SMALL, "rules/small/small-mistake.md").cases
    assert faults(case, Engine(crash, pretend_fix)) == ["a check crashed"]
    assert "a check crashed" in faults(case, Engine(pretend_check, crash))


def without_fixed(text: str) -> str:
    return text[: text.index("```python fixed")] + text[text.index("### none") :]


def test_a_page_that_is_right_has_no_faults() -> None:
    assert faults_of(SMALL) == []


def test_a_mark_on_the_wrong_line_is_two_faults() -> None:
    moved = SMALL.replace("first()\nmistake(1)  # finding", "first()  # finding\nmistake(1)")
    assert faults_of(moved) == [
        "page line 15: BYB999 is found here, but not marked",
        "page line 14: BYB999 is marked here, but not found",
    ]


def test_a_finding_of_another_rule_needs_its_own_mark() -> None:
    both = SMALL.replace("mistake(1)  # finding", "mistake(riddle())  # finding").replace("right(1)", "right(riddle())")
    assert faults_of(both)[0] == "page line 15: BYB998 is found here, but not marked"
    assert "marked" not in "".join(faults_of(both.replace("# finding", "# finding BYB999 BYB998")))


def test_two_findings_of_one_line_need_two_marks() -> None:
    twice = SMALL.replace("mistake(1)", "mistake(mistake(1))").replace("right(1)", "right(right(1))")
    assert faults_of(twice) == ["page line 15: BYB999 is found here, but not marked"]
    assert faults_of(twice.replace("# finding", "# finding BYB999, BYB999")) == []


def test_a_good_block_with_a_finding_is_a_fault() -> None:
    assert faults_of(SMALL.replace("right(2)", "riddle(2)")) == ["good bot.py:1 is not clean: BYB998 a riddle"]


def test_a_fixed_block_with_a_finding_is_a_fault() -> None:
    fixed = SMALL.replace("first()\nright(1)", "first()\nmistake(1)")
    assert "fixed bot.py:2 is not clean: BYB999 a mistake" in faults_of(fixed)
    assert any(fault.startswith("fixing the fixed bot.py") for fault in faults_of(fixed))


@pytest.mark.parametrize("shown", ["right(1) ", "right(10)", "right(1)  # done", "\tright(1)"])
def test_a_fix_that_gives_anything_else_is_a_fault(shown: str) -> None:
    (fault,) = faults_of(SMALL.replace("right(1)", shown))
    assert fault.startswith("fixing the bad bot.py does not give what the page shows:\n--- page\n+++ fixed\n")


def test_a_bad_block_without_its_fixed_one_must_not_be_fixed() -> None:
    assert faults_of(without_fixed(SMALL))[1:] == ["BYB999 in line 2 offers a fix that no fixed block of bot.py shows"]


def test_a_bad_block_that_nothing_can_fix_needs_no_fixed_one() -> None:
    assert faults_of(without_fixed(SMALL).replace("BYB999", "BYB998").replace("mistake(", "riddle(")) == []


TWO_FILES = SMALL.replace("```python bad", "`one.py`:\n\n```python bad").replace(
    "```python fixed",
    "`two.py`:\n\n```python bad\nsecond()\n```\n\n`one.py`:\n\n```python fixed",
)


def test_a_file_that_is_not_changed_needs_no_fixed_block() -> None:
    assert faults_of(TWO_FILES) == []


def test_a_finding_in_another_file_of_the_case_needs_its_own_mark() -> None:
    assert faults_of(TWO_FILES.replace("second()", "riddle()"))[0] == (
        "page line 23: BYB998 is found here, but not marked"
    )
