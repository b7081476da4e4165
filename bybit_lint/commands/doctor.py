"""`bybit-lint doctor`: look at what no source shows, and tell it."""

from __future__ import annotations

import math
import os

import click

from bybit_lint import doctor
from bybit_lint.commands.output import Failure, complain, is_colored, say
from bybit_lint.doctor import credentials, host, installation
from bybit_lint.doctor.case import Asked, Case
from bybit_lint.doctor.credentials import Credentials, Unset
from bybit_lint.doctor.diagnosis import TO_DO
from bybit_lint.doctor.host import BadHost, Host
from bybit_lint.doctor.installation import Installation, NoPython
from bybit_lint.inputs import config
from bybit_lint.knowledge import accounts
from bybit_lint.knowledge.accounts import Account
from bybit_lint.report import doctor as report
from bybit_lint.tuples import NamedTuple


class Wishes(NamedTuple):
    """What the command line says. None of its texts is ever shown: somebody may have typed a key."""

    host: str
    timeout: float
    python: str | None
    is_private: bool
    key_env: str
    secret_env: str
    style: str


def run(wishes: Wishes) -> int:
    """The exit code: 0 if nothing is to be done, 1 if something is, 2 if something could not be looked at."""
    problems: list[str] = []
    case = Case(_asked(wishes, problems))
    found = doctor.examine(case, problems)
    visit = report.Visit(
        host=str(case.host),
        network=case.host.network,
        diagnoses=found,
        problems=problems,
        has_key=wishes.is_private,
        is_colored=is_colored(err=False),
    )
    say(report.document(visit) if wishes.style == "json" else report.text(visit))
    for problem in problems:
        complain(problem)
    return 2 if problems else int(any(diagnosis.status in TO_DO for diagnosis in found))


def _asked(wishes: Wishes, problems: list[str]) -> Asked:
    where = _host(wishes.host)
    if not (math.isfinite(wishes.timeout) and 0 < wishes.timeout <= 300):
        raise click.BadParameter("is no number of seconds between 0 and 300", param_hint="--timeout")
    python = _installation(wishes.python)
    key = _credentials(wishes, where) if wishes.is_private else None
    return Asked(where, wishes.timeout, python, key, _account(problems))


def _host(text: str) -> Host:
    try:
        return host.parse(text)
    except BadHost as error:
        raise click.BadParameter(str(error), param_hint="--host") from error


def _installation(path: str | None) -> Installation:
    if path is None:
        return installation.here()
    try:
        return installation.at(path)
    except NoPython as error:
        message = "has no packages: name the folder of a virtual environment, or the python in it"
        raise click.BadParameter(message, param_hint="--python") from error


def _credentials(wishes: Wishes, where: Host) -> Credentials:
    if not (where.network or where.is_loopback):
        message = "a key is sent to Bybit's own hosts only, and this is none of them"
        raise click.BadParameter(message, param_hint="--host")
    try:
        return credentials.from_environment(wishes.key_env, wishes.secret_env)
    except Unset as error:
        raise Failure(str(error)) from error


def _account(problems: list[str]) -> Account:
    """What the config of the folder says, which the key may know otherwise."""
    try:
        return config.nearest(os.path.join(os.curdir, "pyproject.toml")).account
    except config.BadConfig as error:
        problems.append(str(error))
        return accounts.UNKNOWN
