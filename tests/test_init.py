"""What `bybit-lint init` writes, where, and that nothing is lost by it; what the shell completes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

from bybit_lint import checks
from bybit_lint.cli import main
from bybit_lint.commands import init, templates
from bybit_lint.inputs import config

ROOT = Path(__file__).parent.parent
ADDRESS = "https://example.com/tools/bybit-lint"
HOOKS, WORKFLOW = ".pre-commit-config.yaml", ".github/workflows/bybit-lint.yml"
TABLE = '[tool.bybit-lint]\nbaseline = "bybit-lint-baseline.json"\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config.forget()
    monkeypatch.setattr(init, "usual_address", lambda: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, answer: str | None = None) -> Result:
    config.forget()
    return CliRunner().invoke(main, ["init", *arguments], input=answer)


def files() -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def hooks() -> list[Any]:
    return [hook for repo in yaml.safe_load(Path(HOOKS).read_text())["repos"] for hook in repo["hooks"]]


# --- a fresh folder ---------------------------------------------------------------------------------------------------


def test_all_three_are_written_and_a_second_run_has_nothing_to_do() -> None:
    result = run("--yes", "--address", ADDRESS)
    assert result.exit_code == 0
    assert sorted(files()) == [WORKFLOW, HOOKS, "pyproject.toml"]
    assert Path("pyproject.toml").read_text() == TABLE
    assert config.at("pyproject.toml").baseline == "bybit-lint-baseline.json"
    assert f"Written: pyproject.toml, {HOOKS}, {WORKFLOW}." in result.stdout
    assert "bybit-lint baseline" in result.stdout.rpartition("Next:")[2]
    before = files()
    again = run("--yes", "--address", ADDRESS)
    assert again.stdout.splitlines() == [
        "pyproject.toml: [tool.bybit-lint] is there already",
        f"{HOOKS}: the hook is there already",
        f"{WORKFLOW}: it is there already",
        "Nothing to do.",
    ]
    assert files() == before


def test_what_it_will_write_is_shown_before_it_asks() -> None:
    result = run("--address", ADDRESS, answer="n\n")
    assert result.exit_code == 0
    shown, question, rest = result.stdout.partition("Write these 3 files? [y/N]:")
    assert question
    assert shown.startswith("pyproject.toml, a new file:\n\n    [tool.bybit-lint]\n    baseline = ")
    assert f"{HOOKS}, a new file:\n\n    repos:\n      - repo: {ADDRESS}\n" in shown
    assert f"{WORKFLOW}, a new file:\n\n    name: bybit-lint\n" in shown
    assert "Nothing was written." in rest
    assert files() == {}
    assert run("--address", ADDRESS, answer="y\n").exit_code == 0
    assert len(files()) == 3


def test_where_nobody_answers_nothing_is_written() -> None:
    result = run(answer="")
    assert result.exit_code == 2
    assert "nothing was written, because nobody answered; --yes writes without asking" in result.stderr
    assert files() == {}


def test_in_a_folder_of_a_repository_it_goes_to_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".git").mkdir()
    Path("src/bot").mkdir(parents=True)
    monkeypatch.chdir("src/bot")
    assert run("--yes").exit_code == 0
    assert sorted(os.listdir("../..")) == [".git", HOOKS, "pyproject.toml", "src"]


# --- what is there already --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before", ['[project]\nname = "bot"\n', '[project]\nname = "bot"', "", "a = 1\r\n[tool.x]\r\n"]
)
def test_the_table_is_added_at_the_end(before: str) -> None:
    Path("pyproject.toml").write_bytes(before.encode())
    assert run("--yes").exit_code == 0
    after = Path("pyproject.toml").read_bytes().decode()
    assert after.startswith(before)
    assert config.at("pyproject.toml").baseline == "bybit-lint-baseline.json"
    assert ("\r\n[tool.bybit-lint]\r\n" in after) == ("\r" in before)
    assert len(re.findall("(?<!\r)\n", after)) == 0 or "\r" not in before


def test_a_table_that_is_there_stays_as_it_is_also_above() -> None:
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nignore = ['BYB301']\n")
    assert "pyproject.toml: [tool.bybit-lint] is there already" in run("--yes").stdout
    assert Path("pyproject.toml").read_text() == "[tool.bybit-lint]\nignore = ['BYB301']\n"


@pytest.mark.parametrize("before", ["tool = {x = 1}\n", "broken = [\n", "[tool]\nbybit-lint = 3\n"])
def test_a_config_in_which_it_would_be_none_is_left_alone(before: str) -> None:
    Path("pyproject.toml").write_text(before)
    result = run("--yes")
    assert result.exit_code == 2
    assert "pyproject.toml: " in result.stderr
    assert files() == {"pyproject.toml": before.encode()}


PRE_COMMIT = """\
# ours
default_stages: [pre-commit]
repos:
  - repo: https://example.com/other
    rev: v1
    hooks:
      - id: other
