package dev.stratalens.client;

import dev.stratalens.client.request.LensRequest;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a client. TLS with the system's certificates unless told otherwise. Not thread-safe. */
public final class LensClientBuilder {
    private final String target;
    private final List<ClientInterceptor> interceptors = new ArrayList<>();
    private boolean plaintext;
    private @Nullable Path certificates;
    private Optional<Duration> timeout = Optional.empty();

    LensClientBuilder(String target) {
        if (target.isBlank()) {
            throw new IllegalArgumentException("the target is empty; give host:port");
        }
        this.target = target;
    }

    /** Speaks plain text: anyone on the way can read prompts and results. */
    public LensClientBuilder usePlaintext() {
        plaintext = true;
        return this;
    }

    /** Trusts the authorities in this PEM file instead of the system's. */
    public LensClientBuilder trustCertificates(Path pem) {
        certificates = pem;
        return this;
    }

    /** Deadline of every call that has no own; none by default. */
    public LensClientBuilder timeout(Duration duration) {
        timeout = Optional.of(LensRequest.requirePositive(duration));
        return this;
    }

    /** Adds an interceptor, for example for credentials or telemetry. */
    public LensClientBuilder intercept(ClientInterceptor interceptor) {
        interceptors.add(interceptor);
        return this;
    }

    /**
     * The client; touches no network.
     *
     * @throws IllegalStateException if both plain text and certificates were asked for
     * @throws UncheckedIOException if the certificates cannot be read
     */
    public LensClient build() {
        ManagedChannel channel = NettyChannelBuilder.forTarget(target, credentials())
                .userAgent(userAgent())
                .intercept(interceptors)
                .build();
        return new LensClient(channel, channel, timeout);
    }

    private ChannelCredentials credentials() {
        if (plaintext && certificates != null) {
            throw new IllegalStateException(
                    "plain text has no certificates to trust; ask for usePlaintext() or trustCertificates(...)");
        }
        if (plaintext) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
        if (certificates != null) {
            try {
                tls.trustManager(certificates.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read certificates from " + certificates, e);
            }
        }
        return tls.build();
    }

    static String userAgent() {
        String version = LensClient.class.getPackage().getImplementationVersion();
        return "stratalens-java/" + (version == null ? "dev" : version);
    }
}
