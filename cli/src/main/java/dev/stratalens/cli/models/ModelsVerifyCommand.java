package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
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
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.server.hub.FileCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code models verify}: whether a model's files are what they should be, and its lens is right. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Checks each file that came from the hub against its hash, loads the model, and compares the lens of",
            "the last block with the model's own output."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models verify hf:openai-community/gpt2",
            "  ${ROOT-COMMAND-NAME} models verify ~/models/gpt2 --format json"
        })
public final class ModelsVerifyCommand extends ConsoleCommand {

    private static final String PROBE = "The capital of France is Paris.";

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            defaultValue = LocalModel.DEMO,
            description = LocalModel.DESCRIPTION)
    String model = LocalModel.DEMO;

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public ModelsVerifyCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        List<FileCheck> files;
        Optional<SelfCheck> lens;
        try (ProgressLine progress = console.progress(false)) {
            LocalModel local = LocalModel.parse(model, installation, new DownloadProgress(progress));
            progress.show("reading files");
            files = FileCheck.all(local.directory());
            // Numbers of damaged weights would say nothing.
            lens = files.stream().anyMatch(ModelsVerifyCommand::isDamaged)
                    ? Optional.empty()
                    : Optional.of(selfCheck(local, progress));
        }
        boolean right = lens.isPresent() && lens.get().top1Agrees();
        listing.write(out -> printTable(files, lens, out), json -> writeJson(files, lens, json), console);
        return (right ? ExitCode.OK : ExitCode.MODEL).number();
    }

    private static SelfCheck selfCheck(LocalModel local, ProgressLine progress) {
        try (Connection connection = Connection.to(local, ComputeType.AUTO.toString())) {
            connection.awaitModel(progress);
            return connection
                    .client()
                    .analyze(LensRequest.of(PROBE).model(local.name()).build())
                    .selfCheck()
                    .orElseThrow(); // every server sends one
        }
    }

    private void printTable(List<FileCheck> files, Optional<SelfCheck> lens, PrintWriter out) {
        for (FileCheck file : files) {
            out.printf("%-10s %10s  %s%n", state(file), ByteSize.text(file.bytes()), PrintableText.of(file.file()));
        }
        out.println();
        if (files.stream().anyMatch(ModelsVerifyCommand::isDamaged)) {
            out.printf(
                    "Damaged files: remove the model and download it again: %1$s models remove %2$s, then %1$s models"
                            + " pull %2$s%n",
                    installation.command(), model);
        }
        lens.ifPresent(check -> out.println(String.format(
                Locale.ROOT,
                check.top1Agrees()
                        ? "The lens of the last block is the model's output within %.1e."
                        : "The lens of the last block is NOT the model's output (difference %.1e). Don't use this"
                                + " model, and report this.",
                check.maxLogitDifference())));
    }

    private void writeJson(List<FileCheck> files, Optional<SelfCheck> lens, JsonWriter json) throws IOException {
        json.beginObject().name("model").value(model).name("files").beginArray();
        for (FileCheck file : files) {
            json.beginObject().name("name").value(file.file());
            json.name("bytes").value(file.bytes());
            json.name("state").value(state(file)).endObject();
        }
        json.endArray();
        if (lens.isPresent()) {
            json.name("self_check").beginObject();
            json.name("max_logit_difference").value(lens.get().maxLogitDifference());
            json.name("top1_agrees").value(lens.get().top1Agrees()).endObject();
        }
        json.endObject();
    }

    private static boolean isDamaged(FileCheck file) {
        return file.state() == FileCheck.State.DAMAGED;
    }

    private static String state(FileCheck file) {
        return file.state().name().toLowerCase(Locale.ROOT);
    }
}
