"""Where blocks and loops are left, what a loop counts, and what tests ask for: syntax alone, no value in sight."""

from __future__ import annotations

import ast

import pytest
from evaluating import Written

from bybit_lint.analysis.flow import loops
from bybit_lint.analysis.flow.loops import Loop
from bybit_lint.analysis.syntax import guards, jumps


def block(code: str) -> list[ast.stmt]:
    return ast.parse(code).body


def first(code: str) -> ast.stmt:
    return block(code)[0]


def indented(code: str, depth: int = 1) -> str:
    return "".join(f"{'    ' * depth}{line}\n" for line in code.splitlines())


# --- blocks -----------------------------------------------------------------------------------------------------------

JUMPS = {
    "return": "exit",
    "raise x": "exit",
    "break": "exit",
    "continue": "jump",
    "x()": "",
    "pass": "",
    "return\nx()": "",
    "x()\nreturn": "exit",
    "if x: return": "",
    "if x: return\nelse: return": "exit",
    "if x: return\nelse: continue": "jump",
    "if x: continue\nelse: return": "jump",
    "if x: return\nelse: x()": "",
    "if x: x()\nelse: return": "",
    "if x:\n    if y: return\n    else: break\nelse: raise x": "exit",
    "if x: return\nelif y: return\nelse: return": "exit",
    "if x: return\nelif y: return": "",
    "with x: return": "exit",
    "with x: continue": "jump",
    "with x: x()": "",
    "async def f():\n    pass": "",
    "while x: return": "",
    "try:\n    return\nexcept x: return": "",
}


@pytest.mark.parametrize("code", JUMPS)
def test_where_the_end_of_a_block_is_never_passed(code: str) -> None:
    assert jumps.ends_in_jump(block(code)) is bool(JUMPS[code])
    assert jumps.always_exits(block(code)) is (JUMPS[code] == "exit")


def test_a_block_of_nothing_is_passed() -> None:
    assert not jumps.ends_in_jump([])
    assert not jumps.always_exits([])


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x()\nreturn\nbreak\ncontinue\nraise x", [2, 3]),
        ("if x:\n    return\nelse:\n    break", [2, 4]),
        ("while x:\n    break\n    return\nelse:\n    return", [3, 5]),
        ("for y in x:\n    with x:\n        break\n        return", [4]),
        ("def f():\n    return", []),
        ("class A:\n    return", []),
        ("try:\n    return\nfinally:\n    return", [2, 4]),
        ("with x:\n    break", [2]),
    ],
)
def test_by_which_statements_a_loop_is_left(code: str, lines: list[int]) -> None:
    assert [statement.lineno for statement in jumps.exits(block(code))] == lines


@pytest.mark.parametrize(
    ("code", "may"),
    [
        ("return", True),
        ("raise x", True),
        ("continue", True),
        ("if x: break", True),
        ("for y in x: continue", True),
        ("x()", False),
        ("if x: x()", False),
        ("def f(): return", False),
    ],
)
def test_what_may_leave(code: str, may: bool) -> None:
    assert jumps.may_leave(first(code)) is may


# --- loops ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("while True:", "endless round"),
        ("while x:", "round"),
        ("for n in range(3):", "counts n round"),
        ("for n in x.range(3):", "counts n round"),
        ("for n in itertools.count():", "counts n round"),
        ("for n in reversed(range(3)):", "counts n round"),
        ("for n in reversed(x):", "n"),
        ("for n in (2, 1, 0):", "counts n round"),
        ("for n in [1, 2]:", "counts n round"),
        ("for n in (1, True):", "n"),
        ("for n in (1, 'a'):", "n"),
        ("for n in (1, x):", "n"),
        ("for n in x:", "n"),
        ("for n in x():", "n"),
        ("for n in {1, 2}:", "n"),
        ("for attempt in range(3):", "counts round"),
        ("for retry_number in range(3):", "counts round"),
        ("for try_ in range(3):", "counts round"),
        ("for tries in range(3):", "counts round"),
        ("for entry in range(3):", "counts entry round"),
        ("for _ in range(3):", "counts _ round"),
        ("for n, m in x:", "m n"),
        ("async def f():\n    async for n in x:", "n"),
    ],
)
def test_what_a_loop_counts(head: str, said: str) -> None:
    node = next(n for n in ast.walk(ast.parse(f"{head}\n        x()\n")) if isinstance(n, jumps.LoopNode))
    loop = Loop(node)
    words = (
        ["endless"] * loop.is_endless + ["counts"] * loop.counts + sorted(loop.counters) + ["round"] * loop.goes_round
    )
    assert " ".join(words) == said


@pytest.mark.parametrize(
    ("body", "is_count"),
    [
        ("time.sleep(n)", True),
        ("event.wait(n)", True),
        ("print(n)\ntime.sleep(n)", True),
        ("time.sleep(n * 2)", True),
        ("ask(n)\ntime.sleep(n)", False),
        ("ask()\ntime.sleep(n)", True),
        ("time.sleep(3)", False),
        ("ask(n)", False),
    ],
)
def test_a_loop_over_waits_counts(body: str, is_count: bool) -> None:
    node = first(f"for n in x:\n{indented(body)}")
    assert isinstance(node, ast.For)
    assert Loop(node).counts is is_count


