package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.server.hub.CacheRemoval;
import dev.stratalens.server.hub.CachedModel;
import dev.stratalens.server.hub.CachedModel.Revision;
import dev.stratalens.server.hub.HubModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models remove}: takes a model out of the user's cache. */
@Command(
        name = "remove",
        sortOptions = false,
        description = {
            "Removes a model from the cache that Hugging Face's tools share: all of it, or one revision. Files",
            "that another revision uses stay. Other programs then download the model again when they need it."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models remove hf:openai-community/gpt2",
            "  ${ROOT-COMMAND-NAME} models remove hf:openai-community/gpt2@main --yes"
        })
public final class ModelsRemoveCommand extends ConsoleCommand {

    @Parameters(paramLabel = "MODEL", description = HubModel.SYNTAX + "; without a revision, all that is cached of it.")
    String model = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    boolean yes;

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public ModelsRemoveCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        CachedModel cached = cached(LocalModel.hubModel(model));
        CacheRemoval removal = CacheRemoval.of(cached, asked(cached));
        long bytes = removal.bytes();
        if (!yes && !confirmed(cached, removal, bytes)) {
            throw new CliException(ExitCode.INTERRUPTED, "nothing was removed.");
        }
        removal.run();
        listing.write(
                out -> out.printf("Removed %s; %s are free again.%n", model, ByteSize.text(bytes)),
                json -> writeJson(removal, bytes, json),
                console);
        return ExitCode.OK.number();
    }

    private CachedModel cached(HubModel asked) {
        return installation.hub().cache().models().stream()
                .filter(any -> any.repository().equals(asked.repository()))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        ExitCode.MODEL,
                        "%s is not in the cache (%s). `%s models list` shows what is."
                                .formatted(model, installation.hub().cache().root(), installation.command())));
    }

    /** All revisions, unless one is named. */
    private List<Revision> asked(CachedModel cached) {
        if (!model.contains("@")) {
            return cached.revisions();
        }
        String name = LocalModel.hubModel(model).revision();
        List<Revision> asked = cached.revisions().stream()
                .filter(revision ->
                        revision.commit().equals(name) || revision.refs().contains(name))
                .toList();
        if (asked.isEmpty()) {
            throw new CliException(
                    ExitCode.MODEL, "%s: the cache has no such revision of the repository.".formatted(model));
        }
        return asked;
    }

    private boolean confirmed(CachedModel cached, CacheRemoval removal, long bytes) throws IOException {
        if (!console.terminal().input()) {
            throw CliException.usage("there is no terminal to ask on; add --yes to remove %s.".formatted(model));
        }
        console.err()
                .printf(
                        "Remove %d of %d revisions of %s (%s) from %s? [y/N] ",
                        removal.revisions().size(),
                        cached.revisions().size(),
                        cached.repository(),
                        ByteSize.text(bytes),
                        cached.folder());
        console.err().flush();
        String answer = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private void writeJson(CacheRemoval removal, long bytes, JsonWriter json) throws IOException {
        json.beginObject().name("model").value(model).name("freed_bytes").value(bytes);
        json.name("revisions").beginArray();
        for (Revision revision : removal.revisions()) {
            json.value(revision.commit());
        }
        json.endArray().endObject();
    }
}
