package dev.stratalens.client.internal.assembly;

import com.google.errorprone.annotations.FormatMethod;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;

/** Refuses what contradicts the protocol, in one tone. */
public final class BrokenStream {

    private BrokenStream() {}

    /** Refuses unless the condition holds; the message says what was expected and what came. */
    @FormatMethod
    public static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw error(String.format(message, arguments));
        }
    }

    /** The failure, with what contradicts the protocol. */
    public static LensException error(String message) {
        return new LensException(
                ErrorCode.BROKEN_STREAM,
                "The server's answer cannot be used: " + message
                        + ". Nothing of it was kept; if client and server are of the same version, report it.");
    }
}
