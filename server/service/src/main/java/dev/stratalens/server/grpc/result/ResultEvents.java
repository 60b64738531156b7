package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.Interventions.Effect;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.server.grpc.message.DurationMessages;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.SelfCheck;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** The events of one result, in order, each handed over as soon as it is made. Not thread-safe. */
public final class ResultEvents implements LensListener {

    private final WireOptions options;
    private final RequestStart start;
    private final LensPlan plan;
    private final SentTexts texts;
    private final Consumer<Event> consumer;
    private Optional<Cells> cells = Optional.empty();
    private OptionalDouble attributionDifference = OptionalDouble.empty();

    /** What is written after the targets are known. */
    private record Cells(CellChunks chunks, TrajectoryChunks trajectories) {}

    public ResultEvents(WireOptions options, RequestStart start, Consumer<Event> consumer) {
        this.options = options;
        this.start = start;
        this.plan = start.request().plan();
        this.texts = new SentTexts(start.engine().tokenizer());
        this.consumer = consumer;
    }

    /**
     * Bytes that the events of one result take until it ends, beside the cells, which the engine counts: what differences and
     * references are to.
     */
    public static long memoryNeed(LensPlan plan, int vocabularySize) {
        return (NamedIds.memoryNeed(plan, vocabularySize) + CompactCells.memoryNeed(plan))
                * (hasUnchanged(plan) ? 2 : 1);
    }

    /** Whether the answer of a plan also has the result of the unchanged pass. */
    public static boolean hasUnchanged(LensPlan plan) {
        return plan.interventions().effect().map(Effect::withUnchangedResult).orElse(false);
    }

    /** The events of the unchanged pass beside a result. */
    public static ResultEvents unchanged(WireOptions options, RequestStart start, Consumer<Event> consumer) {
        return new ResultEvents(
                options,
                start.unchanged(),
                event -> consumer.accept(event.toBuilder().setUnchanged(true).build()));
    }

    /** What every later event refers to: the header and the prompt. */
    public void begin() {
        var rendered = new TextParts(start.request().renderedPrompt().orElse(""));
        consumer.accept(Event.newBuilder()
                .setHeader(LensHeaders.header(options, start, texts, rendered))
                .build());
        new PromptChunks(start.request().prompt(), plan.positions(), rendered, texts)
                .forEachRemaining(chunk ->
                        consumer.accept(Event.newBuilder().setPromptChunk(chunk).build()));
    }

    /** Once, before the cells. */
    @Override
    public void targets(FinalTargets targets) {
        var sent = new SentCells(plan, targets.targetIds());
        var references = new NamedIds(plan.positions().length);
        cells = Optional.of(new Cells(
                new CellChunks(plan, targets.targetIds(), options.form(), references, texts, sent),
                new TrajectoryChunks(plan, options.form(), references, texts, sent)));
        new TargetChunks(plan, texts)
                .split(
                        targets,
                        chunk -> consumer.accept(
                                Event.newBuilder().setTargetChunk(chunk).build()));
    }

    /** Read points of a lens come in order of depth. */
    @Override
    public void cells(CellReadout readout) {
        cells.orElseThrow()
                .chunks()
                .split(
                        readout,
                        chunk -> consumer.accept(
                                Event.newBuilder().setCellChunk(chunk).build()));
    }

    /** After all cells. */
    @Override
    public void trajectory(PositionTrajectory trajectory) {
        cells.orElseThrow()
                .trajectories()
                .split(
                        trajectory,
                        chunk -> consumer.accept(
                                Event.newBuilder().setTrajectoryChunk(chunk).build()));
    }

    @Override
    public void attribution(AttributedPart part) {
        new AttributionChunks(plan)
                .split(
                        part,
                        chunk -> consumer.accept(
                                Event.newBuilder().setAttributionChunk(chunk).build()));
    }

    @Override
    public void attributed(AttributedLogits logits) {
        new AttributionChunks(plan)
                .split(
                        logits,
                        chunk -> consumer.accept(Event.newBuilder()
                                .setAttributedLogitsChunk(chunk)
                                .build()));
        attributionDifference = OptionalDouble.of(logits.largestDifference());
    }

    /** After all chunks. */
    @Override
    public void effect(MeasuredEffect effect) {
        consumer.accept(Event.newBuilder()
                .setInterventionEffect(EffectMessages.message(effect))
                .build());
    }

    /** Once, last. */
    @Override
    public void completed(LensOutcome outcome) {
        LensSummary.Builder summary = LensSummary.newBuilder()
                .setCellCount(plan.cellCount())
                .setOmittedRowCount(outcome.omittedRows())
                .setSelfCheck(SelfCheck.newBuilder()
                        .setMaxLogitDifference(outcome.selfCheck().maxLogitDifference())
                        .setTop1Agrees(outcome.selfCheck().top1Agrees())
                        .addAllPositions(outcome.selfCheck().positions()))
                .setQueued(DurationMessages.message(start.queued()))
                .setForward(DurationMessages.message(outcome.forward()))
                .setLens(DurationMessages.message(outcome.lens()))
                .setReservedBytes(start.reservedBytes());
        attributionDifference.ifPresent(difference -> summary.setLargestAttributionDifference((float) difference));
        consumer.accept(Event.newBuilder().setSummary(summary).build());
    }
}
