package dev.stratalens.bench;

import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers in a closed loop with short prompts. What could be gained at best is what one packed pass of all their prompts
 * gains over as many single ones, in bare work.
 */
final class ConcurrencyMeasurement {

    private static final List<Integer> LENGTHS = List.of(5, 16);
    private static final int REQUESTS = 6;

    private static final String ONE = "throughput of 1 caller";
    private static final String ALL = "throughput";
    private static final String MEDIAN = "latency p50";
    private static final String TAIL = "latency p95";
    private static final String GAIN_BOUND = "gain that one packed pass allows";

    private final Session session;

    ConcurrencyMeasurement(Session session) {
        this.session = session;
    }

    void run(int callers, Figures figures) {
        for (int tokens : LENGTHS) {
            run(callers, tokens, figures);
        }
    }

    private void run(int callers, int tokens, Figures figures) {
        List<BenchPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            prompts.add(session.prompt(tokens, i));
        }
        List<LensResult> alone = prompts.stream()
                .map(prompt -> session.server().ask(prompt).result())
                .toList();
        try (InProcessModel.Bare single = session.model().bare(prompts.get(0), 1);
                InProcessModel.Bare packed = session.model().bare(prompts.get(0), callers)) {
            String condition = PromisedTargets.callers(callers, tokens);
            Rounds rounds = session.runner().run(condition, round -> measure(round, prompts, alone, single, packed));
            add(figures, rounds, condition);
        }
    }

    private void measure(
            Round round,
            List<BenchPrompt> prompts,
            List<LensResult> alone,
            InProcessModel.Bare single,
            InProcessModel.Bare packed) {
        ClosedLoop one = ClosedLoop.run(session.server().client(), prompts.subList(0, 1), REQUESTS);
        ClosedLoop all = ClosedLoop.run(session.server().client(), prompts, REQUESTS);
        round.put(ONE, one.throughput());
        round.put(ALL, all.throughput());
        round.put(MEDIAN, all.percentile(0.5));
        round.put(TAIL, all.percentile(0.95));
        round.put(GAIN_BOUND, prompts.size() * single.all() / packed.all());
        double logProb = 0;
        int tokens = 0;
        for (int i = 0; i < prompts.size(); i++) {
            ResultDifference difference =
                    ResultDifference.of(alone.get(i), all.last().get(i));
            logProb = Math.max(logProb, difference.logProb());
            tokens += difference.tokens();
        }
        round.put(QuantityNames.DIFFERENCE, logProb);
        round.put(QuantityNames.OTHER_TOKENS, (double) tokens);
    }

    private static void add(Figures figures, Rounds rounds, String condition) {
        BenchPart section = BenchPart.CONCURRENCY;
        figures.add(Figure.of(section, ONE, condition, Unit.PER_SECOND, rounds.of(ONE)));
        figures.add(Figure.of(section, ALL, condition, Unit.PER_SECOND, rounds.of(ALL)));
        figures.add(Figure.of(section, MEDIAN, condition, Unit.SECONDS, rounds.of(MEDIAN)));
        figures.add(Figure.of(section, TAIL, condition, Unit.SECONDS, rounds.of(TAIL)));
        SampleSpread gain = rounds.of(round -> round.get(ALL) / round.get(ONE));
        figures.add(Figure.of(section, "gain over 1 caller", condition, Unit.RATIO, gain));
        figures.add(Figure.of(section, GAIN_BOUND, condition, Unit.RATIO, rounds.of(GAIN_BOUND)));
        SampleSpread share = rounds.of(round -> round.get(ALL) / round.get(ONE) / round.get(GAIN_BOUND));
        figures.add(Figure.of(section, QuantityNames.GAIN_SHARE, condition, Unit.RATIO, share));
        SampleSpread tail = rounds.of(round -> round.get(TAIL) / round.get(MEDIAN));
        figures.add(Figure.of(section, QuantityNames.TAIL_SHARE, condition, Unit.RATIO, tail));
        figures.add(Figure.of(
                section, QuantityNames.DIFFERENCE, condition, Unit.DIFFERENCE, rounds.of(QuantityNames.DIFFERENCE)));
        figures.add(Figure.of(
                section, QuantityNames.OTHER_TOKENS, condition, Unit.COUNT, rounds.of(QuantityNames.OTHER_TOKENS)));
    }
}
