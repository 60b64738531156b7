"""Answers of Analyze to record: each by name, with what it shows, the prompt, and what is asked."""

from __future__ import annotations

from stratalens import FINAL_TOP, NEXT_TOKEN
from stratalens.request import Asked

PROMPT = "The capital of France is"
EVERY_STATISTIC = ("all", "kl-from-next", "cross-entropy")

RECORDED: dict[str, tuple[str, str | list[int], Asked]] = {
    "compact": (
        "numbers in compact form, all kinds of targets, all columns, trajectories",
        PROMPT,
        {"layers": [0, 5, 9], "targets": [NEXT_TOKEN, FINAL_TOP, " Paris", 5], "statistics": EVERY_STATISTIC},
    ),
    "exact": (
        "the same with numbers as float32",
        PROMPT,
        {"layers": [0, 9], "targets": [NEXT_TOKEN, FINAL_TOP, " Paris"], "statistics": EVERY_STATISTIC, "exact": True},
    ),
    "two-lenses": (
        "two lenses, the embedding, some of the positions, no columns",
        PROMPT,
        {
            "lenses": ["logit", "raw"],
            "sites": ["embedding", "block-output"],
            "layers": [4, 9],
            "positions": slice(0, None, 2),
            "statistics": (),
            "top_k": 2,
        },
    ),
    "fitted-lens": (
        "a fitted lens that does not have all read points, beside the logit lens",
        PROMPT,
        {
            "lenses": ["logit", "tuned"],
            "sites": ["attention-output", "block-output"],
            "layers": [3, 9],
            "top_k": 2,
            "positions": -1,
        },
    ),
    "sites": (
        "read points inside blocks",
        PROMPT,
        {"sites": ["attention-residual", "feed-forward-output"], "layers": [2], "targets": [" Paris"], "positions": [1, -1]},
    ),
    "attribution": (
        "direct attribution of two targets",
        PROMPT,
        {"targets": [" Paris", " Rome"], "attribution": True, "layers": [9], "positions": [-2, -1], "trajectories": False},
    ),
    "ids": (
        "a prompt of vocabulary ids",
        [0, 350, 7, 9],
        {"layers": [9], "targets": [NEXT_TOKEN], "top_k": 3, "request_id": "a request"},
    ),
    "parts-of-characters": (
        "tokens that are parts of characters, and white space",
        "né 国\t🙂\n",
        {"layers": [0, 9], "top_k": 3},
    ),
    "least-peak": (
        "trajectories below a least peak probability are left out, and counted",
        PROMPT,
        {"layers": [0, 5, 9], "trajectories": 0.2, "targets": [" Rome"]},
    ),
    "plain": (
        "neither targets nor trajectories, so cells may come before the model's own predictions",
        PROMPT,
        {"layers": [0, 9], "statistics": ["entropy"], "trajectories": False, "top_k": 3},
    ),
    "candidates": (
        "predictions that are likelier than after another block",
        PROMPT,
        {"layers": [4, 9], "candidates": "contrast:4", "top_k": 3, "positions": [4, 5], "statistics": ()},
    ),
    "word-candidates": (
        "predictions that are words, whatever is likelier",
        PROMPT,
        {"layers": [9], "candidates": "words", "top_k": 4, "trajectories": False, "statistics": ()},
    ),
}
