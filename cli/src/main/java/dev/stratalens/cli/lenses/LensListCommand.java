package dev.stratalens.cli.lenses;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lens list}: the lenses of a model, or those that others have published. */
@Command(
        name = "list",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Lists lenses that others have published on the Hugging Face hub. With --model, --lens-file or --server:",
            "the fitted lenses that the model has."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens list",
            "  ${ROOT-COMMAND-NAME} lens list --server localhost:50061 --model gpt2",
            "  ${ROOT-COMMAND-NAME} lens list --model ~/models/gpt2 --lens-file j=gpt2_jacobian_lens.pt --format json"
        })
public final class LensListCommand extends ConsoleCommand {

    private static final String NOT_TRIED =
            "None of these was tried by this project. `lens verify` tries one with its model on this machine.";

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public LensListCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        if (model.model == null && model.server == null && !model.hasLensFiles()) {
            listing.write(this::printPublished, LensListCommand::writePublished, console);
        } else {
            ModelFacts facts = facts();
            listing.write(out -> print(facts, out), json -> write(facts, json), console);
        }
        return ExitCode.OK.number();
    }

    private ModelFacts facts() {
        try (ProgressLine progress = console.progress(false)) {
            progress.show("starting");
            try (Connection connection = model.open(installation, progress)) {
                return connection.awaitModel(progress);
            }
        }
    }

    private void printPublished(PrintWriter out) {
        TextTable table = new TextTable()
                .column("lens", Align.LEFT)
                .column("model", Align.LEFT)
                .column("license", Align.LEFT)
                .column("pinned", Align.LEFT)
                .column("notes", Align.LEFT);
        for (PublishedLens lens : PublishedLens.all()) {
            table.row(List.of(
                    lens.name(),
                    lens.model().isEmpty() ? "not told" : lens.model(),
                    lens.license().isEmpty() ? "not known" : lens.license(),
                    lens.place().repository().isPinned() ? "yes" : "no",
                    lens.notes()));
        }
        table.print(out, console.scale()::bold);
        out.printf("%n%s%n", NOT_TRIED);
    }

    private static void writePublished(JsonWriter json) throws IOException {
        json.beginArray();
        for (PublishedLens lens : PublishedLens.all()) {
            json.beginObject().name("name").value(lens.name());
            json.name("model").value(lens.model());
            json.name("lens").value(lens.lens());
            json.name("pinned").value(lens.place().repository().isPinned());
            json.name("license").value(lens.license());
            json.name("source").value(lens.source());
            json.name("tried_here").value(false);
            json.name("broken").value(lens.broken() != null);
            json.name("notes").value(lens.notes()).endObject();
        }
        json.endArray();
    }

    private void print(ModelFacts facts, PrintWriter out) {
        if (facts.lenses().isEmpty()) {
            out.printf(
                    "%s has no fitted lens; give it one with --lens-file NAME=FILE, or under `lenses` in the configuration of a server.%n",
                    facts.info().name());
            return;
        }
        TextTable table = new TextTable()
                .column("lens", Align.LEFT)
                .column("form", Align.LEFT)
                .column("reads at", Align.LEFT)
                .column("fitted by", Align.LEFT)
                .column("for model", Align.LEFT)
                .column("prompts", Align.RIGHT)
                .column("memory", Align.RIGHT);
        for (LensInfo lens : facts.lenses()) {
            table.row(List.of(
                    lens.name(),
                    lens.residual() ? "h + A h + b" : "A h + b",
                    ReadPointNames.of(lens.hasEmbedding(), lens.layers()),
                    lens.fittedBy().isEmpty() ? "not told" : lens.fittedBy(),
                    lens.fittedFor().isEmpty() ? "not told" : lens.fittedFor(),
                    lens.promptCount() == 0 ? "not told" : Long.toString(lens.promptCount()),
                    ByteSize.text(lens.memoryBytes())));
        }
        table.print(out, console.scale()::bold);
        facts.lenses().forEach(lens -> lens.warnings().forEach(warning -> out.printf("%n%s%n", warning)));
    }

    private static void write(ModelFacts facts, JsonWriter json) throws IOException {
        json.beginArray();
        for (LensInfo lens : facts.lenses()) {
            json.beginObject().name("name").value(lens.name());
            json.name("form").value(lens.residual() ? "residual" : "plain");
            json.name("read_points").beginArray();
            for (String point : ReadPointNames.all(lens.hasEmbedding(), lens.layers())) {
                json.value(point);
            }
            json.endArray();
            json.name("fitted_by").value(lens.fittedBy());
            json.name("model").value(lens.fittedFor());
            json.name("revision").value(lens.revision());
            json.name("prompts").value(lens.promptCount());
            json.name("skipped_positions").value(lens.skippedPositions());
            json.name("bytes").value(lens.memoryBytes());
            json.name("warnings").beginArray();
            for (String warning : lens.warnings()) {
                json.value(warning);
            }
            json.endArray().endObject();
        }
        json.endArray();
    }
}
