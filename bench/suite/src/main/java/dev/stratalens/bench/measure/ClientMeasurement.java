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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the Java client adds. Callers ask again as soon as they have their answer, in turn through the client and through bare generated
 * stubs that drop the messages; half of the callers begin with the one, half with the other. So both meet the same server and machine.
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

    ClientMeasurement(Session session) {
        this.session = session;
    }

    void run(Figures figures) {
        BenchPrompt prompt = session.prompt(TOKENS);
        int calls = session.settings().calls();
        try (BareStubs stubs = new BareStubs(session.server().address())) {
            for (int callers : CALLERS) {
                String condition = PromisedTargets.callers(callers, TOKENS);
                Rounds rounds = session.runner()
                        .run(
                                "the client at " + condition,
                                round -> measure(
                                        round,
                                        callers,
                                        (calls + callers - 1) / callers,
                                        session.server().caller(prompt),
                                        stubs.caller(prompt)));
                PERCENTILES.keySet().stream().sorted().forEach(name -> add(figures, rounds, name, condition));
            }
        }
    }

    private static void measure(
            Round round, int callers, int requests, Supplier<LensResult> client, Supplier<Integer> bare) {
        var byClient = new TimedCalls(client);
        var byStubs = new TimedCalls(bare);
        List<Supplier<Object>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            TimedCalls first = i % 2 == 0 ? byClient : byStubs;
            TimedCalls second = i % 2 == 0 ? byStubs : byClient;
            all.add(() -> {
                var unused = first.make();
                return second.make();
            });
        }
        ClosedLoop.run(all, requests);
        PERCENTILES.forEach((name, share) -> {
            round.put(name + CLIENT, byClient.percentile(share));
            round.put(name + STUBS, byStubs.percentile(share));
        });
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
