package dev.stratalens.bench.measure;

import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.QuantityNames;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BenchPrompt;
import java.util.List;

/** Time per token at long prompts, and what is left of its rise without attention's own quadratic part. */
final class GrowthMeasurement {

    static final List<Integer> LENGTHS = List.of(512, 1024, 2048, 4096);
    private static final String LENS = "lens, a token";
    private static final String ATTENTION = "attention alone, a token";
    private static final String REST = "without attention, a token";

    private final Session session;

    GrowthMeasurement(Session session) {
        this.session = session;
    }

    void run(Figures figures) {
        int context = session.server().facts().contextLength();
        SampleSpread first = null;
        for (int tokens : LENGTHS) {
            String condition = PromisedTargets.tokens(tokens);
            if (tokens > context) {
                figures.note("Growth is not measured at %s: the model reads %d at most.".formatted(condition, context));
                continue;
            }
            Rounds rounds = measure(session.prompt(tokens), tokens);
            Figures.Under into = figures.under(BenchPart.GROWTH, condition);
            into.add(LENS, Unit.SECONDS, rounds);
            into.add(ATTENTION, Unit.SECONDS, rounds);
            SampleSpread rest = rounds.of(round -> round.get(LENS) - round.get(ATTENTION));
            into.add(REST, Unit.SECONDS, rest);
            first = first == null ? rest : first;
            double base = first.median();
            SampleSpread rise = rounds.of(round -> (round.get(LENS) - round.get(ATTENTION)) / base);
            into.add(QuantityNames.RISE, Unit.RATIO, rise);
        }
    }

    private Rounds measure(BenchPrompt prompt, int tokens) {
        return session.runner().run("growth at " + PromisedTargets.tokens(tokens), round -> {
            round.put(LENS, session.model().lensSeconds(prompt.ids()) / tokens);
            round.put(ATTENTION, session.model().attentionSeconds(tokens) / tokens);
        });
    }
}
