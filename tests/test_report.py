"""What people and machines are shown of a run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from importlib import import_module, resources
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel
from sarif_pydantic import Sarif  # type: ignore[import-untyped]  # ships no types
from sarif_pydantic.sarif import Notification  # type: ignore[import-untyped]  # ships no types

from bybit_lint.analysis.source import Source
from bybit_lint.redaction import Redactor
from bybit_lint.report import Edit, Report
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Fix, Related, Span

REDACTOR = Redactor()
FORMATS = ("text", "concise", "statistics", "json", "html", "github", "gitlab", "junit", "sarif")
RULES = {
    rule.code: rule
    for rule in (
        Rule("BYB101", "checks.environment.testnet_key_mismatch", "error", (10003, 10004)),
        Rule("BYB201", "checks.orders.unrounded_quantity", "error", (10001,)),
        Rule("BYB301", "checks.retries.retry_without_jitter", "warning"),
        Rule("BYB901", "checks.orders.better_way", "note"),
    )
}
PAGE = "# BYB201 unrounded-quantity\n\nEvery quantity is a multiple\nof `qtyStep`.\n\n## Cases\n\nNone.\n"
FILES = {
    "bot.py": """\
session = HTTP(testnet=False)
qty = usdt / price
session.place_order(symbol="BTCUSDT", qty=qty)
time.sleep(5)
session.place_order(
    symbol="BTCUSDT", qty=1 / 3,
    )
""",
    "sizing.py": "def size(usdt, price):\n    return usdt / price\n",
}
KEY = "k3JxQ9vTz1LmW8bRyE"
ROUND = Fix("round qty to the instrument's step", (), is_safe=True, unblocks_orders=True)
SPREAD = Fix("spread the retries", (), is_safe=True)
GUESS = Fix("take a guess", (), unblocks_orders=True)
RENAME = Fix("rename it", ())


def span(path: str, text: str, files: dict[str, str] = FILES) -> Span:
    """Where `text` first stands in a file."""
    source = Source(path, files[path].encode())
    start = source.body.index(text.encode())
    return source.span_of(start, start + len(text.encode()))


WRONG_KEY = Finding(
    span("bot.py", "HTTP(testnet=False)"), "a testnet key", not_fixed="it would trade real money", code="BYB101"
)
UNROUNDED = Finding(
    span("bot.py", "qty=qty"),
    "qty is not rounded",
    (Related(span("bot.py", "usdt / price"), "computed here"),),
    ROUND,
    code="BYB201",
)
RETRY = Finding(span("bot.py", "time.sleep(5)"), "always 5 s", fix=SPREAD, code="BYB301")
NOTE = Finding(span("sizing.py", "size"), "there is a better way", fix=GUESS, code="BYB901")
ALL = (WRONG_KEY, UNROUNDED, RETRY, NOTE)


def report(*findings: Finding, source: dict[str, str] = FILES, files: int = 2, **more: Any) -> Report:
    def lines(path: str) -> Sequence[str]:
        return REDACTOR.lines(Source(path, source[path].encode()).lines) if path in source else []

    def page(code: str) -> str:
        return PAGE if code == "BYB201" else ""

    return Report(findings, RULES, lines, page, files, **more)


def rendered(name: str, shown: Report) -> str:
    answer = import_module(f"bybit_lint.report.{name}").render(shown)
    if callable(answer):
        return str(answer(REDACTOR.hide))
    return REDACTOR.hide(answer) if isinstance(answer, str) else json.dumps(REDACTOR.hide_in(answer), indent=2) + "\n"


def parsed(name: str, shown: Report) -> Any:
    return json.loads(rendered(name, shown))


# --- text -------------------------------------------------------------------------------------------------------------


def frame(code: str, marked: str, **labelled: str) -> str:
    """The code frame around `marked`, with the texts in `labelled` as second places."""
    files = {"x.py": code}
    related = tuple(Related(span("x.py", text, files), label) for label, text in labelled.items())
    finding = Finding(span("x.py", marked, files), "m", related, code="BYB301")
    shown = rendered("text", report(finding, source=files, is_quiet=True))
    return shown.partition("\n")[2].partition("= read")[0].rstrip(" ")


def test_text_shows_message_place_code_cause_and_what_to_do() -> None:
    expected = """\
