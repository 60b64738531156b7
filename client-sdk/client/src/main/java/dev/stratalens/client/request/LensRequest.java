package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What to compute for one prompt. Immutable; {@link #of(String)} starts one.
 *
 * @param model name of a served model; empty = the only one served
 * @param prompt what the model reads
 * @param specialTokens for a text: whether the tokenizer adds its special tokens
 * @param lenses lenses to read with, each once; none = the logit lens
 * @param layers blocks to read; none = all. Results come in ascending order.
 * @param sites sites to read, each once; none = block outputs
 * @param positions token positions to read; none = all. The model always reads the whole prompt.
 * @param topK predictions per cell, 1 .. 100
 * @param targets tokens whose rank and log-probability are wanted in every cell, at most 32
 * @param statistics statistics wanted of every cell
 * @param trajectories whether tracked tokens are followed over the layers
 * @param numberForm how numbers travel
 * @param requestId repeated by the server's answer and log, at most 128 bytes; may be empty
 * @param timeout deadline of the call, counted from its start; empty = the client's default
 */
public record LensRequest(
        String model,
        Prompt prompt,
        SpecialTokens specialTokens,
        List<Lens> lenses,
        List<IndexRange> layers,
        List<Site> sites,
        List<IndexRange> positions,
        int topK,
        List<LensTarget> targets,
        Set<Statistic> statistics,
        Trajectories trajectories,
        NumberForm numberForm,
        String requestId,
        Optional<Duration> timeout) {

    /** Copies collections and checks what can be checked without the model. */
    public LensRequest {
        WholeText.require("model", model);
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(specialTokens, "specialTokens");
        Objects.requireNonNull(trajectories, "trajectories");
        WholeText.require("requestId", requestId);
        Objects.requireNonNull(numberForm, "numberForm");
        lenses = each("lens", lenses);
        layers = List.copyOf(layers);
        sites = each("site", sites);
        positions = List.copyOf(positions);
        targets = List.copyOf(targets);
        statistics = Statistic.setOf(statistics);
        if (topK < 1 || topK > 100) {
            throw new IllegalArgumentException("topK " + topK + " is outside 1 .. 100");
        }
        timeout.ifPresent(LensRequest::requirePositive);
    }

    /** Starts a request for a text. */
    public static Builder of(String text) {
        return new Builder(new Prompt.Text(text));
    }

    /** Starts a request for vocabulary ids, used as they are. */
    public static Builder ofTokenIds(int... ids) {
        return new Builder(new Prompt.TokenIds(Arrays.stream(ids).boxed().toList()));
    }

    /** Starts a request for a chat, up to where the model's own turn begins. */
    public static Builder ofChat(ChatMessage... messages) {
        return of(new Prompt.Chat(List.of(messages)));
    }

    /** Starts a request for any prompt. */
    public static Builder of(Prompt prompt) {
        return new Builder(prompt);
    }

    /** A builder that starts from this request. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The lenses that answer: those that were asked for, or else the logit lens. */
    public List<Lens> effectiveLenses() {
        return lenses.isEmpty() ? List.of(Lens.logit()) : lenses;
    }

    /** Whether the embedding, layer -1, is read. */
    public boolean includesEmbedding() {
        return sites.contains(Site.EMBEDDING);
    }

    public static Duration requirePositive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + " is not positive");
        }
        return timeout;
    }

    private static <T> List<T> each(String what, List<T> values) {
        if (new HashSet<>(values).size() < values.size()) {
            throw new IllegalArgumentException("a " + what + " occurs twice: " + values + "; give each once");
        }
        return List.copyOf(values);
    }

    /**
     * Collects the parts of a request. Defaults: the only served model, all layers and positions, top 5, no targets,
     * log-sum-exp, entropy and KL from the final layer, trajectories of all tracked tokens, compact numbers. Not
     * thread-safe.
     */
    public static final class Builder {
        private final Prompt prompt;
        private String model = "";
        private SpecialTokens specialTokens = SpecialTokens.TOKENIZER_DEFAULT;
        private List<Lens> lenses = List.of();
        private List<IndexRange> layers = List.of();
        private Set<Site> sites = Set.of();
        private List<IndexRange> positions = List.of();
        private int topK = 5;
        private final List<LensTarget> targets = new ArrayList<>();
        private Set<Statistic> statistics =
                Statistic.setOf(List.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL));
        private Trajectories trajectories = Trajectories.all();
        private NumberForm numberForm = NumberForm.COMPACT;
        private String requestId = "";
        private Optional<Duration> timeout = Optional.empty();

        private Builder(Prompt prompt) {
            this.prompt = prompt;
        }

        private Builder(LensRequest request) {
            this(request.prompt);
            model = request.model;
            specialTokens = request.specialTokens;
            lenses = request.lenses;
            layers = request.layers;
            sites = new LinkedHashSet<>(request.sites);
            positions = request.positions;
            topK = request.topK;
            targets.addAll(request.targets);
            statistics = request.statistics;
            trajectories = request.trajectories;
            numberForm = request.numberForm;
            requestId = request.requestId;
            timeout = request.timeout;
        }

        /** Name of a served model. */
        public Builder model(String name) {
            model = name;
            return this;
        }

        /** Leaves out the tokenizer's special tokens. */
        public Builder withoutSpecialTokens() {
            specialTokens = SpecialTokens.NONE;
            return this;
        }

        /** Blocks to read; none = all. Replaces earlier ones. */
        public Builder layers(IndexRange... ranges) {
            layers = List.of(ranges);
            return this;
        }

        /** Lenses to read with, each once; none = the logit lens. Replaces earlier ones. */
        public Builder lenses(Lens... wanted) {
            lenses = List.of(wanted);
            return this;
        }

        /** Sites to read, each once; none = block outputs. Replaces earlier ones. */
        public Builder sites(Site... wanted) {
            sites = new LinkedHashSet<>(List.of(wanted));
            return this;
        }

        /** Reads the embedding, layer -1, beside the block outputs. */
        public Builder includeEmbedding() {
            return sites(Site.EMBEDDING, Site.BLOCK_OUTPUT);
        }

        /** Token positions to read; none = all. Replaces earlier ones. */
        public Builder positions(IndexRange... ranges) {
            positions = List.of(ranges);
            return this;
        }

        /** Predictions per cell, 1 .. 100. */
        public Builder topK(int k) {
            topK = k;
            return this;
        }

        /** Adds targets. */
        public Builder target(LensTarget... more) {
            targets.addAll(List.of(more));
            return this;
        }

        /** Statistics wanted of every cell; none = none. Replaces earlier ones. */
        public Builder statistics(Statistic... wanted) {
            statistics = Statistic.setOf(List.of(wanted));
            return this;
        }

        /** Whether tracked tokens are followed. */
        public Builder trajectories(Trajectories wanted) {
            trajectories = wanted;
            return this;
        }

        /** How numbers travel. */
        public Builder numberForm(NumberForm form) {
            numberForm = form;
            return this;
        }

        /** Asks for all numbers as float32, as computed. */
        public Builder exact() {
            return numberForm(NumberForm.EXACT);
        }

        /** Repeated by the server's answer and log. */
        public Builder requestId(String id) {
            requestId = id;
            return this;
        }

        /** Deadline of the call, counted from its start. */
        public Builder timeout(Duration duration) {
            timeout = Optional.of(duration);
            return this;
        }

        /** The request. */
        public LensRequest build() {
            return new LensRequest(
                    model,
                    prompt,
                    specialTokens,
                    lenses,
                    layers,
                    List.copyOf(sites),
                    positions,
                    topK,
                    targets,
                    statistics,
                    trajectories,
                    numberForm,
                    requestId,
                    timeout);
        }
    }
}
