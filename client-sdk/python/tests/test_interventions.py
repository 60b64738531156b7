"""Changes to the forward pass, their effect, and sweeps."""

from __future__ import annotations

import asyncio
import inspect
import itertools
from typing import Any

import numpy as np
import pytest
from conftest import PROMPT
from test_stream import LONG, await_idle

import stratalens
from stratalens import BrokenStreamError, LensClient, SweepCell, SweepResult, directions, interventions, metrics
from stratalens._assembly.sweep import SweepAssembler
from stratalens.interventions import Intervention
from stratalens.places import ReadPoint
from stratalens.v1 import lens_pb2, lens_service_pb2

ITALY = "The capital of Italy is"
ROME = metrics.logit_difference(" Rome", " Paris")


def test_a_patch_moves_the_answer_and_only_what_it_can_reach(lens: LensClient) -> None:
    patch = interventions.replace_from(ITALY, layers=2, positions=4)
    kl = metrics.kl_from_unchanged()
    result = lens.analyze(PROMPT, interventions=patch, effect=[ROME, metrics.log_probability(" Rome"), kl], unchanged=True)
    assert result.final_top[5].token.text == " Rome"
    plain = lens.analyze(PROMPT)
    np.testing.assert_array_equal(result.unchanged.top_k.ids.values, plain.top_k.ids.values)
    difference, rome, divergence = result.effect.metrics
    assert difference.metric == ROME
    assert difference.unchanged < -5
    assert difference.changed > 5
    assert rome.changed > -0.01
    assert divergence.unchanged == 0
    assert divergence.changed > 5
    assert repr(result.effect).startswith("<reaches 15 cells; logit of ' Rome' minus that of ' Paris': -1")
    assert result.effect.reaches(ReadPoint(9, "block-output"), 5)
    assert not result.effect.reaches(ReadPoint(9, "block-output"), 3)
    assert not result.effect.reaches(ReadPoint(1, "block-output"), 5)
    assert result.effect.largest_unreached_difference == 0


@pytest.mark.parametrize(
    "change",
    [
        interventions.replace_from(None, source_positions=1, layers=8, positions=-1),
        interventions.add(directions.token(" Rome"), share=1, largest_share=0.9, layers=9, positions=-1),
        interventions.add(directions.token(" Rome", lens="tuned"), factor=30, layers=5, positions=-1),
        interventions.add(directions.vector(np.linspace(-1, 1, 192)), factor=3, layers=5),
        interventions.add(directions.difference([ITALY], [PROMPT, "In France, people"]), share=1, layers=5, positions=-1),
        interventions.project_out(directions.token(" Paris"), layers=slice(6, None)),
        interventions.swap(directions.token(" Paris"), directions.token(" Rome"), layers=8, positions=-1),
        interventions.set_zero(site="feed-forward-output", skip_first_token=True),
        interventions.set_zero(site="attention-heads", heads=[0, 1]),
        interventions.set_mean([ITALY, "The capital of Spain is"], mean_positions=-1, layers=8, positions=-1),
        interventions.set_vector(np.ones(192), layers=3),
        interventions.scale(0.5, layers=range(4, 8)),
        interventions.skip_block(layers=7),
    ],
    ids=lambda change: f"{change.WhichOneof('operation')}-{change.rows.site}",
)
def test_each_operation_is_done(lens: LensClient, change: Intervention) -> None:
    result = lens.analyze(PROMPT, interventions=[change], effect=metrics.kl_from_unchanged(), positions=-1)
    assert result.effect.metrics[0].changed > 1e-4


def test_several_act_in_order(lens: LensClient) -> None:
    steps = [interventions.scale(0, layers=9), interventions.add(directions.token(" Rome"), factor=1, layers=9)]
    first = lens.analyze(PROMPT, interventions=steps, positions=-1)
    second = lens.analyze(PROMPT, interventions=reversed(steps), positions=-1)
    assert first.final_top[5].token.text == " Rome"
    assert second.entropy[9, -1] > 7  # a row of zeros says nothing


