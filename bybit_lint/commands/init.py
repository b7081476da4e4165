"""`bybit-lint init`: the config table, the entry for pre-commit and the workflow, shown before they are written."""

from __future__ import annotations

import os
from textwrap import indent

import click

from bybit_lint import __version__
from bybit_lint.commands import templates, writing
from bybit_lint.commands.output import Failure, say
from bybit_lint.inputs import config, files, reading
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

TABLE = f'[{config.TABLE}]\nbaseline = "bybit-lint-baseline.json"\n'
HOOKS, WORKFLOW = ".pre-commit-config.yaml", ".github/workflows/bybit-lint.yml"
TOP_LEVEL = regex(r"(?m)^[^\s#-][^\n]*")
REPOS = regex(r"repos:[ \t]*(?:#[^\n]*)?")
ITEM = regex(r"(?m)^([ ]*)- ")
NEXT = """\
Next:
  bybit-lint baseline   accepts what is found today: from then on only new findings are told
  pre-commit install    lets the hook see every commit
"""


class Addition(NamedTuple):
    """What is to be added to a file; empty where nothing is, which `reason` explains."""

    path: str
    text: str = ""
    old: bytes | None = None
    """What is in it now; None for a new file."""
    reason: str = ""


def run(address: str | None, *, is_agreed: bool) -> None:
    """Show what is missing, ask, and write it. Raises Failure."""
    root = _root()
    try:
        additions = [_table(root), _hook(root, address), _workflow(root, address)]
    except (Misunderstood, OSError) as error:
        raise Failure(str(error)) from error
    for addition in additions:
        say(_shown(addition), is_prose=False)
    missing = [addition for addition in additions if addition.text]
    if not missing:
        say("Nothing to do.\n")
        return
    if is_agreed or _agrees(len(missing)):
        for addition in missing:
            _write(addition)
        say(f"Written: {', '.join(files.shown(addition.path) for addition in missing)}.\n\n{NEXT}")
    else:
        say("Nothing was written.\n")


def _root() -> str:
    """The top of the repository around the working directory, or that directory."""
    here = files.absolute(os.curdir)
    return next((above for above in files.upwards(here) if os.path.lexists(os.path.join(above, ".git"))), here)


def _agrees(number: int) -> bool:
    try:
        return click.confirm(f"Write {'this file' if number == 1 else f'these {number} files'}?")
    except click.Abort as error:
        raise Failure("nothing was written, because nobody answered; --yes writes without asking") from error


def _shown(addition: Addition) -> str:
    name = files.shown(addition.path)
    if not addition.text:
        return f"{name}: {addition.reason}\n"
    return f"{name}, {'a new file' if addition.old is None else 'at its end'}:\n\n{indent(addition.text, '    ')}\n"


def _write(addition: Addition) -> None:
    path = addition.path
    try:
        if addition.old is None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if os.path.lexists(path):
                raise FileExistsError(0, "somebody else has just written it: left as it is")
            writing.write(path, addition.text.encode())
        else:
            writing.replace(path, addition.old, _joined(addition.old, addition.text))
    except OSError as error:
        raise Failure(f"{files.shown(path)}: cannot be written: {error.strerror}") from error


def _joined(old: bytes, text: str) -> bytes:
    """A file with a text at its end, in the file's own line ends."""
    end = b"\r\n" if b"\r\n" in old else b"\n"
    between = b"" if old.endswith(b"\n") or not old else end
    return old + between + text.encode().replace(b"\n", end)


# --- the three of them ------------------------------------------------------------------------------------------------


def _table(root: str) -> Addition:
    """The config, where none holds for the folder yet. Raises BadConfig."""
    path = os.path.join(root, "pyproject.toml")
    settings = config.nearest(path)
    if settings.path:
        return Addition(settings.path, reason=f"[{config.TABLE}] is there already")
    old = reading.read(path) if os.path.lexists(path) else None
    text = TABLE if not old else f"\n{TABLE}"
    if old and config.read(path, _joined(old, text)) is None:
        return Addition(
            path, reason=f"add [{config.TABLE}] by hand: at the end of this file it would be no table of it"
        )
    return Addition(path, text, old)


def _hook(root: str, address: str | None) -> Addition:
    path = os.path.join(root, HOOKS)
    entry = templates.hook(address, __version__)
    if not os.path.lexists(path):
        return Addition(path, f"repos:\n{indent(entry, '  ')}")
    old = reading.read(path)
    text = old.decode("utf-8", "replace")
    if "bybit-lint" in text:
        return Addition(path, reason="the hook is there already")
    keys = TOP_LEVEL.findall(text)
    item = ITEM.search(text, text.rfind("repos:"))
    if keys and item and REPOS.fullmatch(keys[-1].rstrip()) and "\t" not in text:
        return Addition(path, indent(entry, item[1]), old)
    return Addition(path, reason=f"`repos` is not its last list; put this into it by hand:\n\n{indent(entry, '    ')}")


def _workflow(root: str, address: str | None) -> Addition:
    path = os.path.join(root, *WORKFLOW.split("/"))
    if os.path.lexists(path):
        return Addition(path, reason="it is there already")
    if os.path.lexists(os.path.join(root, ".gitlab-ci.yml")):
        return Addition(path, reason="left out: this is a project on GitLab, for which the README has a job")
    if address is None:
        return Addition(path, reason="left out: with --address it is known where bybit-lint is installed from")
    return Addition(path, templates.workflow(address, __version__))


def usual_address() -> str | None:
    """Where git got the installed bybit-lint from, if it did (https://peps.python.org/pep-0610/)."""
    import json
    from importlib import metadata

    try:
        told = json.loads(metadata.distribution("bybit-lint").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return None
    url = told.get("url", "") if told.get("vcs_info", {}).get("vcs") == "git" else ""
    return url if templates.is_address(url) else None
