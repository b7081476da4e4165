"""The dataflow: what is judged, what survives a crash, and what fixing promises."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence

import fakes as made_up
import pytest
from fakes import BAD, BOOM, LONE, RULES, fakes, partial, rule

from bybit_lint import engine, facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.engine import Outcome
from bybit_lint.fixing import editor
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Fix, Noun, Request

__all__ = ["fakes"]
pytestmark = pytest.mark.usefixtures("fakes")

HEAD = "# bybit\n"


def source(text: str, path: str = "bot.py") -> Source:
    return Source(path, (HEAD + text).encode())


def check(*texts: str, rules: Sequence[Rule] = RULES) -> Outcome:
    return engine.check([source(text, f"bot{number}.py") for number, text in enumerate(texts)], rules)


def places(findings: Sequence[Finding]) -> list[str]:
    return [f"{f.span.path}:{f.span.line} {f.code}" for f in findings]


def text(outcome: Outcome, number: int = 0) -> str:
    return outcome.sources[number].data.decode()


# --- checking ---------------------------------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_their_places_whatever_the_order_of_the_files() -> None:
    sources = [source("lone\nbad\n", f"{name}.py") for name in "cab"]
    expected = [f"{name}.py:{line}" for name in "abc" for line in ("2 BYB803", "3 BYB801")]
    for _ in range(5):
        random.shuffle(sources)
        assert places(engine.check(sources, RULES).findings) == expected


@pytest.mark.parametrize(("body", "found"), [(b"bad\n", 0), (b"Bybit; bad\n", 1), (b"BYBIT; bad\n", 1)])
def test_only_a_file_that_speaks_of_bybit_is_judged(body: bytes, found: int) -> None:
    assert len(engine.check([Source("bot.py", body)], RULES).findings) == found


def test_a_broken_file_that_does_not_concern_bybit_is_left_in_peace() -> None:
    outcome = engine.check([Source("bot.py", b"def (")], RULES)
    assert not outcome.findings
    assert not outcome.problems


def test_a_broken_file_is_a_finding_at_the_place_of_its_error_and_the_others_are_judged() -> None:
    outcome = check("bad\n", "x = 1\ndef (\n", "bad\n")
    assert places(outcome.findings) == ["bot0.py:2 BYB801", "bot1.py:3 BYB001", "bot2.py:2 BYB801"]
    assert "not checked" in outcome.findings[1].message


def test_an_unreadable_file_is_reported_even_if_its_rule_is_not_selected() -> None:
    assert places(check("def (\n", rules=[BAD]).findings) == ["bot0.py:2 BYB001"]


def test_a_crashed_check_is_a_problem_that_names_check_and_file_and_nothing_else_is_lost() -> None:
    outcome = check("boom\nbad\n", "bad\n")
    assert places(outcome.findings) == ["bot0.py:3 BYB801", "bot1.py:2 BYB801"]
    (problem,) = outcome.problems
    assert problem.startswith("bot0.py: the check BYB805 boom-name crashed (ValueError: no such)")
    assert "\n" not in problem


def test_a_crashed_extractor_is_a_problem_of_its_file_only() -> None:
    outcome = check("bad\ndeep\n", "bad\n")
    assert places(outcome.findings) == ["bot1.py:2 BYB801"]
    (problem,) = outcome.problems
    assert problem.startswith("bot0.py: the analysis crashed (RecursionError: ")


def test_what_is_seen_twice_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "of", lambda source, project, wanted: made_up.facts_of(source, project) * 2)
    assert places(check("bad\n").findings) == ["bot0.py:2 BYB801"]


def test_context_is_read_but_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def facts_of(source: Source, project: Project, wanted: object = None) -> list[Noun]:
        seen.append((source.path, sorted(project.modules)))
        return made_up.facts_of(source, project)

    monkeypatch.setattr(facts, "of", facts_of)
    outcome = engine.check([source("bad\n", "a.py")], RULES, context=[source("import a\nbad\n", "b.py")])
    assert seen == [("a.py", ["a.py", "b.py"])]
    assert places(outcome.findings) == ["a.py:2 BYB801"]


def test_rules_that_were_not_selected_say_nothing() -> None:
    assert places(check("bad\nlone\n", rules=[LONE]).findings) == ["bot0.py:3 BYB803"]


def test_what_is_wrong_with_a_suppression_is_only_said_if_it_was_asked_for() -> None:
    assert not check("x = 1  # bybit-lint: ignore[BYB801, BYB899]\n", rules=[BAD]).findings


def test_a_suppression_is_unused_only_if_its_check_was_asked_and_answered() -> None:
    comment = "x = 1  # bybit-lint: ignore[{}]\n"
    assert places(check(comment.format("BYB801")).findings) == ["bot0.py:2 BYB002"]
    assert not check(comment.format("BYB801"), rules=[rule for rule in RULES if rule is not BAD]).findings
    assert not check("boom  # bybit-lint: ignore[BYB805]\n").findings


# --- fixing -----------------------------------------------------------------------------------------------------------


def fix(*texts: str, unsafe: bool = False, rules: Sequence[Rule] = RULES, shim: str = engine.SHIM) -> Outcome:
    sources = [source(text, f"bot{number}.py") for number, text in enumerate(texts)]
    return engine.fix(sources, rules, unsafe, shim)


def test_safe_fixes_are_made_and_the_others_stay_on_offer() -> None:
    outcome = fix("x = bad\ny = odd\nz = lone\n")
    assert text(outcome).endswith("x = jitter(0)\ny = odd\nz = lone\n")
    assert places(outcome.fixed) == ["bot0.py:2 BYB801"]
    assert [(f.code, f.not_fixed) for f in outcome.findings] == [("BYB802", ""), ("BYB803", "")]
    assert not outcome.problems


@pytest.mark.parametrize("order", [1, -1])
def test_a_mistake_that_is_found_twice_is_told_once_and_its_fix_is_as_safe_as_it_is_both_times(order: int) -> None:
    unsure = rule("BYB801", "bad", "{}(0)", is_safe=False)
    outcome = fix("x = bad\n", rules=(BAD, unsure)[::order])
    assert text(outcome).endswith("x = bad\n")
    assert places(outcome.findings) == ["bot0.py:2 BYB801"]


def test_all_fixes_are_made_if_the_unsafe_ones_are_wanted() -> None:
    outcome = fix("x = bad\ny = odd\n", unsafe=True)
    assert text(outcome).endswith("x = jitter(0)\ny = jitter(1)\n")
    assert not outcome.findings


@pytest.mark.parametrize("shim", ["bybit_lint.shim", "mybot.helpers"])
def test_helpers_are_imported_from_the_shim_of_the_config(shim: str) -> None:
    assert f"from {shim} import jitter\n" in text(fix("x = bad\n", shim=shim))


def test_fixing_twice_changes_nothing() -> None:
    once = fix("x = bad\ny = odd + sticky\n", unsafe=True)
    twice = engine.fix(once.sources, RULES, unsafe=True)
    assert twice.sources[0].data == once.sources[0].data
    assert not twice.fixed


def test_the_sources_come_back_in_the_order_they_were_given() -> None:
    outcome = fix("x = bad\n", "pass\n", "x = bad\n")
    assert [source.path for source in outcome.sources] == ["bot0.py", "bot1.py", "bot2.py"]
    assert text(outcome, 1) == HEAD + "pass\n"


def test_a_suppressed_finding_is_not_fixed() -> None:
    before = "x = bad  # bybit-lint: ignore[BYB801] meant so\n"
    assert text(fix(before)) == HEAD + before


def test_a_fix_that_does_not_help_is_taken_back_loudly_and_the_others_are_made() -> None:
    outcome = fix("x = sticky\ny = bad\n")
    assert text(outcome).endswith("x = sticky\ny = jitter(0)\n")
    assert places(outcome.fixed) == ["bot0.py:3 BYB801"]
    (left,) = outcome.findings
    assert left.not_fixed == "the fix was taken back: the fixed file would still have BYB804"
    (told,) = outcome.taken_back
    assert told.startswith("bot0.py:2: the fix of BYB804 was taken back")
    assert not outcome.problems


def test_what_is_taken_back_in_a_notebook_is_told_by_its_cell() -> None:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text} for text in (HEAD, "x = 1\nsticky")]
    source = Source.of_file("research.ipynb", json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}).encode())
    (told,) = engine.fix([source], RULES).taken_back
    assert told.startswith("research.ipynb:cell 2:2: the fix of BYB804 was taken back")


@pytest.mark.parametrize(("unsafe", "left"), [(False, "worn"), (True, "fine")])
def test_what_a_partial_fix_leaves_is_still_told_and_its_own_fix_is_another(unsafe: bool, left: str) -> None:
    outcome = fix("x = coarse\n", rules=[partial("coarse", "worn")], unsafe=unsafe)
    assert text(outcome) == f"{HEAD}x = {left}\n"
    assert [finding.message for finding in outcome.findings] == [f"{left} is wrong"] * (not unsafe)
    assert not outcome.taken_back
    assert not engine.fix(outcome.sources, [partial("coarse", "worn")], unsafe).fixed


@pytest.mark.parametrize("leaves", ["coarse + 0", "worn + worn"])
def test_a_partial_fix_that_does_not_help_or_leaves_more_is_taken_back(leaves: str) -> None:
    outcome = fix("x = coarse\n", rules=[partial("coarse", "worn", template=leaves)])
    assert text(outcome) == HEAD + "x = coarse\n"
    assert "BYB807" in outcome.taken_back[0]


def test_a_fix_that_brings_a_new_finding_is_taken_back() -> None:
    outcome = fix("x = bad\n", rules=[rule("BYB801", "bad", "{}(lone)"), LONE])
    assert text(outcome) == HEAD + "x = bad\n"
    assert "BYB803" in outcome.taken_back[0]


def test_a_fix_that_makes_a_check_crash_is_taken_back() -> None:
    outcome = fix("x = bad\n", rules=[rule("BYB801", "bad", "{}(boom)"), BOOM])
    assert text(outcome) == HEAD + "x = bad\n"
    assert "BYB805 boom-name crashed" in outcome.taken_back[0]


def test_fixes_that_only_fail_together_are_all_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def facts_of(source: Source, project: Project, wanted: object = None) -> list[Noun]:
        names = made_up.facts_of(source, project)
        left = {name.endpoint for name in names if isinstance(name, Request)} & {"bad", "odd"}
        return names if left else [*names, Request(source.span(source.tree.body[0]), "", "lone")]

    monkeypatch.setattr(facts, "of", facts_of)
    outcome = fix("x = bad\ny = odd\n", unsafe=True)
    assert text(outcome) == HEAD + "x = bad\ny = odd\n"
    assert [finding.not_fixed for finding in outcome.findings] == [
        "the fix was taken back: the fixed file would still have BYB803"
    ] * 2
    assert len(outcome.taken_back) == 2


def test_a_file_that_would_not_parse_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = editor.Plan([0], [editor.Edit(0, 0, "def (\n")], {}, [])
    monkeypatch.setattr(editor, "plan", lambda *arguments: broken)
    outcome = fix("x = bad\n")
    assert text(outcome) == HEAD + "x = bad\n"
    assert places(outcome.findings) == ["bot0.py:2 BYB801"]
    assert "bot0.py:2: the fix of BYB801 was taken back: this file was not checked" in outcome.taken_back[0]


def test_a_crash_of_the_editor_is_a_problem_of_its_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(source: Source, fixes: Sequence[Fix], shim: str) -> editor.Plan:
        if source.path == "bot0.py":
            raise AttributeError("no such node")
        return real_plan(source, fixes, shim)

    real_plan = editor.plan
    monkeypatch.setattr(editor, "plan", plan)
    outcome = fix("x = bad\n", "x = bad\n")
    assert text(outcome) == HEAD + "x = bad\n"
    assert text(outcome, 1).endswith("x = jitter(0)\n")
    assert [(f.span.path, f.not_fixed) for f in outcome.findings] == [("bot0.py", "the editor crashed")]
    assert [problem.partition(" crashed")[0] for problem in outcome.problems] == ["bot0.py: the editor"]


def test_a_refused_fix_says_why_on_its_finding_and_is_no_problem() -> None:
    outcome = fix("x = f'{bad}' 'tail' # bybit\n", rules=[rule("BYB801", "bad", "((")])
    (finding,) = outcome.findings
    assert finding.not_fixed
    assert "taken back" not in finding.not_fixed
    assert not outcome.problems


def test_a_file_in_an_encoding_that_lacks_the_result_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def splice(source: Source, edits: Sequence[editor.Edit]) -> bytes:
        raise editor.Refused("not in latin-1")

    monkeypatch.setattr(editor, "splice", splice)
    assert [finding.not_fixed for finding in fix("x = bad\n").findings] == ["not in latin-1"]


def one_at_a_time(source: Source, fixes: Sequence[Fix], shim: str) -> editor.Plan:
    plan = real_plan(source, fixes[:1], shim)
    return plan._replace(postponed=list(range(1, len(fixes))))


real_plan = editor.plan


def test_fixes_in_each_others_way_are_made_in_later_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "plan", one_at_a_time)
    outcome = fix("x = [bad, bad, bad]\n")
    assert text(outcome).endswith("x = [jitter(0), jitter(0), jitter(0)]\n")
    assert not outcome.problems


def test_what_is_not_quiet_after_five_rounds_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "plan", one_at_a_time)
    outcome = fix("x = [bad, bad, bad, bad, bad, bad]\n")
    assert text(outcome).count("jitter(0)") == 5
    assert len(outcome.findings) == 1
    assert outcome.problems == ["bot0.py: not all was fixed in 5 rounds: run again"]


def test_files_without_anything_to_fix_do_not_need_the_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bybit_lint.fixing.editor", None)
    assert not fix("x = lone\n").problems


def test_the_fixes_of_one_file_see_the_files_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def facts_of(source: Source, project: Project, wanted: object = None) -> list[Noun]:
        seen.append(sorted(project.modules))
        return made_up.facts_of(source, project)

    monkeypatch.setattr(facts, "of", facts_of)
    engine.fix([source("x = bad\n", "a.py")], RULES, context=[source("import a\n", "b.py")])
    assert seen == [["a.py", "b.py"]] * 2
