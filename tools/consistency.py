"""Compare what is found in bots when they are checked whole, file by file, in parts, rule by rule, in another order.

usage: python tools/consistency.py [--alone N] [--parts N] [--orders N] [--rules N] [--seed N] FOLDER...

Each folder is copied into a repository of its own. Of its files, N are checked alone (all that have findings come
first), and N random parts of it are named in random order. Of the rules, N are asked alone, those that find something
first. Every difference is printed, and makes the exit code 1.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

from bybit_lint import checks, facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs import files, reading
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Noun

Found: TypeAlias = set[str]


def main() -> int:
    """The exit code: 1 if anything differs."""
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    for name, default in (("alone", 30), ("parts", 10), ("orders", 3), ("rules", 100), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N")
    parser.add_argument("folders", nargs="+", type=Path)
    asked = parser.parse_args()
    differences = 0
    for folder in asked.folders:
        with tempfile.TemporaryDirectory() as copy:
            differences += compared(folder, Path(copy), asked)
    return 1 if differences else 0


def compared(folder: Path, copy: Path, asked: Namespace) -> int:
    """Print how one folder fares; the number of differences."""
    random.seed(asked.seed)
    names = copied(folder, copy)
    whole = found(copy, ["."])
    runs = [[name] for name in chosen(names, whole, asked.alone)]
    sizes = [random.randint(1, len(names)) for _ in range(asked.parts)]  # noqa: S311  # nothing secret
    runs += [random.sample(names, size) for size in sizes]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(lambda run: found(copy, run), runs))
    sources = [Source(name, (copy / name).read_bytes()) for name in names]
    differences = [*wrong(whole, zip(runs, parts, strict=True)), *wrong_orders(sources, asked.orders)]
    differences += wrong_rules(sources, asked.rules)
    print(f"{folder.name}: {len(names)} files, {len(whole)} findings, {len(runs)} runs, {len(differences)} differences")
    for difference in differences:
        print(f"  {difference}")
    return len(differences)


def copied(folder: Path, copy: Path) -> list[str]:
    """Copy the Python files of a folder into a new repository; their names there."""
    top = os.path.realpath(folder)
    names = [os.path.relpath(path, top) for path in files.find([top])[0]]
    for name in names:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(reading.read(os.path.join(top, name)))
    subprocess.run(["git", "init", "-q", copy], check=True)
    return names


def chosen(names: Sequence[str], whole: Found, count: int) -> list[str]:
    """The files to check alone: those with findings first."""
    shuffled = random.sample(names, len(names))
    return sorted(shuffled, key=lambda name: not of([name], whole))[:count]


def found(folder: Path, names: Sequence[str]) -> Found:
    """What a run of the tool finds in the files of a folder, by a process of its own."""
    command = [sys.executable, "-m", "bybit_lint", "check", "--format", "json", *names]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if run.returncode not in (0, 1, 2) or not run.stdout:
        raise SystemExit(run.stderr.decode())
    return {json.dumps(finding) for finding in json.loads(run.stdout)["findings"]}


def of(names: Iterable[str], whole: Found) -> Found:
    """The findings of a whole run that stand in some of the files."""
    wanted = set(names)
    return {finding for finding in whole if json.loads(finding)["path"] in wanted}


def wrong(whole: Found, runs: Iterable[tuple[Sequence[str], Found]]) -> Iterator[str]:
    """What is found only in the whole, or only in a part."""
    for names, part in runs:
        expected = of(names, whole)
        which = names[0] if len(names) == 1 else f"a part of {len(names)} files"
        yield from (f"{which}: only in the whole: {short(finding)}" for finding in sorted(expected - part))
        yield from (f"{which}: not in the whole: {short(finding)}" for finding in sorted(part - expected))


def short(finding: str) -> str:
    """A finding in one line."""
    fields = json.loads(finding)
    return f"{fields['path']}:{fields['line']}:{fields['column']} {fields['code']} {fields['message']}"


def wrong_orders(sources: Sequence[Source], count: int) -> Iterator[str]:
    """What is found only if the files are read in the order of their names, or only if they are not."""
    usual = in_order(sources, checks.load(), is_shuffled=False) if count else set()
    for number in range(count):
        other = in_order(sources, checks.load(), is_shuffled=True)
        yield from (f"order {number}: only in the usual order: {finding}" for finding in sorted(usual - other))
        yield from (f"order {number}: not in the usual order: {finding}" for finding in sorted(other - usual))


def wrong_rules(sources: Sequence[Source], count: int) -> Iterator[str]:
    """What a rule finds only beside all others, or only alone."""
    together = in_order(sources, checks.load(), is_shuffled=False) if count else set()
    finding = {found.split()[1] for found in together}
    for rule in sorted(checks.load(), key=lambda rule: rule.code not in finding)[:count]:
        alone = in_order(sources, [rule], is_shuffled=False)
        beside = {found for found in together if found.split()[1] == rule.code}
        yield from (f"{rule.code} alone: only beside others: {found}" for found in sorted(beside - alone))
        yield from (f"{rule.code} alone: not beside others: {found}" for found in sorted(alone - beside))


def in_order(sources: Sequence[Source], rules: Sequence[Rule], *, is_shuffled: bool) -> Found:
    """What rules find if the files of a project are read in the order of their names, or in a random one."""
    project = Project(sources)
    order = random.sample(list(project.modules.items()), len(project.modules)) if is_shuffled else project.modules
    project.modules = dict(order)
    wanted = frozenset(rule.noun for rule in rules if rule.noun)
    facts = [fact for module in project.modules.values() for fact in told(module.source, project, wanted)]
    findings = [finding for rule in rules for fact in facts for finding in rule.findings(fact)]
    return {f"{f.span.path}:{f.span.line}:{f.span.column} {f.code} {f.message}" for f in findings}


def told(source: Source, project: Project, wanted: frozenset[type[Noun]]) -> list[Noun]:
    """The facts of one file; none if it cannot be read."""
    try:
        return facts.of(source, project, wanted)
    except Unreadable:
        return []


if __name__ == "__main__":
    sys.exit(main())
