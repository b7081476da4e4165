"""Change one small thing in the source at a time, and see whether a test notices.

usage: python tools/mutants.py [--seed N] [--count N] [--jobs N] [--only N] [--paths PATH...] [--tests PATH...]

A mutant has another comparison, another connective, a `not` more or less, another truth or another small number, `any`
for `all` or `break` for `continue`. Types, decorators, assertions and messages are left as they are. Each mutant lives
in a copy of the repository and meets the tests that enter its function, the quickest first; one that takes many times
longer than it should is noticed, too. Each survivor is printed as soon as it is known; they make the exit code 1.
Whoever interrupts it is told how many were killed of those that were tried.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from copy import copy
from cProfile import Profile
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATHS = ("bybit_lint/analysis", "bybit_lint/facts", "bybit_lint/clients")
TESTS = (
    *("facts", "pages", "clients", "seeded", "dialects", "parameters", "dependencies", "impossible_values"),
    *("project", "imports", "describe", "bounds", "consistency", "engine", "sight", "kinds", "related", "edges"),
    *("argument_binding", "deferred_calls", "mapping_receivers", "module_index", "composition"),
    *("impossible_calls", "http_clients"),
    *("empty_reads", "leads", "loops", "mended_times", "readings", "strings", "success_tests", "told_failures", "uses"),
)
SECONDS = 20
"""Of CPU time, which a mutant has beside four times that of its tests."""
PATIENCE = 20
"""So many times longer it may take by the clock."""
MEMORY = 4 << 30
IGNORED = (".git", ".venv", ".*cache*", ".hypothesis", "__pycache__")

PAIRS: Sequence[tuple[type[ast.AST], type[ast.AST]]] = (
    *((ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
    *((ast.And, ast.Or), (ast.Break, ast.Continue)),
)
OTHER = {**dict(PAIRS), **{new: old for old, new in PAIRS}}
NAMES = {"any": "all", "all": "any"}
ASIDE = {"annotation", "returns", "decorator_list"}
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Mutant(NamedTuple):
    """A file with one part of it exchanged; the function is where that begins which is changed, empty if none is."""

    path: str
    function: str
    source: bytes
    tree: ast.Module
    old: ast.expr | ast.stmt
    new: ast.AST

    @property
    def text(self) -> str:
        return ast.unparse(exchanged(self.tree, self.old, self.new))

    def __str__(self) -> str:
        line = self.source.splitlines()[self.old.lineno - 1].decode().strip()
        old, new = (" ".join(ast.unparse(node).split()) for node in (self.old, self.new))
        return f"{self.path}:{self.old.lineno}: {old}  ->  {new}  in  {line}"


class Met(NamedTuple):
    """A test, the functions that it enters and its CPU time in seconds; a process that it starts may enter any."""

    name: str
    functions: Sequence[str]
    seconds: float
    is_process: bool

    @property
    def file(self) -> str:
        return self.name.partition("::")[0]


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """The exit code: 1 if a mutant survives."""
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--seed", type=int, default=int(time.time()), metavar="N")
    parser.add_argument("--count", type=int, default=100, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    parser.add_argument("--only", type=int, metavar="N", help="one mutant alone")
    parser.add_argument("--paths", nargs="+", default=PATHS)
    parser.add_argument("--tests", nargs="+", default=[f"tests/test_{name}.py" for name in TESTS])
    asked = parser.parse_args(arguments)
    found = drawn(root, asked.paths, asked.seed)
    mutants = dict(enumerate(found[: asked.count])) if asked.only is None else {asked.only: found[asked.only]}
    print(f"seed {asked.seed}", flush=True)
    tried = survived = 0
    try:
        for number, mutant, is_survivor in trials(root, mutants, asked.tests, asked.jobs):
            tried, survived = tried + 1, survived + is_survivor
            if is_survivor:
                print(f"{number}: {mutant}", flush=True)
    except KeyboardInterrupt:
        print("interrupted")
    print(f"seed {asked.seed}: {tried - survived} of {tried} killed")
    return 1 if survived or tried < len(mutants) else 0


# --- what is changed --------------------------------------------------------------------------------------------------


def drawn(root: Path, paths: Iterable[str], seed: int) -> list[Mutant]:
    """All mutants of some files and folders, in the order that a seed gives."""
    mutants = [mutant for file in files(root, paths) for mutant in mutants_of(file.relative_to(root).as_posix(), file)]
    Random(seed).shuffle(mutants)  # noqa: S311  # nothing secret
    return mutants


def files(root: Path, paths: Iterable[str]) -> list[Path]:
    """The modules of some files and folders."""
    places = [root / path for path in paths]
    return sorted({file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place])})


def mutants_of(path: str, file: Path) -> Iterator[Mutant]:
    """The mutants of one file."""
    source = file.read_bytes()
    tree = ast.parse(source)
    for node, function in running(tree):
        begin = f"{path}:{first_line(function)}" if function else ""
        yield from (Mutant(path, begin, source, tree, old, new) for old, new in changes(node))


def running(node: ast.AST, function: Function | None = None) -> Iterator[tuple[ast.AST, Function | None]]:
    """What stands below a node and is more than a type or a text, each with the innermost function that it is in."""
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and field not in ASIDE and not is_aside(child):
                inner = child if isinstance(child, Function) else function
                yield child, inner
                yield from running(child, inner)


def is_aside(node: ast.AST) -> bool:
    """True for what nothing is computed with."""
    match node:
        case ast.Assert() | ast.Raise() | ast.JoinedStr() | ast.keyword(arg="strict"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def first_line(function: Function) -> int:
    """Where a function begins for Python: at its first decorator."""
    return min(node.lineno for node in (function, *function.decorator_list))


def changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, ast.AST]]:
    """What can be changed in a node itself: the old part and the new one."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                yield node, like(node, ops=[*node.ops[:place], other(operator), *node.ops[place + 1 :]])
        case ast.BoolOp():
            yield node, like(node, op=other(node.op))
        case ast.UnaryOp(op=ast.Not()):
            yield node, node.operand
        case ast.Constant(value=bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int(value)) if value < 10:
            yield from ((node, ast.Constant(new)) for new in (value + 1, value - 1) if new >= 0)
        case ast.Name(id="any" | "all"):
            yield node, like(node, id=NAMES[node.id])
        case ast.Break() | ast.Continue():
            yield node, other(node)
    yield from ((test, ast.UnaryOp(ast.Not(), test)) for test in conditions(node) if not is_turned(test))


