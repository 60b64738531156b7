package dev.stratalens.cli.explore;

import com.sun.net.httpserver.HttpExchange;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import dev.stratalens.report.file.V2Json;
import dev.stratalens.report.page.HtmlReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Results as the files that the command writes.
 *
 * @param results finds what can be saved
 */
record Saves(Results results) {

    /** Results by their ids. */
    interface Results {
        Optional<LensResult> find(String id) throws IOException;
    }

    private interface Format {
        void write(LensResult result, Writer out) throws IOException;
    }

    /**
     * Answers with a file.
     *
     * @param path {@code ID/lens.json}, or another of the formats
     * @throws BadRequest if there is no such run or format
     * @throws IllegalArgumentException if the result lacks what the format needs
     */
    void send(String path, HttpExchange exchange) throws IOException {
        int slash = path.lastIndexOf('/');
        String file = path.substring(slash + 1);
        Format format = switch (file) {
            case "lens.html" -> (result, out) -> page(result).write(out);
            case "lens.json" -> LensJson::write;
            case "lens.v2.json" ->
                (result, out) -> V2Json.write(result, out, Instant.now().truncatedTo(ChronoUnit.SECONDS));
            default -> throw Routes.nothingAt(path);
        };
        LensResult result = results.find(path.substring(0, Math.max(slash, 0))).orElseThrow(Saves::gone);
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"" + file + "\"");
        Writer out =
                new BufferedWriter(new OutputStreamWriter(new LateBody(exchange), StandardCharsets.UTF_8), 1 << 16);
        format.write(result, out);
        out.flush();
    }

    static BadRequest gone() {
        return new BadRequest(404, "This run is no longer kept: only the newest are. Run it again to save it.");
    }

    /** Of a changed pass a page with both. */
    private static HtmlReport page(LensResult result) {
        return result.unchanged()
                .map(unchanged -> HtmlReport.compare(unchanged, result))
                .orElseGet(() -> HtmlReport.of(result))
                .build();
    }
}
