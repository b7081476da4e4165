"""Arguments are bound to parameters as Python itself binds them."""

from __future__ import annotations

import ast
import inspect

import pytest

from bybit_lint.analysis.syntax.argument_binding import bind_call, defaults
from bybit_lint.analysis.syntax.nodes import FunctionNode

SIGNATURES = [
    "a, b",
    "a, b=1",
    "a, /, b",
    "a, /, **kw",
    "a, *rest, b=1",
    "a, *, b",
    "*rest, **kw",
    "a, b=1, *rest, c, d=2, **kw",
    "",
]
CALLS = [
    *("f()", "f(1)", "f(1, 2)", "f(1, 2, 3, c=4)", "f(1, b=2)", "f(b=1, a=2)", "f(1, a=2)", "f(1, c=2, e=3)"),
    *("f(c=1, a=2)", "f(e=1)"),
]


def function(signature: str) -> FunctionNode:
    (node,) = ast.parse(f"def f({signature}): pass").body
    assert isinstance(node, ast.FunctionDef)
    return node


def call(text: str) -> ast.Call:
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


def bound(signature: str, text: str, offset: int = 0) -> tuple[dict[str, int], list[int], dict[str, int]]:
    found = bind_call(function(signature), call(text), offset)
    named, others = ({k: ast.literal_eval(v) for k, v in held.items()} for held in (found.named, found.others))
    return named, [ast.literal_eval(value) for value in found.rest], others


def as_python_does(signature: str, text: str) -> tuple[dict[str, int], list[int], dict[str, int]]:
    names: dict[str, object] = {}
    exec(f"def f({signature}): pass", names)  # a signature from the list above
    f = names["f"]
    assert callable(f)
    parts = call(text)
    positional = [ast.literal_eval(value) for value in parts.args]
    keywords = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in parts.keywords}
    named = dict(inspect.signature(f).bind(*positional, **keywords).arguments)
    return named, list(named.pop("rest", ())), named.pop("kw", {})


@pytest.mark.parametrize("signature", SIGNATURES)
def test_whatever_python_can_call_is_bound_as_python_does(signature: str) -> None:
    compared = 0
    for text in CALLS:
        try:
            right = as_python_does(signature, text)
        except TypeError:
            continue
        assert bound(signature, text) == right, text
        compared += 1
    assert compared


def test_a_bound_method_has_its_object_already() -> None:
    assert bound("self, a, b=1", "f(1)", offset=1) == ({"a": 1}, [], {})
    assert bound("self, *rest", "f(1, 2)", offset=1) == ({}, [1, 2], {})
    assert bound("self, a", "f(1, 2)") == ({"self": 1, "a": 2}, [], {})


def test_what_comes_after_a_star_fills_nobody_knows_what() -> None:
    assert bound("a, b, c", "f(1, *rest, 3)") == ({"a": 1}, [], {})
    assert bound("a, b, c", "f(*rest, c=3)") == ({"c": 3}, [], {})
    assert bound("a, b", "f(1, **more)") == ({"a": 1}, [], {})


def test_a_call_that_fails_is_bound_as_far_as_it_goes() -> None:
    assert bound("a", "f(1, 2)") == ({"a": 1}, [2], {})
    assert bound("a", "f(1, e=2)") == ({"a": 1}, [], {"e": 2})


def test_an_argument_knows_what_it_fills() -> None:
    text = call("f(1, 2, e=1, b=1)")
    found = bind_call(function("a, *rest, b, **kw"), text)
    filled = [found.parameter_of(value) for value in (*text.args, *(keyword.value for keyword in text.keywords))]
    assert filled == ["a", None, None, "b"]


def test_each_default_belongs_to_its_parameter() -> None:
    found = defaults(function("a, b=1, /, c=2, *rest, d, e=3, **kw").args)
    assert {name: ast.literal_eval(default) for name, default in found.items()} == {"b": 1, "c": 2, "e": 3}
    assert defaults(function("a, *, b").args) == {}
