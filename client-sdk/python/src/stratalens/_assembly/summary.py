"""The summary of a result, whose counts must be those of what came."""

from __future__ import annotations

from stratalens._assembly.broken import require
from stratalens._assembly.header import Head
from stratalens.result_info import SelfCheck, Summary
from stratalens.v1 import lens_pb2


def read_summary(summary: lens_pb2.LensSummary, head: Head, positions: int, missing: int) -> Summary:
    """positions: of the result. missing: tracked tokens that came without a trajectory."""
    require(
        missing == summary.omitted_row_count,
        f"{missing} tracked tokens came without trajectory, the summary says {summary.omitted_row_count}",
    )
    cells = sum(len(covered) for covered in head.covered) * positions
    require(summary.cell_count == cells, f"the summary counts {summary.cell_count} cells where {cells} came")
    require(summary.HasField("self_check"), "the summary has no self-check")
    return Summary(
        self_check=SelfCheck(
            summary.self_check.max_logit_difference,
            summary.self_check.top1_agrees,
            tuple(summary.self_check.positions),
        ),
        queued_ms=summary.queued.ToNanoseconds() / 1e6,
        forward_ms=summary.forward.ToNanoseconds() / 1e6,
        lens_ms=summary.lens.ToNanoseconds() / 1e6,
        omitted_trajectories=summary.omitted_row_count,
        reserved_bytes=summary.reserved_bytes,
    )
