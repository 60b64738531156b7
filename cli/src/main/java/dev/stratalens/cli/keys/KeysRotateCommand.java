package dev.stratalens.cli.keys;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys rotate}: replaces a key by another of the same principal. */
@Command(
        name = "rotate",
        sortOptions = false,
        description = "Makes another key for the principal of a key, prints it once, and ends the old one.",
        footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} keys rotate 0123456789abcdef --overlap 7d --file keys.json"})
public final class KeysRotateCommand extends ConsoleCommand {

    @Parameters(paramLabel = "ID", description = "Id of the old key, as `keys list` shows it.")
    String id = "";

    @Option(
            names = "--overlap",
            paramLabel = "TIME",
            description = "Accept the old key for 12h or 7d more (default: not at all).")
    @Nullable
    String overlap;

    @Mixin
    ExpiryOption expiry = new ExpiryOption();

    @Mixin
    KeyFileOption file = new KeyFileOption();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public KeysRotateCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        Instant now = Instant.now();
        Optional<Duration> both = Optional.ofNullable(overlap).map(text -> TimeSpan.parse("--overlap", text));
        ApiKey old = KeyFileOption.require(file.read(installation), id);
        NewKey fresh = NewKey.of(old.principal(), now, expiry.from(now));
        file.change(installation, keys -> {
            ApiKeys kept =
                    both.isPresent() ? keys.with(old.until(earlier(old, now.plus(both.get())))) : keys.without(id);
            return kept.with(fresh.kept());
        });
        fresh.show(listing, file.path(installation), console);
        return ExitCode.OK.number();
    }

    /** An overlap makes no key live longer. */
    private static Instant earlier(ApiKey old, Instant end) {
        return old.expires().filter(end::isAfter).orElse(end);
    }
}
