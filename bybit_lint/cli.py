"""The command line. What a command does is in a module of its own, which is imported when it is asked for."""

from __future__ import annotations

from typing import Any

import click

from bybit_lint import __version__
from bybit_lint.commands.arguments import (
    FORMATS,
    all_outputs,
    complete_paths,
    complete_rules,
    outputs_named,
    refuse_contradictions,
    rules_option,
)
from bybit_lint.commands.group import CheckByDefault
from bybit_lint.commands.options import FAIL_ON, Choice, Options, Output
from bybit_lint.commands.output import Failure, fitted, give, say

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=CheckByDefault, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="bybit-lint")
def main() -> None:
    """The linter and codemod for Python bots that trade on Bybit.

    The word check may be left out: bybit-lint bot.py --fix. A file that is called like a command is named with its
    directory: ./rules.
    """


@main.command()
@click.argument("paths", nargs=-1, shell_complete=complete_paths)
@click.option("--fix", is_flag=True, help="Make the safe fixes: every order that worked is sent as before.")
@click.option("--unsafe-fixes", is_flag=True, help="Make all fixes, with --diff: show all.")
@click.option("--diff", is_flag=True, help="Show the fixes as a diff and change nothing.")
@click.option(
    "--add-ignores", "reason", metavar="REASON", help="Accept all that is found by comments with this reason."
)
@rules_option("--select", "Only these rules: codes, prefixes of codes (BYB2), names or families.")
@rules_option("--extend-select", "These rules too.")
@rules_option("--ignore", "Not these rules.")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    callback=outputs_named,
    help="Write the report to a file; with a format a second one, beside the first: --output sarif=bot.sarif.",
)
@click.option("--baseline", metavar="FILE", help="Report only what is not in this baseline, see the command baseline.")
@click.option("--no-baseline", is_flag=True, help="Report what is in the config's baseline, too.")
@click.option("--since", metavar="REV", help="Report only what is on lines that changed since a git revision.")
@click.option("--statistics", is_flag=True, help="Count the findings by rule instead of showing them (text, concise).")
@click.option("--fail-on", type=click.Choice(["error", "warning"]), help="Exit with 1 for these and worse only.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 in spite of findings (with 2 for trouble, as ever).")
@click.option("--edits", is_flag=True, help="Put the text of the fixes into the report (json, sarif; html has it).")
@click.option("--config", metavar="FILE", help="The TOML file with the table [tool.bybit-lint].")
@click.option("--isolated", is_flag=True, help="Read no config.")
@click.option("--stdin-filename", metavar="NAME", default="-", help="What the code from - is called.")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="So many processes (default: one a core).")
@click.option("--no-cache", is_flag=True, envvar="BYBIT_LINT_NO_CACHE", help="Find all anew, and remember nothing.")
@click.option("--cache-dir", metavar="DIR", envvar="BYBIT_LINT_CACHE_DIR", help="Where to remember what was found.")
@click.option("-q", "--quiet", is_flag=True, help="Only findings and problems, no summary and no advice.")
def check(paths: tuple[str, ...], style: str, outputs: tuple[Output, ...], **asked: Any) -> None:
    """Check files and directories, by default the one you are in.

    PATHS may be - for code from the standard input; with --fix the fixed code goes to the standard output and the
    report to the error output. Files that a config excludes are left out even if they are named.

    Exit code: 0 nothing left, 1 findings left (with --diff: also those that a fix would remove), 2 the tool could not
    do its job, 130 interrupted, 143 terminated.
    """
    outputs = all_outputs(style, outputs)
    refuse_contradictions(paths, outputs, asked)
    from bybit_lint.commands.check import run

    rules = asked["select"] or None, asked["extend_select"], asked["ignore"]
    options = Options(
        paths=paths or (".",),
        choice=Choice(*rules, asked["config"], asked["isolated"]),
        is_fixing=asked["fix"] or asked["unsafe_fixes"],
        is_unsafe=asked["unsafe_fixes"],
        is_dry=asked["diff"],
        outputs=outputs,
        has_statistics=asked["statistics"],
        has_edits=asked["edits"],
        fails_on=() if asked["exit_zero"] else FAIL_ON[asked["fail_on"]],
        is_quiet=asked["quiet"],
        stdin_filename=asked["stdin_filename"],
        jobs=asked["jobs"],
        cache="" if asked["no_cache"] else asked["cache_dir"],
        baseline=asked["baseline"] or "",
        ignores_baseline=asked["no_baseline"],
        since=asked["since"],
        reason=None if asked["reason"] is None else asked["reason"].strip(),
    )
    click.get_current_context().exit(run(options))


