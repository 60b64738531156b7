package dev.stratalens.bench.round;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one comparison.
 *
 * @param rounds those that count
 * @param repeated rounds that were thrown away because something else used the processor
 * @param disturbed rounds that count though something else did, because it had been repeated often enough
 */
public record Rounds(List<Round> rounds, int repeated, int disturbed) {

    public Rounds {
        rounds = List.copyOf(rounds);
    }

    public SampleSpread of(String name) {
        return of(round -> round.get(name));
    }

    public SampleSpread of(ToDoubleFunction<Round> derived) {
        return SampleSpread.of(rounds.stream().mapToDouble(derived).toArray());
    }
}
