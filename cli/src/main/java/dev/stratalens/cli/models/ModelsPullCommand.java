package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.server.hub.HubModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code models pull}: downloads models into the user's cache. */
@Command(
        name = "pull",
        sortOptions = false,
        description = {
            "Downloads models of the Hugging Face hub into the cache that its tools share: what is missing, and",
            "what the branch or tag means today. A download that was interrupted continues where it stopped."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models pull hf:openai-community/gpt2",
            "  ${ROOT-COMMAND-NAME} models pull hf:HuggingFaceTB/SmolLM2-135M@main --format json"
        })
public final class ModelsPullCommand extends ConsoleCommand {

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = HubModel.SYNTAX)
    List<String> models = new ArrayList<>();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public ModelsPullCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        List<HubModel> asked = models.stream().map(LocalModel::hubModel).toList();
        Map<HubModel, Path> pulled = new LinkedHashMap<>();
        try (ProgressLine progress = console.progress(false)) {
            for (HubModel model : asked) {
                progress.show("asking for " + model);
                pulled.put(model, installation.hub().pull(model, new DownloadProgress(progress)));
            }
        }
        listing.write(
                out -> pulled.forEach((model, directory) -> out.printf(
                        "%s is complete in %s. Try it: %s analyze --model %s \"The capital of France is\"%n",
                        model, directory, installation.command(), model)),
                json -> writeJson(pulled, json),
                console);
        return ExitCode.OK.number();
    }

    private static void writeJson(Map<HubModel, Path> pulled, JsonWriter json) throws IOException {
        json.beginArray();
        for (Map.Entry<HubModel, Path> entry : pulled.entrySet()) {
            json.beginObject().name("model").value(entry.getKey().toString());
            json.name("revision").value(entry.getValue().getFileName().toString());
            json.name("directory").value(entry.getValue().toString()).endObject();
        }
        json.endArray();
    }
}
