package dev.stratalens.bench.round;

import dev.stratalens.cli.terminal.ProgressLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Runs rounds: each does everything that is compared once, one after another. First some that do not count, until
 * everything is warm. A round during which other processes used the processor is repeated, a bounded number of times.
 */
public final class RoundRunner {

    private static final long BUDGET_NANOS = 3_000_000_000L;
    private static final int FEWEST = 3;
    private static final int MOST = 15;
    private static final int MOST_REPEATED = 10;

    /** Does everything that is compared and puts its samples into the round. */
    @FunctionalInterface
    public interface Work {
        void run(Round round);
    }

    private final OptionalInt repetitions;
    private final Duration warmUp;
    private final CpuWatch watch;
    private final ProgressLine progress;
    private int repeatedInAll;
    private int disturbedInAll;

    /**
     * A runner.
     *
     * @param repetitions rounds that count; empty = as many as a few seconds allow, {@value #FEWEST} .. {@value #MOST}
     * @param warmUp time before the first one; zero for none
     */
    public RoundRunner(OptionalInt repetitions, Duration warmUp, CpuWatch watch, ProgressLine progress) {
        this.repetitions = repetitions;
        this.warmUp = warmUp;
        this.watch = watch;
        this.progress = progress;
    }

    /**
     * Runs rounds until they suffice.
     *
     * @param what is measured, for a reader
     */
    public Rounds run(String what, Work work) {
        progress.show("measuring " + what);
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
            show(what, rounds.size(), System.nanoTime() - start);
        }
        repeatedInAll += repeated;
        disturbedInAll += disturbed;
        return new Rounds(rounds, repeated, disturbed);
    }

    /** Seconds that rounds of a length take, those that do not count included. */
    public double seconds(double round) {
        double affordable = Math.max(FEWEST, Math.min(MOST, BUDGET_NANOS / 1e9 / round));
        return Math.max(warmUp.toNanos() / 1e9, warmUp.isZero() ? 0 : round)
                + repetitions.orElse((int) affordable) * round;
    }

    public int repeated() {
        return repeatedInAll;
    }

    public int disturbed() {
        return disturbedInAll;
    }

    private void warm(Work work) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < warmUp.toNanos()) {
            work.run(new Round());
        }
    }

    private void show(String what, int done, long nanos) {
        long affordable = BUDGET_NANOS / Math.max(1, nanos / done);
        progress.show(what, done, repetitions.orElse((int) Math.max(FEWEST, Math.min(MOST, affordable))));
    }

    private boolean wantsMore(int done, long nanos) {
        if (repetitions.isPresent()) {
            return done < repetitions.getAsInt();
        }
        return done < FEWEST || (done < MOST && nanos < BUDGET_NANOS);
    }
}
