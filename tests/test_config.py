"""The table in pyproject.toml: which one holds for a file, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bybit_lint.inputs import config
from bybit_lint.inputs.config import BadConfig, Config
from bybit_lint.knowledge.accounts import Account

HEDGED = Account("hedge", "unified")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with no config remembered."""
    config.forget()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, path: str = "pyproject.toml") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def table(lines: str) -> Config:
    write(f"[tool.bybit-lint]\n{lines}\n")
    return config.nearest("bot.py")


# --- which one --------------------------------------------------------------------------------------------------------


def test_without_a_table_everything_is_as_by_default() -> None:
    assert config.nearest("bot.py") == Config()
    write("[project]\nname = 'bot'\n")
    config.forget()
    assert config.nearest("bot.py") == Config()


def test_every_key_is_read(here: Path) -> None:
    lines = """
    select = ["BYB2"]
    extend-select = ["BYB301"]
    ignore = ["unrounded-quantity"]
    exclude = ["vendor"]
    shim = "mybot.bybit_shim"
    unsafe-fixes = true
    account = {position-mode = "hedge", type = "unified"}
    baseline = "known/findings.json"
    """
    path = str(here / "pyproject.toml")
    words = ("BYB2",), ("BYB301",), ("unrounded-quantity",), ("vendor",)
    expected = Config(*words, "mybot.bybit_shim", True, HEDGED, "known/findings.json", path)
    assert table(lines) == expected
    assert expected.baseline_path == str(here / "known/findings.json")
    assert Config().baseline_path == ""


def test_the_nearest_table_upwards_from_the_file_holds() -> None:
    write("[tool.bybit-lint]\nshim = 'outer'\n")
    write("[tool.bybit-lint]\nshim = 'inner'\n", "inner/pyproject.toml")
    write("[project]\nname = 'bybit-lint-user'\n", "inner/plain/pyproject.toml")
    found = {path: config.nearest(path).shim for path in ("bot.py", "other/deep/bot.py", "inner/plain/deep/bot.py")}
    assert found == {"bot.py": "outer", "other/deep/bot.py": "outer", "inner/plain/deep/bot.py": "inner"}


def test_a_broken_file_that_does_not_speak_of_us_is_none_of_our_concern() -> None:
    write("broken = [")
    assert config.nearest("bot.py") == Config()


def test_a_named_config_is_read_whatever_it_is_called() -> None:
    write("[tool.bybit-lint]\nshim = 'named'\n", "ci/lint.toml")
    assert config.at("ci/lint.toml").shim == "named"


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n", "# bybit-lint\n[tool.other]\n", "tool = 'bybit-lint'\n"])
def test_a_named_config_without_our_table_is_refused(text: str) -> None:
    write(text, "lint.toml")
    with pytest.raises(BadConfig, match=r"^lint\.toml: there is no \[tool\.bybit-lint\] table in it$"):
        config.at("lint.toml")


def test_a_named_config_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadConfig, match=r"^gone\.toml: cannot be read: No such file"):
        config.at("gone.toml")


SHIM = "shim must be the dotted name of a module of the bot's own"