LEFT = {
    "ask()\nbreak": True,
    "ask()\nreturn": True,
    "ask()": False,
    "ask()\nif x: break": False,
    "ask()\nif x: continue\nbreak": False,
    "if x:\n    ask()\nbreak": True,
    "if x:\n    ask()\n    continue\nbreak": False,
    "if x: continue\nask()\nbreak": True,
    "try:\n    ask()\nexcept x: pass\nfinally: break": True,
    "try:\n    ask()\nexcept x: pass\nfinally: x()": False,
    "try: pass\nfinally:\n    ask()\n    break": True,
    "with x:\n    ask()\n    raise x": True,
}


@pytest.mark.parametrize("body", LEFT)
def test_a_loop_is_left_after_a_call(body: str) -> None:
    bot = Written(f"from outside import ask, x\n\n\ndef f():\n    while True:\n{indented(body, 2)}    x()\n")
    (call,) = bot.calls("ask")
    node = next(a for a in bot.module.names.ancestors(call) if isinstance(a, ast.While))
    assert loops.is_left_after(bot.module.names, call, Loop(node)) is LEFT[body]


@pytest.mark.parametrize(
    ("code", "is_left"),
    [
        ("if answer['retCode'] == 0: return", True),
        ("if answer['retCode'] == 0: break", True),
        ("if answer['retCode'] == 0: pass", False),
        ("if answer['retCode'] != 0: return", False),
        ("if x: return", False),
        ("if answer['retCode'] == 0:\n    found = x\nif found: return", True),
        ("if answer['retCode'] == 0:\n    found = x\nif other: return", False),
        ("if answer['retCode'] != 0:\n    found = x\nif found: return", False),
        ("if answer['retCode'] == 0:\n    found = x\nif found: x()", False),
        ("x()", False),
    ],
)
def test_a_good_answer_leaves_a_loop(code: str, is_left: bool) -> None:
    assert loops.is_left_by_success(block(code)) is is_left


# --- tests ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "asks"),
    [
        ("x == 'a'", True),
        ("'a' == x", True),
        ("x != 'a'", True),
        ("x in known", True),
        ("known in x", True),
        ("x not in known", True),
        ("y in known", False),
        ("x == 3", False),
        ("x == y", False),
        ("x < y < 'a'", False),
        ("x.startswith('a')", True),
        ("x.isdigit()", True),
        ("x.a.lower() == y", True),
        ("y.startswith(x)", False),
        ("x.find('a')", False),
        ("startswith(x)", False),
        ("y or x == 'a'", True),
        ("x", False),
    ],
)
def test_what_asks_for_a_text(test: str, asks: bool) -> None:
    assert guards.asks_text(ast.parse(test, mode="eval").body, {"x"}) is asks


@pytest.mark.parametrize(
    ("test", "asks"),
    [
        ("not x", True),
        ("x is None", True),
        ("x is not None", False),
        ("x == None", False),
        ("x is False", False),
        ("not x.y", False),
        ("x.y is None", False),
        ("x", False),
        ("-x", False),
        ("not x or y", False),
    ],
)
def test_what_asks_for_nothing(test: str, asks: bool) -> None:
    assert guards.asks_for_nothing(ast.parse(test, mode="eval").body) is asks


def test_what_a_function_asks() -> None:
    code = "def f():\n    if a: b\n    while c: d if e else g\n    assert h\n    [i for j in k if l if m]\n"
    code += "    n or o or p\n    q()"
    asked = sorted(ast.unparse(test) for test in guards.tests(first(code)))
    assert asked == ["a", "c", "e", "h", "l", "m", "n", "o"]


@pytest.mark.parametrize(
    ("code", "are_sorted"),
    [
        ("if x == 'a':\n        return x\n    return x + 'b'", True),
        ("if x:\n        return x\n    return x + 'b'", False),
        ("if y == 'a':\n        return x\n    return x + 'b'", False),
        ("if x == 'a':\n        y()\n    return x", False),
    ],
)
def test_values_are_sorted_out(code: str, are_sorted: bool) -> None:
    bot = Written(f"def f(x, y):\n    {code}\n\n\nf\n")
    returned = [n.value for n in bot.module.names.nodes() if isinstance(n, ast.Return) and n.value is not None]
    assert guards.are_sorted_out(bot.module.names, returned) is are_sorted


@pytest.mark.parametrize(
    ("body", "is_left"),
    [
        ("try: return ask()\nexcept E: pass", True),
        ("try: ask()\nexcept E: pass", False),
        ("try: ask()\nexcept E: pass\nelse: return", True),
        ("try:\n    if ask(): return\nexcept E: pass", False),
        ("try:\n    if ask(): return\nexcept E: pass\nretries += 1", True),
        ("try:\n    if ask(): return\nexcept E: pass\ntotal += 1", False),
        ("try:\n    if ask(): return\nexcept E: pass\ntotal += 1\nretries += 1", True),
        ("try: ask()\nexcept E: pass\nretries += 1", False),
        ("retries += 1\ntry:\n    if ask(): return\nexcept E: pass", False),
        ("try:\n    if ask(): return\nexcept E: pass\nif x: retries += 1", False),
    ],
)
def test_an_attempt_that_goes_well_leaves_before_a_try_is_counted(body: str, is_left: bool) -> None:
    bot = Written(f"while True:\n{indented(body)}")
    loop = bot.module.source.tree.body[0]
    assert isinstance(loop, ast.While)
    (attempt,) = (statement for statement in loop.body if isinstance(statement, ast.Try))
    assert Loop(loop).is_left_well(bot.module.names, attempt) is is_left
