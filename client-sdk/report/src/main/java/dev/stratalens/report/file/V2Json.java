package dev.stratalens.report.file;

import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.Reader;
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
     * Writes a result, of several lenses the one that it is read through, whose name is in the meta data then. Flushes the writer,
     * does not close it.
     *
     * @param timestamp written to the file's meta data
     * @throws IllegalArgumentException if trajectories are missing: the format needs those of every top-k token
     */
    public static void write(LensResult result, Writer out, Instant timestamp) throws IOException {
        if (!result.info().hasTrajectories()) {
            throw new IllegalArgumentException(
                    "V2 JSON needs trajectories, and none were asked for; ask with Trajectories.all()");
        }
        if (result.summary().omittedTrajectories() > 0) {
            throw new IllegalArgumentException("V2 JSON needs the trajectories of all tracked tokens, and "
                    + result.summary().omittedTrajectories()
                    + " were left out by a minimum peak probability; ask with a minimum of 0");
        }
        new V2JsonWriter(result, out, timestamp).write();
    }

    /**
     * Reads a result, ours or the widget's own, as far as the format has one: probabilities of five decimals, and neither statistics
     * nor facts of the model nor a self-check. Strings become tokens, with the id that the extra key {@code ids} gives them, or one
     * below 0. Unknown keys are ignored. Does not close the reader.
     *
     * @throws LensFileException if this is no complete and consistent V2 file; the message says where
     */
    public static LensResult read(Reader in) throws IOException {
        return V2JsonReader.read(in).view();
    }
}
