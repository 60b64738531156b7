package dev.stratalens.bench.measure;

import static java.util.Objects.requireNonNull;

import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.Target;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.ServerProcess;
import dev.stratalens.bench.soak.CallKind;
import dev.stratalens.bench.soak.HeldNow;
import dev.stratalens.bench.soak.Holding;
import dev.stratalens.bench.soak.MixedLoad;
import dev.stratalens.bench.soak.SoakCalls;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.terminal.TimeText;
import dev.stratalens.client.LensClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mixed load on a server of its own, for long: whether the server holds more at the end than it did once everything had been used. */
final class SoakMeasurement {

    private static final Duration FIRST_LOOK = Duration.ofMinutes(5);
    private static final Path PROC = Path.of("/proc");

    private final Session session;

    SoakMeasurement(Session session) {
        this.session = session;
    }

    /** After five minutes, or half of the time if that is less. */
    static Duration firstLook(Duration whole) {
        Duration half = whole.dividedBy(2);
        return half.compareTo(FIRST_LOOK) < 0 ? half : FIRST_LOOK;
    }

    void run(Figures figures) throws IOException {
        if (!MemoryMeasurement.isPossible()) {
            figures.note("No soak: this system does not tell what a process holds.");
            return;
        }
        BenchSettings settings = session.settings();
        List<String> more = new ArrayList<>(ServerProcess.WITH_ADMIN_PORT);
        more.addAll(List.of("--model", SoakCalls.OTHER + "=" + settings.demo()));
        // It would compute whenever nobody asks, also while the server is looked at.
        more.addAll(List.of("--set", "warm-up=false"));
        try (ServerProcess server = ServerProcess.start(
                settings.program(), settings.model(), settings.computeType().toString(), more)) {
            load(server);
            List<BenchPrompt> prompts =
                    session.tokens().stream().sorted().map(session::prompt).toList();
            try (SoakCalls calls = new SoakCalls(server.address(), prompts)) {
                soak(new MixedLoad(calls), new HeldNow(PROC, server.pid(), server.adminPort()), figures);
            }
        }
    }

    private void load(ServerProcess server) {
        try (LensClient client =
                LensClient.builder(server.address()).usePlaintext().build()) {
            for (String model : List.of(ServerProcess.MODEL, SoakCalls.OTHER)) {
                var unused = new Connection(client, model, () -> {}).awaitModel(session.progress());
            }
        }
    }

    private void soak(MixedLoad load, HeldNow now, Figures figures) throws IOException {
        Duration whole = session.settings().soakTime();
        Duration first = firstLook(whole);
        load.run(Duration.ZERO, first, whole, session.progress());
        Map<Holding, Double> early = now.read();
        early.forEach((holding, value) -> add(figures, holding, first, value, Optional.empty()));
        load.run(first, whole, whole, session.progress());
        Map<Holding, Double> late = now.read();
        late.forEach((holding, value) -> {
            double most = holding.most(requireNonNull(early.get(holding)));
            add(figures, holding, whole, value, Optional.of(Target.atMost(most)));
        });
        for (CallKind kind : CallKind.values()) {
            figures.under(BenchPart.SOAK, condition(whole))
                    .add(kind.title(), Unit.COUNT, SampleSpread.of((double) load.count(kind)));
        }
        figures.add(
                Figure.of(
                        BenchPart.SOAK,
                        "calls that did not end as they should",
                        condition(whole),
                        Unit.COUNT,
                        SampleSpread.of((double) load.failures())),
                Optional.of(Target.atMost(0)));
        load.firstFailure().ifPresent(failure -> figures.note("The first call of these: " + failure));
    }

    private static void add(Figures figures, Holding holding, Duration when, double value, Optional<Target> target) {
        figures.add(
                Figure.of(BenchPart.SOAK, holding.title(), condition(when), holding.unit(), SampleSpread.of(value)),
                target);
    }

    private static String condition(Duration when) {
        return "after " + TimeText.text(when);
    }
}
