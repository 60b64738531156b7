package dev.stratalens.server.config;

import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.error.FileFault;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.access.proof.TokenRules;
import dev.stratalens.server.config.ServerConfig.Tls;
import dev.stratalens.server.hub.HubModel;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelManagement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Makes a configuration of its layers: defaults, then a file, then the environment, then flags, each over those before. */
public final class ConfigReader {

    private static final String PROOFS = "api-keys, jwt-keys or tls-client-ca";

    private final Map<String, ConfigValue> values;
    private final List<String> faults;

    private ConfigReader(ConfigLayers layers) {
        this.values = layers.values();
        this.faults = layers.faults();
    }

    /**
     * Reads the file and resolves the layers.
     *
     * @param environment every variable of the process; those that begin with {@code STRATALENS_} count
     * @param flags by key, without dashes
     * @param models further flags, each {@code SOURCE} or {@code NAME=SOURCE}; commas in them are part of a path
     * @throws ConfigException naming everything that is wrong
     */
    public static EffectiveConfig read(
            Optional<Path> file, Map<String, String> environment, Map<String, String> flags, List<String> models) {
        ConfigLayers layers = new ConfigLayers();
        file.ifPresent(path -> layers.addFile(path, text(path)));
        layers.addEnvironment(environment);
        layers.addFlags(flags, models);
        return new EffectiveConfig(new ConfigReader(layers).parse(), layers.values());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigException(
                    List.of("%s: the configuration cannot be read (%s). Name a readable YAML file in UTF-8."
                            .formatted(file, FileFault.words(e))));
        }
    }

    private ServerConfig parse() {
        String host = parse(Settings.HOST);
        Optional<Tls> tls = tls();
        boolean allowPlaintext = parse(Settings.ALLOW_PLAINTEXT);
        long workBuffer = parse(Settings.WORK_BUFFER);
        long maxRequestMemory = parse(Settings.MAX_REQUEST_MEMORY);
        if (tls.isEmpty() && !allowPlaintext && !isLoopback(host)) {
            refuse(
                    Settings.HOST.key(),
                    "tls-cert and tls-key with it, or allow-plaintext: true, or a loopback address");
        }
        if (workBuffer > maxRequestMemory) {
            refuse(Settings.WORK_BUFFER.key(), "at most max-request-memory, which includes it");
        }
        ServerConfig config = new ServerConfig(
                host,
                parse(Settings.PORT),
                models(),
                parse(Settings.WARM_UP),
                parse(Settings.MANAGE_MODELS).orElse(isLoopback(host))
                        ? ModelManagement.ALLOWED
                        : ModelManagement.REFUSED,
                access(host, tls.isPresent()),
                tls,
                allowPlaintext,
                parse(Settings.DTYPE),
                parse(Settings.MEMORY_BUDGET),
                parse(Settings.LENSES_IN_MEMORY),
                maxRequestMemory,
                workBuffer,
                Math.toIntExact(parse(Settings.OUTBOUND_BUFFER)),
                parse(Settings.QUEUE_CAPACITY),
                parse(Settings.BATCH_WINDOW),
                parse(Settings.SLOW_READER_TIMEOUT),
                parse(Settings.GRACE_PERIOD),
                parse(Settings.THREADS),
                parse(Settings.REFLECTION).orElse(isLoopback(host)),
                operator(),
                connections());
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return config;
    }

    /** The value, or after a complaint the default. */
    private <T> T parse(Setting<T> setting) {
        Optional<T> value = setting.parser().apply(value(setting.key()).text());
        if (value.isEmpty()) {
            refuse(setting.key(), setting.allowed());
        }
        return value.or(() -> setting.parser().apply(setting.defaultText())).orElseThrow();
    }

    private AccessConfig access(String host, boolean encrypted) {
        String demand = parse(Settings.ACCESS);
        AccessConfig access = new AccessConfig(
                !demand.equals("open"),
                parse(Settings.API_KEYS),
                parse(Settings.ACCESS_POLICY),
                tokens(),
                parse(Settings.TLS_CLIENT_CA));
        if (access.clientCa().isPresent() && !encrypted) {
            refuse(Settings.TLS_CLIENT_CA.key(), "a file beside tls-cert and tls-key");
        }
        if (!access.hasProof() && demand.equals("required")) {
            refuse(Settings.ACCESS.key(), PROOFS + " with it");
        }
        if (!access.hasProof() && demand.equals("auto") && !isLoopback(host)) {
            refuse(
                    Settings.HOST.key(),
                    PROOFS
                            + " with it, or access: open to let anybody call who reaches the port, or a loopback address");
        }
        return access;
    }

    private Optional<TokenRules> tokens() {
        Optional<String> keys = parse(Settings.JWT_KEYS);
        Optional<String> issuer = parse(Settings.JWT_ISSUER);
        Optional<String> audience = parse(Settings.JWT_AUDIENCE);
        Set<String> algorithms = parse(Settings.JWT_ALGORITHMS);
        String claim = parse(Settings.JWT_PRINCIPAL_CLAIM);
        if (keys.isPresent() && (issuer.isEmpty() || audience.isEmpty())) {
            refuse(
                    Settings.JWT_KEYS.key(),
                    "jwt-issuer and jwt-audience with it: any token of the issuer would do else");
        }
        return keys.map(place -> new TokenRules(place, issuer.orElse(""), audience.orElse(""), algorithms, claim));
    }

    private Optional<Tls> tls() {
        Optional<Path> certificate = parse(Settings.TLS_CERT);
        Optional<Path> key = parse(Settings.TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            Setting<?> given = certificate.isPresent() ? Settings.TLS_CERT : Settings.TLS_KEY;
            refuse(given.key(), "tls-cert and tls-key together");
        }
        return certificate.flatMap(chain -> key.map(secret -> new Tls(chain, secret)));
    }

    private OperatorConfig operator() {
        String adminHost = parse(Settings.ADMIN_HOST);
        boolean auditPrompts = parse(Settings.AUDIT_PROMPTS);
        long auditBytes = parse(Settings.AUDIT_LOG_SIZE);
        int auditFiles = parse(Settings.AUDIT_LOG_FILES);
        return new OperatorConfig(
                parse(Settings.LOG_FORMAT),
                parse(Settings.ADMIN_PORT).map(port -> new OperatorConfig.Admin(adminHost, port)),
                parse(Settings.OTLP_ENDPOINT),
                parse(Settings.MAX_CONNECTION_AGE),
                parse(Settings.AUDIT_LOG)
                        .map(file -> new OperatorConfig.Audit(file, auditPrompts, auditBytes, auditFiles)));
    }

    private ConnectionLimits connections() {
        return new ConnectionLimits(
                parse(Settings.MAX_CONNECTIONS),
                parse(Settings.MAX_CALLS_PER_CONNECTION),
                Math.toIntExact(parse(Settings.MAX_HEADER_SIZE)),
                Math.toIntExact(parse(Settings.MAX_MESSAGE_SIZE)),
                parse(Settings.HANDSHAKE_TIMEOUT),
                parse(Settings.MAX_CONNECTION_IDLE));
    }

    private Map<String, ConfiguredModel> models() {
        LoadPolicy usual = parse(Settings.LOAD);
        DeviceChoice usualDevice = parse(Settings.DEVICE);
        Map<String, ConfiguredModel> models = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (Settings.isModel(key)) {
                String name = Settings.modelName(key);
                if (!Settings.MODEL_NAME.matcher(name).matches()) {
                    faults.add(
                            "models: the name \"%s\" (%s) is not allowed; allowed: at most 128 letters, digits and . _ - /, a letter or digit first."
                                    .formatted(name, value.origin()));
                }
                LoadPolicy load = own(Settings.loadOf(name), usual);
                DeviceChoice device = own(Settings.deviceOf(name), usualDevice);
                Map<String, LensSource> lenses = own(Settings.lensesOf(name), Map.of());
                source(value.text())
                        .ifPresentOrElse(
                                source -> models.put(name, new ConfiguredModel(source, load, device, lenses)),
                                () -> refuse(key, "demo, a directory, a .gguf file, or " + HubModel.SYNTAX));
            }
        });
        values.forEach((key, value) -> {
            if (Settings.isOfModel(key) && !values.containsKey(Settings.modelKey(Settings.modelOf(key)))) {
                faults.add("%s (%s): no model of that name is served; give models: %s: MODEL, or leave this out."
                        .formatted(key, value.origin(), Settings.modelOf(key)));
            }
        });
        return models;
    }

    /** The model's own value, if it has one. */
    private <T> T own(Setting<T> setting, T usual) {
        return values.containsKey(setting.key()) ? parse(setting) : usual;
    }

    private static Optional<ModelSource> source(String text) {
        if (text.startsWith(HubModel.SCHEME)) {
            return HubModel.parse(text).map(ModelSource.Hub::new);
        }
        try {
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.of(
                            text.equals(Settings.DEMO) ? new ModelSource.Demo() : new ModelSource.Local(Path.of(text)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Other names are not resolved here: the answer would depend on the network. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private ConfigValue value(String key) {
        return Objects.requireNonNull(values.get(key));
    }

    private void refuse(String key, String allowed) {
        ConfigValue value = value(key);
        faults.add(
                "%s: \"%s\" (%s) is not allowed; allowed: %s.".formatted(key, value.text(), value.origin(), allowed));
    }
}
