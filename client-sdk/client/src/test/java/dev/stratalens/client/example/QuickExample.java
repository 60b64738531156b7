package dev.stratalens.client.example;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;

/** Prints what each layer says after a prompt: QuickExample HOST:PORT PROMPT. */
public final class QuickExample {

    public static void main(String[] args) {
        try (LensClient client = LensClient.builder(args[0]).usePlaintext().build()) {
            LensResult result = client.analyze(LensRequest.of(args[1]).build());
            int last = result.lastPosition();
            for (int layer : result.layers()) {
                String best = result.top(layer, last).token().display();
                System.out.printf("layer %2d: %s%n", layer, best);
            }
        }
    }
}
