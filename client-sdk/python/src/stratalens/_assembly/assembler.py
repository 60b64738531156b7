"""Takes the events of one stream, in order, and gives layers and the result."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from stratalens._assembly.attribution import AttributionReader
from stratalens._assembly.broken import broken, require
from stratalens._assembly.cells import CellReader
from stratalens._assembly.header import Head
from stratalens._assembly.known_ids import KnownIds
from stratalens._assembly.targets import TargetReader
from stratalens._assembly.trajectories import TrajectoryReader
from stratalens.candidates import candidates_name
from stratalens.layer_result import LayerResult
from stratalens.request import Request
from stratalens.result import LensResult
from stratalens.result_info import Numbers, ResultInfo, SelfCheck, Summary, TargetInfo
from stratalens.v1 import cells_pb2, lens_pb2, lens_service_pb2

_KINDS = (
    "progress",
    "header",
    "prompt_chunk",
    "target_chunk",
    "cell_chunk",
    "trajectory_chunk",
    "attribution_chunk",
    "attributed_logits_chunk",
    "summary",
)


class Body:
    """What comes after the prompt."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.targets = TargetReader(head)
        self._targets_first = bool(head.header.targets) or any(column.needs_output for column in head.columns)
        known = KnownIds(head.position_count)
        self.readers = [CellReader(head, self.targets, known, covered) for covered in head.covered]
        self.trajectories = [TrajectoryReader(head, self.targets, known, reader) for reader in self.readers]
        self._attribution = AttributionReader(head)
        self.info: ResultInfo | None = None

    def add_targets(self, chunk: lens_pb2.TargetChunk) -> None:
        self.targets.add(chunk)
        if self.targets.complete:
            self.info = self._info()

    def add_cells(self, chunk: cells_pb2.CellChunk) -> int | None:
        if self._targets_first:
            self.require_info("a layer")
        self._require_lens(chunk.lens)
        return self.readers[chunk.lens].add(chunk)

    def add_trajectory(self, chunk: cells_pb2.TrajectoryChunk) -> None:
        require(self.head.header.has_trajectories, "a trajectory came, but the header promised none")
        self._require_layers("a trajectory")
        self.require_info("a trajectory")
        self._require_lens(chunk.lens)
        require(
            all(each.complete for each in self.trajectories[: chunk.lens]),
            f"trajectories of lens {chunk.lens} came before those of the lenses before it were complete",
        )
        self.trajectories[chunk.lens].add(chunk)

    def attribution(self) -> AttributionReader:
        require(bool(self.head.header.attributed_parts), "an attribution came, but the header promised none")
        self._require_layers("an attribution")
        self.require_info("an attribution")
        return self._attribution

    def require_info(self, what: str) -> ResultInfo:
        if self.info is None:
            raise broken(f"{what} came where {self.targets.expected} were expected")
        return self.info

    def require_complete(self, omitted_rows: int) -> ResultInfo:
        """All layers and trajectories, and nothing missing but the rows that the server says it left out."""
        self._require_layers("the summary")
        info = self.require_info("the summary")
        if self.head.header.has_trajectories:
            missing = sum(each.finish() for each in self.trajectories)
            require(
                missing == omitted_rows,
                f"{missing} tracked tokens came without trajectory, the summary says {omitted_rows}",
            )
        return info

    @property
    def state(self) -> str:
        """How far it is, in words."""
        came = sum(reader.done for reader in self.readers)
        promised = sum(len(reader.covered) for reader in self.readers)
        return "all layers" if came == promised else f"{came} of {promised} layers"

    def _require_lens(self, index: int) -> None:
        require(0 <= index < len(self.readers), f"a chunk of lens {index} of {len(self.readers)} came")

    def _require_layers(self, what: str) -> None:
        for reader in self.readers:
            if not reader.complete:
                raise broken(f"{what} came where {reader.expected} was expected")

    def _info(self) -> ResultInfo:
        head, header = self.head, self.head.header
        return ResultInfo(
            model=header.model,
            request_id=header.request_id,
            lenses=head.request.lenses,
            coverage=head.coverage,
            approximate=header.approximate,
            exact=header.number_form == lens_pb2.NUMBER_FORM_FLOAT32,
            prompt=head.text,
            tokens=tuple(head.prompt.tokens),
            read_points=head.read_points,
            positions=tuple(head.prompt.positions),
            k=header.top_k,
            candidates=candidates_name(header.candidates, head.request.lenses) if header.HasField("candidates") else None,
            targets=tuple(
                TargetInfo(target, encoding, tuple(ids[j] for ids in self.targets.ids))
                for j, (target, encoding) in enumerate(zip(head.request.targets, self.targets.encodings, strict=True))
            ),
            columns=head.request.columns,
            has_trajectories=header.has_trajectories,
            final_tops=tuple(self.targets.final_tops),
        )


