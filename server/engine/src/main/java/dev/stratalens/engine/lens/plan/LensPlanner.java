package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.text.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Checks a request against a model. Resolves every index and token, and refuses those that the model does not have. */
public final class LensPlanner {

    /** Largest number of targets of a request. */
    public static final int MAX_TARGETS = 32;
    /** Largest number of predictions per cell. */
    public static final int MAX_TOP_K = 100;
    /** Default number of predictions per cell. */
    public static final int DEFAULT_TOP_K = 5;
    /** Largest number of interventions of a request. */
    public static final int MAX_INTERVENTIONS = 64;
    /** Largest number of prompts that the interventions of a request take rows from, each counted once. */
    public static final int MAX_SOURCES = 256;
    /** Largest number of metrics of a request. */
    public static final int MAX_METRICS = 32;

    private LensPlanner() {}

    /** Plans a request for a model without fitted lenses. */
    public static PlannedRequest plan(RequestedPlan request, ModelDescription model, Tokenizer tokenizer) {
        return plan(request, model, tokenizer, List.of());
    }

    /**
     * Plans a request that generates nothing.
     *
     * @param known the fitted lenses of the model
     * @throws InvalidFieldException with the field as in the proto
     * @throws dev.stratalens.engine.error.PromptTooLongException if the prompt has more tokens than fit in the model's
     *     context
     */
    public static PlannedRequest plan(
            RequestedPlan request, ModelDescription model, Tokenizer tokenizer, List<KnownLens> known) {
        PlannedRequest planned = planWriting(request, model, tokenizer, known);
        requireNothingGenerated(planned.plan().interventions());
        return planned;
    }

    /** The same for a request that may generate, whose interventions may change what it generates. */
    public static PlannedRequest planWriting(
            RequestedPlan request, ModelDescription model, Tokenizer tokenizer, List<KnownLens> known) {
        if (request.sweep().isPresent()) {
            return sweep(request.prompt(), request.sweep().get(), model, new TokenReader(model, tokenizer), known);
        }
        // Cheap checks come first, so that a bad request does not encode a long text.
        List<RequestedLens> lenses = lenses(request.lenses());
        requireDistinct("sites", request.sites().sites());
        List<ReadPoint> readPoints = new ReadPointSelection(model).resolve(request);
        List<LensCoverage> coverage =
                new LensLookup(known, ReadPoint.layer(model.blockCount() - 1)).coverage(lenses, readPoints);
        int topK = topK(request.topK(), model);
        PlannedCandidates candidates = new CandidateChecks(readPoints, lenses, coverage)
                .plan(request.candidates(), topK, tokenizer, model.vocabularySize());
        requireDistinct("statistics", request.statistics());
        OptionalDouble minimumPeak = minimumPeak(request.minimumPeak());
        List<ReadPoint> attributed = request.attributed() ? attributed(request, model) : List.of();
        var tokens = new TokenReader(model, tokenizer);
        List<PlannedTarget> targets = tokens.targets(request.targets());
        TokenReader.Prompt prompt = tokens.prompt("prompt", request.prompt());
        int[] positions = IndexSelection.resolve(
                "positions", request.positions(), prompt.tokens().ids().length, IndexSelection.POSITIONS_COUNTED);
        Interventions interventions = interventions(
                request,
                new InterventionPlanner(model, tokens, known, prompt.tokens().ids()),
                tokens);
        var plan = new LensPlan(
                prompt.tokens().ids(),
                lenses,
                readPoints,
                positions,
                topK,
                targets,
                Set.copyOf(request.statistics()),
                minimumPeak,
                coverage,
                attributed,
                candidates,
                interventions);
        return new PlannedRequest(plan, prompt.tokens(), prompt.rendered());
    }

