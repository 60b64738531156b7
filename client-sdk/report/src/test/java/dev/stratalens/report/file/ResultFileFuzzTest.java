package dev.stratalens.report.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.client.fake.RandomResult;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file is a result or refused with a reason; a result that was read is written and read again as the same. */
@Timeout(60)
class ResultFileFuzzTest {

    private interface Reading {
        LensResult read(StringReader in) throws IOException;
    }

    private interface Writing {
        void write(LensResult result, StringWriter out) throws IOException;
    }

    @MethodSource
    @FuzzTest
    void nativeJson(byte[] bytes) throws IOException {
        check(bytes, LensJson::read, (result, out) -> {
            if (LensJson.canHold(result)) {
                LensJson.write(result, out);
            }
        });
    }

    static Stream<byte[]> nativeJson() {
        return seeds(LensJson::write);
    }

    @MethodSource
    @FuzzTest
    void v2Json(byte[] bytes) throws IOException {
        check(bytes, V2Json::read, (result, out) -> V2Json.write(result, out, Instant.EPOCH));
    }

    static Stream<byte[]> v2Json() {
        return seeds((result, out) -> V2Json.write(result, out, Instant.EPOCH));
    }

    /** Small results, with targets and trajectories, as a writer writes them. */
    private static Stream<byte[]> seeds(Writing writer) {
        return LongStream.of(1, 2).mapToObj(seed -> {
            LensRequest.Builder request = LensRequest.of("p")
                    .positions(IndexRange.of(1), IndexRange.of(4))
                    .topK(2)
                    .target(LensTarget.nextToken(), LensTarget.text(" word"));
            LensResult result =
                    RandomResult.of(seed, (seed == 1 ? request : request.exact().includeEmbedding()).build());
            try {
                return written(result, writer).getBytes(StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void check(byte[] bytes, Reading format, Writing writer) throws IOException {
        LensResult result;
        try {
            result = format.read(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
        } catch (LensFileException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a failure that says nothing", e);
            }
            return;
        }
        String written = written(result, writer);
        if (!written.isEmpty() && !written.equals(written(format.read(new StringReader(written)), writer))) {
            throw new AssertionError("what is written reads back as something else: " + written);
        }
    }

    private static String written(LensResult result, Writing writer) throws IOException {
        StringWriter out = new StringWriter();
        writer.write(result, out);
        return out.toString();
    }
}
