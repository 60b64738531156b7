package dev.stratalens.cli.failure;

import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import java.util.Optional;

/**
 * The field of a request that a server refuses.
 *
 * @param option name of the field as an option has it, without hyphens before it: {@code top-k}
 * @param message what is wrong with it, without its name
 */
public record RefusedField(String option, String message) {

    /** Empty where the failure is about none. */
    public static Optional<RefusedField> of(LensException failure) {
        if (!(failure.detail().orElse(null) instanceof ErrorDetail.InvalidField invalid)) {
            return Optional.empty();
        }
        String path = invalid.field() + ": ";
        String message = String.valueOf(failure.getMessage());
        return Optional.of(new RefusedField(
                invalid.field().replaceFirst("\\W.*", "").replace('_', '-'),
                message.startsWith(path) ? message.substring(path.length()) : message));
    }
}
