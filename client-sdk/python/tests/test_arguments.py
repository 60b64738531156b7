"""What a caller gives that cannot be: each error names the option, what was given, and what is allowed. No server is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from conftest import PROMPT

import stratalens
from stratalens import Chat, LensClient, Sampling, directions, interventions, metrics

ZERO = interventions.set_zero()
PARIS = metrics.logit(" Paris")


@pytest.fixture(scope="module")
def nobody() -> Iterator[Any]:
    """A client of nothing, without types."""
    with stratalens.connect("localhost:1") as client:
        yield client


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda lens: lens.analyze(3), "prompt: expected a text, a list of vocabulary ids, or a Chat, not 3"),
        (lambda lens: lens.analyze(b"The"), "prompt: expected a text, .* not b'The'"),
        (lambda lens: lens.analyze(["The", "One"]), r"these are several prompts; batch\(…\) takes them"),
        (lambda lens: lens.analyze([1.0, 2.0]), "token id: expected a whole number, not 1.0"),
        (lambda lens: lens.analyze([1, -1]), "token id -1 is outside 0"),
        (lambda lens: lens.analyze(np.ones((1, 3), np.int64)), r"shape \(1, 3\); give one row, such as ids\[0\]"),
        (lambda lens: lens.analyze({"input_ids": [1]}), r"Chat\(.* and ids as a list"),
        (lambda lens: lens.analyze([{"role": "user", "content": "Hi"}]), r"a chat is given as Chat\("),
        (lambda lens: lens.analyze(Chat([{"role": "user"}])), r"message of a chat: expected \{'role'.* not \{'role': 'user'\}"),  # type: ignore[typeddict-item]
        (lambda lens: lens.analyze(Chat([], template_arguments={"a": {1}})), "template_arguments: expected values of JSON"),
        (lambda lens: lens.analyze(Chat("Hi")), "message of a chat"),  # type: ignore[arg-type]
        (lambda lens: lens.analyze(PROMPT, tpo_k=3), r"analyze\(\) has no option 'tpo_k'; did you mean 'top_k'\? It has timeout"),
        (lambda lens: lens.analyze(PROMPT, k=3), r"no option 'k'; it has .*top_k"),
        (lambda lens: lens.analyze(PROMPT, top_k="3"), "top_k: expected a whole number, not '3'"),
        (lambda lens: lens.analyze(PROMPT, top_k=True), "top_k: expected a whole number, not True"),
        (lambda lens: lens.analyze(PROMPT, layers="all"), "layers: expected an index, a range or a slice, or several, not 'all'"),
        (lambda lens: lens.analyze(PROMPT, layers=True), "layers: .* not True"),
        (lambda lens: lens.analyze(PROMPT, positions=[1.0]), "positions: expected an index, .* not 1.0"),
        (lambda lens: lens.analyze(PROMPT, targets=1.5), "targets: expected a word, a vocabulary id, .* or several, not 1.5"),
        (lambda lens: lens.analyze(PROMPT, targets=[None]), "target: expected a word, .* not None"),
        (lambda lens: lens.analyze(PROMPT, lenses=1), "lenses: expected a text, not 1"),
        (lambda lens: lens.analyze(PROMPT, sites=[1]), "sites: expected a text, not 1"),
        (lambda lens: lens.analyze(PROMPT, statistics=[1]), "statistics: expected a text, not 1"),
        (lambda lens: lens.analyze(PROMPT, candidates=1), "candidates: expected a text, not 1"),
        (lambda lens: lens.analyze(PROMPT, trajectories="yes"), "trajectories: expected True, False, or the least peak"),
        (lambda lens: lens.analyze(PROMPT, interventions="zero"), "interventions: expected an intervention, .* not 'zero'"),
        (
            lambda lens: lens.analyze(PROMPT, interventions=interventions.set_zero),
            "interventions: .* not <function set_zero|<function",
        ),
        (lambda lens: lens.analyze(PROMPT, interventions=ZERO, effect="kl"), "effect: expected a metric, .* not 'kl'"),
        (lambda lens: lens.analyze(PROMPT, interventions=ZERO, effect=["kl"]), "effect: expected a metric, .* not 'kl'"),
        (lambda lens: lens.analyze(PROMPT, model=3), "model: expected a text, not 3"),
        (lambda lens: lens.analyze(PROMPT, request_id=3), "request_id: expected a text, not 3"),
        (lambda lens: lens.analyze(PROMPT, timeout=0), "timeout 0 is not above 0 seconds"),
        (lambda lens: lens.analyze(PROMPT, timeout="1"), "timeout: expected a number, not '1'"),
        (lambda lens: lens.batch("The"), "prompts: expected several prompts; give a list, .* not 'The'"),
        (lambda lens: lens.batch(Chat([])), "prompts: expected several prompts"),
        (lambda lens: lens.batch(None), "prompts: expected several prompts"),
        (
            lambda lens: lens.sweep(PROMPT, [ZERO], PARIS),
            r"intervention: expected one of stratalens\.interventions, not \[rows \{ site",
        ),
        (lambda lens: lens.sweep(PROMPT, ZERO, " Paris"), "metric: expected a metric, .* not ' Paris'"),
        (lambda lens: lens.sweep_stream(PROMPT, PARIS, ZERO), "intervention: expected one of"),
        (
            lambda lens: lens.generate(PROMPT, temperature=1),
            r"generate\(\) has no option 'temperature'; it has max_tokens, sampling",
        ),
        (lambda lens: lens.generate(PROMPT, sampling=0.7), r"sampling: expected a Sampling, such as Sampling\(temperature=0.8\)"),
        (lambda lens: lens.generate(PROMPT, max_tokens="3"), "max_tokens: expected a whole number, not '3'"),
        (lambda lens: lens.generate(PROMPT, forced=" Rome"), "forced: expected a vocabulary id, or several, not ' Rome'"),
        (lambda lens: lens.generate(PROMPT, stop_texts=[1]), "stop_texts: expected a text, not 1"),
        (lambda lens: lens.render("Hi"), r"chat: expected Chat\("),
        (lambda lens: stratalens.collect_logit_lens(PROMPT, "demo"), r"model: expected a client, such as stratalens\.local"),  # type: ignore[arg-type]
        (lambda lens: Sampling(temperature="hot"), "temperature: expected a number, not 'hot'"),  # type: ignore[arg-type]
        (lambda lens: interventions.scale("2"), "factor: expected a number, not '2'"),  # type: ignore[arg-type]
        (lambda lens: interventions.add(" Rome", share=1), r"direction: expected directions\.token\(' Rome'\), not ' Rome'"),  # type: ignore[arg-type]
        (lambda lens: interventions.replace_from(3), "prompt: expected a text"),  # type: ignore[arg-type]
        (lambda lens: directions.vector("x"), "vector: expected one row of numbers, not 'x'"),
        (lambda lens: stratalens.connect(50061), "target: expected a text, not 50061"),  # type: ignore[arg-type]
        (lambda lens: stratalens.connect(":50061"), "has no host and port; give host:port"),
        (lambda lens: stratalens.connect("localhost:99999"), "port 99999 is outside 1 .. 65535"),
        (lambda lens: stratalens.connect("https://a.example:443/"), "is a URL; give host:port, here 'a.example:443'"),
        (lambda lens: stratalens.connect("a:1", tls="ca.pem"), r"tls: expected True, False, or TLS\(authority='ca.pem'\)"),  # type: ignore[arg-type]
        (lambda lens: stratalens.connect("a:1", key=3), "key: expected a text, or a function that gives it"),  # type: ignore[arg-type]
        (lambda lens: stratalens.connect("a:1", timeout=-1), "timeout -1 is not above 0 seconds"),
    ],
)
def test_it_is_named_with_the_remedy(nobody: LensClient, ask: Callable[[Any], object], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        ask(nobody)


def test_integers_of_numpy_are_integers(lens: LensClient) -> None:
    result = lens.analyze(np.array([0, 305]), targets=np.array([3, 5]), layers=np.int64(2), positions=np.arange(2), top_k=3)
    assert result.layers == (2,)
    assert list(result.ranks) == [3, 5]
    assert result.top_k.ids.shape == (1, 2, 3)
