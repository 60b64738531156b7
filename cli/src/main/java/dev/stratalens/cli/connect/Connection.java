package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.TokenizeRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A client and the model to ask. Closing it closes the client, and the server if it is in this process.
 *
 * @param client talks to the server
 * @param model name of the model; empty = the only one served
 * @param server what to close after the client
 */
public record Connection(LensClient client, String model, Runnable server) implements AutoCloseable {

    private static final long POLL_MILLIS = 20;

    /** As the other {@code to}, with one model. */
    public static Connection to(LocalModel model, String computeType) {
        return to(List.of(model), computeType);
    }

    /**
     * A server in this process with some models, which begin to load; the first is the one to ask.
     *
     * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
     * @throws CliException if two have the same name
     */
    public static Connection to(List<LocalModel> models, String computeType) {
        Set<String> names = new HashSet<>();
        for (LocalModel model : models) {
            if (!names.add(model.name())) {
                throw CliException.usage("two models are called %s; name one, as in --model other=%s."
                        .formatted(model.name(), model.directory()));
            }
        }
        LocalServer started = LocalServer.start(models, computeType);
        return new Connection(
                LensClient.inProcess(started.name()), models.get(0).name(), started::close);
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
