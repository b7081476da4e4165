"""What a test of an answer holds for: a good one, an error, or nobody knows."""

from __future__ import annotations

import ast

import pytest

from bybit_lint.analysis.flow.success_tests import tests_success as holds_for_success


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("answer['retCode'] == 0", True),
        ("answer['retCode'] is 0", True),
        ("answer['retCode'] == '0'", True),
        ("answer['retMsg'] == 'OK'", True),
        ("answer['retCode'] != 10006", True),
        ("answer['retCode'] != 0", False),
        ("answer['retCode'] == 10006", False),
        ("answer['retCode'] > 0", False),
        ("answer['retCode'] in CODES", False),
        ("answer['retCode'] not in CODES", False),
        ("answer['retMsg'] == 'too many'", None),
        ("answer['other'] == 0", None),
        ("answer['other'] in CODES", None),
        ("0 < answer['retCode'] < 5", None),
        ("'error' in answer", False),
        ("'error' not in answer", True),
        ("'other' in answer", None),
        ("not answer['retCode'] == 0", False),
        ("not answer['retCode'] != 0", True),
        ("not answer", None),
        ("answer and answer['retCode'] == 0", True),
        ("answer and more", None),
        ("answer or answer['retCode'] != 0", False),
        ("isinstance(answer, dict)", True),
        ("ok", True),
        ("answer.ok", True),
        ("answer['success']", True),
        ("succeeded(answer)", None),
        ("is_success(answer)", True),
        ("book", None),
        ("answer", None),
        ("ok + 1", None),
    ],
)
def test_what_a_test_holds_for(test: str, said: bool | None) -> None:
    assert holds_for_success(ast.parse(test, mode="eval").body) is said
