"""All that is known of a project before its facts are asked for."""

from __future__ import annotations

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.installed import Packages
from bybit_lint.analysis.traffic.accounts import Accounts
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.traffic.failed_reads import FailedReads
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.tuples import NamedTuple


class Analysis(NamedTuple):
    """What an extractor is made with; it takes the parts that it needs, by name."""

    program: Program
    """What expressions stand for, and who calls whom."""
    traffic: Traffic
    """The calls to Bybit, by call and by file."""
    effects: Effects
    """What a call does, itself or through others."""
    responses: Responses
    """Which answer a value was read from."""
    views: CallViews
    """Any call as the clients see it."""
    failed_reads: FailedReads
    """What becomes of what Bybit was asked for where that has failed."""
    accounts: Accounts
    """What the bot says of its account."""
    packages: Packages
    """Which versions a module may run with."""
