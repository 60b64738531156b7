package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.request.TokenizeRequest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client and the model to ask. Closing it closes the client, and the server if it is in this process.
 *
 * @param client talks to the server
 * @param model name of the model; empty = the only one served
 * @param server what to close after the client
 */
public record Connection(LensClient client, String model, Runnable server) implements AutoCloseable {

    /** As the other {@code to}, with one model. */
    public static Connection to(LocalModel model, String computeType) {
        return to(List.of(model), Map.of(), computeType, "auto");
    }

    /**
     * A server in this process with some models, which begin to load; the first is the one to ask.
     *
     * @param lenses files of fitted lenses of the first model by name
     * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
     * @param device as in the configuration of a server
     * @throws CliException if two have the same name, or if there is no such device
     */
    public static Connection to(List<LocalModel> models, Map<String, Path> lenses, String computeType, String device) {
        Set<String> names = new HashSet<>();
        for (LocalModel model : models) {
            if (!names.add(model.name())) {
                throw CliException.usage("two models are called %s; name one, as in --model other=%s."
                        .formatted(model.name(), model.directory()));
            }
        }
        LocalServer started = LocalServer.start(models, lenses, computeType, device);
        return new Connection(
                LensClient.inProcess(started.name()), models.get(0).name(), started::close);
    }

    /**
     * Has the model loaded if it is not, and waits for it.
     *
     * @return what is known of it
     * @throws LensException if it cannot be loaded
     */
    public ModelFacts awaitModel(ProgressLine progress) {
        ServedModel served = client.model(model);
        if (served.facts().isEmpty()) {
            served = load(served.name(), progress);
        }
        return served.facts().orElseThrow(); // a loaded model has facts
    }

    /** A server that does not let callers manage models loads one for a text that is read; it shows no progress meanwhile. */
    private ServedModel load(String name, ProgressLine progress) {
        try {
            return client.loadModel(name, state -> ServerProgress.show(state, "", progress));
        } catch (LensException refused) {
            if (refused.code() != ErrorCode.NOT_ALLOWED) {
                throw refused;
            }
            progress.show("loading " + name);
            client.tokenize(
                    TokenizeRequest.of("").model(name).withoutSpecialTokens().build());
            return client.model(name);
        }
    }

    @Override
    public void close() {
        client.close();
        server.run();
    }
}
