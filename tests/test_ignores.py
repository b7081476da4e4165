"""--add-ignores: a comment at each finding, by which it is accepted, and not a byte of anything else."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fakes import RULES, fakes
from test_suppress import bads

from bybit_lint.analysis.source import Source
from bybit_lint.cli import main
from bybit_lint.inputs import config, ignores, suppress
from bybit_lint.vocabulary import Finding

__all__ = ["fakes"]
SEEDED = Path(__file__).parent / "seeded" / "naive"
NOTE = "# bybit-lint: ignore[BYB801] old"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config.forget()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, reason: str = "old", stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", "--add-ignores", reason, *arguments], input=stdin)


def accepted(text: str | bytes, reason: str = "old", path: str = "bot.py") -> bytes:
    """A file with comments at each `bad` (from `bad` to the end of `bad(...)`), which then accept all of them."""
    source = Source(path, text if isinstance(text, bytes) else text.encode())
    new = ignores.accepted(source, _findings(source), reason)
    kept = list(suppress.apply(new, _findings(new), RULES, {"BYB801"}, "2026-05-01"))
    assert [finding.code for finding in kept] == []
    assert ignores.accepted(new, kept, reason).data == new.data
    return new.data


def _findings(source: Source) -> list[Finding]:
    return [Finding(source.span_of(start, end), "", code="BYB801") for start, end in bads(source.body)]


# --- where the comment goes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = bad\n", f"x = bad  {NOTE}\n"),
        ("x = bad", f"x = bad  {NOTE}"),
        ("x = bad  \n", f"x = bad  {NOTE}\n"),
        ("x = bad  # why\n", f"x = bad  # why  {NOTE}\n"),
        ("x = bad; y = bad\n", f"x = bad; y = bad  {NOTE}\n"),
        ("if bad: pass\n", f"if bad: pass  {NOTE}\n"),
        ("f(\n    bad,\n    1,\n)\n", f"f(\n    bad,  {NOTE}\n    1,\n)\n"),
        ("bad(\n    1,\n)\n", f"bad(  {NOTE}\n    1,\n)\n"),
        ("x = bad, '''\ntext\n'''\n", f"{NOTE}\nx = bad, '''\ntext\n'''\n"),
        ("bad('''\ntext''')\n", f"bad('''\ntext''')  {NOTE}\n"),
        ("x = '''\ntext''', bad\n", f"x = '''\ntext''', bad  {NOTE}\n"),
        ("x = f'''\n{bad}\n'''\n", f"{NOTE}\nx = f'''\n{{bad}}\n'''\n"),
        ("x = 1 + \\\n    bad\n", f"x = 1 + \\\n    bad  {NOTE}\n"),
        ("x = bad + \\\n    1\n", f"{NOTE}\nx = bad + \\\n    1\n"),
        ("bad(1, \\\n  2)\n", f"bad(1, \\\n  2)  {NOTE}\n"),
        ("if y:\n\tx = bad + \\\n\t\t1\n", f"if y:\n\t{NOTE}\n\tx = bad + \\\n\t\t1\n"),
        ("x = bad  # ends on \\\n", f"x = bad  # ends on \\  {NOTE}\n"),
        ("@bad\ndef f():\n    pass\n", f"@bad  {NOTE}\ndef f():\n    pass\n"),
        ("@d\ndef f(a=bad, b='''\n'''):\n    pass\n", f"@d\n{NOTE}\ndef f(a=bad, b='''\n'''):\n    pass\n"),
        ("try:\n    pass\nexcept bad:\n    pass\n", f"try:\n    pass\nexcept bad:  {NOTE}\n    pass\n"),
        ("#!/usr/bin/python\n# coding: utf-8\nx = bad\n", f"#!/usr/bin/python\n# coding: utf-8\nx = bad  {NOTE}\n"),
    ],
)
def test_it_goes_behind_the_line_and_else_above_the_statement(before: str, after: str) -> None:
    assert accepted(before).decode() == after


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay_as_they_are(end: str) -> None:
    before = end.join(["x = 1", "y = bad + \\", "    1", "z = bad", ""])
    expected = end.join(["x = 1", NOTE, "y = bad + \\", "    1", f"z = bad  {NOTE}", ""])
    assert accepted(before) == expected.encode()


def test_encodings_and_marks_stay_as_they_are() -> None:
    assert accepted(b"\xef\xbb\xbfx = bad\n") == f"\ufeffx = bad  {NOTE}\n".encode()
    assert accepted(b"\xef\xbb\xbfx = bad + \\\n 1\n") == f"\ufeff{NOTE}\nx = bad + \\\n 1\n".encode()
    latin = "# coding: latin-1\nx = 'é', bad\n".encode("latin-1")
    assert accepted(latin) == latin.replace(b"bad", b"bad  " + NOTE.encode())
    assert accepted(latin, "für später") == latin.replace(b"bad", f"bad  {NOTE[:-3]}für später".encode("latin-1"))
    with pytest.raises(ignores.Refused, match="cannot be written in its encoding, iso-8859-1"):
        accepted(latin, "\u20bf")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = bad  # bybit-lint: ignore[BYB803] one\n", "x = bad  # bybit-lint: ignore[BYB803, BYB801] one; old\n"),
        ("x = bad  # bybit-lint: ignore[BYB803]\n", "x = bad  # bybit-lint: ignore[BYB803, BYB801] old\n"),
        ("x = bad  # bybit-lint: ignore[BYB803] old one\n", "x = bad  # bybit-lint: ignore[BYB803, BYB801] old one\n"),
        (
            "x = bad  # a # bybit-lint: ignore[BYB803] one  # b\n",
            "x = bad  # a # bybit-lint: ignore[BYB803, BYB801] one; old  # b\n",
        ),
        ("x = bad  # bybit-lint: ignore\n", f"x = bad  {NOTE}\n"),
        ("x = bad  # noqa: BYB803\n", f"x = bad  # noqa: BYB803  {NOTE}\n"),
        (
            "# bybit-lint: ignore[BYB803] one\nx = bad + \\\n    1\n",
            "# bybit-lint: ignore[BYB803, BYB801] one; old\nx = bad + \\\n    1\n",
        ),
        ("# said\nx = bad + \\\n    1\n", f"# said\n{NOTE}\nx = bad + \\\n    1\n"),
        ("y = 1  # bybit-lint: ignore[BYB803]\nx = bad \\\n    , 1\n", None),
    ],
)
def test_a_comment_that_accepts_something_already_takes_it_in(before: str, after: str | None) -> None:
    source = Source("bot.py", before.encode())
    new = ignores.accepted(source, _findings(source), "old").data.decode()
    assert new == (after or before.replace("\nx", f"\n{NOTE}\nx"))


def test_what_ends_on_a_day_is_not_made_one_with_what_does_not() -> None:
    own = "# bybit-lint: ignore[BYB803] until=2027-01-31 one"
    source = Source("bot.py", f"x = bad  {own}\n".encode())
    assert ignores.accepted(source, _findings(source), "old").data.decode() == f"x = bad  {own}  {NOTE}\n"
    other = "# bybit-lint: ignore[BYB803] one"
    source = Source("bot.py", f"x = bad  {other}\n".encode())
    dated = "# bybit-lint: ignore[BYB801] until=2027-01-31"
    assert (
        ignores.accepted(source, _findings(source), "until=2027-01-31").data.decode() == f"x = bad  {other}  {dated}\n"
    )


@pytest.mark.parametrize("path", ["requirements.txt", "pyproject.toml", "Pipfile", "setup.cfg", "Dockerfile"])
def test_in_a_manifest_it_stands_above_the_line(path: str) -> None:
    assert accepted("x\n  bad==1\n", path=path).decode() == f"x\n  {NOTE}\n  bad==1\n"
    assert accepted("bad==1", path=path).decode() == f"{NOTE}\nbad==1"


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("poetry.lock", "bad\n", "a program writes this file"),
        ("pyproject.toml", 'x = """\nbad\n"""\n', "it holds texts of several lines"),
        ("requirements.txt", "x \\\n  bad\n", "line 2 goes on from the one above it"),
        ("bot.py", "def (bad\n", "multi-line statement|invalid syntax|was never closed"),
    ],
)
def test_where_no_comment_can_be_written_it_says_why(path: str, text: str, reason: str) -> None:
    with pytest.raises(ignores.Refused, match=reason):
        accepted(text, path=path)


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fakes")
def test_all_that_is_found_is_accepted_and_a_second_run_changes_nothing() -> None:
    Path("bot.py").write_text("# bybit\nx = bad, odd, lone\n")
    Path("other.py").write_text("# bybit\nlone\n")
    result = run(reason="an old bot")
    assert result.exit_code == 0
    assert result.output == "All clear: 2 files checked.\n4 findings are accepted by comments in 2 files.\n"
    expected = "# bybit\nx = bad, odd, lone  # bybit-lint: ignore[BYB801, BYB802, BYB803] an old bot\n"
    assert Path("bot.py").read_text() == expected
    assert run(reason="another").output == "All clear: 2 files checked.\n"
    assert Path("bot.py").read_text() == expected
    assert CliRunner().invoke(main, ["check"]).exit_code == 0


@pytest.mark.usefixtures("fakes")
def test_a_diff_shows_it_and_changes_nothing() -> None:
    Path("bot.py").write_text("# bybit\nbad\n")
    result = run("--diff")
    assert result.exit_code == 1
    assert f"+bad  {NOTE}\n" in result.stdout
    assert "1 finding is accepted by comments in 1 file." in result.stderr
    assert Path("bot.py").read_text() == "# bybit\nbad\n"
    assert run("--diff", "--exit-zero").exit_code == 0


@pytest.mark.usefixtures("fakes")
def test_code_from_stdin_comes_back_with_it() -> None:
    result = run("-", stdin="# bybit\nbad\n")
    assert result.stdout == f"# bybit\nbad  {NOTE}\n"
    assert result.exit_code == 0


@pytest.mark.usefixtures("fakes")
def test_what_no_comment_can_accept_is_left() -> None:
    Path("bot.py").write_text("# bybit\nx = bad  # bybit-lint: ignore[BYB801] until=2020-01-01\n")
    result = run()
    assert result.exit_code == 1
    assert "BYB005" in result.stdout
    assert "BYB801]: " not in result.stdout
    Path("bot.py").write_text("# bybit\ndef (\n")
    result = run()
    assert result.exit_code == 2
    assert "BYB001" in result.stdout
    assert "no comment" not in result.stdout, "nobody asked for one"


@pytest.mark.usefixtures("fakes")
def test_only_what_is_reported_is_accepted() -> None:
    Path("bot.py").write_text("# bybit\nlone\n")
    assert CliRunner().invoke(main, ["baseline", "--output", "known.json"]).exit_code == 0
    Path("bot.py").write_text("# bybit\nlone\nbad\n")
    assert run("--baseline", "known.json").exit_code == 0
    assert Path("bot.py").read_text() == f"# bybit\nlone\nbad  {NOTE}\n"


@pytest.mark.usefixtures("fakes")
def test_a_file_that_cannot_be_written_is_a_problem() -> None:
    Path("bot.py").write_text("# bybit\nbad\n")
    Path("bot.py").chmod(0o444)
    result = run()
    assert result.exit_code == 2
    assert "bot.py: not changed: the file is read-only" in result.stderr
    assert "BYB801" in result.stdout


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "\x1b[31m"])
def test_a_reason_is_needed(reason: str) -> None:
    Path("bot.py").write_text("# bybit\nbad\n")
    result = run(reason=reason)
    assert result.exit_code == 2
    assert "--add-ignores needs a reason, in one line: why what is found is accepted" in result.stderr


@pytest.mark.parametrize("option", ["--fix", "--unsafe-fixes"])
def test_fixing_comes_first(option: str) -> None:
    result = run(option)
    assert result.exit_code == 2
    assert "fix first, and then accept what is left" in result.stderr


def test_a_bot_with_every_mistake_is_silent_afterwards_and_the_same_code() -> None:
    shutil.copytree(SEEDED, "naive")
    before = {path: path.read_bytes() for path in Path("naive").rglob("*") if path.is_file()}
    result = run("naive", "-q")
    shown = json.loads(CliRunner().invoke(main, ["check", "naive", "--format", "json"]).stdout)
    assert [(f["path"], f["line"], f["code"]) for f in shown["findings"]] == []
    assert result.exit_code == 0
    changed = [path for path in before if path.read_bytes() != before[path]]
    assert len(changed) > 10
    for path in changed:
        if path.suffix == ".py":
            assert ast.dump(ast.parse(path.read_bytes())) == ast.dump(ast.parse(before[path]))
    after = {path: path.read_bytes() for path in before}
    run("naive", "-q")
    assert {path: path.read_bytes() for path in before} == after