@main.command(context_settings={"ignore_unknown_options": True})  # -2015 is a retCode
@click.argument("what", shell_complete=complete_rules)
def explain(what: str) -> None:
    """Print the page of a rule, what an endpoint takes, or what a retCode or a text of Bybit's means.

    WHAT is a code (BYB201), a name (unrounded-quantity), a retCode (10001), a method of pybit (place_order), a path
    (/v5/order/create), or a line of a log ('args size >10'). For a whole log or a traceback: bybit-lint decode FILE.
    """
    from bybit_lint.commands.explain import render

    try:
        give(fitted(render(what), hang=0))
    except LookupError as error:
        raise Failure(str(error)) from error


@main.command()
@click.argument("path", metavar="[FILE|-]", default="-")
@click.option(
    "--source",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    help="Where the bot lies whose files a traceback names.",
)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def decode(path: str, folder: str, style: str) -> None:
    """Say what a traceback, a log or a JSON answer means: what was refused, why, and what in the bot is behind it.

    Without FILE, or with -, the standard input is read. Of a long log each cause is counted, with its first and last
    time. Keys, addresses and the names of home folders are never shown.

    Exit code: 0 something was recognised, 1 nothing was, 2 the log cannot be read.
    """
    from bybit_lint.commands.decode import run

    click.get_current_context().exit(run(path, style, folder))


