"""Rules that say which tokens are the predictions of a cell. The first is always the most likely one."""

from __future__ import annotations

from stratalens.arguments import text
from stratalens.lenses import file_name
from stratalens.v1 import lens_pb2

_CONTRAST = "contrast:"


def candidates_message(rule: str, lenses: list[str]) -> lens_pb2.Candidates | None:
    """The message of a rule: ``most-likely`` (None), ``words``, ``least-likely``, or ``contrast:`` with a block or a lens."""
    if text("candidates", rule) == "most-likely":
        return None
    if rule == "words":
        return lens_pb2.Candidates(words=lens_pb2.WordCandidates())
    if rule == "least-likely":
        return lens_pb2.Candidates(least_likely=lens_pb2.LeastLikelyCandidates())
    if not rule.startswith(_CONTRAST):
        raise ValueError(
            f"there is no rule {rule!r} for predictions; choose most-likely, words, least-likely, contrast:BLOCK or contrast:LENS"
        )
    reference = rule.removeprefix(_CONTRAST)
    if reference.isdecimal():
        return lens_pb2.Candidates(contrast=lens_pb2.ContrastCandidates(block=int(reference)))
    name = reference.removeprefix("transport:")
    if name not in lenses:
        raise ValueError(f"predictions are contrasted with the lens {name!r}, which is not one of {lenses}; add it to lenses=[…]")
    return lens_pb2.Candidates(contrast=lens_pb2.ContrastCandidates(lens=lenses.index(name)))


def candidates_name(message: lens_pb2.Candidates, lenses: tuple[str, ...]) -> str:
    """The rule's name in files."""
    kind = message.WhichOneof("rule")
    if kind == "contrast":
        contrast = message.contrast
        by_block = contrast.WhichOneof("reference") == "block"
        return _CONTRAST + (str(contrast.block) if by_block else file_name(lenses[contrast.lens]))
    return str(kind).replace("_", "-")
