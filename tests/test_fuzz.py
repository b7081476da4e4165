"""The fuzzer sees crashes, hangs and broken promises, and what it tries out of the tool in a short time is sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the fuzzer needs limits for its processes")

import fuzz
from fixes import Run
from fuzz import Case, Failure
from mutations import Bot, Corpus

BOT: Bot = {"bot.py": b"a = 1\nb = 2\nc = 3\nd = 4\n", "other.py": b"e = 5\n"}


def test_nothing_is_wrong_with_what_is_done_to_some_mutants(capsys: pytest.CaptureFixture[str]) -> None:
    code = fuzz.main(["--seed", "12", "--checks", "40", "--fixes", "8"])
    said = capsys.readouterr().out
    assert code == 0, said
    assert said.endswith("40 checks and 8 fixes, 0 failures\n")


def test_a_seed_gives_the_same_bots_every_time() -> None:
    names = [f"check:{number}" for number in range(20)]
    once, again = (list(fuzz.cases(3, names)) for _ in range(2))
    assert once == again
    assert once != list(fuzz.cases(4, names))


def test_the_bots_are_many() -> None:
    corpus = Corpus()
    assert len(corpus.bots) > 1000
    assert any(len(bot) > 20 for bot in corpus.bots)
    assert len(corpus.expressions) > 1000 < len(corpus.statements)


# --- what goes wrong is told --------------------------------------------------------------------------------------


def wrong(folder: Path) -> Iterator[str]:
    """Fails where two lines come together."""
    text = (folder / "bot.py").read_bytes()
    if b"b = 2" in text and b"d = 4" in text:
        yield f"bot.py: crashed on {len(text)} bytes"


def endless(folder: Path) -> Iterator[str]:
    while str(folder):
        pass
    yield ""


def dead(folder: Path) -> Iterator[str]:
    yield str(1 / len(str(folder)[:0]))


def failures(judge: fuzz.Judge, monkeypatch: pytest.MonkeyPatch) -> list[Failure]:
    monkeypatch.setitem(fuzz.JUDGES, "check", judge)
    monkeypatch.setitem(fuzz.SECONDS, "check", 1)
    return [failure for _, failure in fuzz.failures([Case("check:0", BOT), Case("check:1", BOT)])]


def test_what_a_judge_finds_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(wrong, monkeypatch) == [Failure("bot.py: crashed on 24 bytes")] * 2


def test_a_hang_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(endless, monkeypatch) == [Failure("hang")] * 2


def test_a_crash_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(dead, monkeypatch) == [Failure("ZeroDivisionError: division by zero")] * 2


def test_what_fails_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    failure, *_ = failures(wrong, monkeypatch)
    assert fuzz.smallest(Case("check:0", BOT), failure) == {"bot.py": b"b = 2\nd = 4\n"}


def test_failures_are_shown_and_make_the_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "warm_up", lambda: None)
    monkeypatch.setattr(fuzz, "cases", lambda seed, names: [Case(name, BOT) for name in names])
    monkeypatch.setitem(fuzz.JUDGES, "check", wrong)
    assert fuzz.main(["--seed", "1", "--only", "check:7"]) == 1
    said = capsys.readouterr().out
    assert "check:7: bot.py: crashed on 24 bytes\n--- bot.py\nb = 2\nd = 4\n" in said
    assert said.endswith(" 1 failures\n")


# --- what is wrong with a check -------------------------------------------------------------------------------------


def test_a_crash_of_a_check_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bot.py").write_text("import pybit\n")
    monkeypatch.setattr("bybit_lint.facts.of", lambda *_: 1 / 0)
    assert "the analysis crashed (ZeroDivisionError" in next(iter(fuzz.check_faults(tmp_path)))


def test_other_findings_the_second_time_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bot.py").write_text("import pybit\n")
    runs = iter([Run([], []), Run([{"code": "BYB001"}], [])])
    monkeypatch.setattr(fuzz, "told", lambda *_: next(runs))
    assert list(fuzz.check_faults(tmp_path)) == ["not the same the second time"]
