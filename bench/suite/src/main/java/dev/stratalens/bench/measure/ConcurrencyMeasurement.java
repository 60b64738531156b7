package dev.stratalens.bench.measure;

import dev.stratalens.bench.bare.BareWork;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.QuantityNames;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Round;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.ClosedLoop;
import dev.stratalens.bench.server.ResultDifference;
import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Callers in a closed loop with short prompts. What could be gained at best is what one packed pass of all their prompts
 * gains over as many single ones, in bare work.
 */
final class ConcurrencyMeasurement {

    static final List<Integer> LENGTHS = List.of(5, 16);
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
        try (BareWork single = session.model().bareWork(prompts.get(0).ids(), 1);
                BareWork packed = session.model().bareWork(prompts.get(0).ids(), callers)) {
            String condition = PromisedTargets.callers(callers, tokens);
            Rounds rounds = session.runner().run(condition, round -> measure(round, prompts, alone, single, packed));
            add(figures, rounds, condition);
        }
    }

    private void measure(
            Round round, List<BenchPrompt> prompts, List<LensResult> alone, BareWork single, BareWork packed) {
        List<Supplier<LensResult>> asks =
                prompts.stream().map(session.server()::caller).toList();
        var one = ClosedLoop.run(asks.subList(0, 1), REQUESTS);
        var all = ClosedLoop.run(asks, REQUESTS);
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
        Figures.Under into = figures.under(BenchPart.CONCURRENCY, condition);
        into.add(ONE, Unit.PER_SECOND, rounds);
        into.add(ALL, Unit.PER_SECOND, rounds);
        into.add(MEDIAN, Unit.SECONDS, rounds);
        into.add(TAIL, Unit.SECONDS, rounds);
        into.add("gain over 1 caller", Unit.RATIO, rounds.of(round -> round.get(ALL) / round.get(ONE)));
        into.add(GAIN_BOUND, Unit.RATIO, rounds);
        SampleSpread share = rounds.of(round -> round.get(ALL) / round.get(ONE) / round.get(GAIN_BOUND));
        into.add(QuantityNames.GAIN_SHARE, Unit.RATIO, share);
        into.add(QuantityNames.TAIL_SHARE, Unit.RATIO, rounds.of(round -> round.get(TAIL) / round.get(MEDIAN)));
        into.add(QuantityNames.DIFFERENCE, Unit.DIFFERENCE, rounds);
        into.add(QuantityNames.OTHER_TOKENS, Unit.COUNT, rounds);
    }
}
