"""The commands as one: the line that names none is for `check`, and whatever ends a command becomes an exit code."""

from __future__ import annotations

from typing import Any

import click

from bybit_lint.commands.arguments import complete_paths
from bybit_lint.commands.options import guessed_command
from bybit_lint.commands.output import Failure, complain, redactor, refuse, say
from bybit_lint.commands.stopping import Stopped, stoppable

FAILED, INTERRUPTED = 2, 130


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
            files = [] if incomplete.startswith("-") else complete_paths(inner, default.params[0], incomplete)
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
            say(traceback.format_exc(), err=True, is_prose=False)
            complain("crashed; please report it with the lines above")
            ctx.exit(FAILED)
