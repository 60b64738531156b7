package dev.stratalens.client.example;

import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Shows at which layer the prediction of each line of a file crystallizes: BatchExample HOST:PORT FILE. */
public final class BatchExample {

    public static void main(String[] args) throws IOException {
        try (LensClient client = LensClient.builder(args[0]).usePlaintext().build();
                Stream<String> prompts = Files.lines(Path.of(args[1]))) {
            show(client, prompts, System.out);
        }
    }

    static void show(LensClient client, Stream<String> prompts, PrintStream out) {
        try (LensBatch batch =
                client.analyzeAll(prompts.map(text -> LensRequest.of(text).build()))) {
            for (BatchOutcome outcome : batch.inOrder()) { // each as soon as it and those before it are there
                if (outcome instanceof BatchOutcome.Completed done) {
                    LensResult result = done.result();
                    int layer =
                            result.crystallizationLayer(result.lastPosition()).orElseThrow();
                    out.printf("%d: layer %d%n", done.index(), layer);
                } else if (outcome instanceof BatchOutcome.Failed failed) {
                    out.printf("%d: %s%n", failed.index(), failed.failure().getMessage());
                }
            }
        }
    }
}