error[BYB201]: qty is not rounded
 --> bot.py:3:39
  |
2 | qty = usdt / price
  |       ------------ computed here
3 | session.place_order(symbol="BTCUSDT", qty=qty)
  |                                       ^^^^^^^
  |
  = fix: round qty to the instrument's step (bybit-lint --fix)
  = retCode 10001
  = read: bybit-lint explain BYB201

Found 1 error in 1 file. 1 can be fixed with --fix; that fix lets orders through that Bybit rejects today.
"""
    assert rendered("text", report(UNROUNDED)) == expected


def test_text_says_why_there_is_no_fix_and_which_flag_an_unsafe_one_needs() -> None:
    shown = rendered("text", report(WRONG_KEY, NOTE, is_quiet=True))
    expected = """\
error[BYB101]: a testnet key
 --> bot.py:1:11
  |
1 | session = HTTP(testnet=False)
  |           ^^^^^^^^^^^^^^^^^^^
  |
  = no fix: it would trade real money
  = retCode 10003, 10004
  = read: bybit-lint explain BYB101

note[BYB901]: there is a better way
 --> sizing.py:1:5
  |
1 | def size(usdt, price):
  |     ^^^^
  |
  = fix: take a guess (bybit-lint --fix --unsafe-fixes)
  = read: bybit-lint explain BYB901

"""
    assert shown == expected


def test_a_second_place_in_another_file_has_a_frame_of_its_own() -> None:
    files = {"x.py": "place(qty=size())\n", "sizing.py": "\n" * 9 + "def size():\n    return usdt / price\n"}
    elsewhere = Related(span("sizing.py", "usdt / price", files), "computed here")
    finding = Finding(span("x.py", "qty=size()", files), "not rounded", (elsewhere,), SPREAD, code="BYB301")
    expected = """\
warning[BYB301]: not rounded
  --> x.py:1:7
   |
 1 | place(qty=size())
   |       ^^^^^^^^^^
   |
  ::: sizing.py:11:12
   |
11 |     return usdt / price
   |            ------------ computed here
   |
   = fix: spread the retries (bybit-lint --fix)
   = read: bybit-lint explain BYB301

"""
    assert rendered("text", report(finding, source=files, is_quiet=True)) == expected


def test_lines_between_are_left_out_and_line_numbers_end_in_one_column() -> None:
    expected = """\
  --> x.py:10:1
   |
 1 | a = 1 / 3
   |     ----- computed
...
10 | place(a)
   | ^^^^^^^^
   |
"""
    assert frame("a = 1 / 3\n" + "#\n" * 8 + "place(a)\n", "place(a)", computed="1 / 3") == expected


def test_several_lines_are_marked_where_they_begin_and_end() -> None:
    code = 'place(\n    "BTC",\n    1 / 3,\n    )'
    expected = """\
 --> x.py:1:1
  |
1 | place(
  | ^^^^^^
...
3 |     1 / 3,
  |     ----- inside
4 |     )
  |     ^
  |
"""
    assert frame(code, code, inside="1 / 3") == expected


def test_two_places_on_one_line_share_it() -> None:
    expected = """\
 --> x.py:1:7
  |
1 | place(qty=1 / 3)
  |       ^^^^^^^^^
  |           ----- computed
  |
