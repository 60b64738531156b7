package dev.stratalens.bench.measure;

import dev.stratalens.bench.bare.MeasuredModel;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.round.CpuWatch;
import dev.stratalens.bench.round.RoundRunner;
import dev.stratalens.bench.round.SettledCalls;
import dev.stratalens.bench.server.BareStubs;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.ClosedLoop;
import dev.stratalens.bench.server.MeasuredServer;
import dev.stratalens.bench.server.Prompts;
import dev.stratalens.bench.server.ServerProcess;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What measurements share: the server's process, the same model in this one, the runner of rounds. */
final class Session implements AutoCloseable {

    private static final List<Integer> DEFAULT_TOKENS = List.of(5, 64, 512);
    private static final int WARM_TOKENS = 16;

    /** The JVM's last compiler takes a method up after some thousand calls. */
    private static final int CALLS = 5_000;
    /** Who make these, with the Java client and with bare stubs each. */
    private static final int CALLERS = 4;

    private final BenchSettings settings;
    private final MeasuredServer server;
    private final RoundRunner runner;
    private final ProgressLine progress;
    private final Prompts prompts;
    private @Nullable MeasuredModel model;

    private Session(BenchSettings settings, MeasuredServer server, RoundRunner runner, ProgressLine progress) {
        this.settings = settings;
        this.server = server;
        this.runner = runner;
        this.progress = progress;
        this.prompts = new Prompts(server.client());
    }

    static Session open(BenchSettings settings, CpuWatch watch, ProgressLine progress) throws IOException {
        progress.show("starting the server");
        MeasuredServer server = MeasuredServer.start(
                settings.program(),
                settings.model(),
                settings.computeType().toString(),
                settings.parts().contains(BenchPart.OVERLOAD) ? ServerProcess.WITH_ADMIN_PORT : List.of(),
                progress);
        return new Session(
                settings,
                server,
                new RoundRunner(settings.repetitions(), settings.warmUp(), watch, progress),
                progress);
    }

    /**
     * To be called before the server is measured.
     *
     * @return seconds that an answer takes, a token
     */
    double settleServer() throws IOException {
        if (settings.asksServer() && !settings.warmUp().isZero()) {
            progress.show("waiting until the server has warmed itself");
            server.awaitWarm();
            settleClients();
            settle("the server", prompt -> server.ask(prompt).seconds());
        }
        BenchPrompt prompt = warmPrompt();
        server.ask(prompt); // the first answer of a server that is not warm takes many times as long
        return server.ask(prompt).seconds() / prompt.length();
    }

    /** Makes this process what a program is that has asked for a while, by calls that a small model answers. */
    private void settleClients() throws IOException {
        try (MeasuredServer small = MeasuredServer.start(
                        settings.program(),
                        settings.demo(),
                        settings.computeType().toString(),
                        progress);
                BareStubs stubs = new BareStubs(small.address())) {
            progress.show("warming the clients");
            BenchPrompt prompt = new Prompts(small.client()).ofLength(ClientMeasurement.TOKENS, 0);
            List<Supplier<Object>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(() -> small.ask(prompt));
                callers.add(stubs.caller(prompt)::get);
            }
            ClosedLoop.run(callers, CALLS / CALLERS);
        }
    }

    private void settle(String what, ToDoubleFunction<BenchPrompt> call) {
        if (!settings.warmUp().isZero()) {
            progress.show("warming " + what);
            BenchPrompt prompt = warmPrompt();
            SettledCalls.settle(() -> call.applyAsDouble(prompt));
        }
    }

    private BenchPrompt warmPrompt() {
        return prompt(Math.min(WARM_TOKENS, server.facts().contextLength()));
    }

    BenchSettings settings() {
        return settings;
    }

    MeasuredServer server() {
        return server;
    }

    RoundRunner runner() {
        return runner;
    }

    ProgressLine progress() {
        return progress;
    }

    /** The lengths to measure. */
    List<Integer> tokens() {
        int context = server.facts().contextLength();
        if (settings.tokens().isEmpty()) {
            return DEFAULT_TOKENS.stream().filter(count -> count <= context).toList();
        }
        for (int count : settings.tokens()) {
            if (count > context) {
                throw CliException.usage(
                        "--tokens: the model reads %d tokens at most, not %d.".formatted(context, count));
            }
        }
        return settings.tokens();
    }

    /** Starts one more server of the same model, without any requests so far. The caller closes it. */
    MeasuredServer freshServer() throws IOException {
        return MeasuredServer.start(
                settings.program(), settings.model(), settings.computeType().toString(), progress);
    }

    BenchPrompt prompt(int tokens) {
        return prompt(tokens, 0);
    }

    /** One of several different prompts of the same length. */
    BenchPrompt prompt(int tokens, int variant) {
        return prompts.ofLength(tokens, variant);
    }

    /** The model in this process, loaded when it is first wanted, in the type that the server chose. */
    MeasuredModel model() {
        if (model == null) {
            progress.show("loading the model here");
            MeasuredModel loaded =
                    MeasuredModel.load(settings.model(), server.facts().info().computeType());
            model = loaded;
            settle("the model here", prompt -> loaded.lensSeconds(prompt.ids()));
        }
        return model;
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
        server.close();
    }
}
