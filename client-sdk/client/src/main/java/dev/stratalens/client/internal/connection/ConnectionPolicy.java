package dev.stratalens.client.internal.connection;

import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ServerServiceGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a connection behaves unless a program says otherwise: it must come about in time, and is asked for a sign of life while calls
 * run; calls are spread over the addresses of a name; and a call that the server refused before it began is made again, after the
 * pause that the server asks for.
 */
public final class ConnectionPolicy {

    /** How long a connection may be silent, and as long again until it answers: within a minute. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(25);

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:(//.*|/.*|[^0-9].*)");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[.+]|[^:/,\\[\\]]+):[0-9]{1,5}");
    private static final Pattern BETWEEN_ADDRESSES = Pattern.compile(",\\s*");

    /** What may be called twice; a batch is not repeated, and unloading is not either. */
    private static final List<Map<String, String>> REPEATABLE = Stream.of(
                    LensServiceGrpc.getAnalyzeMethod(),
                    LensServiceGrpc.getSweepMethod(),
                    LensServiceGrpc.getGenerateMethod(),
                    ServerServiceGrpc.getGetServerInfoMethod(),
                    ModelServiceGrpc.getListModelsMethod(),
                    ModelServiceGrpc.getGetModelMethod(),
                    ModelServiceGrpc.getLoadModelMethod(),
                    ModelServiceGrpc.getTokenizeMethod(),
                    ModelServiceGrpc.getRenderChatMethod())
            .map(method -> Map.of(
                    "service",
                    Objects.requireNonNull(method.getServiceName()),
                    "method",
                    Objects.requireNonNull(method.getBareMethodName())))
            .toList();

    private static final Map<String, Object> RETRY = Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.1s",
            "maxBackoff",
            "2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED"));

    private ConnectionPolicy() {}

    /** What gRPC resolves: a target with a scheme, an address with its port, or several of them. */
    public static String requireTarget(String target) {
        if (SCHEME.matcher(target).matches()) {
            return target;
        }
        List<String> addresses = List.of(BETWEEN_ADDRESSES.split(target, -1));
        for (String address : addresses) {
            if (!HOST_AND_PORT.matcher(address).matches()) {
                throw new IllegalArgumentException(
                        "the target \"%s\" has no port; give host:port, such as localhost:50061".formatted(address));
            }
        }
        return addresses.size() == 1 ? target : AddressListProvider.target(addresses);
    }

    /** Applies it to a channel. */
    public static NettyChannelBuilder applyTo(NettyChannelBuilder channel, Duration keepAlive) {
        ResolverWarning.silence();
        return channel.intercept(new ConnectPatience(keepAlive.multipliedBy(2)))
                .keepAliveTime(keepAlive.toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(keepAlive.toNanos(), TimeUnit.NANOSECONDS)
                .defaultLoadBalancingPolicy("round_robin")
                .disableServiceConfigLookUp()
                .defaultServiceConfig(
                        Map.of("methodConfig", List.of(Map.of("name", REPEATABLE, "retryPolicy", RETRY))));
    }
}