def other(node: ast.AST) -> ast.AST:
    return OTHER[type(node)]()


def like(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of a node with other fields."""
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def conditions(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that a node asks for their truth."""
    match node:
        case ast.If() | ast.While() | ast.IfExp():
            yield node.test
        case ast.comprehension():
            yield from node.ifs
        case ast.BoolOp():
            yield from node.values
        case ast.match_case(guard=ast.expr() as guard):
            yield guard


def is_turned(test: ast.expr) -> bool:
    """True for what another change turns already."""
    return isinstance(test, (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant))


def exchanged(node: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    """A copy of a tree with one part exchanged."""
    if node is old:
        return new
    fields = {name: value for name, value in ast.iter_fields(node) if isinstance(value, (ast.AST, list))}
    return like(node, **{name: exchanged_in(value, old, new) for name, value in fields.items()})


def exchanged_in(value: object, old: ast.AST, new: ast.AST) -> object:
    if isinstance(value, list):
        return [exchanged_in(item, old, new) for item in value]
    return exchanged(value, old, new) if isinstance(value, ast.AST) else value


# --- whether it is noticed --------------------------------------------------------------------------------------------


def trials(
    root: Path, mutants: Mapping[int, Mutant], tests: Sequence[str], jobs: int
) -> Iterator[tuple[int, Mutant, bool]]:
    """The mutants as they are tried, and whether no test notices. Raises SystemExit if tests are red without one."""
    with tempfile.TemporaryDirectory() as top:
        sound = copied(root, Path(top).resolve() / "sound")
        met = measured(sound, tests, {mutant.function for mutant in mutants.values()})
        with ThreadPoolExecutor(jobs) as pool:
            found = {pool.submit(survives, mutant, sound, met): (number, mutant) for number, mutant in mutants.items()}
            try:
                yield from ((*found[trial], trial.result()) for trial in as_completed(found))
            finally:
                pool.shutdown(cancel_futures=True)


def copied(root: Path, folder: Path) -> Path:
    """A copy of the repository as it is written."""
    return Path(shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*IGNORED)))


