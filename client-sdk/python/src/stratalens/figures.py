"""Figures of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratalens.columns import COLUMNS
from stratalens.heat_map import heat_map, new_figure
from stratalens.places import EMBEDDING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stratalens.result import LensResult

_MOST_LINES = 8


def plot(result: LensResult, what: str = "predictions", *, position: int = -1, ax: Axes | None = None) -> Figure:
    """A figure of a result.

    what: ``predictions``: the best token of each cell, colored by its probability. A column, such as ``entropy``: a heat map.
        ``trajectories``: probabilities of tracked tokens over the layers at a position. ``ranks``: ranks of the targets there.
        ``attribution``: each part's share of the first target's logit there.
    ax: where to draw; by default a figure of its own.
    """
    if what == "predictions":
        return _predictions(result, ax)
    if what == "trajectories":
        return _trajectories(result, position, ax)
    if what == "ranks":
        return _ranks(result, position, ax)
    if what == "attribution":
        return _attribution(result, position, ax)
    name = what.replace("_", "-")
    if name not in COLUMNS:
        raise ValueError(
            f"there is no figure of {what!r}; choose from predictions, trajectories, ranks, attribution, {', '.join(COLUMNS)}"
        )
    column = COLUMNS[name]
    return _heat_map(result, result.column(name).values, f"{column.label}, {column.unit}", ax)[0]


def _predictions(result: LensResult, ax: Axes | None) -> Figure:
    best = result.top_k
    probabilities = np.exp(best.log_probs.values[..., 0])
    figure, axes = _heat_map(result, probabilities, "probability of the best token", ax)
    axes.images[-1].set_clim(0, 1)
    for row, cells in enumerate(best[:, :]):
        for column, cell in enumerate(cells):
            color = "black" if probabilities[row, column] > 0.6 else "white"
            axes.text(column, row, _short(cell[0].token.display), ha="center", va="center", color=color, fontsize=8)
    return figure


def _heat_map(result: LensResult, values: NDArray[Any], label: str, ax: Axes | None) -> tuple[Figure, Axes]:
    words = [result.tokens[each].display for each in result.positions]
    return heat_map(values, ["embedding" if layer < 0 else str(layer) for layer in result.layers], words, label, ax)


def _trajectories(result: LensResult, position: int, ax: Axes | None) -> Figure:
    tracked = result.trajectories(position)
    peaks = sorted(tracked, key=lambda token: float(tracked[token].max()), reverse=True)
    lines = {token.display: np.exp(tracked[token]) for token in peaks[:_MOST_LINES]}
    return _lines(result, position, lines, "probability", ax)[0]


def _ranks(result: LensResult, position: int, ax: Axes | None) -> Figure:
    if not result.info.targets:
        raise KeyError("the result has no targets; give targets=[…]")
    lines = {each.label: result.ranks[each.target][:, position] for each in result.info.targets}
    present = {name: ranks for name, ranks in lines.items() if ranks.min(initial=1) > 0}
    figure, axes = _lines(result, position, present, "rank", ax)
    axes.set_yscale("log")
    axes.invert_yaxis()
    return figure


def _attribution(result: LensResult, position: int, ax: Axes | None) -> Figure:
    attribution = result.attribution
    shares = attribution.shares[:, result.top_k.ids.axes[1].select(position), 0]
    figure, axes = new_figure(ax, 7, 4)
    for site in dict.fromkeys(part.site for part in attribution.parts):
        own = [at for at, part in enumerate(attribution.parts) if part.site == site]
        # Beside each other: the branches of a block, and the embedding before them.
        offset = {"attention-output": -0.2, "feed-forward-output": 0.2}.get(site, 0)
        blocks = [-1 if site == EMBEDDING else attribution.parts[at].block for at in own]
        axes.bar(np.array(blocks) + offset, shares[own], width=0.4, label=site)
    axes.set_xlabel("block")
    axes.set_ylabel(f"share of the logit of {result.info.targets[0].label}")
    axes.legend(fontsize=8)
    return figure


def _lines(result: LensResult, position: int, lines: dict[str, NDArray[Any]], label: str, ax: Axes | None) -> tuple[Figure, Axes]:
    figure, axes = new_figure(ax, 7, 4)
    for name, values in lines.items():
        axes.plot(result.layers, values, marker="o", markersize=3, label=name)
    axes.set_xlabel("layer")
    axes.set_ylabel(label)
    axes.set_title(f"after {result.tokens[position].display!r}, position {position % len(result.tokens)}", fontsize=10)
    axes.legend(fontsize=8)
    return figure, axes


def _short(word: str, length: int = 10) -> str:
    return word if len(word) <= length else word[: length - 1] + "…"
