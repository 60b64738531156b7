package dev.stratalens.client.result;

import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * A complete result. Immutable, thread-safe, equal by value. Layers are layer numbers (-1 = embedding) and positions token
 * positions in the prompt; a layer, position, target or id that is not there is refused with an
 * {@link IllegalArgumentException} that names what is. Values that were not asked for, or that do not exist, are empty.
 */
public final class LensResult {

    private final ResultColumns columns;
    private final LensColumns lens;
    private final List<Integer> numbers;
    private final List<LayerResult> layers;

    /** Reads the first lens. */
    public LensResult(ResultColumns columns) {
        this(columns, columns.lenses().get(0));
    }

    private LensResult(ResultColumns columns, LensColumns lens) {
        this.columns = columns;
        this.lens = lens;
        this.numbers = columns.info().layers();
        this.layers = lens.layers().stream()
                .map(layer -> new LayerResult(columns.info(), lens.lens(), layer, columns.vocabulary()))
                .toList();
    }

    public ResultColumns columns() {
        return columns;
    }

    /** What was known before the first layer. */
    public ResultInfo info() {
        return columns.info();
    }

    /**
     * Whether this was read from V2 JSON, which has probabilities of five decimals and nothing else:
     * no statistics, no facts of the model, no self-check, and ids only where the file adds them.
     */
    public boolean isPartial() {
        return model().vocabularySize() == 0;
    }

    /** The model that answered. */
    public ModelInfo model() {
        return info().model();
    }

    /** The lenses of the result, in the order that they were asked for. */
    public List<Lens> lenses() {
        return info().lenses();
    }

    /** The lens that this view reads: the first one, unless it came from {@link #through}. */
    public Lens lens() {
        return lens.lens();
    }

    /**
     * The same result, read through another of its lenses.
     *
     * @throws IllegalArgumentException if the lens was not asked for
     */
    public LensResult through(Lens wanted) {
        int index = lenses().indexOf(wanted);
        if (index < 0) {
            throw new IllegalArgumentException("lens " + wanted + " was not asked for; this result has " + lenses());
        }
        return new LensResult(columns, columns.lenses().get(index));
    }

    /** The prompt's text, of a chat the text that the model's template made of it; empty where ids were sent. */
    public Optional<String> prompt() {
        return info().prompt();
    }

    /** The prompt's tokens, one a token position. */
    public List<PromptToken> tokens() {
        return info().tokens();
    }

    /** The layers that were read, ascending; -1 first if the embedding was asked for. */
    public List<Integer> layers() {
        return numbers;
    }

    /** Where the lenses read, in order of depth: the layers, as places in the model. */
    public List<ReadPoint> readPoints() {
        return info().readPoints();
    }

    /** The positions that were read, ascending. */
    public List<Integer> positions() {
        return info().positions();
    }

    /** Predictions per cell. */
    public int k() {
        return info().k();
    }

    /** The asked targets. */
    public List<TargetInfo> targets() {
        return info().targets();
    }

    /** One layer. */
    public LayerResult layer(int layer) {
        return layers.get(ResultInfo.indexOf(layer, numbers, "layer"));
    }

    /** What the lens read at a place in the model; {@link #layer} is short for it. */
    public LayerResult at(ReadPoint readPoint) {
        return layers.get(ResultInfo.indexOf(readPoint, readPoints(), "read point"));
    }

    /** The k best tokens of a cell, best first; ties by lower id. */
    public List<Prediction> topK(int layer, int position) {
        return layer(layer).topK(position);
    }

    /** The best token of a cell. */
    public Prediction top(int layer, int position) {
        return layer(layer).top(position);
    }

    /** A statistic of a cell; empty if it was not asked for, or does not exist there. */
    public OptionalDouble statistic(Statistic statistic, int layer, int position) {
        return layer(layer).statistic(statistic, position);
    }

    /**
     * ln(sum(exp(logits))) of a cell; a token's logit is its log-probability plus this.
     *
     * @throws IllegalArgumentException if {@link Statistic#LOG_SUM_EXP} was not asked for
     */
    public float logSumExp(int layer, int position) {
        return layer(layer).logSumExp(position);
    }

    /** Entropy of a cell in nats. */
    public OptionalDouble entropy(int layer, int position) {
        return layer(layer).entropy(position);
    }

    /** KL(final || layer) in nats. */
    public OptionalDouble klFromFinal(int layer, int position) {
        return layer(layer).klFromFinal(position);
    }

    /** KL(next asked layer || layer) in nats; empty at the last. */
    public OptionalDouble klFromNext(int layer, int position) {
        return layer(layer).klFromNext(position);
    }

    /** The model's own best token at a position, whatever layers were asked for. */
    public Prediction finalTop(int position) {
        return info().finalTop(position);
    }

