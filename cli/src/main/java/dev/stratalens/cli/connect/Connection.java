package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.ModelFacts;
import dev.stratalens.client.ModelState;
import dev.stratalens.client.ServedModel;
import dev.stratalens.client.SpecialTokens;
import dev.stratalens.client.TokenizeRequest;
import java.util.List;

/**
 * A client and the model to ask. Closing it closes the client, and the server if it is in this process.
 *
 * @param client talks to the server
 * @param model name of the model; empty = the only one served
 * @param server what to close after the client
 */
public record Connection(LensClient client, String model, Runnable server) implements AutoCloseable {

    private static final long POLL_MILLIS = 20;

    /**
     * A server in this process with one model, which begins to load.
     *
     * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
     */
    public static Connection to(LocalModel model, String computeType) {
        LocalServer started = LocalServer.start(List.of(model), computeType);
        return new Connection(LensClient.inProcess(started.name()), model.name(), started::close);
    }

    /**
     * Waits until the model is loaded.
     *
     * @throws CliException if it cannot be loaded
     */
    public ModelFacts awaitModel(ProgressLine progress) {
        ServedModel served = client.model(model);
        if (served.state() == ModelState.NOT_LOADED || served.state() == ModelState.UNLOADING) {
            progress.show("loading " + served.name());
            // Whatever needs the model loads it; a text of nothing costs nothing else.
            client.tokenize(new TokenizeRequest(model, "", SpecialTokens.NONE));
            served = client.model(model);
        }
        while (served.state() == ModelState.LOADING) {
            progress.show("loading " + served.name());
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException(ExitCode.INTERRUPTED, "interrupted while the model was loaded", e);
            }
            served = client.model(model);
        }
        String name = served.name();
        String error = served.error().orElse("the server does not say why");
        return served.facts()
                .orElseThrow(
                        () -> new CliException(ExitCode.MODEL, "model %s cannot be loaded: %s".formatted(name, error)));
    }

    @Override
    public void close() {
        client.close();
        server.run();
    }
}
