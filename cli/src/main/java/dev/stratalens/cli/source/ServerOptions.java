package dev.stratalens.cli.source;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.server.config.ConfigException;
import dev.stratalens.server.config.ConfigReader;
import dev.stratalens.server.config.EffectiveConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of a server as options; the configuration itself knows what is allowed. */
public final class ServerOptions {

    /** Variables of the launcher and the command, which are no settings of a server. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of("STRATALENS_API_KEY", "STRATALENS_BUILD", "STRATALENS_DEBUG", "STRATALENS_JAVA_OPTIONS");

    @Option(
            names = "--model",
            paramLabel = "[NAME=]MODEL",
            description =
                    "Serve this checkpoint directory, .gguf file, hf:ORG/NAME[@REVISION] or `demo` (default), under"
                            + " its own name or the one given. May be given several times.")
    List<String> models = new ArrayList<>();

    @Option(names = "--host", paramLabel = "HOST", description = "Listen on this address (default: 127.0.0.1).")
    @Nullable
    String host;

    @Option(names = "--port", paramLabel = "PORT", description = "And port; 0 for any that is free (default: 50061).")
    @Nullable
    String port;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
    @Nullable
    String tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM, PKCS#8.")
    @Nullable
    String tlsKey;

    @Option(
            names = "--api-keys",
            paramLabel = "FILE",
            description = "Answer callers with one of these keys only; `keys add` makes them.")
    @Nullable
    String apiKeys;

    @Option(names = "--allow-plaintext", description = "Without TLS, even where other machines reach the address.")
    boolean allowPlaintext;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "Arithmetic: auto, float32, bfloat16, or float16 on cards (default: auto).")
    @Nullable
    String dtype;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Where models compute: auto, cpu, cuda, or cards such as cuda:0,1 (default: auto).")
    @Nullable
    String device;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in YAML (default: what STRATALENS_CONFIG names).")
    @Nullable
    Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any other setting of the file, such as queue-capacity=16. May be given several times.")
    Map<String, String> others = new LinkedHashMap<>();

    /**
     * What the file, the environment and the options say together.
     *
     * @throws CliException naming everything that is wrong
     */
    public EffectiveConfig read(Map<String, String> environment) {
        Optional<Path> file = Optional.ofNullable(config)
                .or(() -> Optional.ofNullable(environment.get("STRATALENS_CONFIG"))
                        .map(Path::of));
        Map<String, String> settings = new LinkedHashMap<>(environment);
        settings.keySet().removeAll(OTHER_VARIABLES);
        try {
            return ConfigReader.read(file, settings, flags(), models);
        } catch (ConfigException e) {
            throw CliException.usage(String.join(System.lineSeparator(), e.faults()));
        }
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(others);
        put(flags, "host", host);
        put(flags, "port", port);
        put(flags, "tls-cert", tlsCert);
        put(flags, "tls-key", tlsKey);
        put(flags, "api-keys", apiKeys);
        put(flags, "dtype", dtype);
        put(flags, "device", device);
        put(flags, "allow-plaintext", allowPlaintext ? "true" : null);
        return flags;
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
