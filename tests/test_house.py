"""The laws of how the project is built; each failure says what to do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from bybit_lint import checks
from bybit_lint.commands import rules as rules_command
from bybit_lint.rule import Rule

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bybit_lint"
MODULES = sorted(PACKAGE.rglob("*.py"))
CHECKS = sorted(path for path in (PACKAGE / "checks").glob("*/*.py") if path.name != "__init__.py")
RULES = checks.load()

# What each part of the package may import of the others, imports for types and in functions counted. A change here is a
# change of the architecture: say it in CONTRIBUTING.md too.
IMPORTS = {
    "__main__": "cli commands",
    "cli": "commands",
    "commands": (
        "doctor inputs.baseline inputs.fingerprints inputs.changes inputs.ignores inputs.config inputs.roots "
        "inputs.files inputs.filenames inputs.notebooks inputs.reading inputs.problems inputs.selection "
        "engine judging fixing.migration fixing.editor decoding redaction report knowledge checks facts "
        "analysis.project analysis.source rule vocabulary"
    ),
    "engine": "judging fixing.editor inputs.problems rule analysis.source knowledge vocabulary",
    "judging": (
        "checks facts redaction inputs.days inputs.suppress inputs.problems rule "
        "analysis.project analysis.source knowledge vocabulary"
    ),
    "report": "decoding doctor fixing.migration rule vocabulary",
    # what people come with: a traceback, a log, an answer
    "decoding": "engine checks redaction analysis.source rule knowledge vocabulary",
    # what no source shows
    "doctor": "inputs.problems knowledge vocabulary",
    "redaction": "analysis.source analysis.syntax analysis.compact",
    "patterns": "",
    "tuples": "",
    "shim": "",
    # what is checked, and with which wishes
    "inputs.filenames": "",
    "inputs.reading": "",
    "inputs.globs": "",
    "inputs.json_places": "",
    "inputs.magics": "",
    "inputs.cells": "inputs.json_places inputs.magics",
    "inputs.notebooks": "inputs.cells",
    "inputs.gitignore": "inputs.globs inputs.reading",
    "inputs.files": "inputs.filenames inputs.gitignore inputs.reading",
    "inputs.config": "inputs.files inputs.globs inputs.reading inputs.selection knowledge",
    "inputs.roots": "inputs.config inputs.files",
    "inputs.days": "analysis.source",
    "inputs.suppress": "inputs.days inputs.selection rule analysis.source vocabulary",
    "inputs.fingerprints": "inputs.files redaction analysis.source vocabulary",
    "inputs.baseline": ("inputs.fingerprints inputs.files inputs.reading inputs.selection analysis.source vocabulary"),
    "inputs.git": "inputs.selection",
    "inputs.ignores": "inputs.days inputs.suppress inputs.filenames analysis.source vocabulary",
    "inputs.changes": "inputs.git inputs.files analysis.source vocabulary",
    "inputs.selection": "rule",
    "inputs.problems": "",
    # the judges, and what they judge
    "checks": "rule vocabulary",
    "rule": "vocabulary",
    "vocabulary": "",
    "facts": (
        "analysis.installed analysis.traffic analysis.flow analysis.domains analysis.callgraph analysis.values "
        "analysis.syntax analysis.project analysis.source analysis.bounds analysis.questions clients knowledge "
        "vocabulary"
    ),
    # what is known before the facts: syntax < values < callgraph | domains < flow < traffic
    "analysis.bounds": "",
    "analysis.questions": "",
    "analysis.compact": "",
    "analysis.syntax": "analysis.compact analysis.bounds",
    "analysis.trees": "analysis.compact analysis.bounds",
    "analysis.source": "analysis.trees inputs.filenames inputs.notebooks vocabulary",
    "analysis.imports": "analysis.bounds",
    "analysis.links": "analysis.imports",
    "analysis.project": (
        "analysis.links analysis.imports analysis.syntax analysis.source analysis.bounds inputs.filenames knowledge"
    ),
    "analysis.values": "analysis.project analysis.syntax analysis.compact analysis.bounds knowledge vocabulary",
    "analysis.callgraph": "analysis.values analysis.project analysis.syntax analysis.source analysis.bounds",
    "analysis.domains": (
        "analysis.values analysis.project analysis.syntax analysis.questions analysis.bounds knowledge vocabulary"
    ),
    "analysis.flow": (
        "analysis.callgraph analysis.values analysis.project analysis.syntax analysis.compact analysis.bounds"
    ),
    "analysis.traffic": (
        "clients analysis.flow analysis.domains analysis.callgraph analysis.values analysis.project analysis.syntax "
        "analysis.source analysis.bounds analysis.questions knowledge vocabulary"
    ),
    "analysis.manifests": "inputs.filenames analysis.source vocabulary",
    "analysis.installed": "analysis.manifests analysis.values analysis.project analysis.source knowledge vocabulary",
    # the libraries, and what Bybit says
    "clients": "analysis.bounds knowledge vocabulary",
    "knowledge": "",
    # fixes to new source
    "fixing.editor": "fixing.verbs fixing.editing fixing.layout analysis.source vocabulary",
    "fixing.verbs": "fixing.editing fixing.layout analysis.source vocabulary",
    "fixing.layout": "fixing.editing",
    "fixing.editing": "analysis.source analysis.compact vocabulary",
    # bots for older clients to bots for V5
    "fixing.migration": (
        "fixing.editing analysis.imports analysis.traffic analysis.flow analysis.domains analysis.callgraph "
        "analysis.values analysis.syntax analysis.manifests analysis.project analysis.source analysis.bounds "
        "analysis.questions clients knowledge vocabulary"
    ),
}
MIGRATION = {
    "arguments": "",
    "passages": "arguments",
    "calls": "passages arguments",
    "requests": "calls passages arguments",
    "streams": "passages arguments",
    "answers": "calls passages arguments",
}
"""What each layer of a migration may import of the others."""
EVERYWHERE = {"patterns", "tuples"}
"""What every part may import."""
GROUPS = ("analysis", "fixing", "inputs")
"""Folders that hold several parts."""

# Which part may import a package from outside the standard library.
OUTSIDE = {
    "libcst": {"fixing.layout"},
    "click": {"cli", "commands"},
    "pygls": {"commands"},
    "lsprotocol": {"commands"},
    "tomli": {"inputs.config"},
}

FAMILIES = {
    "0": "tool",
    "1": "environment",
    "2": "orders",
    "3": "retries",
    "4": "clock",
    "5": "sockets",
    "6": "migration",
    "7": "responses",
    "8": "dependencies",
}
SYNTAX = {"ast", "re", "symtable", "tokenize"}
LIBRARIES = ("pybit", "ccxt", "httpx", "aiohttp", "urllib", "websockets", "websocket-client", "tenacity")


def part(path: Path) -> str:
    """The part of the package that a file belongs to: `analysis.values` for `analysis/values/terms.py`."""
    names = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(names[: 2 if names[0] in GROUPS and names[1:] != ("__init__",) else 1])


def imported(path: Path) -> Iterator[str]:
    """The dotted names of what a file imports, for types and in functions too, submodules by their own names."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: import it by its whole name, bybit_lint. and so on"
            module = node.module or ""
            inner = [f"{module}.{alias.name}" for alias in node.names]
            yield from (name if file_of(name) else module for name in inner)


