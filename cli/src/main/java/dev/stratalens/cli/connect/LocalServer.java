package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.device.NvidiaHost;
import dev.stratalens.engine.model.NativeBfloat16;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.grpc.ServerFacts;
import dev.stratalens.server.hub.ModelLocation;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.ModelDevices;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.scheduling.GrantedLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The server in this process, reachable by name through the SDK's in-process transport; no port is opened. */
public final class LocalServer implements AutoCloseable {

    private static final long WORK_BUFFER_BYTES = 64L << 20;

    private final String name;
    private final LensServer server;

    private LocalServer(String name, LensServer server) {
        this.name = name;
        this.server = server;
    }

    /**
     * Starts a server that begins to load the models, which have no fitted lenses; returns before they are loaded. As the other
     * {@code start}.
     */
    public static LocalServer start(List<LocalModel> models, String computeType, String device) {
        return start(models, Map.of(), computeType, device);
    }

    /**
     * Starts a server that begins to load the models; returns before they are loaded.
     *
     * @param lenses files of fitted lenses of the first model by name
     * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
     * @param device as in the configuration of a server
     * @throws CliException if there is no such device
     */
    public static LocalServer start(
            List<LocalModel> models, Map<String, Path> lenses, String computeType, String device) {
        DeviceChoice choice = DeviceChoice.parse(device)
                .orElseThrow(
                        () -> CliException.usage("--device %s: allowed: %s.".formatted(device, DeviceChoice.SYNTAX)));
        Map<String, DeviceChoice> choices = new LinkedHashMap<>();
        models.forEach(model -> choices.put(model.name(), choice));
        ModelDevices devices = ModelDevices.of(
                NvidiaHost.here(), choices, GrantedLimits.defaults().maxRequestBytes());
        Map<String, ModelLocation> locations = new LinkedHashMap<>();
        models.forEach(model -> locations.put(model.name(), listener -> model.directory()));
        CheckpointLoader.Options options = new CheckpointLoader.Options(
                precision(computeType), WORK_BUFFER_BYTES, Runtime.getRuntime().availableProcessors());
        Map<String, ModelLocation> lensFiles = new LinkedHashMap<>();
        lenses.forEach((lens, file) -> lensFiles.put(lens, listener -> file));
        String name = "stratalens-" + UUID.randomUUID();
        LensServer server = LensServer.builder(
                        List.copyOf(locations.keySet()),
                        new CheckpointLoader(
                                options, locations, Map.of(models.get(0).name(), lensFiles), devices))
                .limits(limits(FreeMemory.bytes(), weightBytes(models)))
                .facts(new ServerFacts(Installation.version(), supportedFamilies()))
                // No other process can reach it.
                .management(ModelManagement.ALLOWED)
                .inProcess(name)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LocalServer(name, server);
    }

    /**
     * What a server of one user grants: what is free in addition to the weights, which take up to twice their files where they are
     * converted; however large they are, what every server grants, or half of what is free.
     */
    static GrantedLimits limits(long freeBytes, long weightBytes) {
        GrantedLimits usual = GrantedLimits.defaults();
        long least = Math.min(usual.maxRequestBytes(), freeBytes / 2);
        return new GrantedLimits(
                usual.memoryBudgetBytes(),
                Math.max(freeBytes - 2 * weightBytes, least),
                usual.queueCapacity(),
                usual.batchWindow(),
                usual.outboundBufferBytes(),
                usual.slowReaderTimeout(),
                usual.gracePeriod());
    }

    private static long weightBytes(List<LocalModel> models) {
        return models.stream().mapToLong(LocalModel::fileBytes).sum();
    }

    /** A warning if a type that the user chose is slow on this machine, with the remedy. */
    public static Optional<String> slowType(String computeType) {
        return NativeBfloat16.warning(precision(computeType));
    }

    /**
     * Whether the processor has instructions for bfloat16; empty if the system does not tell.
     *
     * @param proc {@code /proc} on Linux
     */
    public static Optional<Boolean> hasBfloat16(Path proc) {
        return NativeBfloat16.isPresent(proc);
    }

    private static Precision precision(String computeType) {
        return Precision.valueOf(computeType.toUpperCase(Locale.ROOT));
    }

    /** Families that can be loaded: values of {@code model_type}, in order. */
    public static List<String> supportedFamilies() {
        return Architectures.supported();
    }

    /** For {@code LensClient.inProcess}. */
    public String name() {
        return name;
    }

    @Override
    public void close() {
        server.stop();
    }
}
