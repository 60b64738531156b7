"""What comes after the prompt: targets, layers, trajectories, an attribution."""

from __future__ import annotations

from stratalens._assembly.attribution import AttributionReader
from stratalens._assembly.broken import broken, require
from stratalens._assembly.cells import CellReader
from stratalens._assembly.header import Head
from stratalens._assembly.known_ids import KnownIds
from stratalens._assembly.targets import TargetReader
from stratalens._assembly.trajectories import TrajectoryReader
from stratalens.candidates import candidates_name
from stratalens.result_info import Numbers, ResultInfo, TargetInfo
from stratalens.v1 import cells_pb2, lens_pb2


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

    def finish(self, what: str) -> int:
        """Requires all layers, and trajectories of all positions; returns the number of tracked tokens without one."""
        self._require_layers(what)
        self.require_info(what)
        return sum(each.finish() for each in self.trajectories) if self.head.header.has_trajectories else 0

    def numbers(self, lens: int) -> Numbers:
        """What came of a lens so far."""
        reader = self.readers[lens]
        return Numbers(
            read_points=tuple(self.head.read_points[at] for at in reader.covered),
            ids=reader.cells.ids,
            log_probs=reader.cells.log_probs,
            ranks=reader.cells.ranks,
            target_log_probs=reader.cells.target_log_probs,
            columns={column.name: reader.cells.columns[column.name] for column in self.head.request.columns},
            tracked=tuple(self.trajectories[lens].tracked),
        )

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
