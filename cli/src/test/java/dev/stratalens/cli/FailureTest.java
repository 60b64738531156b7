package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong is said in a line or two, with an exit code of its kind. */
class FailureTest {

    private static final String MODEL = CliRun.TINY.toString();

    private static final String SAVED = CliRun.ROOT
            .resolve("client-sdk/report/src/test/resources/dev/stratalens/report/figure/france.json")
            .toString();

    @TempDir
    Path folder;

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(2, "there is no command \"analize\".\nDid you mean analyze?", "analize", "x"),
                refusal(2, "there is no command \"lst\".\nDid you mean list?", "models", "lst"),
                refusal(2, "there is no command \"zzz\".\nTry: ", "zzz"),
                refusal(2, "there is no option --topk.\nDid you mean --top-k?", "analyze", "--topk", "3", "x"),
                refusal(2, "there is no option --layer.\nDid you mean --layers?", "analyze", "--layer=3", "x"),
                refusal(
                        2,
                        "too many arguments: \"capital\", \"of\". A text of several words goes in quotes.",
                        "analyze",
                        "The",
                        "capital",
                        "of"),
                refusal(2, "too many arguments: \"zsh\".", "completion", "zsh"),
                refusal(2, "--top-k: \"many\" is not a whole number.", "analyze", "--top-k", "many", "x"),
                refusal(2, "--set: \"port\" is not KEY=VALUE.", "serve", "--set", "port"),
                refusal(2, "--temperature: \"hot\" is not a number.", "generate", "--temperature", "hot", "x"),
                refusal(2, "--format: \"jsn\" is not one of table, json", "analyze", "--format", "jsn", "x"),
                refusal(2, "--max-tokens: 0 is below 1.", "generate", "--max-tokens", "0", "x"),
                refusal(2, "--top-p: 2.0 is not above 0", "generate", "--top-p", "2", "x"),
                refusal(2, "--from-top: 0 is below 1.", "generate", "--from-top", "0", "x"),
                refusal(
                        2,
                        "--lens: this model has no lens \"tuend\"",
                        "analyze",
                        "--model",
                        MODEL,
                        "--lens",
                        "tuend",
                        "x"),
                refusal(
                        2,
                        "--at-layers: 99 is out of range",
                        words("patch --model " + MODEL + " --zero --at-layers 99 x")),
                refusal(
                        2,
                        "--from-layer: 99 is out of range",
                        words("patch --model " + MODEL + " --from y --from-layer 99 --at-layers 0 x")),
                refusal(
                        2,
                        "--heads: 99 is out of range",
                        words("sweep --model " + MODEL + " --zero --site attention-heads --heads 99 x")),
                refusal(
                        2,
                        "--through: this model has no lens \"tuend\"",
                        words("steer --model " + MODEL + " --toward a --through tuend --at-layers 0 x")),
                refusal(
                        2,
                        "--target: 999999 is out of range",
                        "sweep",
                        "--model",
                        MODEL,
                        "--zero",
                        "--target",
                        "id:999999",
                        "x"),
                refusal(2, "--force: 999999 is out of range", "generate", "--model", MODEL, "--force", "999999", "x"),
                refusal(2, "this command writes no jpg", "analyze", "--output", "lens.jpg", "x"),
                refusal(2, "a batch writes no csv", "batch", "pom.xml", "--input-format", "text", "--output", "x.csv"),
                refusal(2, "there is no file b.json", "compare", "a", "b.json"),
                refusal(2, "there is no folder no/such", "summarize", "no/such"),
                refusal(
                        2,
                        "its folder does not exist",
                        "keys",
                        "add",
                        "--principal",
                        "a",
                        "--file",
                        "no/such/keys.json"),
                refusal(2, "the prompt is empty", "analyze", "--model", MODEL, ""),
                refusal(2, "the prompt is empty", "analyze", "--model", MODEL),
                refusal(2, "--layers", "analyze", "--model", MODEL, "--layers", "-1", "x"),
                refusal(2, "--embedding", "analyze", "--model", MODEL, "--layers", "-1", "x"),
                refusal(2, "99 is out of range", "analyze", "--model", MODEL, "--layers", "99", "x"),
                refusal(2, "--positions", "analyze", "--model", MODEL, "--positions", "50", "x"),
                refusal(2, "--top-k", "analyze", "--model", MODEL, "--top-k", "101", "x"),
                refusal(2, "id:x", "analyze", "--model", MODEL, "--target", "id:x", "x"),
                refusal(2, "999999", "analyze", "--model", MODEL, "--target", "id:999999", "x"),
                refusal(2, "--stats", "analyze", "--model", MODEL, "--stats", "mean", "x"),
                refusal(2, "auto, float32, bfloat16, float16", "analyze", "--dtype", "int8", "x"),
                refusal(2, "--dtype", "analyze", "--server", "localhost:1", "--dtype", "float32", "x"),
                refusal(2, "--server", "analyze", "--plaintext", "x"),
                refusal(2, "HOST:PORT", "analyze", "--server", "localhost", "x"),
                refusal(2, "does not exist", "analyze", "--output", "no/such/file", "x"),
                refusal(2, "no token follows position", "ranks", "--model", MODEL, "--positions", "last", "x y"),
                refusal(2, "999999", "ranks", "--model", MODEL, "--target", "id:999999", "x"),
                refusal(2, "--variants needs a --target", "ranks", "--model", MODEL, "--variants", "x"),
                refusal(2, "has no spellings", "ranks", "--variants", "--target", "next", "x"),
                refusal(
                        2,
                        "36 tokens to follow",
                        words("ranks --variants --target a --target b --target c --target d"
                                + " --target e --target f --target g --target h --target i x")),
                refusal(2, "--against needs a --target", "logits", "--against", " a", "x"),
                refusal(2, "--choose peak and --target", "trajectory", "--choose", "peak", "--target", "a", "x"),
                refusal(2, "--show log-odds needs --against", "trajectory", "--show", "log-odds", "x"),
                refusal(2, "--top-k: 0", "trajectory", "--top-k", "0", "x"),
                refusal(2, "--rank: 0", "crystallize", "--rank", "0", "x"),
                refusal(2, "2 targets: one at a time", "crystallize", "--target", "a", "--target", "b", "x"),
                refusal(2, "not one of final, next", "kl", "--from", "first", "x"),
                refusal(2, "no/such cannot be read", "kl", "--input", "no/such"),
                refusal(2, "Save results with analyze", "kl", "--input", "pom.xml"),
                refusal(2, "exclude each other", "kl", "--input", SAVED, "x"),
                refusal(2, "--model says how to compute", "kl", "--input", SAVED, "--model", "demo"),
                refusal(2, "--layers says how to compute", "kl", "--input", SAVED, "--layers", "::2"),
                refusal(2, "--id a needs --input", "kl", "--id", "a", "x"),
                refusal(2, "--stride 0", "kl", "--stride", "0", "x"),
                refusal(2, "was not followed", "ranks", "--input", SAVED, "--target", " Rome"),
                refusal(2, "--output", "batch", "README.md"),
                refusal(2, "no file no/such/file", "batch", "no/such/file", "--output", "x"),
                refusal(2, "does not exist", "batch", "pom.xml", "--input-format", "text", "--output", "no/such/x"),
                refusal(2, "holds the file of prompts", "batch", "pom.xml", "--input-format", "text", "--output", "."),
                refusal(2, "cannot be continued", "batch", "pom.xml", "--input-format", "text", "--output", "src"),
                refusal(2, "the file of prompts", "batch", "pom.xml", "--output", "../cli/pom.xml"),
                refusal(2, "has no prompt", "batch", "-", "--output", "x"),
                refusal(2, "jsonl, text, csv, tsv, parquet", "batch", "x", "--input-format", "xml", "--output", "x"),
                refusal(2, "--in-flight: 0", "batch", "x", "--in-flight", "0", "--output", "x"),
                refusal(3, "no directory", "analyze", "--model", "no/such/model", "x"),
                refusal(4, "localhost", "analyze", "--server", "localhost:1", "x"),
                refusal(4, "localhost", "models", "--server", "localhost:1"),
                refusal(4, "localhost", "tokenize", "--server", "localhost:1", "x"));
    }

    private static String[] words(String line) {
        return line.split(" ", -1);
    }

    private static Arguments refusal(int exitCode, String words, String... arguments) {
        return Arguments.of(exitCode, words, arguments);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void namesTheOffender(int exitCode, String words, String[] arguments) {
        CliRun run = CliRun.of(arguments);
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertTrue(run.err().startsWith("stratalens: "), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertEquals("", run.out());
    }

    @Test
    void aDamagedCheckpointCannotBeLoaded() throws IOException {
        Path model = Files.createDirectory(folder.resolve("damaged"));
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            Files.copy(CliRun.TINY.resolve(name), model.resolve(name));
        }
        Files.write(model.resolve("model.safetensors"), new byte[] {1, 2, 3});
        CliRun run = CliRun.of("analyze", "--model", model.toString(), "x");
        assertEquals(3, run.exitCode(), run.err());
        assertTrue(run.err().contains("model.safetensors"), run.err());
    }

    /** In names of tensors and directories, in values of the configuration. */
    @Test
    void whatAModelsFilesSayCannotCommandTheTerminal() throws IOException {
        String hostile = "x\033]8;;https:example.invalid\033\\y\033[2J\n2026-01-01 INFO forged";
        JsonObject config = JsonParser.parseString(Files.readString(CliRun.TINY.resolve("config.json")))
                .getAsJsonObject();
        Path good = copy("dir" + hostile, config, weights("wte.weight"));
        Path tensor = copy("tensor", config, weights(hostile));
        JsonObject activation = config.deepCopy();
        activation.addProperty("activation_function", hostile);
        JsonObject family = config.deepCopy();
        family.addProperty("model_type", hostile);
        for (Path model : List.of(
                good,
                tensor,
                copy("activation", activation, weights("wte.weight")),
                copy("family", family, weights("wte.weight")))) {
            for (String command :
                    List.of("analyze x --model", "tokenize x --model", "models inspect", "doctor --model")) {
                String[] arguments = Stream.concat(Stream.of(command.split(" ", -1)), Stream.of(model.toString()))
                        .toArray(String[]::new);
                CliRun run = CliRun.of(arguments);
                String said = run.out() + run.err();
                assertEquals(-1, said.indexOf('\033'), said);
                assertTrue(said.lines().noneMatch(line -> line.startsWith("2026-01-01")), said);
                if (!model.equals(good) && !command.startsWith("doctor")) {
                    assertEquals(3, run.exitCode(), said);
                    assertTrue(said.contains("\\u001b[2J"), said);
                }
            }
        }
    }

    private Path copy(String name, JsonObject config, byte[] weights) throws IOException {
        Path model = Files.createDirectory(folder.resolve(name));
        Files.copy(CliRun.TINY.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
        Files.writeString(model.resolve("config.json"), config.toString());
        Files.write(model.resolve("model.safetensors"), weights);
        return model;
    }

    /** The model's weights, the embedding under a name. */
    private static byte[] weights(String embedding) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(CliRun.TINY.resolve("model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        JsonObject tensors = JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                .getAsJsonObject();
        tensors.add(embedding, tensors.remove("wte.weight"));
        byte[] renamed = tensors.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + renamed.length + file.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(renamed.length)
                .put(renamed)
                .put(file)
                .array();
    }

    @Test
    void theStackTraceIsShownOnRequestOnly() {
        CliRun run = CliRun.of("analyze", "--verbose", "--model", "no/such/model", "x");
        assertTrue(run.err().contains("\tat dev.stratalens.cli"), run.err());
    }
}
