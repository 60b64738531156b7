package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.IndexRange;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.RequestedPlan;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.server.error.NotAvailableException;
import dev.stratalens.server.grpc.result.ColumnCode;
import dev.stratalens.server.grpc.result.LensHeaders;
import dev.stratalens.server.grpc.result.WireOptions;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.UnloadModelRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Reads requests; refuses what the domain has no word for. Whether the rest makes sense is for the planner to say. */
public final class RequestParser {

    /** Bytes of a request's id. */
    public static final int MAX_REQUEST_ID_BYTES = 128;
    /** Lenses of a request. */
    public static final int MAX_LENSES = 8;
    /** Longest wait for a model that is to be unloaded. */
    public static final Duration MAX_UNLOAD_WAIT = Duration.ofHours(1);

    private static final Duration DEFAULT_UNLOAD_WAIT = Duration.ofSeconds(30);

    private RequestParser() {}

    /** What is to be computed. */
    public static RequestedPlan parse(AnalyzeRequest request) {
        if (request.getInterventionsCount() > 0) {
            throw new NotAvailableException("interventions", "intervention", "Ask without them.");
        }
        if (request.hasEffect()) {
            throw new NotAvailableException("effect", "intervention", "Ask without it.");
        }
        RequestedPlan.Builder builder = RequestedPlan.builder(
                        PromptParser.parse("prompt", request.hasPrompt(), request.getPrompt()))
                .lenses(lenses(request.getLensesList()))
                .layers(ranges(request.getLayersList()))
                .sites(sites(request.getSitesList()))
                .positions(ranges(request.getPositionsList()))
                .targets(TargetParser.parse(request.getTargetsList()))
                .statistics(statistics(request.getStatisticsList()));
        if (request.hasTopK()) {
            builder.topK(request.getTopK());
        }
        if (request.hasTrajectories()) {
            builder.trajectories(
                    request.getTrajectories().hasMinPeakProbability()
                            ? request.getTrajectories().getMinPeakProbability()
                            : 0);
        }
        if (request.hasAttribution()) {
            builder.attributed();
        }
        return builder.build();
    }

    /** How the answer is to be written. */
    public static WireOptions wireOptions(AnalyzeRequest request) {
        requireShortId(request.getRequestId());
        return new WireOptions(
                request.getRequestId(),
                switch (request.getNumberForm()) {
                    case NUMBER_FORM_UNSPECIFIED, NUMBER_FORM_COMPACT -> NumberForm.NUMBER_FORM_COMPACT;
                    case NUMBER_FORM_FLOAT32 -> NumberForm.NUMBER_FORM_FLOAT32;
                    case UNRECOGNIZED ->
                        throw notUnderstood(
                                "number_form",
                                Integer.toString(request.getNumberFormValue()),
                                "Ask for COMPACT or FLOAT32.");
                });
    }

    /** How long requests may go on to hold a model that is to be unloaded. */
    public static Duration unloadWait(UnloadModelRequest request) {
        if (!request.hasWait()) {
            return DEFAULT_UNLOAD_WAIT;
        }
        long seconds = request.getWait().getSeconds();
        int nanos = request.getWait().getNanos();
        if (seconds < 0 || nanos < 0 || seconds > MAX_UNLOAD_WAIT.toSeconds()) {
            throw InvalidFieldException.outOfRange(
                    "wait.seconds", seconds, 0, MAX_UNLOAD_WAIT.toSeconds(), "Ask again if that is not enough.");
        }
        return Duration.ofSeconds(seconds, nanos);
    }

    private static List<RequestedLens> lenses(List<Lens> lenses) {
        if (lenses.size() > MAX_LENSES) {
            throw InvalidFieldException.tooMany(
                    "lenses", lenses.size(), MAX_LENSES, "Ask for the others in another request.");
        }
        List<RequestedLens> parsed = new ArrayList<>();
        for (Lens lens : lenses) {
            String field = "lenses[%d]".formatted(parsed.size());
            parsed.add(
                    switch (lens.getKindCase()) {
                        case LOGIT -> new RequestedLens.Logit();
                        case RAW -> new RequestedLens.Raw();
                        case TRANSPORT -> transport(field, lens.getTransport().getName());
                        case KIND_NOT_SET ->
                            throw InvalidFieldException.of(
                                    field, Problem.MISSING, "", "Say which: logit, raw or transport.");
                    });
        }
        return parsed;
    }

    private static RequestedLens transport(String field, String name) {
        if (name.isEmpty()) {
            throw InvalidFieldException.of(
                    field + ".transport.name", Problem.MISSING, "", "Give the name of a fitted lens of the model.");
        }
        return new RequestedLens.Transport(name);
    }

    private static List<Site> sites(List<dev.stratalens.v1.Site> sites) {
        List<Site> parsed = new ArrayList<>();
        for (dev.stratalens.v1.Site message : sites) {
            String field = "sites[%d]".formatted(parsed.size());
            if (message == dev.stratalens.v1.Site.SITE_UNSPECIFIED || message == dev.stratalens.v1.Site.UNRECOGNIZED) {
                throw notUnderstood(field, message.name(), "Ask for one of the sites of the contract.");
            }
            parsed.add(LensHeaders.site(message));
        }
        return parsed;
    }

    private static List<IndexRange> ranges(List<dev.stratalens.v1.IndexRange> ranges) {
        return ranges.stream()
                .map(range -> new IndexRange(
                        optional(range.hasFirst(), range.getFirst()),
                        optional(range.hasLast(), range.getLast()),
                        optional(range.hasStride(), range.getStride())))
                .toList();
    }

    private static OptionalInt optional(boolean given, int value) {
        return given ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private static List<Statistic> statistics(List<dev.stratalens.v1.Statistic> statistics) {
        List<Statistic> parsed = new ArrayList<>();
        for (dev.stratalens.v1.Statistic statistic : statistics) {
            if (statistic == dev.stratalens.v1.Statistic.STATISTIC_UNSPECIFIED
                    || statistic == dev.stratalens.v1.Statistic.UNRECOGNIZED) {
                String known = Arrays.stream(Statistic.values()).map(Enum::name).collect(Collectors.joining(", "));
                throw notUnderstood(
                        "statistics[%d]".formatted(parsed.size()), statistic.name(), "Ask for any of: " + known + ".");
            }
            parsed.add(ColumnCode.statistic(statistic));
        }
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
