"""The tools that can be measured. Importing this package imports none of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToolFacts:
    environment: str  # the directory under environments/
    distribution: str  # the installed package whose version is the tool's
    module: str  # the module here with the class Tool
    outputs: str  # what the caller gets, and does not


TOOLS = {
    "logitlenskit": ToolFacts(
        "logitlenskit",
        "logitlenskit",
        "tools.logitlenskit",
        "top-k and trajectories, no entropy, KL or rank",
    ),
    "transformer-lens-recipe": ToolFacts(
        "transformer-lens",
        "transformer-lens",
        "tools.transformer_lens_recipe",
        "top-k, no trajectories, entropy, KL or rank",
    ),
    "transformer-lens": ToolFacts(
        "transformer-lens",
        "transformer-lens",
        "tools.transformer_lens",
        "top-k and entropy (the embedding's too), no trajectories, KL or rank",
    ),
    "tuned-lens": ToolFacts(
        "tuned-lens",
        "tuned-lens",
        "tools.tuned_lens",
        "all log-probabilities (the embedding's too) and top-k, no trajectories, entropy, KL or rank",
    ),
    "naive-transformers": ToolFacts(
        "base",
        "transformers",
        "tools.naive_transformers",
        "top-k, no trajectories, entropy, KL or rank",
    ),
    "hand-optimized-torch": ToolFacts(
        "base",
        "torch",
        "tools.hand_optimized_torch",
        "top-k and trajectories, no entropy, KL or rank",
    ),
}
