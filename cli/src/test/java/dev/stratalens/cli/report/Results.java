package dev.stratalens.cli.report;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A small made-up result: five tokens, three blocks and the embedding, two targets, odd texts. */
public final class Results {

    private Results() {}

    public static LensResult tiny() {
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(Results.class.getResourceAsStream("result.json")), StandardCharsets.UTF_8)) {
            return LensJson.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
