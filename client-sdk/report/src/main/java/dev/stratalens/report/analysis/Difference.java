package dev.stratalens.report.analysis;

import dev.stratalens.client.result.LensResult;
import java.util.OptionalDouble;

/**
 * A number of run A taken from that of run B at cells that are held against each other: below 0 where A has more. Swapped
 * runs have the negative of it.
 */
public enum Difference {
    /** Of the entropies, nats. */
    ENTROPY("nats") {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return result.entropy(layer, position);
        }
    },
    /** Of KL(final || layer), nats: how far each run still is from its own output. */
    KL_FROM_FINAL("nats") {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return result.klFromFinal(layer, position);
        }
    },
    /** Of the probabilities of the best token, whichever it is. */
    TOP_PROBABILITY("") {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return OptionalDouble.of(result.top(layer, position).probability());
        }
    },
    /** Of the probabilities of the first target that was asked for. */
    TARGET_PROBABILITY("") {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            OptionalDouble logProb = TARGET_LOG_PROBABILITY.value(result, layer, position);
            return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
        }
    },
    /** Of its log-probabilities, nats. */
    TARGET_LOG_PROBABILITY("nats") {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return result.targets().isEmpty() ? OptionalDouble.empty() : result.targetLogProb(0, layer, position);
        }
    },
    /** Of the decimal logarithms of its ranks: 1 where it ranks ten times worse in B. */
    TARGET_RANK("powers of ten") {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            if (result.targets().isEmpty()) {
                return OptionalDouble.empty();
            }
            var rank = result.rank(0, layer, position);
            return rank.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Math.log10(rank.getAsInt()));
        }
    };

    private final String unit;

    Difference(String unit) {
        this.unit = unit;
    }

    /** The unit; empty if there is none. */
    public String unit() {
        return unit;
    }

    /** Whether both results must have been asked for a target. */
    public boolean needsTarget() {
        return this == TARGET_PROBABILITY || this == TARGET_LOG_PROBABILITY || this == TARGET_RANK;
    }

    /** The number in one run; empty where it was not computed. */
    abstract OptionalDouble value(LensResult result, int layer, int position);
}
