package dev.stratalens.client.example;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.time.Duration;
import java.util.Optional;

/** Decides what to do about a failure. */
final class FailureExample {

    static Optional<LensResult> tryAgain(LensClient client, LensRequest request) throws InterruptedException {
        try {
            return Optional.of(client.analyze(request));
        } catch (LensException e) {
            if (e.isRetryable()) {
                Thread.sleep(e.retryAfter().orElse(Duration.ofSeconds(1)).toMillis());
                return Optional.of(client.analyze(request));
            }
            switch (e.code()) {
                case PROMPT_TOO_LONG -> {
                    if (e.detail().orElse(null) instanceof ErrorDetail.PromptTooLong tooLong) {
                        System.err.println("Leave out " + (tooLong.tokenCount() - tooLong.limit()) + " tokens.");
                    }
                }
                case UNAUTHENTICATED, NOT_ALLOWED -> System.err.println("Ask the operator for a key.");
                default -> System.err.println(e.getMessage()); // says what is wrong and what to do
            }
            return Optional.empty();
        }
    }
}
