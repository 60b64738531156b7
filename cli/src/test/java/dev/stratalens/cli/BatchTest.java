package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code batch} from the arguments to the file, with the engine in this process. */
class BatchTest {

    private static final String MODEL = CliRun.TINY.toString();

    @TempDir
    Path folder;

    @Test
    void eachPromptHasALineWithItsIdAndItsResult() throws IOException {
        CliRun run = batch(
                "{\"id\":\"a\",\"text\":\"hello\"}\n{\"id\":\"b\",\"token_ids\":[3,1,2]}\n\n{\"text\":\"world\"}");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("3 of 3 prompts are in "), run.out());
        Map<String, JsonObject> lines = lines();
        assertEquals(List.of("4", "a", "b"), List.copyOf(lines.keySet()));
        assertEquals("hello", result("a").prompt().orElseThrow());
        assertTrue(result("b").prompt().isEmpty());
        assertEquals(3, result("b").tokens().size());
    }

    @Test
    void aLineGoesBeforeTheOptions() throws IOException {
        batch("""
            {"id": "own", "text": "hello world", "top_k": 2, "layers": "last", "positions": "0,last", "targets": ["id:7"], "stats": "none"}
            {"id": "options", "text": "hello world"}
            {"id": "ids", "token_ids": [5, 6, 7, 8], "positions": "last"}
            """, "--top-k", "4", "--target", "next", "--embedding");
        LensResult own = result("own");
        assertEquals(2, own.k());
        assertEquals(List.of(-1, own.model().layers() - 1), own.layers());
        assertEquals(List.of(0, own.tokens().size() - 1), own.positions());
        assertEquals(7, own.targetToken(own.targets().get(0).target(), 0).orElseThrow());
        assertTrue(own.entropy(-1, 0).isEmpty());
        LensResult options = result("options");
        assertEquals(4, options.k());
        assertEquals(options.tokens().size(), options.positions().size());
        assertTrue(options.entropy(0, 0).isPresent());
        assertEquals(List.of(3), result("ids").positions());
    }

    @Test
    void aTextFileHasAPromptALine() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "\uFEFFh\u00e9llo \r\n\n{\"text\": \"x\"}");
        CliRun run = CliRun.of("batch", "--model", MODEL, prompts.toString(), "--output", output());
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("h\u00e9llo ", result("1").prompt().orElseThrow());
        assertEquals("{\"text\": \"x\"}", result("3").prompt().orElseThrow());
    }

    @Test
    void standardInputIsReadInEitherFormat() throws IOException {
        CliRun.with("{\"id\": 7, \"text\": \"hello\"}", "batch", "--model", MODEL, "-", "--output", output());
        assertEquals("hello", result("7").prompt().orElseThrow());
        CliRun run = CliRun.with(
                "one\ntwo\n", "batch", "--model", MODEL, "-", "--output", output(), "--input-format", "text");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("two", result("2").prompt().orElseThrow());
    }

    @Test
    void aPromptThatFailsHasAnErrorAndTheOthersTheirResults() throws IOException {
        String prompts = """
            {"id": "long", "text": "%s"}
            {"id": "position", "text": "hi", "positions": "31"}
            {"id": "id", "token_ids": [999999]}
            {"id": "good", "text": "hello"}
            """.formatted("hello ".repeat(200));
        CliRun run = batch(prompts);
        assertEquals(6, run.exitCode(), run.err());
        assertEquals("PROMPT_TOO_LONG", code("long"));
        assertEquals("INVALID_REQUEST", code("position"));
        assertEquals("INVALID_REQUEST", code("id"));
        assertEquals("hello", result("good").prompt().orElseThrow());
        assertTrue(run.err().contains("line 1, \"long\": PROMPT_TOO_LONG: "), run.err());
        assertTrue(run.err().contains("3 of 4 prompts failed; --retry-failed"), run.err());
    }

    /** Written as UTF-8 it would be another text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\": \"ab\\ud83d\"}",
                "{\"id\": \"a\\ude00\", \"text\": \"x\"}",
                "{\"type\": \"a\\ude00\", \"text\": \"x\"}",
                "{\"targets\": [\"a\\ude00\"], \"text\": \"x\"}"
            })
    void halfACharacterIsWrongInputWithItsLine(String line) throws IOException {
        CliRun run = batch("{\"text\": \"x\"}\n" + line);
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains("line 2: ") && run.err().contains("half a character"), run.err());
    }

    @Test
    void errorsAreKeptUntilTheyAreToBeComputedAgain() throws IOException {
        String prompts = "{\"id\":\"bad\",\"token_ids\":[999999]}\n{\"id\":\"good\",\"text\":\"hello\"}";
        batch(prompts);
        byte[] first = Files.readAllBytes(Path.of(output()));
        CliRun again = batch(prompts);
        assertEquals(6, again.exitCode());
        assertArrayEquals(first, Files.readAllBytes(Path.of(output())));
        assertFalse(again.out().contains("Computed now"), again.out());

        CliRun retried = batch(prompts, "--retry-failed");
        assertEquals(6, retried.exitCode());
        assertTrue(retried.out().contains("Computed now: 1 in"), retried.out());
        assertEquals(List.of("bad", "good"), List.copyOf(lines().keySet()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "nothing is left beside the output");
        }
    }

    @Test
    void whatFailedAndIsNotAskedForStays() throws IOException {
        String one = "{\"id\":\"one\",\"token_ids\":[999999]}\n";
        batch(one + "{\"id\":\"other\",\"token_ids\":[999998]}\n");
        CliRun run = batch(one + "{\"id\":\"new\",\"text\":\"hello\"}", "--retry-failed");
        assertEquals(6, run.exitCode());
        assertTrue(run.err().contains("1 of 2 prompts failed"), run.err());
        assertEquals(List.of("new", "one", "other"), List.copyOf(lines().keySet()));
    }

    @Test
    void anOutputThatWasCutAnywhereIsContinued() throws IOException {
        String prompts = IntStream.range(0, 6)
                .mapToObj(i -> "{\"id\":\"%d\\u00e9\",\"text\":\"hello%s\"}\n".formatted(i, " you".repeat(i)))
                .collect(Collectors.joining());
        batch(prompts);
        Map<String, JsonObject> whole = lines();
        byte[] bytes = Files.readAllBytes(Path.of(output()));
        for (long length : cuts(bytes)) {
            Files.write(Path.of(output()), bytes);
            try (FileChannel file = FileChannel.open(Path.of(output()), StandardOpenOption.WRITE)) {
                file.truncate(length);
            }
            CliRun run = batch(prompts);
            assertEquals(0, run.exitCode(), () -> "cut at %d: %s".formatted(length, run.err()));
            assertEquals(whole.keySet(), lines().keySet());
            for (String id : whole.keySet()) {
                BatchLines.assertSameResult(Objects.requireNonNull(whole.get(id)), line(id));
            }
        }
    }

    /** Within the beginning of the first line, at every kind of place of a line in the middle, before the last line feed. */
    private static List<Long> cuts(byte[] bytes) {
        int secondLine = IntStream.range(0, bytes.length)
                        .filter(i -> bytes[i] == '\n')
                        .findFirst()
                        .orElseThrow()
                + 1;
        List<Long> cuts = new ArrayList<>(List.of(0L, 1L, 5L, (long) bytes.length - 1));
        for (int offset : new int[] {-1, 0, 1, 6, 9, 12, 15, 30, 57, 62, 70, 2000}) {
            cuts.add((long) secondLine + offset);
        }
        return cuts;
    }

    @Test
    void somethingElseThanTheEarlierRunIsRefusedAndNothingIsChanged() throws IOException {
        batch("{\"id\":\"a\",\"text\":\"hello\"}");
        Files.writeString(Path.of(output()), "{\"id\":\"torn", StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(Path.of(output()));
        List<CliRun> refused = List.of(
                batch("{\"id\":\"b\",\"text\":\"new\"}\n{\"id\":\"a\",\"text\":\"hello!\"}"),
                batch("{\"id\":\"a\",\"text\":\"hello\"}", "--top-k", "3"),
                batch("{\"id\":\"a\",\"text\":\"hello\"}", "--embedding"),
                batch("{\"id\":\"a\",\"token_ids\":[1]}", "--retry-failed"));
        for (CliRun run : refused) {
            assertEquals(2, run.exitCode());
            assertTrue(run.err().contains("of another prompt, other options, or a model"), run.err());
        }
        assertTrue(
                refused.get(0).err().contains("prompts.jsonl, line 2: "),
                refused.get(0).err());
        assertArrayEquals(before, Files.readAllBytes(Path.of(output())));
    }

    /** Of the same name; the tokens of this prompt are the same. */
    @Test
    void aModelWithAnotherTokenizerIsNoticed() throws IOException {
        Path model = Files.createDirectory(folder.resolve("gpt2-fp16"));
        try (Stream<Path> files = Files.list(CliRun.TINY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "hello");
        String[] words = {"batch", "--model", model.toString(), prompts.toString(), "--output", output()};
        assertEquals(0, CliRun.of(words).exitCode());
        byte[] before = Files.readAllBytes(Path.of(output()));
        assertEquals(0, CliRun.of(words).exitCode());
        Path tokenizer = model.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer) + "\n");

        CliRun changed = CliRun.of(words);

        assertEquals(2, changed.exitCode());
        assertTrue(changed.err().contains("or a model with another name, weights, tokenizer or lens"), changed.err());
        assertArrayEquals(before, Files.readAllBytes(Path.of(output())));
    }

    static Stream<Arguments> foreignOutputs() {
        return Stream.of(
                        "hello",
                        "hello\n",
                        "{\"id\":\"a\",\"text\":\"x\"}",
                        "{\"id\":\"a\",\"text\":\"x\"}\n",
                        "\n",
                        "\0\0")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("foreignOutputs")
    void aFileOfSomethingElseIsNotTouched(String content) throws IOException {
        Files.writeString(Path.of(output()), content);
        CliRun run = batch("{\"id\":\"a\",\"text\":\"x\"}");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("line 1 of"), run.err());
        assertEquals(content, Files.readString(Path.of(output())));
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
                bad("is not a JSON object", "{\"id\": \"a\""),
                bad("begins an array of JSON, but prompts are objects", "[1]"),
                bad("is not a JSON object", "{text: 'x'}"),
                bad("there is no prompt", "{\"id\": \"a\"}"),
                bad("both text and token_ids", "{\"text\": \"a\", \"token_ids\": [1]}"),
                bad("\"text\" is text in quotes, not number", "{\"text\": 1}"),
                bad("\"id\" is text in quotes, not null", "{\"id\": null, \"text\": \"x\"}"),
                bad("\"token_ids\" is a number, not string", "{\"token_ids\": [\"1\"]}"),
                bad("-1 is negative", "{\"token_ids\": [-1]}"),
                bad("token_ids is empty", "{\"token_ids\": []}"),
                bad("the text is empty", "{\"text\": \"\"}"),
                bad("\"id\" occurs twice", "{\"id\": \"a\", \"id\": \"b\", \"text\": \"x\"}"),
                bad("is not a JSON object", "{\"text\": \"x\"} {\"text\": \"y\"}"),
                bad("\"topk\" is not understood", "{\"text\": \"x\", \"topk\": 3}"),
                bad("--top-k: 0", "{\"text\": \"x\", \"top_k\": 0}"),
                bad("--stats: \"mean\"", "{\"text\": \"x\", \"stats\": \"mean\"}"),
                bad("id:x", "{\"text\": \"x\", \"targets\": [\"id:x\"]}"),
                bad("see column 18", "{\"text\": \"\\ud800\"}"),
                bad("1 to 256 characters", "{\"id\": \"\", \"text\": \"x\"}"),
                bad("99 is out of range", "{\"text\": \"x\", \"layers\": \"99\"}"),
                bad("--positions", "{\"text\": \"x\", \"positions\": \"first\"}"),
                bad("is that of line 1, too", "{\"id\": \"first\", \"text\": \"x\"}"));
    }

    private static Arguments bad(String words, String line) {
        return Arguments.of(words, line);
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void aBadLineIsNamedBeforeAnythingRuns(String words, String line) throws IOException {
        CliRun run = batch("{\"id\": \"first\", \"text\": \"hello\"}\n" + line);
        assertEquals(2, run.exitCode(), run.out());
        assertTrue(run.err().contains("prompts.jsonl, line 2: "), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertEquals("", Files.exists(Path.of(output())) ? Files.readString(Path.of(output())) : "");
    }

    @Test
    void bytesThatAreNoTextAreNamedByLine() throws IOException {
        Path prompts = Files.write(folder.resolve("prompts.txt"), new byte[] {'a', '\n', 'b', (byte) 0xFE, '\n'});
        CliRun run = CliRun.of("batch", "--model", MODEL, prompts.toString(), "--output", output());
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("line 2: is not UTF-8"), run.err());
    }

    @Test
    void theFirstFewBadLinesAreNamedAtOnce() throws IOException {
        CliRun run = batch("x\n".repeat(9));
        assertEquals(5, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("line 5: "), run.err());
    }

    @Test
    void aTerminalSeesHowFarItIs() throws IOException {
        Files.writeString(folder.resolve("prompts.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"b\"}");
        Terminal terminal = new Terminal(true, true, true, 120, 50, ColorDepth.PLAIN);
        CliRun run = CliRun.on(
                terminal,
                "",
                "batch",
                "--model",
                MODEL,
                folder.resolve("prompts.jsonl").toString(),
                "--output",
                output());
        assertTrue(run.err().contains("1/2, "), run.err());
        assertTrue(run.err().contains(" prompts/s, "), run.err());
        assertTrue(run.err().contains(" tokens/s"), run.err());
        assertFalse(run.err().contains(" left"), "not of work that ends within a couple of seconds: " + run.err());
        assertTrue(run.err().endsWith("\r\033[K"), run.err());
    }

    @Test
    void anOutputInUseIsRefused() throws IOException {
        try (FileChannel other =
                        FileChannel.open(Path.of(output()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = other.lock()) {
            assertTrue(lock.isValid());
            CliRun run = batch("{\"text\": \"a\"}");
            assertEquals(2, run.exitCode());
            assertTrue(run.err().contains("being written by another run"), run.err());
        }
    }

    private CliRun batch(String prompts, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("prompts.jsonl"), prompts);
        List<String> words = new ArrayList<>(
                List.of("batch", "--model", MODEL, file.toString(), "--output", output(), "--in-flight", "3"));
        words.addAll(List.of(options));
        return CliRun.of(words.toArray(String[]::new));
    }

    private String output() {
        return folder.resolve("results.jsonl").toString();
    }

    /** The lines by their ids, each of which must be there once. */
    private Map<String, JsonObject> lines() throws IOException {
        return BatchLines.read(Path.of(output()));
    }

    private JsonObject line(String id) throws IOException {
        return Objects.requireNonNull(lines().get(id), id);
    }

    private LensResult result(String id) throws IOException {
        return BatchLines.result(line(id));
    }

    private String code(String id) throws IOException {
        return line(id).getAsJsonObject("error").get("code").getAsString();
    }
}
