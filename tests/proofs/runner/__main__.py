"""The fork server: it imports every client once, and forks a process for each bot.

usage: python -m proofs.runner CERTIFICATE SUPPORT

SUPPORT is a folder of modules that every bot can import. Jobs come as lines of JSON on the standard input, with the
keys that `become` and `perform` read; seconds are the machine's. An answer is a line of JSON on the standard output:
the exit code, or null if the bot was still running and had to be stopped. The first line says that all clients are
imported.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from proofs.runner import network, passing

CLIENTS = (
    "requests",
    "urllib.request",
    "httpx",
    "httpcore",  # which httpx imports with its first client, and anyio with its first request
    "anyio._backends._asyncio",
    "anyio.streams.tls",
    "aiohttp",
    "websocket",
    "websockets",
    "websockets.asyncio.client",
    "websockets.sync.client",
    "tenacity",
    "pybit.unified_trading",
    "ccxt",
    "ccxt.async_support",
    "bybit_lint.shim",
    "proofs.runner.keys",
    "proofs.runner.program",
)


def main(certificate: str, support: str) -> None:
    passing.install()
    network.install(certificate)
    for name in CLIENTS:
        importlib.import_module(name)
    sys.path.append(support)
    gc.freeze()  # so that the children's collectors leave the shared pages alone
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    answers.write("null\n")
    for line in sys.stdin:
        job = json.loads(line)
        answers.write(json.dumps(perform(job)) + "\n")


def perform(job: dict[str, Any]) -> int | None:
    """Fork, wait, and stop what does not end in time. In the child this never returns."""
    alive, held = os.pipe()  # readable as soon as the child, who holds the other end, is gone
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_REAL, job["seconds"] + 10)  # its end, should this process be killed meanwhile
        leave(become(job))
    os.close(held)
    ended, _, _ = select.select([alive], [], [], job["seconds"])
    os.close(alive)
    if not ended:
        os.kill(child, signal.SIGKILL)  # it has no children of its own: see `network.REFUSED`
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if ended else None


def become(job: dict[str, Any]) -> int:
    """Be the bot, and tell the exit code of its main thread."""
    from proofs.runner import keys, program

    os.chdir(job["folder"])
    out, nothing = os.open("output.txt", os.O_CREAT | os.O_WRONLY), os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, out, out)):
        os.dup2(file, number)
    os.environ.update(job["variables"])
    time.tzset()
    keys.give(*job["account"])
    passing.passing.follow(Path(job["clock"]), job["layout"], Path("slept.txt"))
    network.open_to(job["port"])
    return program.run(Path(job["folder"]), job["driver"])


def leave(code: int) -> NoReturn:
    """End as a program does, after its other threads, but without taking every imported module apart (60 ms)."""
    threading._shutdown()  # type: ignore[attr-defined]  # nothing public ends the threads of executors
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
