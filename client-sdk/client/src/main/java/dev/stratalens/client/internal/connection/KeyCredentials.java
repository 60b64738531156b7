package dev.stratalens.client.internal.connection;

import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends a key with every call, but never in plain text beyond this machine. Thread-safe where the key's supplier is. */
public final class KeyCredentials extends CallCredentials {

    private final Metadata.Key<String> header;
    private final String prefix;
    private final Supplier<String> key;

    private KeyCredentials(String header, String prefix, Supplier<String> key) {
        this.header = Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER);
        this.prefix = prefix;
        this.key = key;
    }

    /** As {@code authorization: Bearer TOKEN}. */
    public static KeyCredentials bearer(Supplier<String> token) {
        return new KeyCredentials("authorization", "Bearer ", token);
    }

    /** As {@code x-api-key: KEY}. */
    public static KeyCredentials apiKey(Supplier<String> key) {
        return new KeyCredentials("x-api-key", "", key);
    }

    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
        if (call.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY
                && leavesTheMachine(call.getTransportAttrs().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))) {
            applier.fail(Status.UNAUTHENTICATED.withDescription(
                    "The key was not sent, because the connection is plain text and leaves this machine; use TLS."));
            return;
        }
        executor.execute(() -> {
            Metadata headers = new Metadata();
            try {
                headers.put(header, prefix + key.get());
            } catch (RuntimeException e) {
                applier.fail(Status.UNAUTHENTICATED
                        .withDescription("The supplier of the key failed, so the call was not made.")
                        .withCause(e));
                return;
            }
            applier.apply(headers);
        });
    }

    /** A transport without a network address, as within a process, does not. */
    private static boolean leavesTheMachine(@Nullable SocketAddress peer) {
        return peer instanceof InetSocketAddress address
                && (address.isUnresolved() || !address.getAddress().isLoopbackAddress());
    }
}
