package dev.stratalens.bench.server;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import java.util.List;

/**
 * How far two results of the same prompt are apart.
 *
 * @param logProb largest difference of the log-probabilities of the same place in a list of best tokens
 * @param tokens places where another token stands, though its neighbors in the list are not tied with it
 */
public record ResultDifference(double logProb, int tokens) {

    /** Log-probabilities closer than this are tied: which token is named is then a matter of rounding. */
    private static final double TIE = 2e-4;

    public static ResultDifference of(LensResult expected, LensResult actual) {
        double largest = 0;
        int tokens = 0;
        for (int layer : expected.layers()) {
            for (int position : expected.positions()) {
                List<Prediction> one = expected.topK(layer, position);
                List<Prediction> other = actual.topK(layer, position);
                for (int place = 0; place < one.size(); place++) {
                    double difference =
                            one.get(place).logProb() - other.get(place).logProb();
                    largest = Math.max(largest, Math.abs(difference));
                    boolean same = one.get(place).token().id()
                            == other.get(place).token().id();
                    if (!same && !isTied(one, place)) {
                        tokens++;
                    }
                }
            }
        }
        return new ResultDifference(largest, tokens);
    }

    /** The last place may be tied with the first token that is not in the list. */
    private static boolean isTied(List<Prediction> list, int place) {
        boolean above =
                place > 0 && list.get(place - 1).logProb() - list.get(place).logProb() < TIE;
        return above
                || place == list.size() - 1
                || list.get(place).logProb() - list.get(place + 1).logProb() < TIE;
    }
}