"""
    assert frame("place(qty=1 / 3)\n", "qty=1 / 3", computed="1 / 3") == expected


@pytest.mark.parametrize(
    ("code", "line", "signs"),
    [
        ("\tplace(1, x)", "    place(1, x)", "             ^"),
        ("place('数量', x)", "place('数量', x)", "              ^"),
        ("place('e\u0301', x)", "place('e\u0301', x)", "           ^"),
        ("place('\x1b[2J', x)", "place('\ufffd[2J', x)", "              ^"),
    ],
    ids=["tab", "wide", "combining", "escape"],
)
def test_signs_stand_under_what_a_terminal_shows(code: str, line: str, signs: str) -> None:
    assert frame(code, "x").splitlines()[2:4] == [f"1 | {line}", f"  | {signs}"]


def test_a_mark_after_the_end_of_a_line_is_still_shown() -> None:
    beyond = Finding(Span("bot.py", 4, 15, 4, 15, 0, 0), "unexpected end", code="BYB301")
    assert "4 | time.sleep(5)\n  |              ^\n" in rendered("text", report(beyond))


def test_an_empty_line_is_shown_without_spaces_at_its_end() -> None:
    nothing = Finding(Span("x.py", 2, 1, 2, 1, 2, 2), "unexpected end", code="BYB301")
    assert "\n2 |\n  | ^\n" in rendered("text", report(nothing, source={"x.py": "(\n"}))


@pytest.mark.parametrize("path", ["gone.py", "short.py"])
def test_without_the_text_there_is_a_place_and_no_frame(path: str) -> None:
    finding = Finding(Span(path, 7, 2, 7, 3, 0, 0), "cannot be read", code="BYB301")
    shown = rendered("text", report(finding, source={"short.py": "x\n"}, is_quiet=True))
    assert shown == f"warning[BYB301]: cannot be read\n --> {path}:7:2\n  = read: bybit-lint explain BYB301\n\n"


def test_of_a_very_long_line_only_the_part_around_each_mark_is_shown() -> None:
    code = "first(), " + "'x', " * 400_000 + "second(), " + "'y', " * 400_000
    begin, dashes, middle, carets = frame(code, "second()", other="first()").splitlines()[2:-1]
    assert begin.startswith("1 | first(), 'x', ")
    assert dashes == "  | ------- other"
    assert middle.startswith("1 | ...")
    assert middle[carets.index("^") : carets.rindex("^") + 1] == "second()"
    for row in (begin, middle):
        assert row.endswith("...")
        assert len(row) < 140


def test_a_long_line_is_shown_from_its_beginning_as_long_as_the_mark_is_in_it() -> None:
    text, signs = frame("first(), " + "'x', " * 20 + "second(), " + "'y', " * 20, "second()").splitlines()[2:4]
    assert text.startswith("1 | first(), 'x', ")
    assert text[signs.index("^") : signs.rindex("^") + 1] == "second()"


def test_a_mark_longer_than_the_shown_part_ends_with_it() -> None:
    text, signs = frame("x = [" + "'a', " * 1000 + "]\n", "[" + "'a', " * 1000 + "]").splitlines()[2:4]
    assert len(signs) == len(text) - len("...")


def test_colours_change_nothing_but_the_looks() -> None:
    plain, colored = (rendered("text", report(*ALL, is_colored=wanted)) for wanted in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[BYB201]\x1b[0m" in colored
    assert "\x1b[1;33m^^^^^^^^^^^^^\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_nothing_in_the_text_can_command_the_terminal() -> None:
    evil = "\x1b]0;x\x07\n\u202e\udc80"
    place = span("bot.py", "qty=qty")._replace(path=f"a{evil}.py")
    related = Related(place, f"b{evil}")
    finding = Finding(place, f"c{evil}", (related,), Fix(f"d{evil}", ()), f"e{evil}", code="BYB301")
    fixable = finding.replace(not_fixed="")
    sources = {place.path: FILES["bot.py"]}
    for name in ("text", "concise"):
        shown = rendered(name, report(finding, fixable, source=sources))
        assert not set(evil) - set("0;x\n]") & set(shown)
        assert len(shown.splitlines()) == len(shown.split("\n")) - 1


# --- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f'api_key="{KEY}")', f'api_key="{"*" * 18}")'),
        (f"    {KEY}  # the old one", f"    {'*' * 18}  # the old one"),
        (f"url = f'{{base}}?api_key={KEY}&x=1'", f"url = f'{{base}}?api_key={'*' * 18}&x=1'"),
        ("'abcdefghijklmnop1234/x', 'x/abcdefghijklmnop1234'", f"'{'*' * 22}', '{'*' * 22}'"),
        ("# was ab12cdefgh34ijklmn", f"# was {'*' * 18}"),
        ("client = BybitV5LinearClient(availableToWithdraw)", "client = BybitV5LinearClient(availableToWithdraw)"),
        ('balance["availableToWithdraw"]', 'balance["availableToWithdraw"]'),
        ('since = "1700000000000000000"', 'since = "1700000000000000000"'),
        ('place("1000PEPEUSDT", "BTCUSDT-26DEC25")', 'place("1000PEPEUSDT", "BTCUSDT-26DEC25")'),
        ("SECRET_NAME_OF_THE_KEY_2", "SECRET_NAME_OF_THE_KEY_2"),
    ],
)
def test_what_looks_like_a_key_is_masked_and_names_stay_readable(line: str, shown: str) -> None:
    assert REDACTOR.hide(line) == shown


@pytest.mark.parametrize("before", range(60, 140, 5))
def test_a_key_at_the_cut_of_a_long_line_is_masked(before: int) -> None:
    shown = frame(f"{'a, ' * 50}x = 1{', a' * (before // 3)}, '{KEY}'{', a' * 100}", "x = 1")
    assert not any(KEY[start : start + 4] in shown for start in range(len(KEY) - 3))


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_key(name: str) -> None:
    files = {"bot.py": f'HTTP(testnet=False, api_key="{KEY}")\n'}
    finding = WRONG_KEY.replace(span=span("bot.py", files["bot.py"].strip(), files), fix=SPREAD, not_fixed="")
    edits = [Edit(finding.span, f'HTTP(testnet=True, api_key="{KEY}")')]
    shown = rendered(name, report(finding, source=files, edits=lambda _: edits))
    assert "BYB101" in shown
    assert KEY not in shown


# --- summary ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "sentences"),
    [
        (report(files=3), "All clear: 3 files checked."),
        (report(files=1, is_dry=True), "All clear: 1 file checked."),
        (report(files=0), "No Python file was found: nothing was checked."),
        (report(WRONG_KEY), "Found 1 error in 1 file."),
        (report(RETRY, RETRY), "Found 2 warnings in 1 file. 2 can be fixed with --fix."),
        (
            report(*ALL),
            (
                "Found 2 errors, 1 warning, 1 note in 2 files. 2 can be fixed with --fix, 1 more with --unsafe-fixes; "
                "2 of these fixes let orders through that Bybit rejects today."
            ),
        ),
        (
            report(UNROUNDED, RETRY),
            (
                "Found 1 error, 1 warning in 1 file. 2 can be fixed with --fix; "
                "1 of these fixes lets orders through that Bybit rejects today."
            ),
        ),
        (
            report(NOTE),
            (
                "Found 1 note in 1 file. 1 can be fixed with --fix --unsafe-fixes; "
                "that fix lets orders through that Bybit rejects today."
            ),
        ),
        (report(NOTE.replace(fix=RENAME)), "Found 1 note in 1 file. 1 can be fixed with --fix --unsafe-fixes."),
        (report(UNROUNDED.replace(not_fixed="a comment would be lost")), "Found 1 error in 1 file."),
        (report(fixed=[RETRY]), "Fixed 1.\nAll clear: 2 files checked."),
        (
            report(WRONG_KEY, fixed=[UNROUNDED, UNROUNDED, RETRY]),
            "Fixed 3; 2 fixes let orders through that were always rejected.\nFound 1 error in 1 file.",
        ),
        (
            report(fixed=[UNROUNDED]),
            "Fixed 1; 1 fix lets orders through that were always rejected.\nAll clear: 2 files checked.",
        ),
        (
            report(fixed=[UNROUNDED, RETRY], is_dry=True),
            (
                "Would fix 2; 1 fix would let orders through that Bybit rejects today.\n"
                "Nothing would be left: 2 files checked."
            ),
        ),
        (
            report(problems=["a.py: gone", "b.py: gone"]),
            "No findings: 2 files checked.\nNot everything could be done: 2 problems, named on stderr.",
        ),
    ],
)
@pytest.mark.parametrize("name", ["text", "concise", "statistics"])
def test_the_summary_is_one_true_sentence_after_another(shown: Report, sentences: str, name: str) -> None:
    findings = rendered(name, shown.replace(is_quiet=True))
    assert rendered(name, shown) == f"{findings}{sentences}\n"
    assert "file" not in findings


# --- concise and statistics -------------------------------------------------------------------------------------------


def test_concise_is_a_line_per_finding_with_a_star_where_fix_helps() -> None:
    refused = RETRY.replace(not_fixed="a comment would be lost")
    expected = """\
