"""Fix copies of bots with every fix there is, and see whether the fixes keep their promises.

usage: python tools/fixes.py FOLDER...   (each folder is copied, and the copy is fixed as one project)

All rules are asked, also those that are off by default. Every broken promise is printed, and makes the exit code 1:
a file that parsed still does, its comments and all bytes outside the edits are as they were, what the new code calls is
imported, no file has more findings of a rule than before, and fixing again changes nothing.
"""

from __future__ import annotations

import builtins
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from ast import AST, Load, Name, alias, walk
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from bybit_lint import checks
from bybit_lint.analysis.source import Source, Unreadable

Files: TypeAlias = dict[str, bytes]
Edits: TypeAlias = Sequence[tuple[int, int]]
"""Where the bytes are that are to be changed: their beginnings and their ends."""
Stage: TypeAlias = tuple[Files, Mapping[str, Edits], Files]
"""The files before a run of fixes, what it was to change in each, and the files after it."""


class Run(NamedTuple):
    """What the tool said: its findings, and its problems a line each."""

    findings: Sequence[Mapping[str, Any]]
    problems: Sequence[str]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many findings there are, by path and code."""
        return Counter((finding["path"], finding["code"]) for finding in self.findings)

    @property
    def edits(self) -> Mapping[str, Edits]:
        """Where the fixes of all findings want to change a file, by path."""
        spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for finding in self.findings:
            edits = (finding["fix"] or {}).get("edits") or []
            spans[finding["path"]] += [(edit["start"], edit["end"]) for edit in edits]
        return spans


Runner: TypeAlias = Callable[..., Run]
"""Runs the tool in a folder with options."""


class Fixed(NamedTuple):
    """One folder before and after."""

    before: Run
    after: Run
    old: Files
    new: Files
    again: Files
    stages: Sequence[Stage] = ()
    """The same in two runs, the safe fixes first: what they leave of a finding is told, with its edits, only then."""

    @property
    def changed(self) -> list[str]:
        return [path for path in self.old if self.new[path] != self.old[path]]

    @property
    def gone(self) -> Counter[str]:
        """How many findings there are no more, by code."""
        return Counter(code for _, code in (self.before.counts - self.after.counts).elements())

    def broken(self) -> Iterator[str]:
        """The promises that were not kept."""
        yield from self.after.problems
        for path in self.changed:
            for old, edits, new in self.stages or [(self.old, self.before.edits, self.new)]:
                what = broken_in(Source(path, old[path]), Source(path, new[path]), edits[path])
                yield from (f"{path}: {promise}" for promise in what)
        for (path, code), count in (self.after.counts - self.before.counts).items():
            yield f"{path}: {count} more {code}"
        yield from (f"{path}: fixing again changes it" for path in self.new if self.again[path] != self.new[path])


def main(folders: Sequence[str]) -> int:
    """Print how each folder fares and how many findings of each rule are gone; the exit code."""
    total: Counter[str] = Counter()
    files = broken = 0
    for folder in folders:
        fixed = in_a_copy(Path(folder))
        gone = Counter(code for _, code in (fixed.before.counts - fixed.after.counts).elements())
        promises = list(fixed.broken())
        print(
            f"{Path(folder).name}: {gone.total()} fixed in {len(fixed.changed)} files, {len(promises)} broken promises"
        )
        print("".join(f"  {promise}\n" for promise in promises), end="")
        total, files, broken = total + gone, files + len(fixed.changed), broken + len(promises)
    print("".join(f"{code}: {count} fixed\n" for code, count in sorted(total.items())), end="")
    print(f"all: {total.total()} fixed in {files} files, {broken} broken promises")
    return 1 if broken else 0


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy of a folder under its own name, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as top:
        copy = Path(top, folder.resolve().name)
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".git"), ignore_dangling_symlinks=True)
        yield copy


def in_a_copy(folder: Path, tell: Runner | None = None) -> Fixed:
    """Check a copy of a folder, fix it, check it, and fix it again; `tell` runs the tool, by default as a process."""
    tell = tell or told
    with copied(folder) as copy:
        before, old = tell(copy, "--edits"), contents(copy)
        after, new = tell(copy, "--fix", "--unsafe-fixes"), contents(copy)
        tell(copy, "--fix", "--unsafe-fixes")
        fixed = Fixed(before, after, old, new, contents(copy))
    kept = (is_kept(Source(p, old[p]).body, Source(p, new[p]).body, before.edits[p]) for p in fixed.changed)
    if all(kept):
        return fixed
    return fixed._replace(stages=in_stages(folder, before, tell, new))


def in_stages(
    folder: Path, before: Run, tell: Runner, new: Files
) -> Sequence[tuple[Files, Mapping[str, Edits], Files]]:
    """A copy of a folder after the safe fixes and after all; none if that is another result than that of one run."""
    with copied(folder) as copy:
        old = contents(copy)
        tell(copy, "--fix")
        safe, between = contents(copy), tell(copy, "--edits")
        tell(copy, "--fix", "--unsafe-fixes")
        return [(old, before.edits, safe), (safe, between.edits, new)] if contents(copy) == new else ()


def told(folder: Path, *options: str) -> Run:
    """What a run of the tool says, by a process of its own."""
    every = ",".join(rule.code for rule in checks.load())
    command = [sys.executable, "-m", "bybit_lint", "check", "--isolated", "--quiet", "--format", "json"]
    run = subprocess.run([*command, "--select", every, *options], cwd=folder, capture_output=True, check=False)
    if not run.stdout:
        raise SystemExit(run.stderr.decode())
    return Run(json.loads(run.stdout)["findings"], run.stderr.decode().splitlines())


def contents(folder: Path) -> Files:
    """The bytes of all files of a folder, by their path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the promises about one file --------------------------------------------------------------------------------------


