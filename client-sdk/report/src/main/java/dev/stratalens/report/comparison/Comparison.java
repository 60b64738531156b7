package dev.stratalens.report.comparison;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.comparison.Divergence.Measure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * A comparison of two results: of two prompts, models or revisions. It aligns layers and positions. For each pair of
 * them, a cell, it tells how far apart the two distributions over the next token are. Immutable, thread-safe.
 *
 * <p>Layer pairs and position pairs are indexed as in {@link #layers()} and {@link #positions()}; another index throws
 * {@link IndexOutOfBoundsException}.
 */
public final class Comparison {

    private final LensResult a;
    private final LensResult b;
    private final LayerAlignment layerAlignment;
    private final List<LayerPair> layers;
    private final PositionAlignment positions;
    private final TokenKeys keys;
    /** [positions][layers] */
    private final List<List<Divergence>> divergences = new ArrayList<>();

    /**
     * A cell.
     *
     * @param layerIndex index into {@link #layers()}
     * @param positionIndex index into {@link #positions()}
     */
    public record Cell(int layerIndex, int positionIndex) {}

    private Comparison(LensResult a, LensResult b, LayerAlignment alignment) {
        this.a = a;
        this.b = b;
        layerAlignment = alignment;
        layers = alignment.pairs(a, b);
        positions = PositionAlignment.of(a, b);
        keys = TokenKeys.of(a, b);
        for (PositionPair pair : positions.pairs()) {
            KnownProbabilities knownA = KnownProbabilities.of(a, pair.a(), keys);
            KnownProbabilities knownB = KnownProbabilities.of(b, pair.b(), keys);
            divergences.add(layers.stream()
                    .map(layer -> LeastDivergence.of(
                            knownA,
                            a.layers().indexOf(layer.a()),
                            knownB,
                            b.layers().indexOf(layer.b())))
                    .toList());
        }
    }

    /** Compares two results, with the {@linkplain LayerAlignment#fitting layer alignment} that fits the models. */
    public static Comparison of(LensResult a, LensResult b) {
        return of(a, b, LayerAlignment.fitting(a, b));
    }

    /**
     * Compares.
     *
     * @throws IllegalArgumentException if no layer or no position has a counterpart; the message lists them
     */
    public static Comparison of(LensResult a, LensResult b, LayerAlignment alignment) {
        Comparison comparison = new Comparison(a, b, alignment);
        if (comparison.layers.isEmpty()) {
            throw new IllegalArgumentException("no layer of one run has a counterpart in the other: A has " + a.layers()
                    + ", B has " + b.layers() + "; align them by depth, or ask both for the same ones");
        }
        if (comparison.positions().isEmpty()) {
            throw new IllegalArgumentException("no position of one run has a counterpart in the other: A has positions "
                    + a.positions() + " of " + a.tokens().size() + ", B has " + b.positions() + " of "
                    + b.tokens().size() + "; ask both for all positions");
        }
        return comparison;
    }

    /** Result A. */
    public LensResult a() {
        return a;
    }

    /** Result B. */
    public LensResult b() {
        return b;
    }

    /** How layers were aligned. */
    public LayerAlignment layerAlignment() {
        return layerAlignment;
    }

    /** Paired layers, ascending in both results. */
    public List<LayerPair> layers() {
        return layers;
    }

    /** Layers of result A without counterpart, ascending. */
    public List<Integer> layersOnlyInA() {
        return without(a.layers(), LayerPair::a);
    }

    /** Layers of result B without counterpart, ascending. */
    public List<Integer> layersOnlyInB() {
        return without(b.layers(), LayerPair::b);
    }

    /** How positions were aligned, and positions without counterpart. */
    public PositionAlignment positionAlignment() {
        return positions;
    }

    /** Paired positions, ascending in both results. */
    public List<PositionPair> positions() {
        return positions.pairs();
    }

    /** Whether both positions have the same token, by text. */
    public boolean isSameToken(int positionIndex) {
        PositionPair pair = positions().get(positionIndex);
        return a.tokens()
                .get(pair.a())
                .token()
                .text()
                .equals(b.tokens().get(pair.b()).token().text());
    }

    /**
     * Whether the results have different vocabularies, so that tokens are matched by text. A text that several ids of a
     * result share is then not compared, since its counterpart is ambiguous.
     */
    public boolean isMatchedByText() {
        return keys.byText();
    }

    /** The distance of the results at a cell. */
    public Divergence divergence(int layerIndex, int positionIndex) {
        return divergences.get(positionIndex).get(layerIndex);
    }

    /** B's number minus A's at a cell; empty if one of them was not computed. */
    public OptionalDouble difference(Difference difference, int layerIndex, int positionIndex) {
        LayerPair layer = layers.get(layerIndex);
        PositionPair position = positions().get(positionIndex);
        OptionalDouble ofA = difference.value(a, layer.a(), position.a());
        OptionalDouble ofB = difference.value(b, layer.b(), position.b());
        return ofA.isEmpty() || ofB.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(ofB.getAsDouble() - ofA.getAsDouble());
    }

    /** Whether the best tokens of a cell are the same. */
    public boolean isSameTop(int layerIndex, int positionIndex) {
        LayerPair layer = layers.get(layerIndex);
        PositionPair position = positions().get(positionIndex);
        var topA = a.top(layer.a(), position.a()).token();
        var topB = b.top(layer.b(), position.b()).token();
        return keys.byText() ? topA.text().equals(topB.text()) : topA.id() == topB.id();
    }

    /** The first pair of layers at which the results are {@code threshold} or more apart; empty if there is none. */
    public OptionalInt firstApart(int positionIndex, Measure measure, double threshold) {
        for (int layer = 0; layer < layers.size(); layer++) {
            if (divergence(layer, positionIndex).by(measure) >= threshold) {
                return OptionalInt.of(layer);
            }
        }
        return OptionalInt.empty();
    }

    /** The first pair of layers at which the best tokens differ; empty if there is none. */
    public OptionalInt firstOtherTop(int positionIndex) {
        for (int layer = 0; layer < layers.size(); layer++) {
            if (!isSameTop(layer, positionIndex)) {
                return OptionalInt.of(layer);
            }
        }
        return OptionalInt.empty();
    }

    /** The pair of layers at which the results are farthest apart at a position; the first of several. */
    public int mostApart(int positionIndex, Measure measure) {
        int most = 0;
        for (int layer = 1; layer < layers.size(); layer++) {
            if (divergence(layer, positionIndex).by(measure)
                    > divergence(most, positionIndex).by(measure)) {
                most = layer;
            }
        }
        return most;
    }

    /** The cell at which the results are farthest apart; of several the first position's first layer. */
    public Cell mostApart(Measure measure) {
        Cell most = new Cell(mostApart(0, measure), 0);
        for (int position = 1; position < positions().size(); position++) {
            int layer = mostApart(position, measure);
            if (divergence(layer, position).by(measure)
                    > divergence(most.layerIndex(), most.positionIndex()).by(measure)) {
                most = new Cell(layer, position);
            }
        }
        return most;
    }

    /** The mean over the aligned positions. */
    public double mean(Measure measure, int layerIndex) {
        return divergences.stream()
                .mapToDouble(layers -> layers.get(layerIndex).by(measure))
                .average()
                .orElseThrow();
    }

    /**
     * Trajectories over the layers of both results at a pair of positions: of the targets, or without targets, of the
     * predicted tokens (one if they agree).
     */
    public List<OverlaidTrajectory> overlay(int positionIndex) {
        PositionPair pair = positions().get(positionIndex);
        KnownProbabilities knownA = KnownProbabilities.of(a, pair.a(), keys);
        KnownProbabilities knownB = KnownProbabilities.of(b, pair.b(), keys);
        Map<Integer, Token> followed = new LinkedHashMap<>();
        for (Token token :
                Stream.concat(followed(a, pair.a()), followed(b, pair.b())).toList()) {
            followed.putIfAbsent(keys.key(token), token);
        }
        followed.remove(TokenKeys.NONE);
        return followed.entrySet().stream()
                .map(token -> new OverlaidTrajectory(
                        token.getValue(), knownA.through(token.getKey()), knownB.through(token.getKey())))
                .toList();
    }

    private static Stream<Token> followed(LensResult result, int position) {
        if (result.targets().isEmpty()) {
            return Stream.of(result.finalTop(position).token());
        }
        return result.targets().stream()
                .map(target -> result.targetToken(target.target(), position))
                .filter(OptionalInt::isPresent)
                .map(id -> result.token(id.getAsInt()));
    }

    private List<Integer> without(List<Integer> all, ToIntFunction<LayerPair> side) {
        Set<Integer> paired = new HashSet<>();
        layers.forEach(pair -> paired.add(side.applyAsInt(pair)));
        return all.stream().filter(layer -> !paired.contains(layer)).toList();
    }
}
