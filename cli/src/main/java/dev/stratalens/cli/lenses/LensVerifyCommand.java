package dev.stratalens.cli.lenses;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMaps;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lens verify}: whether a lens fits a model, and what it does. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Loads a lens with its model, which refuses a lens for another model, reads a text through it and through",
            "the logit lens, and prints how far each layer is from the model's own output: mean KL(final || layer)."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens verify jacobian/gpt2-small --model hf:openai-community/gpt2",
            "  ${ROOT-COMMAND-NAME} lens verify gpt2_jacobian_lens.pt --model ~/models/gpt2 --format json"
        })
public final class LensVerifyCommand extends ConsoleCommand {

    private static final String NAME = "lens";

    private static final String TEXT =
            "The capital of France is Paris. It lies on the Seine, in the north of the country, and has been a"
                    + " center of trade and of the arts for more than a thousand years.";

    @Parameters(paramLabel = "LENS", description = LensPlace.DESCRIPTION)
    String lens = "";

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = LocalModel.DEMO,
            description = LocalModel.DESCRIPTION)
    String model = LocalModel.DEMO;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            defaultValue = TEXT,
            description = "What is read (default: two sentences about a city).")
    String text = TEXT;

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public LensVerifyCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        LensResult result;
        try (ProgressLine progress = console.progress(false)) {
            Path file = LensPlace.locate(lens, installation, progress);
            LocalModel local = LocalModel.parse(model, installation, new DownloadProgress(progress));
            progress.show("starting");
            try (Connection connection =
                    Connection.to(List.of(local), Map.of(NAME, file), ComputeType.AUTO.toString(), "auto")) {
                connection.awaitModel(progress);
                progress.show("reading");
                result = connection.client().analyze(request(local.name()));
            }
        }
        listing.write(out -> print(result, out), json -> write(result, json), console);
        return ExitCode.OK.number();
    }

    private LensRequest request(String served) {
        return LensRequest.of(text)
                .model(served)
                .lenses(Lens.logit(), Lens.transport(NAME))
                .includeEmbedding()
                .topK(1)
                .statistics(Statistic.KL_FROM_FINAL)
                .trajectories(Trajectories.none())
                .exact()
                .build();
    }

    private void print(LensResult logit, PrintWriter out) {
        LensResult fitted = logit.through(Lens.transport(NAME));
        TextTable table = new TextTable()
                .column("layer", Align.LEFT)
                .column("logit lens", Align.RIGHT)
                .column("this lens", Align.RIGHT);
        for (int layer : logit.layers()) {
            table.row(List.of(
                    HeatMaps.layerName(layer),
                    nats(mean(logit, layer)),
                    fitted.layers().contains(layer) ? nats(mean(fitted, layer)) : "no map"));
        }
        out.printf(
                "Mean KL(final || layer) of %d positions, nats:%n%n",
                logit.positions().size());
        table.print(out, console.scale()::bold);
        out.printf("%nThe lens fits the model, and all its numbers are finite.%n");
        fitted.reading().warnings().forEach(out::println);
    }

    private static String nats(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static double mean(LensResult result, int layer) {
        return result.positions().stream()
                .mapToDouble(position -> result.klFromFinal(layer, position).orElseThrow())
                .average()
                .orElseThrow();
    }

    private void write(LensResult logit, JsonWriter json) throws IOException {
        LensResult fitted = logit.through(Lens.transport(NAME));
        json.beginObject().name("lens").value(lens);
        json.name("model").value(model);
        json.name("layers").beginArray();
        for (int layer : logit.layers()) {
            json.beginObject().name("layer").value(layer);
            json.name("logit_kl_from_final").value(mean(logit, layer));
            if (fitted.layers().contains(layer)) {
                json.name("lens_kl_from_final").value(mean(fitted, layer));
            }
            json.endObject();
        }
        json.endArray();
        json.name("warnings").beginArray();
        for (String warning : fitted.reading().warnings()) {
            json.value(warning);
        }
        json.endArray().endObject();
    }
}
