package dev.stratalens.client;

import dev.stratalens.client.internal.json.V2JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;

/**
 * The interchange format of the logitlenskit widget, version 2: strings instead of ids, probabilities with five decimals,
 * block layers only. Tokens of equal text get their id as a suffix; the extra key {@code ids}, which the widget ignores,
 * gives the id of every string.
 */
public final class V2Json {

    private V2Json() {}

    /**
     * Writes a result. Flushes the writer, does not close it.
     *
     * @param timestamp written to the file's meta data
     * @throws IllegalArgumentException if trajectories are missing: the format needs those of every top-k token
     */
    public static void write(LensResult result, Writer out, Instant timestamp) throws IOException {
        if (result.info().trajectoryEncoding() == Trajectories.Encoding.NONE) {
            throw new IllegalArgumentException(
                    "V2 JSON needs trajectories, and none were asked for; ask with Trajectories.compact() or exact()");
        }
        if (result.facts().omittedTrajectories() > 0) {
            throw new IllegalArgumentException("V2 JSON needs the trajectories of all tracked tokens, and "
                    + result.facts().omittedTrajectories()
                    + " were left out by a minimum peak probability; ask with a minimum of 0");
        }
        new V2JsonWriter(result, out, timestamp).write();
    }
}
