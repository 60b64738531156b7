package dev.stratalens.report.figure;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A real result: the demo model on six tokens, ten blocks and the embedding, two targets, all statistics. */
final class FigureResults {

    private FigureResults() {}

    static LensResult france() {
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(FigureResults.class.getResourceAsStream("france.json")),
                StandardCharsets.UTF_8)) {
            return LensJson.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
