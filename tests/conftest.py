"""What several test modules share: the bench on which bots are run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from proofs.bench import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with Bench() as bench:
        yield bench
