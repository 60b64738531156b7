package dev.stratalens.server;

import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.device.Host;
import dev.stratalens.engine.model.NativeBfloat16;
import dev.stratalens.server.config.LensSource;
import dev.stratalens.server.config.ModelSource;
import dev.stratalens.server.config.ServerConfig;
import dev.stratalens.server.grpc.LoopbackRehearsal;
import dev.stratalens.server.grpc.ServerFacts;
import dev.stratalens.server.hub.ModelHub;
import dev.stratalens.server.hub.ModelLocation;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.ModelDevices;
import dev.stratalens.server.scheduling.GrantedLimits;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server that a configuration describes. */
public final class ConfiguredServer {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredServer.class);

    private ConfiguredServer() {}

    /**
     * Makes the server; nothing runs or is bound before {@link LensServer#start}.
     *
     * @param demo directory of the model that comes with the program
     * @param hub where models of the hub come from
     * @param version of the program
     * @param host the machine whose cards may compute
     * @throws dev.stratalens.engine.error.DeviceUnavailableException if a device of the configuration is not there
     */
    public static LensServer of(ServerConfig config, Path demo, ModelHub hub, String version, Host host) {
        NativeBfloat16.warning(config.precision()).ifPresent(LOG::warn);
        Map<String, ModelLocation> locations = new LinkedHashMap<>();
        Map<String, DeviceChoice> choices = new LinkedHashMap<>();
        Map<String, Map<String, ModelLocation>> lenses = new LinkedHashMap<>();
        config.models().forEach((name, model) -> {
            locations.put(name, location(model.source(), demo, hub));
            choices.put(name, model.device());
            Map<String, ModelLocation> files = new LinkedHashMap<>();
            model.lenses().forEach((lens, source) -> files.put(lens, location(source, hub)));
            lenses.put(name, files);
        });
        ModelDevices devices = ModelDevices.of(host, choices, config.maxRequestMemory());
        var options = new CheckpointLoader.Options(
                config.precision(), config.workBuffer(), threads(config), config.lensesInMemory());
        LensServerBuilder builder = LensServer.builder(
                        List.copyOf(locations.keySet()), new CheckpointLoader(options, locations, lenses, devices))
                .facts(new ServerFacts(version, Architectures.supported()))
                .limits(new GrantedLimits(
                        config.memoryBudget(),
                        config.maxRequestMemory(),
                        config.queueCapacity(),
                        config.batchWindow(),
                        config.outboundBuffer(),
                        config.slowReaderTimeout(),
                        config.gracePeriod()))
                .access(config.access())
                .management(config.management())
                .operator(config.operator())
                .connections(config.connections())
                .listen(config.host(), config.port(), security(config));
        config.models().forEach((name, model) -> builder.load(name, model.load()));
        if (config.warmUp()) {
            builder.warmUp(new CheckpointLoader(
                    options, Map.of(LoopbackRehearsal.MODEL, listener -> demo), Map.of(), ModelDevices.PROCESSOR));
        }
        if (!config.reflection()) {
            builder.withoutReflection();
        }
        return builder.build();
    }

    private static ModelLocation location(ModelSource source, Path demo, ModelHub hub) {
        if (source instanceof ModelSource.Hub repository) {
            return listener -> hub.locate(repository.model(), listener);
        }
        Path path = source instanceof ModelSource.Local local ? local.path() : demo;
        return listener -> path;
    }

    private static ModelLocation location(LensSource source, ModelHub hub) {
        if (source instanceof LensSource.Hub remote) {
            return listener -> hub.locate(remote.lens(), listener);
        }
        Path path = ((LensSource.Local) source).path();
        return listener -> path;
    }

    private static int threads(ServerConfig config) {
        return config.threads() == 0 ? Runtime.getRuntime().availableProcessors() : config.threads();
    }

    private static TransportSecurity security(ServerConfig config) {
        return config.tls()
                .<TransportSecurity>map(tls -> new TransportSecurity.Tls(
                        tls.certificate(), tls.key(), config.access().clientCa()))
                .orElseGet(() -> config.allowPlaintext()
                        ? new TransportSecurity.PlaintextAnywhere()
                        : new TransportSecurity.LoopbackPlaintext());
    }
}
