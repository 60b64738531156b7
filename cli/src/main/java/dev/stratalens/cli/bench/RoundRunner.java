package dev.stratalens.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Runs rounds: each does everything that is compared once, one after another. First some that do not count, until
 * everything is warm. A round during which other processes used the processor is repeated, a bounded number of times.
 */
final class RoundRunner {

    private static final long WARM_NANOS = 1_500_000_000L;
    private static final int WARM_ROUNDS = 2;
    private static final long BUDGET_NANOS = 5_000_000_000L;
    private static final int FEWEST = 3;
    private static final int MOST = 15;
    private static final int MOST_REPEATED = 10;

    /** Does everything that is compared and puts its samples into the round. */
    @FunctionalInterface
    interface Work {
        void run(Round round);
    }

    private final OptionalInt repetitions;
    private final CpuWatch watch;
    private int repeatedInAll;
    private int disturbedInAll;

    /** @param repetitions rounds that count; empty = as many as a few seconds allow, {@value #FEWEST} .. {@value #MOST} */
    RoundRunner(OptionalInt repetitions, CpuWatch watch) {
        this.repetitions = repetitions;
        this.watch = watch;
    }

    Rounds run(Work work) {
        warm(work);
        List<Round> rounds = new ArrayList<>();
        int repeated = 0;
        int disturbed = 0;
        long start = System.nanoTime();
        while (wantsMore(rounds.size(), System.nanoTime() - start)) {
            Round round = new Round();
            CpuWatch.Reading before = watch.read();
            work.run(round);
            if (watch.disturbedSince(before)) {
                if (repeated < MOST_REPEATED) {
                    repeated++;
                    continue;
                }
                disturbed++;
            }
            rounds.add(round);
        }
        repeatedInAll += repeated;
        disturbedInAll += disturbed;
        return new Rounds(rounds, repeated, disturbed);
    }

    int repeated() {
        return repeatedInAll;
    }

    int disturbed() {
        return disturbedInAll;
    }

    private static void warm(Work work) {
        long start = System.nanoTime();
        for (int i = 0; i < WARM_ROUNDS || System.nanoTime() - start < WARM_NANOS; i++) {
            if (i > 0 && System.nanoTime() - start > BUDGET_NANOS) {
                return;
            }
            work.run(new Round());
        }
    }

    private boolean wantsMore(int done, long nanos) {
        if (repetitions.isPresent()) {
            return done < repetitions.getAsInt();
        }
        return done < FEWEST || (done < MOST && nanos < BUDGET_NANOS);
    }
}
