package dev.stratalens.cli.doctor;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.connect.LocalServer;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SelfCheck;
import java.util.List;
import java.util.Locale;

/** Tries a checkpoint directory: loads it, and asks for the lens of one word. */
final class ModelChecks {

    private static final String PROBE = "Hello";

    private ModelChecks() {}

    static Finding run(LocalModel model, ComputeType type, ProgressLine progress) {
        String subject = "model " + model.name();
        progress.show("trying " + model.name());
        long start = System.nanoTime();
        LocalServer server = LocalServer.start(List.of(model), type.toString());
        try (Connection connection = new Connection(LensClient.inProcess(server.name()), model.name(), server::close)) {
            ModelFacts facts = connection.awaitModel(progress);
            LensResult result = connection
                    .client()
                    .analyze(LensRequest.of(PROBE).model(model.name()).build());
            double seconds = (System.nanoTime() - start) / 1e9;
            return finding(subject, facts, result.selfCheck().orElseThrow(), seconds);
        } catch (CliException | LensException e) {
            return Finding.problem(subject, String.valueOf(e.getMessage()), "Directory: " + model.directory());
        }
    }

    private static Finding finding(String subject, ModelFacts facts, SelfCheck check, double seconds) {
        String found = String.format(
                Locale.ROOT,
                "%s, %d blocks, %s; loaded and answered in %.1f s, self-check %.1e",
                facts.info().architecture(),
                facts.info().layers(),
                facts.info().computeType(),
                seconds,
                check.maxLogitDifference());
        return check.top1Agrees()
                ? Finding.ok(subject, found)
                : Finding.problem(
                        subject,
                        found + ": the lens of the last block is not the model's output",
                        "Do not use this model, and report this.");
    }
}
