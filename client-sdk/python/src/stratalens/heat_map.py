"""Heat maps over layers and words, in matplotlib."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratalens.arguments import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def heat_map(
    values: NDArray[Any], layers: list[str], words: list[str], label: str, ax: Axes | None, cmap: str = "viridis"
) -> tuple[Figure, Axes]:
    """A map of values, [layers, words]; the first layer is at the bottom."""
    rows, columns = values.shape
    figure, axes = new_figure(ax, 1.6 + 0.85 * columns, 1.2 + 0.3 * rows)
    image = axes.imshow(values, origin="lower", aspect="auto", cmap=cmap)
    axes.set_xticks(range(columns), words, rotation=45, ha="right")
    axes.set_yticks(range(rows), layers)
    axes.set_ylabel("layer")
    figure.colorbar(image, ax=axes, label=label)
    return figure, axes


def diverging(values: NDArray[Any], layers: list[str], words: list[str], title: str, ax: Axes | None) -> Figure:
    """A map whose middle is 0, with the numbers."""
    figure, axes = heat_map(values, layers, words, "", ax, "RdBu_r")
    most = float(np.abs(values).max()) or 1.0
    axes.images[-1].set_clim(-most, most)
    axes.set_title(textwrap.fill(title, 20 + 9 * len(words)), fontsize=10)
    for (row, column), value in np.ndenumerate(values):
        color = "white" if abs(value) > 0.6 * most else "black"
        shown = round(float(value), 1) + 0.0  # no -0.0
        axes.text(column, row, f"{shown:+.1f}", ha="center", va="center", color=color, fontsize=8)
    return figure


def new_figure(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes]:
    """A figure that pyplot does not know, so a notebook shows it once: as the value of its cell, whether or not pyplot is used."""
    needed("matplotlib", "a figure")
    from matplotlib.figure import Figure

    class ShownFigure(Figure):
        def _repr_png_(self) -> bytes:
            picture = io.BytesIO()
            self.savefig(picture, format="png")
            return picture.getvalue()

    if ax is not None:
        figure = ax.get_figure(root=True)
        assert figure is not None
        return figure, ax
    figure = ShownFigure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()
