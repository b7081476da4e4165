"""The hosts that Bybit serves its API from, and the network that each of them trades on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import rows

USUAL = {"mainnet": "api.bybit.com", "testnet": "api-testnet.bybit.com", "demo": "api-demo.bybit.com"}
"""The host that a network is asked at, unless its account is one of a region with a host of its own."""


@cache
def networks() -> Mapping[str, str]:
    """`mainnet`, `testnet` or `demo`, by the names of the hosts."""
    return {row[0]: row[1] for row in rows("hosts")}
