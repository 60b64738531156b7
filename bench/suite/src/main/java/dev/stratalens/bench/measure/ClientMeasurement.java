package dev.stratalens.bench.measure;

import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.Target;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Round;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.server.BareStubs;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.ClosedLoop;
import dev.stratalens.client.result.LensResult;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the Java client adds. Callers ask again as soon as they have their answer: first through the client, then through bare generated
 * stubs that drop the messages. The next round has the other order.
 */
final class ClientMeasurement {

    static final List<Integer> CALLERS = List.of(1, 4, 16);

    static final int TOKENS = 5;

    private static final Map<String, Double> PERCENTILES = Map.of("p50", 0.5, "p95", 0.95, "p99", 0.99);

    private static final String CLIENT = ", Java client";
    private static final String STUBS = ", bare stubs";

    /** Reassembly may take one of the two, whichever is more. */
    private static final double MOST_SECONDS = 0.0003;

    private static final double MOST_SHARE = 0.05;

    private final Session session;
    private boolean clientFirst;

    ClientMeasurement(Session session) {
        this.session = session;
    }

    void run(Figures figures) {
        BenchPrompt prompt = session.prompt(TOKENS);
        int calls = session.settings().calls();
        try (BareStubs stubs = new BareStubs(session.server().address())) {
            for (int callers : CALLERS) {
                var client = Collections.nCopies(callers, session.server().caller(prompt));
                var bare = Collections.nCopies(callers, stubs.caller(prompt));
                String condition = PromisedTargets.callers(callers, TOKENS);
                Rounds rounds = session.runner()
                        .run(
                                "the client at " + condition,
                                round -> measure(round, (calls + callers - 1) / callers, client, bare));
                PERCENTILES.keySet().stream().sorted().forEach(name -> add(figures, rounds, name, condition));
            }
        }
    }

    private void measure(Round round, int requests, List<Supplier<LensResult>> client, List<Supplier<Integer>> bare) {
        clientFirst = !clientFirst;
        if (clientFirst) {
            put(round, CLIENT, ClosedLoop.run(client, requests));
        }
        put(round, STUBS, ClosedLoop.run(bare, requests));
        if (!clientFirst) {
            put(round, CLIENT, ClosedLoop.run(client, requests));
        }
    }

    private static void put(Round round, String client, ClosedLoop<?> loop) {
        PERCENTILES.forEach((name, share) -> round.put(name + client, loop.percentile(share)));
    }

    private static void add(Figures figures, Rounds rounds, String name, String condition) {
        Figures.Under into = figures.under(BenchPart.CLIENT, condition);
        into.add(name + CLIENT, Unit.SECONDS, rounds);
        into.add(name + STUBS, Unit.SECONDS, rounds);
        double bare = rounds.of(name + STUBS).median();
        figures.add(
                Figure.of(
                        BenchPart.CLIENT,
                        name + ", difference",
                        condition,
                        Unit.SECONDS,
                        rounds.of(round -> round.get(name + CLIENT) - round.get(name + STUBS))),
                Optional.of(Target.atMost(Math.max(MOST_SECONDS, MOST_SHARE * bare))));
    }
}
