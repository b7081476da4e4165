"""What `bybit-lint decode` says of every shape in which refusals are told, by the tables of `tests/decoded/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from bybit_lint.cli import main

FOLDER = Path(__file__).parent / "decoded"


class Shape(NamedTuple):
    """A log, and what has to be said of each cause in it: how that begins, and parts of it."""

    title: str
    log: str
    causes: list[list[str]]


def shapes() -> Iterator[Shape]:
    for path in sorted(FOLDER.glob("*.txt")):
        for entry in path.read_text(encoding="utf-8").split("\n=== ")[1:]:
            title, _, rest = entry.partition("\n")
            log, _, told = rest.partition("\n---\n")
            lines = [line for line in told.splitlines() if line.strip()]
            causes: list[list[str]] = []
            for line in lines:
                if line.startswith("  "):
                    causes[-1].append(line.strip())
                else:
                    causes.append([line])
            yield Shape(f"{path.stem}: {title}", f"{log}\n", causes)


SHAPES = list(shapes())


def decoded(log: str) -> list[str]:
    """What is said of each cause."""
    result = CliRunner().invoke(main, ["decode"], input=log)
    assert result.exit_code == 0, result.output
    *blocks, summary = result.stdout.split("\n\n")
    assert re.fullmatch(r"Decoded \d+ .+\.\n", summary)
    return blocks


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.title)
def test_a_shape_is_decoded(shape: Shape) -> None:
    blocks = decoded(shape.log)
    assert len(blocks) == len(shape.causes), "\n\n".join(blocks)
    for block, (begin, *parts) in zip(blocks, shape.causes, strict=True):
        assert block.startswith(begin), block
        assert not [part for part in parts if part not in block], block


def test_there_are_shapes_of_every_client() -> None:
    assert len(SHAPES) > 90
    assert len({shape.title for shape in SHAPES}) == len(SHAPES)
    for client in (
        "pybit: 5.0",
        "pybit: 5.3",
        "pybit: 5.17",
        "ccxt",
        "requests",
        "httpx",
        "aiohttp",
        "websockets",
        "old",
    ):
        assert any(client in shape.title for shape in SHAPES), client
