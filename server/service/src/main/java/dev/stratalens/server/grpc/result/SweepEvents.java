package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.Interventions.Change;
import dev.stratalens.engine.lens.plan.Interventions.Sweep;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedSweep.Heads;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.grpc.message.DurationMessages;
import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.v1.SweepCells;
import dev.stratalens.v1.SweepEvent;
import dev.stratalens.v1.SweepHeader;
import dev.stratalens.v1.SweepRequest;
import dev.stratalens.v1.SweepSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** The events of a sweep. */
public final class SweepEvents {

    private SweepEvents() {}

    /**
     * The header and the prompt.
     *
     * @param unchanged the metric without a change
     * @param source the metric of the source prompt, if it has the position
     */
    public static List<SweepEvent> begin(
            SweepRequest request, RequestStart start, double unchanged, OptionalDouble source) {
        LensPlan plan = start.request().plan();
        Sweep sweep = plan.interventions().sweep().orElseThrow();
        Change change = sweep.change();
        SweepHeader.Builder header = SweepHeader.newBuilder()
                .setRequestId(request.getRequestId())
                .setModel(ModelMessages.description(start.engine()))
                .setTokenCount(plan.tokenIds().length)
                .setSite(request.getIntervention().getRows().getSite())
                .setMetric(request.getMetric().toBuilder()
                        .setPosition(sweep.metric().position()))
                .setUnchanged(unchanged);
        Arrays.stream(change.blocks()).forEach(header::addLayers);
        Arrays.stream(change.positions()).forEach(header::addPositions);
        if (sweep.heads() == Heads.EACH) {
            Arrays.stream(change.heads()).forEach(header::addHeads);
        }
        source.ifPresent(header::setSource);
        var events = new ArrayList<SweepEvent>();
        events.add(SweepEvent.newBuilder().setHeader(header).build());
        var rendered = new TextParts(start.request().renderedPrompt().orElse(""));
        new PromptChunks(
                        start.request().prompt(),
                        change.positions(),
                        rendered,
                        new SentTexts(start.engine().tokenizer()))
                .forEachRemaining(chunk ->
                        events.add(SweepEvent.newBuilder().setPromptChunk(chunk).build()));
        return events;
    }

    /** Cells that follow one another. */
    public static SweepEvent cells(long first, float[] values) {
        SweepCells.Builder cells = SweepCells.newBuilder().setFirstCell(first);
        for (float value : values) {
            cells.addValues(value);
        }
        return SweepEvent.newBuilder().setCells(cells).build();
    }

    /** The end. */
    public static SweepEvent summary(RequestStart start, LensOutcome outcome) {
        return SweepEvent.newBuilder()
                .setSummary(SweepSummary.newBuilder()
                        .setCellCount(start.request().plan().cellCount())
                        .setQueued(DurationMessages.message(start.queued()))
                        .setComputed(DurationMessages.message(outcome.forward())))
                .build();
    }
}
