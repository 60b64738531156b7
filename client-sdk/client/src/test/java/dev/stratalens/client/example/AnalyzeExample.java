package dev.stratalens.client.example;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import java.io.PrintStream;

/** Shows how a prediction forms, layer by layer, while the server computes it: AnalyzeExample HOST:PORT PROMPT. */
public final class AnalyzeExample {

    public static void main(String[] args) {
        try (LensClient client = LensClient.builder(args[0]).usePlaintext().build()) {
            show(client, args[1], System.out);
        }
    }

    static void show(LensClient client, String prompt, PrintStream out) {
        LensTarget finalToken = LensTarget.finalTop();
        LensRequest request = LensRequest.of(prompt).target(finalToken).build();
        try (LensStream stream = client.stream(request)) {
            int last = stream.info().tokens().size() - 1;
            for (LayerResult layer : stream) { // each layer as soon as it is there
                Prediction best = layer.top(last);
                out.printf(
                        "layer %2d  %-16s p %.3f  final token: rank %d%n",
                        layer.layer(),
                        best.token().display(),
                        best.probability(),
                        layer.rank(finalToken, last).orElseThrow());
            }
            LensResult result = stream.result();
            out.printf(
                    "%s crystallizes at layer %s%n",
                    result.finalTop(last).token().display(),
                    result.crystallizationLayer(last).orElseThrow());
        }
    }
}
