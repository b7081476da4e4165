"""Comments that accept findings: where they reach, and what is said of those that are wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from fakes import BAD, LONE, RULES

from bybit_lint.analysis.source import Source
from bybit_lint.inputs import suppress
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding

CODES = {rule.code for rule in RULES}


TODAY = "2026-05-01"


def left(text: str | bytes, judged: set[str] = CODES, rules: Sequence[Rule] = RULES, today: str = TODAY) -> list[str]:
    """What remains of a finding of BYB801 for each `bad` (from `bad` to the end of `bad(...)`), with its line."""
    data = text if isinstance(text, bytes) else text.encode()
    source = Source("bot.py", data)
    findings = [Finding(source.span_of(start, end), "", code="BYB801") for start, end in bads(source.body)]
    return [f"{f.span.line} {f.code}" for f in suppress.apply(source, findings, rules, judged, today)]


def bads(body: bytes) -> list[tuple[int, int]]:
    starts = [at for at in range(len(body)) if body.startswith(b"bad", at)]
    return [(at, body.find(b")", at) + 1 or at + 3) if body.startswith(b"bad(", at) else (at, at + 3) for at in starts]


@pytest.mark.parametrize(
    "comment",
    [
        "# bybit-lint: ignore[BYB801] the reason",
        "# bybit-lint: ignore[byb801]",
        "#bybit-lint:ignore[BYB801]",
        "# bybit-lint: ignore[bad-name] the reason",
        "# bybit-lint: ignore[BYB8]",
        "# bybit-lint: ignore[names]",
        "# type: ignore  # bybit-lint: ignore[BYB801]",
        "# noqa: BYB801",
        "# NOQA: BYB801 the reason",
        "# noqa:E501,BYB801",
        "# noqa: BYB801, E501",
    ],
)
def test_a_comment_that_names_the_rule_accepts_its_finding(comment: str) -> None:
    assert left(f"x = bad  {comment}\n") == []


@pytest.mark.parametrize(
    "comment",
    ["", "# noqa", "# noqa: E501", "# BYB801", "# bybit-lint: BYB801", "# noqa E501 BYB801", "# type: ignore[BYB801]"],
)
def test_any_other_comment_accepts_nothing(comment: str) -> None:
    assert left(f"x = bad  {comment}\n") == ["1 BYB801"]


def test_a_comment_accepts_no_other_rule_and_none_of_another_line() -> None:
    assert left("x = bad  # bybit-lint: ignore[BYB803]\n") == ["1 BYB801", "1 BYB002"]
    assert left("y = 1  # bybit-lint: ignore[BYB801]\nx = bad\n") == ["2 BYB801", "1 BYB002"]
    assert left("x = bad\ny = 1  # bybit-lint: ignore[BYB801]\n") == ["1 BYB801", "2 BYB002"]


def test_text_that_looks_like_a_comment_is_none() -> None:
    assert left("x = bad, '# bybit-lint: ignore[BYB801]'\n") == ["1 BYB801"]
    assert left('x = """\n# bybit-lint: ignore[BYB801]\n""", bad\n') == ["3 BYB801"]


ABOVE = "# bybit-lint: ignore[BYB801] the reason\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = bad\n",
        "\nx = bad\n",
        "# another comment\nx = bad\n",
        "call(\n    1,\n    bad,\n)\n",
        "call(bad, 1,\n    2)\n",
        "for x in bad:\n    pass\n",
    ],
)
def test_a_comment_above_a_statement_accepts_the_whole_of_it(code: str) -> None:
    assert left(ABOVE + code) == []
    assert left(f"def f():\n    {ABOVE}" + "".join(f"    {line}\n" for line in code.splitlines())) == []


def test_a_comment_above_a_statement_does_not_accept_the_block_it_opens_nor_the_next_statement() -> None:
    assert left(ABOVE + "if x:\n    bad\n") == ["3 BYB801", "1 BYB002"]
    assert left(ABOVE + "x = 1\nbad\n") == ["3 BYB801", "1 BYB002"]


