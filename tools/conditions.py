"""Tell which conditions the tests never come to, or know with one outcome only.

usage: python tools/conditions.py [--paths PATH...] [--tests PATH...]

A condition is what is asked for its truth, what is compared, and a `case`, of which is told only that nothing fits it.
The tests are those of `mutants.py`; they run once in a copy of the repository, whose conditions write down what they
come to, in every process that the tests start. Where no test comes anything may be wrong, and where the outcome is
always the same, half of what follows is only written. What is printed makes the exit code 1.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

import mutants

Node: TypeAlias = "ast.expr | ast.match_case"
"""A condition as it is written."""

NEVER, TRUE, FALSE = "never come to", "always true", "always false"
WRITER = """\
import os
from pathlib import Path

FILE = os.open(Path(__file__).with_suffix(".txt"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
WRITTEN = set()


def seen(number, value):
    outcome = number, bool(value)
    if outcome not in WRITTEN:
        WRITTEN.add(outcome)
        os.write(FILE, b"%d %d\\n" % outcome)
    return value
"""
"""What stands beside the package in the copy."""
IMPORT = "from condition_writer import seen as _seen"


class Condition(NamedTuple):
    """A condition at its place in a file."""

    path: str
    line: int
    text: str
    is_case: bool

    def lack(self, outcomes: Collection[bool]) -> str:
        """What the tests do not show of it, empty if they show all."""
        if not outcomes:
            return NEVER
        if self.is_case or len(outcomes) > 1:
            return ""
        return TRUE if True in outcomes else FALSE


def main(arguments: Sequence[str], root: Path = mutants.ROOT) -> int:
    """The exit code: 1 if a condition lacks something."""
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--paths", nargs="+", default=mutants.PATHS)
    parser.add_argument("--tests", nargs="+", default=[f"tests/test_{name}.py" for name in mutants.TESTS])
    asked = parser.parse_args(arguments)
    found = measured(root, asked.paths, asked.tests)
    lacks = [(condition, lack) for condition, outcomes in found if (lack := condition.lack(outcomes))]
    for condition, lack in sorted(lacks):
        print(f"{condition.path}:{condition.line}: {lack}: {condition.text}")
    never = sum(lack == NEVER for _, lack in lacks)
    print(f"{len(found)} conditions: {never} never come to, {len(lacks) - never} with one outcome")
    return 1 if lacks else 0


def measured(root: Path, paths: Sequence[str], tests: Sequence[str]) -> list[tuple[Condition, Collection[bool]]]:
    """The conditions of some files and folders with their outcomes. Raises SystemExit if the tests are red."""
    found: list[Condition] = []
    with tempfile.TemporaryDirectory() as top:
        folder = mutants.copied(root, Path(top).resolve() / "copy")
        (folder / "condition_writer.py").write_text(WRITER, "utf-8")
        for file in mutants.files(root, paths):
            path = file.relative_to(root).as_posix()
            tree = ast.parse(file.read_bytes())
            nodes = conditions(tree)
            found += [condition(path, node) for node in nodes]
            numbers = {node: number for number, node in enumerate(nodes, start=len(found) - len(nodes))}
            (folder / path).write_text(writing(tree, numbers), "utf-8")
        outcomes = outcomes_of(folder, tests)
    return [(condition, outcomes[number]) for number, condition in enumerate(found)]


# --- what is a condition ----------------------------------------------------------------------------------------------


def conditions(tree: ast.Module) -> list[Node]:
    """The conditions of a file, each once."""
    return [*dict.fromkeys(found for node, _ in mutants.running(tree) for found in conditions_at(node))]


def conditions_at(node: ast.AST) -> Iterator[Node]:
    yield from (test for test in mutants.conditions(node) if not isinstance(test, ast.Constant))
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.match_case():
            yield node


def condition(path: str, node: Node) -> Condition:
    if isinstance(node, ast.match_case):
        return Condition(path, node.pattern.lineno, f"case {ast.unparse(node.pattern)}", is_case=True)
    return Condition(path, node.lineno, ast.unparse(node), is_case=False)


# --- the copy ---------------------------------------------------------------------------------------------------------


def writing(tree: ast.Module, numbers: Mapping[Node, int]) -> str:
    """A file whose conditions write down, by their numbers, what they come to. The tree is used up."""
    begin = next((place for place, node in enumerate(tree.body) if not is_head(node)), len(tree.body))
    Writing(numbers).visit(tree)
    tree.body[begin:begin] = ast.parse(IMPORT).body
    return ast.unparse(tree)


def is_head(node: ast.stmt) -> bool:
    """True for what nothing may stand before."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.ImportFrom(module="__future__"):
            return True
    return False


class Writing(ast.NodeTransformer):
    """Puts a call around each condition, and one into each case."""

    def __init__(self, numbers: Mapping[Node, int]) -> None:
        self._numbers = numbers

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.match_case() if node in self._numbers:
                node.body.insert(0, ast.Expr(self._called(node, ast.Constant(True))))
            case ast.expr() if node in self._numbers:
                return self._called(node, node)
        return node

    def _called(self, node: Node, value: ast.expr) -> ast.Call:
        return ast.Call(ast.Name("_seen"), [ast.Constant(self._numbers[node]), value], [])


def outcomes_of(folder: Path, tests: Sequence[str]) -> Mapping[int, Collection[bool]]:
    """What the conditions come to in the tests, by their numbers."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    run = subprocess.run(command, cwd=folder, env=mutants.surroundings(folder), capture_output=True, check=False)
    if run.returncode:
        raise SystemExit(f"the tests are red:\n{run.stdout.decode()[-3000:]}")
    outcomes: dict[int, set[bool]] = defaultdict(set)
    for line in (folder / "condition_writer.txt").read_text("utf-8").splitlines():
        number, value = map(int, line.split())
        outcomes[number].add(bool(value))
    return outcomes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
