"""What is typed on the command line, as far as several options read it alike or one of them depends on another."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import click

from bybit_lint.commands.options import Output

FORMATS = ("text", "concise", "json", "html", "github", "gitlab", "junit", "sarif")


def _words(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    words = tuple(word.strip() for value in values for word in value.split(",") if word.strip())
    if values and not words:
        raise click.BadParameter("name at least one rule", ctx, param)
    return words


def outputs_named(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[Output, ...]:
    """`sarif=bot.sarif` is a format and a file, whatever begins otherwise is a file; so is `./sarif=bot.sarif`."""
    pairs = [(style, path) for style, _, path in (value.partition("=") for value in values)]
    if "-" in values or any(style in FORMATS and path == "-" for style, path in pairs):
        raise click.BadParameter("without --output the report goes to the standard output; a file called so is ./-")
    return tuple(
        Output(style, path) if style in FORMATS and path else Output("", value)
        for value, (style, path) in zip(values, pairs, strict=True)
    )


def complete_rules(_ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """What the shell may go on with where a rule is asked for; with options, families too."""
    from bybit_lint.commands.completion import rules

    return rules(incomplete, with_families=isinstance(param, click.Option))


def complete_paths(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """What tells the shell to go on with its own files and folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def rules_option(option: str, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option that takes words for rules, separated by commas, as often as it is said."""
    return click.option(
        option, multiple=True, metavar="C,..", callback=_words, shell_complete=complete_rules, help=text
    )


def all_outputs(style: str, outputs: Sequence[Output]) -> tuple[Output, ...]:
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


def refuse_contradictions(paths: Sequence[str], outputs: Sequence[Output], asked: dict[str, Any]) -> None:
    """Raises UsageError, which says which of the options of `check` cannot go together."""
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
