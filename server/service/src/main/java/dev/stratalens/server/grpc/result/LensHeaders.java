package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.v1.Candidates;
import dev.stratalens.v1.ContrastCandidates;
import dev.stratalens.v1.LeastLikelyCandidates;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LogitLens;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.RawLens;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TargetDescription;
import dev.stratalens.v1.TransportLens;
import dev.stratalens.v1.WordCandidates;
import java.util.Optional;

/** What every later event of a result refers to. */
public final class LensHeaders {

    private static final String SITE = "SITE_";
    /** Ids that are told of a target's encoding. */
    private static final int MAX_TARGET_IDS = 64;

    private LensHeaders() {}

    /** @param rendered text of a chat; the header takes the first part */
    static LensHeader header(WireOptions options, RequestStart start, SentTexts texts, TextParts rendered) {
        LensPlan plan = start.request().plan();
        LensHeader.Builder header = LensHeader.newBuilder()
                .setRequestId(options.requestId())
                .setModel(ModelMessages.description(start.engine()))
                .setTokenCount(plan.tokenIds().length)
                .setPositionCount(plan.positions().length)
                .setTopK(plan.topK())
                .setNumberForm(options.form())
                .setHasTrajectories(plan.minimumPeak().isPresent())
                .setApproximate(start.engine().description().computeType() != DataType.FLOAT32);
        plan.lenses().forEach(lens -> header.addLenses(lens(lens)));
        header.addAllReadings(LensReadings.of(plan, start.engine().lenses()));
        plan.readPoints().forEach(point -> header.addReadPoints(readPoint(point)));
        plan.attributed().forEach(point -> header.addAttributedParts(readPoint(point)));
        plan.statistics().forEach(statistic -> header.addStatistics(ColumnCode.message(statistic)));
        candidates(plan.candidates().rule()).ifPresent(header::setCandidates);
        SentTexts.Table table = texts.table();
        for (PlannedTarget target : plan.targets()) {
            TargetDescription description = description(target);
            header.addTargets(description);
            description.getTokenIdsList().forEach(table::add);
        }
        if (start.request().renderedPrompt().isPresent()) {
            header.setRenderedChat(rendered.next());
        }
        return header.setNewTokens(table.build()).build();
    }

    /** Empty for the most likely tokens. */
    private static Optional<Candidates> candidates(CandidateRule rule) {
        Candidates.Builder message = Candidates.newBuilder();
        if (rule instanceof CandidateRule.MostLikely) {
            return Optional.empty();
        } else if (rule instanceof CandidateRule.Words) {
            message.setWords(WordCandidates.getDefaultInstance());
        } else if (rule instanceof CandidateRule.LeastLikely) {
            message.setLeastLikely(LeastLikelyCandidates.getDefaultInstance());
        } else if (rule instanceof CandidateRule.LayerContrast contrast) {
            message.setContrast(ContrastCandidates.newBuilder().setBlock(contrast.block()));
        } else if (rule instanceof CandidateRule.LensContrast contrast) {
            message.setContrast(ContrastCandidates.newBuilder().setLens(contrast.lens()));
        }
        return Optional.of(message.build());
    }

    /** The site that a message names; not of the unspecified and the unrecognized one. */
    public static Site site(dev.stratalens.v1.Site site) {
        return Site.valueOf(site.name().substring(SITE.length()));
    }

    private static dev.stratalens.v1.ReadPoint readPoint(ReadPoint point) {
        return dev.stratalens.v1.ReadPoint.newBuilder()
                .setBlock(point.block())
                .setSite(dev.stratalens.v1.Site.valueOf(SITE + point.site().name()))
                .build();
    }

    private static Lens lens(RequestedLens lens) {
        if (lens instanceof RequestedLens.Transport transport) {
            return Lens.newBuilder()
                    .setTransport(TransportLens.newBuilder().setName(transport.name()))
                    .build();
        }
        return lens instanceof RequestedLens.Raw
                ? Lens.newBuilder().setRaw(RawLens.getDefaultInstance()).build()
                : Lens.newBuilder().setLogit(LogitLens.getDefaultInstance()).build();
    }

    private static TargetDescription description(PlannedTarget planned) {
        return TargetDescription.newBuilder()
                .setTarget(target(planned.target()))
                .addAllTokenIds(planned.tokenIds()
                        .subList(0, Math.min(MAX_TARGET_IDS, planned.tokenIds().size())))
                .build();
    }

    private static Target target(RequestedTarget target) {
        Target.Builder message = Target.newBuilder();
        if (target instanceof RequestedTarget.Text byText) {
            message.setText(byText.text());
        } else if (target instanceof RequestedTarget.TokenId byId) {
            message.setId(byId.id());
        } else if (target instanceof RequestedTarget.NextToken) {
            message.setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN);
        } else {
            message.setPositionTarget(PositionTarget.POSITION_TARGET_FINAL_TOP);
        }
        return message.build();
    }
}