def file_of(name: str) -> Path | None:
    """The file of a module of the package, by its dotted name."""
    place = ROOT / name.replace(".", "/")
    found = (place.with_suffix(".py"), place / "__init__.py") if name.startswith("bybit_lint") else ()
    return next((file for file in found if file.is_file()), None)


def ours(path: Path) -> set[str]:
    """The other parts of the package that a file imports."""
    return {part(file) for name in imported(path) if (file := file_of(name))} - {part(path), "__init__"}


# --- imports ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    if path in [PACKAGE / group / "__init__.py" for group in ("", *GROUPS)]:
        assert not ours(path), f"{path} imports nothing: every start would pay for it"
        return
    assert part(path) in IMPORTS, f"{path}: give the new part `{part(path)}` its line in IMPORTS"
    wrong = ours(path) - set(IMPORTS[part(path)].split()) - EVERYWHERE
    assert not wrong, f"{path} imports {sorted(wrong)}: move what it needs down, or pass it in from above"


def test_no_file_imports_itself_by_way_of_others() -> None:
    """Imports for types and in functions count: what they hide is a circle all the same."""
    graph = {path: {file for name in imported(path) if (file := file_of(name))} - {path} for path in MODULES}
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def test_the_layers_of_a_migration_import_only_what_is_below_them() -> None:
    folder = PACKAGE / "fixing" / "migration"
    assert {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()} == {*MIGRATION}
    for path in folder.glob("*/*.py"):
        files = [file for name in imported(path) if (file := file_of(name))]
        layers = {file.parent.name for file in files if file.parent.parent == folder} - {path.parent.name}
        wrong = layers - set(MIGRATION[path.parent.name].split())
        assert not wrong, f"{path} imports {sorted(wrong)}: move what it needs down, or pass it in from above"


