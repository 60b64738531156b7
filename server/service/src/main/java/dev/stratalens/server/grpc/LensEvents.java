package dev.stratalens.server.grpc;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensTarget;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.scheduling.JobStart;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.LensTargets;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.SelfCheck;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TargetDescription;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The events of a result that come once: header, targets, summary. */
final class LensEvents {

    private final WireOptions options;
    private final JobStart start;
    private final LensPlan plan;
    private final TokenTexts texts;

    LensEvents(WireOptions options, JobStart start, TokenTexts texts) {
        this.options = options;
        this.start = start;
        this.plan = start.request().plan();
        this.texts = texts;
    }

    LensHeader header() {
        LensHeader.Builder header = LensHeader.newBuilder()
                .setRequestId(options.requestId())
                .setModel(ModelMessages.description(start.engine()))
                .setTopK(plan.topK())
                .setTrajectoryEncoding(options.trajectoryEncoding())
                .setSkipFinalNorm(plan.lenses().contains(new RequestedLens.Raw()))
                .setApproximate(start.engine().description().computeType() != DataType.FLOAT32);
        IntStream.of(plan.tokenIds()).forEach(header::addTokenIds);
        IntStream.of(start.request().prompt().starts()).forEach(header::addTokenStarts);
        IntStream.of(start.request().prompt().ends()).forEach(header::addTokenEnds);
        plan.readPoints().stream().map(LayerChunks::layer).forEach(header::addLayers);
        IntStream.of(plan.positions()).forEach(header::addPositions);
        plan.targets().forEach(target -> header.addTargets(description(target)));
        Arrays.stream(Statistic.values())
                .filter(statistic -> statistic != Statistic.LOG_SUM_EXP)
                .filter(plan.statistics()::contains)
                .map(LensEvents::statistic)
                .forEach(header::addStatistics);
        IntStream named = plan.targets().stream()
                .map(PlannedTarget::tokenIds)
                .flatMap(List::stream)
                .mapToInt(id -> id);
        return header.setNewTokens(texts.unsent(IntStream.concat(IntStream.of(plan.tokenIds()), named)))
                .build();
    }

    LensTargets targets(FinalTargets targets) {
        LensTargets.Builder event = LensTargets.newBuilder();
        IntStream.of(targets.finalTopIds()).forEach(event::addFinalTopIds);
        for (float logProb : targets.finalTopLogProbs()) {
            event.addFinalTopLogProbs(logProb);
        }
        IntStream.of(targets.targetIds()).map(id -> Math.max(id, 0)).forEach(event::addTargetIds);
        return event.setNewTokens(texts.unsent(
                        IntStream.concat(IntStream.of(targets.finalTopIds()), IntStream.of(targets.targetIds()))))
                .build();
    }

    LensSummary summary(LensOutcome outcome) {
        return LensSummary.newBuilder()
                .setCellCount(plan.cellCount())
                .setOmittedRowCount(outcome.omittedRows())
                .setSelfCheck(SelfCheck.newBuilder()
                        .setMaxLogitDifference(outcome.selfCheck().maxLogitDifference())
                        .setTop1Agrees(outcome.selfCheck().top1Agrees())
                        .addAllPositions(outcome.selfCheck().positions()))
                .setQueueSeconds(seconds(start.queued()))
                .setForwardSeconds(seconds(outcome.forward()))
                .setLensSeconds(seconds(outcome.lens()))
                .setReservedBytes(start.reservedBytes())
                .build();
    }

    private static TargetDescription description(PlannedTarget planned) {
        return TargetDescription.newBuilder()
                .setTarget(target(planned.target()))
                .addAllTokenIds(planned.tokenIds())
                .build();
    }

    private static Target target(LensTarget target) {
        Target.Builder message = Target.newBuilder();
        if (target instanceof LensTarget.Text byText) {
            message.setText(byText.text());
        } else if (target instanceof LensTarget.TokenId byId) {
            message.setId(byId.id());
        } else if (target instanceof LensTarget.NextToken) {
            message.setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN);
        } else {
            message.setPositionTarget(PositionTarget.POSITION_TARGET_FINAL_TOP);
        }
        return message.build();
    }

    private static dev.stratalens.v1.Statistic statistic(Statistic statistic) {
        return switch (statistic) {
            case LOG_SUM_EXP -> throw new IllegalArgumentException("it has no name: it is sent with every cell");
            case ENTROPY -> dev.stratalens.v1.Statistic.STATISTIC_ENTROPY;
            case KL_FROM_FINAL -> dev.stratalens.v1.Statistic.STATISTIC_KL_FROM_FINAL;
            case KL_FROM_NEXT -> dev.stratalens.v1.Statistic.STATISTIC_KL_FROM_NEXT;
        };
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
