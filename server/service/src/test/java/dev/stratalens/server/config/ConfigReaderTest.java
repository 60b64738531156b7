package dev.stratalens.server.config;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.device.DeviceChoice.Auto;
import dev.stratalens.engine.device.DeviceChoice.Cards;
import dev.stratalens.engine.device.DeviceChoice.Processor;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.access.proof.TokenRules;
import dev.stratalens.server.config.ModelSource.Demo;
import dev.stratalens.server.config.ModelSource.Hub;
import dev.stratalens.server.config.ModelSource.Local;
import dev.stratalens.server.config.ServerConfig.Tls;
import dev.stratalens.server.hub.HubLens;
import dev.stratalens.server.hub.HubModel;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.MachineMemory;
import dev.stratalens.server.models.ModelManagement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final ServerConfig DEFAULTS = new ServerConfig(
            "127.0.0.1",
            50061,
            Map.of("demo", new ConfiguredModel(new Demo(), LoadPolicy.START, new Auto())),
            true,
            ModelManagement.ALLOWED,
            new AccessConfig(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            Optional.empty(),
            false,
            Precision.AUTO,
            MachineMemory.bytes() / 100 * 75,
            CheckpointLoader.Options.ALL_LENSES,
            2L << 30,
            64L << 20,
            4 << 20,
            64,
            32,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            0,
            true,
            new OperatorConfig(LogFormat.TEXT, Optional.empty(), Optional.empty(), Duration.ZERO, Optional.empty()),
            ConnectionLimits.DEFAULT);

    @TempDir
    private Path directory;

    @Test
    void nothingGivenGivesTheDefaults() {
        assertEquals(DEFAULTS, read(Map.of(), Map.of()));
    }

    @Test
    void theExampleFileNamesEveryKeyWithItsDefault() throws IOException {
        Path example = Path.of("../../deploy/stratalens.yaml");

        assertEquals(
                DEFAULTS,
                ConfigReader.read(Optional.of(example), Map.of(), Map.of(), List.of())
                        .config());
        String text = Files.readString(example);
        Settings.SCALARS.forEach(setting -> assertTrue(text.contains("\n" + setting.key() + ": "), setting.key()));
    }

    @Test
    void everyKeyCanBeGivenInTheFile() {
        ServerConfig config = readFile("""
                host: 0.0.0.0
                port: 0
                models:
                  small: demo
                  big:
                    model: /models/big
                    load: start
                    device: cuda:0,1
                  near: {model: models/near}
                warm-up: false
                manage-models: false
                memory-budget: 3GiB
                lenses-in-memory: 2
                tls-cert: cert.pem
                tls-key: /secrets/key.pem
                allow-plaintext: true
                access: required
                api-keys: keys.json
                access-policy: policy.yaml
                tls-client-ca: clients.pem
                jwt-keys: https://issuer.example/keys
                jwt-issuer: https://issuer.example
                jwt-audience: lens
                jwt-algorithms: PS256,ES384
                jwt-principal-claim: email
                dtype: bfloat16
                device: cpu
                max-request-memory: 512 MiB
                work-buffer: 33554432
                outbound-buffer: 1MB
                queue-capacity: 7
                batch-window: 9
                slow-reader-timeout: 1500ms
                grace-period: 2m
                threads: 3
                reflection: true
                load: on-demand
                log-format: json
                admin-port: 9464
                admin-host: 0.0.0.0
                otlp-endpoint: http://collector:4318
                max-connections: 10
                max-calls-per-connection: 20
                max-header-size: 32KiB
                max-message-size: 8MiB
                handshake-timeout: 3s
                max-connection-idle: 2m
                max-connection-age: 30m
                audit-log: audit.jsonl
                audit-prompts: true
                audit-log-size: 1MiB
                audit-log-files: 3
                """);

        assertEquals(
                new ServerConfig(
                        "0.0.0.0",
                        0,
                        Map.of(
                                "small",
                                new ConfiguredModel(new Demo(), LoadPolicy.ON_DEMAND, new Processor()),
                                "big",
                                new ConfiguredModel(
                                        new Local(Path.of("/models/big")), LoadPolicy.START, new Cards(List.of(0, 1))),
                                "near",
                                new ConfiguredModel(
                                        new Local(directory.resolve("models/near")),
                                        LoadPolicy.ON_DEMAND,
                                        new Processor())),
                        false,
                        ModelManagement.REFUSED,
                        new AccessConfig(
                                true,
                                Optional.of(directory.resolve("keys.json")),
                                Optional.of(directory.resolve("policy.yaml")),
                                Optional.of(new TokenRules(
                                        "https://issuer.example/keys",
                                        "https://issuer.example",
                                        "lens",
                                        Set.of("PS256", "ES384"),
                                        "email")),
                                Optional.of(directory.resolve("clients.pem"))),
                        Optional.of(new Tls(directory.resolve("cert.pem"), Path.of("/secrets/key.pem"))),
                        true,
                        Precision.BFLOAT16,
                        3L << 30,
                        2,
                        512L << 20,
                        32L << 20,
                        1_000_000,
                        7,
                        9,
                        Duration.ofMillis(1500),
                        Duration.ofMinutes(2),
                        3,
                        true,
                        new OperatorConfig(
                                LogFormat.JSON,
                                Optional.of(new OperatorConfig.Admin("0.0.0.0", 9464)),
                                Optional.of(URI.create("http://collector:4318")),
                                Duration.ofMinutes(30),
                                Optional.of(
                                        new OperatorConfig.Audit(directory.resolve("audit.jsonl"), true, 1 << 20, 3))),
                        new ConnectionLimits(10, 20, 32 << 10, 8 << 20, Duration.ofSeconds(3), Duration.ofMinutes(2))),
                config);
        assertEquals(
                List.of("small", "big", "near"), List.copyOf(config.models().keySet()));
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() {
        String file = "port: 1\nqueue-capacity: 1\nthreads: 1\n";
        Map<String, String> environment = Map.of("STRATALENS_PORT", "2", "STRATALENS_QUEUE_CAPACITY", "2");

        ServerConfig config = readAll(file, environment, Map.of("port", "3")).config();

        assertEquals(3, config.port());
        assertEquals(2, config.queueCapacity());
        assertEquals(1, config.threads());
    }

    @Test
    void modelsOfAHigherLayerReplaceThoseBelow() {
        String file = "models: {a: /a, b: /b}\n";

        assertEquals(
                Map.of("c", new Local(Path.of("c")), "demo", new Demo(), "llama", new Local(Path.of("x/llama/"))),
                sources(readAll(file, Map.of("STRATALENS_MODELS", "c=c, demo,x/llama/"), Map.of())
                        .config()));
        assertEquals(
                Map.of("d", new Local(Path.of("/d"))),
                sources(readAll(file, Map.of("STRATALENS_MODELS", "c=c"), Map.of("models", "d=/d"))
                        .config()));
    }

    @Test
    void aModelHasFittedLenses() {
        String file = """
                models:
                  m:
                    model: demo
                    lenses:
                      jacobian: lenses/j.pt
                      tuned: /lenses/gpt2
                      far: hf:spaces/org/name@v1:lens/gpt2
                """;

        Map<String, LensSource> lenses = lenses(readFile(file), "m");

        assertEquals(List.of("jacobian", "tuned", "far"), List.copyOf(lenses.keySet()));
        assertEquals(new LensSource.Local(directory.resolve("lenses/j.pt")), lenses.get("jacobian"));
        assertEquals(new LensSource.Local(Path.of("/lenses/gpt2")), lenses.get("tuned"));
        assertEquals(
                new LensSource.Hub(new HubLens(new HubModel("org/name", "v1", HubModel.Kind.SPACE), "lens/gpt2")),
                lenses.get("far"));
        assertEquals(
                Map.of("a", new LensSource.Local(Path.of("x.pt")), "b", new LensSource.Local(Path.of("y"))),
                lenses(read(Map.of(), Map.of("lenses.demo", "a=x.pt, b=y")), "demo"));
        // The effective configuration reads back.
        EffectiveConfig effective = readAll(file, Map.of(), Map.of());
        assertEquals(lenses, lenses(readFile(effective.toYaml()), "m"));
    }

    private static Map<String, LensSource> lenses(ServerConfig config, String model) {
        return Objects.requireNonNull(config.models().get(model)).lenses();
    }

    @ParameterizedTest
    @ValueSource(strings = {"j", "=x.pt", "j=", "j=a,j=b", "j=hf:org/name", "j=hf:org/name:../x", "j k=x.pt"})
    void aListOfLensesThatIsNotUnderstoodIsRefused(String text) {
        ConfigException refusal =
                assertThrows(ConfigException.class, () -> read(Map.of(), Map.of("lenses.demo", text)));

        assertTrue(refusal.faults().get(0).startsWith("lenses.demo: "), text);
    }

    @Test
    void modelsComeFromDirectoriesFilesAndTheHub() {
        assertEquals(
                Map.of(
                        "a", new Local(Path.of("/models/a,b/a")),
                        "q4", new Local(Path.of("q4.gguf")),
                        "name", new Hub(new HubModel("org/name", "main")),
                        "old", new Hub(new HubModel("org/name", "v1"))),
                sources(ConfigReader.read(
                                Optional.empty(),
                                Map.of(),
                                Map.of(),
                                List.of("/models/a,b/a", "q4.gguf", "hf:org/name", "old=hf:org/name@v1"))
                        .config()));
        assertEquals(
                Map.of("hub", new Hub(new HubModel("org/name", "main"))),
                sources(readFile("models: {hub: \"hf:org/name\"}")));
        assertFaults(
                "models: {hub: 'hf:org/'}",
                Map.of(),
                Map.of(),
                "models.hub: \"hf:org/\" (%s:1) is not allowed; allowed: demo, a directory, a .gguf file, or hf:ORG/NAME[@REVISION]."
                        .formatted(file()));
    }

    @Test
    void otherProgramsVariablesAndEmptyOnesAndTheFilesNameArePassedOver() {
        assertEquals(
                DEFAULTS, read(Map.of("PORT", "9", "STRATALENS_PORT", "", "STRATALENS_CONFIG", "x.yaml"), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "port: null\nmodels:\n", "tls-cert: ~\n", "tls-cert: \"\"\n"})
    void whatTheFileLeavesOutIsTheDefault(String file) {
        assertEquals(DEFAULTS, readFile(file));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.8.9.10, true",
        "localhost, true",
        "::1, true",
        "0.0.0.0, false",
        "127.0.0.1.example.org, false",
        "lens.example.org, false"
    })
    void reflectionAndManagementAreOnByThemselvesOnLoopbackOnly(String host, boolean loopback) {
        ServerConfig config = read(Map.of(), Map.of("host", host, "allow-plaintext", "true", "access", "open"));

        assertEquals(loopback, config.reflection());
        assertEquals(loopback ? ModelManagement.ALLOWED : ModelManagement.REFUSED, config.management());
    }

    @Test
    void managementCanBeSwitchedOnAnywhere() {
        Map<String, String> flags =
                Map.of("host", "0.0.0.0", "allow-plaintext", "true", "access", "open", "manage-models", "true");

        assertEquals(ModelManagement.ALLOWED, read(Map.of(), flags).management());
    }

    @Test
    void eachModelCanBeLoadedAtItsOwnOccasion() {
        String file = """
                load: on-demand
                models:
                  first: {model: demo, load: start}
                  other: demo
                """;
        assertEquals(Map.of("first", LoadPolicy.START, "other", LoadPolicy.ON_DEMAND), occasions(file, Map.of()));
        assertEquals(
                Map.of("first", LoadPolicy.START, "other", LoadPolicy.START),
                occasions(file, Map.of("load.other", "start")));
        assertEquals(
                Map.of("b.load", LoadPolicy.START, "c", LoadPolicy.ON_DEMAND),
                occasions(file, Map.of("models", "b.load=demo,c=demo", "load.b.load", "start")),
                "what was said of other models is forgotten with them");
    }

    private Map<String, LoadPolicy> occasions(String file, Map<String, String> flags) {
        return readAll(file, Map.of(), flags).config().models().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().load()));
    }

    @Test
    void aModelsOwnMappingIsCheckedLikeTheRest() {
        assertFaults(
                "models: {m: {model: demo, lode: start}}",
                Map.of(),
                Map.of(),
                file() + ":1: a model has the keys model, load, device, lenses, not \"lode\".");
        assertFaults(
                "models: {m: {load: start}}",
                Map.of(),
                Map.of(),
                file() + ":1: the model \"m\" lacks its source; give model: MODEL.",
                "load.m (" + file()
                        + ":1): no model of that name is served; give models: m: MODEL, or leave this out.");
        assertFaults(
                "models: {m: {model: demo, load: lazy}}",
                Map.of(),
                Map.of(),
                "load.m: \"lazy\" (" + file() + ":1) is not allowed; allowed: start, on-demand.");
        assertFaults(
                "",
                Map.of(),
                Map.of("load.other", "start"),
                "load.other (--load.other): no model of that name is served; give models: other: MODEL, or leave this out.");
    }

    private static DeviceChoice device(ServerConfig config, String model) {
        return requireNonNull(config.models().get(model)).device();
    }

    @Test
    void aModelsOwnDeviceGoesOverTheUsualOne() {
        Map<String, String> flags = Map.of("device", "cuda:1", "device.m", "cpu");

        assertEquals(
                new Processor(),
                device(
                        ConfigReader.read(Optional.empty(), Map.of(), flags, List.of("m=demo"))
                                .config(),
                        "m"));
        assertEquals(
                new Cards(List.of(1)),
                device(
                        ConfigReader.read(Optional.empty(), Map.of(), Map.of("device", "cuda:1"), List.of("m=demo"))
                                .config(),
                        "m"));
        assertEquals(new Cards(List.of()), device(read(Map.of("STRATALENS_DEVICE", "cuda"), Map.of()), "demo"));
        assertFaults(
                "models: {m: {model: demo, device: gpu}}",
                Map.of(),
                Map.of(),
                "device.m: \"gpu\" (" + file() + ":1) is not allowed; allowed: " + DeviceChoice.SYNTAX + ".");
        assertFaults(
                "",
                Map.of(),
                Map.of("device.other", "cpu"),
                "device.other (--device.other): no model of that name is served; give models: other: MODEL, or leave this out.");
    }

    @Test
    void theBudgetIsASizeOrAShareOfTheMachine() {
        assertEquals(5_000_000, read(Map.of(), Map.of("memory-budget", "5MB")).memoryBudget());
        assertEquals(
                MachineMemory.bytes() / 100 * 50,
                read(Map.of(), Map.of("memory-budget", "50%")).memoryBudget());
        assertTrue(MachineMemory.bytes() > 64L << 20, "of this machine: " + MachineMemory.bytes());
    }

    @Test
    void plaintextOnAnotherAddressMustBeAskedForByName() {
        assertFaults(
                "",
                Map.of(),
                Map.of("host", "0.0.0.0", "access", "open"),
                "host: \"0.0.0.0\" (--host) is not allowed; allowed: tls-cert and tls-key with it, or allow-plaintext: true, or a loopback address.");
        assertFalse(read(Map.of(), Map.of("host", "0.0.0.0", "access", "open", "tls-cert", "c", "tls-key", "k"))
                .allowPlaintext());
        assertTrue(read(Map.of(), Map.of("host", "0.0.0.0", "access", "open", "allow-plaintext", "true"))
                .tls()
                .isEmpty());
    }

    @Test
    void callersWithoutProofOnAnotherAddressMustBeAllowedByName() {
        Map<String, String> open = Map.of("host", "0.0.0.0", "allow-plaintext", "true");
        assertFaults(
                "",
                Map.of(),
                open,
                "host: \"0.0.0.0\" (--host) is not allowed; allowed: api-keys, jwt-keys or tls-client-ca with it, or access: open to let anybody call who reaches the port, or a loopback address.");
        assertFalse(read(Map.of(), with(open, "access", "open")).access().required());
        assertTrue(read(Map.of(), with(open, "api-keys", "keys.json")).access().required());
        assertFalse(read(Map.of(), Map.of()).access().hasProof());
    }

    private static Map<String, String> with(Map<String, String> flags, String key, String value) {
        Map<String, String> more = new HashMap<>(flags);
        more.put(key, value);
        return more;
    }

    @Test
    void partsOfAccessThatGoTogetherAreGivenTogether() {
        assertFaults(
                "",
                Map.of(),
                Map.of("access", "required"),
                "access: \"required\" (--access) is not allowed; allowed: api-keys, jwt-keys or tls-client-ca with it.");
        assertFaults(
                "",
                Map.of(),
                Map.of("jwt-keys", "keys.json", "jwt-issuer", "me"),
                "jwt-keys: \"keys.json\" (--jwt-keys) is not allowed; allowed: jwt-issuer and jwt-audience with it: any token of the issuer would do else.");
        assertFaults(
                "",
                Map.of(),
                Map.of("tls-client-ca", "ca.pem"),
                "tls-client-ca: \"ca.pem\" (--tls-client-ca) is not allowed; allowed: a file beside tls-cert and tls-key.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port | abc | a whole number from 0 to 65535",
                "port | -1 | a whole number from 0 to 65535",
                "port | 65536 | a whole number from 0 to 65535",
                "port | 99999999999999999999 | a whole number from 0 to 65535",
                "port | 0x10 | a whole number from 0 to 65535",
                "host | '' | a host name or address",
                "allow-plaintext | yes | true, false",
                "load | lazy | start, on-demand",
                "reflection | on | auto, true, false",
                "manage-models | yes | auto, true, false",
                "access | off | auto, open, required",
                "jwt-keys | http://issuer.example/keys | a file, or an address that begins with https://",
                "jwt-algorithms | HS256 | some of ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512, with commas between them",
                "memory-budget | 101% | a size such as 12GiB, or a share of this machine's memory from 1% to 100%",
                "memory-budget | 0 | a size such as 12GiB, or a share of this machine's memory from 1% to 100%",
                "lenses-in-memory | 0 | all, or a whole number from 1 to 64",
                "dtype | float8 | auto, float32, bfloat16, float16",
                "device | gpu | auto, cpu, cuda for all cards, or cuda: and the numbers of cards, each once, such as cuda:0,1",
                "device | cuda:1,1 | auto, cpu, cuda for all cards, or cuda: and the numbers of cards, each once, such as cuda:0,1",
                "device | '' | auto, cpu, cuda for all cards, or cuda: and the numbers of cards, each once, such as cuda:0,1",
                "threads | 1025 | a whole number from 0 to 1024",
                "queue-capacity | 0 | a whole number from 1 to 100000",
                "max-request-memory | 1 | a size from 1MiB to 1TiB, such as 512MiB",
                "max-request-memory | 2G | a size from 1MiB to 1TiB, such as 512MiB",
                "max-request-memory | 9999999999TiB | a size from 1MiB to 1TiB, such as 512MiB",
                "work-buffer | 2GiB | a size from 1MiB to 1GiB, such as 512MiB",
                "work-buffer | 1.5MiB | a size from 1MiB to 1GiB, such as 512MiB",
                "outbound-buffer | 1KiB | a size from 64KiB to 1GiB, such as 512MiB",
                "slow-reader-timeout | 30 | a time from 1s to 1h, such as 1500ms, 30s or 2m",
                "slow-reader-timeout | 0s | a time from 1s to 1h, such as 1500ms, 30s or 2m",
                "grace-period | 2h | a time from 0s to 1h, such as 1500ms, 30s or 2m"
            })
    void aValueThatIsNotAllowedIsNamedWithItsOriginAndWhatIs(String key, String value, String allowed) {
        assertFaults(
                "",
                Map.of(),
                Map.of(key, value),
                "%s: \"%s\" (--%s) is not allowed; allowed: %s.".formatted(key, value, key, allowed));
        String variable = "STRATALENS_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
        if (!value.isEmpty()) {
            assertFaults(
                    "",
                    Map.of(variable, value),
                    Map.of(),
                    "%s: \"%s\" (%s) is not allowed; allowed: %s.".formatted(key, value, variable, allowed));
        }
        assertFaults(
                "\n\n%s: '%s'\n".formatted(key, value),
                Map.of(),
                Map.of(),
                "%s: \"%s\" (%s:3) is not allowed; allowed: %s.".formatted(key, value, file(), allowed));
    }

    @Test
    void unknownKeysAreRefusedWithTheNearestKnownOne() {
        assertFaults("prot: 1\n", Map.of(), Map.of(), file() + ":1: prot is not known; the nearest that is: port.");
        assertFaults(
                "",
                Map.of("STRATALENS_QUEUE_CAPACTIY", "1"),
                Map.of(),
                "environment: STRATALENS_QUEUE_CAPACTIY is not known; the nearest that is: STRATALENS_QUEUE_CAPACITY.");
        assertFaults(
                "",
                Map.of(),
                Map.of("tls-certificate", "1"),
                "command line: --tls-certificate is not known; the nearest that is: --tls-cert.");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertFaults(
                "port: x\nmodles: {a: b}\n",
                Map.of(),
                Map.of("threads", "y"),
                file() + ":2: modles must have one value.",
                "port: \"x\" (%s:1) is not allowed; allowed: a whole number from 0 to 65535.".formatted(file()),
                "threads: \"y\" (--threads) is not allowed; allowed: a whole number from 0 to 1024.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'[1, 2]' | :1: the configuration must be keys with values, one a line.",
                "'port' | :1: the configuration must be keys with values, one a line.",
                "'models: /a' | :1: models must be keys with values, one a line.",
                "'port: [1]' | :1: port must have one value.",
                "'{[1]: 2}' | :1: a key must be a plain word.",
                "'{port: 1, port: 2}' | :1: port is given twice.",
                "'{models: {a: b, a: c}}' | :1: models.a is given twice.",
                "'port: \"1' | :1: this is no YAML:",
                "'a: b: c' | :1: this is no YAML:"
            })
    void aFileOfAnotherFormIsRefusedWithTheLine(String text, String message) {
        ConfigException failure = assertThrows(ConfigException.class, () -> readFile(text));

        assertTrue(failure.faults().get(0).startsWith(file() + message), failure.toString());
    }

    @Test
    void aFileThatNestsTooDeeplyIsRefused() {
        ConfigException failure = assertThrows(ConfigException.class, () -> readFile("[".repeat(100_000)));

        assertEquals(file() + ": this nests too deeply.", failure.faults().get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "'a b=x', 'models: the name \"a b\" (--models) is not allowed'",
        "'=x', 'models: the name \"\" (--models) is not allowed'",
        "'-a=x', 'models: the name \"-a\" (--models) is not allowed'",
        "'a=', 'models.a: \"\" (--models) is not allowed; allowed: demo, a directory, a .gguf file, or hf:ORG/NAME[@REVISION].'",
        "'a=x,a=y', '--models: the model name \"a\" is given twice; write NAME=y.'",
        "'x/m,y/m', '--models: the model name \"m\" is given twice; write NAME=y/m.'"
    })
    void modelsThatAreNotUnderstoodAreRefused(String models, String message) {
        ConfigException failure = assertThrows(ConfigException.class, () -> read(Map.of(), Map.of("models", models)));

        assertTrue(failure.faults().stream().anyMatch(fault -> fault.startsWith(message)), failure.toString());
    }

    @Test
    void valuesThatContradictEachOtherAreRefused() {
        assertFaults(
                "",
                Map.of("STRATALENS_TLS_CERT", "c.pem"),
                Map.of(),
                "tls-cert: \"c.pem\" (STRATALENS_TLS_CERT) is not allowed; allowed: tls-cert and tls-key together.");
        assertFaults(
                "",
                Map.of(),
                Map.of("tls-key", "k.pem"),
                "tls-key: \"k.pem\" (--tls-key) is not allowed; allowed: tls-cert and tls-key together.");
        assertFaults(
                "",
                Map.of(),
                Map.of("max-request-memory", "32MiB"),
                "work-buffer: \"64MiB\" (default) is not allowed; allowed: at most max-request-memory, which includes it.");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        ConfigException failure = assertThrows(
                ConfigException.class, () -> ConfigReader.read(Optional.of(file()), Map.of(), Map.of(), List.of()));

        assertTrue(failure.toString().contains(file() + ": the configuration cannot be read"), failure.toString());
    }

    @Test
    void theEffectiveConfigurationSaysWhereEachValueCameFrom() {
        String yaml = readAll(
                        "port: 1\nmodels: {m: x}\n", Map.of("STRATALENS_THREADS", "2"), Map.of("dtype", "float32"))
                .toYaml();

        assertLine(yaml, "port: 1", file() + ":1");
        assertLine(yaml, "threads: 2", "STRATALENS_THREADS");
        assertLine(yaml, "dtype: float32", "--dtype");
        assertLine(yaml, "grace-period: 10s", "default");
        assertLine(yaml, "  m: " + directory.resolve("x"), file() + ":2");
    }

    @Test
    void theEffectiveConfigurationReadsBackToItself() {
        Map<String, String> flags = Map.of(
                "models",
                "demo,null=/a b/#c: \"d\",n=/null,x=/-é",
                "tls-cert",
                "/null",
                "tls-key",
                "/k: {v}",
                "host",
                "::1",
                "load.null",
                "on-demand");
        EffectiveConfig effective = readAll("", Map.of(), flags);

        assertEquals(effective.config(), readFile(effective.toYaml()));
    }

    private static Map<String, ModelSource> sources(ServerConfig config) {
        return config.models().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().source()));
    }

    private ServerConfig readFile(String text) {
        return readAll(text, Map.of(), Map.of()).config();
    }

    private static ServerConfig read(Map<String, String> environment, Map<String, String> flags) {
        return ConfigReader.read(Optional.empty(), environment, flags, List.of())
                .config();
    }

    private EffectiveConfig readAll(String text, Map<String, String> environment, Map<String, String> flags) {
        try {
            Files.writeString(file(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConfigReader.read(Optional.of(file()), environment, flags, List.of());
    }

    private Path file() {
        return directory.resolve("lens.yaml");
    }

    private void assertFaults(
            String text, Map<String, String> environment, Map<String, String> flags, String... faults) {
        ConfigException failure = assertThrows(ConfigException.class, () -> readAll(text, environment, flags));
        assertEquals(List.of(faults), failure.faults());
    }

    private static void assertLine(String yaml, String start, String origin) {
        assertTrue(
                yaml.lines().anyMatch(line -> line.startsWith(start) && line.endsWith("# " + origin)),
                () -> "no line \"%s\" from %s in:%n%s".formatted(start, origin, yaml));
    }
}