    private static PlannedRequest sweep(
            LensPrompt asked, RequestedSweep sweep, ModelDescription model, TokenReader tokens, List<KnownLens> known) {
        TokenReader.Prompt prompt = tokens.prompt("prompt", asked);
        int[] ids = prompt.tokens().ids();
        var planner = new InterventionPlanner(model, tokens, known, ids);
        Interventions.Change change = planner.plan("intervention", sweep.intervention());
        if (sweep.heads() == RequestedSweep.Heads.EACH && change.site() != Site.ATTENTION_HEADS) {
            throw InvalidFieldException.of(
                    "by_head",
                    Problem.NOT_AVAILABLE,
                    change.site().inWords(),
                    "Only the site attention-heads has heads. Leave the field out, or change that site.");
        }
        var grid = new Interventions.Sweep(
                change, sweep.heads(), new EffectPlanner(tokens, ids.length).metric("metric", sweep.metric()));
        var interventions = new Interventions(List.of(), planner.sources(), Optional.empty(), Optional.of(grid));
        LensPlan plan = LensPlan.sweep(ids, ReadPoint.layer(model.blockCount() - 1), interventions);
        return new PlannedRequest(plan, prompt.tokens(), prompt.rendered());
    }

    private static void requireNothingGenerated(Interventions interventions) {
        for (int i = 0; i < interventions.changes().size(); i++) {
            requireNotGenerated(
                    "interventions[%d]".formatted(i), interventions.changes().get(i));
        }
        interventions.sweep().ifPresent(sweep -> requireNotGenerated("intervention", sweep.change()));
    }

    private static void requireNotGenerated(String field, Interventions.Change change) {
        if (change.reachesGenerated()) {
            throw InvalidFieldException.of(
                    field + ".rows.generated",
                    Problem.NOT_AVAILABLE,
                    "generated",
                    "This request generates no tokens. Leave the field out.");
        }
    }

    private static Interventions interventions(RequestedPlan request, InterventionPlanner planner, TokenReader tokens) {
        List<Interventions.Change> changes = planner.plan(request.interventions());
        if (changes.isEmpty() && request.effect().isPresent()) {
            throw InvalidFieldException.of(
                    "interventions", Problem.MISSING, "", "An effect needs an intervention: it says what that did.");
        }
        var effects = new EffectPlanner(tokens, planner.promptLength());
        return new Interventions(changes, planner.sources(), request.effect().map(effects::plan));
    }

    private static List<RequestedLens> lenses(List<RequestedLens> asked) {
        if (asked.isEmpty()) {
            return List.of(new RequestedLens.Logit());
        }
        requireDistinct("lenses", asked);
        return asked;
    }

    /** All parts that write to the stream, whichever layers are read. */
    private static List<ReadPoint> attributed(RequestedPlan request, ModelDescription model) {
        if (model.notASum().isPresent()) {
            throw InvalidFieldException.of(
                    "attribution",
                    Problem.NOT_AVAILABLE,
                    "attribution",
                    "In this family, %s, so that no logit is a sum over the blocks."
                            .formatted(model.notASum().get()));
        }
        if (request.targets().isEmpty()) {
            throw InvalidFieldException.of(
                    "targets", Problem.MISSING, "", "An attribution needs a target: it is a sum that makes its logit.");
        }
        return IntStream.range(0, model.blockCount())
                .boxed()
                .flatMap(block -> model.attributed().get(block).stream().map(site -> new ReadPoint(block, site)))
                .sorted()
                .toList();
    }

    private static int topK(OptionalInt asked, ModelDescription model) {
        int maximum = Math.min(MAX_TOP_K, model.vocabularySize());
        int topK = asked.orElse(Math.min(DEFAULT_TOP_K, maximum));
        if (topK < 1 || topK > maximum) {
            throw InvalidFieldException.outOfRange(
                    "top_k", topK, 1, maximum, "Request further tokens as targets instead.");
        }
        return topK;
    }

    private static void requireDistinct(String field, List<?> asked) {
        for (int i = 0; i < asked.size(); i++) {
            if (asked.indexOf(asked.get(i)) < i) {
                throw InvalidFieldException.of(
                        "%s[%d]".formatted(field, i),
                        Problem.DUPLICATE,
                        asked.get(i).toString(),
                        "Ask for each of the " + field + " once.");
            }
        }
    }

    private static OptionalDouble minimumPeak(OptionalDouble asked) {
        // This form also refuses NaN.
        if (asked.isPresent() && !(asked.getAsDouble() >= 0 && asked.getAsDouble() <= 1)) {
            throw InvalidFieldException.of(
                    "trajectories.min_peak_probability",
                    Problem.OUT_OF_RANGE,
                    Double.toString(asked.getAsDouble()),
                    "Give a probability from 0 to 1; 0 sends all trajectories.");
        }
        return asked;
    }
}
