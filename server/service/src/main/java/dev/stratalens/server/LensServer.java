package dev.stratalens.server;

import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.access.control.AccessControl;
import dev.stratalens.server.access.file.FileWatch;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.grpc.LensGrpcService;
import dev.stratalens.server.grpc.ModelGrpcService;
import dev.stratalens.server.grpc.ModelHealth;
import dev.stratalens.server.grpc.ServerGrpcService;
import dev.stratalens.server.grpc.TextCalls;
import dev.stratalens.server.grpc.access.AccessInterceptor;
import dev.stratalens.server.grpc.access.ModelHealthGuard;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.grpc.watch.ReadableRequests;
import dev.stratalens.server.grpc.watch.UnfinishedMessages;
import dev.stratalens.server.models.EngineLoader;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.quota.Quotas;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.server.scheduling.warmup.WarmUp;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lens as a server: models, queues and services, reachable over TCP, within the process, or both. Started once,
 * stopped once; all methods may be called from any thread.
 */
public final class LensServer {

    private static final Logger LOG = LoggerFactory.getLogger(LensServer.class);

    /** Largest messages that may be half sent at a time, of all clients. */
    private static final long UNFINISHED_MESSAGES = 16;
    /** A canceled computation stops within one block or tile; on a big model that can take seconds. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);
    /** For the last status to leave. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Optional<NettyListener> listener;
    private final Optional<String> inProcessName;
    private final Duration gracePeriod;
    private final boolean reflection;
    private final AccessConfig access;
    private final FailureStatus failures;
    private final FileWatch files = new FileWatch();
    private final UnfinishedMessages unfinishedMessages;
    private final ComputeThread compute;
    private final ModelRegistry registry;
    private final LensScheduler scheduler;
    private final Optional<WarmUp> warmUp;
    private final Streams streams;
    private final LensGrpcService lensService;
    private final ModelGrpcService modelService;
    private final ServerGrpcService serverService;
    private final ModelHealth health;
    private final Operations operations;
    private final Duration maxConnectionAge;
    private final ServerThreads threads = new ServerThreads();
    private final List<Server> servers = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    LensServer(LensServerBuilder settings) {
        listener = settings.listener.map(within -> within.apply(settings.connections, settings.silence));
        inProcessName = settings.inProcessName;
        gracePeriod = settings.limits.gracePeriod();
        reflection = settings.reflection;
        GrantedLimits limits = settings.limits;
        access = settings.access;
        failures = new FailureStatus(access.policy().isPresent());
        unfinishedMessages =
                new UnfinishedMessages(failures, UNFINISHED_MESSAGES * settings.connections.messageBytes());
        compute = new ComputeThread(settings.loader.cards().size());
        registry = new ModelRegistry(
                settings.names(), limits.memoryBudgetBytes(), settings.loader, compute, System::nanoTime);
        scheduler = new LensScheduler(registry, limits.ofScheduler(), compute, threads.readers());
        warmUp = settings.warmUp.map(
                rehearsal -> new WarmUp(registry, scheduler, compute, limits.ofScheduler(), rehearsal.apply(compute)));
        streams = new Streams(limits, settings.compression, failures, settings.nanoTime);
        // A server that stops ends the batches that wait.
        var quotas = new Quotas(threads::later, System::nanoTime);
        lensService = new LensGrpcService(registry, scheduler, quotas, failures, streams, limits.batchWindow());
        modelService = new ModelGrpcService(
                registry,
                failures,
                settings.management,
                new TextCalls(threads.texts(), limits.queueCapacity(), quotas, streams),
                streams,
                threads.timer());
        serverService = new ServerGrpcService(
                registry, settings.facts, limits, settings.connections.messageBytes(), settings.management);
        health = new ModelHealth(
                registry,
                Stream.concat(compute.threads().stream(), Stream.of(registry.loadingThread()))
                        .toList());
        maxConnectionAge = settings.operator.maxConnectionAge();
        operations = new Operations(
                settings.operator,
                new Operations.Parts(
                        settings.facts.version(),
                        registry,
                        scheduler,
                        streams::unreadBytes,
                        health,
                        gracePeriod,
                        this::stopWithin));
    }

    /**
     * Starts from the default limits, listening nowhere.
     *
     * @param models names in the order in which they load
     * @param loader brings them into memory
     */
    public static LensServerBuilder builder(List<String> models, EngineLoader loader) {
        return new LensServerBuilder(models, loader);
    }

