package dev.stratalens.client.example;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LayerResult;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Gets layers one by one, each when it asks for it: SubscriberExample HOST:PORT PROMPT. */
public final class SubscriberExample implements Flow.Subscriber<LayerResult> {

    private final PrintStream out;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private Flow.Subscription subscription;

    SubscriberExample(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        try (LensClient client = LensClient.builder(args[0]).usePlaintext().build()) {
            show(client, args[1], System.out).join();
        }
    }

    static CompletableFuture<Void> show(LensClient client, String prompt, PrintStream out) {
        SubscriberExample subscriber = new SubscriberExample(out);
        LensStream layers = client.stream(LensRequest.of(prompt).build());
        layers.subscribe(subscriber);
        return subscriber.end;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscription.request(1);
    }

    @Override
    public void onNext(LayerResult layer) {
        int last = layer.info().tokens().size() - 1;
        out.printf("layer %2d: %s%n", layer.layer(), layer.top(last).token().display());
        subscription.request(1); // or subscription.cancel(), which ends the work on the server
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure); // a LensException
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