@main.command()
@click.option("--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def rules(style: str) -> None:
    """List the rules."""
    from bybit_lint.commands.rules import render

    told = render(style)
    give(fitted(told) if style == "text" else told)


@main.command()
@click.argument("paths", nargs=-1, required=True, shell_complete=complete_paths)
@click.option("--sight", "is_sight", is_flag=True, help="Print instead how far the calls are understood, and why not.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def facts(paths: tuple[str, ...], style: str, is_sight: bool) -> None:
    """Print what was understood of the files, line by line: sessions, orders, retries, sockets, signatures.

    With --sight: each call that could speak to Bybit of which something is not known, the reason, and all in numbers.
    """
    from bybit_lint.commands.facts import run

    click.get_current_context().exit(run(paths, style, is_sight=is_sight))


@main.command()
@click.argument("paths", nargs=-1, shell_complete=complete_paths)
@click.option("--prune", is_flag=True, help="Accept nothing new: only take out what is not found any more.")
@click.option("--output", metavar="FILE", help="Where to write it, if not where the config says or beside it.")
@click.option("--config", metavar="FILE", help="The TOML file with the table [tool.bybit-lint].")
@click.option("--isolated", is_flag=True, help="Read no config.")
def baseline(paths: tuple[str, ...], prune: bool, output: str | None, config: str | None, isolated: bool) -> None:
    """Accept all that is found today, so that from now on only new findings are reported.

    The file goes into the repository, and baseline = "FILE" into the config. It says of each finding its rule, file and
    function, and of the code a digest. Run it again to accept what is new, too; entries of files that are not named
    stay. What is found in files that cannot be read is not accepted.

    Exit code: 0 written, 2 the tool could not do its job, or not in all files.
    """
    if config is not None and isolated:
        raise click.UsageError("--config and --isolated exclude each other")
    from bybit_lint.commands.baseline import run

    choice = Choice(None, (), (), config, isolated)
    click.get_current_context().exit(run(paths or (".",), choice, output, is_pruning=prune))


@main.command()
@click.option(
    "--cache-dir", metavar="DIR", envvar="BYBIT_LINT_CACHE_DIR", help="The folder, if it is not the usual one."
)
def clean(cache_dir: str | None) -> None:
    """Remove what check remembers of files that have not changed."""
    from bybit_lint.commands.clean import run

    say(run(cache_dir))


@main.command()
@click.option(
    "--address", metavar="ADDRESS", help="Where bybit-lint is installed from: its repository, as for git clone."
)
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
def init(address: str | None, yes: bool) -> None:
    """Set up a repository: the config's table, the entry for pre-commit, and the workflow for GitHub.

    Shows what it will write, and asks. What is there already stays as it is.
    """
    from bybit_lint.commands import templates
    from bybit_lint.commands.init import run, usual_address

    if address is not None and not templates.is_address(address):
        raise click.BadParameter(
            "name a repository as for git clone, without a password: https://...", param_hint="--address"
        )
    run(address or usual_address(), is_agreed=yes)


@main.command()
@click.argument("paths", nargs=-1, shell_complete=complete_paths)
@click.option("--diff", is_flag=True, help="Show the new code as a diff and change nothing.")
@click.option("--write", is_flag=True, help="Write the new code: all files of it, or none.")
def migrate(paths: tuple[str, ...], diff: bool, write: bool) -> None:  # click passes them by name
    """Carry bots for pybit before V5 over to pybit.unified_trading.

    Says of each call what becomes of it: certain, to review, or to decide, with the reason. What cannot be rewritten
    as a whole is left as it is.

    Exit code: 0 nothing left to do, 1 something is left (without --write: anything at all), 2 the tool could not do its
    job.
    """
    if diff and write:
        raise click.UsageError("--diff and --write exclude each other")
    from bybit_lint.commands.migrate import run

    click.get_current_context().exit(run(paths or (".",), is_dry=diff, is_writing=write))


@main.command()
@click.option("--host", metavar="HOST", default="mainnet", help="mainnet, testnet, demo, or a host by its name.")
@click.option("--timeout", type=float, metavar="SECONDS", default=10, show_default=True, help="How long to wait.")
@click.option("--python", metavar="PATH", help="The bot's Python or virtual environment, if it is not this one.")
@click.option(
    "--private", "is_private", is_flag=True, help="Ask what the key may do: one signed call, which only reads."
)
@click.option("--key-env", metavar="NAME", default="BYBIT_API_KEY", help="The variable with the key [BYBIT_API_KEY].")
@click.option("--secret-env", metavar="NAME", default="BYBIT_API_SECRET", help="That of the secret [BYBIT_API_SECRET].")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def doctor(**asked: Any) -> None:
    """Look at what no source shows: the clock, the certificates, the versions, the key, the way to Bybit.

    Says of each thing what it did, what it found and what to do. Keys are taken from the environment alone, and never
    shown.

    Exit code: 0 nothing to do, 1 something to do, 2 the tool could not do its job.
    """
    from bybit_lint.commands.doctor import Wishes, run

    click.get_current_context().exit(run(Wishes(**asked)))


@main.command()
def lsp() -> None:
    """Serve an editor: what is wrong while you type, with fixes, over the Language Server Protocol on stdin and stdout.

    Needs the extra lsp: pip install 'bybit-lint[lsp]'. How editors are told of it: docs/editors.md.
    """
    try:
        from bybit_lint.commands.lsp.serving import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise Failure("lsp needs a package that is not installed: pip install 'bybit-lint[lsp]'") from error
    run()


@main.command()
@click.option("--write", "path", metavar="PATH", help="Write it to a file, over an older shim if there is one.")
def shim(path: str | None) -> None:
    """Print the run-time helpers that fixes call, or write them to a file that the bot carries itself."""
    from bybit_lint.commands.shim import text, write

    if path is None:
        give(text())
        return
    try:
        write(path)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from error
