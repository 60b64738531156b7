package dev.stratalens.cli.keys;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keys}: the API keys that a server accepts. */
@Command(
        name = "keys",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Adds, lists, revokes and rotates the API keys of a server.",
            "A server that was started with --set api-keys=FILE reads the file again when it changes."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} keys add --principal ann --file keys.json > ann.key",
            "  ${ROOT-COMMAND-NAME} keys add --principal ci --expires 90d --file keys.json",
            "  ${ROOT-COMMAND-NAME} keys list --file keys.json",
            "  ${ROOT-COMMAND-NAME} keys rotate ID --overlap 7d --file keys.json",
            "  ${ROOT-COMMAND-NAME} keys revoke ID --file keys.json"
        })
public final class KeysCommand extends ConsoleCommand {

    @Mixin
    KeyFileOption file = new KeyFileOption();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public KeysCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        ApiKeys keys = file.read(installation);
        listing.write(out -> printTable(keys, out), json -> writeJson(keys, json), console);
        return ExitCode.OK.number();
    }

    private void printTable(ApiKeys keys, PrintWriter out) {
        TextTable table = new TextTable()
                .column("id", Align.LEFT)
                .column("principal", Align.LEFT)
                .column("created", Align.LEFT)
                .column("expires", Align.LEFT);
        for (ApiKey key : keys.all()) {
            table.row(List.of(
                    key.id(),
                    key.principal(),
                    time(key.created()),
                    key.expires()
                            .map(end -> key.hasExpired(Instant.now()) ? "expired" : time(end))
                            .orElse("never")));
        }
        table.print(out, console.scale()::bold);
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void writeJson(ApiKeys keys, JsonWriter json) throws IOException {
        json.beginObject().name("keys").beginArray();
        for (ApiKey key : keys.all()) {
            json.beginObject();
            NewKey.writeFacts(key, json);
            json.endObject();
        }
        json.endArray().endObject();
    }
}
