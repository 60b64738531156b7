package dev.stratalens.client.example;

import dev.stratalens.client.AsyncLensClient;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.util.concurrent.CompletableFuture;

/** Compares two prompts without a waiting thread: FuturesExample HOST:PORT PROMPT PROMPT. */
public final class FuturesExample {

    public static void main(String[] args) {
        try (LensClient client = LensClient.builder(args[0]).usePlaintext().build()) {
            System.out.println(compare(client.async(), args[1], args[2]).join());
        }
    }

    static CompletableFuture<String> compare(AsyncLensClient client, String one, String other) {
        return client.analyze(LensRequest.of(one).build())
                .thenCombine(
                        client.analyze(LensRequest.of(other).build()),
                        (first, second) -> next(first) + " and " + next(second));
    }

    private static String next(LensResult result) {
        return result.finalTop(result.lastPosition()).token().display();
    }
}