def test_families_of_facts_do_not_know_each_other() -> None:
    folder = PACKAGE / "facts"
    for path in folder.glob("*/*.py"):
        files = [file for name in imported(path) if (file := file_of(name))]
        wrong = {file.parent.name for file in files if file.parent.parent == folder} - {path.parent.name}
        assert not wrong, f"{path} imports facts of {sorted(wrong)}: what two families need belongs into analysis/"


def test_only_extractors_and_who_runs_them_know_the_analysis() -> None:
    for path in MODULES:
        if "bybit_lint.facts.analysis" in set(imported(path)):
            assert part(path) == "facts", f"{path} takes an Analysis: give it the parts that it needs"


BOUND = re.compile(
    r"\b(?:depth|hops|steps|layers)\w*: int = \d|^ *(?:MAX_\w+|DEPTH|HOPS|STEPS|LAYERS|SIZE)\b.* = \d", re.MULTILINE
)


def test_bounds_stand_in_one_place() -> None:
    """Named by what they bound and with their reasons: who meets a limit finds it, and all that are like it."""
    files = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in ("analysis", "facts")]
    found = {path.relative_to(PACKAGE).as_posix() for path in files if BOUND.search(path.read_text())}
    assert found == {"analysis/bounds.py"}


def test_no_folder_is_one_flat_room() -> None:
    entries = [entry for entry in PACKAGE.iterdir() if not entry.name.startswith("__")]
    assert len(entries) <= 20, "a stranger reads the architecture here: put what serves one purpose together"
    lines: dict[Path, int] = Counter()
    for path in MODULES:
        lines[path.parent] += path.read_bytes().count(b"\n")
    folder, most = max(lines.items(), key=lambda item: item[1])
    assert most < sum(lines.values()) / 4, f"{folder} holds a quarter of the code: it has rooms that have no names yet"


def test_the_table_of_imports_has_no_circle() -> None:
    graph = {above: below.split() for above, below in IMPORTS.items()}
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def test_the_table_of_imports_names_only_what_there_is() -> None:
    gone = set(IMPORTS) - {part(path) for path in MODULES}
    assert not gone, f"take {sorted(gone)} out of IMPORTS"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_packages_from_outside_are_imported_in_one_place_only(path: Path) -> None:
    known = sys.stdlib_module_names | {"bybit_lint", "tomllib", "typing_extensions"}
    outside = {name.split(".")[0] for name in imported(path)} - known
    wrong = {name for name in outside if part(path) not in OUTSIDE.get(name, set())}
    assert not wrong, f"{path} imports {sorted(wrong)}: only {OUTSIDE} may; do it there, or with the standard library"


def test_checking_never_imports_libcst() -> None:
    run = python("-X", "importtime", "-m", "bybit_lint", "check", "--isolated", "examples")
    assert run.returncode == 1, run.stderr.decode()[-2000:]
    loaded = run.stderr.decode()
    assert "bybit_lint.engine" in loaded
    assert "libcst" not in loaded, "checking imports libcst: import the editor inside the function that fixes"


def test_only_pages_are_dataclasses() -> None:
    """Mypy takes a Record for one, so that it does not see that dataclasses.replace() fails on it."""
    users = [path for path in MODULES if any(name.startswith("dataclasses") for name in imported(path))]
    assert users == [PACKAGE / "report" / "pages" / "__init__.py"], (
        "use a Record, whose replace() is a method, a NamedTuple or a plain class"
    )


def test_named_tuples_are_those_that_are_made_quickly() -> None:
    """Those of typing compile each annotation and each constructor at every start."""
    users = [path for path in MODULES if re.search(r"from typing import .*\bNamedTuple\b", path.read_text("utf-8"))]
    assert users == [PACKAGE / "tuples.py"], f"from bybit_lint.tuples import NamedTuple, in {users}"


