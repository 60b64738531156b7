package dev.stratalens.server;

import dev.stratalens.server.admin.AdminServer;
import dev.stratalens.server.admin.AdminTarget;
import dev.stratalens.server.config.OperatorConfig;
import dev.stratalens.server.grpc.ModelHealth;
import dev.stratalens.server.grpc.watch.CallWatch;
import dev.stratalens.server.models.ModelLog;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.telemetry.Observed;
import dev.stratalens.server.telemetry.Telemetry;
import dev.stratalens.server.threads.Callback;
import dev.stratalens.server.watch.AuditLog;
import dev.stratalens.server.watch.Backlog;
import dev.stratalens.server.watch.LossLog;
import dev.stratalens.server.watch.RequestFacts;
import dev.stratalens.server.watch.RequestLog;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator has of a server: log, audit log, metrics, traces and the admin port, each if it is wanted. */
final class Operations {

    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final OperatorConfig config;
    private final Parts parts;
    private final RequestLog log = new RequestLog();
    private final Backlog backlog = new Backlog(this::write);
    private final LossLog losses = new LossLog(this::lostLines);
    private volatile @Nullable AuditLog audit;
    private @Nullable Telemetry telemetry;
    private @Nullable AdminServer admin;

    /**
     * What is operated.
     *
     * @param unreadBytes of responses that wait for their readers
     * @param drain stops the server within a time
     */
    record Parts(
            String version,
            ModelRegistry registry,
            LensScheduler scheduler,
            LongSupplier unreadBytes,
            ModelHealth health,
            Duration gracePeriod,
            Consumer<Duration> drain) {}

    Operations(OperatorConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
    }

    /**
     * Opens files and ports. Call before {@link #observe}.
     *
     * @throws IOException naming the setting that cannot be used
     */
    void start(ScheduledExecutorService timer) throws IOException {
        backlog.begin();
        parts.registry().models().forEach(ModelLog::follow);
        if (config.audit().isPresent()) {
            audit = open(config.audit().get());
        }
        if (config.admin().isPresent() || config.otlp().isPresent()) {
            telemetry = new Telemetry(
                    config.otlp(),
                    parts.version(),
                    new Observed(parts.registry(), parts.scheduler(), parts.unreadBytes(), this::lostLines));
        }
        if (config.admin().isPresent()) {
            OperatorConfig.Admin address = config.admin().get();
            admin = AdminServer.start(address.host(), address.port(), new Target());
            LOG.info("Metrics, probes and drain on {} port {}", address.host(), admin.port());
        }
        long period = RequestLog.PERIOD.toSeconds();
        Runnable look = Callback.repeatable("the look at what was lost", this::look);
        var unused = timer.scheduleWithFixedDelay(look, period, period, TimeUnit.SECONDS);
    }

    private static AuditLog open(OperatorConfig.Audit wanted) throws IOException {
        try {
            return new AuditLog(
                    wanted.file(),
                    wanted.prompts() ? AuditLog.Prompts.WRITTEN : AuditLog.Prompts.LEFT_OUT,
                    wanted.maxBytes(),
                    wanted.files());
        } catch (IOException failure) {
            throw new IOException(
                    "audit-log: %s cannot be written. Give a file in a directory that this user may write to."
                            .formatted(wanted.file()),
                    failure);
        }
    }

    private void write(RequestFacts facts) {
        log.ended(facts);
        AuditLog opened = audit;
        if (opened != null) {
            opened.ended(facts);
        }
    }

    private long lostLines() {
        AuditLog opened = audit;
        return backlog.lost() + (opened == null ? 0 : opened.lost());
    }

    private void look() {
        log.look();
        losses.look();
    }

    /** Has every call watched; to be called after other interceptors were added, so that this one is the outermost. */
    void observe(ServerBuilder<?> builder) {
        Telemetry measured = telemetry;
        if (measured == null) {
            builder.intercept(new CallWatch(backlog));
        } else {
            builder.intercept(new CallWatch(measured.before(backlog)));
            measured.observe(builder);
        }
    }

    /** The admin port that is bound; empty if there is none. */
    OptionalInt adminPort() {
        AdminServer bound = admin;
        return bound == null ? OptionalInt.empty() : OptionalInt.of(bound.port());
    }

    /** Writes and sends what is left. */
    void close() {
        backlog.close();
        Optional.ofNullable(admin).ifPresent(AdminServer::close);
        Optional.ofNullable(telemetry).ifPresent(Telemetry::close);
        Optional.ofNullable(audit).ifPresent(AuditLog::close);
        look();
    }

    private final class Target implements AdminTarget {

        @Override
        public boolean isLive() {
            return parts.health().isLive();
        }

        @Override
        public boolean isReady() {
            return parts.health().isServing();
        }

        @Override
        public Duration gracePeriod() {
            return parts.gracePeriod();
        }

        @Override
        public void drain(Duration deadline) {
            parts.drain().accept(deadline);
        }

        @Override
        public void writeMetrics(OutputStream out) throws IOException {
            Telemetry measured = telemetry;
            if (measured != null) {
                measured.write(out);
            }
        }

        @Override
        public String metricsType() {
            return Telemetry.CONTENT_TYPE;
        }
    }
}
