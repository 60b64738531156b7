package dev.stratalens.server.telemetry;

import dev.stratalens.server.watch.RequestWatch;
import io.grpc.ServerBuilder;
import io.grpc.opentelemetry.GrpcOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Metrics to read here and to send, and traces to send. Thread-safe. */
public final class Telemetry implements AutoCloseable {

    /** The type of what {@link #write} gives. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String SCOPE = "dev.stratalens.server";
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    /** A server that stops does not wait for longer. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final PrometheusMetricReader readable = PrometheusMetricReader.create();
    private final OpenTelemetrySdk sdk;
    private final GrpcOpenTelemetry grpc;
    private final RequestMetrics requests;
    private final boolean traced;

    /** @param endpoint of a collector; empty to send nothing */
    public Telemetry(Optional<URI> endpoint, String version, Observed server) {
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "stratalens",
                        AttributeKey.stringKey("service.version"),
                        version,
                        AttributeKey.stringKey("service.instance.id"),
                        UUID.randomUUID().toString())));
        SdkMeterProviderBuilder meters =
                SdkMeterProvider.builder().setResource(resource).registerMetricReader(readable);
        var tracers = SdkTracerProvider.builder().setResource(resource);
        endpoint.ifPresent(collector -> {
            meters.registerMetricReader(PeriodicMetricReader.builder(OtlpHttpMetricExporter.builder()
                            .setEndpoint(signal(collector, "metrics"))
                            .build())
                    .setInterval(INTERVAL)
                    .build());
            tracers.addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                            .setEndpoint(signal(collector, "traces"))
                            .build())
                    .build());
        });
        traced = endpoint.isPresent();
        sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(meters.build())
                .setTracerProvider(tracers.build())
                .build();
        grpc = GrpcOpenTelemetry.newBuilder().sdk(sdk).build();
        Meter meter = sdk.getMeter(SCOPE);
        requests = new RequestMetrics(meter);
        ServerGauges.register(meter, server);
        JvmGauges.register(meter);
    }

    private static String signal(URI collector, String name) {
        return collector.toString().replaceFirst("/$", "") + "/v1/" + name;
    }

    /** Has gRPC count its calls. */
    public void observe(ServerBuilder<?> builder) {
        grpc.configureServerBuilder(builder);
    }

    /** Counts requests, and traces them if a collector is told of; then tells of them with their places in the traces. */
    public RequestWatch before(RequestWatch next) {
        RequestWatch counted = facts -> {
            requests.ended(facts);
            next.ended(facts);
        };
        return traced ? new RequestSpans(sdk.getTracer(SCOPE), counted) : counted;
    }

    /** All metrics as text for Prometheus. */
    public void write(OutputStream out) throws IOException {
        PrometheusTextFormatWriter.create().write(out, readable.collect(), EscapingScheme.DEFAULT);
    }

    /** Sends what is left, to a collector that takes it soon. */
    @Override
    public void close() {
        Thread last = new Thread(sdk::close, "stratalens-telemetry");
        last.setDaemon(true);
        last.start();
        try {
            last.join(FAREWELL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
