"""Results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratalens.attribution import Attribution
from stratalens.cell_view import CellView
from stratalens.effect import InterventionEffect
from stratalens.labeled import Axis
from stratalens.places import BLOCK_OUTPUT, SITES, ReadPoint
from stratalens.result_info import Numbers, ResultInfo, Summary, Tracked
from stratalens.tokens import Prediction, PromptToken, Token

if TYPE_CHECKING:
    import pandas
    import pyarrow
    from matplotlib.figure import Figure


class LensResult(CellView):
    """A complete result. In a notebook, it shows itself as the page of the report.

    A result is seen through one of its lenses and at one kind of place: at first the first lens and the layers (-1 is the
    embedding), or the first site if no layer was read. ``through`` and ``at_site`` give other views. Arrays are over layers and
    positions: ``result.entropy[layer, position]``.
    """

    def __init__(
        self,
        info: ResultInfo,
        lenses: tuple[Numbers, ...],
        vocabulary: Mapping[int, Token],
        summary: Summary,
        lens: int = 0,
        site: str | None = None,
    ) -> None:
        points = lenses[lens].read_points
        if site is None and points and not any(each.is_layer for each in points):
            site = points[0].site
        rows = [at for at, each in enumerate(points) if (each.is_layer if site is None else each.site == site)]
        super().__init__(info, lenses[lens], vocabulary, rows)
        self.numbers = lenses
        """The numbers of all lenses, as plain arrays."""
        self.vocabulary = vocabulary
        """Every token that occurs, by id."""
        self.summary = summary
        """What is known at the end: the self-check, times, memory."""
        self._lens = lens
        self._site = site

    @property
    def lens(self) -> str:
        """Name of the lens of this view."""
        return self.info.lenses[self._lens]

    @property
    def lenses(self) -> tuple[str, ...]:
        """Names of the lenses of the result."""
        return self.info.lenses

    def through(self, lens: str) -> LensResult:
        """The same result, read through another of its lenses."""
        if lens not in self.lenses:
            raise KeyError(f"lens {lens!r} was not asked for; this result has {', '.join(self.lenses)}")
        return LensResult(self.info, self.numbers, self.vocabulary, self.summary, self.lenses.index(lens), self._site)

    def at_site(self, site: str) -> LensResult:
        """The same result at a site inside the blocks, such as ``"attention-output"``; its layers are the blocks that have it."""
        name = site.replace("_", "-")
        if all(each.site != name for each in self._numbers.read_points):
            raise KeyError(f"site {site!r} was not read; give sites=[…], with names from {', '.join(SITES)}")
        return LensResult(
            self.info, self.numbers, self.vocabulary, self.summary, self._lens, None if name == BLOCK_OUTPUT else name
        )

    @property
    def read_points(self) -> tuple[ReadPoint, ...]:
        """Where the lens of this view has read, at the places of this view."""
        return tuple(self._numbers.read_points[row] for row in self._view_rows)

    @property
    def layers(self) -> tuple[int, ...]:
        """Layer numbers, ascending; -1 first if the embedding was read."""
        return tuple(point.layer for point in self.read_points)

    @property
    def prompt(self) -> str | None:
        """The prompt's text; None if ids were sent."""
        return self.info.prompt

    @property
    def tokens(self) -> tuple[PromptToken, ...]:
        """Tokens of the prompt."""
        return self.info.tokens

    @property
    def final_top(self) -> dict[int, Prediction]:
        """The model's own best token by position."""
        return dict(zip(self.positions, self.info.final_tops, strict=True))

    @property
    def attribution(self) -> Attribution:
        """Each part's shares of the targets' logits."""
        if self.summary.attribution is None:
            raise KeyError("no attribution was asked for; give attribution=True and a target")
        return self.summary.attribution

    @property
    def effect(self) -> InterventionEffect:
        """What the interventions did."""
        if self.summary.effect is None:
            raise KeyError("no effect of interventions was asked for; give interventions=[…] and effect=True or metrics")
        return self.summary.effect

    @property
    def unchanged(self) -> LensResult:
        """The result without the interventions."""
        if self.summary.unchanged is None:
            raise KeyError("the unchanged result was not asked for; give interventions=[…] and unchanged=True")
        return self.summary.unchanged

    def trajectories(self, position: int = -1) -> dict[Token, NDArray[np.float32]]:
        """The tracked tokens of a position, with their log-probabilities over the layers of this view. -1 is the last token."""
        tracked = self._tracked(position)
        return {self.vocabulary[int(token_id)]: tracked.log_probs[row, self._view_rows] for row, token_id in enumerate(tracked.ids)}

    def crystallization_layer(self, position: int = -1) -> int | None:
        """The first layer from which the best token is the model's own and stays so; None if it is not so at the last layer."""
        since = None
        final = self.final_top[self._position(position)].token.id
        for layer in self.layers:
            if layer < 0 or self.top_k[layer, position][0].token.id != final:
                since = None
            elif since is None:
                since = layer
        return since

    def token(self, token_id: int) -> Token:
        """A token that occurs in this result."""
        if token_id not in self.vocabulary:
            raise KeyError(f"token id {token_id} does not occur in this result")
        return self.vocabulary[token_id]

    def to_pandas(self, rows: str = "cells") -> pandas.DataFrame:
        """A table with one row for each cell, of all lenses and read points; or for each of the ``"predictions"`` of the cells, or
        for each point of the ``"trajectories"``, or for each part of the ``"attribution"``. Needs pandas."""
        from stratalens.table import to_pandas

        return to_pandas(self, rows)

    def to_arrow(self, rows: str = "cells") -> pyarrow.Table:
        """The same as a table of Arrow. Needs pyarrow."""
        from stratalens.table import to_arrow

        return to_arrow(self, rows)

    def plot(self, what: str = "predictions", **options: Any) -> Figure:
        """A figure of matplotlib: a heat map of ``"predictions"`` or of a column; or, at one position, lines of the ``"ranks"`` of
        the targets or of the ``"trajectories"``, or bars of the ``"attribution"``. ``stratalens.figures.plot`` has the options."""
        from stratalens.figures import plot

        return plot(self, what, **options)

    def to_html(self, title: str | None = None, theme: str = "auto") -> str:
        """A page that shows this result, with data, script and style in one file. ``theme``: ``auto``, ``light`` or ``dark``."""
        from stratalens._page.report import page

        return page([self], title or _title(self), theme)

    def to_json(self) -> str:
        """All of it in the native format, which the command line reads, too."""
        from stratalens.native_json import to_json

        return to_json(self)

    def to_v2_json(self) -> str:
        """The format of the widget of logitlenskit, version 2. Needs the trajectories of all tracked tokens."""
        from stratalens.v2_json import to_json

        return to_json(self)

    def save(self, file: str | Path) -> None:
        """Writes the result to a file: a page if its name ends with ``.html``, native JSON if it ends with ``.json``."""
        path = Path(file)
        forms = {".html": self.to_html, ".json": self.to_json}
        if path.suffix not in forms:
            raise ValueError(
                f"{path.name} ends with neither .html nor .json; to_pandas() and to_arrow() make tables, plot() makes pictures"
            )
        path.write_text(forms[path.suffix](), encoding="utf-8")

    def _repr_html_(self) -> str:
        from stratalens.notebook import framed

        return framed(self.to_html())

    def __repr__(self) -> str:
        prompt = f"{len(self.tokens)} tokens" if self.prompt is None else repr(_title(self))
        targets = f", targets {', '.join(each.label for each in self.info.targets)}" if self.info.targets else ""
        return (
            f"<{self.info.model.name}: {prompt}, {len(self.layers)} layers x {len(self.positions)} positions, "
            f"lens {self.lens}{targets}; ends with {self.info.final_tops[-1]!r}>"
        )

    @property
    def _view_rows(self) -> list[int]:
        assert isinstance(self._rows, list)
        return self._rows

    def _axes(self) -> tuple[Axis, ...]:
        return (Axis("layer", self.layers), *super()._axes())

    def _position(self, position: int) -> int:
        axis = super()._axes()[0]
        index: int = axis.select(position)
        return axis.labels[index]

    def _tracked(self, position: int) -> Tracked:
        if not self.info.has_trajectories:
            raise KeyError("no trajectories were asked for; leave out trajectories=False")
        return self._numbers.tracked[self.positions.index(self._position(position))]


def _title(result: LensResult, length: int = 60) -> str:
    line = (result.prompt or result.info.model.name).strip()
    return line if len(line) <= length else line[:length] + "…"
