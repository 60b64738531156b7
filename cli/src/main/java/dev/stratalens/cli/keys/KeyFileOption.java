package dev.stratalens.cli.keys;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeyFile;
import dev.stratalens.server.access.proof.ApiKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --file} of the commands that manage keys. */
final class KeyFileOption {

    private static final String VARIABLE = "STRATALENS_API_KEYS";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "File of keys, the server's setting api-keys (default: what " + VARIABLE + " names).")
    @Nullable
    Path file;

    Path path(Installation installation) {
        String named = installation.environment().getOrDefault(VARIABLE, "");
        if (file == null && named.isEmpty()) {
            throw CliException.usage("no file of keys is given; name one with --file FILE or " + VARIABLE + ".");
        }
        return file == null ? Path.of(named) : file;
    }

    ApiKeys read(Installation installation) {
        try {
            return new ApiKeyFile(path(installation)).read();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    void change(Installation installation, UnaryOperator<ApiKeys> change) {
        try {
            new ApiKeyFile(path(installation)).change(change);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The key of an id. */
    static ApiKey require(ApiKeys keys, String id) {
        return keys.find(id)
                .orElseThrow(() -> CliException.usage(
                        "no key has the id \"%s\"; `keys list` shows the ids. The id of slk_ID_SECRET is its middle part."
                                .formatted(id)));
    }

    private static CliException failure(IOException e) {
        return CliException.usage(String.valueOf(e.getMessage()));
    }
}
