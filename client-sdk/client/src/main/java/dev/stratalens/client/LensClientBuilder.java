package dev.stratalens.client;

import dev.stratalens.client.internal.argument.PositiveTime;
import dev.stratalens.client.internal.connection.ConnectionPolicy;
import dev.stratalens.client.internal.connection.KeyCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.CompositeChannelCredentials;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a client. TLS with the system's certificates unless told otherwise. Not thread-safe. */
public final class LensClientBuilder {

    /** What gRPC takes by default; the server's messages stay far below it. */
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 4 << 20;

    private final String target;
    private final List<ClientInterceptor> interceptors = new ArrayList<>();
    private boolean plaintext;
    private @Nullable Path certificates;
    private @Nullable Path ownCertificate;
    private @Nullable Path ownKey;
    private @Nullable KeyCredentials key;
    private Duration keepAlive = ConnectionPolicy.KEEP_ALIVE;
    private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
    private Optional<Duration> timeout = Optional.empty();

    LensClientBuilder(String target) {
        this.target = ConnectionPolicy.requireTarget(target);
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

    /** Shows the server this certificate, a PEM file with its chain, and proves it with this key, in PKCS #8 PEM. */
    public LensClientBuilder clientCertificate(Path pem, Path keyPem) {
        ownCertificate = pem;
        ownKey = keyPem;
        return this;
    }

    /**
     * Sends a token as {@code authorization: Bearer}. It never leaves this machine in plain text: such a call fails.
     *
     * @param token asked for each call, on a thread of gRPC; must not block for long
     */
    public LensClientBuilder bearerToken(Supplier<String> token) {
        key = KeyCredentials.bearer(token);
        return this;
    }

    /** As {@link #bearerToken}, as {@code x-api-key}, in place of a token. */
    public LensClientBuilder apiKey(Supplier<String> apiKey) {
        key = KeyCredentials.apiKey(apiKey);
        return this;
    }

    /**
     * How long a connection may be silent while calls run before it is asked for a sign of life; without one within the same time
     * again its calls fail with {@code UNAVAILABLE}. 25 seconds by default; before the first question less than 10 seconds count
     * as 10. So does a call that gets no connection within twice this time. A server or proxy may refuse clients that ask too
     * often: a Stratalens server those that ask every 20 seconds or less.
     */
    public LensClientBuilder keepAlive(Duration silence) {
        keepAlive = PositiveTime.require(silence);
        return this;
    }

    /** Largest message that is taken, bytes; 4 MiB by default. The server's own messages stay below 1 MiB. */
    public LensClientBuilder maxMessageBytes(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxMessageBytes " + bytes + " is below 1");
        }
        maxMessageBytes = bytes;
        return this;
    }

    /**
     * Deadline of every call that has no own. By default a call that only asks (about the server, models, a prompt) has a minute,
     * and work (an analysis, a batch, loading) has none.
     */
    public LensClientBuilder timeout(Duration duration) {
        timeout = Optional.of(PositiveTime.require(duration));
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
        ChannelCredentials credentials = transportCredentials();
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(
                        target, key == null ? credentials : CompositeChannelCredentials.create(credentials, key))
                .userAgent(userAgent())
                .maxInboundMessageSize(maxMessageBytes)
                .intercept(interceptors);
        ManagedChannel channel = ConnectionPolicy.applyTo(builder, keepAlive).build();
        return new LensClient(channel, channel, timeout);
    }

    private ChannelCredentials transportCredentials() {
        if (plaintext && (certificates != null || ownCertificate != null)) {
            throw new IllegalStateException(
                    "plain text has no certificates; ask for usePlaintext(), or for trustCertificates(...) and clientCertificate(...)");
        }
        if (plaintext) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
        try {
            if (certificates != null) {
                tls.trustManager(certificates.toFile());
            }
            if (ownCertificate != null && ownKey != null) {
                tls.keyManager(ownCertificate.toFile(), ownKey.toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read certificates: " + e.getMessage(), e);
        }
        return tls.build();
    }

    static String userAgent() {
        String version = LensClient.class.getPackage().getImplementationVersion();
        return "stratalens-java/" + (version == null ? "dev" : version);
    }
}
