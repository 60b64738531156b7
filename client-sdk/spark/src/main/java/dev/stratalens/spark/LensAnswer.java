package dev.stratalens.spark;

import dev.stratalens.client.result.LensResult;
import java.util.Optional;

/**
 * What a text came to.
 *
 * @param row the text
 * @param request fingerprint of what was asked; empty if the row cannot be asked for
 * @param result of the lens; empty if the text failed
 * @param error why it failed; empty if it did not
 */
record LensAnswer(TextRow row, String request, Optional<LensResult> result, Optional<String> error) {

    static LensAnswer of(TextRow row, String request, LensResult result) {
        return new LensAnswer(row, request, Optional.of(result), Optional.empty());
    }

    static LensAnswer failed(TextRow row, String request, String error) {
        return new LensAnswer(row, request, Optional.empty(), Optional.of(error));
    }
}