def measured(sound: Path, tests: Sequence[str], functions: Iterable[str]) -> list[Met]:
    """What the tests are, of those functions that are asked for; the quickest first."""
    run = ran(sound, tests, {"functions": [*functions]})
    if run.returncode:
        raise SystemExit(f"the tests are red without any change:\n{run.stdout.decode()[-3000:]}")
    met = [Met(*fields) for fields in json.loads((sound / "met.json").read_text("utf-8"))]
    return sorted(met, key=lambda test: test.seconds)


def may_notice(mutant: Mutant, met: Sequence[Met]) -> list[Met]:
    """The tests that enter a mutant, and all tests of the files where a process is started, be it by a fixture."""
    entering = [test for test in met if not mutant.function or mutant.function in test.functions]
    files = {test.file for test in met if test.is_process}
    return entering + [test for test in met if test.file in files and test not in entering]


def survives(mutant: Mutant, sound: Path, met: Sequence[Met]) -> bool:
    """True if all tests pass that may come upon the mutant."""
    chosen = may_notice(mutant, met)
    if not chosen:
        return True
    names = [test.name for test in chosen]
    files = sorted({test.file for test in chosen})
    limit = SECONDS + 4 * int(sum(test.seconds for test in chosen))
    with tempfile.TemporaryDirectory(dir=sound.parent) as top:
        folder = Path(shutil.copytree(sound, Path(top, "mutant")))
        (folder / mutant.path).write_text(mutant.text, "utf-8")
        os.utime(folder / mutant.path, (0, 0))  # what was compiled before must not pass for it
        try:
            return not ran(folder, files, {"names": names}, limit).returncode
        except subprocess.TimeoutExpired:
            return False


def ran(folder: Path, tests: Sequence[str], asked: object, limit: int = 100_000) -> subprocess.CompletedProcess[bytes]:
    """Run tests in a copy of the repository, for so many seconds of CPU time at most."""
    command = [sys.executable, "-c", "import mutants; mutants.trial()", str(limit), *tests]
    return subprocess.run(
        command,
        cwd=folder,
        env=surroundings(folder),
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=limit * PATIENCE,
        check=False,
    )


def surroundings(folder: Path) -> dict[str, str]:
    """The variables of a process that runs tests in a copy, where no test of hypothesis is random or has a deadline."""
    paths = os.pathsep.join((str(folder), str(Path(__file__).parent)))
    return {**os.environ, "PYTHONPATH": paths, "CI": "1"}


# --- in the process of a trial ----------------------------------------------------------------------------------------


def trial() -> None:
    """Run the tests that are named, or measure all that there are; processes that they start have the same limits."""
    limit, *tests = sys.argv[1:]
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    plugin = Chosen(asked["names"]) if "names" in asked else Measuring(Path.cwd(), asked["functions"])
    sys.exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *tests], plugins=[plugin]))


class Chosen:
    """Runs some tests and no others, in their order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._places = {name: place for place, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._places), key=self._place)
        if len(items) < len(self._places):
            raise pytest.UsageError("some tests are gone")

    def _place(self, item: pytest.Item) -> int:
        return self._places[item.nodeid]


class Measuring:
    """Writes down which of some functions each test enters, and how long it takes."""

    def __init__(self, folder: Path, functions: Iterable[str]) -> None:
        self._folder = folder
        self._functions = {*functions}
        self._met: list[Met] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        begin = spent()
        with Profile(builtins=False) as profile:
            result = yield
        codes = {entry.code for entry in profile.getstats() if not isinstance(entry.code, str)}
        entered = {f"{Path(code.co_filename)}:{code.co_firstlineno}" for code in codes}
        functions = sorted(self._functions & {name.removeprefix(f"{self._folder}/") for name in entered})
        is_process = subprocess.Popen.__init__.__code__ in codes
        self._met.append(Met(item.nodeid, functions, spent() - begin, is_process))
        return result

    def pytest_sessionfinish(self) -> None:
        (self._folder / "met.json").write_text(json.dumps(self._met), "utf-8")


def spent() -> float:
    """The CPU time of this process and of those that it has started, in seconds."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
