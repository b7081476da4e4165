"""What a call really calls, and whether the code around it waits until that is through."""

from __future__ import annotations

import ast

import pytest

from bybit_lint.analysis.syntax.deferred_calls import deferred_callee, is_waited_for, thread_target
from bybit_lint.analysis.syntax.index import ModuleIndex


@pytest.mark.parametrize(
    ("code", "callee", "taken"),
    [
        ("asyncio.to_thread(work, 1)", "work", 1),
        ("partial(work, 1)", "work", 1),
        ("pool.submit(work)", "work", 1),
        ("self.pool.submit(work, 1)", "work", 1),
        ("self.submit(order)", "self.submit", 0),
        ("cls.submit(order)", "cls.submit", 0),
        ("submit(order)", "submit", 0),
        ("self.desk.submit({'qty': qty})", "self.desk.submit", 0),
        ("desk.submit('BTCUSDT', qty)", "desk.submit", 0),
        ("loop.run_in_executor(None, work, 1)", "work", 2),
        ("loop.run_in_executor(None)", "loop.run_in_executor", 0),
        ("asyncio.to_thread()", "asyncio.to_thread", 0),
        ("work(1)", "work", 0),
    ],
)
def test_what_a_call_really_calls(code: str, callee: str, taken: int) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    found, skipped = deferred_callee(call)
    assert (ast.unparse(found), skipped) == (callee, taken)


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("Thread(target=work)", "work"),
        ("threading.Process(args=(1,), target=work)", "work"),
        ("Thread(args=(1,))", None),
        ("Thread(work)", None),
        ("Other(target=work)", None),
    ],
)
def test_what_a_thread_will_call(code: str, target: str | None) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    found = thread_target(call)
    assert (ast.unparse(found) if found is not None else None) == target


@pytest.mark.parametrize(
    ("code", "is_waited"),
    [
        ("await work()", True),
        ("await asyncio.gather(work(), other())", True),
        ("await asyncio.gather(asyncio.create_task(work()))", True),
        ("await asyncio.wait([work()])", True),
        ("asyncio.run(work())", True),
        ("loop.run_until_complete(work())", True),
        ("loop.run_until_complete(asyncio.gather(work()))", True),
        ("task = asyncio.create_task(work())\n    await asyncio.gather(task)", True),
        ("task = asyncio.create_task(work())", False),
        ("task = asyncio.create_task(work())\n    print(task)", False),
        ("asyncio.create_task(work())", False),
        ("await other(work())", False),
        ("print(work())", False),
        ("self.task = asyncio.create_task(work())", False),
        ("work()", False),
        ("return work()", False),
    ],
)
def test_a_coroutine_is_through_before_the_code_goes_on(code: str, is_waited: bool) -> None:
    names = ModuleIndex(ast.parse(f"async def f():\n    {code}\n"))
    (call,) = names.calls_named["work"]
    assert is_waited_for(names, call) is is_waited
