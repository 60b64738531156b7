package dev.stratalens.report.file;

import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.time.Instant;

/**
 * Reads and writes the interchange format of the logitlenskit widget, version 2: strings instead of ids, probabilities
 * with five decimals, block layers only. Tokens of equal text get their id as a suffix; the extra key {@code ids},
 * which the widget ignores, gives the id of every string.
 */
public final class V2Json {

    private V2Json() {}

    /**
     * Writes a result. If it has several lenses, the metadata names the written one, through which the result is read.
     * Flushes the writer, does not close it.
     *
     * @param timestamp written to the file's metadata
     * @throws IllegalArgumentException if trajectories are missing: the format needs those of every top-k token; or if the predictions
     *     are not the most likely tokens
     */
    public static void write(LensResult result, Writer out, Instant timestamp) throws IOException {
        if (!result.info().hasTrajectories()) {
            throw new IllegalArgumentException(
                    "V2 JSON needs trajectories, and this result has none; request them with Trajectories.all()");
        }
        if (result.summary().omittedTrajectories() > 0) {
            throw new IllegalArgumentException("V2 JSON needs the trajectories of all tracked tokens, and "
                    + result.summary().omittedTrajectories()
                    + " were left out by a minimum peak probability; request them with a minimum of 0");
        }
        if (!result.info().candidates().areMostLikely()) {
            throw new IllegalArgumentException(
                    "V2 JSON has the most likely tokens, and the predictions of this result are "
                            + result.info().candidates() + "; request them with Candidates.mostLikely()");
        }
        new V2JsonWriter(result, out, timestamp).write();
    }

    /**
     * Reads a result from our own or the widget's file, as far as the format has one: probabilities of five decimals,
     * without statistics, facts of the model, or a self-check. Strings become tokens, with the id from the extra key
     * {@code ids}, or an id below 0. Unknown keys are ignored. Does not close the reader.
     *
     * @throws LensFileException if this is not a complete and consistent V2 file; the message gives the place
     */
    public static LensResult read(Reader in) throws IOException {
        return V2JsonReader.read(in).view();
    }
}