def test_a_comment_alone_inside_a_statement_accepts_the_next_line_only() -> None:
    assert left(f"call(\n    1,\n    {ABOVE}    bad,\n)\n") == []
    assert left(f"call(\n    {ABOVE}    bad,\n    bad,\n)\n") == ["4 BYB801"]


def test_a_finding_over_several_lines_is_accepted_at_its_first_and_at_its_last_line() -> None:
    assert left("bad(  # bybit-lint: ignore[BYB801]\n    1,\n)\n") == []
    assert left("bad(\n    1,\n)  # bybit-lint: ignore[BYB801]\n") == []
    assert left("bad(\n    1,  # bybit-lint: ignore[BYB801]\n)\n") == ["1 BYB801", "2 BYB002"]


def test_comments_above_each_other_all_hold() -> None:
    assert left(f"# bybit-lint: ignore[BYB803]\n{ABOVE}x = bad\n") == ["1 BYB002"]


@pytest.mark.parametrize("comment", ["# bybit-lint: ignore", "# bybit-lint: ignore[]", "# bybit-lint: ignore BYB801"])
def test_a_comment_without_a_code_is_refused(comment: str) -> None:
    assert left(f"x = bad  {comment}\n") == ["1 BYB801", "1 BYB003"]


def test_each_word_that_accepts_nothing_is_unused_by_itself() -> None:
    assert left("x = bad  # bybit-lint: ignore[BYB801, BYB803]\n") == ["1 BYB002"]
    assert left("x = 1  # noqa: BYB801, BYB803, E501\n") == ["1 BYB002", "1 BYB002"]


@pytest.mark.parametrize("word", ["BYB801", "BYB8", "names"])
def test_a_word_for_a_rule_that_was_not_asked_is_not_unused(word: str) -> None:
    assert left(f"x = 1  # bybit-lint: ignore[{word}]\n") == ["1 BYB002"]
    assert left(f"x = 1  # bybit-lint: ignore[{word}]\n", judged=CODES - {"BYB801"}) == []


@pytest.mark.parametrize(
    "comment", ["# bybit-lint: ignore[BYB899]", "# bybit-lint: ignore[lone-nmae]", "# noqa: BYB899"]
)
def test_a_word_for_no_rule_is_unknown(comment: str) -> None:
    assert left(f"x = 1  {comment}\n") == ["1 BYB004"]


def test_an_unknown_word_comes_with_a_guess() -> None:
    source = Source("bot.py", b"x = 1  # bybit-lint: ignore[bad-nmae]\n")
    (finding,) = suppress.apply(source, [], RULES, CODES, TODAY)
    assert finding.message == "no rule is called 'bad-nmae' (did you mean 'bad-name'?)"


def test_an_unreadable_file_cannot_be_accepted() -> None:
    assert left("x = 1  # bybit-lint: ignore[BYB001]\n") == ["1 BYB002"]


def test_a_complaint_points_at_the_comment() -> None:
    source = Source("bot.py", "é = 'ü'  # hello # bybit-lint: ignore[BYB801]\n".encode())
    (finding,) = suppress.apply(source, [], [BAD, LONE], {"BYB801", "BYB803"}, TODAY)
    span = finding.span
    assert source.body[span.start : span.end] == b"# bybit-lint: ignore[BYB801]"
    assert (span.line, span.column, span.end_column) == (1, 18, 46)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_comments_are_found_with_all_line_ends(end: str) -> None:
    lines = ["x = 1", "# bybit-lint: ignore[BYB801]", "y = bad", "", "z = bad  # noqa: BYB801", ""]
    assert left(end.join(lines)) == []


def test_comments_are_found_in_a_file_with_a_byte_order_mark_or_another_encoding() -> None:
    assert left(b"\xef\xbb\xbfx = bad  # noqa: BYB801\n") == []
    assert left("# coding: latin-1\nx = 'é', bad  # noqa: BYB801\n".encode("latin-1")) == []


