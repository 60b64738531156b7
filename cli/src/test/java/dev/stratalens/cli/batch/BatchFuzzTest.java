package dev.stratalens.cli.batch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.cli.corpus.CorpusSelection;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.request.SpecialTokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of prompts or results is read, or ends the command with a message. */
@Timeout(60)
final class BatchFuzzTest {

    private static final LensSettings DEFAULTS =
            new LensSettings("all", "all", 5, List.of(), "", SpecialTokens.TOKENIZER_DEFAULT, Set.of());

    @TempDir
    private static Path directory;

    @MethodSource
    @FuzzTest
    void prompts(byte[] bytes) throws IOException {
        String file = Files.write(directory.resolve("prompts.jsonl"), bytes).toString();
        try (PromptFile prompts =
                PromptFile.of(file, InputStream.nullInputStream(), CorpusSelection.BY_NAME, DEFAULTS)) {
            prompts.check();
        } catch (CliException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> prompts() throws IOException {
        return Stream.of(
                Files.readAllBytes(Path.of("../docs/examples/prompts.jsonl")),
                ("{\"id\": 7, \"token_ids\": [1, 2], \"layers\": \"::2\", \"positions\": \"1-last:3\", \"top_k\": 3,"
                                + " \"targets\": [\"id:4\", \"next\"], \"stats\": \"entropy\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource
    @FuzzTest
    void rows(byte[] bytes) throws IOException {
        String file = Files.write(directory.resolve("prompts.csv"), bytes).toString();
        try (PromptFile prompts =
                PromptFile.of(file, InputStream.nullInputStream(), CorpusSelection.BY_NAME, DEFAULTS)) {
            prompts.check();
        } catch (CliException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> rows() {
        return Stream.of("text,b\r\n\"a \"\"b\"\", c\",2\r\n\n,3\n", "b,text\n1,one\n", "\uFEFFtext\n\u00e9")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource
    @FuzzTest
    void results(byte[] bytes) throws IOException {
        try {
            ResultScan.scan(Path.of("results"), new ByteArrayInputStream(bytes), (line, start, end) -> {});
            ResultLookup.read("-", Optional.empty(), new ByteArrayInputStream(bytes));
        } catch (CliException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> results() throws IOException {
        String result = Files.readString(Path.of("src/test/resources/dev/stratalens/cli/report/result.json"));
        String line = "{\"id\":\"a\",\"request\":\"0123456789abcdef0123456789abcdef\",\"result\":%s}\n";
        return Stream.of(result, line.formatted(result.strip())).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static void requireText(CliException failure) {
        if (failure.getMessage().isBlank()) {
            throw new AssertionError("a failure that says nothing", failure);
        }
    }
}
