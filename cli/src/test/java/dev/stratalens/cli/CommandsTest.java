package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands that README and docs show without their output do what they are for. Models, files and ports of the pages are
 * replaced by those of the test. Commands with hf: need the hub; {@link HubTest} runs them against one of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {

    private static final Path DEMO = CliRun.ROOT.resolve("models/demo");
    private static final String PORT = "localhost:50061";
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final Pattern FILE = Pattern.compile("[\\w-]+\\.(html|jsonl?|svg|png|parquet)");
    private static final Pattern MEASURED = Pattern.compile("[\\d.,]+ (s|prompts/s|tokens/s)\\b");

    @TempDir
    private static Path folder;

    private PageBlock batches;
    private CliRun batch;

    static Stream<PageBlock> blocks() throws IOException {
        return PageBlock.all().stream()
                .filter(block -> block.isCommands() && !offline(block).isEmpty());
    }

    /** The lines that need no hub. */
    private static List<String> offline(PageBlock block) {
        return block.text().lines().filter(line -> !line.contains("hf:")).toList();
    }

    /** The page about batches makes files that another one shows. */
    @BeforeAll
    void runTheBatch() throws IOException {
        batches = PageBlock.all().stream()
                .filter(block -> block.text().startsWith("$ cat prompts.jsonl\n"))
                .findFirst()
                .orElseThrow();
        Files.writeString(folder.resolve("prompts.jsonl"), shown("cat prompts.jsonl"));
        batch = run("./stratalens batch prompts.jsonl --output results.jsonl", "");
    }

    @Test
    void theBatchSaysAndWritesWhatItsPageShows() throws IOException {
        assertEquals(6, batch.exitCode(), batch.err());
        assertSameLines(
                shown("./stratalens batch prompts.jsonl --output results.jsonl"),
                (batch.err() + batch.out()).replace(folder + "/", ""));
        String cut = Files.readString(folder.resolve("results.jsonl"))
                .lines()
                .map(line -> line.substring(0, 106) + "\n")
                .reduce("", String::concat);
        assertSameLines(shown("cut -c1-106 results.jsonl"), cut);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void endsWell(PageBlock block) throws Exception {
        List<String> lines = offline(block);
        boolean serves = lines.get(0).contains(" serve ") && !lines.get(0).contains("--print-config");
        if (!block.text().contains(PORT) && !serves) {
            runAll(lines, "");
            return;
        }
        // The blocks of a page ask the server that its first one starts.
        String serve = blocks().filter(each -> each.page().equals(block.page()))
                .map(PageBlock::firstLine)
                .filter(line -> line.contains(" serve "))
                .findFirst()
                .orElseThrow();
        List<String> arguments = arguments(serve, "");
        arguments.set(arguments.indexOf("--port") + 1, "0");
        Process server = start(arguments);
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher address = ADDRESS.matcher(String.valueOf(out.readLine()));
            assertTrue(address.find(), "the server names no address");
            runAll(lines.stream().filter(line -> !line.equals(serve)).toList(), address.group());
        } finally {
            server.destroy();
        }
    }

    private void runAll(List<String> lines, String server) throws IOException {
        for (String line : lines) {
            if (PageBlock.arguments(line).get(0).equals("explore")) {
                explore(line);
            } else {
                CliRun run = run(line, server);
                assertEquals(0, run.exitCode(), line + "\n" + run.err());
            }
        }
    }

    /** It serves a page until it is stopped. */
    private void explore(String line) throws IOException {
        List<String> arguments = arguments(line, "");
        arguments.add("--no-open");
        Process explorer = start(arguments);
        try (BufferedReader out = explorer.inputReader(StandardCharsets.UTF_8)) {
            String said = String.valueOf(out.readLine());
            assertTrue(said.contains("http://127.0.0.1:"), said);
        } finally {
            explorer.destroy();
        }
    }

    private static Process start(List<String> arguments) throws IOException {
        return new ProcessBuilder(CliRun.processOf(arguments.toArray(String[]::new)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private CliRun run(String line, String server) throws IOException {
        Map<String, String> environment =
                Map.of("HF_HOME", folder.resolve("hub").toString());
        return CliRun.within(environment, arguments(line, server).toArray(String[]::new));
    }

    private List<String> arguments(String line, String server) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (String word : PageBlock.arguments(line)) {
            String known = word.replace("$HOME", "~")
                    .replace("~/models/SmolLM2-135M", DEMO.toString())
                    .replace("~/models/gpt2", CliRun.TINY.toString())
                    .replace("~/models/chatty", chatty().toString())
                    .replace("=models/demo", "=" + DEMO)
                    .replace("docs/examples/", CliRun.ROOT.resolve("docs/examples") + "/")
                    .replace(PORT, server);
            arguments.add(FILE.matcher(known).matches() ? folder.resolve(known).toString() : known);
        }
        return arguments;
    }

    /** A model with a chat template. */
    private static Path chatty() throws IOException {
        Path model = folder.resolve("chatty");
        if (!Files.exists(model)) {
            Files.createDirectory(model);
            try (Stream<Path> files = Files.list(DEMO)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, model.resolve(file.getFileName()));
                }
            }
            Files.writeString(
                    model.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
        }
        return model;
    }

    /** What the page shows behind a command. */
    private String shown(String command) {
        return Stream.of(batches.text().split("(?m)^\\$ ", -1))
                .filter(run -> run.startsWith(command + "\n"))
                .map(run -> run.substring(command.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the page has no " + command));
    }

    /** In any order, whatever time it took. */
    private static void assertSameLines(String shown, String made) {
        assertEquals(timeless(shown), timeless(made));
    }

    private static List<String> timeless(String text) {
        return MEASURED.matcher(text).replaceAll("N $1").lines().sorted().toList();
    }
}
