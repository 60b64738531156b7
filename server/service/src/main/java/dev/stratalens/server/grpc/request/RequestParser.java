package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedSweep;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.server.grpc.result.ColumnCode;
import dev.stratalens.server.grpc.result.LensHeaders;
import dev.stratalens.server.grpc.result.WireOptions;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.ContrastCandidates;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.SweepRequest;
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
        RequestedPlan.Builder builder = RequestedPlan.builder(
                        PromptParser.parse("prompt", request.hasPrompt(), request.getPrompt()))
                .lenses(lenses(request.getLensesList()))
                .layers(ranges(request.getLayersList()))
                .candidates(candidates(request))
                .positions(ranges(request.getPositionsList()))
                .targets(TargetParser.parse(request.getTargetsList()))
                .statistics(statistics(request.getStatisticsList()));
        if (request.getAllSites()) {
            requireNoSites(request);
            builder.allSites();
        } else {
            builder.sites(sites(request.getSitesList()));
        }
        if (request.hasTopK()) {
            builder.topK(request.getTopK());
        }
        if (request.hasTrajectories()) {
            builder.trajectories(
                    request.getTrajectories().hasMinPeakProbability()
                            ? request.getTrajectories().getMinPeakProbability()
                            : 0);
        }
        builder.interventions(InterventionParser.parse(request.getInterventionsList()));
        if (request.hasEffect()) {
            builder.effect(MetricParser.effect(request.getEffect()));
        }
        if (request.hasAttribution()) {
            builder.attributed();
        }
        return builder.build();
    }

    /** What is to be swept. */
    public static RequestedPlan parse(SweepRequest request) {
        requireShortId(request.getRequestId());
        if (!request.hasIntervention()) {
            throw InvalidFieldException.of(
                    "intervention", Problem.MISSING, "", "Say what happens to each row, and which rows are the grid.");
        }
        if (!request.hasMetric()) {
            throw InvalidFieldException.of(
                    "metric", Problem.MISSING, "", "Say which number each cell has: a logit, for example.");
        }
        return RequestedPlan.builder(PromptParser.parse("prompt", request.hasPrompt(), request.getPrompt()))
                .sweep(new RequestedSweep(
                        InterventionParser.intervention("intervention", request.getIntervention()),
                        request.getByHead() ? RequestedSweep.Heads.EACH : RequestedSweep.Heads.TOGETHER,
                        MetricParser.metric("metric", request.getMetric())))
                .build();
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

    private static CandidateRule candidates(AnalyzeRequest request) {
        if (!request.hasCandidates()) {
            return new CandidateRule.MostLikely();
        }
        return switch (request.getCandidates().getRuleCase()) {
            case WORDS -> new CandidateRule.Words();
            case LEAST_LIKELY -> new CandidateRule.LeastLikely();
            case CONTRAST -> contrast(request.getCandidates().getContrast());
            case RULE_NOT_SET ->
                throw InvalidFieldException.of(
                        "candidates.rule", Problem.MISSING, "", "Say which: words, least_likely or contrast.");
        };
    }

    private static CandidateRule contrast(ContrastCandidates contrast) {
        return switch (contrast.getReferenceCase()) {
            case BLOCK -> new CandidateRule.LayerContrast(contrast.getBlock());
            case LENS -> new CandidateRule.LensContrast(contrast.getLens());
            case REFERENCE_NOT_SET ->
                throw InvalidFieldException.of(
                        "candidates.contrast.reference", Problem.MISSING, "", "Give a block, or the index of a lens.");
        };
    }

    private static void requireNoSites(AnalyzeRequest request) {
        if (request.getSitesCount() > 0) {
            throw InvalidFieldException.of(
                    "sites", Problem.NOT_UNDERSTOOD, "all_sites", "Name the sites, or ask for all of them.");
        }
    }

    private static List<Site> sites(List<dev.stratalens.v1.Site> sites) {
        List<Site> parsed = new ArrayList<>();
        for (dev.stratalens.v1.Site message : sites) {
            String field = "sites[%d]".formatted(parsed.size());
            parsed.add(site(field, message));
        }
        return parsed;
    }

    static Site site(String field, dev.stratalens.v1.Site message) {
        if (message == dev.stratalens.v1.Site.SITE_UNSPECIFIED || message == dev.stratalens.v1.Site.UNRECOGNIZED) {
            throw notUnderstood(field, message.name(), "Ask for one of the sites of the contract.");
        }
        return LensHeaders.site(message);
    }

    static List<IndexRange> ranges(List<dev.stratalens.v1.IndexRange> ranges) {
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
