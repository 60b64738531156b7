package dev.stratalens.server;

import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.config.ConnectionLimits;
import dev.stratalens.server.config.OperatorConfig;
import dev.stratalens.server.grpc.LoopbackRehearsal;
import dev.stratalens.server.grpc.ServerFacts;
import dev.stratalens.server.grpc.stream.Compression;
import dev.stratalens.server.models.EngineLoader;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.models.ServedName;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.server.scheduling.warmup.Rehearsal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Collects what differs from the defaults of a {@link LensServer}. Not thread-safe. */
public final class LensServerBuilder {
    private final List<String> models;
    private final Map<String, LoadPolicy> loadPolicies = new HashMap<>();
    final EngineLoader loader;
    ServerFacts facts = new ServerFacts("", List.of());
    GrantedLimits limits = GrantedLimits.defaults();
    AccessConfig access = AccessConfig.OPEN;
    ModelManagement management = ModelManagement.REFUSED;
    Compression compression = Compression.NONE;
    OperatorConfig operator = OperatorConfig.NONE;
    ConnectionLimits connections = ConnectionLimits.DEFAULT;
    boolean reflection = true;
    Optional<Function<ComputeThread, Rehearsal>> warmUp = Optional.empty();
    LongSupplier nanoTime = System::nanoTime;
    Duration silence = NettyListener.SILENCE;
    Optional<BiFunction<ConnectionLimits, Duration, NettyListener>> listener = Optional.empty();
    Optional<String> inProcessName = Optional.empty();

    LensServerBuilder(List<String> models, EngineLoader loader) {
        this.models = List.copyOf(models);
        this.loader = loader;
    }

    /** What the server says about itself. */
    public LensServerBuilder facts(ServerFacts facts) {
        this.facts = facts;
        return this;
    }

    public LensServerBuilder limits(GrantedLimits limits) {
        this.limits = limits;
        return this;
    }

    /** When all the models are loaded first. Default: at the start. */
    public LensServerBuilder load(LoadPolicy loadPolicy) {
        models.forEach(model -> load(model, loadPolicy));
        return this;
    }

    /** When one of the models is loaded first. */
    public LensServerBuilder load(String model, LoadPolicy loadPolicy) {
        loadPolicies.put(model, loadPolicy);
        return this;
    }

    List<ServedName> names() {
        return models.stream()
                .map(model -> new ServedName(model, loadPolicies.getOrDefault(model, LoadPolicy.START)))
                .toList();
    }

    /** What an operator sees of the server. Default: a line of the log for each request. */
    public LensServerBuilder operator(OperatorConfig operator) {
        this.operator = operator;
        return this;
    }

    /** Who may call. Default: anybody. */
    public LensServerBuilder access(AccessConfig access) {
        this.access = access;
        return this;
    }

    /** Whether callers may load and unload models. Default: they may not. */
    public LensServerBuilder management(ModelManagement management) {
        this.management = management;
        return this;
    }

    public LensServerBuilder compression(Compression compression) {
        this.compression = compression;
        return this;
    }

    /** Counts by another clock how long readers stay away, and spaces messages by it. */
    public LensServerBuilder streamsClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }

    /** Makes the first requests as fast as later ones: runs passes of its own after a model was loaded, while there is nothing to do. */
    public LensServerBuilder warmUp() {
        this.warmUp = Optional.of(compute -> Rehearsal.NONE);
        return this;
    }

    /** As {@link #warmUp()}, and makes calls to itself that a small model answers. */
    public LensServerBuilder warmUp(EngineLoader small) {
        this.warmUp = Optional.of(compute -> new LoopbackRehearsal(small, compute));
        return this;
    }

    /** Does not tell strangers what can be called. */
    public LensServerBuilder withoutReflection() {
        this.reflection = false;
        return this;
    }

    /** Listens on loopback, without TLS. Port 0 takes any that is free. */
    public LensServerBuilder listen(int port) {
        return listen("localhost", port, new TransportSecurity.LoopbackPlaintext());
    }

    /** Listens on an address. Port 0 takes any that is free. */
    public LensServerBuilder listen(String host, int port, TransportSecurity security) {
        this.listener = Optional.of((limits, silence) -> new NettyListener(host, port, security, limits, silence));
        return this;
    }

    /** What connections over TCP may take. */
    public LensServerBuilder connections(ConnectionLimits connections) {
        this.connections = connections;
        return this;
    }

    /** How long a connection may be silent before it is asked for a sign of life, and as long again until it is closed. */
    public LensServerBuilder silence(Duration silence) {
        this.silence = silence;
        return this;
    }

    /** Is reachable within the process under a name. */
    public LensServerBuilder inProcess(String name) {
        this.inProcessName = Optional.of(name);
        return this;
    }

    /** Makes the server; nothing runs or is bound before {@link LensServer#start}. */
    public LensServer build() {
        return new LensServer(this);
    }
}
