package dev.stratalens.report.analysis;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Trajectory;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A number of a cell that is followed over the layers of many prompts. The target of a prompt is the first that was asked
 * for, {@code final-top} apart.
 */
public enum PromptQuantity {
    /** Entropy, nats, 0 .. ln V. */
    ENTROPY {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return result.entropy(layer, position);
        }
    },
    /** KL(final || layer), nats, 0 or more. */
    KL_FROM_FINAL {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return result.klFromFinal(layer, position);
        }
    },
    /** Probability of the target, 0 .. 1. */
    TARGET_PROBABILITY {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return probability(result, target(result, PromptQuantity::isTarget), layer, position);
        }
    },
    /** Decimal logarithm of the target's rank, 0 (the best) .. log10 V: its mean is that of the geometric mean rank. */
    TARGET_LOG_RANK {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return logRank(result, target(result, PromptQuantity::isTarget), layer, position);
        }
    },
    /** Probability of the model's own prediction, 0 .. 1. */
    FINAL_PROBABILITY {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            OptionalInt target = target(result, LensTarget.FinalTop.class::isInstance);
            if (target.isPresent()) {
                return probability(result, target, layer, position);
            }
            Optional<Trajectory> tracked = result.trajectory(
                    position, result.finalTop(position).token().id());
            int index = result.layers().indexOf(layer);
            return tracked.map(trajectory -> OptionalDouble.of(trajectory.probability(index)))
                    .orElse(OptionalDouble.empty());
        }
    },
    /** Decimal logarithm of its rank, as of the target's; known where {@code final-top} was asked for. */
    FINAL_LOG_RANK {
        @Override
        OptionalDouble value(LensResult result, int layer, int position) {
            return logRank(result, target(result, LensTarget.FinalTop.class::isInstance), layer, position);
        }
    };

    /** The number of a cell; empty where it was not computed or does not exist. */
    abstract OptionalDouble value(LensResult result, int layer, int position);

    /** Of all positions that have one, the mean; empty where none has. */
    OptionalDouble mean(LensResult result, int layer) {
        return result.positions().stream()
                .map(position -> value(result, layer, position))
                .flatMapToDouble(OptionalDouble::stream)
                .average();
    }

    private static boolean isTarget(LensTarget target) {
        return !(target instanceof LensTarget.FinalTop);
    }

    private static OptionalInt target(LensResult result, Predicate<LensTarget> wanted) {
        return IntStream.range(0, result.targets().size())
                .filter(index -> wanted.test(result.targets().get(index).target()))
                .findFirst();
    }

    private static OptionalDouble probability(LensResult result, OptionalInt target, int layer, int position) {
        if (target.isEmpty()) {
            return OptionalDouble.empty();
        }
        OptionalDouble logProb = result.targetLogProb(target.getAsInt(), layer, position);
        return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
    }

    private static OptionalDouble logRank(LensResult result, OptionalInt target, int layer, int position) {
        OptionalInt rank = target.isEmpty() ? target : result.rank(target.getAsInt(), layer, position);
        return rank.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Math.log10(rank.getAsInt()));
    }
}
