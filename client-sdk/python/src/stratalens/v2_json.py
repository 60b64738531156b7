"""Version 2 of the format of the widget of logitlenskit: texts in place of ids, probabilities with five decimals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np

from stratalens.tokens import Token

if TYPE_CHECKING:
    from stratalens.result import LensResult


def to_json(result: LensResult) -> str:
    return json.dumps(to_v2(result), ensure_ascii=False)


def to_v2(result: LensResult) -> dict[str, Any]:
    """The file as dictionaries and lists. An additional key, ``ids``, has the id of each text."""
    if not result.info.has_trajectories or result.summary.omitted_trajectories > 0:
        raise ValueError("V2 JSON needs the trajectories of all tracked tokens; ask with trajectories=True")
    if result.info.candidates is not None:
        raise ValueError(
            f"V2 JSON has the most likely tokens, and these predictions are {result.info.candidates}; ask without candidates"
        )
    names = unique_names(result.vocabulary)
    blocks = [layer for layer in result.layers if layer >= 0]
    rows = [row for row, layer in enumerate(result.layers) if layer >= 0]
    lens = {"lens": result.lens} if len(result.lenses) > 1 else {}
    top_k = result.top_k.ids.values
    return {
        "meta": {
            "version": 2,
            "model": result.info.model.name,
            "timestamp": datetime.now(timezone.utc).isoformat(),
        }
        | lens,
        "layers": blocks,
        "input": [result.tokens[position].text for position in result.positions],
        "topk": [[[names[token_id] for token_id in cell] for cell in top_k[row].tolist()] for row in rows],
        "tracked": [
            {
                names[token.id]: np.exp(log_probs[rows].astype(np.float64)).round(5).tolist()
                for token, log_probs in result.trajectories(position).items()
            }
            for position in result.positions
        ],
        "ids": {name: token_id for token_id, name in sorted(names.items())},
    }


def unique_names(vocabulary: Mapping[int, Token]) -> dict[int, str]:
    """The texts of the tokens. The widget tells tokens by their texts, so equal ones get their id as a suffix."""
    sharers = Counter(token.text for token in vocabulary.values())
    names = {}
    for token in vocabulary.values():
        name = token.text
        if sharers[name] > 1:
            name += f"#{token.id}"
            while name in sharers:
                name += f"#{token.id}"
        names[token.id] = name
    return names
