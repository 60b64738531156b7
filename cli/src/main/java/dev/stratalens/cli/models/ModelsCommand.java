package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.Placement;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.engine.error.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code models}: what a server serves, or what a directory holds. */
@Command(
        name = "models",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Lists models; pulls, inspects, verifies, loads, unloads and removes them.",
            "`list` shows the models of a server and what of them is in its memory, or the facts of a checkpoint",
            "directory; without either, the demo model and what is in the Hugging Face cache."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models list",
            "  ${ROOT-COMMAND-NAME} models --model ~/models/gpt2",
            "  ${ROOT-COMMAND-NAME} models list --server localhost:50061",
            "  ${ROOT-COMMAND-NAME} models --server localhost:50061 --format json"
        })
public final class ModelsCommand extends ConsoleCommand {

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public ModelsCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        Optional<CachedModels> cached = model.server == null && model.model == null
                ? Optional.of(CachedModels.of(installation.hub().cache()))
                : Optional.empty();
        Catalog catalog = catalog();
        listing.write(
                out -> {
                    printTable(catalog, out);
                    cached.ifPresent(models -> models.printTable(out, console.scale()));
                },
                json -> writeJson(catalog, cached, json),
                console);
        return ExitCode.OK.number();
    }

    private Catalog catalog() {
        try (ProgressLine progress = console.progress(false)) {
            progress.show("starting");
            try (Connection connection = model.open(installation, progress)) {
                if (model.server == null || !connection.model().isEmpty()) {
                    connection.awaitModel(progress);
                }
                List<ServedModel> asked = connection.client().models().stream()
                        .filter(served ->
                                connection.model().isEmpty() || served.name().equals(connection.model()))
                        .toList();
                return new Catalog(connection.client().serverInfo(), asked);
            }
        }
    }

    /** What a server says about itself and about the models that were asked for. */
    private record Catalog(ServerInfo server, List<ServedModel> models) {}

    private void printTable(Catalog catalog, PrintWriter out) {
        TextTable table = new TextTable()
                .column("model", Align.LEFT)
                .column("state", Align.LEFT)
                .column("memory", Align.RIGHT)
                .column("last use", Align.LEFT)
                .column("family", Align.LEFT)
                .column("blocks", Align.RIGHT)
                .column("width", Align.RIGHT)
                .column("vocabulary", Align.RIGHT)
                .column("context", Align.RIGHT)
                .column("parameters", Align.RIGHT)
                .column("stored", Align.LEFT)
                .column("computed", Align.LEFT)
                .column("device", Align.LEFT);
        for (ServedModel served : catalog.models()) {
            table.row(row(served, served.facts().orElse(null)));
        }
        table.print(out, console.scale()::bold);
        for (ServedModel served : catalog.models()) {
            served.error().ifPresent(error -> out.printf("%n%s%n", PrintableText.of(served.name() + ": " + error)));
        }
        LoadedModels.budget(catalog.server(), catalog.models()).ifPresent(budget -> out.printf("%n%s%n", budget));
        DeviceLines.print(catalog.server(), catalog.models(), out);
        out.printf(
                "%nThis server (version %s) can load %d types of models; --format json names them.%n",
                catalog.server().version(),
                catalog.server().supportedArchitectures().size());
    }

    private static List<String> row(ServedModel served, @Nullable ModelFacts facts) {
        String state = LoadedModels.state(served.state());
        String memory = LoadedModels.memory(served);
        String lastUse = LoadedModels.lastUse(served);
        if (facts == null) {
            return List.of(served.name(), state, memory, lastUse, "", "", "", "", "", "", "", "", "");
        }
        return List.of(
                served.name(),
                state,
                memory,
                lastUse,
                facts.info().architecture(),
                Integer.toString(facts.info().layers()),
                Integer.toString(facts.info().hiddenSize().orElse(0)),
                Integer.toString(facts.info().vocabularySize().orElse(0)),
                Integer.toString(facts.contextLength()),
                millions(facts.parameterCount()),
                facts.info().storedType(),
                facts.info().computeType(),
                facts.device());
    }

    private static String millions(long parameters) {
        double millions = parameters / 1e6;
        return millions < 1000
                ? String.format(Locale.ROOT, "%.1f M", millions)
                : String.format(Locale.ROOT, "%.2f B", millions / 1000);
    }

    private static void writeJson(Catalog catalog, Optional<CachedModels> cached, JsonWriter json) throws IOException {
        json.beginObject().name("server_version").value(catalog.server().version());
        json.name("supported_architectures").beginArray();
        for (String architecture : catalog.server().supportedArchitectures()) {
            json.value(architecture);
        }
        json.endArray();
        if (catalog.server().limits().memoryBudgetBytes().isPresent()) {
            json.name("memory_budget_bytes")
                    .value(catalog.server().limits().memoryBudgetBytes().getAsLong());
        }
        DeviceLines.writeJson(catalog.server(), json);
        json.name("models").beginArray();
        for (ServedModel served : catalog.models()) {
            json.beginObject().name("name").value(served.name());
            json.name("state").value(served.state().name().toLowerCase(Locale.ROOT));
            json.name("memory_bytes").value(served.memoryBytes());
            json.name("requests").value(served.requests());
            if (served.unusedFor().isPresent()) {
                json.name("unused_seconds").value(served.unusedFor().get().toSeconds());
            }
            if (served.error().isPresent()) {
                json.name("error").value(served.error().get());
            }
            if (served.facts().isPresent()) {
                facts(served.facts().get(), json);
            }
            json.endObject();
        }
        json.endArray();
        if (cached.isPresent()) {
            cached.get().writeJson(json);
        }
        json.endObject();
    }

    static void facts(ModelFacts facts, JsonWriter json) throws IOException {
        json.name("architecture").value(facts.info().architecture());
        json.name("layers").value(facts.info().layers());
        json.name("hidden_size").value(facts.info().hiddenSize().orElse(0));
        json.name("vocab_size").value(facts.info().vocabularySize().orElse(0));
        json.name("context_length").value(facts.contextLength());
        json.name("parameter_count").value(facts.parameterCount());
        json.name("stored_dtype").value(facts.info().storedType());
        json.name("compute_dtype").value(facts.info().computeType());
        json.name("device").value(facts.device());
        json.name("placements").beginArray();
        for (Placement stage : facts.placements()) {
            json.beginObject().name("device").value(stage.device());
            json.name("first_block").value(stage.firstBlock());
            json.name("blocks").value(stage.blocks());
            json.name("packed").value(stage.packed()).endObject();
        }
        json.endArray();
        json.name("head_devices").beginArray();
        for (String device : facts.headDevices()) {
            json.value(device);
        }
        json.endArray();
        json.name("revision").value(facts.info().revision());
    }
}
