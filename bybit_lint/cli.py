"""The command line. What a command does is in a module of its own, which is imported when it is asked for."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from bybit_lint import __version__
from bybit_lint.commands.options import FAIL_ON, Choice, Options, Output, guessed_command
from bybit_lint.commands.output import Failure, complain, give, redactor, refuse, say
from bybit_lint.commands.stopping import Stopped, stoppable

FAILED, INTERRUPTED = 2, 130
FORMATS = ("text", "concise", "json", "html", "github", "gitlab", "junit", "sarif")
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class CheckByDefault(click.Group):
    """A group that takes a line which does not begin with a command for the arguments of `check`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return self._parsed(ctx, args)
        except BrokenPipeError:
            raise
        except OSError as error:  # --help and --version write already here
            raise Failure(f"the output cannot be written: {error.strerror}") from error

    def _parsed(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing and not args:  # the shell asks what may come first: a command, or what check takes
            return super().parse_args(ctx, args)
        own = {*self.commands, *(name for param in self.get_params(ctx) for name in param.opts)}
        if args and args[0] in own:
            return super().parse_args(ctx, args)
        if args and (guess := guessed_command(args[0], self.commands)):
            raise click.UsageError(f"there is no command, file or directory called {args[0]!r}{guess}")
        return super().parse_args(ctx, ["check", *args])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """The commands and what `check` takes, whose name may be left out."""
        default = self.commands["check"]
        with default.make_context("check", [], parent=ctx, resilient_parsing=True) as inner:
            own = [item for item in super().shell_complete(ctx, incomplete) if item.value not in ("-h", "--help")]
            files = [] if incomplete.startswith("-") else _paths(inner, default.params[0], incomplete)
            return [*own, *default.shell_complete(inner, incomplete), *files]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A crash is 2, because 1 says that there are findings."""
        redactor()  # one for the whole run, so that a crash too is told without keys
        try:
            with stoppable():
                return super().invoke(ctx)
        except (click.exceptions.Exit, BrokenPipeError):
            raise
        except click.ClickException as error:
            refuse(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt as interrupt:
            complain("interrupted")
            ctx.exit(interrupt.exit_code if isinstance(interrupt, Stopped) else INTERRUPTED)
        except Exception:  # noqa: BLE001 (whatever it is, it is shown)
            import traceback

            redactor().suspect()
            say(traceback.format_exc(), err=True)
            complain("crashed; please report it with the lines above")
            ctx.exit(FAILED)


def program() -> NoReturn:
    """The tool as a process of its own, which ends as soon as all is written.

    Nothing is collected on the way, and the interpreter is not taken apart at the end: on large bots that takes longer
    than the work itself. Whoever calls `main` goes on in the same process and has neither.
    """
    gc.disable()
    code = 0
    try:
        main(prog_name="bybit-lint")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else FAILED
    for stream in filter(None, (sys.stdout, sys.stderr)):  # there is none where it was closed before the start
        try:
            stream.flush()
        except (OSError, ValueError):  # a reader that went away, which was told where it was written to
            code = code or FAILED
    os._exit(code)


@click.group(cls=CheckByDefault, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="bybit-lint")
def main() -> None:
    """The linter and codemod for Python bots that trade on Bybit.

    The word check may be left out: bybit-lint bot.py --fix. A file that is called like a command is named with its
    directory: ./rules.
    """


def _words(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    words = tuple(word.strip() for value in values for word in value.split(",") if word.strip())
    if values and not words:
        raise click.BadParameter("name at least one rule", ctx, param)
    return words


def _outputs(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[Output, ...]:
    """`sarif=bot.sarif` is a format and a file, whatever begins otherwise is a file; so is `./sarif=bot.sarif`."""
    pairs = [(style, path) for style, _, path in (value.partition("=") for value in values)]
    if "-" in values or any(style in FORMATS and path == "-" for style, path in pairs):
        raise click.BadParameter("without --output the report goes to the standard output; a file called so is ./-")
    return tuple(
        Output(style, path) if style in FORMATS and path else Output("", value)
        for value, (style, path) in zip(values, pairs, strict=True)
    )


def _completed(_ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    from bybit_lint.commands.completion import rules

    return rules(incomplete, with_families=isinstance(param, click.Option))


def _paths(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _rules(option: str, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(option, multiple=True, metavar="C,..", callback=_words, shell_complete=_completed, help=text)


@main.command()
@click.argument("paths", nargs=-1, shell_complete=_paths)
@click.option("--fix", is_flag=True, help="Make the safe fixes: every order that worked is sent as before.")
@click.option("--unsafe-fixes", is_flag=True, help="Make all fixes, with --diff: show all.")
@click.option("--diff", is_flag=True, help="Show the fixes as a diff and change nothing.")
@click.option(
    "--add-ignores", "reason", metavar="REASON", help="Accept all that is found by comments with this reason."
)
@_rules("--select", "Only these rules: codes, prefixes of codes (BYB2), names or families.")
@_rules("--extend-select", "These rules too.")
@_rules("--ignore", "Not these rules.")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    callback=_outputs,
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
    outputs = _all_outputs(style, outputs)
    _refuse_contradictions(paths, outputs, asked)
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


def _all_outputs(style: str, outputs: Sequence[Output]) -> tuple[Output, ...]:
    """The report of --format, which goes to the one file that was named without a format, and those of the others."""
    plain = [Output(style, output.path) for output in outputs if not output.style]
    if len(plain) > 1:
        raise click.UsageError(f"--output names two files for one report; write --output FORMAT={plain[1].path}")
    every = (*(plain or [Output(style)]), *(output for output in outputs if output.style))
    named = [output.path for output in every if output.path is not None]
    files = [os.path.normcase(os.path.realpath(path)) for path in named]
    if twice := next((path for path, file in zip(named, files, strict=True) if files.count(file) > 1), ""):
        raise click.UsageError(
            f"--output names {os.path.basename(twice)} twice: the second report would replace the first"
        )
    return every


def _refuse_contradictions(paths: Sequence[str], outputs: Sequence[Output], asked: dict[str, Any]) -> None:
    if asked["config"] is not None and asked["isolated"]:
        raise click.UsageError("--config and --isolated exclude each other")
    if asked["edits"] and not {"json", "sarif", "html"}.intersection(output.style for output in outputs):
        raise click.UsageError("--edits needs --format json or sarif")
    if asked["baseline"] == "":
        raise click.UsageError("--baseline needs a file; --no-baseline does without one")
    if asked["baseline"] is not None and asked["no_baseline"]:
        raise click.UsageError("--baseline and --no-baseline exclude each other")
    reason = asked["reason"]
    if reason is not None and (not reason.strip() or not reason.isprintable()):
        raise click.UsageError("--add-ignores needs a reason, in one line: why what is found is accepted")
    if reason is not None and (asked["fix"] or asked["unsafe_fixes"]):
        raise click.UsageError("--add-ignores and --fix exclude each other: fix first, and then accept what is left")
    if asked["exit_zero"] and asked["fail_on"]:
        raise click.UsageError("--exit-zero and --fail-on exclude each other")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- is the only path when it is one")


@main.command(context_settings={"ignore_unknown_options": True})  # -2015 is a retCode
@click.argument("what", shell_complete=_completed)
def explain(what: str) -> None:
    """Print the page of a rule, what an endpoint takes, or what a retCode or a text of Bybit's means.

    WHAT is a code (BYB201), a name (unrounded-quantity), a retCode (10001), a method of pybit (place_order), a path
    (/v5/order/create), or a line of a log ('args size >10'). For a whole log or a traceback: bybit-lint decode FILE.
    """
    from bybit_lint.commands.explain import render

    try:
        give(render(what))
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

    give(render(style))


@main.command()
@click.argument("paths", nargs=-1, required=True, shell_complete=_paths)
@click.option("--sight", "is_sight", is_flag=True, help="Print instead how far the calls are understood, and why not.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def facts(paths: tuple[str, ...], style: str, is_sight: bool) -> None:
    """Print what was understood of the files, line by line: sessions, orders, retries, sockets, signatures.

    With --sight: each call that could speak to Bybit of which something is not known, the reason, and all in numbers.
    """
    from bybit_lint.commands.facts import run

    click.get_current_context().exit(run(paths, style, is_sight=is_sight))


@main.command()
@click.argument("paths", nargs=-1, shell_complete=_paths)
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
@click.argument("paths", nargs=-1, shell_complete=_paths)
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