    /**
     * Binds the addresses and begins to load the models; returns before they are loaded.
     *
     * @throws IOException if an address cannot be used; nothing is left running then
     */
    public synchronized void start() throws IOException {
        try {
            operations.start(threads.timer());
            var gate = new AccessInterceptor(new AccessControl(access, files, Clock.systemUTC()), failures);
            if (listener.isPresent()) {
                servers.add(listener.get().start(builder -> aged(withServices(builder.intercept(gate))), files));
            }
            if (inProcessName.isPresent()) {
                servers.add(withServices(InProcessServerBuilder.forName(inProcessName.get())
                                .executor(threads.workers())
                                .intercept(gate))
                        .build()
                        .start());
            }
        } catch (IOException failure) {
            stop();
            throw failure;
        }
        streams.watch(threads.timer());
        registry.start();
        listener.ifPresent(where -> LOG.info("Listening on {} port {}", where.host(), port().orElseThrow()));
    }

    /** The admin port that is bound; empty if there is none. */
    public OptionalInt adminPort() {
        return operations.adminPort();
    }

    /** Names of the devices on which models may compute: the processor, then cards. */
    public List<String> devices() {
        return Stream.concat(Stream.of(Device.CPU), registry.cards().stream().map(HostDevice::device))
                .map(Device::name)
                .toList();
    }

    /** The TCP port that is bound; empty if there is none. */
    public synchronized OptionalInt port() {
        return servers.stream()
                .mapToInt(Server::getPort)
                .filter(port -> port > 0)
                .findFirst();
    }

    /**
     * Refuses new work, lets running calls finish within the grace period, then cancels them and frees everything. Returns
     * when that is done; does nothing the second time.
     */
    public void stop() {
        stopWithin(gracePeriod);
    }

    /** As {@link #stop()}, with another time for running calls. */
    public synchronized void stopWithin(Duration grace) {
        if (stopped.getCount() == 0) {
            return;
        }
        LOG.info("Stopping: new requests are refused, running ones have {} s", grace.toSeconds());
        // First, so that balancers look elsewhere before anything is refused.
        health.stop();
        // Clients with other replicas turn to these, and send no call that would only be refused.
        servers.stream().filter(server -> server.getPort() > 0).forEach(Server::shutdown);
        warmUp.ifPresent(WarmUp::close);
        scheduler.refuseRequests();
        lensService.refusePrompts();
        boolean idle = drain(grace);
        compute.close();
        threads.close();
        files.close();
        if (idle) {
            registry.close();
        } else {
            // Freeing weights under a computation would end the process with a crash.
            LOG.error("A computation did not stop within {}; its model is not freed.", CANCEL_PATIENCE);
        }
        operations.close();
        LOG.info("Stopped");
        stopped.countDown();
    }

    /** Waits until the server has stopped. */
    public void awaitTermination() throws InterruptedException {
        stopped.await();
    }

    /** Waits for the calls, then cancels what is left of them; false if something runs all the same. */
    private boolean drain(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        try {
            boolean idle = scheduler.awaitIdle(grace);
            if (!idle) {
                scheduler.stopRequests();
                idle = scheduler.awaitIdle(CANCEL_PATIENCE);
            }
            // Callers that wait for a model would wait for nothing.
            registry.stopLoading();
            idle &= threads.finishTexts(left(deadline), CANCEL_PATIENCE);
            idle &= hasWarmUpEnded();
            // Results that a reader has not taken yet leave within what remains of the grace.
            lensService.activeCalls().awaitNone(left(deadline));
            streams.endAll(new ServerStoppingException());
            closeServers();
            return idle;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            scheduler.stopRequests();
            registry.stopLoading();
            servers.forEach(Server::shutdownNow);
            return false;
        }
    }

    private boolean hasWarmUpEnded() throws InterruptedException {
        return warmUp.isEmpty() || warmUp.get().awaitEnd(CANCEL_PATIENCE);
    }

    private static Duration left(long deadline) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        return left.compareTo(FAREWELL) > 0 ? left : FAREWELL;
    }

    /** Our streams are over; what is open now, such as a health watch, has no end of its own. */
    private void closeServers() throws InterruptedException {
        for (Server server : servers) {
            if (!server.shutdown().awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private ServerBuilder<?> withServices(ServerBuilder<?> builder) {
        builder.addService(ReadableRequests.of(lensService, failures))
                .addService(ReadableRequests.of(modelService, failures))
                .addService(ReadableRequests.of(serverService, failures))
                .addService(ModelHealthGuard.guard(health.service(), registry));
        unfinishedMessages.bound(builder);
        operations.observe(builder);
        return reflection ? builder.addService(ProtoReflectionServiceV1.newInstance()) : builder;
    }

    /** Clients of an old connection get a new one, perhaps to another replica, once their calls have ended. */
    private ServerBuilder<?> aged(ServerBuilder<?> builder) {
        return maxConnectionAge.isZero()
                ? builder
                : builder.maxConnectionAge(maxConnectionAge.toMillis(), TimeUnit.MILLISECONDS);
    }
}
