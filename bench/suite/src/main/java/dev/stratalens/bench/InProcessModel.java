package dev.stratalens.bench;

import dev.stratalens.bench.bare.BareWork;
import dev.stratalens.bench.bare.Blocking;
import dev.stratalens.bench.bare.MeasuredModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The model in this process: the door to the server's own measurements. Seconds everywhere. */
final class InProcessModel implements AutoCloseable {

    /** Cuts that come within this of the fastest are measured to the end. */
    private static final double CLOSE_TO_BEST = 1.05;

    private static final int TRIALS = 2;

    private final MeasuredModel model;

    private InProcessModel(MeasuredModel model) {
        this.model = model;
    }

    static InProcessModel load(Path directory, String computeType) {
        return new InProcessModel(
                MeasuredModel.load(directory, computeType, Runtime.getRuntime().availableProcessors()));
    }

    double loadSeconds() {
        return model.loadNanos() / 1e9;
    }

    int tensorCount() {
        return model.tensorCount();
    }

    /** Attention alone in every block, for a prompt of so many tokens. */
    double attentionSeconds(int tokens) {
        return model.attentionNanos(tokens) / 1e9;
    }

    double lensSeconds(BenchPrompt prompt) {
        return model.lensNanos(prompt.ids()) / 1e9;
    }

    /** The bare work of a prompt that is packed so many times; the caller closes it. */
    Bare bare(BenchPrompt prompt, int copies) {
        return new Bare(model.bareWork(prompt.ids(), copies));
    }

    @Override
    public void close() {
        model.close();
    }

    /** Bare work whose products are cut in the way that is fastest here. */
    static final class Bare implements AutoCloseable {

        private final BareWork work;
        private final List<Blocking> fastest;

        private Bare(BareWork work) {
            this.work = work;
            this.fastest = fastest(work);
        }

        /** Tries every cut; more than one is left where they are about as fast. */
        private static List<Blocking> fastest(BareWork work) {
            var shortest = new ArrayList<Long>();
            for (Blocking blocking : work.blockings()) {
                work.trial(blocking);
                long best = Long.MAX_VALUE;
                for (int i = 0; i < TRIALS; i++) {
                    best = Math.min(best, work.trial(blocking));
                }
                shortest.add(best);
            }
            long best = shortest.stream().mapToLong(Long::longValue).min().orElseThrow();
            var fastest = new ArrayList<Blocking>();
            for (int i = 0; i < shortest.size(); i++) {
                if (shortest.get(i) <= CLOSE_TO_BEST * best) {
                    fastest.add(work.blockings().get(i));
                }
            }
            return fastest;
        }

        List<String> cuts() {
            return fastest.stream().map(Blocking::toString).toList();
        }

        double forward() {
            return work.forward() / 1e9;
        }

        /** One sample for each of {@link #cuts()}. */
        List<Double> products() {
            return fastest.stream().map(cut -> work.products(cut) / 1e9).toList();
        }

        double expectation() {
            return work.expectation() / 1e9;
        }

        double selfChecks() {
            return work.selfChecks() / 1e9;
        }

        /** All of it, once. */
        double all() {
            double products =
                    products().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            return forward() + products + expectation() + selfChecks();
        }

        @Override
        public void close() {
            work.close();
        }
    }
}