# --- wrong ones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("slect = ['BYB2']", "has no key 'slect' (did you mean 'select'?); it knows select, extend-select, ignore, "),
        ("unsafe_fixes = true", "has no key 'unsafe_fixes' (did you mean 'unsafe-fixes'?)"),
        ("colour = 1", "has no key 'colour'; it knows select"),
        (
            "select = 'BYB2'",
            "select must be a list of codes, names or prefixes such as ['BYB201', 'BYB3'], not this text",
        ),
        ("extend-select = [1]", "extend-select must be a list of codes"),
        ("ignore = ['']", "ignore must be a list of codes"),
        ("exclude = 'vendor'", "exclude must be a list of patterns such as ['vendor', 'tests/*.py'], not this text"),
        (
            "shim = 'my bot'",
            "shim must be the dotted name of a module of the bot's own such as 'mybot.bybit_shim', not this text",
        ),
        ("shim = 'src/shim.py'", SHIM),
        ("shim = 'mybot.import'", SHIM),
        ("shim = ''", SHIM),
        ("shim = ['a']", SHIM),
        *((f"shim = '{name}'", SHIM) for name in ("__future__", "os", "json.tool", "sys", "__main__", "builtins")),
        *((f"shim = '{name}'", SHIM) for name in (".a", "a.", "a..b", "bybit_lint", "bybit_lint.cli", "a.None", "ü")),
        ("unsafe-fixes = 'no'", "unsafe-fixes must be true or false, not this text"),
        ("unsafe-fixes = 1", "unsafe-fixes must be true or false, not a number"),
        ("account = 'hedge'", "account must be a table such as {position-mode = 'hedge', type = 'unified'}, not this"),
        ("account = {type = 1}", "account must be a table such as {position-mode = 'hedge', type = 'unified'}, not a"),
        ("account = {position-mode = 'both'}", "account position-mode must be 'hedge' or 'one-way', not this text"),
        ("account = {type = 'CONTRACT'}", "account type must be 'classic' or 'unified', not this text"),
        (
            "account = {position_mode = 'hedge'}",
            "account has no setting 'position_mode' (did you mean 'position-mode'?); it knows position-mode, type",
        ),
    ],
)
def test_a_wrong_key_or_type_is_refused_with_file_key_and_what_is_expected(lines: str, message: str) -> None:
    with pytest.raises(BadConfig) as raised:
        table(lines)
    assert str(raised.value).startswith(f"pyproject.toml: [tool.bybit-lint] {message}")


@pytest.mark.parametrize("value", ["true", "[]", "'BYB2'"])
def test_a_table_that_is_none_is_refused(value: str) -> None:
    write(f"[tool]\nbybit-lint = {value}\n")
    with pytest.raises(BadConfig, match=r"\[tool\.bybit-lint\] must be a table, not "):
        config.nearest("bot.py")


def test_broken_toml_is_refused_with_its_place() -> None:
    with pytest.raises(BadConfig, match=r"^pyproject\.toml: not valid TOML: .*line 2"):
        table("select == []")


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    Path("pyproject.toml").write_bytes(b"# caf\xe9\n[tool.bybit-lint]\n")
    with pytest.raises(BadConfig, match=r"^pyproject\.toml: not valid TOML: 'utf-8' codec"):
        config.nearest("bot.py")


# --- what is excluded -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "is_excluded"),
    [
        ("vendor", "vendor/bot.py", True),
        ("vendor", "src/vendor/deep/bot.py", True),
        ("vendor/", "src/vendor/bot.py", True),
        ("vendor", "vendor.py", False),
        ("vendor", "myvendor/bot.py", False),
        ("*_old.py", "src/bot_old.py", True),
        ("*_old.py", "src/bot_old.pyw", False),
        ("tests/*.py", "tests/test_bot.py", True),
        ("tests/*.py", "src/tests/test_bot.py", False),
        ("/tests", "tests/test_bot.py", True),
        ("/tests", "src/tests/test_bot.py", False),
        ("./tests", "tests/deep/test_bot.py", True),
        ("src/vendor", "src/vendor/bot.py", True),
        ("src/vendor", "lib/src/vendor/bot.py", False),
        ("**/legacy/*.py", "a/b/legacy/bot.py", True),
        ("**/legacy/*.py", "legacy/bot.py", True),
        ("Vendor", "vendor/bot.py", False),
    ],
)
def test_a_pattern_fits_as_in_a_gitignore(pattern: str, path: str, is_excluded: bool) -> None:
    assert table(f"exclude = ['other', '{pattern}']").excludes(path) is is_excluded


def test_patterns_count_from_the_folder_of_their_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write("[tool.bybit-lint]\nexclude = ['tests/*.py']\n", "project/pyproject.toml")
    settings = config.nearest("project/src/bot.py")
    assert settings.excludes("project/tests/bot.py")
    assert not settings.excludes("tests/bot.py")
    Path("project/src").mkdir()
    monkeypatch.chdir("project/src")
    assert settings.excludes("../tests/bot.py")


def test_without_patterns_nothing_is_excluded() -> None:
    assert not Config().excludes("vendor/bot.py")
