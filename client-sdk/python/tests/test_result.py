"""Results of a real server."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import PROMPT

from stratalens import FINAL_TOP, NEXT_TOKEN, LensClient, LensResult


def test_arrays_are_by_layer_and_position(result: LensResult) -> None:
    assert result.layers == (-1, *range(10))
    assert result.positions == tuple(range(6))
    assert result.entropy.shape == (11, 6)
    assert result.entropy[-1, 0] == result.entropy.values[0, 0]
    assert result.entropy[9, -1] == result.entropy.values[10, 5]
    np.testing.assert_array_equal(result.entropy[:, 5], np.asarray(result.entropy)[:, 5])
    np.testing.assert_array_equal(result.entropy[0:3, [1, -1]], result.entropy.values[1:4][:, [1, 5]])
    np.testing.assert_array_equal(result.entropy[9], result.entropy.values[10])


def test_what_is_not_there_is_named(result: LensResult, lens: LensClient) -> None:
    with pytest.raises(IndexError, match=r"layer 10 was not asked for; this result has -1 .. 9"):
        result.entropy[10, 0]
    with pytest.raises(TypeError, match="position: expected an index, several, or a slice, not 'France'"):
        result.entropy[9, "France"]
    small = lens.analyze(PROMPT, positions=[1, -1], statistics=(), targets=" Paris", trajectories=False)
    assert small.positions == (1, 5)
    with pytest.raises(IndexError, match=r"position 2 was not asked for; this result has 1, 5"):
        small.top_k[0, 2]
    with pytest.raises(IndexError, match=r"layer -1 .*0 .. 9; -1 is the embedding, not the last layer"):
        small.top_k[-1, 1]
    for ask, words in (
        (lambda: small.ranks["Paris"], "this result has ' Paris'; ' Paris' begins with a space"),
        (lambda: small.target_log_probs[7], r"target 7 was not asked for; give targets=\[…\]"),
        (lambda: small.entropy, r"statistics=\['entropy'"),
        (lambda: small.trajectories(-1), "trajectories=False"),
        (lambda: small.attribution, "attribution=True"),
        (lambda: small.through("raw"), "this result has logit"),
        (lambda: small.at_site("attention-output"), "sites="),
    ):
        with pytest.raises(KeyError, match=words):
            ask()


def test_arithmetic_gives_plain_numbers(result: LensResult) -> None:
    entropy = result.entropy.values
    np.testing.assert_array_equal(result.entropy - result.through("raw").entropy, entropy - result.through("raw").entropy.values)
    np.testing.assert_array_equal(np.exp(-result.entropy), np.exp(-entropy))
    np.testing.assert_array_equal(result.entropy > 1, entropy > 1)
    assert np.mean(result.entropy) == entropy.mean()
    with pytest.raises(AttributeError, match=r"the numbers alone have it: values\.mean"):
        result.entropy.mean()  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no 'averages'$"):
        result.entropy.averages()  # type: ignore[attr-defined]


def test_the_demo_model_knows_the_capital(result: LensResult) -> None:
    best = result.top_k[9, -1][0]
    assert best.token.text == " Paris"
    assert best.probability > 0.99
    assert repr(best) == "' Paris' 99.9%"
    assert result.final_top[5].token == best.token
    assert result.crystallization_layer(-1) == 6
    assert result.token(best.token.id).display == "·Paris"
    assert "' Paris' 99.9%" in repr(result)


def test_ranks_and_targets(result: LensResult) -> None:
    assert result.ranks[" Paris"][9, -1] == 1
    assert result.ranks[NEXT_TOKEN][9, -1] == 0
    assert np.isnan(result.target_log_probs[NEXT_TOKEN][9, -1])
    assert (result.ranks[FINAL_TOP][9] == 1).all()
    assert result.info.targets[3].tokens[0].id == 5
    is_id = result.tokens[-1].id
    assert result.info.targets[1].ids[-2:] == (is_id, None)


def test_a_target_of_several_tokens_is_named_with_the_one_that_is_followed(lens: LensClient) -> None:
    result = lens.analyze(PROMPT, targets=["Paris", " Paris", 7, NEXT_TOKEN])
    assert "targets 'Paris' (its first token 'P'), ' Paris', id:7, next; ends" in repr(result)
    (axes, *_) = result.plot("ranks", position=0).axes
    assert [line.get_label() for line in axes.lines][:2] == ["'Paris' (its first token 'P')", "' Paris'"]


def test_columns_agree_with_each_other(result: LensResult) -> None:
    margins = np.diff(-result.top_k.log_probs.values[..., :2]).squeeze(-1)
    np.testing.assert_allclose(result.margin.values, margins, atol=2e-3, rtol=2e-3)
    np.testing.assert_allclose(result.kl_from_final[9], 0, atol=1e-6)
    assert np.isnan(result.kl_from_next[9]).all()
    assert not np.isnan(result.kl_from_next[8]).any()
    known = result.cross_entropy[:, :5]
    np.testing.assert_allclose(known, -result.target_log_probs[NEXT_TOKEN][:, :5], rtol=1e-6)


def test_compact_numbers_are_within_the_stated_error(lens: LensClient) -> None:
    compact = lens.analyze(PROMPT, targets=[" Rome"])
    exact = lens.analyze(PROMPT, targets=[" Rome"], exact=True)
    assert (compact.top_k.ids.values == exact.top_k.ids.values).all()
    pairs = [
        (compact.numbers[0].log_probs, exact.numbers[0].log_probs, 0.0005),
        (compact.numbers[0].target_log_probs, exact.numbers[0].target_log_probs, 0.0005),
        (compact.entropy.values, exact.entropy.values, 0.0005),
        (compact.numbers[0].tracked[5].log_probs, exact.numbers[0].tracked[5].log_probs, 0.002),
    ]
    for ours, theirs, error in pairs:
        assert (np.abs(ours - theirs) <= error * (1 + np.abs(theirs)) + 1e-6).all()


def test_trajectories_hold_the_top_tokens(result: LensResult) -> None:
    tracked = result.trajectories(-1)
    paris = result.top_k[9, -1][0].token
    np.testing.assert_allclose(tracked[paris], result.target_log_probs[" Paris"][:, -1], rtol=1e-6)
    tops = {each.token for layer in range(10) for each in result.top_k[layer, -1]}
    assert tops <= set(tracked)


def test_lenses_and_sites_are_views(result: LensResult) -> None:
    raw = result.through("raw")
    assert raw.lens == "raw"
    assert raw.entropy[9, -1] != result.entropy[9, -1]
    inside = result.at_site("attention_output")
    assert inside.layers == tuple(range(10))
    assert inside.read_points[3].site == "attention-output"
    assert inside.through("raw").read_points == inside.read_points


def test_without_layers_the_first_site_is_seen(lens: LensClient) -> None:
    inside = lens.analyze(PROMPT, sites=["feed-forward-output", "attention-output"], positions=-1)
    assert inside.layers == tuple(range(10))
    assert {point.site for point in inside.read_points} == {"attention-output"}
    assert inside.entropy.shape == (10, 1)


def test_a_fitted_lens_has_some_of_the_layers(lens: LensClient) -> None:
    both = lens.analyze(PROMPT, lenses=["tuned", "logit"], sites=["attention-output", "block-output"], positions=-1)
    assert both.lenses == ("tuned", "logit")
    assert both.at_site("block-output").layers == both.through("logit").layers
    with pytest.raises(KeyError, match="was not read"):
        both.at_site("attention-output")
    assert both.info.coverage[0].decodes_last_block_as_model


def test_the_attribution_adds_up(result: LensResult) -> None:
    attribution = result.attribution
    assert attribution.parts[0].site == "embedding"
    assert repr(attribution).startswith("<shares of 21 parts in 4 targets at 6 positions; logits are their sums within ")
    difference = np.abs(attribution.sums - attribution.logits)
    assert np.nanmax(difference) <= attribution.largest_difference + 1e-4
    paris = attribution.shares[:, 5, 0]
    assert np.isfinite(paris).all()
    heads = attribution.heads[6]
    of_attention = next(at for at, part in enumerate(attribution.parts) if part.block == 6 and part.site == "attention-output")
    np.testing.assert_allclose(heads[5, 0].sum(), attribution.shares[of_attention, 5, 0], atol=1e-3)
    assert np.isnan(attribution.logits[5, 1])  # no token follows the last


def test_ids_and_parts_of_characters(lens: LensClient) -> None:
    by_text = lens.analyze("国 é", trajectories=False)
    ids = [token.id for token in by_text.tokens]
    by_ids = lens.analyze(ids, trajectories=False)
    assert by_ids.prompt is None
    np.testing.assert_array_equal(by_text.top_k.ids.values, by_ids.top_k.ids.values)
    assert lens.tokenize("国 é") == list(by_text.tokens)
    bytes_of_text = "国 é".encode()
    assert [token.text for token in by_text.tokens if token.start != token.end and bytes_of_text[token.start : token.end] == b" "]


def test_the_server_and_its_models(lens: LensClient) -> None:
    assert lens.server().api_version == "stratalens.v1"
    assert lens.load().name == "demo"
    (model,) = lens.models()
    assert model.description.block_count == 10
