package dev.stratalens.bench.measure;

import dev.stratalens.bench.bare.MeasuredModel.Reading;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.QuantityNames;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.server.BenchPrompt;

/** How fast a model writes with the lens of every token at every layer, and with its output alone. */
final class GenerateMeasurement {

    static final int PROMPT = 16;
    static final int WRITTEN = 32;

    private static final String WITH = "with the lens";
    private static final String WITHOUT = "without";

    private final Session session;

    GenerateMeasurement(Session session) {
        this.session = session;
    }

    void run(Figures figures) {
        BenchPrompt prompt = session.prompt(PROMPT);
        String condition = PromisedTargets.written(PROMPT, WRITTEN);
        Rounds rounds = session.runner().run(condition, round -> {
            round.put(WITH, session.model().writingSeconds(prompt.ids(), WRITTEN, Reading.ALL_LAYERS));
            round.put(WITHOUT, session.model().writingSeconds(prompt.ids(), WRITTEN, Reading.OUTPUT));
        });
        Figures.Under into = figures.under(BenchPart.GENERATE, condition);
        into.add("tokens, with the lens", Unit.PER_SECOND, rounds.of(round -> WRITTEN / round.get(WITH)));
        into.add("tokens, without", Unit.PER_SECOND, rounds.of(round -> WRITTEN / round.get(WITHOUT)));
        into.add(QuantityNames.WRITING_SHARE, Unit.RATIO, rounds.of(round -> round.get(WITHOUT) / round.get(WITH)));
    }
}
