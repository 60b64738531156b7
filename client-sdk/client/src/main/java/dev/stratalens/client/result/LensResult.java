package dev.stratalens.client.result;

import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * A complete result. Immutable, thread-safe, equal by value. Layers are layer numbers (-1 = embedding) and positions token
 * positions in the prompt; a layer, position, target or id that is not there is refused with an
 * {@link IllegalArgumentException} that names what is. Values that were not asked for, or that do not exist, are empty; so are
 * those that the file does not hold from which a result was read. Made by this library alone: methods will be added.
 */
public interface LensResult {

    /** What was known before the first layer. */
    ResultInfo info();

    /** What is known at the end. */
    ResultSummary summary();

    /** The model that answered. */
    default ModelInfo model() {
        return info().model();
    }

    /** The lenses of the result, in the order that they were asked for. */
    default List<Lens> lenses() {
        return info().lenses();
    }

    /** The lens that this view reads: the first one, unless it came from {@link #through}. */
    Lens lens();

    /**
     * The same result, read through another of its lenses.
     *
     * @throws IllegalArgumentException if the lens was not asked for
     */
    LensResult through(Lens wanted);

    /** The prompt's text, of a chat the text that the model's template made of it; empty where ids were sent. */
    default Optional<String> prompt() {
        return info().prompt();
    }

    /** The prompt's tokens, one a token position. */
    default List<PromptToken> tokens() {
        return info().tokens();
    }

    /**
     * A token of the prompt for human eyes: as {@link Token#display()}, but if it is a part of a character, the character with its
     * part, such as {@code 国 1/2}.
     *
     * @param position of any token of the prompt
     */
    default String display(int position) {
        return CharacterParts.display(tokens(), prompt(), position);
    }

    /** What the lens of this view reads: where, and what to know about its numbers. */
    default LensReading reading() {
        return info().reading(lens());
    }

    /** The layers that the lens of this view has read, ascending; -1 first if the embedding was asked for. */
    List<Integer> layers();

    /** Where the lens of this view has read, in order of depth: the layers, as places in the model. */
    default List<ReadPoint> readPoints() {
        return reading().readPoints();
    }

    /** The positions that were read, ascending. */
    default List<Integer> positions() {
        return info().positions();
    }

    /** The last position that was read. */
    default int lastPosition() {
        return positions().get(positions().size() - 1);
    }

    /** Predictions per cell. */
    default int k() {
        return info().k();
    }

    /** The asked targets. */
    default List<TargetInfo> targets() {
        return info().targets();
    }

    /** One layer. */
    LayerResult layer(int layer);

    /** What the lens read at a place in the model; {@link #layer} is short for it. */
    LayerResult at(ReadPoint readPoint);

    /** The k predictions of a cell, best first; ties by lower id. {@link ResultInfo#candidates()} says which tokens they are. */
    default List<Prediction> topK(int layer, int position) {
        return layer(layer).topK(position);
    }

    /** The best token of a cell. */
    default Prediction top(int layer, int position) {
        return layer(layer).top(position);
    }

    /** A statistic of a cell; empty if it was not asked for, or does not exist there. */
    default OptionalDouble statistic(Statistic statistic, int layer, int position) {
        return layer(layer).statistic(statistic, position);
    }

    /**
     * ln(sum(exp(logits))) of a cell; a token's logit is its log-probability plus this.
     *
     * @throws IllegalArgumentException if {@link Statistic#LOG_SUM_EXP} was not asked for
     */
    default float logSumExp(int layer, int position) {
        return layer(layer).logSumExp(position);
    }

    /** Entropy of a cell in nats. */
    default OptionalDouble entropy(int layer, int position) {
        return layer(layer).entropy(position);
    }

    /** KL(final || layer) in nats. */
    default OptionalDouble klFromFinal(int layer, int position) {
        return layer(layer).klFromFinal(position);
    }

    /** KL(next requested layer || layer) in nats; empty at the last. */
    default OptionalDouble klFromNext(int layer, int position) {
        return layer(layer).klFromNext(position);
    }

    /** The model's own best token at a position, whatever layers were asked for. */
    default Prediction finalTop(int position) {
        return info().finalTop(position);
    }

    /** The vocabulary id of a target at a position; empty where there is none. */
    default OptionalInt targetToken(LensTarget target, int position) {
        return info().targetToken(target, position);
    }

    /** Rank of a target over the whole vocabulary, 1 = best; empty where the position has no such target. */
    default OptionalInt rank(LensTarget target, int layer, int position) {
        return layer(layer).rank(target, position);
    }

    /** Log-probability of a target; empty where the position has no such target. */
    default OptionalDouble targetLogProb(LensTarget target, int layer, int position) {
        return layer(layer).targetLogProb(target, position);
    }

    /** A tracked token at a position; empty if the token was not tracked there or no trajectories were asked for. */
    Optional<Trajectory> trajectory(int position, int tokenId);

    /** The tracked tokens of a position by ascending id; none if no trajectories were asked for. */
    List<Trajectory> trajectories(int position);

    /**
     * The first asked block from which the best token is the model's own and stays so to the last asked block; empty if it
     * is not so at the last. The embedding does not count.
     */
    default OptionalInt crystallizationLayer(int position) {
        int finalTop = finalTop(position).token().id();
        OptionalInt since = OptionalInt.empty();
        for (int layer : layers()) {
            if (layer < 0 || top(layer, position).token().id() != finalTop) {
                since = OptionalInt.empty();
            } else if (since.isEmpty()) {
                since = OptionalInt.of(layer);
            }
        }
        return since;
    }

    /** The first asked block where the best token is the model's own. The embedding does not count. */
    default OptionalInt firstAppearance(int position) {
        int finalTop = finalTop(position).token().id();
        return firstBlock(layer -> top(layer, position).token().id() == finalTop);
    }

    /** The first asked block where a target's rank is at most {@code rank}. The embedding does not count. */
    default OptionalInt firstRankWithin(LensTarget target, int position, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException("rank " + rank + " is below 1; 1 is the best token");
        }
        targetToken(target, position); // refuses what is not there
        return firstBlock(layer -> rank(target, layer, position).orElse(Integer.MAX_VALUE) <= rank);
    }

    private OptionalInt firstBlock(IntPredicate condition) {
        return layers().stream()
                .mapToInt(Integer::intValue)
                .filter(layer -> layer >= 0)
                .filter(condition)
                .findFirst();
    }

    /**
     * The text of a vocabulary id that occurs in this result.
     *
     * @throws IllegalArgumentException if the id does not occur
     */
    default Token token(int id) {
        Token token = vocabulary().get(id);
        if (token == null) {
            throw new IllegalArgumentException(
                    "token id " + id + " does not occur in this result, which knows the texts of "
                            + vocabulary().size() + " ids");
        }
        return token;
    }

    /** The texts of every id that occurs, by id. */
    Map<Integer, Token> vocabulary();

    /** How much each part of the model writes toward the targets; empty if it was not asked for. */
    default Optional<Attribution> attribution() {
        return summary().attribution();
    }

    /** What the interventions did; empty if that was not asked for. */
    default Optional<InterventionEffect> effect() {
        return summary().effect();
    }

    /** The result of the pass without interventions; empty if it was not asked for. */
    default Optional<LensResult> unchanged() {
        return summary().unchanged();
    }

    /** The server's check of its own arithmetic; empty where the result was read from a file that has none. */
    default Optional<SelfCheck> selfCheck() {
        return summary().selfCheck();
    }

    /** Where the server's time went; empty where the result was read from a file that does not say. */
    default Optional<Timings> timings() {
        return summary().timings();
    }
}
