package dev.stratalens.cli.bench;

import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What measurements share: the server's process, the same model in this one, the runner of rounds. */
final class Session implements AutoCloseable {

    private final BenchSettings settings;
    private final MeasuredServer server;
    private final RoundRunner runner;
    private final ProgressLine progress;
    private @Nullable InProcessModel model;

    private Session(BenchSettings settings, MeasuredServer server, RoundRunner runner, ProgressLine progress) {
        this.settings = settings;
        this.server = server;
        this.runner = runner;
        this.progress = progress;
    }

    static Session open(BenchSettings settings, CpuWatch watch, ProgressLine progress) throws IOException {
        progress.show("starting the server");
        MeasuredServer server =
                MeasuredServer.start(settings.program(), settings.model(), settings.computeType(), progress);
        return new Session(settings, server, new RoundRunner(settings.repetitions(), watch), progress);
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

    Prompt prompt(int tokens) {
        return new Prompts(server.client()).ofLength(tokens);
    }

    /** The model in this process, loaded when it is first wanted, in the type that the server chose. */
    InProcessModel model() {
        InProcessModel loaded = model;
        if (loaded == null) {
            progress.show("loading the model here");
            loaded = InProcessModel.load(settings.model(), server.facts().info().computeType());
            model = loaded;
        }
        return loaded;
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
        server.close();
    }
}
