"""What a file uses as a dict: no client of a library is used like that."""

import ast

import pytest

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.mapping_receivers import MappingReceivers


def is_mapping(code: str) -> bool:
    """Whether `x`, of which the last line of a function asks for something, is used as a dict."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    names = ModuleIndex(ast.parse(f"def f(x, key):\n{body}    x.get(key)\n"))
    asked = names.calls_named["get"][-1].func
    assert isinstance(asked, ast.Attribute)
    return MappingReceivers(names).has(asked.value)


@pytest.mark.parametrize(
    "code",
    [
        "x['a']",
        "x.items()",
        "x.get('a', 1)",
        "assert isinstance(x, dict)",
        "assert isinstance(x, (list, typing.Mapping))",
        "for name in ('a', 'b'):\n    x.get(name)",
    ],
)
def test_is_used_as_a_dict(code: str) -> None:
    assert is_mapping(code)


@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "x.post('a')",
        "y['a']",
        "x.get('/v5/market/time')",
        "assert isinstance(x, Session)",
        "for path in ('/v5/market/time', 'a'):\n    x.get(path)",
        "for path in paths:\n    x.get(path)",
        "for path in ():\n    x.get(path)",
        "for name in ('a', 'b'):\n    x.get(name)\n    name = other()",
    ],
)
def test_may_be_a_client(code: str) -> None:
    assert not is_mapping(code)


def test_a_name_is_used_as_a_dict_in_its_function_and_an_attribute_in_the_file() -> None:
    names = ModuleIndex(ast.parse("def f(x):\n    x['a'], self.x['a']\ndef g(x):\n    x.get(key), self.x.get(key)\n"))
    receivers = MappingReceivers(names)
    asked = [call.func.value for call in names.calls_named["get"] if isinstance(call.func, ast.Attribute)]
    assert {ast.unparse(node): receivers.has(node) for node in asked} == {"x": False, "self.x": True}


@pytest.mark.parametrize(
    ("code", "is_read"),
    [
        ("x.get('a')", True),
        ("x.get('/v5/market/time')", False),
        ("x.get(key)", False),
        ("x.get()", False),
        ("x['b'], x.get(key)", True),
        ("x.items(), x.get('/v5/market/time')", True),
        ("y['b'], x.get(key)", False),
        ("get('a')", False),
        ("x.get.get(key)", False),
        ("[x.get(name) for name in ('a', 'b')]", True),
        ("isinstance(x, dict, y), x.get(key)", False),
        ("isinstance(y, dict), x.get(key)", False),
    ],
)
def test_is_a_dicts_get(code: str, is_read: bool) -> None:
    names = ModuleIndex(ast.parse(f"def f(x, y, key):\n    {code}\n"))
    assert MappingReceivers(names).is_read_by(names.calls_named["get"][-1]) is is_read