bot.py:1:11: BYB101 a testnet key
bot.py:3:39: BYB201 qty is not rounded [*]
bot.py:4:1: BYB301 always 5 s [*]
sizing.py:1:5: BYB901 there is a better way
bot.py:4:1: BYB301 always 5 s
"""
    assert rendered("concise", report(*ALL, refused, is_quiet=True)) == expected


def test_statistics_put_the_most_frequent_rule_first_and_equals_by_code() -> None:
    shown = report(NOTE, WRONG_KEY, *[RETRY.replace(fix=None)] * 3, RETRY, *[UNROUNDED] * 10, is_quiet=True)
    expected = """\
10  BYB201 unrounded-quantity  [*]
 4  BYB301 retry-without-jitter  [*]
 1  BYB101 testnet-key-mismatch
 1  BYB901 better-way
"""
    assert rendered("statistics", shown) == expected


# --- JSON -------------------------------------------------------------------------------------------------------------


def schema() -> Any:
    return json.loads(resources.files("bybit_lint").joinpath("report/schema.json").read_text("utf-8"))


def test_json_has_exactly_the_promised_shape() -> None:
    edits = [Edit(span("bot.py", "qty=qty"), "qty=round_qty(qty)")]
    assert parsed("json", report(UNROUNDED, fixed=[RETRY], edits=lambda _: edits)) == {
        "version": 1,
        "findings": [
            {
                "code": "BYB201",
                "name": "unrounded-quantity",
                "severity": "error",
                "message": "qty is not rounded",
                "path": "bot.py",
                "line": 3,
                "column": 39,
                "end_line": 3,
                "end_column": 46,
                "related": [{"path": "bot.py", "line": 2, "column": 7, "message": "computed here"}],
                "ret_codes": [10001],
                "fix": {
                    "safety": "safe",
                    "unblocks_orders": True,
                    "title": "round qty to the instrument's step",
                    "edits": [{"start": 87, "end": 94, "text": "qty=round_qty(qty)"}],
                },
            }
        ],
        "summary": {
            "files": 2,
            "errors": 1,
            "warnings": 0,
            "notes": 0,
            "fixable": 1,
            "unsafe_fixable": 0,
            "unblocks_orders": 1,
            "fixed": 1,
        },
    }


@pytest.mark.parametrize(
    "shown", [report(), report(*ALL), report(UNROUNDED, edits=lambda finding: [Edit(finding.span, "x")])]
)
def test_json_validates_against_its_schema(shown: Report) -> None:
    jsonschema.validate(parsed("json", shown), schema(), jsonschema.Draft202012Validator)


def objects(part: Any) -> Iterator[dict[str, Any]]:
    children = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for child in children:
        yield from objects(child)
    if isinstance(part, dict) and part.get("type") == "object":
        yield part


def test_the_schema_is_valid_itself_and_open_nowhere() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    closed = list(objects(schema()))
    assert len(closed) == 6
    for part in closed:
        assert part["additionalProperties"] is False
        assert part["required"] == [name for name in part["properties"] if name != "cell"], "only notebooks have cells"


def test_only_edits_of_the_findings_own_file_are_listed_in_json() -> None:
    def edits(finding: Finding) -> list[Edit] | None:
        other = [Edit(span("sizing.py", "size"), "n")] if finding.code == "BYB201" else []
        return None if finding.code == "BYB901" else [Edit(finding.span, "x"), *other]

    found = parsed("json", report(UNROUNDED, RETRY, NOTE, edits=edits))["findings"]
    assert [finding["fix"]["edits"] for finding in found] == [None, [{"start": 96, "end": 109, "text": "x"}], None]


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_edits_of_a_refused_fix_are_not_asked_for(name: str) -> None:
    def edits(finding: Finding) -> list[Edit]:
        raise AssertionError(f"asked for the edits of {finding}")

    refused = RETRY.replace(not_fixed="a comment would be lost")
    shown = parsed(name, report(refused, WRONG_KEY, edits=edits))
    fixes = [item["fix"] for item in shown["findings"]] if name == "json" else []
    fixes += [item["fixes"] or None for item in shown["runs"][0]["results"]] if name == "sarif" else []
    assert fixes == [None, None]


# --- retCodes ---------------------------------------------------------------------------------------------------------


def shown_codes(finding: Finding) -> tuple[str, list[int], list[int], str]:
    """The retCodes of a finding in each format that names them."""
    text = rendered("text", report(finding, is_quiet=True)).splitlines()
    notes = ", ".join(line.partition("= ")[2] for line in text if line.startswith(("  = retCode", "  = HTTP")))
    found = parsed("json", report(finding))["findings"][0]["ret_codes"]
    return notes, found, run(report(finding))["results"][0]["properties"]["retCodes"], github_note(finding)


def github_note(finding: Finding) -> str:
    return ", ".join(line for line in rendered("github", report(finding)).strip().split("%0A")[1:] if "Code" in line)


def test_a_finding_names_its_own_ret_codes_in_every_format() -> None:
    own = WRONG_KEY.replace(ret_codes=(10003,))
    assert shown_codes(own) == ("retCode 10003", [10003], [10003], "retCode 10003")
    assert shown_codes(WRONG_KEY) == ("retCode 10003, 10004", [10003, 10004], [10003, 10004], "retCode 10003, 10004")


def test_a_finding_that_bybit_refuses_nothing_for_names_no_ret_code() -> None:
    assert shown_codes(UNROUNDED.replace(ret_codes=())) == ("", [], [], "")


def test_an_http_status_is_not_called_a_ret_code() -> None:
    assert shown_codes(RETRY.replace(ret_codes=(403,)))[0] == "HTTP status 403"
    both = shown_codes(RETRY.replace(ret_codes=(10017, 404)))
    assert both == ("retCode 10017, HTTP status 404", [10017, 404], [10017, 404], "retCode 10017, HTTP status 404")


# --- GitHub -----------------------------------------------------------------------------------------------------------


def test_github_gets_a_command_per_finding_and_problem() -> None:
    lines = Finding(span("bot.py", FILES["bot.py"].partition("(5)\n")[2].strip()), "no step", code="BYB201")
    assert rendered("github", report(*ALL, lines, problems=["x.py: gone"])) == (
        "::error file=bot.py,line=1,endLine=1,col=11,endColumn=30,title=BYB101 testnet-key-mismatch::a testnet key"
        "%0AretCode 10003, 10004\n"
        "::error file=bot.py,line=3,endLine=3,col=39,endColumn=46,title=BYB201 unrounded-quantity::"
        "qty is not rounded%0Abot.py:2: computed here%0AretCode 10001\n"
        "::warning file=bot.py,line=4,endLine=4,col=1,endColumn=14,title=BYB301 retry-without-jitter::always 5 s\n"
        "::notice file=sizing.py,line=1,endLine=1,col=5,endColumn=9,title=BYB901 better-way::there is a better way\n"
        "::error file=bot.py,line=5,endLine=7,title=BYB201 unrounded-quantity::no step%0AretCode 10001\n"
        "::error title=bybit-lint::x.py: gone\n"
    )


def test_github_commands_are_escaped() -> None:
    finding = Finding(Span("a,b:c%\r\n.py", 1, 1, 1, 2, 0, 1), "50% off: a, b\r\n::error::", code="BYB301")
    assert rendered("github", report(finding, problems=["100%\n::error::"])) == (
        "::warning file=a%2Cb%3Ac%25%0D%0A.py,line=1,endLine=1,col=1,endColumn=2,"
        "title=BYB301 retry-without-jitter::50%25 off: a, b%0D%0A::error::\n"
        "::error title=bybit-lint::100%25%0A::error::\n"
    )


def test_nothing_in_a_github_command_can_command_a_terminal() -> None:
    finding = Finding(Span("a\x1b[2J\u202e.py", 1, 1, 1, 2, 0, 1), "b\x1b]0;x\x07\u2066", code="BYB301")
    shown = rendered("github", report(finding, problems=["c\x1b[31m\x9b"]))
    assert shown.count("\n") == 2
    assert not [char for char in shown if not char.isprintable() and char != "\n"]


def test_github_is_told_nothing_if_all_is_well() -> None:
    assert rendered("github", report()) == ""


# --- SARIF ------------------------------------------------------------------------------------------------------------

NOT_MODELLED = {"columnKind", "toolExecutionNotifications"}  # in the standard, not in sarif-pydantic


def unknown(part: Any) -> Iterator[str]:
    """The properties that sarif-pydantic lets pass without knowing them."""
    if isinstance(part, BaseModel):
        yield from part.model_extra or {}
        for name in type(part).model_fields:
            yield from unknown(getattr(part, name))
    elif isinstance(part, list):
        for child in part:
            yield from unknown(child)


def run(shown: Report) -> Any:
    (only,) = parsed("sarif", shown)["runs"]
    return only


def rewrite(finding: Finding) -> list[Edit]:
    return [Edit(span("bot.py", "qty=qty"), "qty=q(qty)"), Edit(Span("bot.py", 1, 1, 1, 1, 0, 0), "import q\n")]


@pytest.mark.parametrize(
    "shown", [report(), report(*ALL), report(UNROUNDED, edits=rewrite), report(problems=["x.py: gone"])]
)
def test_sarif_has_only_properties_of_the_standard(shown: Report) -> None:
    log = Sarif.model_validate_json(rendered("sarif", shown))
    assert log.version == "2.1.0"
    assert set(unknown(log)) == NOT_MODELLED
    for notification in run(shown)["invocations"][0]["toolExecutionNotifications"]:
        assert not list(unknown(Notification.model_validate(notification)))


def test_sarif_describes_each_rule_that_spoke_once_from_its_page() -> None:
    driver = run(report(UNROUNDED, RETRY, UNROUNDED))["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == ["BYB201", "BYB301"]
    assert driver["rules"][0] == {
        "id": "BYB201",
        "name": "UnroundedQuantity",
        "shortDescription": {"text": "Every quantity is a multiple of `qtyStep`."},
        "fullDescription": {"text": "Every quantity is a multiple of `qtyStep`."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["orders", "retCode 10001"]},
        "help": {"text": PAGE, "markdown": PAGE},
    }


def test_a_rule_without_a_page_is_described_by_its_name() -> None:
    (rule,) = run(report(RETRY))["tool"]["driver"]["rules"]
    assert rule["shortDescription"] == {"text": "retry-without-jitter"}
    assert "help" not in rule


def test_a_sarif_result_names_rule_places_and_labels() -> None:
    result = run(report(WRONG_KEY, UNROUNDED))["results"][1]
    assert result.pop("partialFingerprints")
    assert result == {
        "ruleId": "BYB201",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "qty is not rounded"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "bot.py"},
                    "region": {"startLine": 3, "startColumn": 39, "endLine": 3, "endColumn": 46},
                }
            }
        ],
        "relatedLocations": [
            {
                "id": 0,
                "physicalLocation": {
                    "artifactLocation": {"uri": "bot.py"},
                    "region": {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 19},
                },
                "message": {"text": "computed here"},
            }
        ],
        "fixes": [],
        "properties": {"retCodes": [10001]},
    }


def test_a_sarif_fix_lists_what_is_replaced_where_file_by_file() -> None:
    def edits(finding: Finding) -> list[Edit]:
        return [Edit(span("sizing.py", "size"), "n"), *rewrite(finding)]

    assert run(report(UNROUNDED, edits=edits))["results"][0]["fixes"] == [
        {
            "description": {"text": "round qty to the instrument's step"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "bot.py"},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 3, "startColumn": 39, "endLine": 3, "endColumn": 46},
                            "insertedContent": {"text": "qty=q(qty)"},
                        },
                        {
                            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                            "insertedContent": {"text": "import q\n"},
                        },
                    ],
                },
                {
                    "artifactLocation": {"uri": "sizing.py"},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 9},
                            "insertedContent": {"text": "n"},
                        }
                    ],
                },
            ],
            "properties": {"safety": "safe", "unblocksOrders": True},
        }
    ]


def prints(code: str, *marked: str, path: str = "x.py", rule: str = "BYB301") -> list[str]:
    """The fingerprints of findings at the lines of `code` that begin with one of `marked`."""
    starts = [match.start() for text in marked for match in re.finditer(rf"{re.escape(text)}", code)]
    source = Source(path, code.encode())
    findings = [Finding(source.span_of(start, start + 1), "m", code=rule) for start in sorted(starts)]
    results = run(report(*findings, source={path: code}))["results"]
    return [value for result in results for value in result["partialFingerprints"].values()]


def test_fingerprints_survive_moved_and_indented_lines() -> None:
    before = prints("sleep(5)\nretry(1)\n", "sleep", "retry")
    assert prints("import x\n\nretry(1)\nif x:\n\tsleep(5)\n", "sleep", "retry") == before[::-1]
    assert prints("sleep(5)\nretry(1)\n", "sleep", "retry", path="moved.py") == before


def test_fingerprints_tell_lines_rules_and_repetitions_apart() -> None:
    several = [*prints("sleep(5)\nsleep(6)\nsleep(5)\n", "sleep"), *prints("sleep(5)\n", "sleep", rule="BYB201")]
    assert len(set(several)) == 4
    assert several[0].replace(":1", ":2") == several[2]


def test_fingerprints_do_not_depend_on_a_key() -> None:
    assert prints(f'HTTP("{KEY}")', "HTTP") == prints(f'HTTP("{KEY[::-1]}")', "HTTP")


def test_fingerprints_count_repetitions_file_by_file() -> None:
    files = {"a.py": "sleep(5)\n", "b.py": "sleep(5)\n"}
    results = run(report(*(RETRY.replace(span=span(path, "s", files)) for path in files), source=files))["results"]
    assert results[0]["partialFingerprints"] == results[1]["partialFingerprints"]


def test_nothing_in_a_sarif_message_becomes_a_link() -> None:
    link = "[click](https://evil.example)"
    escaped = "\\[click\\](https://evil.example)"
    finding = Finding(RETRY.span, link, (Related(RETRY.span, f"\\{link}"),), Fix(link, ()), code="BYB301")
    shown = run(report(finding, edits=rewrite, problems=[link]))
    (result,) = shown["results"]
    assert result["message"] == {"text": escaped}
    assert result["relatedLocations"][0]["message"] == {"text": rf"\\{escaped}"}
    assert result["fixes"][0]["description"] == {"text": escaped}
    assert shown["invocations"][0]["toolExecutionNotifications"][0]["message"] == {"text": escaped}


def test_sarif_tells_what_the_tool_could_not_do() -> None:
    (invocation,) = run(report(problems=["x.py: gone"]))["invocations"]
    assert invocation == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": "x.py: gone"}}],
    }
    assert run(report(*ALL))["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("./my bots/grid#1.py", "my%20bots/grid%231.py"),
        ("a:b.py", "a%3Ab.py"),
        ("bötchen.py", "b%C3%B6tchen.py"),
        ("../up.py", "../up.py"),
        (os.path.abspath("/srv/my bot.py"), "file:///srv/my%20bot.py"),
    ],
)
def test_sarif_paths_are_uris(path: str, uri: str) -> None:
    (result,) = run(report(RETRY.replace(span=RETRY.span._replace(path=path))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


# --- all formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["json", "github", "sarif"])
def test_machines_get_forward_slashes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = RETRY.span._replace(path="bots\\grid.py")
    with monkeypatch.context() as windows:
        windows.setattr(os, "sep", "\\")
        shown = rendered(name, report(RETRY.replace(span=place, related=(Related(place, "here"),))))
    assert shown.count("bots/grid.py") == 2
    assert "\\" not in shown


def test_people_get_the_path_as_it_is() -> None:
    finding = RETRY.replace(span=RETRY.span._replace(path="bots\\grid.py"))
    assert rendered("concise", report(finding)).startswith("bots\\grid.py:4:1: ")


@pytest.mark.parametrize("name", FORMATS)
def test_a_path_that_is_not_unicode_can_be_written(name: str) -> None:
    shown = rendered(name, report(RETRY.replace(span=RETRY.span._replace(path="b\udcff.py"))))
    assert shown.encode("utf-8").endswith(b"\n")
