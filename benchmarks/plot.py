"""The curves of growth as one small picture that is readable on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth import Point

GREY = "#848484"
"""Of which black and white are equally far."""
COLORS = ("#2f81f7", "#d1751f")


def draw(curves: Mapping[str, Sequence[Point]], path: Path) -> None:
    """Write the picture: on the left seconds against lines, on the right megabytes, both with equal steps for x10."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    look: dict[Any, Any] = {
        **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "text.color"), GREY),
        "svg.fonttype": "none",
        "svg.hashsalt": "growth",
        "font.family": "sans-serif",
        "font.size": 9,
    }
    with mpl.rc_context(look):
        figure = Figure(figsize=(8, 3), layout="constrained")
        for axes, label in zip(figure.subplots(1, 2), ("seconds of CPU", "megabytes at most"), strict=True):
            for color, (kind, points) in zip(COLORS, curves.items(), strict=False):
                values = [point.cpu if label.startswith("seconds") else point.memory for point in points]
                axes.plot([point.lines for point in points], values, "o-", color=color, label=kind, markersize=3)
            axes.set(xlabel="lines", ylabel=label, xscale="log", yscale="log")
            axes.grid(alpha=0.3, color=GREY)
            axes.spines[["top", "right"]].set_visible(False)
        figure.axes[0].legend(frameon=False)
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None})
