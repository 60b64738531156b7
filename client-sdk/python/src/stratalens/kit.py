"""The call of logitlenskit, over a server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from stratalens.arguments import of_kind
from stratalens.client import LensClient
from stratalens.request import Asked


def collect_logit_lens(
    prompt: str,
    model: LensClient | tuple[LensClient, str],
    k: int = 5,
    layers: Iterable[int] | None = None,
) -> dict[str, Any]:
    """What ``logitlenskit.collect_logit_lens`` returns, with numpy arrays in place of tensors.

    model: a client; or a client with the name of one of its models.
    layers: blocks to read; by default all.

    Returns ``model``, ``input`` (texts of the tokens), ``layers``, ``topk`` (ids, [layers, positions, k]), and by position
    ``tracked`` (the ids that are in a top k there, ascending) and ``probs`` (their probabilities, [layers, tracked]); ``vocab`` has
    the texts of the ids.
    """
    client, name = model if isinstance(model, tuple) else (model, "")
    of_kind("model", client, LensClient, "a client, such as stratalens.local('demo'), or one with the name of a model")
    asked: Asked = {"model": name, "top_k": k, "statistics": (), "exact": True}
    if layers is not None:
        asked["layers"] = list(layers)
    result = client.analyze(prompt, **asked)
    of_lens = result.numbers[0]
    used = {int(each) for each in of_lens.ids.flatten()}
    return {
        "model": result.info.model.name,
        "input": [token.text for token in result.tokens],
        "layers": list(result.layers),
        "topk": of_lens.ids,
        "tracked": [tracked.ids for tracked in of_lens.tracked],
        "probs": [np.exp(tracked.log_probs.T) for tracked in of_lens.tracked],
        "vocab": {token_id: result.token(token_id).text for token_id in sorted(used)},
    }