def test_a_comment_at_the_end_of_the_file_without_a_line_end_is_found() -> None:
    assert left("x = bad  # noqa: BYB801") == []
    assert left("x = 1\n# bybit-lint: ignore[BYB801]") == ["2 BYB002"]


# --- until=YYYY-MM-DD -------------------------------------------------------------------------------------------------

UNTIL = [
    "# bybit-lint: ignore[BYB801] until={} the reason",
    "# bybit-lint: ignore[BYB801] the reason, until={}",
    "# bybit-lint: ignore[BYB801, until={}]",
    "# bybit-lint: ignore[until = {}, names] the reason",
    "# noqa: BYB801 until={}, E501",
]


@pytest.mark.parametrize("comment", UNTIL)
def test_a_comment_holds_to_the_end_of_its_day_and_not_longer(comment: str) -> None:
    code = f"x = bad  {comment.format('2026-05-01')}\n"
    assert left(code, today="2026-04-30") == []
    assert left(code, today="2026-05-01") == []
    assert left(code, today="2026-05-02") == ["1 BYB801", "1 BYB005"]


@pytest.mark.parametrize(
    "day", ["", "soon", "2026-02-30", "2026-13-01", "20270131", "2027-1-31", "31.01.2027", "2027-W01-1"]
)
def test_what_is_no_date_accepts_nothing_and_is_told(day: str) -> None:
    assert left(f"x = bad  # bybit-lint: ignore[BYB801] until={day}\n") == ["1 BYB801", "1 BYB005"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "x = bad  # {}",
            "this comment ended on 2026-01-31: what it accepted counts again; mend it, or give a later date",
        ),
        ("x = 1  # {}", "this comment ended on 2026-01-31, and there is nothing left to accept: take it out"),
        (
            "x = bad  # bybit-lint: ignore[BYB801] for ever  # {}",
            "this comment ended on 2026-01-31, and there is nothing left to accept: take it out",
        ),
    ],
)
def test_a_comment_that_has_ended_says_what_comes_of_it(code: str, message: str) -> None:
    source = Source("bot.py", code.format("bybit-lint: ignore[BYB801] until=2026-01-31").encode())
    findings = [Finding(source.span_of(start, end), "", code="BYB801") for start, end in bads(source.body)]
    told = [f for f in suppress.apply(source, findings, RULES, CODES, TODAY) if f.code == "BYB005"]
    assert [finding.message for finding in told] == [message]


def test_each_comment_of_a_line_has_its_own_day() -> None:
    over, valid = "# bybit-lint: ignore[BYB801] until=2026-01-31", "# bybit-lint: ignore[BYB801] until=2026-12-31"
    assert left(f"x = bad  {valid}  {over}\n") == left(f"x = bad  {over}  {valid}\n") == ["1 BYB005"]
    assert left(f"x = bad  # noqa: BYB801  {over}\n") == ["1 BYB005"]


def test_a_comment_that_has_ended_is_not_unused_too_but_its_unknown_words_are_told() -> None:
    assert left("x = 1  # bybit-lint: ignore[BYB801] until=2026-01-31\n") == ["1 BYB005"]
    assert left("x = 1  # bybit-lint: ignore[BYB899] until=2026-01-31\n") == ["1 BYB005", "1 BYB004"]
    assert left("x = 1  # bybit-lint: ignore until=2026-01-31\n") == ["1 BYB003"]


def test_a_day_above_a_statement_of_several_lines_and_in_a_manifest() -> None:
    above = "# bybit-lint: ignore[BYB801] until=2026-01-31\n"
    assert left(f"{above}call(\n    bad,\n)\n") == ["3 BYB801", "1 BYB005"]
    source = Source("requirements.txt", f"{above}pybit\n".encode())
    assert [f.code for f in suppress.apply(source, [], RULES, CODES, TODAY)] == ["BYB005"]