def broken_in(old: Source, new: Source, edits: Edits) -> Iterator[str]:
    """Which promises a file breaks that has become another."""
    if not is_kept(old.body, new.body, edits):
        yield "bytes outside the edits have changed"
    if not old.path.endswith(".py"):
        return
    if (flaw := refused(new)) and not refused(old):
        yield f"it is no Python any more: {flaw}"
        return
    if comments(new) != comments(old):
        yield "its comments have changed"
    for name in sorted(unbound(new) - unbound(old)):
        yield f"it uses {name}, which is not imported"


def refused(source: Source) -> str:
    """Why Python refuses a file, be it its parser or its compiler; empty if it does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the bot's own code
            compile(source.tree, source.path, "exec", dont_inherit=True)
    except (Unreadable, SyntaxError, RecursionError, ValueError) as error:  # ValueError: a lone surrogate
        return str(error) or type(error).__name__
    return ""


def is_kept(old: bytes, new: bytes, edits: Edits) -> bool:
    """True if all that stands outside the edits still stands there, in the same order."""
    place = 0
    for piece in between(b"\0" + old + b"\0", [(start + 1, end + 1) for start, end in edits]):
        found = (b"\0" + new + b"\0").find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def between(body: bytes, edits: Edits) -> Iterator[bytes]:
    """The pieces that no edit touches."""
    place = 0
    for start, end in sorted(edits):
        yield body[place : max(place, start)]
        place = max(place, end)
    yield body[place:]


def comments(source: Source) -> list[str]:
    """The comments of a file in their order."""
    ends = [*source.line_starts[1:], len(source.body)]
    return [source.body[start : ends[line - 1]].decode().strip() for line, start in source.comments.items()]


def unbound(source: Source) -> set[str]:
    """The names that a file reads and binds nowhere."""
    nodes = list(walk(source.tree))
    read = {node.id for node in nodes if isinstance(node, Name) and isinstance(node.ctx, Load)}
    return read - {name for node in nodes for name in bound(node)} - set(dir(builtins))


def bound(node: AST) -> Iterator[str]:
    """The names that a node binds."""
    if isinstance(node, alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, Name):
        yield from [] if isinstance(node.ctx, Load) else [node.id]
    else:
        yield from (str(name) for field in ("name", "arg") if (name := getattr(node, field, None)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
