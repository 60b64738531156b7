package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.IndexRange;
import dev.stratalens.engine.lens.plan.LensPrompt;
import dev.stratalens.engine.lens.plan.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.plan.LensRequest;
import dev.stratalens.engine.lens.plan.LensTarget;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Site;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TrajectoryEncoding;
import dev.stratalens.v1.UnloadModelRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Reads requests; refuses what the domain has no word for. Whether the rest makes sense is for the planner to say. */
final class RequestParser {

    private static final int MAX_REQUEST_ID_BYTES = 128;
    private static final Duration DEFAULT_UNLOAD_WAIT = Duration.ofSeconds(30);
    private static final long MAX_UNLOAD_SECONDS = 3600;

    private RequestParser() {}

    static LensRequest parse(AnalyzeRequest request) {
        LensRequest.Builder builder = LensRequest.builder(prompt(request))
                .layers(ranges(request.getLayersList()))
                .sites(request.getIncludeEmbedding() ? List.of(Site.EMBEDDING, Site.BLOCK_OUTPUT) : List.of())
                .positions(ranges(request.getPositionsList()))
                .targets(targets(request.getTargetsList()))
                .statistics(statistics(request.getStatisticsList()))
                .lenses(List.of(request.getSkipFinalNorm() ? new RequestedLens.Raw() : new RequestedLens.Logit()));
        if (request.getTopK() != 0) {
            builder.topK(signed(request.getTopK()));
        }
        if (request.hasTrajectories()) {
            builder.trajectories(request.getTrajectories().getMinPeakProbability());
        }
        return builder.build();
    }

    static WireOptions wireOptions(AnalyzeRequest request) {
        requireShortId(request.getRequestId());
        return new WireOptions(request.getRequestId(), encoding(request));
    }

    private static TrajectoryEncoding encoding(AnalyzeRequest request) {
        if (!request.hasTrajectories()) {
            return TrajectoryEncoding.TRAJECTORY_ENCODING_UNSPECIFIED;
        }
        return switch (request.getTrajectories().getEncoding()) {
            case TRAJECTORY_ENCODING_UNSPECIFIED, TRAJECTORY_ENCODING_PPM -> TrajectoryEncoding.TRAJECTORY_ENCODING_PPM;
            case TRAJECTORY_ENCODING_FLOAT32 -> TrajectoryEncoding.TRAJECTORY_ENCODING_FLOAT32;
            case UNRECOGNIZED ->
                throw notUnderstood(
                        "trajectories.encoding",
                        Integer.toString(request.getTrajectories().getEncodingValue()),
                        "Ask for PPM or FLOAT32.");
        };
    }

    /** Whether a tokenizer's own special tokens apply; they do unless switched off. */
    static SpecialTokens specialTokens(boolean given, boolean value) {
        return given && !value ? SpecialTokens.NONE : SpecialTokens.TOKENIZER_DEFAULT;
    }

    /** How long requests may go on to hold a model that is to be unloaded. */
    static Duration unloadWait(UnloadModelRequest request) {
        if (!request.hasWait()) {
            return DEFAULT_UNLOAD_WAIT;
        }
        long seconds = request.getWait().getSeconds();
        if (seconds < 0 || seconds > MAX_UNLOAD_SECONDS) {
            throw InvalidFieldException.outOfRange(
                    "wait.seconds", seconds, 0, MAX_UNLOAD_SECONDS, "Ask again if that is not enough.");
        }
        return Duration.ofSeconds(seconds, request.getWait().getNanos());
    }

    private static LensPrompt prompt(AnalyzeRequest request) {
        return switch (request.getPromptCase()) {
            case TEXT ->
                new LensPrompt.Text(
                        request.getText(), specialTokens(request.hasAddSpecialTokens(), request.getAddSpecialTokens()));
            case TOKEN_IDS ->
                new LensPrompt.TokenIds(request.getTokenIds().getIdsList().stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
            case PROMPT_NOT_SET ->
                throw InvalidFieldException.of("prompt", Problem.MISSING, "", "Give a text or token_ids.");
        };
    }

    private static List<IndexRange> ranges(List<dev.stratalens.v1.IndexRange> ranges) {
        return ranges.stream()
                .map(range -> new IndexRange(
                        OptionalInt.of(signed(range.getFirst())),
                        range.hasLast() ? OptionalInt.of(signed(range.getLast())) : OptionalInt.empty(),
                        range.getStride() == 0 ? OptionalInt.empty() : OptionalInt.of(signed(range.getStride()))))
                .toList();
    }

    /** The engine's numbers are signed; no index reaches beyond them. */
    private static int signed(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }

    private static List<LensTarget> targets(List<Target> targets) {
        List<LensTarget> parsed = new ArrayList<>();
        for (Target target : targets) {
            parsed.add(target("targets[%d]".formatted(parsed.size()), target));
        }
        return parsed;
    }

    private static LensTarget target(String field, Target target) {
        return switch (target.getTokenCase()) {
            case TEXT -> new LensTarget.Text(target.getText());
            case ID -> new LensTarget.TokenId(target.getId());
            case POSITION_TARGET -> {
                if (target.getPositionTarget() == PositionTarget.POSITION_TARGET_NEXT_TOKEN) {
                    yield new LensTarget.NextToken();
                }
                if (target.getPositionTarget() == PositionTarget.POSITION_TARGET_FINAL_TOP) {
                    yield new LensTarget.FinalTop();
                }
                throw notUnderstood(
                        field + ".position_target",
                        Integer.toString(target.getPositionTargetValue()),
                        "Ask for NEXT_TOKEN or FINAL_TOP.");
            }
            case TOKEN_NOT_SET ->
                throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a text, an id or a position_target.");
        };
    }

    private static List<Statistic> statistics(List<dev.stratalens.v1.Statistic> statistics) {
        List<Statistic> parsed = new ArrayList<>();
        for (dev.stratalens.v1.Statistic statistic : statistics) {
            parsed.add(
                    switch (statistic) {
                        case STATISTIC_ENTROPY -> Statistic.ENTROPY;
                        case STATISTIC_KL_FROM_FINAL -> Statistic.KL_FROM_FINAL;
                        case STATISTIC_KL_FROM_NEXT -> Statistic.KL_FROM_NEXT;
                        case STATISTIC_UNSPECIFIED, UNRECOGNIZED ->
                            throw notUnderstood(
                                    "statistics[%d]".formatted(parsed.size()),
                                    statistic.name(),
                                    "Ask for ENTROPY, KL_FROM_FINAL or KL_FROM_NEXT.");
                    });
        }
        // Sent with every cell.
        parsed.add(Statistic.LOG_SUM_EXP);
        return parsed;
    }

    private static void requireShortId(String id) {
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_REQUEST_ID_BYTES) {
            throw InvalidFieldException.tooMany(
                    "request_id", bytes, MAX_REQUEST_ID_BYTES, "Give a shorter id; bytes count.");
        }
    }

    private static InvalidFieldException notUnderstood(String field, String given, String remedy) {
        return InvalidFieldException.of(field, Problem.NOT_UNDERSTOOD, given, remedy);
    }
}
