package dev.stratalens.cli.lenses;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFiles;
import dev.stratalens.engine.lens.transport.LensOrigin;
import dev.stratalens.engine.lens.transport.MapForm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lens inspect}: what a fitted lens is. */
@Command(
        name = "inspect",
        sortOptions = false,
        description =
                "Prints what a fitted lens is: its form, width, read points, and what its file says of its origin.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens inspect gpt2_jacobian_lens.pt",
            "  ${ROOT-COMMAND-NAME} lens inspect tuned/gpt2 --format json"
        })
public final class LensInspectCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "LENS",
            description =
                    "Directory of tuned-lens, .pt file with Jacobians, .npz file of mlxterp, or .safetensors file of `lens convert`.")
    Path lens = Path.of("");

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public LensInspectCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        FittedLens fitted = LensFiles.read(lens);
        listing.write(out -> printTable(fitted, out), json -> writeJson(fitted, json), console);
        return ExitCode.OK.number();
    }

    private void printTable(FittedLens fitted, PrintWriter out) {
        LensOrigin origin = fitted.origin();
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("lens", lens.toString());
        lines.put("form", fitted.form() == MapForm.RESIDUAL ? "h + A h + b" : "A h + b");
        lines.put("width", Integer.toString(fitted.width()));
        lines.put("reads at", ReadPointNames.of(fitted.maps().keySet()));
        lines.put(
                "biases",
                fitted.maps().values().stream().anyMatch(map -> map.bias().isPresent()) ? "yes" : "none");
        lines.put("stored as", StoredForm.types(fitted) + ", " + ByteSize.text(StoredForm.bytes(fitted)));
        lines.put("fitted by", origin.fittedBy());
        lines.put("for model", told(origin.model()));
        lines.put("revision", told(origin.revision()));
        lines.put("head", origin.unembeddingHash().isEmpty() ? "not told" : "SHA-256 " + origin.unembeddingHash());
        lines.put("on prompts", origin.prompts() == 0 ? "not told" : "%,d".formatted(origin.prompts()));
        lines.put(
                "left out",
                origin.skippedPositions() == 0
                        ? "not told"
                        : "the first %d positions of each prompt".formatted(origin.skippedPositions()));
        lines.forEach((label, value) -> out.printf("%-12s %s%n", label, PrintableText.of(value)));
    }

    private static String told(String text) {
        return text.isEmpty() ? "not told" : text;
    }

    private void writeJson(FittedLens fitted, JsonWriter json) throws IOException {
        LensOrigin origin = fitted.origin();
        json.beginObject().name("lens").value(lens.toString());
        json.name("form").value(fitted.form() == MapForm.RESIDUAL ? "residual" : "plain");
        json.name("width").value(fitted.width());
        json.name("read_points").beginArray();
        for (String name : ReadPointNames.all(fitted.maps().keySet())) {
            json.value(name);
        }
        json.endArray();
        json.name("stored_types").value(StoredForm.types(fitted));
        json.name("bytes").value(StoredForm.bytes(fitted));
        json.name("fitted_by").value(origin.fittedBy());
        json.name("model").value(origin.model());
        json.name("revision").value(origin.revision());
        json.name("unembedding_sha256").value(origin.unembeddingHash());
        json.name("prompts").value(origin.prompts());
        json.name("skipped_positions").value(origin.skippedPositions());
        json.endObject();
    }
}
