"""The reports that GitLab, Jenkins and others read, each held against its schema."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from typing import Any, NamedTuple

import jsonschema
import pytest
from test_report import ALL, NOTE, RETRY, UNROUNDED, WRONG_KEY, parsed, rendered, report, span

from bybit_lint.report import Report
from bybit_lint.vocabulary import Related

# --- GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format ------------------------------

ISSUE = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "pattern": r"^(?!\./)(?!.*\\).+"},
                "lines": {
                    "type": "object",
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}},
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
REPORTS = [report(), report(*ALL), report(RETRY, RETRY, NOTE), report(WRONG_KEY, problems=["x.py: gone"])]


@pytest.mark.parametrize("shown", REPORTS)
def test_gitlab_gets_the_keys_that_it_knows(shown: Report) -> None:
    issues = parsed("gitlab", shown)
    jsonschema.validate(issues, {"type": "array", "items": ISSUE})
    assert len(issues) == len(shown.findings)


def test_an_issue_says_what_and_where() -> None:
    (issue,) = parsed("gitlab", report(UNROUNDED))
    assert len(issue.pop("fingerprint")) == 64
    assert issue == {
        "description": "qty is not rounded. (retCode 10001)",
        "check_name": "BYB201 unrounded-quantity",
        "severity": "major",
        "location": {"path": "bot.py", "lines": {"begin": 3}},
    }
    assert [found["severity"] for found in parsed("gitlab", report(RETRY, NOTE))] == ["minor", "info"]
    assert parsed("gitlab", report(RETRY))[0]["description"] == "always 5 s."


def test_a_fingerprint_is_of_one_finding_only_and_stays_when_it_moves() -> None:
    shown = [issue["fingerprint"] for issue in parsed("gitlab", report(RETRY, RETRY, UNROUNDED))]
    assert len(set(shown)) == 3, "GitLab shows only one of those with the same"
    assert "*" not in "".join(shown)
    source = {"bot.py": "import os\n\n  time.sleep(5)\n", "other.py": "time.sleep(5)\n"}
    moved = RETRY.replace(span=span("bot.py", "time.sleep(5)", source))
    assert parsed("gitlab", report(moved, source=source))[0]["fingerprint"] == shown[0]
    elsewhere = RETRY.replace(span=span("other.py", "time.sleep(5)", source))
    assert parsed("gitlab", report(elsewhere, source=source))[0]["fingerprint"] != shown[0]


def test_both_get_forward_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    place = RETRY.span._replace(path="bots\\grid.py")
    finding = RETRY.replace(span=place, related=(Related(place, "here"),))
    monkeypatch.setattr(os, "sep", "\\")
    assert [rendered(name, report(finding)).count("bots/grid.py") for name in ("gitlab", "junit")] == [1, 4]
    assert "bots\\" not in rendered("junit", report(finding))


def test_gitlab_gets_paths_from_its_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    places = [RETRY.replace(span=RETRY.span._replace(path=path)) for path in (".\\bots\\grid.py", "bots\\grid.py")]
    assert {issue["location"]["path"] for issue in parsed("gitlab", report(*places))} == {"bots/grid.py"}


# --- JUnit ------------------------------------------------------------------------------------------------------------


class Model(NamedTuple):
    """What an element may have, in the words of junit-10.xsd, as far as it concerns us."""

    required: frozenset[str]
    optional: frozenset[str]
    children: frozenset[str]
    has_text: bool


def model(required: str = "", optional: str = "", children: str = "", *, has_text: bool = False) -> Model:
    needed, allowed, inner = (frozenset(words.split()) for words in (required, optional, children))
    return Model(needed, allowed, inner, has_text)


MODELS = {
    "testsuites": model("", "name time tests failures errors", "testsuite"),
    "testsuite": model(
        "name tests failures errors",
        "group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    "testcase": model("name", "time classname group", "skipped error failure system-out system-err"),
    "failure": model("", "type message", has_text=True),
    "error": model("", "type message", has_text=True),
}


def faults(element: ET.Element) -> list[str]:
    """Where an element is not as its model says, and where its numbers are not those of what is in it."""
    model, names = MODELS[element.tag], set(element.attrib)
    found = [f"{element.tag} lacks {name}" for name in model.required - names]
    found += [f"{element.tag} has {name}" for name in names - model.required - model.optional]
    found += [f"{child.tag} in {element.tag}" for child in element if child.tag not in model.children]
    found += [f"text in {element.tag}"] if not model.has_text and (element.text or "").strip() else []
    for name, tag in {"tests": "testcase", "failures": "failure", "errors": "error"}.items():
        if name in names and int(element.attrib[name]) != len(list(element.iter(tag))):
            found.append(f"{name} of {element.tag} is {element.attrib[name]}")
    return found + [fault for child in element if child.tag in MODELS for fault in faults(child)]


def junit(shown: Report) -> ET.Element:
    return ET.fromstring(rendered("junit", shown))


@pytest.mark.parametrize("shown", REPORTS)
def test_junit_is_as_the_schema_says(shown: Report) -> None:
    assert faults(junit(shown)) == []


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        ("<testsuite tests='0' failures='0' errors='0'/>", "testsuite lacks name"),
        ("<testcase name='a' line='1'/>", "testcase has line"),
        ("<testsuites tests='1'/>", "tests of testsuites is 1"),
        ("<testsuites><failure/></testsuites>", "failure in testsuites"),
        ("<testcase name='a'>words</testcase>", "text in testcase"),
    ],
)
def test_what_the_schema_does_not_say_is_a_fault(xml: str, fault: str) -> None:
    assert faults(ET.fromstring(xml)) == [fault]


def test_a_finding_is_a_failed_test_of_its_file() -> None:
    suites = junit(report(UNROUNDED, RETRY, NOTE))
    assert suites.attrib == {"name": "bybit-lint", "tests": "3", "failures": "3", "errors": "0"}
    assert [(s.attrib["name"], s.attrib["failures"]) for s in suites] == [("bot.py", "2"), ("sizing.py", "1")]
    case = suites[0][0]
    assert case.attrib == {"name": "BYB201 unrounded-quantity at 3:39", "classname": "bot.py"}
    assert case[0].attrib == {"type": "error", "message": "qty is not rounded"}
    assert (case[0].text or "").splitlines() == [
        "bot.py:3:39: qty is not rounded",
        "bot.py:2:7: computed here",
        "fix: round qty to the instrument's step",
        "retCode 10001",
    ]


def test_where_nothing_is_found_one_test_has_passed_and_a_problem_is_an_error() -> None:
    ((case,),) = junit(report(files=3))
    assert case.attrib == {"name": "3 files checked", "classname": "bybit-lint"}
    assert not list(case)
    ((case,),) = junit(report(problems=["x.py: it crashed"]))
    assert [(error.tag, error.attrib["message"]) for error in case] == [("error", "x.py: it crashed")]


STRANGE = "<a & 'b' \"c\" \x00\x1b\u2028\udcff ]]>"


def test_junit_can_be_read_whatever_is_in_it() -> None:
    place = RETRY.span._replace(path=STRANGE)
    finding = RETRY.replace(message=STRANGE, span=place, related=(Related(place, STRANGE),))
    suites = junit(report(finding, problems=[STRANGE]))
    assert suites[0].attrib["name"].startswith("<a & 'b' \"c\" \ufffd")


def test_junit_hides_a_key_that_xml_writes_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from click.testing import CliRunner

    from bybit_lint.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.py").write_text(
        "from pybit.unified_trading import HTTP\n"
        'session = HTTP(testnet=True, api_key="x", api_secret="wurst & <kraut>")\n'
        'session.place_order(category="wurst & <kraut>", symbol="X", side="Buy", orderType="Market", qty="1")\n'
    )
    shown = CliRunner().invoke(main, ["check", "--isolated", "--format", "junit"]).output
    assert "BYB212" in shown
    assert "wurst" not in shown
