package dev.stratalens.cli.lenses;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.server.hub.HubLens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lens pull}: downloads lenses into the user's cache. */
@Command(
        name = "pull",
        sortOptions = false,
        description = {
            "Downloads lenses of the Hugging Face hub into the cache that its tools share. A download that was",
            "interrupted continues where it stopped."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens pull jacobian/gpt2-small",
            "  ${ROOT-COMMAND-NAME} lens pull hf:spaces/AlignmentResearch/tuned-lens@main:lens/gpt2"
        })
public final class LensPullCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "LENS",
            arity = "1..*",
            description = HubLens.SYNTAX + ", or a name that `lens list` shows.")
    List<String> lenses = new ArrayList<>();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public LensPullCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        List<HubLens> asked = lenses.stream().map(LensPlace::ofHub).toList();
        Map<HubLens, Path> pulled = new LinkedHashMap<>();
        try (ProgressLine progress = console.progress(false)) {
            for (HubLens lens : asked) {
                progress.show("asking for " + lens);
                pulled.put(lens, installation.hub().pull(lens, new DownloadProgress(progress)));
            }
        }
        listing.write(
                out -> pulled.forEach((lens, place) -> out.printf(
                        "%s is in %s. Look at it: %s lens inspect %s%n", lens, place, installation.command(), place)),
                json -> writeJson(pulled, json),
                console);
        return ExitCode.OK.number();
    }

    private static void writeJson(Map<HubLens, Path> pulled, JsonWriter json) throws IOException {
        json.beginArray();
        for (Map.Entry<HubLens, Path> entry : pulled.entrySet()) {
            json.beginObject().name("lens").value(entry.getKey().toString());
            json.name("place").value(entry.getValue().toString()).endObject();
        }
        json.endArray();
    }
}
