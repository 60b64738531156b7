"""Changes to the forward pass: one operation at rows of a site, in some blocks, at some positions.

>>> from stratalens import interventions
>>> patch = interventions.replace_from("The capital of Italy is", layers=2, positions=4)
>>> lens.analyze("The capital of France is", interventions=[patch], unchanged=True)

Each function makes an intervention. ``Rows`` says which rows; by default all layers, at all positions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from numpy.typing import ArrayLike

from stratalens.arguments import number, of_kind, several, text
from stratalens.directions import Direction, checked, floats, mean_rows
from stratalens.indexes import Indexes, head_ranges, layer_ranges, position_ranges
from stratalens.keywords import naming
from stratalens.places import ATTENTION_HEADS, BLOCK_OUTPUT, site_number
from stratalens.prompts import Prompt, prompt_message
from stratalens.v1 import intervention_pb2, lens_pb2

if TYPE_CHECKING:
    from typing_extensions import Unpack

Intervention = intervention_pb2.Intervention
"""An intervention, as the contract has it."""

_GENERATED = {
    "none": intervention_pb2.GENERATED_TOKENS_UNSPECIFIED,
    "also": intervention_pb2.GENERATED_TOKENS_ALSO,
    "only": intervention_pb2.GENERATED_TOKENS_ONLY,
}


class Rows(TypedDict, total=False):
    """Rows that an intervention changes. Each has a default, which None stands for.

    site: where: ``"block-output"`` (the default), another site that a lens can read, or ``"attention-heads"``: the outputs of heads
        before the output projection.
    layers: blocks; by default all that have the site.
    positions: tokens of the prompt; by default all. -1 is the last.
    heads: attention heads, for ``"attention-heads"``; by default all.
    skip_first_token: whether the prompt's first token is left out, where many models keep something else than the token.
    generated: which tokens of a generation: ``"none"`` (the default), ``"also"``: all, and those of the prompt, or ``"only"``.
    """

    site: str | None
    layers: Indexes | None
    positions: Indexes | None
    heads: Indexes | None
    skip_first_token: bool | None
    generated: str | None


@naming(Rows)
def replace_from(
    source: Prompt | None,
    *,
    source_layer: int | None = None,
    source_positions: Indexes | None = None,
    **rows: Unpack[Rows],
) -> Intervention:
    """Each row becomes one of a pass over another prompt: activation patching, or a patchscope.

    source: the prompt; None = the request's own.
    source_layer: block of the source row; None = that of the changed row.
    source_positions: of the source prompt: one for all changed rows, or one for each, in order; None = the same positions.
    """
    replace = intervention_pb2.ReplaceFrom(
        source=None if source is None else prompt_message(source),
        layer=source_layer,
        positions=position_ranges(source_positions),
    )
    return Intervention(rows=_rows(rows), replace_from=replace)


@naming(Rows)
def add(
    direction: Direction,
    *,
    factor: float | None = None,
    share: float | None = None,
    largest_share: float | None = None,
    **rows: Unpack[Rows],
) -> Intervention:
    """Adds a direction to each row: ``factor`` times, or with ``share`` so long that it has this share of the length of the row.

    largest_share: the most that may be added, as a share of the length of the row.
    """
    if (factor is None) == (share is None):
        raise ValueError("give either factor=…, how many times the direction is added, or share=…, as a share of the row's length")
    added = intervention_pb2.AddDirection(
        direction=checked(direction),
        factor=None if factor is None else number("factor", factor),
        share_of_length=None if share is None else number("share", share),
        largest_share=None if largest_share is None else number("largest_share", largest_share),
    )
    return Intervention(rows=_rows(rows), add=added)


@naming(Rows)
def project_out(direction: Direction, **rows: Unpack[Rows]) -> Intervention:
    """Takes the part along a direction away."""
    return Intervention(rows=_rows(rows), project_out=intervention_pb2.ProjectOut(direction=checked(direction)))


@naming(Rows)
def swap(one: Direction, other: Direction, **rows: Unpack[Rows]) -> Intervention:
    """Moves the part along one direction to another."""
    return Intervention(rows=_rows(rows), swap=intervention_pb2.SwapDirections(to=checked(other), **{"from": checked(one)}))


@naming(Rows)
def set_zero(**rows: Unpack[Rows]) -> Intervention:
    """Sets rows to zeros. At the output of a branch, it adds nothing."""
    return Intervention(rows=_rows(rows), set=intervention_pb2.SetRow(zero=intervention_pb2.ZeroRow()))


@naming(Rows)
def set_mean(prompts: Prompt | Iterable[Prompt], *, mean_positions: Indexes | None = None, **rows: Unpack[Rows]) -> Intervention:
    """Sets rows to the mean of rows of passes over prompts, at the same site and block.

    mean_positions: of each prompt; None = all.
    """
    return Intervention(rows=_rows(rows), set=intervention_pb2.SetRow(mean=mean_rows(prompts, mean_positions)))


@naming(Rows)
def set_vector(values: ArrayLike, **rows: Unpack[Rows]) -> Intervention:
    """Sets rows to a vector."""
    vector = intervention_pb2.StreamVector(values=floats(values))
    return Intervention(rows=_rows(rows), set=intervention_pb2.SetRow(vector=vector))


@naming(Rows)
def scale(factor: float, **rows: Unpack[Rows]) -> Intervention:
    """Multiplies rows."""
    return Intervention(rows=_rows(rows), scale=intervention_pb2.ScaleRow(factor=number("factor", factor)))


@naming(Rows)
def skip_block(**rows: Unpack[Rows]) -> Intervention:
    """Leaves blocks out: their rows leave them as they entered."""
    return Intervention(rows=_rows(rows), skip_block=intervention_pb2.SkipBlock())


def interventions_of(given: Intervention | Iterable[Intervention], special_tokens: bool) -> list[Intervention]:
    """The interventions of a request, whose texts get special tokens or not, as its prompt."""
    allowed = "an intervention, which stratalens.interventions makes"
    own = [of_kind("interventions", each, Intervention, allowed) for each in several("interventions", given, Intervention, allowed)]
    if special_tokens:
        return own
    copies = []
    for each in own:
        copy = Intervention()
        copy.CopyFrom(each)
        for prompt in _prompts(copy):
            prompt.omit_special_tokens = prompt.WhichOneof("form") == "text"
        copies.append(copy)
    return copies


def _prompts(intervention: Intervention) -> Iterable[lens_pb2.Prompt]:
    """All source prompts of an intervention."""
    if intervention.replace_from.HasField("source"):
        yield intervention.replace_from.source
    yield from intervention.set.mean.prompts
    directions = [intervention.add.direction, intervention.project_out.direction, intervention.swap.to]
    for each in [*directions, getattr(intervention.swap, "from")]:
        yield from each.difference.to.prompts
        yield from getattr(each.difference, "from").prompts


def _rows(rows: Rows) -> intervention_pb2.InterventionRows:
    site, generated = text("site", rows.get("site") or BLOCK_OUTPUT).replace("_", "-"), rows.get("generated") or "none"
    if generated not in _GENERATED:
        raise ValueError(f"generated is {generated!r}; choose from {', '.join(_GENERATED)}")
    if rows.get("heads") is not None and site != ATTENTION_HEADS:
        raise ValueError(f"only {ATTENTION_HEADS} has heads, not {site}; give site={ATTENTION_HEADS!r}")
    return intervention_pb2.InterventionRows(
        site=lens_pb2.SITE_ATTENTION_HEADS if site == ATTENTION_HEADS else site_number(site),  # type: ignore[arg-type]
        layers=layer_ranges(rows.get("layers")),
        positions=position_ranges(rows.get("positions")),
        heads=head_ranges(rows.get("heads")),
        skip_first_token=bool(rows.get("skip_first_token")),
        generated=_GENERATED[generated],
    )
