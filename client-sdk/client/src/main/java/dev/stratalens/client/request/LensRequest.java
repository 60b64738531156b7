package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
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
 * @param layers blocks to read; none = all. Results come in ascending order.
 * @param includeEmbedding also read the embedding, layer -1
 * @param positions token positions to read; none = all. The model always reads the whole prompt.
 * @param topK predictions per cell, 1 .. 100
 * @param targets tokens whose rank and log-probability are wanted in every cell, at most 32
 * @param statistics statistics wanted beside the log-sum-exp, which always comes
 * @param trajectories whether and how tracked tokens are followed over the layers
 * @param skipFinalNorm decode the raw residual, without the final norm
 * @param requestId repeated by the server's answer and log, at most 128 bytes; may be empty
 * @param timeout deadline of the call, counted from its start; empty = the client's default
 */
public record LensRequest(
        String model,
        Prompt prompt,
        SpecialTokens specialTokens,
        List<IndexRange> layers,
        boolean includeEmbedding,
        List<IndexRange> positions,
        int topK,
        List<LensTarget> targets,
        Set<Statistic> statistics,
        Trajectories trajectories,
        boolean skipFinalNorm,
        String requestId,
        Optional<Duration> timeout) {

    /** Copies collections and checks what can be checked without the model. */
    public LensRequest {
        WholeText.require("model", model);
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(specialTokens, "specialTokens");
        Objects.requireNonNull(trajectories, "trajectories");
        WholeText.require("requestId", requestId);
        layers = List.copyOf(layers);
        positions = List.copyOf(positions);
        targets = List.copyOf(targets);
        statistics = statisticsOf(statistics);
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

    /** A builder that starts from this request. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** An unmodifiable copy in the enum's order. */
    public static Set<Statistic> statisticsOf(Collection<Statistic> statistics) {
        Set<Statistic> copy = EnumSet.noneOf(Statistic.class);
        copy.addAll(statistics);
        return Collections.unmodifiableSet(copy);
    }

    public static Duration requirePositive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + " is not positive");
        }
        return timeout;
    }

    /**
     * Collects the parts of a request. Defaults: the only served model, all layers and positions, top 5, no targets,
     * entropy and KL from the final layer, compact trajectories of all tracked tokens. Not thread-safe.
     */
    public static final class Builder {
        private final Prompt prompt;
        private String model = "";
        private SpecialTokens specialTokens = SpecialTokens.TOKENIZER_DEFAULT;
        private List<IndexRange> layers = List.of();
        private boolean includeEmbedding;
        private List<IndexRange> positions = List.of();
        private int topK = 5;
        private final List<LensTarget> targets = new ArrayList<>();
        private Set<Statistic> statistics = statisticsOf(List.of(Statistic.ENTROPY, Statistic.KL_FROM_FINAL));
        private Trajectories trajectories = Trajectories.compact();
        private boolean skipFinalNorm;
        private String requestId = "";
        private Optional<Duration> timeout = Optional.empty();

        private Builder(Prompt prompt) {
            this.prompt = prompt;
        }

        private Builder(LensRequest request) {
            this(request.prompt);
            model = request.model;
            specialTokens = request.specialTokens;
            layers = request.layers;
            includeEmbedding = request.includeEmbedding;
            positions = request.positions;
            topK = request.topK;
            targets.addAll(request.targets);
            statistics = request.statistics;
            trajectories = request.trajectories;
            skipFinalNorm = request.skipFinalNorm;
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

        /** Also reads the embedding, layer -1. */
        public Builder includeEmbedding() {
            includeEmbedding = true;
            return this;
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

        /** Statistics wanted beside the log-sum-exp; none = only that. Replaces earlier ones. */
        public Builder statistics(Statistic... wanted) {
            statistics = statisticsOf(List.of(wanted));
            return this;
        }

        /** Whether and how tracked tokens are followed. */
        public Builder trajectories(Trajectories wanted) {
            trajectories = wanted;
            return this;
        }

        /** Asks for float32 trajectories of all tracked tokens. */
        public Builder exact() {
            return trajectories(Trajectories.exact());
        }

        /** Decodes the raw residual, without the final norm. */
        public Builder skipFinalNorm() {
            skipFinalNorm = true;
            return this;
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
                    layers,
                    includeEmbedding,
                    positions,
                    topK,
                    targets,
                    statistics,
                    trajectories,
                    skipFinalNorm,
                    requestId,
                    timeout);
        }
    }
}
