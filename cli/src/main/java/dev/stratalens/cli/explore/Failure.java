package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.RefusedField;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What went wrong, for the page.
 *
 * @param code name of an {@link ErrorCode}, or of the bridge's own
 * @param field name of the option that is to be changed; empty where there is none
 * @param message what was given, what is allowed, what to do
 * @param retryable whether the same may succeed later
 */
record Failure(String code, String field, String message, boolean retryable) {

    private static final System.Logger LOG = System.getLogger(Failure.class.getName());

    /** The command's messages begin with the option. */
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+): (.*)", Pattern.DOTALL);

    static Failure of(String code, String message) {
        return new Failure(code, "", message, false);
    }

    static Failure of(RuntimeException e) {
        if (e instanceof LensException failure) {
            return RefusedField.of(failure)
                    .map(field ->
                            new Failure(failure.code().name(), field.option(), field.message(), failure.isRetryable()))
                    .orElseGet(() -> new Failure(
                            failure.code().name(), "", String.valueOf(e.getMessage()), failure.isRetryable()));
        }
        if (e instanceof CliException failure) {
            Matcher option = OPTION.matcher(failure.getMessage());
            return option.matches()
                    ? new Failure(ErrorCode.INVALID_REQUEST.name(), option.group(1), option.group(2), false)
                    : of(ErrorCode.INVALID_REQUEST.name(), failure.getMessage());
        }
        if (e instanceof IllegalArgumentException) {
            return of(ErrorCode.INVALID_REQUEST.name(), String.valueOf(e.getMessage()));
        }
        String message = "unexpected fault of the explorer: %s. Please report it.".formatted(e);
        LOG.log(System.Logger.Level.ERROR, message, e);
        return of(ErrorCode.INTERNAL.name(), message);
    }

    /** As the answer to a request. */
    Answer answer() throws IOException {
        return Answer.json(code.equals(ErrorCode.INTERNAL.name()) ? 500 : 400, this::write);
    }

    void write(JsonWriter json) throws IOException {
        json.name("code").value(code);
        json.name("message").value(message);
        json.name("retryable").value(retryable);
        if (!field.isEmpty()) {
            json.name("field").value(field);
        }
    }
}
