"""What git knows of a repository, asked for --since alone and in a way that runs nothing which stands in there.

A repository's own config may name programs: monitors of the file system, filters of files, hooks, helpers of
transports. So git is asked only what it answers from its objects and its index, never to look at the files, with
monitors and hooks turned off and every transport forbidden.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

from bybit_lint.inputs.selection import Misunderstood

NAME = "git.exe" if os.name == "nt" else "git"
HARMLESS = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "safe.bareRepository=explicit"),
    *("--no-pager", "--no-optional-locks", "--literal-pathspecs"),
)
ENVIRONMENT = {"LC_ALL": "C", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
OF_A_HOOK = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"}
"""What git sets for its hooks, and what leads elsewhere from another folder."""
FETCH = "fetch it first (git fetch --unshallow; with actions/checkout: fetch-depth: 0)"


class Unanswered(Misunderstood):
    """Git has no answer; the message says why and what to do."""


class Repository:
    """One repository by its top folder, compared with the place where its head left a revision."""

    def __init__(self, top: str, revision: str) -> None:
        """Raises Unanswered."""
        self.top = top
        self.base = self._base(revision)

    def _base(self, revision: str) -> str:
        """The commit in which the way to the head and the one to the revision part."""
        if not revision or revision.startswith("-") or not revision.isprintable():
            raise Unanswered(f"--since {revision!r}: this is no revision; name a commit, branch or tag such as main")
        _, head = self._answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if not head:
            raise Unanswered("--since: this repository has no commit yet, so all of it is new; leave --since out")
        code, commit = self._answer("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if code or not commit:
            raise Unanswered(f"--since {revision}: there is no such revision{self._unless_it_is_shallow()}")
        code, base = self._answer("merge-base", _text(head), _text(commit))
        if code or not base:
            raise Unanswered(
                f"--since {revision}: it has no commit in common with what is checked out{self._unless_it_is_shallow()}"
            )
        return _text(base)

    def _unless_it_is_shallow(self) -> str:
        _, answer = self._answer("rev-parse", "--is-shallow-repository")
        if _text(answer) == "true":
            return f": this clone is shallow, and its history ends before; {FETCH}"
        return f" in {self.top}" if self.top != os.path.realpath(os.curdir) else ""

    @cached_property
    def blobs(self) -> Mapping[str, str]:
        """The files of the base, each by its path below the top folder, with the id of what was in it."""
        found = {}
        for row in self._rows("ls-tree", "-r", "-z", "--full-tree", self.base):
            head, _, path = row.partition(b"\t")
            _mode, kind, blob = head.split()
            if kind == b"blob":
                found[os.fsdecode(path)] = _text(blob)
        return found

    @cached_property
    def renames(self) -> Mapping[str, str]:
        """What files were called in the base that git tracks under another name now."""
        asked = ("diff-index", "--cached", "--no-ext-diff", "-z", "-M", "--diff-filter=R", "--name-status")
        paths = [os.fsdecode(row) for row in self._rows(*asked, self.base)]
        return dict(zip(paths[2::3], paths[1::3], strict=True))  # of each three, the first is how alike they are

    def content(self, blob: str) -> bytes:
        """What was in a file. Raises Unanswered."""
        code, data = self._answer("cat-file", "blob", blob)
        if code:
            raise Unanswered(f"--since: this clone has not all of its files' history; {FETCH}")
        return data

    def _rows(self, *words: str) -> Iterator[bytes]:
        code, answer = self._answer(*words)
        if code:
            raise Unanswered(f"--since: git {words[0]} fails in {self.top}")
        return iter(answer.split(b"\0")[:-1])

    def _answer(self, *words: str) -> tuple[int, bytes]:
        return run(["-C", self.top, *words])


def run(words: Sequence[str]) -> tuple[int, bytes]:
    """Exit code and output of a question to git. Raises Unanswered where there is no git."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_A_HOOK}
    try:
        done = subprocess.run(
            [program(), *HARMLESS, *words],
            env=kept | ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Unanswered(f"--since: git cannot be started: {error.strerror}") from error
    if b"dubious ownership" in done.stderr:
        raise Unanswered(
            "--since: git does not trust this repository, which belongs to somebody else; "
            "if you do: git config --global --add safe.directory FOLDER"
        )
    return done.returncode, done.stdout


@cache
def program() -> str:
    """Where git is: on the PATH, and never in a folder that is only named by where we are. Raises Unanswered."""
    folders = filter(os.path.isabs, os.environ.get("PATH", "").split(os.pathsep))
    paths = (os.path.join(folder, NAME) for folder in folders)
    found = next((path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)), "")
    if not found:
        raise Unanswered("--since needs git, which is not installed here; leave --since out, or use a baseline")
    return found


def _text(answer: bytes) -> str:
    return answer.decode("ascii", "replace").strip()
