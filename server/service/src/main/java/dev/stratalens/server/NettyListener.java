package dev.stratalens.server;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * An address to listen on, over TCP.
 *
 * @param host name or address
 * @param port 0 for any that is free
 */
record NettyListener(String host, int port, TransportSecurity security) {

    /**
     * Binds the address and serves what is added.
     *
     * @throws IOException saying what is wrong with the address or the files, and what to do
     */
    Server start(UnaryOperator<ServerBuilder<?>> services) throws IOException {
        Server server = services.apply(prepare()).build();
        try {
            return server.start();
        } catch (IOException failure) {
            server.shutdownNow();
            throw new IOException(
                    "Cannot listen on %s:%d (%s). Choose another port, or stop what uses this one."
                            .formatted(host, port, failure.getMessage()),
                    failure);
        }
    }

    private ServerBuilder<?> prepare() throws IOException {
        InetAddress address = InetAddress.getByName(host);
        if (security instanceof TransportSecurity.LoopbackPlaintext && !address.isLoopbackAddress()) {
            throw new IOException(("Without TLS the server listens on loopback only, and %s is another address. Give a"
                            + " certificate and key, or allow plaintext there by name.")
                    .formatted(host));
        }
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                // A client that vanished without a word is noticed, and its work stopped.
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                // Clients may ask as often, also while they only hold the connection.
                .permitKeepAliveTime(20, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        if (security instanceof TransportSecurity.Tls tls) {
            requireReadable("certificate", tls.certificate());
            requireReadable("key", tls.key());
            builder.useTransportSecurity(tls.certificate().toFile(), tls.key().toFile());
        }
        return builder;
    }

    private static void requireReadable(String what, Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("The TLS %s %s cannot be read. Give a readable PEM file.".formatted(what, file));
        }
    }
}
