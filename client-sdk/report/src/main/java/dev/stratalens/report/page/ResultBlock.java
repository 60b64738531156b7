package dev.stratalens.report.page;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.AttributionJson;
import dev.stratalens.report.file.ReachedJson;
import dev.stratalens.report.file.RunJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A result in a report: a head that is needed at once, and pages of neighboring positions that are read when they come
 * into view. Each part is packed separately; {@code docs/viewer-file.md} describes them.
 */
final class ResultBlock {

    /** Small enough to be read between two frames, large enough to compress well. */
    static final int POSITIONS_PER_PAGE = 32;

    private final LensResult view;
    private final ResultColumns result;
    private final LensColumns lens;
    private final int[] vocabulary;

    /** The block of the lens through which the result is read. */
    ResultBlock(LensResult view) {
        this.view = view;
        this.result = ResultColumns.of(view);
        this.lens = ResultColumns.ofLens(view);
        this.vocabulary = result.vocabulary().keySet().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    int pages() {
        return (result.info().positions().size() + POSITIONS_PER_PAGE - 1) / POSITIONS_PER_PAGE;
    }

    String head() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            writeHead(new JsonWriter(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        }
        return Packed.text(bytes.toByteArray());
    }

    String page(int index) {
        int from = index * POSITIONS_PER_PAGE;
        int to = Math.min(from + POSITIONS_PER_PAGE, result.info().positions().size());
        return Packed.text(new Page(result.info(), lens, vocabulary, from, to).bytes());
    }

    private void writeHead(JsonWriter json) throws IOException {
        RunJson run = new RunJson(
                json,
                result,
                List.of(lens.lens()),
                result.info().reading(lens.lens()).readPoints());
        json.beginObject();
        run.head();
        json.name("trajectories").value(result.info().hasTrajectories());
        run.tail();
        if (result.summary().attribution().isPresent()) {
            AttributionJson.write(result.summary().attribution().get(), json);
        }
        if (result.summary().effect().isPresent()) {
            ReachedJson.write(view, result.summary().effect().get(), json);
        }
        json.name("positions_per_page").value(POSITIONS_PER_PAGE);
        json.endObject();
        json.flush();
    }
}
