package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.BlockPlaces;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.engine.error.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models inspect}: what a model is. */
@Command(
        name = "inspect",
        sortOptions = false,
        description = {
            "Loads a model and prints what it is: family, sizes, memory, head, tokenizer, files; which tensors",
            "are read and which are left out; and what the lens means for it."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models inspect ~/models/gpt2",
            "  ${ROOT-COMMAND-NAME} models inspect hf:openai-community/gpt2 --format json"
        })
public final class ModelsInspectCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            defaultValue = LocalModel.DEMO,
            description = LocalModel.DESCRIPTION)
    String model = LocalModel.DEMO;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "auto",
            description = "Arithmetic: auto, float32, bfloat16, or float16 on cards (default: auto).")
    ComputeType dtype = ComputeType.AUTO;

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public ModelsInspectCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        LocalModel local;
        ModelFacts facts;
        long weightBytes;
        try (ProgressLine progress = console.progress(false)) {
            local = LocalModel.parse(model, installation, new DownloadProgress(progress));
            dtype.warning().ifPresent(progress::say);
            try (Connection connection = Connection.to(local, dtype.toString())) {
                facts = connection.awaitModel(progress);
                weightBytes = connection.client().model(connection.model()).memoryBytes();
            }
        }
        Path files = local.directory();
        ModelContents contents = ModelContents.of(files);
        listing.write(
                out -> printTable(facts, contents, weightBytes, files, out),
                json -> writeJson(facts, contents, weightBytes, files, json),
                console);
        return ExitCode.OK.number();
    }

    private void printTable(ModelFacts facts, ModelContents contents, long weightBytes, Path path, PrintWriter out)
            throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("model", model);
        lines.put("files in", path.toString());
        lines.put(
                "revision",
                facts.info().revision().isEmpty() ? "not known" : facts.info().revision());
        lines.put("family", facts.info().architecture());
        lines.put("blocks", Integer.toString(facts.info().layers()));
        lines.put("mixers", contents.blocks());
        if (!BlockPlaces.isPlain(facts)) {
            lines.put("placement", BlockPlaces.of(facts));
        }
        lines.put("width", Integer.toString(facts.info().hiddenSize().orElse(0)));
        lines.put("vocabulary", "%,d".formatted(facts.info().vocabularySize().orElse(0)));
        lines.put("context", "%,d tokens".formatted(facts.contextLength()));
        lines.put("parameters", "%,d".formatted(facts.parameterCount()));
        lines.put("stored as", facts.info().storedType());
        lines.put("computed in", facts.info().computeType() + " on " + facts.device());
        lines.put("weights", ByteSize.text(weightBytes) + " of memory");
        lines.put(
                "final norm", facts.finalNorm().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        lines.put(
                "head",
                (facts.tiedHead() ? "tied to the embedding" : "its own") + (facts.headBias() ? ", with bias" : ""));
        lines.put("logit scale", number(facts.logitScale().orElse(1)));
        lines.put(
                "logit cap",
                facts.logitSoftcap().isPresent() ? number(facts.logitSoftcap().getAsDouble()) : "none");
        lines.put("tokenizer", TokenizerKind.of(path));
        lines.put("read", contents.read());
        lines.put("left out", contents.leftOutText());
        lines.put("lens", String.join("; ", contents.lens()));
        lines.forEach((label, value) -> out.printf("%-12s %s%n", label, PrintableText.of(value)));
        out.println();
        for (Path file : files(path)) {
            out.printf(
                    "%10s  %s%n",
                    ByteSize.text(Files.size(file)),
                    PrintableText.of(file.getFileName().toString()));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? "%.0f".formatted(value) : Double.toString(value);
    }

    private void writeJson(ModelFacts facts, ModelContents contents, long weightBytes, Path path, JsonWriter json)
            throws IOException {
        json.beginObject().name("model").value(model);
        json.name("path").value(path.toString());
        ModelsCommand.facts(facts, json);
        json.name("weight_bytes").value(weightBytes);
        json.name("final_norm").value(facts.finalNorm().name().toLowerCase(Locale.ROOT));
        json.name("tied_head").value(facts.tiedHead());
        json.name("head_bias").value(facts.headBias());
        json.name("logit_scale").value(facts.logitScale().orElse(1));
        if (facts.logitSoftcap().isPresent()) {
            json.name("logit_softcap").value(facts.logitSoftcap().getAsDouble());
        }
        json.name("tokenizer").value(TokenizerKind.of(path));
        contents.write(json);
        json.name("files").beginArray();
        for (Path file : files(path)) {
            json.beginObject().name("name").value(file.getFileName().toString());
            json.name("bytes").value(Files.size(file)).endObject();
        }
        json.endArray().endObject();
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
