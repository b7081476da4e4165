"""Where bots are run: an exchange, and a fork server whose bots can reach nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from exchange import KEYS, Answer, Conditions, Connection, Environment, Exchange, Key, Order
from exchange.clock import LAYOUT

TESTS = Path(__file__).parent.parent
SUPPORT = Path(__file__).parent / "support"

ENVIRONMENTS: tuple[Environment, ...] = ("mainnet", "testnet", "demo")
ACCOUNT = tuple(Key("ACCOUNTKEY00000001", "account-secret-000000000000000000001", name) for name in ENVIRONMENTS)
PATIENCE = 15.0  # seconds that a bot has on the machine which ought to end by itself
VARIABLES = {
    "BYBIT_API_KEY": ACCOUNT[0].api_key,
    "BYBIT_API_SECRET": ACCOUNT[0].secret,
    **{f"BYBIT_{key.environment.upper()}_KEY": key.api_key for key in KEYS},
    **{f"BYBIT_{key.environment.upper()}_SECRET": key.secret for key in KEYS},
}
"""What a bot's environment says: a key that is good everywhere, and one for each network."""


class Problem(NamedTuple):
    """An exception that ended the main thread, or one that it came from."""

    type: str
    bases: tuple[str, ...]
    text: str
    code: Any
    """What pybit calls status_code."""


@dataclass(frozen=True)
class Job:
    """A bot, by its files, with what drives it and how long that may take."""

    files: Mapping[str, str]
    driver: str = ""
    seconds: float | None = None
    """When it is stopped, by its own clock; without that it has time enough to end by itself."""
    variables: Mapping[str, str] = field(default_factory=lambda: VARIABLES)
    is_deceived: bool = False
    """Whether it reaches somebody else under Bybit's names, who has no certificate that it can trust."""


@dataclass(frozen=True)
class Run:
    """How a bot ended, and what the exchange knows of it."""

    exit_code: int | None
    """None if the bot was still running when its time was over."""
    output: str
    """What it printed, also its traceback."""
    value: Any
    """Of the driver's last expression."""
    problems: tuple[Problem, ...]
    """The exception that ended its main thread, and those it came from."""
    orders: tuple[Order, ...]
    answers: tuple[Answer, ...]
    sockets: tuple[Connection, ...]
    slept: tuple[float, ...]
    """The sleeps that it asked for, or a client for it, in seconds."""
    began: int
    """By the exchange's clock, in ms."""
    ended: int


class Bench:
    """An exchange and the process that forks its bots, from `__enter__` to `__exit__`."""

    def __enter__(self) -> Bench:  # noqa: PYI034  Self is newer than Python 3.10
        self.exchange = Exchange().__enter__()
        self.stranger = Exchange().__enter__()  # whose certificate nobody trusts
        paths = [str(TESTS), str(TESTS.parent)]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "proofs.runner", str(self.exchange.ca), str(SUPPORT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._answer()  # as soon as it has imported the clients
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.communicate()  # at the end of its input it ends
        for exchange in (self.exchange, self.stranger):
            exchange.__exit__(kind, error, at)

    def run(self, job: Job, conditions: Conditions) -> Run:
        """Run a bot under some conditions, and stop it when its time is over."""
        exchange = self.stranger if job.is_deceived else self.exchange
        exchange.reset(replace(conditions, keys=(*conditions.keys, *ACCOUNT)))
        began = exchange.clock.now
        with tempfile.TemporaryDirectory(prefix="bot-") as name:
            folder = Path(name)
            for path, text in job.files.items():
                (folder / path).write_text(text, "utf-8")
            exit_code = self._perform(job, folder, exchange, (job.seconds or 0) / conditions.scale or PATIENCE)
            if exit_code is not None:
                _hang_up(exchange)
            outcome = _read(folder / "outcome.json")
            return Run(
                exit_code,
                (folder / "output.txt").read_text("utf-8", "replace"),
                outcome.get("value"),
                tuple(Problem(*each) for each in outcome.get("problems", ())),
                tuple(exchange.orders),
                tuple(exchange.answers),
                tuple(exchange.sockets),
                tuple(_sleeps(folder / "slept.txt")),
                began,
                exchange.clock.now,
            )

    def _perform(self, job: Job, folder: Path, exchange: Exchange, seconds: float) -> int | None:
        order = {
            "folder": str(folder),
            "driver": job.driver,
            "port": exchange.port,
            "clock": str(exchange.clock.path),
            "layout": LAYOUT.format,
            "variables": dict(job.variables),
            "account": [ACCOUNT[0].api_key, ACCOUNT[0].secret],
            "seconds": seconds,
        }
        assert self._server.stdin
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        return self._answer()

    def _answer(self) -> int | None:
        assert self._server.stdout
        line = self._server.stdout.readline()
        if not line:
            raise RuntimeError("the fork server ended; what it said stands above")
        code: int | None = json.loads(line)
        return code


def _hang_up(exchange: Exchange) -> None:
    """Wait until the exchange has heard that the bot is gone, and with it all its sockets."""
    end = time.monotonic() + PATIENCE
    while any(socket.is_open for socket in exchange.sockets) and time.monotonic() < end:
        time.sleep(0.001)


def _sleeps(path: Path) -> Iterator[float]:
    return map(float, path.read_text().splitlines() if path.exists() else ())


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.exists() else {}
