package dev.stratalens.server.config;

import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.MachineMemory;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Every key, with its default and what is allowed. */
final class Settings {

    /** Names of models and their sources; in the file a mapping, elsewhere {@code NAME=SOURCE,NAME=SOURCE}. */
    static final String MODELS = "models";

    /** The source, of a model that has more than that. */
    static final String MODEL = "model";

    static final String DEMO = "demo";
    static final Pattern MODEL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");

    /** Of signatures by private keys: with a shared secret, everyone who verifies a token could make one. */
    private static final Set<String> ALGORITHMS =
            new TreeSet<>(List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"));

    static final Setting<String> HOST = new Setting<>(
            "host",
            "127.0.0.1",
            "a host name or address",
            text -> Optional.of(text).filter(host -> !host.isBlank()));
    static final Setting<Integer> PORT = integer("port", 50061, 0, 65_535);
    static final Setting<LoadPolicy> LOAD = load("load");
    static final Setting<Boolean> WARM_UP = choice("warm-up", "true", "true|false", Boolean::valueOf);
    static final Setting<Optional<Boolean>> MANAGE_MODELS = automatic("manage-models");
    static final Setting<Optional<Path>> TLS_CERT = file("tls-cert");
    static final Setting<Optional<Path>> TLS_KEY = file("tls-key");
    static final Setting<Optional<Path>> TLS_CLIENT_CA = file("tls-client-ca");
    static final Setting<String> ACCESS = choice("access", "auto", "auto|open|required", Function.identity());
    static final Setting<Optional<Path>> API_KEYS = file("api-keys");
    static final Setting<Optional<Path>> ACCESS_POLICY = file("access-policy");
    static final Setting<Optional<String>> JWT_KEYS = new Setting<>(
            "jwt-keys",
            "",
            "a file, or an address that begins with https://",
            text -> text.startsWith("http:") ? Optional.empty() : optional(text));
    static final Setting<Optional<String>> JWT_ISSUER = text("jwt-issuer", "the claim iss of tokens");
    static final Setting<Optional<String>> JWT_AUDIENCE = text("jwt-audience", "a value of the claim aud of tokens");
    static final Setting<Set<String>> JWT_ALGORITHMS = new Setting<>(
            "jwt-algorithms",
            "RS256,ES256",
            "some of " + String.join(", ", ALGORITHMS) + ", with commas between them",
            text -> Optional.of(new LinkedHashSet<>(List.of(text.split(",", -1))))
                    .filter(ALGORITHMS::containsAll)
                    .map(Set::copyOf));
    static final Setting<String> JWT_PRINCIPAL_CLAIM = new Setting<>(
            "jwt-principal-claim",
            "sub",
            "the name of a claim",
            text -> Optional.of(text).filter(claim -> !claim.isBlank()));
    static final Setting<Boolean> ALLOW_PLAINTEXT = choice("allow-plaintext", "false", "true|false", Boolean::valueOf);
    static final Setting<Precision> DTYPE = choice(
            "dtype", "auto", "auto|float32|bfloat16|float16", text -> Precision.valueOf(text.toUpperCase(Locale.ROOT)));
    static final Setting<DeviceChoice> DEVICE = device("device");
    static final Setting<Long> MEMORY_BUDGET = new Setting<>(
            "memory-budget",
            "75%",
            "a size such as 12GiB, or a share of this machine's memory from 1% to 100%",
            text -> Quantities.bytes(text)
                    .filter(value -> value > 0)
                    .or(() -> Quantities.share(text, MachineMemory::bytes)));
    static final Setting<Integer> LENSES_IN_MEMORY = new Setting<>(
            "lenses-in-memory",
            "all",
            "all, or a whole number from 1 to 64",
            text -> text.equals("all")
                    ? Optional.of(CheckpointLoader.Options.ALL_LENSES)
                    : Optional.of(text)
                            .filter(number -> number.matches("\\d{1,2}"))
                            .map(Integer::valueOf)
                            .filter(number -> number >= 1 && number <= 64));
    static final Setting<Long> MAX_REQUEST_MEMORY = bytes("max-request-memory", "2GiB", "1MiB", "1TiB");
    static final Setting<Long> WORK_BUFFER = bytes("work-buffer", "64MiB", "1MiB", "1GiB");
    static final Setting<Long> OUTBOUND_BUFFER = bytes("outbound-buffer", "4MiB", "64KiB", "1GiB");
    static final Setting<Integer> QUEUE_CAPACITY = integer("queue-capacity", 64, 1, 100_000);
    static final Setting<Integer> BATCH_WINDOW = integer("batch-window", 32, 1, 1024);
    static final Setting<Duration> SLOW_READER_TIMEOUT = duration("slow-reader-timeout", "30s", "1s", "1h");
    static final Setting<Duration> GRACE_PERIOD = duration("grace-period", "10s", "0s", "1h");
    static final Setting<Integer> THREADS = integer("threads", 0, 0, 1024);
    static final Setting<Optional<Integer>> ADMIN_PORT = optional(integer("admin-port", 0, 0, 65_535));
    static final Setting<String> ADMIN_HOST = new Setting<>("admin-host", "127.0.0.1", HOST.allowed(), HOST.parser());
    static final Setting<Optional<URI>> OTLP_ENDPOINT =
            optional(new Setting<>("otlp-endpoint", "", "a URL such as http://localhost:4318", Settings::webAddress));
    static final Setting<Integer> MAX_CONNECTIONS = integer("max-connections", 1000, 1, 1_000_000);
    static final Setting<Integer> MAX_CALLS_PER_CONNECTION = integer("max-calls-per-connection", 1000, 1, 1_000_000);
    static final Setting<Long> MAX_HEADER_SIZE = bytes("max-header-size", "16KiB", "1KiB", "1MiB");
    static final Setting<Long> MAX_MESSAGE_SIZE = bytes("max-message-size", "4MiB", "64KiB", "64MiB");
    static final Setting<Duration> HANDSHAKE_TIMEOUT = duration("handshake-timeout", "10s", "100ms", "10m");
    static final Setting<Duration> MAX_CONNECTION_IDLE = duration("max-connection-idle", "5m", "1s", "24h");
    static final Setting<Duration> MAX_CONNECTION_AGE = duration("max-connection-age", "0s", "0s", "24h");
    static final Setting<Optional<Path>> AUDIT_LOG = file("audit-log");
    static final Setting<Boolean> AUDIT_PROMPTS = choice("audit-prompts", "false", "true|false", Boolean::valueOf);
    static final Setting<Long> AUDIT_LOG_SIZE = bytes("audit-log-size", "64MiB", "64KiB", "1TiB");
    static final Setting<Integer> AUDIT_LOG_FILES = integer("audit-log-files", 10, 1, 1000);
    static final Setting<LogFormat> LOG_FORMAT =
            choice("log-format", "text", "text|json", text -> LogFormat.valueOf(text.toUpperCase(Locale.ROOT)));
    static final Setting<Optional<Boolean>> REFLECTION = automatic("reflection");

    /** All but the models, in the order of the example file. */
    static final List<Setting<?>> SCALARS = List.of(
            HOST,
            PORT,
            LOAD,
            WARM_UP,
            MANAGE_MODELS,
            TLS_CERT,
            TLS_KEY,
            ALLOW_PLAINTEXT,
            ACCESS,
            API_KEYS,
            ACCESS_POLICY,
            TLS_CLIENT_CA,
            JWT_KEYS,
            JWT_ISSUER,
            JWT_AUDIENCE,
            JWT_ALGORITHMS,
            JWT_PRINCIPAL_CLAIM,
            REFLECTION,
            DTYPE,
            DEVICE,
            THREADS,
            MEMORY_BUDGET,
            LENSES_IN_MEMORY,
            WORK_BUFFER,
            MAX_REQUEST_MEMORY,
            QUEUE_CAPACITY,
            BATCH_WINDOW,
            OUTBOUND_BUFFER,
            SLOW_READER_TIMEOUT,
            GRACE_PERIOD,
            LOG_FORMAT,
            ADMIN_PORT,
            ADMIN_HOST,
            OTLP_ENDPOINT,
            MAX_CONNECTIONS,
            MAX_CALLS_PER_CONNECTION,
            MAX_HEADER_SIZE,
            MAX_MESSAGE_SIZE,
            HANDSHAKE_TIMEOUT,
            MAX_CONNECTION_IDLE,
            MAX_CONNECTION_AGE,
            AUDIT_LOG,
            AUDIT_PROMPTS,
            AUDIT_LOG_SIZE,
            AUDIT_LOG_FILES);

    /** Keys of {@link #SCALARS} whose values are paths. */
    static final Set<String> PATHS = Set.of(
            TLS_CERT.key(),
            TLS_KEY.key(),
            TLS_CLIENT_CA.key(),
            API_KEYS.key(),
            ACCESS_POLICY.key(),
            JWT_KEYS.key(),
            AUDIT_LOG.key());

    private Settings() {}

    static String modelKey(String name) {
        return MODELS + "." + name;
    }

    static String modelName(String key) {
        return key.substring(MODELS.length() + 1);
    }

    /** Whether this is {@code models.NAME}. */
    static boolean isModel(String key) {
        return key.startsWith(modelKey(""));
    }

    /** Keys that a model may have for itself: {@code load.NAME} instead of {@code load}. */
    static final List<String> OF_MODELS = List.of(LOAD.key(), DEVICE.key(), LensList.KEY);

    /** {@code load}, for one model. */
    static Setting<LoadPolicy> loadOf(String model) {
        return load(keyOf(LOAD.key(), model));
    }

    /** {@code device}, for one model. */
    static Setting<DeviceChoice> deviceOf(String model) {
        return device(keyOf(DEVICE.key(), model));
    }

    /** {@code lenses}, which only models have. */
    static Setting<Map<String, LensSource>> lensesOf(String model) {
        return new Setting<>(keyOf(LensList.KEY, model), "", LensList.ALLOWED, LensList::parse);
    }

    static String keyOf(String key, String model) {
        return key + "." + model;
    }

    /** Whether this is one of {@link #OF_MODELS} for one model, such as {@code load.NAME}. */
    static boolean isOfModel(String key) {
        return OF_MODELS.stream().anyMatch(own -> key.startsWith(keyOf(own, "")));
    }

    /** NAME of {@code load.NAME}. */
    static String modelOf(String key) {
        return key.substring(key.indexOf('.') + 1);
    }

    private static Setting<DeviceChoice> device(String key) {
        return new Setting<>(key, "auto", DeviceChoice.SYNTAX, DeviceChoice::parse);
    }

    private static Setting<LoadPolicy> load(String key) {
        return choice(
                key,
                "start",
                "start|on-demand",
                text -> LoadPolicy.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    private static Setting<Optional<Boolean>> automatic(String key) {
        return choice(
                key,
                "auto",
                "auto|true|false",
                text -> text.equals("auto") ? Optional.empty() : Optional.of(Boolean.valueOf(text)));
    }

    /** The same, or nothing at all, which is the default. */
    private static <T> Setting<Optional<T>> optional(Setting<T> setting) {
        return new Setting<>(setting.key(), "", setting.allowed(), text -> {
            Optional<T> value = setting.parser().apply(text);
            return text.isEmpty() || value.isPresent() ? Optional.of(value) : Optional.empty();
        });
    }

    private static Optional<URI> webAddress(String text) {
        try {
            return Optional.of(new URI(text))
                    .filter(uri ->
                            uri.getHost() != null && List.of("http", "https").contains(uri.getScheme()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Setting<Integer> integer(String key, int defaultValue, int minimum, int maximum) {
        return new Setting<>(
                key,
                Integer.toString(defaultValue),
                "a whole number from %d to %d".formatted(minimum, maximum),
                text -> text.matches("\\d{1,9}")
                        ? Optional.of(Integer.valueOf(text)).filter(value -> value >= minimum && value <= maximum)
                        : Optional.empty());
    }

    private static Setting<Long> bytes(String key, String defaultText, String minimum, String maximum) {
        long least = Quantities.bytes(minimum).orElseThrow();
        long most = Quantities.bytes(maximum).orElseThrow();
        return new Setting<>(
                key,
                defaultText,
                "a size from %s to %s, such as 512MiB".formatted(minimum, maximum),
                text -> Quantities.bytes(text).filter(value -> value >= least && value <= most));
    }

    private static Setting<Duration> duration(String key, String defaultText, String minimum, String maximum) {
        Duration least = Quantities.duration(minimum).orElseThrow();
        Duration most = Quantities.duration(maximum).orElseThrow();
        return new Setting<>(
                key,
                defaultText,
                "a time from %s to %s, such as 1500ms, 30s or 2m".formatted(minimum, maximum),
                text -> Quantities.duration(text)
                        .filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0));
    }

    private static Setting<Optional<String>> text(String key, String allowed) {
        return new Setting<>(key, "", allowed, Settings::optional);
    }

    private static Optional<Optional<String>> optional(String text) {
        return Optional.of(Optional.of(text).filter(value -> !value.isEmpty()));
    }

    private static Setting<Optional<Path>> file(String key) {
        return new Setting<>(key, "", "a file", text -> {
            try {
                return Optional.of(
                        Optional.of(text).filter(path -> !path.isEmpty()).map(Path::of));
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        });
    }

    /** @param allowed the choices, with bars between them */
    private static <T> Setting<T> choice(String key, String defaultText, String allowed, Function<String, T> parser) {
        List<String> choices = List.of(allowed.split("\\|"));
        return new Setting<>(
                key,
                defaultText,
                String.join(", ", choices),
                text -> choices.contains(text) ? Optional.of(parser.apply(text)) : Optional.empty());
    }
}
