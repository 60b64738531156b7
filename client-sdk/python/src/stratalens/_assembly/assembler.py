"""Takes the events of one stream, in order, and gives layers and the result."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from stratalens._assembly.body import Body
from stratalens._assembly.broken import broken, require
from stratalens._assembly.effect import read_effect
from stratalens._assembly.header import Head
from stratalens._assembly.summary import read_summary
from stratalens.effect import InterventionEffect
from stratalens.layer_result import LayerResult
from stratalens.request import Request
from stratalens.result import LensResult
from stratalens.v1 import intervention_pb2, lens_pb2, lens_service_pb2

_KINDS = (
    "progress",
    "header",
    "prompt_chunk",
    "target_chunk",
    "cell_chunk",
    "trajectory_chunk",
    "attribution_chunk",
    "attributed_logits_chunk",
    "intervention_effect",
    "summary",
)


class Assembler:
    """From the events of a stream to a result."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._head: Head | None = None
        self._body: Body | None = None
        self._effect: InterventionEffect | None = None
        self._result: LensResult | None = None
        # Of the pass without interventions.
        self._unchanged = Assembler(request.unchanged()) if request.message.effect.with_unchanged_result else None
        self._ready: deque[tuple[int, int]] = deque()
        self.on_progress: Callable[[lens_pb2.Progress], None] = lambda progress: None

    def add(self, event: lens_service_pb2.Event) -> None:
        if not event.unchanged:
            self._take(event)
        elif self._unchanged is None:
            raise broken("an unchanged result came, but none was asked for")
        else:
            self._unchanged._take(event)

    def _take(self, event: lens_service_pb2.Event) -> None:
        kind = event.WhichOneof("kind")
        if kind not in _KINDS:
            return  # Of a newer server, or of something that was not asked for.
        require(self._result is None, f"{kind} came after the summary")
        if kind == "progress":
            self.on_progress(event.progress)
        elif kind == "header":
            require(self._head is None, "a second header came")
            self._head = Head(self._request, event.header)
        elif kind == "prompt_chunk":
            self._add_prompt(event.prompt_chunk)
        elif kind == "intervention_effect":
            self._add_effect(event.intervention_effect)
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
        ready = [LayerResult(body.info, body.numbers(lens), tokens, body.info.lenses[lens], point) for lens, point in self._ready]
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

    def _add_effect(self, effect: intervention_pb2.InterventionEffect) -> None:
        require(self._request.message.HasField("effect"), "an effect came, but none was asked for")
        require(self._effect is None, "a second effect came")
        info = self._require_body("an effect").require_info("an effect")
        self._effect = read_effect(self._request.message.effect, info, effect)

    def _add_summary(self, summary: lens_pb2.LensSummary) -> None:
        body = self._require_body("the summary")
        missing = body.finish("the summary")
        info = body.require_info("the summary")
        asked = self._request.message.HasField("effect")
        require(asked == (self._effect is not None), "the effect of the interventions is missing")
        attributed = bool(body.head.header.attributed_parts)
        self._result = LensResult(
            info,
            tuple(body.numbers(lens) for lens in range(len(body.readers))),
            dict(body.head.vocabulary.tokens),
            replace(
                read_summary(summary, body.head, len(info.positions), missing),
                attribution=body.attribution().finish(summary.largest_attribution_difference) if attributed else None,
                effect=self._effect,
                unchanged=None if self._unchanged is None else self._unchanged.finish(),
            ),
        )

    def _require_body(self, what: str) -> Body:
        if self._body is None:
            raise broken(f"{what} came before {'the header' if self._head is None else 'all of the prompt'}")
        return self._body