def test_texts_of_sources_are_tokenized_as_the_prompt(lens: LensClient) -> None:
    patch = interventions.replace_from(ITALY, layers=2, positions=3)
    result = lens.analyze(PROMPT, special_tokens=False, interventions=patch, effect=ROME)
    plain = [token.id for token in lens.tokenize(ITALY, special_tokens=False)]
    by_ids = interventions.replace_from(plain, layers=2, positions=3)
    same = lens.analyze(PROMPT, special_tokens=False, interventions=by_ids, effect=ROME)
    assert result.effect.metrics[0].changed == pytest.approx(same.effect.metrics[0].changed, abs=1e-4)
    assert patch.replace_from.source.omit_special_tokens is False  # the caller's own is as it was


def test_a_batch_is_changed_as_single_analyses(lens: LensClient) -> None:
    patch = interventions.set_zero(site="feed-forward-output", layers=7)
    asked: dict[str, Any] = {"interventions": patch, "unchanged": True, "positions": -1}
    for item in lens.batch([PROMPT, ITALY], **asked):
        alone = lens.analyze(item.prompt, **asked)
        np.testing.assert_array_equal(item.result.top_k.ids.values, alone.top_k.ids.values)
        np.testing.assert_array_equal(item.result.unchanged.top_k.ids.values, alone.unchanged.top_k.ids.values)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: interventions.add(directions.token("x")), "factor"),
        (lambda: interventions.add(directions.token("x"), factor=1, share=1), "factor"),
        (lambda: interventions.scale(1, site="middle"), "no site 'middle'"),
        (lambda: interventions.scale(1, heads=1), "attention-heads"),
        (lambda: interventions.scale(1, generated="all"), "none, also, only"),
        (lambda: directions.token(stratalens.NEXT_TOKEN), "each position"),
        (lambda: directions.vector([[1.0]]), "one row"),
        (lambda: directions.vector([1.0, float("nan")]), "number 1 of the vector"),
        (lambda: directions.difference([], "x"), "a prompt or more"),
    ],
)
def test_what_cannot_be_is_refused_at_once(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_an_unknown_name_of_rows_is_refused() -> None:
    with pytest.raises(TypeError, match="skip_first_token"):
        interventions.scale(1, layer=3)  # type: ignore[call-arg]


def test_signatures_name_the_rows() -> None:
    assert {"factor", "share", "layers", "positions"} <= set(inspect.signature(interventions.add).parameters)
    assert "skip_first_token: whether" in (inspect.getdoc(interventions.add) or "")


def test_an_effect_needs_an_intervention(lens: LensClient) -> None:
    with pytest.raises(ValueError, match="needs an intervention"):
        lens.analyze(PROMPT, unchanged=True)
    with pytest.raises(TypeError, match=r"expected an intervention, which stratalens\.interventions makes, not 'zero'"):
        lens.analyze(PROMPT, interventions=["zero"])  # type: ignore[list-item]


def test_what_was_not_asked_is_named(lens: LensClient) -> None:
    result = lens.analyze(PROMPT)
    with pytest.raises(KeyError, match="effect=True"):
        _ = result.effect
    with pytest.raises(KeyError, match="unchanged=True"):
        _ = result.unchanged


def test_a_sweep_finds_where_a_fact_is(lens: LensClient) -> None:
    sweep = lens.sweep(PROMPT, interventions.replace_from(ITALY), ROME, progress=True)
    assert sweep.layers == tuple(range(10))
    assert sweep.positions == tuple(range(6))
    assert sweep.source is not None
    assert sweep.values[9, -1] == pytest.approx(sweep.source, abs=1e-3)
    np.testing.assert_allclose(sweep.change.values[:, :4], 0, atol=1e-4)
    assert sweep.change[0, 4] > 10
    assert sweep.largest == (9, 5)
    one = lens.analyze(PROMPT, interventions=interventions.replace_from(ITALY, layers=2, positions=4), effect=ROME)
    assert sweep.values[2, 4] == pytest.approx(one.effect.metrics[0].changed, abs=1e-3)
    table = sweep.to_pandas()
    assert list(table.columns) == ["layer", "position", "token", "value", "change"]
    row = table[(table.layer == 2) & (table.position == 4)].iloc[0]
    assert row.token == " France"
    assert row.value == sweep.values[2, 4]
    assert sweep.to_arrow().num_rows == 60
    assert "layer 9, position 5 '·is'" in repr(sweep)


def test_cells_are_those_of_the_sweep(lens: LensClient) -> None:
    stream = lens.sweep_stream(PROMPT, interventions.replace_from(ITALY), ROME)
    assert "not read yet" in repr(stream)
    cells = list(stream)
    sweep = stream.result
    assert sorted((cell.layer, cell.position) for cell in cells) == list(itertools.product(sweep.layers, sweep.positions))
    for cell in cells:
        assert cell.head is None
        assert cell.token == sweep.tokens[cell.position]
        assert cell.value == sweep.values[cell.layer, cell.position]
        assert cell.change == sweep.change[cell.layer, cell.position]
    with pytest.raises(RuntimeError, match="read once"):
        stream.read()


def test_cells_come_while_the_server_works_and_to_leave_the_loop_stops_it(lens: LensClient) -> None:
    states: list[lens_pb2.Progress] = []
    stream = lens.sweep_stream(LONG, interventions.set_zero(), metrics.logit(" the"), on_progress=states.append)
    for _ in stream:
        assert lens.models()[0].request_count == 1
        if states and states[-1].done:
            break
    assert 0 < states[-1].done < states[-1].total == 10 * len(lens.tokenize(LONG))
    await_idle(lens)
    with pytest.raises(RuntimeError, match="not read to its end"):
        _ = stream.result


def test_a_sweep_that_promises_more_cells_than_can_be_kept_is_refused() -> None:
    assembler = SweepAssembler(lens_service_pb2.SweepRequest(by_head=True))
    numbers = range(50_000)
    header = lens_service_pb2.SweepHeader(token_count=1, layers=numbers, positions=[0], heads=numbers)
    header.model.vocabulary_size = 10
    assembler.add(lens_service_pb2.SweepEvent(header=header))
    prompt = lens_pb2.PromptChunk(token_ids=[4], positions=[lens_pb2.IndexRange(first=0, last=0, stride=1)])
    prompt.new_tokens.ids.append(4)
    prompt.new_tokens.texts.append(b"a")
    with pytest.raises(BrokenStreamError, match="promises 2500000000 cells, more than can be kept"):
        assembler.add(lens_service_pb2.SweepEvent(prompt_chunk=prompt))


def test_an_event_loop_reads_cells_of_heads(lens: LensClient) -> None:
    heads = interventions.set_zero(site="attention-heads", layers=[6, 7], positions=[1, -1])

    async def cells() -> tuple[list[SweepCell], SweepResult]:
        stream = lens.sweep_stream(PROMPT, heads, metrics.logit(" Paris"), by_head=True)
        return [cell async for cell in stream], stream.result

    came, sweep = asyncio.run(cells())
    assert len(came) == sweep.values.values.size
    assert all(cell.value == sweep.values[cell.layer, cell.position, cell.head] for cell in came)


def test_a_sweep_of_heads(lens: LensClient) -> None:
    heads = interventions.set_zero(site="attention-heads", layers=[6, 7], positions=-1)
    sweep = asyncio.run(lens.sweep_async(PROMPT, heads, metrics.logit(" Paris"), by_head=True, request_id="heads"))
    assert sweep.layers == (6, 7)
    assert sweep.values.shape == (2, 1, len(sweep.heads))
    layer, position, head = sweep.largest
    assert abs(sweep.change[layer, position, head]) == np.abs(sweep.change.values).max()
    one = interventions.set_zero(site="attention-heads", layers=layer, positions=position, heads=head)
    alone = lens.analyze(PROMPT, interventions=one, effect=metrics.logit(" Paris"))
    assert sweep.values[layer, position, head] == pytest.approx(alone.effect.metrics[0].changed, abs=1e-3)
    (axes, *_) = sweep.plot().axes
    assert [label.get_text() for label in axes.get_xticklabels()] == [f"head {each}" for each in sweep.heads]


def test_a_figure_of_a_sweep(lens: LensClient) -> None:
    sweep = lens.sweep(PROMPT, interventions.replace_from(ITALY, layers=range(3)), ROME)
    (axes, *_) = sweep.plot().axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["<|begin|>", "The", "·capital", "·of", "·France", "·is"]
    assert len(axes.texts) == 18
    assert "-0.0" not in [text.get_text() for text in axes.texts]
    assert axes.images[0].get_clim()[0] == -axes.images[0].get_clim()[1]
