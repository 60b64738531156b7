package dev.stratalens.bench.peer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import dev.stratalens.cli.failure.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of other tools: its program {@code run} lists and starts them.
 *
 * @param folder such as {@code bench/peers}
 */
public record PeerTools(Path folder) {

    /**
     * A tool.
     *
     * @param name of the tool
     * @param installed whether it can be started
     * @param reason why not; empty if it can
     * @param outputs what it gives, in words
     */
    public record Tool(String name, boolean installed, String reason, String outputs) {}

    /** Checks that the folder has the program.
     *
     * @throws CliException if it has not */
    public PeerTools {
        if (!Files.isExecutable(folder.resolve("run"))) {
            throw CliException.usage(
                    "--peers: there is no program %s. Give the folder bench/peers of the project; its README says how the tools are set up."
                            .formatted(folder.resolve("run")));
        }
    }

    /** Lists the tools. */
    public List<Tool> list() throws IOException {
        Process process = command(List.of("--list"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            return out.lines().map(PeerTools::tool).toList();
        }
    }

    /** Starts a tool and waits until it has loaded the model. The caller closes it. */
    public PeerProcess start(String tool, Path model, String computeType, int threads) throws IOException {
        return PeerProcess.start(
                tool,
                command(List.of(
                        tool,
                        "--model",
                        model.toString(),
                        "--dtype",
                        computeType,
                        "--threads",
                        Integer.toString(threads))));
    }

    private ProcessBuilder command(List<String> arguments) {
        var words = new ArrayList<String>(
                List.of(folder.resolve("run").toAbsolutePath().toString()));
        words.addAll(arguments);
        return new ProcessBuilder(words);
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) && !json.get(name).isJsonNull() ? json.get(name).getAsString() : "";
    }

    private static Tool tool(String line) {
        try {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            return new Tool(
                    json.get("tool").getAsString(),
                    json.get("installed").getAsBoolean(),
                    text(json, "reason"),
                    text(json, "outputs"));
        } catch (JsonSyntaxException | IllegalStateException e) {
            throw CliException.usage("--peers: its list of tools is not understood: %s".formatted(line));
        }
    }
}
