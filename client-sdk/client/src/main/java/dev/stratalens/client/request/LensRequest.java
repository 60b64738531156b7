package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.PositiveTime;
import dev.stratalens.client.internal.argument.WholeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What to compute for one prompt. Immutable; {@link #of(String)} starts one. */
@AutoValue
public abstract class LensRequest {

    private static final int DEFAULT_TOP_K = 5;
    private static final int MAX_TOP_K = 100;

    LensRequest() {}

    /** Starts a request for a text. */
    public static Builder of(String text) {
        return of(Prompt.text(text));
    }

    /** Starts a request for vocabulary ids, used as they are. */
    public static Builder ofTokenIds(int... ids) {
        return of(Prompt.tokenIds(ids));
    }

    /** Starts a request for a chat, up to where the model's own turn begins. */
    public static Builder ofChat(ChatMessage... messages) {
        return of(Prompt.chat(messages));
    }

    /** Starts a request for any prompt. */
    public static Builder of(Prompt prompt) {
        return new AutoValue_LensRequest.Builder()
                .prompt(prompt)
                .specialTokens(SpecialTokens.TOKENIZER_DEFAULT)
                .lenses(List.of())
                .layers(List.of())
                .sites(List.of())
                .positions(List.of())
                .allSites(false)
                .topK(DEFAULT_TOP_K)
                .candidates(Candidates.mostLikely())
                .targets(List.of())
                .statistics(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL)
                .trajectories(Trajectories.all())
                .attributed(false)
                .alone(false)
                .interventions(List.of())
                .metrics(List.of())
                .asksForEffect(false)
                .unchangedToo(false)
                .numberForm(NumberForm.COMPACT)
                .requestId("");
    }

    /** Name of a served model; empty = the only one served. */
    public abstract Optional<String> model();

    /** What the model reads. */
    public abstract Prompt prompt();

    /** For a text: whether the tokenizer adds its special tokens. */
    public abstract SpecialTokens specialTokens();

    /** Lenses to read with, each once; none = the logit lens. */
    public abstract List<Lens> lenses();

    /** Blocks to read; none = all. Results come in ascending order. */
    public abstract List<IndexRange> layers();

    /** Sites to read, each once; none = block outputs. Sites inside a block are read in each block that has them. */
    public abstract List<Site> sites();

    /** Whether all sites are read that the blocks have, and the embedding; then {@link #sites()} has none. */
    public abstract boolean allSites();

    /** Token positions to read; none = all. The model always reads the whole prompt. */
    public abstract List<IndexRange> positions();

    /** Predictions per cell, 1 .. 100. */
    public abstract int topK();

    /** Which tokens are the predictions of a cell. */
    public abstract Candidates candidates();

    /** Tokens whose rank and log-probability are wanted in every cell, at most 32. */
    public abstract List<LensTarget> targets();

    /** Statistics wanted of every cell. */
    public abstract Set<Statistic> statistics();

    /** Whether tracked tokens are followed over the layers. */
    public abstract Trajectories trajectories();

    /** Whether it is computed how much each part of the model writes toward the targets. */
    public abstract boolean attributed();

    /** Whether the prompt is computed in a pass of its own. */
    public abstract boolean alone();

    /** Changes of the forward pass, in the order in which they act, at most 64. */
    public abstract List<Intervention> interventions();

    /** Whether it is told what the interventions did: the prompt is also computed without them. */
    public abstract boolean asksForEffect();

    /** Numbers of the pass with and without interventions, at most 32. */
    public abstract List<Metric> metrics();

    /** Whether the pass without interventions has a result, too. */
    public abstract boolean unchangedToo();

    /** How numbers travel. */
    public abstract NumberForm numberForm();

    /** Id that the server's answer and log repeat, at most 128 bytes; may be empty. */
    public abstract String requestId();

    /** Deadline of the call, counted from its start; empty = the client's default. */
    public abstract Optional<Duration> timeout();

    /** A builder that starts from this request. */
    public abstract Builder toBuilder();

    /** The lenses that answer: those that were asked for, or else the logit lens. */
    public final List<Lens> effectiveLenses() {
        return lenses().isEmpty() ? List.of(Lens.logit()) : lenses();
    }

    /** The sites that may be read: those that were asked for, or else the block outputs. */
    public final List<Site> effectiveSites() {
        if (allSites()) {
            return List.of(Site.values());
        }
        return sites().isEmpty() ? List.of(Site.BLOCK_OUTPUT) : sites();
    }

    /** Whether the embedding, layer -1, is read. */
    public final boolean includesEmbedding() {
        return allSites() || sites().contains(Site.EMBEDDING);
    }

    /**
     * Collects the parts of a request. Defaults: the only served model, all layers and positions, the 5 most likely tokens, no targets,
     * log-sum-exp, entropy and KL from the final layer, trajectories of all tracked tokens, compact numbers. Not
     * thread-safe.
     */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder prompt(Prompt prompt);

        abstract Builder model(Optional<String> name);

        abstract Builder lenses(List<Lens> lenses);

        abstract List<Lens> lenses();

        abstract Builder layers(List<IndexRange> layers);

        abstract Builder sites(List<Site> sites);

        abstract List<Site> sites();

        abstract Builder allSites(boolean wanted);

        abstract Builder positions(List<IndexRange> positions);

        abstract Builder targets(List<LensTarget> targets);

        abstract List<LensTarget> targets();

        abstract Builder statistics(Set<Statistic> statistics);

        abstract Builder interventions(List<Intervention> interventions);

        abstract List<Intervention> interventions();

        abstract Builder asksForEffect(boolean wanted);

        abstract Builder metrics(List<Metric> metrics);

        abstract Builder unchangedToo(boolean wanted);

        abstract LensRequest autoBuild();

        /** Name of a served model; empty = the only one served. */
        public final Builder model(String name) {
            return model(Optional.of(WholeText.require("model", name)).filter(given -> !given.isEmpty()));
        }

        /** Whether the tokenizer adds its special tokens to a text. */
        public abstract Builder specialTokens(SpecialTokens wanted);

        /** Leaves out the tokenizer's special tokens. */
        public final Builder withoutSpecialTokens() {
            return specialTokens(SpecialTokens.NONE);
        }

        /** Lenses to read with, each once; none = the logit lens. Replaces earlier ones. */
        public final Builder lenses(Lens... wanted) {
            return lenses(List.of(wanted));
        }

        /** Blocks to read; none = all. Replaces earlier ones. */
        public final Builder layers(IndexRange... ranges) {
            return layers(List.of(ranges));
        }

        /** Sites to read, each once; none = block outputs. Replaces earlier ones. */
        public final Builder sites(Site... wanted) {
            return allSites(false).sites(List.of(wanted));
        }

        /** Reads all sites that the blocks have, and the embedding. Replaces earlier ones. */
        public final Builder allSites() {
            return sites(List.of()).allSites(true);
        }

        /** Reads the embedding, layer -1, as well as the block outputs. */
        public final Builder includeEmbedding() {
            return sites(Site.EMBEDDING, Site.BLOCK_OUTPUT);
        }

        /** Token positions to read; none = all. Replaces earlier ones. */
        public final Builder positions(IndexRange... ranges) {
            return positions(List.of(ranges));
        }

        /** Predictions per cell, 1 .. 100. */
        public abstract Builder topK(int k);

        /** Which tokens are the predictions of a cell. */
        public abstract Builder candidates(Candidates rule);

        /** Adds targets. */
        public final Builder target(LensTarget... more) {
            List<LensTarget> all = new ArrayList<>(targets());
            Collections.addAll(all, more);
            return targets(List.copyOf(all));
        }

        /** Statistics wanted of every cell; none = none. Replaces earlier ones. */
        public final Builder statistics(Statistic... wanted) {
            return statistics(Statistic.setOf(List.of(wanted)));
        }

        /** Whether tracked tokens are followed. */
        public abstract Builder trajectories(Trajectories wanted);

        abstract Builder attributed(boolean wanted);

        /**
         * Asks how much each part of the model, down to attention heads, writes toward the logit of each target at each asked
         * position. Needs a target.
         */
        public final Builder withAttribution() {
            return attributed(true);
        }

        abstract Builder alone(boolean wanted);

        /**
         * Has the prompt computed in a pass of its own. The same request then gives the same bits on the same machine, with the same version
         * and configuration of the server, whatever else it computes. Short prompts take longer, which otherwise share a pass.
         */
        public final Builder alone() {
            return alone(true);
        }

        /** Adds changes of the forward pass. */
        public final Builder intervention(Intervention... more) {
            List<Intervention> all = new ArrayList<>(interventions());
            Collections.addAll(all, more);
            return interventions(List.copyOf(all));
        }

        /** The same without interventions and what they did. */
        public final Builder withoutInterventions() {
            return interventions(List.of())
                    .asksForEffect(false)
                    .metrics(List.of())
                    .unchangedToo(false);
        }

        /** Asks what the interventions did, with numbers of both passes. Needs an intervention. */
        public final Builder withEffect(Metric... wanted) {
            return asksForEffect(true).metrics(List.of(wanted));
        }

        /** Asks for the result of the pass without interventions, too. Includes {@link #withEffect}. */
        public final Builder withUnchanged() {
            return asksForEffect(true).unchangedToo(true);
        }

        /** How numbers travel. */
        public abstract Builder numberForm(NumberForm form);

        /** Asks for all numbers as float32, as computed. */
        public final Builder exact() {
            return numberForm(NumberForm.EXACT);
        }

        /** Id that the server's answer and log repeat. */
        public abstract Builder requestId(String id);

        /** Deadline of the call, counted from its start. */
        public abstract Builder timeout(Duration duration);

        /**
         * The request.
         *
         * @throws IllegalArgumentException if a part is out of range, as far as that is known without the model
         */
        public final LensRequest build() {
            requireEachOnce("lens", lenses());
            requireEachOnce("site", sites());
            LensRequest request = autoBuild();
            WholeText.require("requestId", request.requestId());
            if (request.attributed() && request.targets().isEmpty()) {
                throw new IllegalArgumentException("an attribution needs a target: it is a sum that makes its logit");
            }
            if (request.asksForEffect() && request.interventions().isEmpty()) {
                throw new IllegalArgumentException("an effect needs an intervention: it says what that did");
            }
            if (request.topK() < 1 || request.topK() > MAX_TOP_K) {
                throw new IllegalArgumentException("topK " + request.topK() + " is outside 1 .. " + MAX_TOP_K);
            }
            request.candidates().lens().ifPresent(reference -> {
                if (!request.effectiveLenses().contains(reference)) {
                    throw new IllegalArgumentException("the request contrasts with the lens " + reference
                            + ", but its lenses are " + request.effectiveLenses() + "; add it");
                }
            });
            request.timeout().ifPresent(PositiveTime::require);
            return request;
        }

        private static void requireEachOnce(String what, List<?> values) {
            if (new HashSet<>(values).size() < values.size()) {
                throw new IllegalArgumentException("a " + what + " occurs twice: " + values + "; give each once");
            }
        }
    }
}
