package dev.stratalens.cli.doctor;

import dev.stratalens.cli.connect.BlockPlaces;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.engine.error.LensFailure;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tries a checkpoint directory: loads it, and asks for the lens of one word. */
final class ModelChecks {

    private static final String PROBE = "Hello";

    private ModelChecks() {}

    static Finding run(LocalModel model, ComputeType type, String device, ProgressLine progress) {
        String subject = "model " + model.name();
        progress.show("trying " + model.name());
        long start = System.nanoTime();
        try (Connection connection = Connection.to(List.of(model), Map.of(), type.toString(), device)) {
            ModelFacts facts = connection.awaitModel(progress);
            LensResult result = connection
                    .client()
                    .analyze(LensRequest.of(PROBE).model(model.name()).build());
            double seconds = (System.nanoTime() - start) / 1e9;
            return finding(subject, facts, result.selfCheck().orElseThrow(), seconds);
        } catch (CliException | LensException | LensFailure e) {
            return Finding.problem(subject, String.valueOf(e.getMessage()), "Directory: " + model.directory());
        }
    }

    private static Finding finding(String subject, ModelFacts facts, SelfCheck check, double seconds) {
        String found = String.format(
                Locale.ROOT,
                "%s, %s, %s; loaded and answered in %.1f s, self-check %.1e",
                facts.info().architecture(),
                BlockPlaces.of(facts),
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
