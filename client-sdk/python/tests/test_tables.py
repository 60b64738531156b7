"""Tables and figures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np
import pytest
from conftest import PROMPT

import stratalens
from stratalens import FINAL_TOP, LensClient, LensResult, interventions, metrics

matplotlib.use("Agg")


def test_a_row_for_each_cell(result: LensResult) -> None:
    table = result.to_pandas()
    assert len(table) == 2 * 21 * 6  # lenses, read points, positions
    row = table[(table.lens == "raw") & (table.site == "block-output") & (table.layer == 3) & (table.position == 5)].iloc[0]
    raw = result.through("raw")
    assert row["entropy"] == raw.entropy[3, 5]
    assert row["top"] == raw.top_k[3, 5][0].token.text
    assert row["rank  Paris"] == raw.ranks[" Paris"][3, 5]
    assert row["log_prob final-top"] == raw.target_log_probs[FINAL_TOP][3, 5]
    assert row["token"] == " is"


def test_a_row_for_each_prediction(result: LensResult) -> None:
    table = result.to_pandas("predictions")
    assert len(table) == 2 * 21 * 6 * 5
    cell = table[(table.lens == "logit") & (table.site == "block-output") & (table.layer == 7) & (table.position == 4)]
    assert list(cell.place) == [1, 2, 3, 4, 5]
    assert list(cell.predicted) == [each.token.text for each in result.top_k[7, 4]]
    assert list(cell.log_prob) == [each.log_prob for each in result.top_k[7, 4]]


def test_a_row_for_each_point_of_a_trajectory(result: LensResult) -> None:
    table = result.to_pandas("trajectories")
    paris = table[(table.lens == "logit") & (table.position == 5) & (table.tracked == " Paris") & (table.site == "block-output")]
    np.testing.assert_array_equal(paris.log_prob, result.trajectories(-1)[result.top_k[9, -1][0].token][1:])


def test_a_row_for_each_part_of_an_attribution(result: LensResult) -> None:
    table = result.to_pandas("attribution")
    assert len(table) == 21 * 6 * 4  # parts, positions, targets
    paris = table[(table.target == " Paris") & (table.position == 5)]
    np.testing.assert_array_equal(paris.share, result.attribution.shares[:, 5, 0])
    assert list(paris.site[:3]) == ["embedding", "attention-output", "feed-forward-output"]


def test_arrow_has_the_same(result: LensResult) -> None:
    for rows in ("cells", "predictions", "trajectories", "attribution"):
        assert result.to_arrow(rows).to_pandas().equals(result.to_pandas(rows))
    with pytest.raises(ValueError, match="choose from cells, predictions, trajectories, attribution"):
        result.to_pandas("tokens")


@pytest.mark.parametrize(
    ("module", "make"),
    [
        ("pandas", lambda each: each.to_pandas()),
        ("pyarrow", lambda each: each.to_arrow()),
        ("matplotlib", lambda each: each.plot()),
    ],
)
def test_what_is_not_installed_is_named_with_the_remedy(
    result: LensResult, lens: LensClient, monkeypatch: pytest.MonkeyPatch, module: str, make: Callable[[Any], object]
) -> None:
    sweep = lens.sweep(PROMPT, interventions.set_zero(layers=3), metrics.logit(" Paris"))
    monkeypatch.setitem(sys.modules, module, None)
    for each in (result, sweep):
        with pytest.raises(ModuleNotFoundError, match=rf"needs {module}: pip install {module}$"):
            make(each)


@pytest.mark.parametrize("what", ["predictions", "entropy", "kl_from_final", "ranks", "trajectories", "attribution"])
def test_figures_are_drawn(result: LensResult, what: str) -> None:
    figure = result.plot(what, position=-1)
    assert figure._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]
    (axes, *_) = figure.axes
    if what == "predictions":
        assert "·Paris" in [text.get_text() for text in axes.texts]
        assert np.asarray(axes.images[0].get_array())[10, 5] == pytest.approx(0.999, abs=1e-3)
    elif what in ("ranks", "trajectories"):
        assert len(axes.lines) >= 3
    elif what == "attribution":
        heights = sum(bar.get_height() for bars in axes.containers for bar in bars)
        assert heights == pytest.approx(result.attribution.shares[:, 5, 0].sum(), rel=1e-5)
    else:
        np.testing.assert_array_equal(axes.images[0].get_array(), result.column(what).values)


@pytest.mark.parametrize("what", ["ranks", "trajectories", "attribution"])
def test_a_figure_of_a_position_that_was_not_read_is_refused(lens: LensClient, what: str) -> None:
    some = lens.analyze(PROMPT, targets=" Paris", positions=[1, 2], attribution=True)
    with pytest.raises(IndexError, match="position -1 was not asked for; this result has 1, 2"):
        some.plot(what)


def test_a_figure_goes_into_axes_of_the_caller(result: LensResult) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    one, other = figure.subplots(1, 2)
    assert result.plot("entropy", ax=one) is figure
    assert result.plot("trajectories", ax=other) is figure
    with pytest.raises(ValueError, match="choose from predictions"):
        result.plot("nothing")


def test_two_results_are_compared_where_both_have_cells(lens: LensClient) -> None:
    france = lens.analyze(PROMPT, layers=[0, 5, 9])
    italy = lens.analyze("The capital of Italy is", layers=[5, 9])
    both = stratalens.compare(france, italy)
    assert both.layers == (5, 9)
    assert both.difference("entropy")[9, -1] == pytest.approx(italy.entropy[9, -1] - france.entropy[9, -1])
    assert both.same_top[9, 0]
    assert not both.same_top[9, -1]
    assert both._repr_html_().startswith("<iframe sandbox=")
    with pytest.raises(TypeError, match="compare: expected a result"):
        stratalens.compare(france, PROMPT)  # type: ignore[arg-type]