def test_checking_makes_no_dataclass() -> None:
    run = python("-c", COUNT_DATACLASSES, "check", "--isolated", "examples")
    assert run.returncode == 1, run.stderr.decode()[-2000:]
    made = run.stderr.decode().split()
    assert "house.Probe" in made, "the counting counts nothing any more"
    ours = [name for name in made if name.startswith("bybit_lint")]
    assert not ours, (
        f"{ours}: each compiles its methods at every start; make it a Record, a NamedTuple or a plain class"
    )


COUNT_DATACLASSES = """
import dataclasses, sys
make = dataclasses._process_class
def counted(of, *args):
    print(of.__module__ + "." + of.__qualname__, file=sys.stderr)
    return make(of, *args)
dataclasses._process_class = counted
dataclasses.dataclass(type("Probe", (), {"__module__": "house"}))
from bybit_lint.__main__ import program
program()
"""


def test_a_run_that_finds_all_in_the_cache_imports_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYBIT_LINT_NO_CACHE", "")
    shown = [python("-c", MODULES_OF_A_RUN, "check", "--cache-dir", str(tmp_path), "examples") for _ in range(2)]
    first, second = (run.stderr.decode().split() for run in shown)
    unknown = {name for name in ONLY_TO_JUDGE if not any(loaded.startswith(name) for loaded in first)}
    assert not unknown, f"take {sorted(unknown)} out of ONLY_TO_JUDGE: no run imports it"
    more = [loaded for loaded in second if loaded.startswith(ONLY_TO_JUDGE)]
    assert not more, f"a second run imports {more}: do it where it is first needed"
    never = NEVER.keys() & {*first}
    assert not never, f"a run imports {sorted(never)}: {[NEVER[name] for name in never]}"


ONLY_TO_JUDGE = (
    *("bybit_lint.checks.", "bybit_lint.facts", "bybit_lint.clients", "bybit_lint.vocabulary.trading"),
    *("bybit_lint.analysis.syntax", "bybit_lint.analysis.values", "bybit_lint.redaction.places"),
)
"""How the names of modules begin that a run imports only if it judges something."""
RARELY = "import it in the function that needs it"
NEVER = {
    "_hashlib": "source_hash() tells contents apart, too",
    "dataclasses": "use a Record",
    "pathlib": "os.path does it",
    **dict.fromkeys(("decimal", "difflib", "unicodedata", "urllib.parse"), RARELY),
}
"""What makes a start one to three hundredths longer, and what to do instead."""
MODULES_OF_A_RUN = """
import sys, click
known = {*sys.modules}
from bybit_lint.cli import main
main(sys.argv[1:], standalone_mode=False)
print(*sys.modules.keys() - known, file=sys.stderr)
"""


def test_every_part_can_be_imported_first() -> None:
    run = python("-c", IMPORT_EACH_AFRESH, *sorted(IMPORTS.keys() - {"__main__"}))
    assert run.returncode == 0, f"modules import each other in a circle:\n{run.stderr.decode()}"


IMPORT_EACH_AFRESH = """
import importlib, sys
for part in sys.argv[1:]:
    for loaded in [loaded for loaded in sys.modules if loaded.startswith("bybit_lint")]:
        del sys.modules[loaded]
    try:
        importlib.import_module(f"bybit_lint.{part}")
    except ImportError as error:
        sys.exit(f"{part} first: {error}")
"""


def python(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=False)


