"""The action for GitHub and the job for GitLab: well-formed, pinned, linted, and their scripts run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types

from bybit_lint.commands import templates

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: dict[str, Any] = {step["name"]: step for step in ACTION["runs"]["steps"]}
README = (ROOT / "README.md").read_text("utf-8")
BOT = "from pybit.unified_trading import HTTP\nsession = HTTP(testnet='False')\n"
WARNED = "import time\nfrom pybit.unified_trading import HTTP\nHTTP()  # bybit-lint: ignore\n"
needs_bash = pytest.mark.skipif(sys.platform == "win32", reason="the runners have a bash of their own there")


def snippet(name: str) -> str:
    return README.partition(f"<!-- {name} -->\n```yaml\n")[2].partition("```")[0]


# --- the action -------------------------------------------------------------------------------------------------------


def test_each_input_is_used_and_each_that_is_used_is_there() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    assert set(re.findall(r"\binputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    assert set(re.findall(r"outputs\.([\w-]+)", text)) <= {"bin", *ACTION["outputs"]}
    assert all(value.get("description") for value in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))


def test_no_script_has_an_expression_in_it() -> None:
    """What an input says would be run: it goes by the environment."""
    scripts = [step["run"] for step in STEPS.values() if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


def test_what_it_uses_is_pinned_by_a_hash() -> None:
    used = [step["uses"] for step in STEPS.values() if "uses" in step]
    assert [name.partition("@")[0] for name in used] == ["github/codeql-action/upload-sarif"]
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) for name in used)


@pytest.mark.parametrize(
    ("name", "persona"),
    [
        ("the action", "pedantic"),
        ("the workflow of the site", "pedantic"),
        ("the workflow of init", "pedantic"),
        ("the README's workflow", "regular"),  # which has no names and no concurrency, to be short
    ],
)
def test_zizmor_finds_nothing(name: str, persona: str, tmp_path: Path) -> None:
    path = ROOT / (".github/workflows/site.yml" if "site" in name else "action.yml")
    if "init" in name or "README" in name:
        path = tmp_path / ".github/workflows/bybit-lint.yml"
        path.parent.mkdir(parents=True)
        readme = snippet("github").replace("OWNER/bybit-lint@COMMIT", f"owner/bybit-lint@{'0' * 40} # v0.1.0")
        path.write_text(templates.workflow("https://example.com/x", "0.1.0") if "init" in name else readme)
    zizmor = Path(sys.executable).parent / "zizmor"
    command = [str(zizmor), "--offline", "--no-config", "--persona", persona, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr


def test_the_site_is_published_as_the_readme_builds_it() -> None:
    steps = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text("utf-8"))["jobs"]["build"]["steps"]
    runs = [step["run"].removeprefix("python -m ").replace("--ignore-scripts ", "") for step in steps if "run" in step]
    assert " && ".join(runs) in README
    assert steps[-1]["with"]["path"] in README


def test_zizmor_would_find_something(tmp_path: Path) -> None:
    text = (ROOT / "action.yml").read_text("utf-8").replace('exit "$CODE"', "exit ${{ inputs.paths }}")
    (tmp_path / "action.yml").write_text(text)
    zizmor = Path(sys.executable).parent / "zizmor"
    command = [str(zizmor), "--offline", "--no-config", str(tmp_path / "action.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "template-injection" in done.stdout


def checked(folder: Path, **inputs: str) -> dict[str, str]:
    """What the step that checks says to the next ones, with the `bybit-lint` of these tests."""
    step = STEPS["Check"]
    output = folder.parent / "output"
    output.write_text("")
    values = {name: value.get("default", "") for name, value in ACTION["inputs"].items()} | inputs
    own = {"BIN": str(Path(sys.executable).parent), "RUNNER_TEMP": str(folder.parent), "GITHUB_OUTPUT": str(output)}
    for name, expression in step["env"].items():
        if found := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", expression):
            own[name] = values[found[1]]
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(script, cwd=folder, env={**os.environ, **own}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return {**said, "stdout": done.stdout, "stderr": done.stderr}


@needs_bash
def test_it_checks_reports_and_leaves_the_verdict_to_the_last_step(tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    (folder / "a b").mkdir(parents=True)
    (folder / "a b" / "bot.py").write_text(BOT)
    (folder / "-x.py").write_text(BOT)
    (folder / "warned.py").write_text(WARNED)
    told = checked(folder, paths="a b\n\n-x.py\n")
    assert told["exit-code"] == "1"
    assert told["stdout"].count("::error file=") == 2
    results = json.loads(Path(told["sarif"]).read_text())["runs"][0]["results"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert uris == ["-x.py", "a%20b/bot.py"]
    assert checked(folder, **{"fail-on": "never"})["exit-code"] == "0"
    assert checked(folder, paths="warned.py")["exit-code"] == "1"
    assert checked(folder, paths="warned.py", **{"fail-on": "error"})["exit-code"] == "0"
    assert checked(folder, paths=str(folder / "warned.py"))["exit-code"] == "1"


@needs_bash
def test_where_nothing_could_be_checked_there_is_no_report_to_upload(tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    folder.mkdir()
    (folder / "bot.py").write_text(BOT)
    assert "sarif" in checked(folder)
    told = checked(folder, since="main")
    assert told["exit-code"] == "2"
    assert "sarif" not in told
    assert "--since: bot.py is in no git repository" in told["stderr"]


# --- the job for GitLab -----------------------------------------------------------------------------------------------


@needs_bash
def test_the_job_writes_what_its_artifacts_name(tmp_path: Path) -> None:
    job = yaml.safe_load(snippet("gitlab"))["bybit-lint"]
    (tmp_path / "bot.py").write_text(BOT)
    install, check = job["script"]
    assert install.startswith("pip install")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["sh", "-c", check], cwd=tmp_path, env={**os.environ, "PATH": path}, check=False)
    assert done.returncode == 1
    assert sorted(job["artifacts"]["reports"].values()) == ["bybit-lint.xml", "gl-code-quality-report.json"]
    assert all((tmp_path / name).is_file() for name in job["artifacts"]["reports"].values())