    /** The vocabulary id of a target at a position; empty where there is none. */
    public OptionalInt targetToken(int targetIndex, int position) {
        return info().targetToken(targetIndex, position);
    }

    /** Rank of a target over the whole vocabulary, 1 = best. */
    public OptionalInt rank(int targetIndex, int layer, int position) {
        return layer(layer).rank(targetIndex, position);
    }

    /** Log-probability of a target. */
    public OptionalDouble targetLogProb(int targetIndex, int layer, int position) {
        return layer(layer).targetLogProb(targetIndex, position);
    }

    /** As {@link #rank(int, int, int)}, by target. */
    public OptionalInt rank(LensTarget target, int layer, int position) {
        return layer(layer).rank(target, position);
    }

    /** As {@link #targetLogProb(int, int, int)}, by target. */
    public OptionalDouble targetLogProb(LensTarget target, int layer, int position) {
        return layer(layer).targetLogProb(target, position);
    }

    /** A tracked token at a position; empty if the token was not tracked there or no trajectories were asked for. */
    public Optional<Trajectory> trajectory(int position, int tokenId) {
        int at = info().positionIndex(position);
        if (lens.tracked().isEmpty()) {
            return Optional.empty();
        }
        TrackedColumns tracked = lens.tracked().get(at);
        int row = Arrays.binarySearch(tracked.ids(), tokenId);
        return row < 0 ? Optional.empty() : Optional.of(trajectory(tracked, row));
    }

    /** The tracked tokens of a position by ascending id; none if no trajectories were asked for. */
    public List<Trajectory> trajectories(int position) {
        int at = info().positionIndex(position);
        if (lens.tracked().isEmpty()) {
            return List.of();
        }
        TrackedColumns tracked = lens.tracked().get(at);
        List<Trajectory> trajectories = new ArrayList<>(tracked.ids().length);
        for (int row = 0; row < tracked.ids().length; row++) {
            trajectories.add(trajectory(tracked, row));
        }
        return Collections.unmodifiableList(trajectories);
    }

    /**
     * The first asked block from which the best token is the model's own and stays so to the last asked block; empty if it
     * is not so at the last. The embedding does not count.
     */
    public OptionalInt crystallizationLayer(int position) {
        int finalTop = finalTop(position).token().id();
        OptionalInt since = OptionalInt.empty();
        for (LayerResult layer : layers) {
            if (layer.layer() < 0 || layer.top(position).token().id() != finalTop) {
                since = OptionalInt.empty();
            } else if (since.isEmpty()) {
                since = OptionalInt.of(layer.layer());
            }
        }
        return since;
    }

    /** The first asked block where the best token is the model's own. The embedding does not count. */
    public OptionalInt firstAppearance(int position) {
        int finalTop = finalTop(position).token().id();
        return firstBlock(layer -> layer(layer).top(position).token().id() == finalTop);
    }

    /** The first asked block where a target's rank is at most {@code rank}. The embedding does not count. */
    public OptionalInt firstRankWithin(int targetIndex, int position, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException("rank " + rank + " is below 1; 1 is the best token");
        }
        info().targetToken(targetIndex, position); // refuses what is not there
        return firstBlock(layer -> {
            OptionalInt there = layer(layer).rank(targetIndex, position);
            return there.isPresent() && there.getAsInt() <= rank;
        });
    }

    /**
     * The text of a vocabulary id that occurs in this result.
     *
     * @throws IllegalArgumentException if the id does not occur
     */
    public Token token(int id) {
        Token token = columns.vocabulary().get(id);
        if (token == null) {
            throw new IllegalArgumentException(
                    "token id " + id + " does not occur in this result, which knows the texts of "
                            + columns.vocabulary().size() + " ids");
        }
        return token;
    }

    /** The texts of every id that occurs, by id. */
    public Map<Integer, Token> vocabulary() {
        return columns.vocabulary();
    }

    /** The server's check of its own arithmetic. */
    public SelfCheck selfCheck() {
        return columns.selfCheck();
    }

    /** Where the server's time went; empty in a result that was read from a file that does not say. */
    public Optional<Timings> timings() {
        return columns.timings();
    }

    /** What else the server says of the run. */
    public RunFacts facts() {
        return columns.facts();
    }

    private Trajectory trajectory(TrackedColumns tracked, int row) {
        return new Trajectory(token(tracked.ids()[row]), tracked, row, layers.size());
    }

    private OptionalInt firstBlock(IntPredicate condition) {
        return layers().stream()
                .mapToInt(Integer::intValue)
                .filter(layer -> layer >= 0)
                .filter(condition)
                .findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LensResult that && columns.equals(that.columns) && lens().equals(that.lens());
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return "LensResult[model=" + model().name() + ", layers=" + layers().size() + ", positions="
                + positions().size() + ", k=" + k() + "]";
    }
}