RUNNING = {"subprocess", "multiprocessing", "pty", "runpy", "pickle", "marshal", "shelve", "ctypes", "imp"}
ALLOWED = {"judging/processes.py": {"multiprocessing"}, "inputs/git.py": {"subprocess"}}
"""The one splits this very process in two and hears from its twin, which starts no program and reads nothing from a
disk; the other asks git where --since says so, in a way that runs nothing of the repository."""
CALLS = re.compile(
    r"(?:os\.|importlib\.)?(?:eval|exec|compile|__import__|system|popen|exec[lv]p?e?|spawn\w+|import_module)\("
)
OURS = {
    "checks/__init__.py",
    "commands/present.py",
    "doctor/__init__.py",
    "facts/extractor.py",
}  # which import parts of this package by their names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_is_ever_run(path: Path) -> None:
    running = (RUNNING - ALLOWED.get(path.relative_to(PACKAGE).as_posix(), set())).intersection(imported(path))
    assert not running, f"{path} imports {sorted(running)}: whoever checks a foreign bot runs no program"
    calls = [ast.unparse(node) for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    named = [call for call in calls if CALLS.match(call)]
    assert not named or path.relative_to(PACKAGE).as_posix() in OURS, f"{path} calls {named}: nothing foreign is run"


NETWORK = {"socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib", "asyncio"}
HARMLESS = {
    "commands/lsp/places.py": {"urllib.request"},  # paths and the addresses that editors have for them
    "commands/lsp/runs.py": {"asyncio"},  # runs beside each other
    "commands/lsp/server.py": {"asyncio"},  # the editor is on stdin and stdout
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_doctor_and_the_shim_open_connections(path: Path) -> None:
    used = (NETWORK - HARMLESS.get(path.relative_to(PACKAGE).as_posix(), set())).intersection(imported(path))
    assert not used or part(path) in ("doctor", "shim"), f"{path} imports {sorted(used)}: nobody else sends anything"


# --- rules and pages --------------------------------------------------------------------------------------------------


def test_every_check_has_a_page_of_its_name_and_every_page_a_check() -> None:
    judges = {f"{path.parent.name}/{path.stem.replace('_', '-')}" for path in CHECKS}
    pages = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "rules").glob("*/*.md")}
    assert not judges - pages, f"write rules/<name>.md for {sorted(judges - pages)}"
    assert not pages - judges, f"write bybit_lint/checks/<name>.py for {sorted(pages - judges)}"


def test_every_check_is_loaded() -> None:
    modules = {f"bybit_lint.checks.{path.parent.name}.{path.stem}" for path in CHECKS}
    assert {rule.module for rule in RULES} == modules, "a check declares RULE = Rule(code, __name__, ...)"


def test_a_code_and_a_name_belong_to_one_rule() -> None:
    words = [word for rule in RULES for word in (rule.code, rule.name)]
    twice = sorted({word for word in words if words.count(word) > 1})
    assert not twice, f"{twice}: give the newer rule a code and a name that no rule ever had"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_first_digit_of_a_code_is_the_family(rule: Rule) -> None:
    assert re.fullmatch(r"BYB\d{3}", rule.code)
    assert rule.family == FAMILIES.get(rule.code[3]), f"{rule.code} is in checks/{rule.family}: see FAMILIES"


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_a_check_sees_nouns_and_no_syntax(path: Path) -> None:
    syntax = SYNTAX.intersection(imported(path))
    assert not syntax, f"{path} imports {sorted(syntax)}: let an extractor find the fact, and ask the noun for it"


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_a_check_names_no_library(path: Path) -> None:
    named = [name for name in LIBRARIES if re.search(rf"\b{name}\b", path.read_text("utf-8"))]
    assert not named, f"{path} names {named}: what differs between libraries is told by clients/ and facts/"


def test_the_readme_has_the_table_of_rules() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.partition("<!-- rules -->\n")[2].partition("<!-- /rules -->")[0]
    told = rules_command.render("markdown")
    assert table.strip() == told.strip(), "put what `bybit-lint rules --format markdown` prints into README.md"


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_the_wheel_contains_every_page_and_every_file_of_the_package(tmp_path: Path) -> None:
    run = python("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert run.returncode == 0, run.stderr.decode()
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    pages = {f"bybit_lint/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").glob("*/*.md")}
    files = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.*") if path.suffix != ".pyc"}
    missing = (pages | files) - shipped
    assert not missing, f"the wheel lacks {sorted(missing)}: see [tool.hatch.build.targets.wheel] in pyproject.toml"


def test_the_shim_parses_as_python_3_9() -> None:
    ast.parse((PACKAGE / "shim.py").read_bytes(), feature_version=(3, 9))


def test_the_shim_is_printed_byte_for_byte() -> None:
    run = python("-m", "bybit_lint", "shim")
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout == (PACKAGE / "shim.py").read_bytes(), "`bybit-lint shim` writes the bytes of shim.py as they are"


@pytest.mark.parametrize("path", [*MODULES, *sorted(ROOT.glob("tests/**/*.py"))], ids=lambda path: path.stem)
def test_a_module_says_in_its_docstring_what_it_holds(path: Path) -> None:
    text = path.read_bytes()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{path}: begin with one sentence on what it holds"