class Assembler:
    """From the events of a stream to a result."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._head: Head | None = None
        self._body: Body | None = None
        self._result: LensResult | None = None
        self._ready: deque[tuple[int, int]] = deque()
        self.on_progress: Callable[[lens_pb2.Progress], None] = lambda progress: None

    def add(self, event: lens_service_pb2.Event) -> None:
        kind = event.WhichOneof("kind")
        if kind not in _KINDS:
            return  # Of a newer server, or of something that was not asked for.
        require(not event.unchanged, "an unchanged result came, but none was asked for")
        require(self._result is None, f"{kind} came after the summary")
        if kind == "progress":
            self.on_progress(event.progress)
        elif kind == "header":
            require(self._head is None, "a second header came")
            self._head = Head(self._request, event.header)
        elif kind == "prompt_chunk":
            self._add_prompt(event.prompt_chunk)
        elif kind == "summary":
            self._add_summary(event.summary)
        else:
            self._add_numbers(str(kind), event)

    def layers(self) -> list[LayerResult]:
        """The layers that are complete since the last call."""
        body = self._body
        if body is None or body.info is None:
            return []
        tokens = body.head.vocabulary.tokens
        ready = [LayerResult(body.info, self._numbers(lens), tokens, body.info.lenses[lens], point) for lens, point in self._ready]
        self._ready.clear()
        return ready

    def finish(self) -> LensResult:
        """The result, at the end of the stream."""
        if self._result is None:
            raise broken(f"the stream ended without a summary; last seen: {self._state}")
        return self._result

    @property
    def _state(self) -> str:
        if self._body is None:
            return "nothing" if self._head is None else "the header"
        return self._body.state

    def _add_prompt(self, chunk: lens_pb2.PromptChunk) -> None:
        if self._head is None:
            raise broken("a prompt chunk came before the header")
        self._head.add(chunk)
        if self._head.complete:
            self._body = Body(self._head)

    def _add_numbers(self, kind: str, event: lens_service_pb2.Event) -> None:
        body = self._require_body(kind)
        if kind == "target_chunk":
            body.add_targets(event.target_chunk)
        elif kind == "cell_chunk":
            point = body.add_cells(event.cell_chunk)
            if point is not None:
                self._ready.append((event.cell_chunk.lens, point))
        elif kind == "trajectory_chunk":
            body.add_trajectory(event.trajectory_chunk)
        elif kind == "attribution_chunk":
            body.attribution().add(event.attribution_chunk)
        elif kind == "attributed_logits_chunk":
            body.attribution().add_logits(event.attributed_logits_chunk)

    def _add_summary(self, summary: lens_pb2.LensSummary) -> None:
        body = self._require_body("the summary")
        info = body.require_complete(summary.omitted_row_count)
        cells = sum(len(reader.covered) for reader in body.readers) * len(info.positions)
        require(summary.cell_count == cells, f"the summary counts {summary.cell_count} cells where {cells} came")
        require(summary.HasField("self_check"), "the summary has no self-check")
        attributed = bool(body.head.header.attributed_parts)
        self._result = LensResult(
            info,
            tuple(self._numbers(lens) for lens in range(len(body.readers))),
            dict(body.head.vocabulary.tokens),
            Summary(
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
                attribution=body.attribution().finish(summary.largest_attribution_difference) if attributed else None,
            ),
        )

    def _numbers(self, lens: int) -> Numbers:
        body = self._require_body("numbers")
        reader = body.readers[lens]
        return Numbers(
            read_points=tuple(body.head.read_points[at] for at in reader.covered),
            ids=reader.cells.ids,
            log_probs=reader.cells.log_probs,
            ranks=reader.cells.ranks,
            target_log_probs=reader.cells.target_log_probs,
            columns={column.name: reader.cells.columns[column.name] for column in body.head.request.columns},
            tracked=tuple(body.trajectories[lens].tracked),
        )

    def _require_body(self, what: str) -> Body:
        if self._body is None:
            raise broken(f"{what} came before {'the header' if self._head is None else 'all of the prompt'}")
        return self._body