"""


@pytest.mark.parametrize(
    "before",
    [
        PRE_COMMIT,
        PRE_COMMIT.replace("\n  ", "\n"),
        PRE_COMMIT.rstrip("\n"),
        PRE_COMMIT.replace("\n", "\r\n"),
        PRE_COMMIT.replace("repos:", "repos:  # all of them"),
        f"{PRE_COMMIT}\n  # the end\n",
    ],
    ids=["indented", "flat", "without a line end", "CRLF", "with a remark", "with a remark at the end"],
)
@pytest.mark.parametrize("address", [(), ("--address", ADDRESS)], ids=["installed", "from an address"])
def test_the_hook_is_added_to_those_that_are_there(before: str, address: tuple[str, ...]) -> None:
    Path(HOOKS).write_bytes(before.encode())
    assert run("--yes", *address).exit_code == 0
    assert Path(HOOKS).read_bytes().startswith(before.encode())
    assert [hook["id"] for hook in hooks()] == ["other", "bybit-lint"]
    assert "the hook is there already" in run("--yes").stdout


@pytest.mark.parametrize("before", [f"{PRE_COMMIT}ci:\n  skip: []\n", "repos: []\n", "repos:\n", "", "{repos: [\n]}\n"])
def test_where_it_cannot_be_added_it_is_shown(before: str) -> None:
    Path(HOOKS).write_text(before)
    result = run("--yes")
    assert f"{HOOKS}: `repos` is not its last list; put this into it by hand:\n\n    - repo: local\n" in result.stdout
    assert Path(HOOKS).read_text() == before


def test_a_project_on_gitlab_gets_no_workflow_and_one_without_an_address_neither() -> None:
    assert f"{WORKFLOW}: left out: with --address it is known where bybit-lint is installed from" in run("--yes").stdout
    Path(".gitlab-ci.yml").write_text("x: {}\n")
    assert "left out: this is a project on GitLab" in run("--yes", "--address", ADDRESS).stdout
    assert not Path(WORKFLOW).exists()


def test_a_file_that_cannot_be_written_is_named() -> None:
    Path("pyproject.toml").write_text("[project]\n")
    Path("pyproject.toml").chmod(0o444)
    result = run("--yes")
    assert result.exit_code == 2
    assert "pyproject.toml: cannot be written: the file is read-only" in result.stderr


# --- what is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        (ADDRESS, True),
        (f"{ADDRESS}.git", True),
        ("ssh://git@example.com:22/tools/bybit-lint", True),
        ("git@example.com:tools/bybit-lint.git", True),
        ("https://user:q8Zk3XwV9pL@example.com/x", False),
        ("https://q8Zk3XwV9pL@example.com/x", False),
        ("bybit-lint", False),
        ("https://example.com/x' ; rm", False),
        ('https://example.com/x"\n- run: x', False),
        ("ext::sh -c x", False),
        ("", False),
    ],
)
def test_an_address_is_one_of_a_repository_and_holds_no_key(address: str, is_one: bool) -> None:
    result = run("--yes", "--address", address)
    assert (result.exit_code == 0) is is_one
    assert "q8Zk3XwV9pL" not in result.output
    assert bool(files()) is is_one


def test_the_hook_reads_what_the_projects_own_hook_reads() -> None:
    (own, _) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    run("--yes")
    (hook,) = hooks()
    assert {key: hook[key] for key in ("id", "name", "entry", "files", "types", "require_serial")} == {
        key: own[key] for key in ("id", "name", "entry", "files", "types", "require_serial")
    }


def test_the_workflow_gives_no_rights_away_and_pins_what_it_uses() -> None:
    workflow = yaml.safe_load(templates.workflow("git@example.com:tools/bybit-lint", "1.2.3"))
    (job,) = workflow["jobs"].values()
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read"}
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert uses
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", used) for used in uses)
    install = next(step["run"] for step in job["steps"] if "pip" in step.get("run", ""))
    assert install == 'python -m pip install "bybit-lint @ git+ssh://git@example.com/tools/bybit-lint@v1.2.3"'


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (f'{{"url": "{ADDRESS}", "vcs_info": {{"vcs": "git", "commit_id": "0"}}}}', ADDRESS),
        ('{"url": "https://key@example.com/x", "vcs_info": {"vcs": "git"}}', None),
        ('{"url": "file:///srv/bybit-lint", "dir_info": {"editable": true}}', None),
        (None, None),
        ("[", None),
    ],
)
def test_the_usual_address_is_where_git_got_it_from(
    told: str | None, address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    class Distribution:
        def read_text(self, _name: str) -> str | None:
            return told

    monkeypatch.undo()
    monkeypatch.setattr(metadata, "distribution", lambda _name: Distribution())
    assert init.usual_address() == address


# --- from the README alone --------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("git") is None, reason="needs git and a shell")
def test_three_commands_of_the_readme_lead_to_a_green_hook_with_a_baseline(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(here / "pre-commit"))
    monkeypatch.setenv("HOME", str(here))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    (here / "bot").mkdir()
    monkeypatch.chdir(here / "bot")
    shell("git init -q")
    shutil.copy(ROOT / "examples" / "naive_bot.py", "bot.py")
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.partition("<!-- adopt -->\n```sh\n")[2].partition("```")[0]
    commands = [line.partition("#")[0].strip() for line in block.splitlines()]
    assert len(commands) == 3
    for command in commands:
        assert shell(f"yes | {command}" if command.endswith("init") else command).returncode == 0, command
    done = shell("git add -A && git commit -m first")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"bybit-lint\.+Passed", done.stdout + done.stderr)
    with Path("bot.py").open("a") as bot:
        bot.write('\n\ndef sell(a, b):\n    session.place_order(category="linear", symbol="BTCUSDT", side="Sell",\n')
        bot.write('                        orderType="Market", qty=a / b)\n')
    done = shell("git commit -am second")
    assert done.returncode == 1
    assert "Found 1 error in 1 file." in done.stdout + done.stderr


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, shell=True, capture_output=True, text=True, check=False)


# --- completion -------------------------------------------------------------------------------------------------------


def completed(*words: str) -> list[str]:
    complete = ShellComplete(main, {}, "bybit-lint", "_BYBIT_LINT_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize("option", ["--select", "--extend-select", "--ignore"])
@pytest.mark.parametrize("command", [(), ("check",), ("bot.py",), ("--fix",)])
def test_rules_are_completed_by_code_name_and_family(command: tuple[str, ...], option: str) -> None:
    assert completed(*command, option, "BYB20") == [f"BYB20{number}" for number in range(1, 8)]
    assert completed(*command, option, "byb201,unrounded-p") == ["byb201,unrounded-price"]
    assert completed(*command, option, "order") == ["order-answer-as-fill", "orders"]
    assert len(completed(*command, option, "")) == 2 * len(checks.load()) + 9


def test_explain_completes_codes_and_names() -> None:
    assert completed("explain", "BYB005") == ["BYB005"]
    assert completed("explain", "expired") == ["expired-suppression"]
    assert completed("explain", "retries") == []


def test_commands_and_the_options_of_check_are_completed_first() -> None:
    assert completed("") == [*sorted(main.commands), ""], "and files"
    assert completed("ba") == ["baseline", "ba"]
    assert completed("--sele") == ["--select"]
    assert completed("--format", "gi") == ["github", "gitlab"]
    assert completed("baseline", "--pr") == ["--prune"]


def test_a_shell_gets_its_script_and_its_answers() -> None:
    def told(**environment: str) -> str:
        command = [sys.executable, "-m", "bybit_lint"]
        return subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        ).stdout

    assert "_BYBIT_LINT_COMPLETE=zsh_complete bybit-lint" in told(_BYBIT_LINT_COMPLETE="zsh_source")
    words = {"COMP_WORDS": "bybit-lint --ignore BYB5", "COMP_CWORD": "2"}
    assert "plain,BYB501" in told(_BYBIT_LINT_COMPLETE="bash_complete", **words)
